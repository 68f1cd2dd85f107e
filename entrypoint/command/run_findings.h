#ifndef COMMAND_RUN_FINDINGS_H
#define COMMAND_RUN_FINDINGS_H

#include <stdbool.h>

#include "command/build.h"

/*
 * Says on stderr what a start or a reload found; nothing when nothing was found.
 * With log.format json each finding is one record of the log: `message`, `level`
 * and, of the finding, `id`, `severity`, `origin`, `effect`, `help`. At the START
 * of the container there is no logger yet, so the records are written as they
 * are; later stderr leads to the logger, which writes them.
 */
void run_findings(struct build *build, bool start);

#endif
