#ifndef CHECK_PATH_H
#define CHECK_PATH_H

#include "plan/path.h"
#include "plan/plan.h"

/*
 * Adds a container to PATH: what the rendered files of PLAN say of the way that
 * mail takes, with the errors that were found on it. Run after the checks. NAME
 * is that of its service, or NULL: then its host name stands there.
 * Returns the place of the container.
 */
size_t path_read(struct plan *plan, const char *name, struct path *path);

#endif
