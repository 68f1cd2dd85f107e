/* service.c - the table that PID 1 gets */
#include "plan/service.h"

#include <string.h>

void
service_table_init(struct service_table *table)
{
	memset(table, 0, sizeof(*table));
	table->magic = SERVICE_TABLE_MAGIC;
	table->version = SERVICE_TABLE_VERSION;
	table->size = sizeof(*table);
}

int
service_set_text(char *room, unsigned size, const char *text)
{
	size_t len = strlen(text);

	if (len >= size)
		return -1;
	memcpy(room, text, len + 1);
	return 0;
}

int
service_set_argv(struct service_spec *service, const char *const *argv)
{
	size_t used = 0;

	memset(service->argv, 0, sizeof(service->argv));
	for (; *argv != NULL; argv++) {
		size_t len = strlen(*argv) + 1;
		/* one byte stays for the empty string at the end */
		if (len == 1 || used + len >= sizeof(service->argv))
			return -1;
		memcpy(service->argv + used, *argv, len);
		used += len;
	}
	return used > 0 ? 0 : -1;
}

int
service_get_argv(const struct service_spec *service, char **argv, int max)
{
	const char *at = service->argv;
	int argc = 0;

	while (*at != '\0' && argc < max - 1) {
		argv[argc++] = (char *)(size_t)at;
		at += strlen(at) + 1;
	}
	argv[argc] = NULL;
	return argc;
}

static bool
terminated(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

static bool
spec_valid(const struct service_spec *spec, uint32_t count)
{
	if (!terminated(spec->name, sizeof(spec->name)) || spec->name[0] == '\0')
		return false;
	if (spec->argv[0] == '\0' || spec->argv[sizeof(spec->argv) - 1] != '\0' ||
		spec->argv[sizeof(spec->argv) - 2] != '\0')
		return false;
	if (spec->needs >> count != 0)
		return false;
	for (int i = 0; i < SERVICE_PROBES; i++)
		if (!terminated(spec->probes[i].address, SERVICE_PATH_BYTES))
			return false;
	for (int i = 0; i < SERVICE_STALE; i++)
		if (!terminated(spec->stale[i], SERVICE_PATH_BYTES))
			return false;
	return true;
}

bool
service_table_valid(const struct service_table *table, unsigned long size)
{
	if (size != sizeof(*table) || table->magic != SERVICE_TABLE_MAGIC ||
		table->version != SERVICE_TABLE_VERSION || table->size != sizeof(*table) ||
		table->count > SERVICE_MAX)
		return false;
	for (int i = 0; i < SERVICE_SYSLOG_SOCKETS; i++)
		if (!terminated(table->syslog_sockets[i], SERVICE_PATH_BYTES))
			return false;
	for (int i = 0; i < SERVICE_CERTIFICATES; i++)
		if (!terminated(table->certificates[i].path, SERVICE_PATH_BYTES) ||
			!terminated(table->certificates[i].names, SERVICE_CERTIFICATE_NAMES_BYTES))
			return false;
	for (uint32_t i = 0; i < table->count; i++)
		if (!spec_valid(&table->services[i], table->count))
			return false;
	return true;
}

int
service_find(const struct service_table *table, const char *name)
{
	for (uint32_t i = 0; i < table->count; i++)
		if (strcmp(table->services[i].name, name) == 0)
			return (int)i;
	return -1;
}
