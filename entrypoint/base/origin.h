#ifndef BASE_ORIGIN_H
#define BASE_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Where a value came from. NAME is the variable, setting or template; FILE is
 * set where a file was read; LINE and COLUMN count from 1, 0 means unknown.
 * Strings belong to the plan's arena or are static. Small, for every value, key
 * and line has one: no file that is read has more columns than fit.
 */
enum origin_kind {
	ORIGIN_DEFAULT,
	ORIGIN_YAML,
	ORIGIN_ENVIRONMENT,
	ORIGIN_SECRET, /* a file named by a *_FILE variable or setting */
	ORIGIN_PASSTHROUGH, /* POSTFIX_x and its like */
	ORIGIN_COMPAT,
	ORIGIN_TEMPLATE,
	ORIGIN_SYSTEM, /* found on the machine: host name, a certificate on disk */
};

struct origin {
	const char *name;
	const char *file;
	enum origin_kind kind : 8;
	unsigned column : 24;
	int line;
};

/* "default", "yaml", … as design and JSON spell it. */
const char *origin_kind_name(enum origin_kind kind);

/* Whether both are the same place, in the same words. */
bool origin_same(const struct origin *a, const struct origin *b);

/*
 * For people: "MAIL_HOSTNAME", "mailinit.yaml:12:7", "default". Written into
 * TEXT, cut at SIZE, always terminated. Returns TEXT.
 */
char *origin_text(const struct origin *origin, char *text, size_t size);

#endif
