/* opendkim_table.c - KeyTable, SigningTable and lists of hosts */
#include "language/opendkim_table.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LINE_BYTES_MAX 1022 /* fgets() of 1024, less the newline and the NUL */
#define INLINE_KEY_BYTES_MIN \
	200 /* an RSA key of 1024 bits has 800; shorter is a path or nonsense */
#define ROWS_MAX 100000 /* of a KeyTable, looked up for each row of a SigningTable */

void
opendkim_rows_init(struct opendkim_rows *rows, struct arena *arena, const char *text, size_t len)
{
	*rows = (struct opendkim_rows){.arena = arena, .text = text, .len = len};
}

bool
opendkim_rows_next(struct opendkim_rows *rows, struct opendkim_row *row)
{
	static const char blanks[] = " \t\v\f\r";

	while (rows->at < rows->len) {
		const char *from = rows->text + rows->at;
		const char *end = memchr(from, '\n', rows->len - rows->at);
		size_t len = end != NULL ? (size_t)(end - from) : rows->len - rows->at;
		char *text = arena_strndup(rows->arena, from, strnlen(from, len)), *value;

		rows->at += len + 1;
		rows->line++;
		text[strcspn(text, "#")] = '\0';
		text += strspn(text, blanks);
		if (*text == '\0')
			continue;
		value = text + strcspn(text, blanks);
		if (*value != '\0')
			*value++ = '\0';
		value += strspn(value, blanks);
		len = strlen(value);
		while (len > 0 && strchr(blanks, value[len - 1]) != NULL)
			len--;
		value[len] = '\0';
		*row = (struct opendkim_row){rows->line, text, value,
			(end != NULL ? (size_t)(end - from) : rows->len) > LINE_BYTES_MAX};
		return true;
	}
	return false;
}

static void
tell(struct faults *faults, enum fault_kind kind, const struct opendkim_row *row, const char *value,
	const char *text)
{
	fault_add(faults, kind, row->line, row->line, value, "%s", text);
}

/* check_key - DOMAIN:SELECTOR:KEY, of which none may be empty; dkimf_add_signrequest */
static void
check_key(struct faults *faults, const struct opendkim_row *row)
{
	const char *selector = strchr(row->value, ':'), *key;

	key = selector != NULL ? strchr(selector + 1, ':') : NULL;
	if (key == NULL || selector == row->value || key == selector + 1 || key[1] == '\0') {
		tell(faults, FAULT_REFUSING, row, row->key,
			"the row is not NAME DOMAIN:SELECTOR:KEY");
		return;
	}
	key++;
	if (key[0] != '/' && strncmp(key, "./", 2) != 0 && strncmp(key, "../", 3) != 0 &&
		strlen(key) < INLINE_KEY_BYTES_MIN)
		tell(faults, FAULT_REFUSING, row, row->key,
			"the key is no path, for that begins with / or ./, and too short to be a "
			"key itself");
}

