/* path_transports.c - how mail leaves the queue, and where to */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "check/path_parts.h"

#define ROWS_SHOWN 5 /* of a table */

/* One way out: TRANSPORT:NEXTHOP for some mail. */
struct route {
	const char *transport, *nexthop, *mail;
	const struct master_cf_service *service; /* of master.cf, or NULL */
};

/* tell_level - what a TLS level of Postfix's clients comes to */
static void
tell_level(struct path_reader *reader, size_t box, const char *level)
{
	if (strcmp(level, "secure") == 0 || strcmp(level, "verify") == 0)
		path_fact(reader->path, box, "TLS, certificate verified");
	else if (strcmp(level, "encrypt") == 0)
		path_fact(reader->path, box, "TLS, certificate not verified");
	else if (text_starts(level, "dane"))
		path_fact(reader->path, box, "TLS by DANE");
	else
		path_fact(reader->path, box, "%s",
			strcmp(level, "may") == 0 ? "TLS when offered" : "no TLS");
}

static void
tell_tls(struct path_reader *reader, size_t box, const struct master_cf_service *service)
{

	if (strcasecmp(path_value(reader, service, "smtp_tls_wrappermode"), "yes") == 0)
		path_fact(reader->path, box, "TLS from the first byte");
	tell_level(reader, box, path_value(reader, service, "smtp_tls_security_level"));
}

static bool
logs_in(struct path_reader *reader, const struct master_cf_service *service)
{
	return strcasecmp(path_value(reader, service, "smtp_sasl_auth_enable"), "yes") == 0 &&
		path_value(reader, service, "smtp_sasl_password_maps")[0] != '\0';
}

/* smtp_to - an SMTP server: the recipients' own, or one that all mail goes to */
static size_t
smtp_to(struct path_reader *reader, const struct route *route, const char *nexthop)
{
	const char *host, *port;
	size_t box;

	if (nexthop[0] == '\0') {
		box = path_box(
			reader->path, PATH_PARTNER, PATH_OUTSIDE, "mx", "The recipients' servers");
		path_fact(reader->path, box, "by MX records");
		return box;
	}
	path_split(reader, nexthop, "25", &host, &port);
	box = path_partner(reader, host, port);
	if (nexthop[0] != '[' && strspn(host, "0123456789.:") != strlen(host))
		path_fact(reader->path, box, "by its MX records");
	if (logs_in(reader, route->service))
		path_fact(reader->path, box, "asks for a login");
	return box;
}

/* lmtp_to - the mail store here, or at a port of another container */
static size_t
lmtp_to(struct path_reader *reader, const struct route *route, const char **error)
{
	const char *host, *port;
	size_t box;

	if (text_starts(route->nexthop, "inet:")) {
		path_split(reader, route->nexthop + strlen("inet:"), "24", &host, &port);
		box = path_partner(reader, host, port);
		path_fact(reader->path, box, "mail store");
		return box;
	}
	*error = path_error(reader, "postfix-lmtp-socket");
	if (*error == NULL)
		*error = path_error(reader, "delivery-missing");
	if (*error == NULL && reader->store != PATH_OUTSIDE)
		return reader->store;
	box = path_box(reader->path, PATH_STORE, reader->host, route->nexthop, "Mail store");
	path_fact(reader->path, box, "%s",
		route->nexthop + (text_starts(route->nexthop, "unix:") ? strlen("unix:") : 0));
	if (*error != NULL)
		path_fact(reader->path, box, "nobody listens there");
	reader->path->boxes[box].finding = *error;
	return box;
}

/* program_to - a delivery that ends in this container */
static size_t
program_to(struct path_reader *reader, const struct route *route)
{
	const char *command = route->service->command;
	size_t box = path_box(reader->path, PATH_STORE, reader->host,
		arena_printf(reader->plan->arena, "end %s", route->transport),
		strcmp(command, "pipe") == 0 ? "A program" : "Mail files");

	if (strcmp(command, "virtual") == 0)
		path_fact(reader->path, box, "%s",
			path_value(reader, route->service, "virtual_mailbox_base"));
	else if (strcmp(command, "local") == 0)
		path_fact(reader->path, box, "of users of the system");
	return box;
}

/* add_route - the transport and where it leads; "error" and "discard" lead nowhere */
static void
add_route(struct path_reader *reader, struct route *route)
{
	struct path *path = reader->path;
	const char *command, *error = NULL;
	size_t from, to;

	route->service = master_cf_find(&reader->postfix->master_cf, route->transport, "unix");
	command = route->service != NULL ? route->service->command : "";
	if (strcmp(command, "error") == 0 && strstr(route->mail, "everything") == NULL)
		return;
	from = path_box(path, PATH_TRANSPORT, reader->host,
		arena_printf(reader->plan->arena, "transport %s", route->transport),
		route->transport);
	if (route->service == NULL) {
		path_fact(path, from, "master.cf has no such service");
		path->boxes[from].finding = path_error(reader, "postfix-service-unknown");
	}
	path_fact(path, from, "%s", route->mail);
	path_edge(path, reader->queue, from, PATH_MAIL, path->boxes[from].finding);
	if (strcmp(command, "smtp") == 0) {
		const char *nexthop = route->nexthop[0] != '\0'
			? route->nexthop
			: path_value(reader, route->service, "relayhost");

		to = smtp_to(reader, route, nexthop);
	} else if (strcmp(command, "lmtp") == 0) {
		to = lmtp_to(reader, route, &error);
		if (text_starts(route->nexthop, "inet:"))
			tell_level(reader, from,
				path_value(reader, route->service, "lmtp_tls_security_level"));
	} else if (strcmp(command, "local") == 0 || strcmp(command, "virtual") == 0 ||
		strcmp(command, "pipe") == 0) {
		to = program_to(reader, route);
	} else {
		if (strcmp(command, "error") == 0)
			path_fact(path, from, "is refused");
		if (strcmp(command, "discard") == 0)
			path_fact(path, from, "is thrown away");
		return;
	}
	path_edge(path, from, to, PATH_MAIL, error);
}

