#ifndef SUPERVISE_PROBE_H
#define SUPERVISE_PROBE_H

#include <stdbool.h>
#include <sys/types.h>

#include "plan/service.h"

/*
 * Readiness: the thing works. A short-lived child asks again and again until
 * every probe of a service has answered, and exits 0. It has no time-out of its
 * own: whoever started it kills it. PROBE_NOTIFY is not asked, it is told (see
 * notify.h).
 */

/* Whether the service has any probe that a child must ask. */
bool probe_wanted(const struct service_spec *spec);

/* Whether the service tells by NOTIFY_SOCKET that it is ready. */
bool probe_told(const struct service_spec *spec);

/* Starts the child. Returns its pid, or -1 with errno. */
pid_t probe_start(const struct service_spec *spec);

/*
 * Describes what a service is probed by, "milter opendkim/o.sock", into TEXT;
 * empty when there is none. Returns TEXT.
 */
char *probe_text(const struct service_spec *spec, char *text, size_t size);

#endif
