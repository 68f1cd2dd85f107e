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
	table->texts_used = 2;
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

int
service_add_list(struct service_table *table, const char *const *strings, service_list *list)
{
	size_t start = table->texts_used, at = start;

	*list = 0;
	if (*strings == NULL)
		return 0;
	for (; *strings != NULL; strings++) {
		size_t len = strlen(*strings) + 1;

		if (len == 1 || at + len >= sizeof(table->texts))
			return -1;
		memcpy(table->texts + at, *strings, len);
		at += len;
	}
	table->texts[at++] = '\0';
	table->texts_used = (uint16_t)at;
	*list = (service_list)start;
	return 0;
}

int
service_get_list(const struct service_table *table, service_list list, char **strings, int max)
{
	const char *at = table->texts + list;
	int count = 0;

	while (*at != '\0' && count < max - 1) {
		strings[count++] = (char *)(size_t)at;
		at += strlen(at) + 1;
	}
	strings[count] = NULL;
	return count;
}

int
service_ready_fd(const struct service_spec *service)
{
	for (int i = 0; i < SERVICE_PROBES; i++) {
		const char *at = service->probes[i].address;
		int fd = 0;

		if (service->probes[i].kind != PROBE_FD)
			continue;
		while (*at >= '0' && *at <= '9' && fd <= SERVICE_READY_FD_MAX)
			fd = fd * 10 + (*at++ - '0');
		return fd >= SERVICE_READY_FD_MIN && fd <= SERVICE_READY_FD_MAX ? fd : -1;
	}
	return -1;
}

static bool
bytes_same(const void *a, const void *b, size_t size)
{
	return memcmp(a, b, size) == 0;
}

/*
 * Byte by byte: a row is zeroed before it is filled, its padding too. Left out is what
 * says only how the newest plan differs from the one before.
 */
static bool
spec_same(const struct service_spec *a, const struct service_spec *b)
{
	struct service_spec one, other;

	memcpy(&one, a, sizeof(one)); /* with the padding, which an assignment may leave out */
	memcpy(&other, b, sizeof(other));
	one.changed = other.changed = false;
	one.restart = other.restart = false;
	one.flush = other.flush = false;
	return bytes_same(&one, &other, sizeof(one));
}

bool
service_table_same(const struct service_table *a, const struct service_table *b)
{
	if (a->count != b->count || a->stop_timeout_ms != b->stop_timeout_ms ||
		a->restart_delay_ms != b->restart_delay_ms ||
		a->restart_max_delay_ms != b->restart_max_delay_ms ||
		a->give_up_count != b->give_up_count ||
		a->give_up_window_ms != b->give_up_window_ms ||
		a->give_up_stay != b->give_up_stay || a->log_format != b->log_format ||
		a->log_level != b->log_level || a->log_mask != b->log_mask ||
		memcmp(a->syslog_sockets, b->syslog_sockets, sizeof(a->syslog_sockets)) != 0 ||
		memcmp(a->texts, b->texts, sizeof(a->texts)) != 0)
		return false;
	for (uint32_t i = 0; i < a->count; i++)
		if (!spec_same(&a->services[i], &b->services[i]))
			return false;
	return true;
}

void
service_table_tell(struct service_table *table, const struct service_table *next)
{
	table->findings_errors = next->findings_errors;
	table->findings_warnings = next->findings_warnings;
	table->findings_notes = next->findings_notes;
	memcpy(table->certificates, next->certificates, sizeof(table->certificates));
	table->certificates_more = next->certificates_more;
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
	if (!terminated(spec->drain, sizeof(spec->drain)) ||
		!terminated(spec->flush_after, sizeof(spec->flush_after)) ||
		spec->needs >> count != 0)
		return false;
	if (spec->ready_argv > SERVICE_TEXTS_BYTES - 2 ||
		spec->flush_argv > SERVICE_TEXTS_BYTES - 2 ||
		spec->environment > SERVICE_TEXTS_BYTES - 2 ||
		spec->directory > SERVICE_TEXTS_BYTES - 2)
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
	if (table->texts[0] != '\0' || table->texts[1] != '\0' ||
		table->texts[SERVICE_TEXTS_BYTES - 1] != '\0' ||
		table->texts[SERVICE_TEXTS_BYTES - 2] != '\0')
		return false;
	for (int i = 0; i < SERVICE_SYSLOG_SOCKETS; i++)
		if (!terminated(table->syslog_sockets[i], SERVICE_PATH_BYTES))
			return false;
	for (int i = 0; i < SERVICE_CERTIFICATES; i++)
		if (!terminated(table->certificates[i].path, SERVICE_PATH_BYTES) ||
			!terminated(
				table->certificates[i].names, SERVICE_CERTIFICATE_NAMES_BYTES) ||
			!terminated(table->certificates[i].trouble, SERVICE_TROUBLE_BYTES))
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
