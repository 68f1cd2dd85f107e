#ifndef LANGUAGE_MASTER_FIELD_H
#define LANGUAGE_MASTER_FIELD_H

#include "language/fault.h"
#include "language/master_cf.h"

/*
 * The inside of master_cf_parse: fills SERVICE from its LINE. Returns 0, or -1
 * when there is no service in it, for master or its daemon would die; FAULTS says
 * of what.
 */
int master_fields(struct faults *faults, struct master_cf_service *service);

/* Reads what stands behind the command, at AT of the line. Returns as master_fields. */
int master_arguments(struct faults *faults, struct master_cf_service *service, size_t at);

/* The blanks that part fields and arguments: CHARS_SPACE of Postfix. */
#define MASTER_BLANKS " \t\r\n"

/* Adds a fault at byte AT of the service's line. Returns -1. */
int master_fault(struct faults *faults, const struct master_cf_service *service, size_t at,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
