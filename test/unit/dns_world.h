#ifndef DNS_WORLD_H
#define DNS_WORLD_H

/* A DNS of a few lines, for tests of what asks it. */
#include <arpa/nameser.h>
#include <string.h>
#include <strings.h>

#include "dns/session.h"

/* One record; DATA NULL: the server fails. Of a name without records there is no name. */
struct world_record {
	const char *name;
	int type;
	const char *data;
};

struct world {
	struct arena *arena;
	const struct world_record *records;
	size_t count;
	size_t questions;
};

static void
world_ask(void *context, const char *name, int type, struct dns_answer *answer)
{
	struct world *world = context;
	bool is_name = false;

	world->questions++;
	*answer = (struct dns_answer){.status = DNS_NO_NAME, .name = name, .server = "192.0.2.53"};
	answer->items = arena_alloc(world->arena, world->count * sizeof(*answer->items));
	for (size_t i = 0; i < world->count; i++) {
		const struct world_record *record = &world->records[i];

		if (strcasecmp(record->name, name) != 0)
			continue;
		is_name = true;
		if (record->type != type)
			continue;
		if (record->data == NULL) {
			answer->status = DNS_SERVER_FAILED;
			answer->why = "SERVFAIL";
			return;
		}
		answer->items[answer->count++] = (struct dns_item){
			.text = record->data, .len = strlen(record->data), .ttl = 60};
	}
	if (answer->count > 0)
		answer->status = DNS_FOUND;
	else if (is_name)
		answer->status = DNS_NO_DATA;
}

static void
world_session(struct dns_session *session, struct world *world)
{
	dns_session_init(session, world->arena);
	session->ask = world_ask;
	session->context = world;
}

#endif
