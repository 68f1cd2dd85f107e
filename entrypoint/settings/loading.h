#ifndef SETTINGS_LOADING_H
#define SETTINGS_LOADING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/finding.h"
#include "base/node.h"
#include "settings/schema.h"
#include "settings/settings.h"
#include "settings/yaml.h"

/*
 * One run of settings_load: what its parts share. Private to this room. It
 * lives on the stack of settings_load; what it points to belongs to ARENA.
 */
struct variable {
	const char *name, *value;
	struct origin origin;
};

struct loading {
	struct arena *arena;
	struct findings *findings;
	const struct settings_source *source;
	struct node *settings;
	struct variable *variables; /* in the order in which they came; a name stands once */
	size_t variable_count, variable_room;
	struct node *variable_places; /* map from a name to its place, as text of a scalar */
	struct yaml_text *yamls; /* configuration files; DATA is NULL once they are gone */
	size_t yaml_count;
	/* --config of the command of a compose service, paths of its container; NULL: none */
	struct node *container_configs;
	size_t value_bytes; /* of all files of variables so far */
	const struct node *host_name; /* the container's, where the compose file says it */
	long long stop_grace_ms; /* until KILL follows TERM, by the compose file; 0: no such file */
	const struct node *stop_grace; /* where it says so; NULL: compose's default */
	struct node
		*published; /* ports of the container that all addresses of the machine lead to */
	bool host_name_known; /* the compose file was asked: without HOST_NAME it is an id */
	struct node *refused; /* map of the paths whose value was wrong */
	bool incomplete; /* a source could not be read: what is missing may stand in it */
	size_t excerpts; /* source lines shown so far: a thousand would be a flood */
	size_t unknown; /* names of variables and keys that are no settings */
	size_t wrong; /* values that were refused */
	bool told_open; /* a secret that every user can read was told of */
	size_t unchecked_files; /* password files that only the container has */
	struct origin unchecked_origin; /* the first of them */
	const char *unchecked_paths; /* the first few of them, for people */
	/* List of service, network, subnet: what the compose service shares with others; or NULL */
	struct node *shared_networks;
	size_t unmounted; /* files that nothing of a compose service brings */
};

/* The variable of that name, or NULL; an empty one counts as not set: NULL too. */
const struct variable *loading_variable(const struct loading *loading, const char *name);

/*
 * RAW as it was written becomes the value of ROW; what is wrong with it becomes
 * findings. COMPAT: it loses against MAIL_ and YAML.
 */
void
loading_take(struct loading *loading, const struct schema_row *row, struct node *raw, bool compat);

/*
 * Gives ROW the value NODE, which is typed already. A value that is there loses
 * and stays in the chain of what was overridden.
 */
void loading_put(struct loading *loading, const struct schema_row *row, struct node *node);

/* As loading_put, but for a compatibility variable: it loses against MAIL_ and YAML. */
void loading_put_compat(struct loading *loading, const struct schema_row *row, struct node *node);

/* The same for one key of a map of settings (postfix.main and its like). */
void loading_put_key(struct loading *loading, const char *path, const char *key, struct node *node);

/* Adds a note that WINNER counts for the setting PATH, unless LOSER says the same. */
void loading_tell_loser(struct loading *loading, const char *path, const struct node *winner,
	const struct node *loser);

/* The value at PATH when something other than the default set it, or NULL. */
struct node *loading_chosen(const struct loading *loading, const char *path);

/* The configuration file that ORIGIN lies in, or NULL. */
const struct yaml_text *loading_yaml(const struct loading *loading, const struct origin *origin);

/*
 * Counts one more wrong value. True once there were 1000: the rest is of the same
 * kind, and a finding at ORIGIN has said that it is not shown.
 */
bool loading_is_flooded(struct loading *loading, const struct origin *origin);

/* The source line and caret of a YAML origin, or "". */
const char *loading_excerpt(struct loading *loading, const struct origin *origin);

#endif
