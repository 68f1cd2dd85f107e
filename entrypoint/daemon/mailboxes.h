#ifndef DAEMON_MAILBOXES_H
#define DAEMON_MAILBOXES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/node.h"
#include "plan/plan.h"

/*
 * The mailboxes of mailboxes.list and of mailboxes.file, as one list. The file
 * has Dovecot's passwd-file form (user:password:uid:gid:gecos:home:shell:extra);
 * its lines reach Dovecot as they are, but for the user in small letters, a bare
 * hash, which gets its scheme, and the form of docker-mailserver's
 * postfix-accounts.cf (user|password|extra), which becomes the other one. All of it
 * belongs to the plan's arena.
 */
struct mailbox {
	const char *address; /* lower case */
	const char *line; /* of mailboxes.file, a secret; NULL for one of the list */
	/* of the list; NULL: unset. PLAIN is a password as it is, of another image's variable */
	const struct node *password, *password_file, *plain, *quota, *aliases;
	struct origin origin;
};

struct mailboxes {
	struct mailbox *items;
	size_t count;
	bool deferred; /* there are more, which only the container knows */
};

/*
 * Whether they are nothing but logins: of a relay that keeps no mail. There a name
 * without a domain is one of this host.
 */
bool mailboxes_are_logins(const struct plan *plan);

/* Gathers them without a word on what is wrong: mailboxes_check says that once. */
void mailboxes_gather(struct plan *plan, struct mailboxes *mailboxes);

/*
 * Adds what is wrong: a file that cannot be read (a note away from the
 * container), a line without a mail address, an address that is there twice,
 * a password that is no hash.
 */
void mailboxes_check(struct plan *plan);

#endif
