/* supervised.c - a daemon's row in the table that PID 1 gets */
#include "daemon/supervised.h"

#include <stdlib.h>
#include <string.h>

#define START_TIMEOUT_MS 30000
#define STOP_TIMEOUT_MS 8000

uint32_t
supervised_ms(const struct plan *plan, const char *path, uint32_t otherwise)
{
	const char *text = node_text(plan->settings, path, NULL);
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

unsigned
supervised_add(struct plan *plan, const struct supervised *daemon)
{
	struct service_spec *service = plan_add_service(plan, daemon->name);

	if (service == NULL || service_set_argv(service, daemon->argv) != 0) {
		does_not_fit(plan, daemon->name, "it");
		return 0;
	}
	service->place = (uint8_t)daemon->place;
	service->capabilities = daemon->capabilities;
	service->stop_signal = daemon->stop_signal;
	service->reload_signal = daemon->reload_signal;
	service->kill_to_stop = daemon->kill_to_stop;
	service->no_new_privs = daemon->no_new_privs;
	memcpy(service->final_exits, daemon->final_exits, sizeof(service->final_exits));
	service->start_timeout_ms = supervised_ms(plan, "start.timeout", START_TIMEOUT_MS);
	service->stop_timeout_ms = supervised_ms(plan, "stop.timeout", STOP_TIMEOUT_MS);
	fill_lists(plan, service, daemon);
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
