/*
 * live_relay.c - the smarthost: whether it is there, is who it should be, and takes our login
 *
 * What Postfix would do with a message, without one. The password is sent only behind a
 * certificate that openssl verified for the name, whatever relay.tls would allow Postfix.
 */
#include <arpa/nameser.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/deadline.h"
#include "base/text.h"
#include "command/live.h"
#include "command/live_stream.h"
#include "crypto/certificate.h"
#include "crypto/digest.h"

#define HOSTNAME_MISMATCH 62 /* X509_V_ERR_HOSTNAME_MISMATCH */
#define NAMES_SHOWN 5

/* One smarthost, as relay or an entry of relay.by_sender has it. */
struct smarthost {
	const struct node *settings; /* host, username, password */
	const struct node *host; /* as it was set */
	const char *what; /* "smarthost [smtp.example.com]:587" */
	const char *name; /* without brackets and port; Postfix's next hop */
	const char *at; /* where to connect to: a name or an address */
	const char *port; /* a number, or a name of services(5) */
	const char *verified; /* the name that the certificate has to carry */
	bool wrapped; /* TLS from the first byte */
};

static void
wrong(struct live_system *system, const struct smarthost *smarthost, const char *id,
	const struct node *cause, const char *why)
{
	plan_add_looked(system->plan, LOOKED_WRONG, smarthost->what, why);
	finding_add(system->plan->findings, id, &cause->origin, "%s: %s", smarthost->what, why);
}

/* best_mx - the host of the best MX record of a name; the name itself when it has none */
static const char *
best_mx(struct live_system *system, const char *name)
{
	const struct dns_answer *answer = dns_ask(system->session, name, ns_t_mx);
	long best = 65536;

	for (size_t i = 0; answer->status == DNS_FOUND && i < answer->count; i++) {
		char *host;
		long preference = strtol(answer->items[i].text, &host, 10);

		if (*host == ' ' && host[1] != '.' && host[1] != '\0' && preference < best) {
			best = preference;
			name = text_mask_controls(arena_strdup(system->plan->arena, host + 1));
		}
	}
	return name;
}

/* split - "[host]:port": without brackets it is a domain, whose MX records are asked for */
static void
split(struct live_system *system, struct smarthost *smarthost)
{
	struct arena *arena = system->plan->arena;
	const char *text = smarthost->host->text, *close = strchr(text, ']');
	const char *colon = strrchr(close != NULL ? close : text, ':');
	bool bracketed = text[0] == '[' && close != NULL;
	size_t len = colon != NULL ? (size_t)(colon - text) : strlen(text);

	smarthost->what = arena_printf(arena, "smarthost %s", text);
	smarthost->port = colon != NULL ? colon + 1 : "25";
	smarthost->wrapped = strcmp(smarthost->port, "465") == 0 ||
		strcmp(smarthost->port, "submissions") == 0 ||
		strcmp(smarthost->port, "smtps") == 0;
	smarthost->name = bracketed ? arena_strndup(arena, text + 1, (size_t)(close - text - 1))
				    : arena_strndup(arena, text, len);
	smarthost->at = bracketed ? smarthost->name : best_mx(system, smarthost->name);
}

/* speak - openssl's words for a connection there; EXTRA ends with NULL */
static const char *const *
speak(struct live_system *system, const struct smarthost *smarthost, const char *const extra[])
{
	struct arena *arena = system->plan->arena;
	const char *hostname = node_text(system->plan->settings, "hostname", "localhost");
	const char *bundle = node_text(system->plan->settings, "postfix.main.smtp_tls_CAfile",
		"/etc/ssl/certs/ca-certificates.crt");
	const char *start[] = {LIVE_OPENSSL, "s_client", "-connect",
		arena_printf(arena, strchr(smarthost->at, ':') != NULL ? "[%s]:%s" : "%s:%s",
			smarthost->at, smarthost->port),
		"-servername", smarthost->verified, "-verify_hostname", smarthost->verified,
		"-CAfile", bundle};
	const char *const smtp[] = {"-starttls", "smtp", "-name", hostname};
	const char **argv = arena_alloc(arena, 32 * sizeof(*argv));
	size_t count = 0;

	for (size_t i = 0; i < sizeof(start) / sizeof(start[0]); i++)
		argv[count++] = start[i];
	for (size_t i = 0; !smarthost->wrapped && i < sizeof(smtp) / sizeof(smtp[0]); i++)
		argv[count++] = smtp[i];
	while (*extra != NULL)
		argv[count++] = *extra++;
	argv[count] = NULL;
	return argv;
}

