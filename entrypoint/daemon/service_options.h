#ifndef DAEMON_SERVICE_OPTIONS_H
#define DAEMON_SERVICE_OPTIONS_H

#include "plan/plan.h"

/*
 * The setting postfix.options: single parameters of a service of master.cf, by
 * service/type/parameter. Each becomes a "-o" behind the service's own arguments,
 * where it counts over an earlier one of that name (master(5)). A service that
 * FILE does not have is an error; of another image's file it is a warning.
 */
void service_options_apply(struct plan *plan, struct plan_file *file);

#endif
