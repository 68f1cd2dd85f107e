#ifndef LANGUAGE_RESTRICTION_H
#define LANGUAGE_RESTRICTION_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * What may stand in smtpd_client_restrictions and its like: the restrictions that
 * smtpd itself knows (generic_checks in smtpd_check.c; postconf(5)), from
 * tables/restriction. smtpd answers 451 to every command that meets a word it does
 * not know. Classes of smtpd_restriction_classes and tables stand beside them.
 */
enum restriction_argument {
	RESTRICTION_ALONE = 0,
	RESTRICTION_TABLE = 't', /* type:name */
	RESTRICTION_DOMAIN = 'd', /* any word */
	RESTRICTION_PARTNER = 'p', /* inet:host:port or unix:path */
	RESTRICTION_NUMBER = 'n', /* digits */
};

enum restriction_verdict {
	RESTRICTION_DEPENDS = 0,
	RESTRICTION_REFUSES = 'r', /* mail of a stranger to elsewhere, whatever it is */
	RESTRICTION_ACCEPTS = 'a', /* and asks nothing that follows */
};

struct restriction {
	enum restriction_argument argument;
	enum restriction_verdict verdict;
	int until; /* the last version that has it, as in postfix_parameter.h; 0: all */
	const char *instead; /* of one that is gone, or "" */
};

/* Finds NAME, in any case of letters. Returns false when it is no restriction. */
bool restriction_find(struct arena *arena, const char *name, struct restriction *restriction);

/* The restriction of VERSION nearest to NAME, in the arena, or NULL when none is near. */
const char *restriction_nearest(struct arena *arena, const char *name, int version);

#endif
