/* path_filters.c - the milters, ours and others, that mail goes through before the queue */
#include <string.h>

#include "base/text.h"
#include "check/path_parts.h"

#define SIGNED_SHOWN 2

/* is_ours - whether MILTER of main.cf is the socket at which our OpenDKIM listens */
static bool
is_ours(struct path_reader *reader, const char *milter)
{
	const char *socket = reader->opendkim.socket.value, *port, *path;

	if (!reader->signs || socket == NULL || strchr(socket, ':') == NULL)
		return false;
	path = strchr(socket, ':') + 1;
	if (!text_starts(socket, "inet"))
		return !text_starts(milter, "inet:") && strchr(milter, ':') != NULL &&
			strcmp(path_socket(reader, strchr(milter, ':') + 1),
				path_socket(reader, path)) == 0;
	port = strrchr(milter, ':');
	return text_starts(milter, "inet:") &&
		(strstr(milter, ":127.0.0.1:") != NULL || strstr(milter, ":localhost:") != NULL) &&
		strlen(port + 1) == strcspn(path, "@") && text_starts(path, port + 1);
}

static size_t
signer_box(struct path_reader *reader)
{
	struct plan *plan = reader->plan;
	size_t box = path_box(reader->path, PATH_FILTER, reader->host, "opendkim", "OpenDKIM");

	for (size_t i = 0; i < plan->dkim_key_count && i < SIGNED_SHOWN; i++)
		path_fact(reader->path, box, "signs %s", plan->dkim_keys[i].domain);
	if (plan->dkim_key_count > SIGNED_SHOWN)
		path_fact(reader->path, box, "and %zu more domains",
			plan->dkim_key_count - SIGNED_SHOWN);
	return box;
}

void
path_signer(struct path_reader *reader)
{
	const struct plan_file *file = plan_find_file(reader->plan, "opendkim/opendkim.conf");
	const char *socket, *port;
	struct faults faults; /* they are told elsewhere */
	size_t box;

	if (file == NULL)
		return;
	faults_init(&faults, reader->plan->arena);
	opendkim_file_check(
		&faults, buffer_text(&file->content), file->content.len, &reader->opendkim);
	reader->signs = true;
	box = signer_box(reader);
	socket = reader->opendkim.socket.value;
	reader->path->boxes[box].finding = path_error(reader, "opendkim-socket");
	if (socket == NULL || !text_starts(socket, "inet") || strchr(socket, ':') == NULL)
		return;
	port = strchr(socket, ':') + 1;
	port = arena_strndup(reader->plan->arena, port, strcspn(port, "@"));
	path_fact(reader->path, box, "port %s", port);
	reader->path->boxes[box].port = arena_strdup(reader->path->arena, port);
}

/* filter_box - where MILTER stands: in this container, in another one, or nobody knows */
static size_t
filter_box(struct path_reader *reader, const char *milter)
{
	const char *host, *port, *path = strchr(milter, ':');
	size_t box;

	if (is_ours(reader, milter))
		return signer_box(reader);
	if (text_starts(milter, "inet:")) {
		path_split(reader, milter + strlen("inet:"), "", &host, &port);
		box = path_partner(reader, host, port);
		path_fact(reader->path, box, "milter");
		return box;
	}
	box = path_box(reader->path, PATH_FILTER, reader->host, milter, "Milter");
	path_fact(reader->path, box, "%s", path != NULL ? path + 1 : milter);
	return box;
}

/* action_of - { inet:host:port, default_action=accept }, else what all of them have */
static const char *
action_of(struct path_reader *reader, const struct master_cf_service *service, const char *braces)
{
	const char *own = braces[0] == '{' ? strstr(braces, "default_action") : NULL;

	if (own == NULL)
		return path_value(reader, service, "milter_default_action");
	own += strlen("default_action");
	own += strspn(own, " \t=");
	return arena_strndup(reader->plan->arena, own, strcspn(own, " \t,}"));
}

static void
tell_action(struct path_reader *reader, size_t box, const char *action)
{
	if (strcmp(action, "accept") == 0)
		path_fact(reader->path, box, "when down: mail passes by");
	else if (strcmp(action, "tempfail") == 0)
		path_fact(reader->path, box, "when down: clients wait (451)");
	else if (strcmp(action, "reject") == 0)
		path_fact(reader->path, box, "when down: mail is refused");
	else if (strcmp(action, "quarantine") == 0)
		path_fact(reader->path, box, "when down: mail is put on hold");
}

void
path_filters(struct path_reader *reader, const struct master_cf_service *service, size_t listener)
{
	const char *list = path_value(reader, service, "smtpd_milters");
	const char *error = path_error(reader, "postfix-milter");
	struct postfix_word word;
	size_t from = listener, to;

	while (postfix_word_next(&list, &word)) {
		const char *braces = arena_strndup(reader->plan->arena, word.text, word.len);
		char *milter = arena_strdup(reader->plan->arena, braces);

		if (milter[0] == '{') {
			milter += 1 + strspn(milter + 1, " \t");
			milter[strcspn(milter, ", \t}")] = '\0';
		}
		to = filter_box(reader, milter);
		tell_action(reader, to, action_of(reader, service, braces));
		path_edge(reader->path, from, to, PATH_MAIL, error);
		from = to;
	}
	path_edge(reader->path, from, reader->queue, PATH_MAIL, NULL);
}
