#ifndef SETTINGS_ENV_FILE_H
#define SETTINGS_ENV_FILE_H

#include <stdbool.h>

#include "settings/loading.h"

/*
 * A file of variables in compose syntax: NAME=value lines (NAME: value too),
 * # comments, `export` in front, 'single quotes' (as it stands, \' for a
 * quote), "double quotes" (\n \r \t \\ \" \$ and the like), and $NAME outside
 * single quotes (interpolate.h). NAME alone takes the machine's variable. That
 * is not what `docker run --env-file` reads: there quotes and $ are text.
 *
 * Source: Compose specification, env_file; what it leaves open is as docker
 * compose does it (test/72-inputs.bats compares the two).
 */
#define ENV_FILE_BYTES (4 * 1024 * 1024)
#define ENV_VALUES_BYTES (4 * 1024 * 1024) /* of all together: more than a process can be given */
#define ENV_VALUE_COST 200 /* bytes that a variable is counted beside its value */
#define ENV_FILE_FAULTS 100 /* then the rest is not read */

/* Where $NAME is looked up: in EARLIER, the process, PROJECT, then VALUES. */
struct env_scope {
	struct loading *loading;
	const struct node *earlier; /* what files before this one set, or NULL */
	const struct node *project; /* what .env beside the compose file sets, or NULL */
	struct node *values; /* map of scalars with origin: what the file sets is put here */
	/*
	 * Map from names of the project's variables that hold a $ of an unset name to where;
	 * NULL: variables of ours that do are told at once. Most of .env is nobody's here.
	 */
	struct node *dollars;
};

/* NAME is asked for: tells env-file-dollar, once, when it is a variable of DOLLARS that counts. */
void env_scope_used(const struct env_scope *scope, const char *name);

/* The value of NAME as the scope has it, or NULL. VALUES are not looked at. */
const char *env_scope_outside(const struct env_scope *scope, const char *name);

/*
 * Reads PATH into SCOPE's values. RAW: lines are NAME=value and nothing more.
 * Returns 0, or -1 with errno when it cannot be read; what is wrong in it becomes
 * findings env-file-syntax, env-file-dollar, compose-interpolation.
 */
int env_file_read(struct env_scope *scope, const char *path, bool streams, bool raw);

#endif
