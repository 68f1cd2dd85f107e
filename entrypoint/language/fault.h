#ifndef LANGUAGE_FAULT_H
#define LANGUAGE_FAULT_H

#include <stddef.h>

#include "base/arena.h"

/*
 * What is wrong with a configuration file of Dovecot or OpenDKIM: a bounded list.
 * The daemons themselves tell the first mistake and end; here they are all
 * told, as far as they fit. A text holds names, but no value, for a value may be a
 * secret: it stands beside.
 */
#define FAULTS_MAX 100

enum fault_kind {
	/* the daemon ends when it reads this */
	FAULT_SYNTAX,
	FAULT_UNKNOWN, /* no such name */
	FAULT_RENAMED, /* Dovecot: a name of 2.3 in a file for 2.4 */
	FAULT_NEWER, /* Dovecot: a name of 2.4 in a file for 2.3 */
	FAULT_VALUE,
	FAULT_CONFLICT, /* parameters that cannot stand together, or need each other */

	/* the daemon starts */
	FAULT_UNVERIFIED, /* it ends all the same, unless a plugin or a later version has the name */
	FAULT_AMBIGUOUS, /* it reads something else than it looks like, or nothing */
	FAULT_UNSIGNED, /* OpenDKIM signs nothing with this */
	FAULT_REFUSING, /* OpenDKIM tells the client to try again, for each mail concerned */
};

struct fault {
	enum fault_kind kind;
	int line, last; /* from 1, the lines that it is in; 0: the file as a whole */
	const char *text; /* a clause */
	const char *value; /* what was wrong, or NULL; may hold any bytes, and be a secret */
};

struct faults {
	struct arena *arena; /* not owned */
	size_t count;
	struct fault items[FAULTS_MAX];
};

void faults_init(struct faults *faults, struct arena *arena);

/* No control character stays in the text; further faults than fit are dropped. */
void fault_add(struct faults *faults, enum fault_kind kind, int line, int last, const char *value,
	const char *format, ...) __attribute__((format(printf, 6, 7)));

#endif
