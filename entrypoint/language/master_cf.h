#ifndef LANGUAGE_MASTER_CF_H
#define LANGUAGE_MASTER_CF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "language/fault.h"
#include "language/logical.h"

/*
 * The services of a master.cf, as Postfix's master reads them (master(5);
 * master_ent.c and mystrtok.c in its sources): eight fields, then arguments.
 * Arguments end at blanks; braces protect blanks; a brace at the beginning of an
 * argument and its partner at the end are taken off, with the blanks inside them.
 * There are no quotes, and nothing can stand for a brace alone.
 *
 * Options are read as the daemons read them: "-o name=value", "-oname=value" and
 * "-o { name = value }", up to the first argument that is no option.
 *
 * Any bytes may come. Everything belongs to the arena of FAULTS.
 */
struct master_cf_option {
	const char *name, *value; /* the value may be "" */
	size_t name_at, value_at; /* offsets in the service's LINE.text */
};

struct master_cf_service {
	const char *name, *type;
	char private, unprivileged, chroot; /* 'y', 'n', or '-' for the default */
	const char *wakeup, *maxproc; /* as written */
	const char *command; /* "smtpd" */
	size_t command_at; /* offset in LINE.text */
	const struct master_cf_option *options; /* the -o ones */
	size_t option_count;
	const char *const *arguments; /* all of them, without the braces around one */
	size_t argument_count;
	struct logical_line line;
	bool overridden; /* a later line has the same name and type */
};

struct master_cf {
	struct master_cf_service *services; /* in the order of the file */
	size_t count;
};

/* What master dies of, passes over or overrides is added to FAULTS; such a service is left out. */
void
master_cf_parse(struct faults *faults, const char *text, size_t len, struct master_cf *master_cf);

/* The service that counts for NAME and TYPE, or NULL. */
const struct master_cf_service *
master_cf_find(const struct master_cf *master_cf, const char *name, const char *type);

/* The option of that name that counts, the last one; or NULL. */
const struct master_cf_option *
master_cf_option(const struct master_cf_service *service, const char *name);

#endif