/* names_text - what a certificate carries, for people */
static const char *
names_text(struct arena *arena, const struct certificate *leaf)
{
	const char *text = "";

	for (size_t i = 0; i < leaf->dns_count && i < NAMES_SHOWN; i++)
		text = arena_printf(arena, "%s%s%s", text, i > 0 ? ", " : "", leaf->dns_names[i]);
	if (leaf->dns_count > NAMES_SHOWN)
		text = arena_printf(arena, "%s and %zu more", text, leaf->dns_count - NAMES_SHOWN);
	return text[0] != '\0' ? text : leaf->subject;
}

/*
 * below - a name of the certificate below the next hop's, which level secure takes, too
 * (postconf(5), smtp_tls_secure_cert_match: nexthop, dot-nexthop); NULL: there is none
 */
static const char *
below(struct arena *arena, const struct certificate *leaf, const char *name)
{
	const char *suffix = arena_printf(arena, ".%s", name);

	for (size_t i = 0; i < leaf->dns_count; i++)
		if (text_ends(leaf->dns_names[i], suffix))
			return leaf->dns_names[i][0] == '*'
				? arena_printf(arena, "mail%s", leaf->dns_names[i] + 1)
				: leaf->dns_names[i];
	return NULL;
}

/*
 * verdict_of - what stands behind "Verify return code: " at the begin of a line, or NULL: the
 * subject of a certificate, which is shown before it, may hold these words, too
 */
static const char *
verdict_of(const char *said)
{
	static const char verdict[] = "Verify return code: ";

	for (const char *line = said; line != NULL; line = strchr(line, '\n')) {
		line += strspn(line, "\n ");
		if (text_starts(line, verdict))
			return line + strlen(verdict);
	}
	return NULL;
}

/*
 * judge_certificate - what openssl said of it. LEVEL is relay.tls. Returns whether it is
 * verified, so that a password may be sent. Where OTHER is not NULL, it gets a name of the
 * certificate that the level takes, too, and nothing is told: that name is to be verified then,
 * for of several faults openssl tells the last one alone.
 */
static bool
judge_certificate(struct live_system *system, struct smarthost *smarthost, const char *level,
	const char *said, size_t len, const char **other)
{
	struct arena *arena = system->plan->arena;
	bool must = strcmp(level, "secure") == 0 || strcmp(level, "verify") == 0;
	const char *at = verdict_of(said);
	struct certificate_chain chain;
	struct crypto_error error;
	long code;

	if (strstr(said, "CONNECTED(") == NULL) {
		wrong(system, smarthost, "live-relay-unreachable", smarthost->host,
			arena_printf(arena, "%s port %s cannot be connected to", smarthost->at,
				smarthost->port));
		return false;
	}
	if (at == NULL || certificate_read(arena, said, len, &chain, &error) != 0) {
		if (strcmp(level, "may") == 0)
			plan_add_looked(system->plan, LOOKED_NOT, smarthost->what,
				"it speaks no TLS, and relay.tls allows that");
		else
			wrong(system, smarthost, "live-relay-tls", smarthost->host,
				"it begins no TLS that we could speak");
		return false;
	}
	code = strtol(at, NULL, 10);
	if (code == HOSTNAME_MISMATCH && strcmp(level, "secure") == 0 && other != NULL) {
		*other = below(arena, &chain.items[0], smarthost->name);
		if (*other != NULL)
			return false;
	}
	if (code == 0) {
		live_system_right(system, smarthost->what, "its certificate is one of %s",
			names_text(arena, &chain.items[0]));
		return true;
	}
	at = text_mask_controls(arena_strndup(arena, at, strcspn(at, "\r\n")));
	if (must)
		wrong(system, smarthost, "live-relay-tls", smarthost->host,
			arena_printf(arena,
				"its certificate is not verified for %s: %s; it is one of %s",
				smarthost->verified, at, names_text(arena, &chain.items[0])));
	else
		plan_add_looked(system->plan, LOOKED_NOT, smarthost->what,
			arena_printf(arena,
				"relay.tls asks for no verified certificate (%s): to this one no "
				"password is sent",
				at));
	return false;
}

