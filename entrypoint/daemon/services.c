/*
 * services.c - the services that the user adds
 *
 * They are rows like those of the mail daemons, and PID 1 treats them alike; what
 * differs is that the user says what each daemon's own file says of itself.
 */
#include "daemon/services.h"

#include <signal.h>
#include <string.h>

#include "base/text.h"
#include "daemon/service_user.h"
#include "daemon/supervised.h"

#define SERVICES_PLACE 9 /* exit code 19 */

static const struct node *
records(const struct plan *plan)
{
	return node_at(plan->settings, "services");
}

static bool
is_taken(const char *name)
{
	static const char *const ours[] = {"postfix", "dovecot", "opendkim", "mailinit"};

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcmp(ours[i], name) == 0)
			return true;
	return false;
}

static void
does_not_fit(struct plan *plan, const struct node *node, const char *name, const char *what)
{
	finding_add(plan->findings, "service-table-full", &node->origin,
		"%s: %s does not fit into the service table", name, what);
}

/* texts_of - the words of a list, NULL-ended, in the arena */
static const char **
texts_of(struct plan *plan, const struct node *list)
{
	size_t count = list != NULL ? list->count : 0;
	const char **texts = arena_alloc(plan->arena, (count + 1) * sizeof(*texts));

	for (size_t i = 0; i < count; i++)
		texts[i] = list->items[i]->text;
	return texts;
}

static int
signal_number(const char *name)
{
	static const struct {
		const char *name;
		int number;
	} signals[] = {{"TERM", SIGTERM}, {"INT", SIGINT}, {"QUIT", SIGQUIT}, {"KILL", SIGKILL},
		{"HUP", SIGHUP}, {"USR1", SIGUSR1}, {"USR2", SIGUSR2}, {"WINCH", SIGWINCH}};

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (strcmp(signals[i].name, name) == 0)
			return signals[i].number;
	return 0; /* "none" */
}

/* is_yes - of a yes/no field that is yes when it is not written */
static bool
is_yes(const struct node *record, const char *key)
{
	const struct node *node = node_get(record, key);

	return node == NULL || node->truth;
}

static void
set_command(struct plan *plan, struct service_spec *service, const struct node *record)
{
	const struct node *command = node_get(record, "command");
	const char **argv = texts_of(plan, command);

	if (command->count >= SERVICE_LIST_MAX || service_set_argv(service, argv) != 0)
		does_not_fit(plan, command, service->name, "its command");
	service_user_look(plan, service->name, "command", command->items[0], argv[0]);
}

static void
set_environment(struct plan *plan, struct service_spec *service, const struct node *record)
{
	const struct node *variables = node_get(record, "environment");
	size_t count = variables != NULL ? variables->count : 0;
	const char **texts = arena_alloc(plan->arena, (count + 1) * sizeof(*texts));

	for (size_t i = 0; i < count; i++)
		texts[i] = arena_printf(
			plan->arena, "%s=%s", variables->keys[i], variables->items[i]->text);
	if (count >= SERVICE_LIST_MAX ||
		service_add_list(&plan->services, texts, &service->environment) != 0)
		does_not_fit(plan, variables, service->name, "its environment");
}

static void
set_directory(struct plan *plan, struct service_spec *service, const struct node *record)
{
	const struct node *node = node_get(record, "directory");
	const char *texts[] = {node != NULL ? node->text : NULL, NULL};

	if (service_add_list(&plan->services, texts, &service->directory) != 0)
		does_not_fit(plan, node, service->name, "its directory");
}

static void
set_exec(struct plan *plan, struct service_spec *service, const struct node *ready)
{
	const char **argv = texts_of(plan, ready);

	argv[0] += strlen("exec:");
	if (ready->count >= SERVICE_LIST_MAX ||
		service_add_list(&plan->services, argv, &service->ready_argv) != 0)
		does_not_fit(plan, ready, service->name, "its ready command");
	service_user_look(plan, service->name, "ready", ready->items[0], argv[0]);
	supervised_probe(plan, PROBE_EXEC, argv[0]);
}

/* set_ready - settings/ has checked the form */
static void
set_ready(struct plan *plan, struct service_spec *service, const struct node *record)
{
	static const struct {
		const char *word;
		enum probe_kind kind;
	} kinds[] = {{"socket:", PROBE_UNIX}, {"tcp:", PROBE_TCP}, {"milter:", PROBE_MILTER},
		{"fd:", PROBE_FD}, {"notify", PROBE_NOTIFY}};
	const struct node *ready = node_get(record, "ready");
	const char *text;

	if (ready == NULL)
		return;
	text = ready->items[0]->text;
	if (text_starts(text, "exec:"))
		set_exec(plan, service, ready);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *rest = text + strlen(kinds[i].word);

		if (!text_starts(text, kinds[i].word))
			continue;
		supervised_probe(plan, kinds[i].kind, rest);
		/* whoever was killed leaves its socket, and most programs refuse to bind there */
		if (rest[0] == '/' &&
			service_set_text(service->stale[0], SERVICE_PATH_BYTES, rest) != 0)
			does_not_fit(plan, ready, service->name, rest);
	}
}

