/* supervised.c - a daemon's row in the table that PID 1 gets */
#include "daemon/supervised.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

#define OPEN_PORTS "/proc/sys/net/ipv4/ip_unprivileged_port_start"
#define FIRST_OPEN_PORT 1024 /* as it was before kernels had the setting */

uint32_t
supervised_ms(const struct node *root, const char *path, uint32_t otherwise)
{
	const char *text = node_text(root, path, NULL);
	unsigned long long ms;

	if (text == NULL)
		return otherwise;
	ms = strtoull(text, NULL, 10); /* the schema has checked the digits */
	return ms > UINT32_MAX ? UINT32_MAX : (uint32_t)ms;
}

unsigned
supervised_bit(const struct plan *plan, const char *name)
{
	int place = service_find(&plan->services, name);

	return place < 0 ? 0 : 1u << place;
}

static void
does_not_fit(struct plan *plan, const char *service, const char *what)
{
	finding_add(plan->findings, "service-table-full", NULL,
		"%s: %s does not fit into the service table", service, what);
}

static void
fill_lists(struct plan *plan, struct service_spec *service, const struct supervised *daemon)
{
	size_t stale = 0;

	for (const char *const *path = daemon->stale; path != NULL && *path != NULL; path++)
		if (stale == SERVICE_STALE ||
			service_set_text(service->stale[stale++], SERVICE_PATH_BYTES, *path) != 0)
			does_not_fit(plan, daemon->name, *path);
	for (const char *const *need = daemon->needs; need != NULL && *need != NULL; need++)
		service->needs |= supervised_bit(plan, *need);
}

const char *
supervised_capability_name(struct plan *plan, unsigned capability)
{
	char name[CAPABILITY_NAME_BYTES];
	char *shown = arena_strdup(plan->arena, capability_name(capability, name));

	for (char *c = shown; *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	return shown;
}

/* demanded - the finding that begins with MESSAGE; a new one when there is none */
static struct finding *
demanded(struct plan *plan, const char *message, const char *help)
{
	static const struct origin container = {
		.kind = ORIGIN_SYSTEM, .name = "container's capabilities"};
	struct finding *finding;

	for (size_t i = 0; i < plan->findings->count; i++)
		if (text_starts(plan->findings->items[i].message, message))
			return &plan->findings->items[i];
	finding = finding_add(plan->findings, "capability-missing", &container,
		"%s, which is needed by ", message);
	finding->help = help;
	return finding;
}

void
supervised_demand(
	struct plan *plan, const char *name, const struct supervised_capability *capability)
{
	const char *shown = supervised_capability_name(plan, capability->capability);
	struct finding *finding;

	if ((plan->capabilities & CAPABILITY_BIT(capability->capability)) != 0)
		return;
	finding = demanded(plan,
		arena_printf(plan->arena, "the container lacks the capability %s", shown),
		arena_printf(plan->arena, "Start the container with --cap-add %s.", shown));
	finding->message = arena_printf(plan->arena, "%s%s%s %s", finding->message,
		text_ends(finding->message, " ") ? "" : "; by ", name, capability->why);
	if (capability->fewer != NULL)
		finding->help = arena_printf(plan->arena, "%s %s needs it no more %s.",
			finding->help, name, capability->fewer);
}

void
supervised_capability(
	struct plan *plan, const char *name, const struct supervised_capability *capability)
{
	int place = service_find(&plan->services, name);

	if (place < 0)
		return; /* its own row did not fit, which has been said */
	plan->services.services[place].capabilities |= CAPABILITY_BIT(capability->capability);
	supervised_demand(plan, name, capability);
}

/* first_open_port - the lowest port that everybody may have; 0 when all are open */
static long
first_open_port(void)
{
	struct buffer text = {0};
	long port = FIRST_OPEN_PORT;

	if (file_read(OPEN_PORTS, 64, &text, NULL) == 0)
		port = strtol(buffer_text(&text), NULL, 10);
	buffer_free(&text);
	return port;
}

void
supervised_binds(struct plan *plan, const char *name, long port)
{
	const struct supervised_capability bind = {CAPABILITY_NET_BIND_SERVICE,
		arena_printf(plan->arena, "to listen on port %ld", port),
		"in a container with --sysctl net.ipv4.ip_unprivileged_port_start=0"};

	/* of another machine it is not known: then what may be needed is named */
	if ((plan->live ? first_open_port() : FIRST_OPEN_PORT) > port)
		supervised_capability(plan, name, &bind);
}

unsigned
supervised_add(struct plan *plan, const struct supervised *daemon)
{
	struct service_spec *service = plan_add_service(plan, daemon->name);

	if (service == NULL || service_set_argv(service, daemon->argv) != 0) {
		does_not_fit(plan, daemon->name, "it");
		return 0;
	}
	service->place = (uint8_t)daemon->place;
	service->stop_signal = daemon->stop_signal;
	service->reload_signal = daemon->reload_signal;
	service->kill_to_stop = daemon->kill_to_stop;
	service->no_new_privs = daemon->no_new_privs;
	memcpy(service->final_exits, daemon->final_exits, sizeof(service->final_exits));
	service->start_timeout_ms =
		supervised_ms(plan->settings, "start.timeout", SUPERVISED_START_TIMEOUT_MS);
	service->stop_timeout_ms =
		supervised_ms(plan->settings, "stop.timeout", SUPERVISED_STOP_TIMEOUT_MS);
	if (daemon->drain != NULL &&
		service_set_text(service->drain, sizeof(service->drain), daemon->drain) != 0)
		does_not_fit(plan, daemon->name, daemon->drain);
	if (daemon->flush_argv != NULL &&
		(service_add_list(&plan->services, daemon->flush_argv, &service->flush_argv) != 0 ||
			service_set_text(service->flush_after, sizeof(service->flush_after),
				daemon->flush_after) != 0))
		does_not_fit(plan, daemon->name, daemon->flush_argv[0]);
	fill_lists(plan, service, daemon);
	service->capabilities = daemon->uses;
	for (const struct supervised_capability *at = daemon->capabilities;
		at != NULL && at->why != NULL; at++)
		supervised_capability(plan, daemon->name, at);
	return supervised_bit(plan, daemon->name);
}

void
supervised_probe(struct plan *plan, enum probe_kind kind, const char *address)
{
	struct service_spec *service;
	size_t i = 0;

	if (plan->services.count == 0)
		return; /* its own row did not fit, which has been said */
	service = &plan->services.services[plan->services.count - 1];
	while (i < SERVICE_PROBES && service->probes[i].kind != PROBE_NONE)
		i++;
	if (i == SERVICE_PROBES ||
		service_set_text(service->probes[i].address, sizeof(service->probes[i].address),
			address) != 0) {
		does_not_fit(plan, service->name, address);
		return;
	}
	service->probes[i].kind = (uint8_t)kind;
}
