#ifndef SETTINGS_MAILBOX_H
#define SETTINGS_MAILBOX_H

#include "settings/loading.h"

/* What is particular to the records of mailboxes.list. */

/*
 * "address={SCHEME}hash address={SCHEME}hash" as a raw list of records, secret.
 * A deferred text gives an empty list, deferred. NULL after a finding.
 */
struct node *mailbox_from_pairs(
	struct loading *loading, const struct schema_row *row, struct node *raw, const char *shown);

/*
 * Whether a record has exactly one of password and password_file, a hash that
 * is whole, and an address that no other has (SEEN: map of addresses).
 */
bool mailbox_check(
	struct loading *loading, const struct node *record, struct node *seen, const char *shown);

#endif
