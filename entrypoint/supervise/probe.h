#ifndef SUPERVISE_PROBE_H
#define SUPERVISE_PROBE_H

#include <stdbool.h>
#include <sys/types.h>

#include "plan/service.h"

/*
 * Readiness: the thing works. A short-lived child asks again and again until
 * every probe of a service has answered, and exits 0. It has no time-out of its
 * own: whoever started it kills it, with its group. PROBE_NOTIFY and PROBE_FD are
 * not asked, they are told (see notify.h).
 *
 * PROBE_EXEC runs its command as the service itself would run: same user, same
 * capabilities, same environment; its output goes nowhere. A command that has not
 * ended after PROBE_EXEC_MS ends the child with code 1: whoever started it ends
 * the group, and asks anew.
 */
#define PROBE_EXEC_MS 10000

/* Whether the service has any probe that a child must ask. */
bool probe_wanted(const struct service_spec *spec);

/* Whether the service tells, by KIND (PROBE_NOTIFY or PROBE_FD), that it is ready. */
bool probe_told_by(const struct service_spec *spec, enum probe_kind kind);

/* Whether the service tells in either way that it is ready. */
bool probe_told(const struct service_spec *spec);

/*
 * Starts the child for SPEC, a service of TABLE. It leads a group of its own.
 * Returns its pid, or -1 with errno.
 */
pid_t probe_start(const struct service_table *table, const struct service_spec *spec);

/*
 * Describes what a service is probed by, "milter opendkim/o.sock", into TEXT;
 * empty when there is none. Returns TEXT.
 */
char *probe_text(const struct service_spec *spec, char *text, size_t size);

#endif
