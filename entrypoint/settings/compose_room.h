#ifndef SETTINGS_COMPOSE_ROOM_H
#define SETTINGS_COMPOSE_ROOM_H

#include "settings/compose.h"
#include "settings/env_file.h"

/* What the parts of the compose reader share. Private to them. */
#define COMPOSE_EXTENDS_MAX 16 /* services that extend each other in a row */
#define COMPOSE_SERVICES_MAX 1000
#define COMPOSE_MOUNTS_MAX 1000 /* of a service, secrets and configs among them */
#define COMPOSE_ENV_FILES_MAX 100
#define COMPOSE_FINDINGS_MAX 100 /* then the rest of the service is not read */

/* A compose file: the one that is named, or one that a service of it extends. */
struct compose_file {
	const char *file, *directory; /* DIRECTORY: "." or a path, without a slash at its end */
	struct buffer content;
	struct yaml_text text;
	struct node *root;
};

struct compose {
	struct loading *loading;
	struct arena *arena;
	struct compose_file files[COMPOSE_EXTENDS_MAX]; /* the first one is that which is named */
	size_t file_count;
	/* Of the file that is being read: paths are meant from its directory. */
	size_t number;
	const char *file, *directory;
	struct yaml_text text;
	struct node *root; /* always of the first file, whose secrets, configs and volumes count */
	struct env_scope scope; /* $NAME: the process, then .env */
	const char *name; /* of the service */
	/* The service, last, and before it those that it extends. */
	struct node *chain[COMPOSE_EXTENDS_MAX];
	size_t chain_files[COMPOSE_EXTENDS_MAX]; /* of FILES, where each stands */
	size_t chain_count;
	size_t env_files, first_finding;
	bool full; /* a limit was reached; the finding is there */
};

/* Adds a finding compose-invalid at NODE, or at the file when it is NULL. */
void compose_refuse(struct compose *compose, const struct node *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same as compose-unsupported. */
void compose_pass_over(struct compose *compose, const struct node *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Splits "FILE:SERVICE", unless a file has that very name. Returns the service or NULL. */
const char *compose_split(struct compose *compose, const char *wanted);

/* Whether to read no further: too many findings, or WHY, when not NULL, at NODE. Says so once. */
bool compose_is_full(struct compose *compose, const struct node *node, const char *why);

/*
 * Reads one more file, for which PLACE asked, or nothing when that is NULL. NULL after
 * a finding, and when there are too many. A file that was read already is that.
 */
struct compose_file *
compose_open(struct compose *compose, const char *path, const struct node *place);

/* What is read from now on stands in the file of that number. */
void compose_read_from(struct compose *compose, size_t number);

/* The service of the chain at PLACE; what is read from now on stands in its file. */
struct node *compose_enter(struct compose *compose, size_t place);

/* compose_value.c */

/*
 * The text of scalar NODE with its variables replaced. SHOWN names it in
 * messages; TELL: whether an unset variable is worth a finding. NULL after a finding.
 */
const char *
compose_text(struct compose *compose, const struct node *node, const char *shown, bool tell);

/* The same for a key of NODE, a map; OTHERWISE when there is none. */
const char *compose_text_at(
	struct compose *compose, const struct node *node, const char *key, const char *otherwise);

/* As compose_text for a value of `environment`: numbers as compose writes them. */
const char *
compose_value(struct compose *compose, const struct node *node, const char *name, bool tell);

/* Whether YAML takes a plain scalar for a number, a date or a yes/no: no text to compose. */
bool compose_is_text(const struct node *node);

/* PATH as the file means it: below its directory, or the home for ~. */
const char *compose_path(struct compose *compose, const char *path);

/* compose_environment.c: the variables of the service's chain. */
void compose_environment(struct compose *compose);

/* compose_networks.c: networks that it has in common with others, to loading->shared_networks. */
void compose_networks(struct compose *compose);

/* compose_mounts.c: its secrets, configs and volumes. */
void compose_mounts(struct compose *compose);

/* compose_keys.c: its other keys: unknown ones, user, stop_grace_period. */
void compose_keys(struct compose *compose);

/* compose_health.c: a healthcheck of its own, which hides that of the image. */
void compose_health(struct compose *compose);

/* compose_ports.c: its ports, into loading->published. */
void compose_ports(struct compose *compose);

/* compose_command.c: what it starts, and with which flags. */
void compose_command(struct compose *compose);

/* compose_partners.c: by which names containers of this file find each other. */
void compose_partners_remember(struct compose *compose);

/* Adds compose-partner-missing for partners by other names. */
void compose_partners(struct loading *loading);

/* compose_service.c: finds the service that is wanted, and what it extends. */
int compose_choose(struct compose *compose, const char *wanted);

/* Whether it names our image, or has our variables; what it extends is not looked at. */
bool compose_looks_ours(struct compose *compose, const struct node *service);

#endif
