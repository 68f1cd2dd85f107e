/* path_dovecot.c - the mail store, who checks passwords, and the ports where people read */
#include <string.h>

#include "base/text.h"
#include "check/network.h"
#include "check/path_parts.h"

/* What Dovecot listens at by itself, unless a service of the file says otherwise. */
static const struct {
	const char *title, *protocol, *service, *name, *port;
	bool wrapped;
} doors[] = {
	{"IMAP", "imap", "imap-login", "imap", "143", false},
	{"IMAP", "imap", "imap-login", "imaps", "993", true},
	{"POP3", "pop3", "pop3-login", "pop3", "110", false},
	{"POP3", "pop3", "pop3-login", "pop3s", "995", true},
	{"ManageSieve", "sieve", "managesieve-login", "sieve", "4190", false},
};

#define DOORS (sizeof(doors) / sizeof(doors[0]))

static const char *
value(struct path_reader *reader, const char *name)
{
	int line;
	const char *text = dovecot_view_value(reader->plan, &reader->dovecot, name, &line);

	return text != NULL ? text : "";
}

static bool
has_word(const char *list, const char *wanted)
{
	struct postfix_word word;

	while (postfix_word_next(&list, &word))
		if (postfix_word_is(&word, wanted))
			return true;
	return false;
}

/* listener - what the file says of a port of SERVICE by that name, or NULL */
static const struct dovecot_listener *
listener(const struct path_reader *reader, const char *service, const char *name)
{
	for (size_t i = 0; i < reader->dovecot.count; i++)
		if (reader->dovecot.listeners[i].path == NULL &&
			strcmp(reader->dovecot.listeners[i].service, service) == 0 &&
			strcmp(reader->dovecot.listeners[i].name, name) == 0)
			return &reader->dovecot.listeners[i];
	return NULL;
}

/* add_door - one more port of PROTOCOL, which is one box */
static void
add_door(struct path_reader *reader, const char *protocol, const char *port, bool wrapped)
{
	const char *ssl = value(reader, "ssl");
	struct path *path = reader->path;
	size_t box, people;

	if (port_number(port) != 0)
		port = arena_printf(reader->plan->arena, "%ld", port_number(port));
	box = path_box(path, PATH_DOOR, reader->host, protocol, protocol);
	path_port(path, box, port);
	path_fact(path, box, "%s: %s", port,
		strcmp(ssl, "no") == 0                 ? "no TLS"
			: wrapped                      ? "TLS from the first byte"
			: strcmp(ssl, "required") == 0 ? "STARTTLS required"
						       : "STARTTLS offered");
	path_edge(path, reader->store, box, PATH_READ, NULL);
	people = path_box(path, PATH_READER, PATH_OUTSIDE, "readers", "Mail programs");
	path_fact(path, people, "read with a login");
	path_edge(path, box, people, PATH_READ, NULL);
}

static void
add_doors(struct path_reader *reader)
{
	const char *protocols = value(reader, "protocols");

	for (size_t i = 0; i < DOORS; i++) {
		const struct dovecot_listener *own =
			listener(reader, doors[i].service, doors[i].name);
		const char *port = own != NULL && own->port != NULL ? own->port : doors[i].port;

		if (has_word(protocols, doors[i].protocol) && strcmp(port, "0") != 0)
			add_door(reader, doors[i].title, port, doors[i].wrapped);
	}
}

/* add_store - where mail lies, and how Postfix hands it over */
static void
add_store(struct path_reader *reader)
{
	const char *location = value(reader, "mail_location"),
		   *driver = value(reader, "mail_driver");
	const char *where = value(reader, "mail_path");
	struct path *path = reader->path;

	if (location[0] != '\0') {
		size_t len = strcspn(location, ":");

		driver = arena_strndup(reader->plan->arena, location, len);
		where = location[len] == ':' ? location + len + 1 : "";
		where = arena_strndup(reader->plan->arena, where, strcspn(where, ":"));
	}
	reader->store = path_box(path, PATH_STORE, reader->host, "store", "Mail store");
	path_fact(
		path, reader->store, "Dovecot, %s", driver[0] != '\0' ? driver : "its own choice");
	if (where[0] != '\0')
		path_fact(path, reader->store, "%s", where);
}

/* add_way - by a socket, or by a port for others */
static void
add_way(struct path_reader *reader, size_t box, const struct dovecot_listener *way,
	const char *protocol)
{
	if (way->path == NULL && way->port != NULL && strcmp(way->port, "0") != 0) {
		path_fact(reader->path, box, "%s at port %s%s", protocol, way->port,
			way->ssl != NULL && strcmp(way->ssl, "yes") == 0 ? ", TLS" : "");
		path_port(reader->path, box, way->port);
	}
}

void
path_dovecot(struct path_reader *reader)
{
	dovecot_view_read(reader->plan, &reader->dovecot);
	if (reader->dovecot.file == NULL)
		return;
	if (value(reader, "protocols")[0] != '\0')
		add_store(reader);
	for (size_t i = 0; i < reader->dovecot.count; i++) {
		const struct dovecot_listener *way = &reader->dovecot.listeners[i];

		if (strcmp(way->service, "lmtp") == 0 && reader->store != PATH_OUTSIDE)
			add_way(reader, reader->store, way, "LMTP");
		if (strcmp(way->service, "auth") != 0)
			continue;
		reader->logins =
			path_box(reader->path, PATH_LOGINS, reader->host, "logins", "Passwords");
		path_fact(reader->path, reader->logins, "checked by Dovecot");
		add_way(reader, reader->logins, way, "asked");
	}
	if (reader->store != PATH_OUTSIDE)
		add_doors(reader);
}
