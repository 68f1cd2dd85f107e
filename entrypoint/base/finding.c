/* finding.c - the list of what is wrong */
#include "base/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void
findings_init(struct findings *findings, struct arena *arena)
{
	memset(findings, 0, sizeof(*findings));
	findings->arena = arena;
}

/* take_room - one more place in a list of the arena */
static struct finding *
take_room(struct findings *findings, struct finding **list, size_t *count, size_t *room)
{
	if (*count == *room) {
		size_t more = *room != 0 ? *room * 2 : 8;
		*list = arena_grow(
			findings->arena, *list, *count * sizeof(**list), more * sizeof(**list));
		*room = more;
	}
	return &(*list)[(*count)++];
}

struct finding *
finding_add(struct findings *findings, const char *id, const struct origin *origin,
	const char *format, ...)
{
	const struct rule *rule = rule_find(id);
	struct finding *finding;
	va_list args;

	if (rule == NULL) {
		fprintf(stderr, "mailinit: panic: finding_add: no rule \"%s\"\n", id);
		abort();
	}
	finding = take_room(findings, &findings->items, &findings->count, &findings->room);
	finding->rule = rule;
	finding->severity = rule->severity;
	finding->refuses = rule->refuses;
	finding->effect = rule->effect;
	finding->help = rule->help;
	if (origin != NULL)
		finding->origin = *origin;
	va_start(args, format);
	/* a name that somebody chose must not speak to the terminal that shows it */
	finding->message = text_mask_lines(arena_vprintf(findings->arena, format, args));
	va_end(args);
	return finding;
}

void
finding_silence(struct findings *findings, const struct finding *finding)
{
	*take_room(findings, &findings->silenced, &findings->silenced_count,
		&findings->silenced_room) = *finding;
}

size_t
findings_count(const struct findings *findings, enum severity severity)
{
	size_t count = 0;

	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].severity == severity)
			count++;
	return count;
}

bool
findings_refuse(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].refuses)
			return true;
	return false;
}

const char *
severity_name(enum severity severity)
{
	switch (severity) {
	case SEVERITY_NOTE:
		return "note";
	case SEVERITY_WARNING:
		return "warning";
	case SEVERITY_ERROR:
		return "error";
	}
	return "unknown";
}
