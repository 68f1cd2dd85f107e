#ifndef DAEMON_DOVECOT_H
#define DAEMON_DOVECOT_H

#include <stdbool.h>

#include "plan/plan.h"

/* Dovecot's sockets for a Postfix in the same container. */
#define DOVECOT_AUTH_SOCKET PLAN_QUEUE_DIRECTORY "/private/auth"
#define DOVECOT_LMTP_SOCKET PLAN_QUEUE_DIRECTORY "/private/dovecot-lmtp"
/* How Postfix names the latter to say why mail waits. */
#define DOVECOT_LMTP_IN_REASONS "[private/dovecot-lmtp]"
/* And its port for one in another container, unless listen.lmtp says otherwise. */
#define DOVECOT_LMTP_PORT "24"

/* Whether the plan's Dovecot speaks the configuration language of 2.3, not 2.4. */
bool dovecot_is_2_3(const struct plan *plan);

/* Whether any mailbox has a limit. */
bool dovecot_has_quota(struct plan *plan);

/*
 * mailboxes.path in the variables of the plan's Dovecot: "%{user | domain}" of
 * 2.4 is "%d" in 2.3, and the other way round. What cannot stand in dovecot.conf,
 * or has no counterpart, is finding mailbox-path. In the arena.
 */
const char *dovecot_mail_path(struct plan *plan);

/*
 * Adds dovecot/users: one line a mailbox in passwd-file form, a secret that only
 * root and Dovecot read. Passwords that are still to be hashed are placeholders,
 * which apply/ fills. SERVICES: whom a change concerns.
 */
void dovecot_add_users(struct plan *plan, unsigned services);

#endif
