#ifndef LANGUAGE_POSTFIX_PARAMETER_H
#define LANGUAGE_POSTFIX_PARAMETER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * The parameters of main.cf that Postfix 3.7 to 3.11 know: name, type, range,
 * default, and the versions that have them, and the names that older ones had.
 * The table is tables/postfix, made by tools/postfix-parameters from Postfix's
 * own sources, and compared with the `postconf -d` of each image when the image
 * is built.
 *
 * Versions are written major * 100 + minor: 3.7 is 307, 3.11 is 311.
 * Strings of a parameter belong to the arena of postfix_parameter_find.
 */
enum postfix_type {
	POSTFIX_TEXT, /* anything, $name expanded */
	POSTFIX_RAW, /* anything, not expanded */
	POSTFIX_BOOL, /* yes or no, in any case; nothing else */
	POSTFIX_INTEGER, /* decimal, the whole of it; no K, M or 0x */
	POSTFIX_TIME, /* a number and one of s m h d w; without it, UNIT */
	POSTFIX_CHOICE, /* one of CHOICES */
	POSTFIX_CHOICES, /* some of CHOICES, blank- or comma-separated */
};

/* What else is known of a value: some texts have a form of their own. */
enum postfix_form {
	POSTFIX_ANY,
	POSTFIX_HOSTNAME, /* RFC 1123, with Postfix's underscore */
	POSTFIX_LEVEL, /* compatibility_level: MAJOR[.MINOR[.PATCH]] */
	POSTFIX_SINGLE, /* one word: blanks and commas are fatal */
	POSTFIX_NEXTHOPS, /* destinations: host, host:port, [host], [host]:port */
	POSTFIX_INTERFACES, /* addresses and host names, all or loopback-only */
	POSTFIX_USER, /* a user that is not root */
	POSTFIX_PATH, /* from the root directory */
	POSTFIX_PROTOCOLS, /* of TLS: >=TLSv1.2, !SSLv3, … */
};

struct postfix_parameter {
	const char *name;
	enum postfix_type type;
	enum postfix_form form;
	bool is_long; /* an integer of 64 bits; the others have 32 */
	bool has_min, has_max;
	long min, max; /* of an integer; of a time in seconds; of a text its length in bytes */
	char unit; /* of a time without one */
	/*
	 * Blank-separated, or NULL. A word that begins with "-" is taken, but not one
	 * to recommend; one that ends in @309 is taken from 3.9 on.
	 */
	const char *choices;
	bool exact; /* the case of a choice counts */
	int version; /* set by the caller: newer choices are refused; 0: no choice is too new */
	const char *fallback; /* the built-in default as text, may hold $name; "" is empty */
	const char *earlier; /* what that was up to version EARLIER_UNTIL, or NULL */
	int earlier_until;
	int since, until; /* first and last version that has it; 0: all of them */
	bool restart; /* master ignores a change until it is stopped and started */
	bool deprecated; /* works, but prints a warning from some version on */
	bool legacy; /* an old name: nothing but the default of INSTEAD still looks at it */
	bool varies; /* the default is set by whoever built Postfix, or by the machine */
	const char *instead; /* of a deprecated or removed one: what to use, or NULL */
};

/* "3.10.5" as 310; 0 when TEXT is no version. */
int postfix_version(const char *text);

/*
 * Finds NAME, of whatever version: the caller compares since and until. Names
 * that Postfix makes from those of services (smtp-a_destination_recipient_limit)
 * are not in the table: see postfix_service_parameter. Returns false when absent.
 */
bool
postfix_parameter_find(struct arena *arena, const char *name, struct postfix_parameter *parameter);

/* The built-in default in VERSION; 0 is the newest. */
const char *postfix_parameter_default(const struct postfix_parameter *parameter, int version);

/* Whether VERSION (0: any) has the parameter. */
bool postfix_parameter_in(const struct postfix_parameter *parameter, int version);

/* Goes through the table: *AT begins as postfix_parameter_table(); false at the end. */
bool
postfix_parameter_next(struct arena *arena, const char **at, struct postfix_parameter *parameter);

/*
 * Whether NAME is one that Postfix derives from the delivery service SERVICE
 * running COMMAND ("smtp", "lmtp", "pipe", "local", "virtual", "error", "spawn"):
 * transport_*, destination_* and, for pipe and spawn, time_limit. Fills
 * PARAMETER with its type. postconf(1), "service-derived parameters".
 */
bool postfix_service_parameter(struct arena *arena, const char *name, const char *service,
	const char *command, struct postfix_parameter *parameter);

/*
 * What is wrong with VALUE, in words that fit behind "NAME = VALUE: ", or NULL.
 * VALUE is fully expanded: no $ is in it.
 */
const char *postfix_value_mistake(
	struct arena *arena, const struct postfix_parameter *parameter, const char *value);

/*
 * The words of a choice that one would recommend for parameter->version, as
 * "none, may or encrypt", in the arena. Only for those that have choices.
 */
const char *
postfix_parameter_choices(struct arena *arena, const struct postfix_parameter *parameter);

/* The name of a parameter of VERSION nearest to NAME, in the arena, or NULL when none is near. */
const char *postfix_parameter_nearest(struct arena *arena, const char *name, int version);

/* The types of lookup tables that some Postfix has, whether this build has them or not. */
bool postfix_map_type_known(const char *type);

/* The table's text, one parameter a line, for `mailinit parameters` and the docs. */
const char *postfix_parameter_table(void);

#endif