/* plain, login - the two ways to give a password that smarthosts have (RFC 4616; LOGIN is older) */
static int
plain(struct arena *arena, struct live_stream *stream, const char *user, const char *password,
	char line[LIVE_LINE_BYTES])
{
	struct buffer text = {0};
	const char *secret;

	buffer_putc(&text, '\0');
	buffer_puts(&text, user);
	buffer_putc(&text, '\0');
	buffer_puts(&text, password);
	secret = digest_base64(arena, text.data, text.len);
	buffer_free(&text);
	if (live_send(stream, arena_printf(arena, "AUTH PLAIN %s\r\n", secret)) != 0)
		return -1;
	return live_reply(stream, line);
}

static int
login(struct arena *arena, struct live_stream *stream, const char *user, const char *password,
	char line[LIVE_LINE_BYTES])
{
	const char *const steps[] = {"AUTH LOGIN", digest_base64(arena, user, strlen(user)),
		digest_base64(arena, password, strlen(password))};
	int code = 334;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && code == 334; i++) {
		if (live_send(stream, arena_printf(arena, "%s\r\n", steps[i])) != 0)
			return -1;
		code = live_reply(stream, line);
	}
	return code;
}

/* offers - whether a line of the answer to EHLO has AUTH with that mechanism */
static bool
offers(const char *line, const char *mechanism)
{
	const char *at = line + 4;
	size_t len = strlen(mechanism);

	if (strlen(line) < 9 || strncasecmp(at, "AUTH", 4) != 0 || strchr(" =", at[4]) == NULL)
		return false;
	for (at += 5; *at != '\0'; at += strcspn(at, " "), at += *at == ' ')
		if (strcspn(at, " ") == len && strncasecmp(at, mechanism, len) == 0)
			return true;
	return false;
}

/* try - the code of the answer to the login; -1 with errno; 0: no mechanism of ours is offered */
static int
try(struct live_system *system, const struct smarthost *smarthost, struct live_stream *stream,
	char line[LIVE_LINE_BYTES])
{
	struct arena *arena = system->plan->arena;
	const char *hostname = node_text(system->plan->settings, "hostname", "localhost");
	const char *user = node_text(smarthost->settings, "username", "");
	const char *password = node_text(smarthost->settings, "password", "");
	bool has_plain = false, has_login = false;
	int len;

	if (live_send(stream, arena_printf(arena, "EHLO %s\r\n", hostname)) != 0)
		return -1;
	/* the greeting behind TLS from the first byte, or the rest of an answer from before it */
	do {
		len = live_line(stream, line);
		has_plain = has_plain || (len > 4 && offers(line, "PLAIN"));
		has_login = has_login || (len > 4 && offers(line, "LOGIN"));
	} while (len >= 0 && (strncmp(line, "220", 3) == 0 || (len > 3 && line[3] == '-')));
	if (len < 0)
		return -1;
	if (strncmp(line, "250", 3) != 0)
		return (int)strtol(line, NULL, 10);
	if (has_plain)
		return plain(arena, stream, user, password, line);
	return has_login ? login(arena, stream, user, password, line) : 0;
}

