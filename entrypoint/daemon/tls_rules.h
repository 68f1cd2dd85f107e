#ifndef DAEMON_TLS_RULES_H
#define DAEMON_TLS_RULES_H

#include "daemon/tls_pair.h"

/*
 * What can be said of a pair that reads well: names that clients connect to,
 * dates, order and completeness of the chain, key size, signature, purpose, the
 * mode of the key file. What depends on the date never refuses a start.
 */

/* The flaws of a chain for what WISH asks, as bits of enum tls_flaw. */
unsigned tls_judge(const struct tls_wish *wish, const struct certificate_chain *chain);

/* Adds a finding for each, and for what is no flaw but worth knowing. */
void tls_tell(struct plan *plan, const struct tls_wish *wish, const struct tls_pair *pair);

/* Flaws as one text: "it has expired, it lacks a name that clients connect to". */
const char *tls_flaws_text(struct plan *plan, unsigned flaws);

#endif
