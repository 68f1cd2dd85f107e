/* snapshot.c - what PID 1 knows, as one struct */
#include <string.h>

#include "supervise/clock.h"
#include "supervise/say.h"
#include "supervise/supervisor.h"

static void
take_service(const struct supervisor *supervisor, uint32_t service, struct status_service *taken)
{
	const struct state_machine *machine = &supervisor->fleet.machines[service];
	const struct runner *runner = &supervisor->runners[service];

	memcpy(taken->name, supervisor->table.services[service].name, sizeof(taken->name));
	taken->state = (uint8_t)machine->state;
	taken->required = supervisor->table.services[service].required;
	taken->exit_kind = runner->exit_kind;
	taken->exit_value = runner->exit_value;
	taken->pid = runner->pid;
	taken->restarts = machine->restarts;
	taken->missing = fleet_missing(&supervisor->fleet, service);
	taken->since = clock_wall() - (clock_monotonic() - machine->since);
}

void
snapshot_take(const struct supervisor *supervisor, struct status_snapshot *snapshot)
{
	const struct service_table *table = &supervisor->table;
	const struct planning *planning = &supervisor->planning;

	memset(snapshot, 0, sizeof(*snapshot));
	snapshot->magic = STATUS_SNAPSHOT_MAGIC;
	snapshot->size = sizeof(*snapshot);
	snapshot->generation = table->generation;
	snapshot->phase = (uint8_t)supervisor->phase;
	snapshot->reload = planning->result;
	snapshot->reload_at = planning->result_at;
	snapshot->reload_findings = planning->findings;
	snapshot->cannot_bound = supervisor->cannot_bound;
	snapshot->capabilities = supervisor->capabilities;
	snapshot->findings_errors = table->findings_errors;
	snapshot->findings_warnings = table->findings_warnings;
	snapshot->findings_notes = table->findings_notes;
	snapshot->log_lines = supervisor->logger.share->lines;
	snapshot->log_dropped = supervisor->logger.share->dropped + say_lost();
	snapshot->orphans = supervisor->orphans;
	snapshot->watch_error = -1;
	if (supervisor->watcher.pid > 0) {
		snapshot->watched = supervisor->watcher.share->paths;
		snapshot->watch_error = supervisor->watcher.share->error;
	}
	memcpy(snapshot->facts, supervisor->logger.share->facts, sizeof(snapshot->facts));
	snapshot->service_count = supervisor->fleet.count;
	for (uint32_t i = 0; i < supervisor->fleet.count; i++)
		take_service(supervisor, i, &snapshot->services[i]);
	memcpy(snapshot->certificates, table->certificates, sizeof(snapshot->certificates));
	snapshot->certificates_more = table->certificates_more;
}