static void
set_capabilities(struct plan *plan, struct service_spec *service, const struct node *record)
{
	const struct node *list = node_get(record, "capabilities");

	for (size_t i = 0; list != NULL && i < list->count; i++) {
		int number = capability_find(list->items[i]->text);

		if (number < 0)
			continue; /* the schema knows no others */
		service->capabilities |= CAPABILITY_BIT(number);
		service_user_needs(plan, service, list->items[i], (unsigned)number,
			"as its own capabilities say");
	}
}

static void
set_rest(struct plan *plan, struct service_spec *service, const struct node *record)
{
	const struct node *start = node_get(record, "start_timeout");
	const struct node *stop = node_get(record, "stop_timeout");

	service->place = SERVICES_PLACE;
	service->required = is_yes(record, "required");
	service->no_new_privs = is_yes(record, "no_new_privs");
	service->stop_signal = signal_number(node_text(record, "stop_signal", "TERM"));
	service->kill_to_stop = service->stop_signal == SIGKILL;
	service->reload_signal = signal_number(node_text(record, "reload_signal", "none"));
	service->start_timeout_ms = start != NULL
		? supervised_ms(record, "start_timeout", 0)
		: supervised_ms(plan->settings, "start.timeout", SUPERVISED_START_TIMEOUT_MS);
	service->stop_timeout_ms = stop != NULL
		? supervised_ms(record, "stop_timeout", 0)
		: supervised_ms(plan->settings, "stop.timeout", SUPERVISED_STOP_TIMEOUT_MS);
}

static void
add_service(struct plan *plan, const struct node *record)
{
	const struct node *name = node_get(record, "name");
	struct service_spec *service;

	if (is_taken(name->text)) {
		finding_add(plan->findings, "service-name", &name->origin,
			"%s is the name of a service that mailinit has itself", name->text);
		return;
	}
	service = plan_add_service(plan, name->text);
	if (service == NULL) {
		does_not_fit(plan, name, name->text, "it");
		return;
	}
	set_rest(plan, service, record);
	set_command(plan, service, record);
	set_environment(plan, service, record);
	set_directory(plan, service, record);
	set_ready(plan, service, record);
	service_user_set(plan, service, record);
	set_capabilities(plan, service, record);
}

/* place_of - of the service that NODE names, or -1 after a finding */
static int
place_of(struct plan *plan, const struct node *node, const char *name, const char *key)
{
	int place = service_find(&plan->services, node->text);

	if (place < 0)
		finding_add(plan->findings, "service-needs-unknown", &node->origin,
			"%s: %s names %s, and there is no such service in this container", name,
			key, node->text);
	return place;
}

static void
link_services(struct plan *plan, const struct node *record)
{
	const char *name = node_get(record, "name")->text;
	const struct node *needs = node_get(record, "needs");
	const struct node *needed_by = node_get(record, "needed_by");
	struct service_spec *all = plan->services.services;
	int own = service_find(&plan->services, name), other;

	if (own < 0 || all[own].place != SERVICES_PLACE)
		return; /* it was refused */
	for (size_t i = 0; needs != NULL && i < needs->count; i++)
		if ((other = place_of(plan, needs->items[i], name, "needs")) >= 0)
			all[own].needs |= 1u << other;
	for (size_t i = 0; needed_by != NULL && i < needed_by->count; i++)
		if ((other = place_of(plan, needed_by->items[i], name, "needed_by")) >= 0)
			all[other].needs |= 1u << own;
}

/* reached - all that FROM needs, and what those need */
static uint32_t
reached(const struct service_table *table, uint32_t from)
{
	uint32_t all = table->services[from].needs, before = 0;

	while (all != before) {
		before = all;
		for (uint32_t i = 0; i < table->count; i++)
			if (all >> i & 1)
				all |= table->services[i].needs;
	}
	return all;
}

uint32_t
services_circle(const struct service_table *table, uint32_t from)
{
	uint32_t circle = 0;

	for (uint32_t i = 0; i < table->count; i++)
		if ((reached(table, from) >> i & 1) && (reached(table, i) >> from & 1))
			circle |= 1u << i;
	return circle;
}

/* check_circle - each circle is told once, at the first record in it */
static void
check_circle(struct plan *plan, const struct node *record, uint32_t *told)
{
	const struct service_table *table = &plan->services;
	int own = service_find(table, node_get(record, "name")->text);
	const char *names = "";
	uint32_t circle;

	if (own < 0 || (*told >> own & 1))
		return;
	circle = services_circle(table, (uint32_t)own);
	*told |= circle;
	for (uint32_t i = 0; i < table->count; i++)
		if (circle >> i & 1)
			names = arena_printf(plan->arena, "%s%s%s", names,
				names[0] != '\0' ? ", " : "", table->services[i].name);
	if (circle != 0)
		finding_add(plan->findings, "service-needs-circle", &record->origin,
			(circle & (circle - 1)) == 0 ? "%s needs itself"
						     : "these services need each other: %s",
			names);
}

void
services_contribute(struct plan *plan)
{
	const struct node *list = records(plan);
	size_t count = list != NULL ? list->count : 0;
	uint32_t told = 0;

	for (size_t i = 0; i < count; i++)
		add_service(plan, list->items[i]);
	for (size_t i = 0; i < count; i++)
		link_services(plan, list->items[i]);
	for (size_t i = 0; i < count; i++)
		check_circle(plan, list->items[i], &told);
}
