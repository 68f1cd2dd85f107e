#ifndef DAEMON_TLS_H
#define DAEMON_TLS_H

#include "plan/plan.h"

/* Where both Postfix and Dovecot find key and chain of the default, in one file. */
#define TLS_PAIR_NAME "tls/default.pem"
#define TLS_PAIR_PATH PLAN_CURRENT "/" TLS_PAIR_NAME
#define TLS_SELF_SIGNED_PATH PLAN_STATE_DIRECTORY "/tls/self-signed.pem"
#define TLS_SNI_TABLE "postfix/sni"

/*
 * Finds, reads and checks the certificates and keys that the settings name, or
 * plans a self-signed one; adds what is wrong with them. Where a last good pair is
 * kept, it stands in for one that cannot be served. Called before the daemons, whose
 * files say where the pairs are.
 */
void tls_plan(struct plan *plan);

/*
 * Adds the files that hold the pairs, the table of names, and what the status says.
 * Called once all services are in the plan: a changed pair concerns those that serve it.
 */
void tls_contribute(struct plan *plan);

/* What the templates of Postfix and Dovecot say of the certificates, into GROUP. */
void tls_fill_postfix(struct plan *plan, struct node *group);
void tls_fill_dovecot(struct plan *plan, struct node *group, bool first_counts);

#endif
