/* master_field.c - the eight fields of a service in master.cf */
#include "language/master_field.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum field {
	FIELD_NAME,
	FIELD_TYPE,
	FIELD_PRIVATE,
	FIELD_UNPRIVILEGED,
	FIELD_CHROOT,
	FIELD_WAKEUP,
	FIELD_MAXPROC,
	FIELD_COMMAND,
	FIELD_COUNT,
};

/* As master(5) calls them. */
static const char *const titles[FIELD_COUNT] = {"service name", "service type", "private",
	"unprivileged", "chroot", "wakeup", "maxproc", "command"};

struct fields {
	const char *text[FIELD_COUNT];
	size_t at[FIELD_COUNT];
};

int
master_fault(struct faults *faults, const struct master_cf_service *service, size_t at,
	const char *format, ...)
{
	const char *text;
	va_list args;
	int line, column;

	va_start(args, format);
	text = arena_vprintf(faults->arena, format, args);
	va_end(args);
	logical_place(&service->line, at, &line, &column);
	fault_add_at(faults, FAULT_SYNTAX, line, column, "%s", text);
	return -1;
}

/* split - the fields, and where the arguments begin in *REST */
static int
split(struct faults *faults, struct master_cf_service *service, struct fields *fields, size_t *rest)
{
	const char *text = service->line.text;
	size_t at = 0;

	for (int i = 0; i < FIELD_COUNT; i++) {
		size_t len;

		at += strspn(text + at, MASTER_BLANKS);
		len = strcspn(text + at, MASTER_BLANKS);
		if (len == 0) {
			master_fault(faults, service, 0,
				"the line ends before the field \"%s\": a service has eight "
				"fields, "
				"name type private unprivileged chroot wakeup maxproc command",
				titles[i]);
			return -1;
		}
		fields->text[i] = arena_strndup(faults->arena, text + at, len);
		fields->at[i] = at;
		at += len;
	}
	*rest = at;
	return 0;
}

static int
check_type(struct faults *faults, struct master_cf_service *service, const struct fields *fields)
{
	static const char *const types[] = {"inet", "unix", "unix-dgram", "fifo", "pass"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i], fields->text[FIELD_TYPE]) == 0)
			return 0;
	return master_fault(faults, service, fields->at[FIELD_TYPE],
		"\"%.32s\" is no type of service: it is inet, unix, unix-dgram, fifo or pass",
		fields->text[FIELD_TYPE]);
}

static int
take_flag(struct faults *faults, struct master_cf_service *service, const struct fields *fields,
	enum field field, char *flag)
{
	const char *text = fields->text[field];

	if (text[1] != '\0' || strchr("yn-", text[0]) == NULL)
		return master_fault(faults, service, fields->at[field],
			"the field \"%s\" is \"%.32s\": it is y, n or - (its default)",
			titles[field], text);
	*flag = text[0];
	return 0;
}

/* check_number - digits or "-"; the wakeup time may end in "?" */
static int
check_number(struct faults *faults, struct master_cf_service *service, const struct fields *fields,
	enum field field)
{
	const char *text = fields->text[field];
	size_t digits = strspn(text, "0123456789");
	bool on_demand = field == FIELD_WAKEUP && digits > 0 && strcmp(text + digits, "?") == 0;

	/* more would not fit into an int */
	if (strcmp(text, "-") == 0 ||
		(digits > 0 && digits < 10 && (text[digits] == '\0' || on_demand)))
		return 0;
	return master_fault(faults, service, fields->at[field],
		"the field \"%s\" is \"%.32s\": it is a number or -%s", titles[field], text,
		field == FIELD_WAKEUP ? ", with ? behind a number for services that wait for their "
					"first client"
				      : "");
}

/* check_endpoint - [host]:port, host:port or port (host_port.c), the port in its range */
static int
check_endpoint(
	struct faults *faults, struct master_cf_service *service, const struct fields *fields)
{
	const char *text = fields->text[FIELD_NAME], *port = text, *end;
	size_t digits;

	if (text[0] == '[') {
		end = strchr(text, ']');
		if (end == NULL || end[1] != ':' || end[2] == '\0')
			return master_fault(faults, service, 0,
				"\"%.64s\" is no endpoint: an address in brackets is followed by "
				"\":\" and a port, as in [::1]:25",
				text);
		port = end + 2;
	} else if ((end = strrchr(text, ':')) != NULL) {
		port = end + 1;
	}
	digits = strspn(port, "0123456789");
	if (port[0] == '\0')
		return master_fault(faults, service, 0,
			"\"%.64s\" is no endpoint: a port is missing behind the \":\"", text);
	if (digits > 0 && (port[digits] != '\0' || digits > 5 || atoi(port) > 65535))
		return master_fault(faults, service, 0,
			"\"%.64s\" is no endpoint: a port is a name or a number up to 65535", text);
	return 0;
}

static int
check_inet(struct faults *faults, struct master_cf_service *service, const struct fields *fields)
{
	if (strcmp(service->type, "inet") != 0)
		return 0;
	if (check_endpoint(faults, service, fields) != 0)
		return -1;
	if (service->private != 'n')
		return master_fault(faults, service, fields->at[FIELD_PRIVATE],
			"an inet service cannot be private: its third field is n");
	return 0;
}

int
master_fields(struct faults *faults, struct master_cf_service *service)
{
	struct fields fields = {0};
	size_t rest = 0;

	if (split(faults, service, &fields, &rest) != 0)
		return -1;
	service->name = fields.text[FIELD_NAME];
	service->type = fields.text[FIELD_TYPE];
	service->wakeup = fields.text[FIELD_WAKEUP];
	service->maxproc = fields.text[FIELD_MAXPROC];
	service->command = fields.text[FIELD_COMMAND];
	service->command_at = fields.at[FIELD_COMMAND];
	if (check_type(faults, service, &fields) != 0 ||
		take_flag(faults, service, &fields, FIELD_PRIVATE, &service->private) != 0 ||
		check_inet(faults, service, &fields) != 0 ||
		take_flag(faults, service, &fields, FIELD_UNPRIVILEGED, &service->unprivileged) !=
			0 ||
		take_flag(faults, service, &fields, FIELD_CHROOT, &service->chroot) != 0 ||
		check_number(faults, service, &fields, FIELD_WAKEUP) != 0 ||
		check_number(faults, service, &fields, FIELD_MAXPROC) != 0)
		return -1;
	if (strcmp(service->command, "-") == 0)
		return master_fault(faults, service, service->command_at,
			"the field \"command\" has no default");
	return master_arguments(faults, service, rest);
}
