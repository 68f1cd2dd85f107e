#ifndef LANGUAGE_DOVECOT_FILE_H
#define LANGUAGE_DOVECOT_FILE_H

#include <stddef.h>

#include "language/fault.h"

/*
 * Looks through a whole dovecot.conf, TEXT of LEN bytes, for the Dovecot of
 * VERSION ("2.4.1"): its lines, the names in its sections, and their values.
 * Adds what is wrong to FAULTS.
 *
 * A name that neither release has may be a plugin's: it is FAULT_UNKNOWN only when a
 * known name is near, else FAULT_UNVERIFIED.
 */
void dovecot_file_check(struct faults *faults, const char *version, const char *text, size_t len);

#endif
