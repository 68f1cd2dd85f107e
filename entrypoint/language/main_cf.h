#ifndef LANGUAGE_MAIN_CF_H
#define LANGUAGE_MAIN_CF_H

#include <stddef.h>

#include "base/arena.h"
#include "language/fault.h"
#include "language/logical.h"

/*
 * The entries of a main.cf, as Postfix reads them (readlline.c, split_nameval.c
 * and dict_load_fp in its sources; postconf(5)):
 *
 * - a name is any text without white space and "="; an "=" must follow it;
 * - white space around the value is dropped; "#" within a value is no comment;
 * - of several entries for one name the last one counts;
 * - a logical line that begins with white space is passed over;
 * - behind a NUL byte the rest of a logical line is lost.
 *
 * Any bytes may come. Everything belongs to the arena of FAULTS.
 */
struct main_cf_entry {
	const char *name, *value; /* the value may be "" */
	size_t name_at, value_at; /* offsets in LINE.text; see main_cf_place */
	struct logical_line line;
	const struct main_cf_entry *later; /* the next one of the same name, which wins; or NULL */
};

struct main_cf {
	struct main_cf_entry *entries; /* in the order of the file */
	size_t count;
	const struct main_cf_entry **sorted; /* by name, then as in the file */
};

/* What Postfix dies of, passes over or overrides is added to FAULTS. */
void main_cf_parse(struct faults *faults, const char *text, size_t len, struct main_cf *main_cf);

/* The entry that counts for NAME, or NULL. */
const struct main_cf_entry *main_cf_find(const struct main_cf *main_cf, const char *name);

/* Where byte AT of the entry's value stands in the file. */
void main_cf_place(const struct main_cf_entry *entry, size_t at, int *line, int *column);

/*
 * Splits TEXT at "=" into a name and a value as above. Returns NULL, or what is
 * wrong with it. The offsets are those of the first byte of name and value.
 * Also the form of "-o { name = value }" in master.cf.
 */
const char *main_cf_split(
	const char *text, size_t *name_at, size_t *name_len, size_t *value_at, size_t *value_len);

#endif
