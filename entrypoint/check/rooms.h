#ifndef CHECK_ROOMS_H
#define CHECK_ROOMS_H

#include "plan/plan.h"

/* The single checks that check_plan runs, one a file. */
void check_byhand(struct plan *plan);
void check_capabilities(struct plan *plan);
void check_dovecot(struct plan *plan);
void check_dovecot_policy(struct plan *plan);
void check_opendkim(struct plan *plan);
void check_partners(struct plan *plan);
void check_ports(struct plan *plan);
void check_postfix(struct plan *plan);
void check_resolver(struct plan *plan);
void check_secrets(struct plan *plan);
void check_stale(struct plan *plan);
void check_targets(struct plan *plan);
void check_writable(struct plan *plan);

#endif
