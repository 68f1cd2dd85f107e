/* tags.c - names and values of a record */
#include "dns/tags.h"

#include <string.h>

#include "base/text.h"

const char *
dns_tag(const struct dns_tags *tags, const char *name)
{
	for (size_t i = 0; i < tags->count; i++)
		if (strcmp(tags->items[i].name, name) == 0)
			return tags->items[i].value;
	return NULL;
}

const char *
dns_tags_read(struct arena *arena, const char *text, struct dns_tags *tags)
{
	char *rest, *copy = arena_strdup(arena, text);

	tags->count = 0;
	for (char *part = strtok_r(copy, ";", &rest); part != NULL;
		part = strtok_r(NULL, ";", &rest)) {
		char *equals = strchr(part, '=');
		const char *name;

		if (text_trim(arena, part)[0] == '\0')
			continue;
		if (equals == NULL)
			return "a part of it has no \"=\"";
		*equals = '\0';
		name = text_trim(arena, part);
		if (dns_tag(tags, name) != NULL)
			return "a tag stands in it twice";
		if (tags->count == DNS_TAGS_MAX)
			return "it has too many tags";
		tags->items[tags->count].name = name;
		tags->items[tags->count++].value = text_trim(arena, equals + 1);
	}
	return NULL;
}
