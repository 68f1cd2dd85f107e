/* explain_parameter.c - a parameter of Postfix as it is in effect, and a service of master.cf */
#include "command/explain.h"

#include <string.h>

#include "base/text.h"
#include "language/main_cf.h"
#include "language/master_cf.h"
#include "language/postfix_parameter.h"
#include "settings/compat_table.h"

/* What Postfix is given, parsed. */
struct given {
	const struct plan_file *main_file, *master_file; /* NULL when Postfix does not run */
	struct main_cf main_cf;
	struct master_cf master_cf;
};

static void
read_given(struct explain *explain, struct given *given)
{
	struct arena *arena = explain->plan->arena;
	struct faults faults; /* they are for check/ to tell */

	memset(given, 0, sizeof(*given));
	faults_init(&faults, arena);
	given->main_file = plan_find_file(explain->plan, "postfix/main.cf");
	given->master_file = plan_find_file(explain->plan, "postfix/master.cf");
	if (given->main_file != NULL)
		main_cf_parse(&faults, buffer_text(&given->main_file->content),
			given->main_file->content.len, &given->main_cf);
	if (given->master_file != NULL)
		master_cf_parse(&faults, buffer_text(&given->master_file->content),
			given->master_file->content.len, &given->master_cf);
}

/* find_parameter - in the table, or as one that Postfix derives from a service */
static bool
find_parameter(struct explain *explain, const struct given *given, const char *name,
	struct postfix_parameter *parameter)
{
	struct arena *arena = explain->plan->arena;

	if (postfix_parameter_find(arena, name, parameter))
		return true;
	for (size_t i = 0; i < given->master_cf.count; i++)
		if (postfix_service_parameter(arena, name, given->master_cf.services[i].name,
			    given->master_cf.services[i].command, parameter))
			return true;
	return false;
}

/* choices_text - without those that Postfix takes and nobody should write: -fingerprint */
static const char *
choices_text(struct arena *arena, const char *choices)
{
	const char *text = "";

	for (const char *at = choices; *at != '\0'; at += *at == ' ') {
		size_t len = strcspn(at, " ");

		if (*at != '-')
			text = arena_printf(
				arena, "%s%s%.*s", text, text[0] != '\0' ? " " : "", (int)len, at);
		at += len;
	}
	return text;
}

/* one_line - a value that spans lines with one blank for each gap */
static const char *
one_line(struct arena *arena, const char *value)
{
	char *text = arena_strdup(arena, value), *to = text;

	for (const char *from = text; *from != '\0'; from++)
		if ((*from != ' ' && *from != '\t') || (to > text && to[-1] != ' '))
			*to++ = *from == '\t' ? ' ' : *from;
	*to = '\0';
	return text;
}

static const char *
type_text(struct arena *arena, const struct postfix_parameter *parameter)
{
	const char *text = "text";

	switch (parameter->type) {
	case POSTFIX_TEXT:
		text = "text; $name is replaced by that parameter's value";
		break;
	case POSTFIX_RAW:
		text = "text, taken as it stands";
		break;
	case POSTFIX_BOOL:
		text = "yes or no";
		break;
	case POSTFIX_INTEGER:
		text = "whole number";
		break;
	case POSTFIX_TIME:
		text = arena_printf(arena,
			"time: a number and s, m, h, d or w; without a letter it counts %c",
			parameter->unit);
		break;
	case POSTFIX_CHOICE:
		return arena_printf(arena, "one of: %s", choices_text(arena, parameter->choices));
	case POSTFIX_CHOICES:
		return arena_printf(arena, "some of: %s", choices_text(arena, parameter->choices));
	}
	if (parameter->type != POSTFIX_INTEGER && parameter->type != POSTFIX_TIME)
		return text; /* of a text they are lengths */
	if (parameter->has_min)
		text = arena_printf(arena, "%s, at least %ld", text, parameter->min);
	if (parameter->has_max)
		text = arena_printf(arena, "%s, at most %ld", text, parameter->max);
	return text;
}

static void
put_versions(struct explain *explain, const struct postfix_parameter *parameter)
{
	struct arena *arena = explain->plan->arena;
	const char *text = "all that are supported";

	if (parameter->since != 0 && parameter->until != 0)
		text = arena_printf(arena, "%d.%d to %d.%d", parameter->since / 100,
			parameter->since % 100, parameter->until / 100, parameter->until % 100);
	else if (parameter->since != 0)
		text = arena_printf(
			arena, "%d.%d and later", parameter->since / 100, parameter->since % 100);
	else if (parameter->until != 0)
		text = arena_printf(
			arena, "up to %d.%d", parameter->until / 100, parameter->until % 100);
	explain_text(explain, "postfix_versions", text);
	if (!postfix_parameter_in(
		    parameter, postfix_version(explain->plan->target.postfix_version)))
		explain_text(explain, "state",
			arena_printf(arena, "Postfix %s, which will read it, does not have it",
				explain->plan->target.postfix_version));
	else if (parameter->deprecated || parameter->legacy)
		explain_text(explain, "state", "deprecated");
	if (parameter->instead != NULL)
		explain_text(explain, "instead", parameter->instead);
}