static void
try_login(struct live_system *system, const struct smarthost *smarthost)
{
	static const char *const verified[] = {"-quiet", "-verify_return_error", NULL};
	struct arena *arena = system->plan->arena;
	const struct node *password = node_get(smarthost->settings, "password");
	const char *what = arena_printf(arena, "login at %s", smarthost->what);
	struct smarthost there = *smarthost;
	char line[LIVE_LINE_BYTES] = "";
	struct live_stream stream;
	int code, cause;

	if (password == NULL || node_get(smarthost->settings, "username") == NULL)
		return;
	if (deadline_now() >= system->deadline_ms) {
		live_system_unknown(system, what, "no time was left (--timeout)");
		return;
	}
	if (live_run(&stream, speak(system, smarthost, verified), live_step_end(system)) != 0) {
		live_system_unknown(
			system, what, "%s is needed for it: %s", LIVE_OPENSSL, strerror(errno));
		return;
	}
	code = try(system, smarthost, &stream, line);
	cause = errno;
	if (code >= 0 && live_send(&stream, "QUIT\r\n") == 0) {
		char farewell[LIVE_LINE_BYTES];

		(void)live_reply(&stream, farewell);
	}
	live_close(&stream);
	there.what = what;
	if (code == 235)
		live_system_right(system, what, "it takes the password");
	else if (code == 0)
		live_system_unknown(system, what, "it offers neither PLAIN nor LOGIN");
	else if (code > 0)
		wrong(system, &there, "live-relay-login", password,
			arena_printf(arena, "it says \"%s\"", text_mask_controls(line)));
	else
		live_system_unknown(system, what, "it does not answer: %s", strerror(cause));
}

/* is_verified - whether the certificate there is; OTHER as in judge_certificate */
static bool
is_verified(struct live_system *system, struct smarthost *smarthost, const char *level,
	const char **other)
{
	static const char *const shown[] = {"-showcerts", "-ign_eof", NULL};
	struct buffer said = {0};
	bool result = live_tls_show(system, smarthost->what, speak(system, smarthost, shown),
			      "QUIT\r\n", &said) &&
		judge_certificate(system, smarthost, level, buffer_text(&said), said.len, other);

	buffer_free(&said);
	return result;
}

static void
look_at(struct live_system *system, const struct node *settings)
{
	struct smarthost smarthost = {.settings = settings, .host = node_get(settings, "host")};
	const char *level = node_text(system->plan->settings, "relay.tls", "secure");
	const char *other = NULL;
	bool verified;

	if (smarthost.host == NULL || smarthost.host->text == NULL)
		return;
	split(system, &smarthost);
	smarthost.verified = strcmp(level, "verify") == 0 ? smarthost.at : smarthost.name;
	if (strcmp(level, "none") == 0 || text_starts(level, "dane")) {
		plan_add_looked(system->plan, LOOKED_NOT, smarthost.what,
			strcmp(level, "none") == 0 ? "relay.tls is none"
						   : "DNSSEC is for Postfix to verify");
		return;
	}
	verified = is_verified(system, &smarthost, level, &other);
	if (other != NULL) {
		smarthost.verified = other;
		verified = is_verified(system, &smarthost, level, NULL);
	}
	if (verified)
		try_login(system, &smarthost);
}

void
live_relay(struct live_system *system)
{
	const struct node *relay = node_at(system->plan->settings, "relay");
	const struct node *by_sender = node_get(relay, "by_sender");

	if (relay == NULL || plan_find_file(system->plan, "postfix/main.cf") == NULL)
		return;
	look_at(system, relay);
	for (size_t i = 0; by_sender != NULL && i < by_sender->count; i++)
		look_at(system, by_sender->items[i]);
}
