#ifndef DAEMON_DOVECOT_STORE_H
#define DAEMON_DOVECOT_STORE_H

#include "plan/plan.h"

/*
 * Looks whether the mail that is there is in the format that Dovecot is told: all
 * mail in another one is mail-format, and refuses the start; a mailbox among good ones
 * is mail-format-mixed. Seen in the field: Dovecot read mbox where mail was Maildir,
 * logins worked, and every mailbox was empty.
 *
 * PATH is mailboxes.path in the words of the plan's Dovecot; what dovecot.settings say
 * of driver and path counts before it. Only in the container itself; a few looks a mailbox,
 * and for no longer than three seconds: what is left then is not looked at.
 */
void dovecot_check_store(struct plan *plan, const char *path);

#endif