void
opendkim_keytable_check(struct faults *faults, const char *text, size_t len)
{
	struct opendkim_rows rows;
	struct opendkim_row row;

	opendkim_rows_init(&rows, faults->arena, text, len);
	while (opendkim_rows_next(&rows, &row)) {
		if (row.cut)
			tell(faults, FAULT_REFUSING, &row, row.key,
				"the line is longer than the 1022 bytes that OpenDKIM reads of "
				"one: keep the key in a file");
		else
			check_key(faults, &row);
	}
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* key_names - the names of a KeyTable, sorted */
static const char **
key_names(struct arena *arena, const char *text, size_t len, size_t *count)
{
	struct opendkim_rows rows;
	struct opendkim_row row;
	const char **names = NULL;
	size_t room = 0;

	*count = 0;
	opendkim_rows_init(&rows, arena, text, len);
	while (*count < ROWS_MAX && opendkim_rows_next(&rows, &row)) {
		if (*count == room) {
			room = room != 0 ? room * 2 : 64;
			names = arena_grow(
				arena, names, *count * sizeof(*names), room * sizeof(*names));
		}
		names[(*count)++] = row.key;
	}
	if (*count > 0)
		qsort(names, *count, sizeof(*names), compare_names);
	return names;
}

/* check_sender - whether any mail could match; dkimf_apply_signtable */
static void
check_sender(struct faults *faults, const struct opendkim_row *row, bool patterns)
{
	const char *key = row->key, *star = strchr(key, '*'), *at = strchr(key, '@');

	if (patterns) {
		if (star == NULL && at == NULL)
			tell(faults, FAULT_UNSIGNED, row, key,
				"the pattern is compared with whole addresses, and has neither * "
				"nor @: *@DOMAIN takes all of a domain");
		return;
	}
	/* "*" and "user@*" are the two that a plain table knows */
	if (star != NULL && strcmp(key, "*") != 0 && (star[1] != '\0' || star - 1 != at))
		tell(faults, FAULT_UNSIGNED, row, key,
			"the sender is a pattern, which only a SigningTable with refile: before "
			"its path has; here DOMAIN takes all of a domain");
}

void
opendkim_signingtable_check(struct faults *faults, const char *text, size_t len, bool patterns,
	const char *keys, size_t keys_len)
{
	struct opendkim_rows rows;
	struct opendkim_row row;
	const char **names = NULL;
	size_t count = 0;

	if (keys != NULL)
		names = key_names(faults->arena, keys, keys_len, &count);
	opendkim_rows_init(&rows, faults->arena, text, len);
	while (opendkim_rows_next(&rows, &row)) {
		const char *name = arena_strndup(faults->arena, row.value, strcspn(row.value, ":"));

		check_sender(faults, &row, patterns);
		if (name[0] == '\0')
			tell(faults, FAULT_REFUSING, &row, row.key,
				"the row names no key: it is SENDER NAME");
		else if (keys != NULL && strcmp(name, "%") != 0 &&
			(count == 0 ||
				bsearch(&name, names, count, sizeof(*names), compare_names) ==
					NULL))
			tell(faults, FAULT_REFUSING, &row, name,
				"the key that the row names is not in the KeyTable");
	}
}

/* as_network - ADDRESS/BITS as OpenDKIM itself would write it, or NULL when it is none */
static const char *
as_network(struct arena *arena, const char *entry)
{
	const char *slash = strchr(entry, '/');
	unsigned char bytes[16];
	char *end, shown[INET6_ADDRSTRLEN];
	char *address;
	size_t size;
	long bits;
	int family;

	if (slash == NULL)
		return NULL;
	address = arena_strndup(arena, entry, (size_t)(slash - entry));
	family = strchr(address, ':') != NULL ? AF_INET6 : AF_INET;
	size = family == AF_INET6 ? 16 : 4;
	bits = strtol(slash + 1, &end, 10);
	if (inet_pton(family, address, bytes) != 1 || slash[1] < '0' || slash[1] > '9' ||
		*end != '\0' || bits > (long)size * 8)
		return NULL;
	for (size_t i = 0; i < size; i++) {
		long left = bits - (long)i * 8;

		if (left < 8)
			bytes[i] &= left > 0 ? (unsigned char)(0xff << (8 - left)) : 0;
	}
	if (inet_ntop(family, bytes, shown, sizeof(shown)) == NULL)
		return NULL;
	return arena_printf(arena, "%s/%ld", shown, bits);
}

static const char *
as_address(struct arena *arena, const char *entry)
{
	unsigned char bytes[16];
	char shown[INET6_ADDRSTRLEN];
	int family = strchr(entry, ':') != NULL ? AF_INET6 : AF_INET;

	if (inet_pton(family, entry, bytes) != 1 ||
		inet_ntop(family, bytes, shown, sizeof(shown)) == NULL)
		return NULL;
	return arena_strdup(arena, shown);
}

/*
 * check_host - OpenDKIM writes the client's address down, with each length of
 * prefix, and looks whether that text is in the list: an entry that is written
 * in another way matches nothing. dkimf_checkip
 */
static void
check_host(struct faults *faults, const struct opendkim_row *row, enum fault_kind kind)
{
	const char *entry = row->key, *proper;

	if (row->value[0] != '\0') {
		tell(faults, kind, row, entry,
			"the line holds more than one entry, of which the "
			"first counts");
	}
	entry += *entry == '!';
	if (*entry == '[')
		return; /* the same forms in brackets */
	if (strchr(entry, '/') == NULL && strchr(entry, ':') == NULL)
		return; /* a name, or an IPv4 address, which has one form only */
	proper = strchr(entry, '/') != NULL ? as_network(faults->arena, entry)
					    : as_address(faults->arena, entry);
	if (proper == NULL)
		tell(faults, kind, row, entry, "the entry is no address, network or name");
	else if (strcasecmp(proper, entry) != 0)
		fault_add(faults, kind, row->line, row->line, entry,
			"the entry matches nothing as it is written; it is %s", proper);
}

void
opendkim_hosts_check(struct faults *faults, const char *text, size_t len, enum fault_kind kind)
{
	struct opendkim_rows rows;
	struct opendkim_row row;

	opendkim_rows_init(&rows, faults->arena, text, len);
	while (opendkim_rows_next(&rows, &row))
		check_host(faults, &row, kind);
}
