#ifndef LANGUAGE_OPENDKIM_TABLE_H
#define LANGUAGE_OPENDKIM_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "language/fault.h"

/*
 * The files that opendkim.conf names: KeyTable, SigningTable, and lists of hosts
 * (opendkim(8), "DATA SETS"; opendkim.conf(5)). A row is a key, blanks and a value; a
 * # begins a comment. `opendkim -n` looks at none of this, and at run time each
 * mail concerned is answered with 451 or leaves unsigned.
 */
struct opendkim_row {
	int line; /* from 1 */
	const char *key, *value; /* of the arena; VALUE is "" where none stands */
	bool cut; /* the line is longer than OpenDKIM reads at once */
};

struct opendkim_rows {
	struct arena *arena; /* not owned */
	const char *text; /* not owned */
	size_t len, at;
	int line;
};

void
opendkim_rows_init(struct opendkim_rows *rows, struct arena *arena, const char *text, size_t len);

/* The next row; false at the end. */
bool opendkim_rows_next(struct opendkim_rows *rows, struct opendkim_row *row);

/* NAME DOMAIN:SELECTOR:KEY, the key as a path or in itself. */
void opendkim_keytable_check(struct faults *faults, const char *text, size_t len);

/*
 * SENDER NAME[:SIGNER]. PATTERNS: the table is a refile:, whose senders are patterns.
 * KEYS: the rows of the KeyTable; NULL when they are not known.
 */
void opendkim_signingtable_check(struct faults *faults, const char *text, size_t len, bool patterns,
	const char *keys, size_t keys_len);

/* Addresses, networks and names. KIND: that of an entry which matches nothing. */
void
opendkim_hosts_check(struct faults *faults, const char *text, size_t len, enum fault_kind kind);

#endif
