#ifndef SETTINGS_COMPLETE_H
#define SETTINGS_COMPLETE_H

#include "settings/loading.h"

/* First: the defaults that stand in the schema. */
void complete_defaults(struct loading *loading);

/*
 * Last: the host name of the container, defaults that are other settings, and
 * what cannot be left out (hostname-invalid, setting-required).
 */
void complete_rest(struct loading *loading);

#endif
