/*
 * path_listeners.c - the ports of Postfix, and who gets mail in by them
 *
 * What the lists of restrictions come to is followed for three kinds of clients: any
 * one, those of mynetworks, those who logged in. Each list decides on its own, and
 * the strictest of them counts (smtpd_check.c).
 */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "check/network.h"
#include "check/path_parts.h"
#include "language/restriction.h"

enum client { CLIENT_ANY, CLIENT_NETWORKS, CLIENT_LOGIN, CLIENTS };
enum reach { REACH_NONE, REACH_OWN, REACH_ALL };

static const char *const lists[] = {"smtpd_client_restrictions", "smtpd_helo_restrictions",
	"smtpd_sender_restrictions", "smtpd_relay_restrictions", "smtpd_recipient_restrictions"};

#define LISTS (sizeof(lists) / sizeof(lists[0]))

/* decide - who is not decided on yet gets REACH of this list, or less */
static void
decide(enum reach reach[CLIENTS], bool decided[CLIENTS], enum reach by)
{
	for (size_t i = 0; i < CLIENTS; i++)
		if (!decided[i] && reach[i] > by)
			reach[i] = by;
}

/* take_word - one word of a list; true when nothing behind it counts */
static bool
take_word(const struct postfix_word *word, enum reach reach[CLIENTS], bool decided[CLIENTS],
	bool *own)
{
	if (postfix_word_is(word, "permit_mynetworks"))
		decided[CLIENT_NETWORKS] = true;
	else if (postfix_word_is(word, "permit_sasl_authenticated"))
		decided[CLIENT_LOGIN] = true;
	else if (postfix_word_is(word, "permit_auth_destination"))
		*own = true;
	else if (postfix_word_is(word, "reject_unauth_destination") ||
		postfix_word_is(word, "defer_unauth_destination"))
		decide(reach, decided, REACH_OWN);
	else if (postfix_word_is(word, "reject") || postfix_word_is(word, "defer"))
		return decide(reach, decided, *own ? REACH_OWN : REACH_NONE), true;
	else
		return postfix_word_is(word, "permit");
	return false;
}

static void
follow(struct path_reader *reader, const char *list, enum reach reach[CLIENTS])
{
	bool decided[CLIENTS] = {false}, own = false;
	struct restriction restriction;
	struct postfix_word word;

	while (postfix_word_next(&list, &word)) {
		const char *name = arena_strndup(reader->plan->arena, word.text, word.len);

		/* what only warns decides nothing */
		if (postfix_word_is(&word, "warn_if_reject")) {
			postfix_word_next(&list, &word);
			continue;
		}
		if (take_word(&word, reach, decided, &own))
			return;
		if (restriction_find(reader->plan->arena, name, &restriction) &&
			restriction.argument != RESTRICTION_ALONE)
			postfix_word_next(&list, &word);
	}
}

static bool
is_yes(struct path_reader *reader, const struct master_cf_service *service, const char *name)
{
	return strcasecmp(path_value(reader, service, name), "yes") == 0;
}

/* tls_of - in the words of people who set up a mail program */
static const char *
tls_of(struct path_reader *reader, const struct master_cf_service *service)
{
	const char *level = path_value(reader, service, "smtpd_tls_security_level");

	if (is_yes(reader, service, "smtpd_tls_wrappermode"))
		return "TLS from the first byte";
	if (strcmp(level, "encrypt") == 0)
		return "STARTTLS required";
	return strcmp(level, "may") == 0 ? "STARTTLS offered" : "no TLS";
}

/* networks_of - mynetworks without the container itself; "" when nobody else is in it */
static const char *
networks_of(struct path_reader *reader, const struct master_cf_service *service)
{
	const char *list = path_value(reader, service, "mynetworks"), *text = "";
	struct postfix_word word;
	size_t count = 0;

	while (postfix_word_next(&list, &word)) {
		const char *name = arena_strndup(reader->plan->arena, word.text, word.len);

		if (name[0] == '!' || text_starts(name, "127.") || text_starts(name, "[::1]") ||
			text_starts(name, "[::ffff:127."))
			continue;
		if (text_starts(name, "{deferred:"))
			name = "its own networks";
		if (count++ < 3)
			text = arena_printf(reader->plan->arena, "%s%s%s", text,
				text[0] != '\0' ? ", " : "", name);
	}
	return count > 3 ? arena_printf(reader->plan->arena, "%s and %zu more", text, count - 3)
			 : text;
}

static void
add_client(struct path_reader *reader, size_t listener, const char *key, const char *title,
	const char *fact)
{
	size_t sender = path_box(reader->path, PATH_SENDER, PATH_OUTSIDE, key, title);

	if (fact[0] != '\0')
		path_fact(reader->path, sender, "%s", fact);
	path_edge(reader->path, sender, listener, PATH_MAIL, NULL);
}

