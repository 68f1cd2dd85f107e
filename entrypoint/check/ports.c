/*
 * ports.c - two services that listen at one port
 *
 * Two of Postfix share its connections between them by chance, for master sets
 * SO_REUSEPORT; of two programs the second one ends.
 */
#include "check/network.h"
#include "check/rooms.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "check/dovecot_view.h"
#include "language/master_cf.h"
#include "language/opendkim_file.h"

#define PORTS_MAX 64

struct port {
	long number;
	const char *host; /* "" for all addresses */
	const char *who, *parameter;
	struct origin origin;
};

struct ports {
	struct plan *plan;
	struct port items[PORTS_MAX];
	size_t count;
};

/* Of two names of one port the first one is what it is called today. */
static const struct {
	const char *name;
	long number;
} names[] = {
	{"smtp", 25},
	{"mail", 25},
	{"submission", 587},
	{"submissions", 465},
	{"smtps", 465},
	{"ssmtp", 465},
	{"urd", 465},
	{"imap", 143},
	{"imap2", 143},
	{"imaps", 993},
	{"pop3", 110},
	{"pop3s", 995},
	{"sieve", 4190},
};

#define NAMES (sizeof(names) / sizeof(names[0]))

long
port_number(const char *port)
{
	if (port[0] != '\0' && port[strspn(port, "0123456789")] == '\0')
		return strtol(port, NULL, 10);
	for (size_t i = 0; i < NAMES; i++)
		if (strcmp(names[i].name, port) == 0)
			return names[i].number;
	return 0;
}

const char *
port_name(long number)
{
	for (size_t i = 0; i < NAMES; i++)
		if (names[i].number == number)
			return names[i].name;
	return "";
}

/* add - and tells of the first one that already has the port */
static void
add(struct ports *ports, const struct port *port)
{
	if (port->number == 0 || ports->count == PORTS_MAX)
		return;
	for (size_t i = 0; i < ports->count; i++) {
		const struct port *other = &ports->items[i];

		if (other->number != port->number ||
			(other->host[0] != '\0' && port->host[0] != '\0' &&
				strcmp(other->host, port->host) != 0))
			continue;
		finding_add(ports->plan->findings, "port-twice", &port->origin,
			"%s and %s both listen at port %ld", other->who, port->who, port->number);
		return;
	}
	ports->items[ports->count++] = *port;
}

static struct origin
origin_at(const struct plan *plan, const struct plan_file *file, int line)
{
	const struct plan_line *from = plan_line_at(file, line);

	if (from != NULL && from->origin_count > 0)
		return from->origins[from->origin_count - 1];
	return (struct origin){.kind = ORIGIN_TEMPLATE,
		.name = file->name,
		.file = plan_shown_path(plan, file),
		.line = line};
}

static void
add_postfix(struct ports *ports)
{
	struct plan *plan = ports->plan;
	const struct plan_file *file = plan_find_file(plan, "postfix/master.cf");
	struct master_cf master_cf;
	struct faults faults; /* they are told elsewhere */

	if (file == NULL)
		return;
	faults_init(&faults, plan->arena);
	master_cf_parse(&faults, buffer_text(&file->content), file->content.len, &master_cf);
	for (size_t i = 0; i < master_cf.count; i++) {
		const struct master_cf_service *service = &master_cf.services[i];
		const char *colon = strrchr(service->name, ':');

		if (service->overridden || strcmp(service->type, "inet") != 0)
			continue;
		add(ports,
			&(struct port){
				.number = port_number(colon != NULL ? colon + 1 : service->name),
				.host = colon != NULL ? arena_strndup(plan->arena, service->name,
								(size_t)(colon - service->name))
						      : "",
				.who = arena_printf(
					plan->arena, "%s/inet of Postfix", service->name),
				.origin = origin_at(plan, file, service->line.first),
			});
	}
}

static void
add_dovecot(struct ports *ports)
{
	static const char *const logins[] = {"110", "143", "993", "995"};
	const struct node *roles = node_at(ports->plan->settings, "roles");
	struct dovecot_view dovecot;

	dovecot_view_read(ports->plan, &dovecot);
	for (size_t i = 0; i < dovecot.count; i++)
		if (dovecot.listeners[i].port != NULL)
			add(ports,
				&(struct port){.number = port_number(dovecot.listeners[i].port),
					.host = "",
					.who = arena_printf(ports->plan->arena,
						"service %s of Dovecot",
						dovecot.listeners[i].service),
					.origin = origin_at(ports->plan, dovecot.file,
						dovecot.listeners[i].line)});
	for (size_t i = 0; dovecot.file != NULL && roles != NULL && i < roles->count; i++)
		for (size_t k = 0; strcmp(roles->items[i]->text, "mailstore") == 0 &&
			k < sizeof(logins) / sizeof(logins[0]);
			k++)
			add(ports,
				&(struct port){.number = port_number(logins[k]),
					.host = "",
					.who = "a login service of Dovecot",
					.origin = roles->origin});
}

/* add_opendkim - "inet:PORT@HOST" */
static void
add_opendkim(struct ports *ports)
{
	const struct plan_file *file = plan_find_file(ports->plan, "opendkim/opendkim.conf");
	struct opendkim_signing signing;
	const char *socket, *at;
	struct faults faults;

	if (file == NULL)
		return;
	faults_init(&faults, ports->plan->arena);
	opendkim_file_check(&faults, buffer_text(&file->content), file->content.len, &signing);
	socket = signing.socket.value;
	if (signing.socket.line == 0 || !text_starts(socket, "inet:"))
		return;
	socket += strlen("inet:");
	at = strchr(socket, '@');
	add(ports,
		&(struct port){.number = port_number(arena_strndup(
				       ports->plan->arena, socket, strcspn(socket, "@"))),
			.host = at == NULL                         ? ""
				: strcmp(at + 1, "localhost") == 0 ? "127.0.0.1"
								   : at + 1,
			.who = "OpenDKIM",
			.origin = origin_at(ports->plan, file, signing.socket.line)});
}

void
check_ports(struct plan *plan)
{
	struct ports ports = {.plan = plan};

	add_postfix(&ports);
	add_dovecot(&ports);
	add_opendkim(&ports);
}
