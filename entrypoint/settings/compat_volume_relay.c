/*
 * compat_volume_relay.c - smarthosts by sender, of docker-mailserver
 *
 * postfix-relaymap.cf has "@domain [host]:port", or a sender alone that is to leave
 * by no smarthost; postfix-sasl-password.cf has "@domain user:password", or the
 * host in place of the sender. Together they are relay.by_sender.
 */
#include "settings/compat_volume.h"

#include <string.h>

#include "base/text.h"

#define RELAYS "postfix-relaymap.cf"
#define PASSWORDS "postfix-sasl-password.cf"

static void
set_field(struct volume *volume, struct node *record, const char *key, const struct origin *origin,
	const char *text)
{
	struct node *node = volume_node(volume, origin, text);

	node->secret = strcmp(key, "password") == 0;
	node_set(volume->compat->loading->arena, record, key, node);
}

/* set_login - "user:password" into a record */
static void
set_login(struct volume *volume, struct node *record, const struct volume_line *line,
	const char *login)
{
	const char *colon = strchr(login, ':');

	if (colon == NULL || colon[1] == '\0') {
		volume_tell(volume, "compat-by-hand", &line->origin,
			"the line is not a sender and user:password");
		return;
	}
	set_field(volume, record, "username", &line->origin,
		arena_strndup(volume->compat->loading->arena, login, (size_t)(colon - login)));
	set_field(volume, record, "password", &line->origin, colon + 1);
}

static void
read_relays(struct volume *volume, struct node *senders)
{
	struct arena *arena = volume->compat->loading->arena;
	size_t count;
	struct volume_line *lines = volume_lines(volume, RELAYS, &count);

	for (size_t i = 0; i < count; i++) {
		const char *rest, *surplus;
		const char *sender = volume_word(arena, lines[i].text, &rest);
		const char *host = volume_word(arena, rest, &surplus);
		struct node *record;

		if (host[0] == '\0') {
			if (volume->relay != NULL)
				volume_tell(volume, "compat-by-hand", &lines[i].origin,
					"no sender can be left out of relay.host: give the others "
					"their smarthost in relay.by_sender instead");
			continue;
		}
		/* most likely a login, which is not to be shown as a part of the host */
		if (surplus[0] != '\0') {
			volume_tell(volume, "compat-by-hand", &lines[i].origin,
				"the line is more than a sender and a host");
			continue;
		}
		record = node_new(arena, NODE_MAP, &lines[i].origin);
		set_field(volume, record, "host", &lines[i].origin, host);
		node_set_at(arena, senders, sender, &lines[i].origin, record);
	}
}

/* of_host - a login of a host: that of all senders that it is the smarthost of */
static bool
of_host(struct volume *volume, struct node *senders, const struct volume_line *line,
	const char *host, const char *login)
{
	bool found = false;

	for (size_t i = 0; i < senders->count; i++) {
		if (strcmp(node_text(senders->items[i], "host", ""), host) != 0)
			continue;
		found = true;
		if (node_get(senders->items[i], "username") == NULL)
			set_login(volume, senders->items[i], line, login);
	}
	return found;
}

static void
put_default_login(struct volume *volume, const struct volume_line *line, const char *login)
{
	struct arena *arena = volume->compat->loading->arena;
	struct node *record = node_new(arena, NODE_MAP, &line->origin);

	set_login(volume, record, line, login);
	if (record->count == 0)
		return;
	compat_put(volume->compat, "relay.username", record->items[0]);
	compat_put(volume->compat, "relay.password", record->items[1]);
}

static void
read_passwords(struct volume *volume, struct node *senders)
{
	struct arena *arena = volume->compat->loading->arena;
	size_t count;
	struct volume_line *lines = volume_lines(volume, PASSWORDS, &count);

	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < count; i++) {
			const char *login;
			const char *key = volume_word(arena, lines[i].text, &login);
			struct node *record = node_get(senders, key);

			/* a sender's own login wins over that of its host */
			if ((strchr(key, '@') != NULL) != (pass == 0))
				continue;
			if (pass == 1) {
				if (volume->relay != NULL && strcmp(key, volume->relay) == 0)
					put_default_login(volume, &lines[i], login);
				else if (!of_host(volume, senders, &lines[i], key, login))
					volume_tell(volume, "compat-by-hand", &lines[i].origin,
						"the line is of no smarthost that is used");
				continue;
			}
			if (record == NULL && volume->relay != NULL) {
				record = node_new(arena, NODE_MAP, &lines[i].origin);
				set_field(volume, record, "host", &lines[i].origin, volume->relay);
				node_set_at(arena, senders, key, &lines[i].origin, record);
			}
			if (record != NULL)
				set_login(volume, record, &lines[i], login);
			else
				volume_tell(volume, "compat-by-hand", &lines[i].origin,
					"the sender has no smarthost: set relay.host, or one in "
					"relay.by_sender");
		}
}

void
volume_relays(struct volume *volume)
{
	struct loading *loading = volume->compat->loading;
	struct node *senders = node_new(loading->arena, NODE_MAP, NULL);

	read_relays(volume, senders);
	read_passwords(volume, senders);
	if (senders->count == 0)
		return;
	senders->origin = senders->items[0]->origin;
	compat_put(volume->compat, "relay.by_sender", senders);
	if (loading_chosen(loading, "relay.tls") == NULL)
		volume_tell(volume, "compat-differs", &senders->origin,
			"a smarthost must show a certificate of its name before it gets the "
			"password (relay.tls: secure); that image takes any");
}