/* route_of - "lmtp:unix:private/dovecot-lmtp" for MAIL */
static void
route_of(struct path_reader *reader, const char *text, const char *mail)
{
	size_t len = strcspn(text, ":");
	struct route route = {.transport = arena_strndup(reader->plan->arena, text, len),
		.nexthop = text[len] == ':' ? text + len + 1 : "",
		.mail = mail};

	if (len > 0 && text[0] != '{')
		add_route(reader, &route);
}

/* add_surplus - of a table with hundreds of rows, those that no picture has room for */
static void
add_surplus(struct path_reader *reader, const char *name, const char *right, size_t count)
{
	struct arena *arena = reader->plan->arena;
	const char *transport = arena_strndup(arena, right, strcspn(right, ":"));
	size_t from = path_box(reader->path, PATH_TRANSPORT, reader->host,
		arena_printf(arena, "transport %s", transport), transport);
	size_t to = path_box(reader->path, PATH_PARTNER, PATH_OUTSIDE,
		arena_printf(arena, "more of %s", name), arena_printf(arena, "%zu more", count));

	path_fact(reader->path, to, "rows of %s", name);
	path_edge(reader->path, reader->queue, from, PATH_MAIL, NULL);
	path_edge(reader->path, from, to, PATH_MAIL, NULL);
}

/* add_table - the rows "KEY RIGHT-HAND-SIDE" of a table of ours; no secret is among them */
static void
add_table(struct path_reader *reader, const char *name, const char *transport)
{
	const struct plan_file *file = plan_find_file(reader->plan, name);
	struct arena *arena = reader->plan->arena;
	const char *last = "";
	struct logical_reader rows;
	struct logical_line row;
	size_t count = 0;

	if (file == NULL || file->secret)
		return;
	logical_begin(&rows, buffer_text(&file->content), file->content.len);
	while (logical_next(arena, &rows, &row)) {
		size_t len = strcspn(row.text, " \t");
		const char *key = arena_strndup(arena, row.text, len);
		const char *right = row.text + len + strspn(row.text + len, " \t");

		if (plan_is_secret(file, row.first, row.last) || right[0] == '\0')
			continue;
		if (transport[0] != '\0')
			right = arena_printf(arena, "%s:%s", transport, right);
		last = right;
		if (++count > ROWS_SHOWN)
			continue;
		route_of(reader, right,
			arena_printf(
				arena, transport[0] != '\0' ? "for mail from %s" : "for %s", key));
	}
	if (count > ROWS_SHOWN)
		add_surplus(reader, name, last, count - ROWS_SHOWN);
}

/* tell_more - of each transport by SMTP, behind what mail it is for */
static void
tell_more(struct path_reader *reader)
{
	for (size_t i = 0; i < reader->path->box_count; i++) {
		const struct path_box *box = &reader->path->boxes[i];
		const struct master_cf_service *service;

		if (box->host != reader->host || box->kind != PATH_TRANSPORT)
			continue;
		service = master_cf_find(&reader->postfix->master_cf, box->title, "unix");
		if (service != NULL && strcmp(service->command, "smtp") == 0)
			tell_tls(reader, i, service);
	}
}

static bool
is_set(struct path_reader *reader, const char *name)
{
	return path_value(reader, NULL, name)[0] != '\0';
}

void
path_transports(struct path_reader *reader)
{
	size_t others = reader->path->box_count;

	if (is_set(reader, "content_filter"))
		route_of(reader, path_value(reader, NULL, "content_filter"),
			"everything, to a filter");
	if (is_set(reader, "virtual_mailbox_domains"))
		route_of(reader, path_value(reader, NULL, "virtual_transport"),
			"for its own domains");
	if (is_set(reader, "mydestination"))
		route_of(
			reader, path_value(reader, NULL, "local_transport"), "for the host itself");
	if (is_set(reader, "relay_domains"))
		route_of(reader, path_value(reader, NULL, "relay_transport"), "for relay_domains");
	if (is_set(reader, "transport_maps"))
		add_table(reader, "postfix/transport", "");
	if (is_set(reader, "sender_dependent_relayhost_maps"))
		add_table(reader, "postfix/sender_relays",
			arena_strndup(reader->plan->arena,
				path_value(reader, NULL, "default_transport"),
				strcspn(path_value(reader, NULL, "default_transport"), ":")));
	route_of(reader, path_value(reader, NULL, "default_transport"),
		reader->path->box_count > others ? "for everything else" : "for all mail");
	tell_more(reader);
}
