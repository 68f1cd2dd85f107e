#ifndef DAEMON_TLS_H
#define DAEMON_TLS_H

#include "plan/plan.h"

/* Where both Postfix and Dovecot find key and chain, in one file. */
#define TLS_PAIR_NAME "tls/default.pem"
#define TLS_PAIR_PATH PLAN_CURRENT "/" TLS_PAIR_NAME
#define TLS_SELF_SIGNED_PATH PLAN_STATE_DIRECTORY "/tls/self-signed.pem"

/*
 * Finds, reads and checks the certificate and key that the settings name, or
 * plans a self-signed one; adds the one file that holds the pair, and what is
 * wrong with it. Called once all services are in the plan, for a changed pair
 * concerns those that serve it.
 */
void tls_contribute(struct plan *plan);

#endif
