/*
 * live_tls.c - the certificate that clients see
 *
 * TLS is spoken by the openssl of the image, which ca-certificates brings: mbedTLS is
 * linked without its TLS, which would make the binary half as large again, and what
 * clients see is better told by what clients use.
 */
#include <errno.h>
#include <string.h>

#include "base/deadline.h"
#include "command/live.h"
#include "command/live_stream.h"
#include "crypto/certificate.h"
#include "daemon/tls_rules.h"

static const char *const protocols[] = {
	[LIVE_SMTP] = "smtp", [LIVE_IMAP] = "imap", [LIVE_POP3] = "pop3"};

static const char *const farewells[] = {
	[LIVE_SMTP] = "QUIT\r\n", [LIVE_IMAP] = "a LOGOUT\r\n", [LIVE_POP3] = "QUIT\r\n"};

bool
live_tls_show(struct live_system *system, const char *what, const char *const argv[],
	const char *farewell, struct buffer *out)
{
	struct live_stream stream;
	int result;

	if (deadline_now() >= system->deadline_ms) {
		live_system_unknown(system, what, "no time was left (--timeout)");
		return false;
	}
	if (live_run(&stream, argv, live_step_end(system)) != 0) {
		live_system_unknown(
			system, what, "%s is needed for it: %s", LIVE_OPENSSL, strerror(errno));
		return false;
	}
	/* it may have ended by now, without a connection: what it said tells */
	(void)live_send(&stream, farewell);
	result = live_rest(&stream, out);
	if (result != 0 && deadline_now() >= system->deadline_ms)
		live_system_unknown(system, what, "no time was left (--timeout)");
	else
		result = 0;
	live_close(&stream);
	return result == 0;
}

/* show - what openssl says of one of our ports; false when it did not run */
static bool
show(struct live_system *system, const struct live_port *port, const char *what, struct buffer *out)
{
	struct arena *arena = system->plan->arena;
	const char *hostname = node_text(system->plan->settings, "hostname", "localhost");
	const char *argv[] = {LIVE_OPENSSL, "s_client", "-connect",
		arena_printf(arena, strchr(port->address, ':') != NULL ? "[%s]:%u" : "%s:%u",
			port->address, port->port),
		"-servername", hostname, "-showcerts", "-ign_eof",
		/* behind TLS from the first byte the list ends here */
		port->wrapped ? NULL : "-starttls", protocols[port->protocol], "-name", hostname,
		NULL};

	return live_tls_show(system, what, argv, farewells[port->protocol], out);
}

/*
 * planned - the leaf of the pair that the settings name for LEAF's place: LEAF's own where it
 * is one of theirs, else the first; NULL when none is known
 */
static const struct certificate *
planned(struct plan *plan, const struct certificate *leaf)
{
	const struct certificate *first = NULL;

	for (size_t i = 0; i < plan->certificate_count; i++) {
		struct certificate_chain *chain = arena_alloc(plan->arena, sizeof(*chain));
		const char *pem = plan->certificates[i].pem;

		if (pem == NULL ||
			certificate_read(plan->arena, pem, strlen(pem), chain, NULL) != 0)
			continue;
		if (strcmp(chain->items[0].fingerprint, leaf->fingerprint) == 0)
			return &chain->items[0];
		if (first == NULL)
			first = &chain->items[0];
	}
	return first;
}

/* tell_stale - another one is served than was configured, and perhaps it is worse */
static void
tell_stale(struct live_system *system, const char *what, const struct certificate_chain *chain,
	const struct certificate *ours)
{
	struct plan *plan = system->plan;
	struct tls_wish wish = {0};
	const struct certificate *leaf = &chain->items[0];
	unsigned flaws;

	tls_wish_names(plan, &wish);
	flaws = tls_judge(&wish, chain);
	live_system_wrong(system, "live-tls-stale", what,
		"the certificate with serial %s is served, until %s; the configured one has %s, "
		"until %s%s%s",
		leaf->serial, dkim_date(plan->arena, leaf->not_after), ours->serial,
		dkim_date(plan->arena, ours->not_after), flaws != 0 ? "; of the served one: " : "",
		flaws != 0 ? tls_flaws_text(plan, flaws) : "");
}

/* tell_none - why openssl showed no certificate that can be read */
static void
tell_none(struct live_system *system, const struct live_port *port, const char *what,
	const char *said, const struct crypto_error *error)
{
	if (strstr(said, "CONNECTED(") == NULL)
		live_system_wrong(
			system, "live-port-closed", port->name, "it cannot be connected to");
	else
		live_system_wrong(system, "live-tls-failed", what, "%s",
			strstr(said, "BEGIN CERTIFICATE") != NULL ? error->text
								  : "no certificate is shown");
}

void
live_tls(struct live_system *system, const struct live_port *port)
{
	const char *what = arena_printf(system->plan->arena, "TLS at %s", port->name);
	const struct certificate *ours, *leaf;
	struct certificate_chain chain;
	struct crypto_error error;
	struct buffer text = {0};

	if (!show(system, port, what, &text)) {
		buffer_free(&text);
		return;
	}
	if (certificate_read(system->plan->arena, buffer_text(&text), text.len, &chain, &error) !=
		0) {
		tell_none(system, port, what, buffer_text(&text), &error);
		buffer_free(&text);
		return;
	}
	buffer_free(&text);
	leaf = &chain.items[0];
	ours = planned(system->plan, leaf);
	if (ours != NULL && strcmp(ours->fingerprint, leaf->fingerprint) != 0) {
		tell_stale(system, what, &chain, ours);
		return;
	}
	live_system_right(system, what, "%s, until %s%s",
		leaf->dns_count > 0 ? leaf->dns_names[0] : leaf->subject,
		dkim_date(system->plan->arena, leaf->not_after),
		ours == NULL ? "; which one was meant is not known" : "");
}
