#ifndef SETTINGS_YAML_SETTINGS_H
#define SETTINGS_YAML_SETTINGS_H

#include "settings/loading.h"

/*
 * The configuration file: found, read, parsed, and every key of it put where
 * the schema says. A file that cannot be read marks LOADING incomplete.
 */
#define YAML_SETTINGS_DEFAULT "/etc/mailinit/mailinit.yaml"

void yaml_settings_load(struct loading *loading);

/*
 * Whether the default file is the only one that was looked for, in a place that can
 * be known: the container's, or that of a compose file's service.
 */
bool yaml_settings_is_default(const struct loading *loading);

/* Adds a yaml-unknown-key finding for KEY below PATH, with the nearest of the known KEYS. */
void yaml_settings_unknown(struct loading *loading, const char *path, const char *key,
	const struct origin *origin, const char *const *keys, size_t count);

#endif
