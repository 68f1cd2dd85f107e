/* capability.c - capabilities by name: one text, for a table of pointers would be larger */
#include "base/capability.h"

#include <stdio.h>
#include <string.h>

static const char names[] = CAPABILITY_NAMES;

char *
capability_name(unsigned capability, char name[CAPABILITY_NAME_BYTES])
{
	const char *at = names;

	for (unsigned i = 0; i < capability && *at != '\0'; i++) {
		at += strcspn(at, " ");
		at += *at == ' ';
	}
	if (*at != '\0')
		snprintf(name, CAPABILITY_NAME_BYTES, "%.*s", (int)strcspn(at, " "), at);
	else
		snprintf(name, CAPABILITY_NAME_BYTES, "%u", capability);
	return name;
}

int
capability_find(const char *name)
{
	size_t len = strlen(name);
	const char *at = names;

	for (int i = 0; i < CAPABILITY_COUNT; i++) {
		size_t word = strcspn(at, " ");

		if (word == len && strncmp(at, name, len) == 0)
			return i;
		at += word + 1;
	}
	return -1;
}
