#ifndef DAEMON_TLS_RULES_H
#define DAEMON_TLS_RULES_H

#include "crypto/certificate.h"
#include "plan/plan.h"

/*
 * What can be said of a pair that reads well: names that clients connect to
 * (tls.names), dates, chain, key size, signature. Adds findings with ORIGIN.
 * What depends on the date never refuses a start.
 */
void
tls_judge(struct plan *plan, const struct certificate_chain *chain, const struct origin *origin);

#endif
