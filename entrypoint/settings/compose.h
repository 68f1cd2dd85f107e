#ifndef SETTINGS_COMPOSE_H
#define SETTINGS_COMPOSE_H

#include "settings/loading.h"

/*
 * One service of a compose file, read as far as it decides what mailinit is
 * given there: `environment`, `env_file`, .env beside the file, $ in values,
 * `extends`, << and aliases; the host name; where
 * `secrets`, `configs` and `volumes` take the container's files from; and the
 * configuration files that its `command` names.
 *
 * What docker compose would refuse is a finding compose-invalid; what it
 * follows and mailinit does not is compose-unsupported. Nothing is passed over
 * in silence that could change a variable or a file.
 *
 * Source: Compose specification; test/72-inputs.bats compares the result with
 * that of `docker compose config`.
 */

/* Fills LOADING's variables, host name and mounts from its source's compose file. */
void compose_collect(struct loading *loading);

/* Networks that others share with it, of which only some may relay: compose-networks-shared. */
void compose_compare_networks(struct loading *loading);

/*
 * What the service says against what the settings came to: stop-grace-short,
 * compose-partner-missing. Without a compose file nothing.
 */
void compose_compare(struct loading *loading);

/* Adds listener-published for ports that lead to what only a partner may reach; port-unheard. */
void compose_compare_ports(struct loading *loading);

#endif
