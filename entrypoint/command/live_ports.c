/* live_ports.c - what should listen, how it greets, and whether it offers TLS */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/deadline.h"
#include "base/text.h"
#include "command/live.h"
#include "command/live_stream.h"
#include "dns/records.h"
#include "language/master_cf.h"

#define DOVECOT_PORTS 4

/* port_of - by number, or by the names that services(5) has for mail; 0: another name */
static unsigned
port_of(const char *name)
{
	static const struct {
		const char *name;
		unsigned port;
	} known[] = {{"smtp", 25}, {"mail", 25}, {"submission", 587}, {"submissions", 465},
		{"smtps", 465}, {"ssmtp", 465}, {"urd", 465}};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(name, known[i].name) == 0)
			return known[i].port;
	return name[0] != '\0' && strlen(name) <= 5 && strspn(name, "0123456789") == strlen(name)
		? (unsigned)strtoul(name, NULL, 10)
		: 0;
}

static bool
option_is(const struct master_cf_service *service, const char *name, const char *value)
{
	const struct master_cf_option *option = master_cf_option(service, name);

	return option != NULL && strcmp(option->value, value) == 0;
}

/* host_of - the address that a service listens at; of all addresses the machine's own */
static const char *
host_of(struct plan *plan, const char *name)
{
	const char *colon = strrchr(name, ':');
	const char *interfaces = node_text(plan->settings, "postfix.main.inet_interfaces", "all");
	size_t len;

	if (colon != NULL) {
		len = (size_t)(colon - name);
		if (name[0] == '[' && len >= 2)
			return arena_strndup(plan->arena, name + 1, len - 2);
		return arena_strndup(plan->arena, name, len);
	}
	len = strcspn(interfaces, ", \t");
	if (strchr("0123456789:", interfaces[0]) != NULL && len > 0)
		return arena_strndup(plan->arena, interfaces, len);
	return "127.0.0.1";
}

static void
add_smtp(struct plan *plan, const struct master_cf_service *service, struct live_port *ports,
	size_t *count)
{
	const char *colon = strrchr(service->name, ':');
	const char *level = node_text(plan->settings, "tls.level_25", "may");
	struct live_port port = {.protocol = LIVE_SMTP};

	if (service->overridden || strcmp(service->type, "inet") != 0 ||
		(strcmp(service->command, "smtpd") != 0 &&
			strcmp(service->command, "postscreen") != 0))
		return;
	port.port = port_of(colon != NULL ? colon + 1 : service->name);
	if (port.port == 0)
		return;
	port.address = host_of(plan, service->name);
	port.wrapped = option_is(service, "smtpd_tls_wrappermode", "yes");
	port.takes_logins = option_is(service, "smtpd_sasl_auth_enable", "yes");
	port.offers_tls = !option_is(service, "smtpd_tls_security_level", "none") &&
		(strcmp(level, "none") != 0 ||
			master_cf_option(service, "smtpd_tls_security_level") != NULL);
	port.name = arena_printf(plan->arena, "port %u (SMTP)", port.port);
	ports[(*count)++] = port;
}

static void
add_dovecot(struct plan *plan, struct live_port *ports, size_t *count)
{
	static const struct live_port known[DOVECOT_PORTS] = {
		{"port 143 (IMAP)", "127.0.0.1", 143, LIVE_IMAP, false, true, false},
		{"port 993 (IMAP)", "127.0.0.1", 993, LIVE_IMAP, true, false, false},
		{"port 110 (POP3)", "127.0.0.1", 110, LIVE_POP3, false, true, false},
		{"port 995 (POP3)", "127.0.0.1", 995, LIVE_POP3, true, false, false},
	};
	/* who changed what Dovecot speaks has perhaps left one out */
	const char *protocols =
		node_text(plan->settings, "dovecot.settings.protocols", "imap pop3");

	if (!dns_has_role(plan->settings, "mailstore"))
		return;
	for (size_t i = 0; i < DOVECOT_PORTS; i++)
		if (strstr(protocols, known[i].protocol == LIVE_IMAP ? "imap" : "pop3") != NULL)
			ports[(*count)++] = known[i];
}

size_t
live_ports_of(struct plan *plan, struct live_port **ports)
{
	const struct plan_file *file = plan_find_file(plan, "postfix/master.cf");
	struct master_cf master_cf = {0};
	struct faults faults;
	size_t count = 0;

	faults_init(&faults, plan->arena);
	if (file != NULL)
		master_cf_parse(
			&faults, buffer_text(&file->content), file->content.len, &master_cf);
	*ports = arena_alloc(plan->arena, (master_cf.count + DOVECOT_PORTS) * sizeof(**ports));
	for (size_t i = 0; i < master_cf.count; i++)
		add_smtp(plan, &master_cf.services[i], *ports, &count);
	add_dovecot(plan, *ports, &count);
	return count;
}

