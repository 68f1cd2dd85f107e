#ifndef DAEMON_NETWORKS_H
#define DAEMON_NETWORKS_H

#include "base/node.h"
#include "plan/plan.h"

/*
 * The clients that may relay without a password, from the setting `networks`,
 * in the words of the two daemons that ask: Postfix writes [::1]/128, OpenDKIM
 * ::1/128; both take !address for an exception.
 *
 * The words: `loopback` is the container itself by its loopback addresses,
 * `container` by all of its addresses, and `connected` every network that it has
 * an interface on, less the gateways. Behind a gateway address Docker's proxy
 * hides strangers: with the gateway among the trusted, every client of a
 * published port would be, and the server an open relay.
 */
enum networks_style { NETWORKS_POSTFIX, NETWORKS_OPENDKIM };

/*
 * A list of scalars, exceptions first, each with the origin of its word. Away
 * from the container `container` and `connected` become deferred placeholders.
 */
struct node *networks_list(struct plan *plan, enum networks_style style);

#endif
