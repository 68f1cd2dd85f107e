#ifndef LANGUAGE_FAULT_H
#define LANGUAGE_FAULT_H

#include <stddef.h>

#include "base/arena.h"

/*
 * What is wrong with the text of a configuration file: a bounded list. The daemons
 * themselves tell the first mistake and end; here they are all told, as far as they
 * fit. A text holds names, but no value, for a value may be a secret: it stands
 * beside.
 */
#define FAULTS_MAX 100 /* more than these help nobody: the rest is not collected */

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
	FAULT_IGNORED, /* Postfix passes over this, and goes on */
	FAULT_DUPLICATE, /* Postfix: something later stands in its place */
	FAULT_UNSIGNED, /* OpenDKIM signs nothing with this */
	FAULT_REFUSING, /* OpenDKIM tells the client to try again, for each mail concerned */
};

struct fault {
	enum fault_kind kind;
	int line, last; /* from 1, the lines that it is in; 0: the file as a whole */
	int column; /* in bytes from 1; 0: the line as a whole */
	const char *text; /* a clause */
	const char *value; /* what was wrong, or NULL; may hold any bytes, and be a secret */
};

/* All of it belongs to the arena. */
struct faults {
	struct arena *arena; /* not owned */
	struct fault *items;
	size_t count, room;
};

void faults_init(struct faults *faults, struct arena *arena);

/* No control character stays in the text; further faults than fit are dropped. */
void fault_add(struct faults *faults, enum fault_kind kind, int line, int last, const char *value,
	const char *format, ...) __attribute__((format(printf, 6, 7)));

/* The same for a fault whose column is known, and whose value the text has no need of. */
void fault_add_at(struct faults *faults, enum fault_kind kind, int line, int column,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
