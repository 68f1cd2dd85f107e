#ifndef LANGUAGE_OPENDKIM_FILE_H
#define LANGUAGE_OPENDKIM_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "language/fault.h"

/* A parameter as it is in effect. */
struct opendkim_setting {
	int line; /* 0: it does not stand in the file */
	const char *value; /* of the arena of the faults; NULL with LINE 0 */
};

/* What decides about signing, and the datasets that OpenDKIM reads for it. */
struct opendkim_signing {
	struct opendkim_setting mode, domain, key_file, selector, key_table, signing_table,
		setup_script, internal_hosts, socket, umask;
	bool includes; /* files that are not looked at: what is missing may stand there */
};

/*
 * Looks through a whole opendkim.conf, TEXT of LEN bytes: names, values, and
 * parameters that need or exclude each other (opendkim.conf(5), "Mode"; the same
 * rules as dkimf_config_load, which `opendkim -n` applies in part only). Adds
 * what is wrong to FAULTS and fills SIGNING.
 */
void opendkim_file_check(
	struct faults *faults, const char *text, size_t len, struct opendkim_signing *signing);

#endif
