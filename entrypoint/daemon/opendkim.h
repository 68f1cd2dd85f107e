#ifndef DAEMON_OPENDKIM_H
#define DAEMON_OPENDKIM_H

#include "plan/plan.h"

/* Where OpenDKIM listens when Postfix is in the same container. */
#define OPENDKIM_DIRECTORY PLAN_QUEUE_DIRECTORY "/opendkim"
#define OPENDKIM_SOCKET OPENDKIM_DIRECTORY "/opendkim.sock"
/* The same for Postfix: relative to its queue directory, so that it is right in the chroot too. */
#define OPENDKIM_MILTER "unix:opendkim/opendkim.sock"
/* And for a Postfix in another one, unless listen.milter says otherwise. */
#define OPENDKIM_PORT "8891"

/* How a Postfix in the same container reaches it: a milter of smtpd_milters, in the arena. */
const char *opendkim_milter(struct plan *plan);

/*
 * Adds the keys of dkim.domains to plan->dkim_keys: those that are there are
 * read and checked, those that are missing are planned if dkim.generate allows.
 * Adds one late file for each, readable by OpenDKIM alone, for readers SERVICES.
 */
void opendkim_add_keys(struct plan *plan, unsigned services);

#endif
