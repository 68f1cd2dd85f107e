/*
 * partners.c - mail and passwords on their way to another machine
 *
 * A host of one label is a container's name, and its network this machine's own or the
 * cluster's. A full name, or a public address, may lead anywhere: there a certificate has to
 * tell who it is (RFC 3207 section 6).
 */
#include "check/rooms.h"

#include <string.h>

#include "base/text.h"
#include "check/network.h"

/* host_of - of "inet:host:port"; NULL when it is none */
static const char *
host_of(const struct plan *plan, const char *endpoint)
{
	const char *host, *end;

	if (endpoint == NULL || !text_starts(endpoint, "inet:"))
		return NULL;
	host = endpoint + strlen("inet:");
	end = host[0] == '[' ? strchr(host, ']') : strrchr(host, ':');
	if (end == NULL)
		return NULL;
	return arena_strndup(
		plan->arena, host + (host[0] == '['), (size_t)(end - host) - (host[0] == '['));
}

/* is_near - whether the way there is a network of the engine's, a cluster's, or a private one */
static bool
is_near(const struct plan *plan, const char *host)
{
	static const char *const inside[] = {".svc", ".cluster.local", ".internal", ".localhost"};
	struct network network;
	bool is_address;

	if (network_read(plan->arena, host, true, &network, &is_address) == NULL && is_address)
		return network_is_private(&network);
	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++)
		if (text_ends(host, inside[i]))
			return true;
	return strchr(host, '.') == NULL;
}

static void
check_store(struct plan *plan)
{
	const struct node *lmtp = node_at(plan->settings, "delivery.lmtp");
	const struct node *tls = node_at(plan->settings, "delivery.tls");
	const char *host = host_of(plan, lmtp != NULL ? lmtp->text : NULL);
	const char *level = tls != NULL ? tls->text : "may";

	/* a raw value has its own checks */
	if (host == NULL || is_near(plan, host) || strcmp(level, "verify") == 0 ||
		strcmp(level, "secure") == 0 ||
		node_get(node_at(plan->settings, "postfix.main"), "lmtp_tls_security_level") !=
			NULL)
		return;
	finding_add(plan->findings, "delivery-unverified",
		&(tls != NULL && tls->origin.kind != ORIGIN_DEFAULT ? tls : lmtp)->origin,
		"mail is handed to %s with delivery.tls: %s, %s", host, level,
		strcmp(level, "none") == 0
			? "in clear"
			: "and to whoever answers there: its certificate is not looked at");
}

static void
check_passwords(struct plan *plan)
{
	const struct node *sasl = node_at(plan->settings, "delivery.sasl");
	const char *host = host_of(plan, sasl != NULL ? sasl->text : NULL);

	if (host != NULL && !is_near(plan, host))
		finding_add(plan->findings, "sasl-in-clear", &sasl->origin,
			"passwords of clients go to %s in clear: the protocol has no TLS", host);
}

void
check_partners(struct plan *plan)
{
	check_store(plan);
	check_passwords(plan);
}
