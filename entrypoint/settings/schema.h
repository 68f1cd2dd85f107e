#ifndef SETTINGS_SCHEMA_H
#define SETTINGS_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/*
 * The schema: one table of every setting there is. The YAML reader, the
 * environment, `explain`, the JSON Schema, the man page, docs/settings.md and the
 * README's table all come from it, so that they cannot disagree.
 *
 * A path is dotted: "tls.certificate". A part in capitals stands for a name that
 * the user chooses ("tls.sni.NAME.key") or for a place in a list
 * ("mailboxes.list.N.address"); such rows describe the fields of a record.
 *
 * The variable of a setting is MAIL_ and its path in capitals, dots turned into
 * underscores. One exception: mailboxes.list is MAIL_MAILBOXES, as the key
 * `mailboxes` of YAML may hold the list itself.
 *
 * All strings are static.
 */
enum schema_type { /* of one scalar */
	SCHEMA_TEXT,
	SCHEMA_LINES, /* text that may hold line breaks */
	SCHEMA_FULL_NAME, /* a host name with a dot, RFC 1123 section 2.1; kept in lower case */
	SCHEMA_DOMAIN, /* a domain, RFC 1123 section 2.1; kept in lower case */
	SCHEMA_NETWORK, /* address, address/bits, ! before either, or container, connected, loopback */
	SCHEMA_IP, /* an IPv4 or IPv6 address */
	SCHEMA_ADDRESS, /* a mail address, RFC 5321 section 4.1.2, without quoted forms; lower case */
	SCHEMA_HOST_PORT, /* host, host:port, [host], [host]:port: Postfix's relayhost */
	SCHEMA_ENDPOINT, /* inet:host:port or unix:path */
	SCHEMA_LISTEN, /* port, address:port, [address]:port, or none */
	SCHEMA_LABEL, /* one label of a domain name: a DKIM selector */
	SCHEMA_BOOL,
	SCHEMA_CHOICE, /* one of CHOICES */
	SCHEMA_INTEGER, /* decimal */
	SCHEMA_SIZE, /* bytes, with K, M, G for powers of 1024 */
	SCHEMA_TIME, /* ms, s, m, h, d; kept in milliseconds */
	SCHEMA_RATE, /* "8 in 2m"; kept as "8 in 120000" */
	SCHEMA_PATH, /* absolute */
};

enum schema_shape {
	SCHEMA_ONE,
	SCHEMA_LIST, /* of scalars */
	SCHEMA_MAP, /* of scalars */
	SCHEMA_MAP_OF_LISTS,
	SCHEMA_RECORDS, /* list of maps; rows PATH.N.field describe them */
	SCHEMA_NAMED_RECORDS, /* map of maps; rows PATH.NAME.field describe them */
	SCHEMA_WORDS, /* a command: order and repeats count; as one text it is split at blanks */
};

enum schema_flag {
	SCHEMA_SECRET = 1, /* never shown; in YAML also as KEY_file */
	SCHEMA_REQUIRED = 2, /* within its record */
	SCHEMA_NO_VARIABLE = 4, /* YAML alone */
	SCHEMA_FIELD = 8, /* of a record: no setting of its own */
};

struct schema_row {
	const char *path;
	enum schema_shape shape;
	enum schema_type type;
	/* As it would be written; NULL: absent when unset; "@path": as that setting. */
	const char *fallback;
	unsigned flags; /* of enum schema_flag */
	long long min, max; /* of integers, sizes (bytes) and times (ms); 0, 0: any from 0 */
	const char *choices; /* blank-separated, or NULL */
	const char *doc; /* one line, without a full stop at its end */
};

extern const struct schema_row *const schema_rows;
extern const size_t schema_count;

/* The row of that very path, or NULL. */
const struct schema_row *schema_find(const char *path);

/* The row whose variable is NAME ("MAIL_RELAY_HOST"), or NULL. */
const struct schema_row *schema_find_variable(const char *name);

/* Whether settings stand below PATH: "tls" does, "tls.key" does not. */
bool schema_is_group(const char *path);

/* Whether the setting has a variable: no field, no YAML-only row. */
bool schema_has_variable(const struct schema_row *row);

/* Room for any path, and for any variable, of the table. */
#define SCHEMA_NAME_BYTES 96

/* Writes the variable's name into TEXT. Returns TEXT. Rows without one get it too: for messages. */
char *schema_variable(const struct schema_row *row, char *text, size_t size);

/*
 * As schema_variable, of the variable that names a file with the value: MAIL_X_FILE, or
 * MAIL_X__FILE where the former is a setting of its own.
 */
char *schema_file_variable(const struct schema_row *row, char *text, size_t size);

/* The keys that are known directly below PATH ("" is the top). Returns how many, at most MAX. */
size_t schema_keys_below(
	const char *path, char (*names)[SCHEMA_NAME_BYTES], const char **keys, size_t max);

/* The row of field KEY of a row of records, or NULL. */
const struct schema_row *schema_find_field(const struct schema_row *records, const char *key);

/* The names of the fields of a row of records. Returns how many, at most MAX. */
size_t schema_fields(const struct schema_row *records, const char **keys, size_t max);

/* What may be written, in words: "yes or no", "size, as in 50M". */
const char *schema_type_text(const struct schema_row *row);

/* Appends what may be written, shape and type; PLAIN: without marks of Markdown. */
void schema_print_written(struct buffer *buffer, const struct schema_row *row, bool plain);

/* Appends a Markdown table of all settings: path, variable, default, meaning. */
void schema_print_table(struct buffer *buffer);

/* Appends docs/settings.md, whole: each setting with its type and range. */
void schema_print_page(struct buffer *buffer);

/* Appends the settings as a list for the man page, in roff's man macros. */
void schema_print_man(struct buffer *buffer);

/*
 * Appends a JSON Schema of mailinit.yaml (draft 7, which the YAML servers of editors
 * read). It refuses no file that mailinit takes, but for empty values; some wrong
 * values it lets pass.
 */
void schema_print_json(struct buffer *buffer);

#endif
