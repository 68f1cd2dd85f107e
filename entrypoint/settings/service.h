#ifndef SETTINGS_SERVICE_H
#define SETTINGS_SERVICE_H

#include "settings/loading.h"

/*
 * Looks at one typed record of `services` and brings it into its last form: names
 * that fit and are there once (SEEN collects them), and an environment in which
 * NAME_file became NAME, a secret with the file's content. What a name refers to is
 * daemon/'s to judge. Returns false after a finding.
 */
bool
service_check(struct loading *loading, struct node *record, struct node *seen, const char *shown);

#endif