static void
add_clients(struct path_reader *reader, const struct master_cf_service *service, size_t listener,
	const enum reach reach[CLIENTS])
{
	static const char *const where[] = {
		[REACH_OWN] = "to its own domains", [REACH_ALL] = "to anywhere"};
	const char *networks = networks_of(reader, service);
	struct path *path = reader->path;

	if (reach[CLIENT_ANY] == REACH_ALL || reach[CLIENT_NETWORKS] == REACH_ALL)
		path->boxes[listener].finding = path_error(reader, "open-relay");

	if (reach[CLIENT_ANY] != REACH_NONE) {
		add_client(reader, listener, "world", "Other mail servers", "");
		path_fact(path, listener, "anyone: %s", where[reach[CLIENT_ANY]]);
	}
	if (networks[0] != '\0' && reach[CLIENT_NETWORKS] > reach[CLIENT_ANY]) {
		add_client(reader, listener,
			arena_printf(reader->plan->arena, "networks %s", networks),
			"Programs and devices",
			arena_printf(reader->plan->arena, "in %s", networks));
		path_fact(path, listener, "networks: %s", where[reach[CLIENT_NETWORKS]]);
	}
	if (reach[CLIENT_LOGIN] > reach[CLIENT_ANY]) {
		add_client(reader, listener, "people", "Mail programs", "with a login");
		path_fact(path, listener, "login: %s", where[reach[CLIENT_LOGIN]]);
	}
}

/* add_logins - who checks the passwords of this port */
static void
add_logins(struct path_reader *reader, const struct master_cf_service *service, size_t listener)
{
	const char *path = path_value(reader, service, "smtpd_sasl_path"), *host, *port;
	const char *error = path_error(reader, "postfix-sasl-socket");
	size_t box = PATH_OUTSIDE;

	if (strcmp(path_value(reader, service, "smtpd_sasl_type"), "dovecot") != 0)
		return;
	if (text_starts(path, "inet:")) {
		path_split(reader, path + strlen("inet:"), "", &host, &port);
		box = path_partner(reader, host, port);
		path_fact(reader->path, box, "checks passwords");
		error = NULL;
	} else if (reader->logins != PATH_OUTSIDE && error == NULL) {
		box = reader->logins;
	} else {
		path = text_starts(path, "unix:") ? path + strlen("unix:") : path;
		box = path_box(reader->path, PATH_LOGINS, reader->host,
			arena_printf(reader->plan->arena, "logins %s", path), "Passwords");
		path_fact(reader->path, box, "%s", path);
		if (error != NULL)
			path_fact(reader->path, box, "nobody listens there");
		reader->path->boxes[box].finding = error;
	}
	path_edge(reader->path, listener, box, PATH_LOGIN, error);
}

/* smtpd_behind - postscreen hands a client on to smtpd/pass, which then decides */
static const struct master_cf_service *
smtpd_behind(struct path_reader *reader, const struct master_cf_service *service)
{
	const struct master_cf_service *behind;

	if (strcmp(service->command, "postscreen") != 0)
		return service;
	behind = master_cf_find(&reader->postfix->master_cf,
		path_value(reader, service, "smtpd_service_name"), "pass");
	return behind != NULL ? behind : service;
}

static size_t
listener_box(struct path_reader *reader, const char *service, const char *host, const char *port)
{
	long number = port_number(port);
	const char *name = number != 0 ? port_name(number) : "";
	struct arena *arena = reader->plan->arena;

	return path_box(reader->path, PATH_LISTENER, reader->host,
		arena_printf(arena, "port %s", service),
		arena_printf(arena, "%s%s%s%s%s", host, host[0] != '\0' ? ":" : "", port,
			name[0] != '\0' ? " " : "", name));
}

static bool
is_loopback(const char *host)
{
	return text_starts(host, "127.") || strcmp(host, "localhost") == 0 ||
		strcmp(host, "[::1]") == 0;
}

static void
add_listener(struct path_reader *reader, const struct master_cf_service *service)
{
	const struct master_cf_service *smtpd = smtpd_behind(reader, service);
	enum reach reach[CLIENTS] = {REACH_ALL, REACH_ALL, REACH_ALL};
	bool logins = is_yes(reader, smtpd, "smtpd_sasl_auth_enable");
	const char *colon = strrchr(service->name, ':');
	const char *port = colon != NULL ? colon + 1 : service->name, *host = "";
	size_t box;

	if (colon != NULL)
		host = arena_strndup(
			reader->plan->arena, service->name, (size_t)(colon - service->name));
	if (port_number(port) != 0)
		port = arena_printf(reader->plan->arena, "%ld", port_number(port));
	box = listener_box(reader, service->name, host, port);
	if (smtpd != service)
		path_fact(reader->path, box, "postscreen first");
	path_fact(reader->path, box, "%s", tls_of(reader, smtpd));
	if (!logins)
		reach[CLIENT_LOGIN] = REACH_NONE;
	for (size_t i = 0; i < LISTS; i++)
		follow(reader, path_value(reader, smtpd, lists[i]), reach);
	if (is_loopback(host)) {
		path_fact(reader->path, box, "this container alone");
	} else {
		reader->path->boxes[box].port = arena_strdup(reader->path->arena, port);
		add_clients(reader, smtpd, box, reach);
	}
	if (logins)
		add_logins(reader, smtpd, box);
	path_filters(reader, smtpd, box);
}

void
path_listeners(struct path_reader *reader)
{
	const struct master_cf *master_cf = &reader->postfix->master_cf;

	for (size_t i = 0; i < master_cf->count; i++) {
		const struct master_cf_service *service = &master_cf->services[i];

		if (!service->overridden && strcmp(service->type, "inet") == 0 &&
			(strcmp(service->command, "smtpd") == 0 ||
				strcmp(service->command, "postscreen") == 0))
			add_listener(reader, service);
	}
}
