#ifndef SETTINGS_COMPLETE_H
#define SETTINGS_COMPLETE_H

#include "settings/loading.h"

/* First: the defaults that stand in the schema. */
void complete_defaults(struct loading *loading);

/*
 * The full name of this server, as far as anything read until now says it: the
 * setting, the service of a compose file, the container itself. NULL: nothing does.
 */
const char *complete_known_name(struct loading *loading);

/*
 * Last: the host name of the container, defaults that are other settings, and
 * what cannot be left out (hostname-invalid, setting-required).
 */
void complete_rest(struct loading *loading);

#endif
