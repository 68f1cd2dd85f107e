/* listen.c - where daemons listen for a Postfix in another container */
#include "daemon/listen.h"

#include <string.h>

struct listen
listen_of(struct plan *plan, const char *path, const char *otherwise)
{
	const struct node *setting = node_at(plan->settings, path);
	struct listen listen = {.port = otherwise, .address = "", .from = setting};
	const char *text, *colon;

	if (setting == NULL)
		return listen;
	text = setting->text;
	colon = strrchr(text, ':');
	listen.port = strcmp(text, "none") == 0 ? NULL : colon != NULL ? colon + 1 : text;
	if (colon == NULL)
		return listen;
	listen.address = text[0] == '['
		? arena_strndup(plan->arena, text + 1, (size_t)(colon - text) - 2)
		: arena_strndup(plan->arena, text, (size_t)(colon - text));
	return listen;
}

const char *
listen_near(struct plan *plan, const struct listen *listen)
{
	const char *address = listen->address;

	if (address[0] == '\0' || strcmp(address, "0.0.0.0") == 0)
		address = "127.0.0.1";
	else if (strcmp(address, "::") == 0)
		address = "::1";
	return arena_printf(plan->arena, strchr(address, ':') != NULL ? "[%s]:%s" : "%s:%s",
		address, listen->port);
}