/* What a protocol says at first, what asks for its abilities, and how the answer to that ends. */
static const struct dialogue {
	const char *greeting, *ask, *ability, *leave;
} dialogues[] = {
	[LIVE_SMTP] = {"220 ", "EHLO %s\r\n", "STARTTLS", "QUIT\r\n"},
	[LIVE_IMAP] = {"* OK", "a CAPABILITY\r\n", "STARTTLS", "b LOGOUT\r\n"},
	[LIVE_POP3] = {"+OK", "CAPA\r\n", "STLS", "QUIT\r\n"},
};

/* is_last - whether a line ends the answer to the question for abilities */
static bool
is_last(enum live_protocol protocol, const char *line)
{
	if (protocol == LIVE_SMTP)
		return strlen(line) < 4 || line[3] != '-';
	if (protocol == LIVE_IMAP)
		return text_starts(line, "a ");
	return strcmp(line, ".") == 0 || text_starts(line, "-ERR");
}

static void
failed(struct live_system *system, const struct live_port *port, const char *what)
{
	if (errno == ETIMEDOUT && deadline_now() >= system->deadline_ms)
		live_system_unknown(system, port->name, "no time was left (--timeout)");
	else
		live_system_wrong(
			system, "live-port-closed", port->name, "%s: %s", what, strerror(errno));
}

/* is_named - SMTP greets with its host name (RFC 5321 section 4.2) */
static bool
is_named(const struct live_system *system, const struct live_port *port, const char *greeting)
{
	const char *hostname = node_text(system->plan->settings, "hostname", "");
	size_t len = strlen(hostname);

	return port->protocol != LIVE_SMTP || len == 0 ||
		(strncasecmp(greeting + 4, hostname, len) == 0 &&
			(greeting[4 + len] == ' ' || greeting[4 + len] == '\0'));
}

/* greets - reads the greeting; tells what is wrong with it */
static bool
greets(struct live_system *system, const struct live_port *port, struct live_stream *stream,
	char *line)
{
	const char *greeting = dialogues[port->protocol].greeting;

	if (live_line(stream, line) < 0) {
		failed(system, port, "it takes the connection, and does not greet");
		return false;
	}
	if (!text_starts(line, greeting)) {
		live_system_wrong(system, "live-banner", port->name, "it greets with \"%s\"", line);
		return false;
	}
	if (!is_named(system, port, line))
		live_system_wrong(system, "live-banner-name", port->name,
			"it greets with \"%s\", and not with the host name", line);
	return true;
}

/* offers - whether STARTTLS is among the abilities; -1: no answer */
static int
offers(struct live_system *system, const struct live_port *port, struct live_stream *stream)
{
	const struct dialogue *dialogue = &dialogues[port->protocol];
	const char *ask = port->protocol == LIVE_SMTP
		? arena_printf(system->plan->arena, "EHLO %s\r\n",
			  node_text(system->plan->settings, "hostname", "localhost"))
		: dialogue->ask;
	char line[LIVE_LINE_BYTES];
	int found = 0;

	if (live_send(stream, ask) != 0)
		return -1;
	do {
		if (live_line(stream, line) < 0)
			return -1;
		found |= strstr(line, dialogue->ability) != NULL;
	} while (!is_last(port->protocol, line));
	return found;
}

/* leave - the answer is waited for: leaving before it counts as a lost connection */
static void
leave(const struct live_port *port, struct live_stream *stream)
{
	char line[LIVE_LINE_BYTES];

	if (live_send(stream, dialogues[port->protocol].leave) == 0)
		(void)live_line(stream, line);
}

bool
live_port_greets(struct live_system *system, const struct live_port *port)
{
	char line[LIVE_LINE_BYTES];
	struct live_stream stream;
	int offered = 0;
	bool greeted = false;

	if (deadline_now() >= system->deadline_ms) {
		live_system_unknown(system, port->name, "no time was left (--timeout)");
		return false;
	}
	if (port->wrapped)
		return true; /* it greets behind TLS */
	if (live_connect(&stream, port->address, port->port, live_step_end(system)) != 0)
		failed(system, port, "it cannot be connected to");
	else if (greets(system, port, &stream, line)) {
		greeted = true;
		offered = offers(system, port, &stream);
		leave(port, &stream);
	}
	live_close(&stream);
	if (!greeted)
		return false;
	if (offered == -1)
		failed(system, port, "it greets, and answers no more");
	else if (port->offers_tls && offered == 0)
		live_system_wrong(system, "live-starttls-missing", port->name,
			"it greets, and offers no %s", dialogues[port->protocol].ability);
	else
		live_system_right(system, port->name, "%s", line);
	return offered == 1;
}