static void
put_table(struct explain *explain, const struct postfix_parameter *parameter)
{
	explain_text(explain, "written", type_text(explain->plan->arena, parameter));
	explain_text(explain, "default",
		postfix_parameter_default(
			parameter, postfix_version(explain->plan->target.postfix_version)));
	put_versions(explain, parameter);
	explain_text(explain, "documentation",
		arena_printf(explain->plan->arena, "postconf(5), %s", parameter->name));
	if (parameter->restart)
		explain_text(explain, "takes_effect", "when Postfix is stopped and started");
}

/* put_options - the services that are given another value */
static void
put_options(struct explain *explain, const struct given *given, const char *name)
{
	struct arena *arena = explain->plan->arena;

	for (size_t i = 0; i < given->master_cf.count; i++) {
		const struct master_cf_service *service = &given->master_cf.services[i];
		const struct master_cf_option *option = master_cf_option(service, name);
		bool secret =
			plan_is_secret(given->master_file, service->line.first, service->line.last);

		if (option == NULL || service->overridden)
			continue;
		explain_item(explain, "in_service",
			node_scalar(arena,
				arena_printf(arena, "%s/%s: %s", service->name, service->type,
					secret ? "(secret)" : option->value),
				NULL));
	}
}

static void
put_effect(struct explain *explain, const struct given *given, const char *name, bool known)
{
	const struct main_cf_entry *entry = main_cf_find(&given->main_cf, name);
	struct arena *arena = explain->plan->arena;
	bool secret;

	if (given->main_file == NULL) {
		explain_text(explain, "value",
			findings_refuse(explain->plan->findings)
				? "unknown: the settings have errors (mailinit check)"
				: "none: Postfix does not run with these roles");
	} else if (entry == NULL) {
		explain_text(explain, "value",
			known ? "not in main.cf: Postfix's own default counts" : "not in main.cf");
	} else {
		secret = plan_is_secret(given->main_file, entry->line.first, entry->line.last);
		node_set(arena, explain->facts, "value",
			explain_value(
				explain, secret ? NULL : one_line(arena, entry->value), NULL));
		explain_made_of(explain, given->main_file, entry->line.first, entry->line.last);
	}
	put_options(explain, given, name);
}

/* put_change - how to set it; a parameter that is a setting of ours is set there */
static void
put_change(struct explain *explain, const char *name)
{
	struct arena *arena = explain->plan->arena;
	const char *variable = arena_printf(arena, "POSTFIX_%s", name);
	struct compat_row row;

	if (compat_row_find(arena, variable, &row) && row.act == COMPAT_SET &&
		schema_find(row.target) != NULL)
		explain_word(explain, "change",
			arena_printf(arena,
				"%s=… becomes %s, where neither mailinit.yaml nor its MAIL_ "
				"variable says otherwise; postfix.main.%s wins over all else",
				variable, row.target, name));
	else
		explain_word(explain, "change",
			arena_printf(arena,
				"%s=…, or postfix.main.%s in mailinit.yaml, wins over all else",
				variable, name));
}

bool
explain_parameter(struct explain *explain, const char *name)
{
	struct postfix_parameter parameter;
	struct given given;
	bool known;

	read_given(explain, &given);
	known = find_parameter(explain, &given, name, &parameter);
	if (!known && main_cf_find(&given.main_cf, name) == NULL)
		return false;
	explain_begin(explain, name, "parameter of Postfix");
	if (!known)
		explain_text(explain, "about", "A name that Postfix itself does not have.");
	put_effect(explain, &given, name, known);
	if (known)
		put_table(explain, &parameter);
	put_change(explain, name);
	return true;
}

bool
explain_service(struct explain *explain, const char *name)
{
	struct arena *arena = explain->plan->arena;
	const char *slash = strrchr(name, '/');
	const struct master_cf_service *service;
	struct given given;

	if (slash == NULL)
		return false;
	read_given(explain, &given);
	service = master_cf_find(
		&given.master_cf, arena_strndup(arena, name, (size_t)(slash - name)), slash + 1);
	if (service == NULL)
		return false;
	explain_begin(explain, name, "service of Postfix");
	explain_text(explain, "command", service->command);
	explain_text(explain, "chroot", service->chroot == 'y' ? "yes" : "no");
	explain_text(explain, "processes", service->maxproc);
	for (size_t i = 0; i < service->option_count; i++)
		explain_word(explain, "option",
			plan_is_secret(given.master_file, service->line.first, service->line.last)
				? arena_printf(arena, "%s = (secret)", service->options[i].name)
				: arena_printf(arena, "%s = %s", service->options[i].name,
					  service->options[i].value));
	explain_made_of(explain, given.master_file, service->line.first, service->line.last);
	explain_text(explain, "documentation", "master(5)");
	explain_word(explain, "change",
		arena_printf(arena,
			"POSTFIXMASTER_%s__%s=…, or postfix.master in mailinit.yaml, replaces the "
			"line",
			service->name, service->type));
	return true;
}
