/*
 * postfix_sources.c - lookup tables that the user has as files
 *
 * Seen in the field: hash:/etc/postfix/sasl_passwd without its .db, or with one that was
 * older, and mail waited for days. The file is the user's; the copy is ours.
 */
#include "daemon/postfix_sources.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "daemon/lines.h"
#include "daemon/postfix_source.h"

#define SOURCES_LIMIT (16 * 1024 * 1024)
#define SOURCES_PLACE "postfix/maps/"
#define CONFIG_DIRECTORY "/etc/postfix"

enum use { USE_NONE, USE_COPY, USE_SUM };

/* One mention of a table: TYPE:PATH at START, up to END. */
struct mention {
	const char *start, *end;
	const char *type, *path; /* as the container has them */
};

void
postfix_sources_init(struct postfix_sources *sources, struct plan *plan, unsigned services)
{
	sources->plan = plan;
	sources->services = services;
	sources->sums = node_new(plan->arena, NODE_MAP, NULL);
}

static enum use
use_of(const char *type)
{
	static const char *const compiled[] = {"btree", "cdb", "dbm", "hash", "lmdb", "sdbm"};
	static const char *const text[] = {"cidr", "pcre", "regexp", "texthash"};

	for (size_t i = 0; i < sizeof(compiled) / sizeof(compiled[0]); i++)
		if (strcmp(type, compiled[i]) == 0)
			return USE_COPY;
	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		if (strcmp(type, text[i]) == 0)
			return USE_SUM;
	return USE_NONE;
}

/* type_before - the type that ends at COLON, not before FROM; Debian's default type is hash */
static const char *
type_before(struct arena *arena, const char *from, const char *colon, const char **start)
{
	static const char *const variables[] = {
		"$default_database_type", "${default_database_type}", "$(default_database_type)"};
	const char *at = colon;

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		size_t len = strlen(variables[i]);

		if ((size_t)(colon - from) >= len && strncmp(colon - len, variables[i], len) == 0) {
			*start = colon - len;
			return "hash";
		}
	}
	while (at > from && ((at[-1] >= 'a' && at[-1] <= 'z') || (at[-1] >= '0' && at[-1] <= '9')))
		at--;
	*start = at;
	return arena_strndup(arena, at, (size_t)(colon - at));
}

/* path_behind - the absolute path behind COLON, or NULL; *END is where it ends */
static const char *
path_behind(struct arena *arena, const char *colon, const char **end)
{
	static const char *const variables[] = {
		"$config_directory/", "${config_directory}/", "$(config_directory)/"};
	const char *at = colon + 1, *before = "";
	size_t len;

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		if (text_starts(at, variables[i])) {
			at += strlen(variables[i]) - 1;
			before = CONFIG_DIRECTORY;
		}
	len = strcspn(at, " \t\r\n,{}()$");
	*end = at + len;
	/* a further $ leads nobody knows where */
	if (at[0] != '/' || len < 2 || **end == '$')
		return NULL;
	return arena_printf(arena, "%s%.*s", before, (int)len, at);
}

/* next_mention - the next one at or behind FROM within VALUE; false when there is none */
static bool
next_mention(struct arena *arena, const char *from, struct mention *mention)
{
	for (const char *at = strchr(from, ':'); at != NULL; at = strchr(at + 1, ':')) {
		mention->type = type_before(arena, from, at, &mention->start);
		mention->path = path_behind(arena, at, &mention->end);
		if (mention->path != NULL && use_of(mention->type) != USE_NONE)
			return true;
	}
	return false;
}

/* ---- the files ---- */

static bool
must_be_here(const struct plan *plan)
{
	return plan->live || plan->root[0] != '\0';
}

/* tell_absent - why a table cannot be read; elsewhere than in the container that is a note */
static void
tell_absent(struct plan *plan, const char *path, const struct origin *origin, int error)
{
	if (must_be_here(plan) || error != ENOENT)
		finding_add(
			plan->findings, "map-unreadable", origin, "%s: %s", path, strerror(error));
	else
		finding_add(plan->findings, "not-checked", origin,
			"%s is not here: the lookup table is read in the container", path);
}

/* is_compiled - whether what postmap makes of PATH is there, and not older than it */
static bool
is_compiled(struct arena *arena, const char *type, const char *path)
{
	const char *suffix = strcmp(type, "lmdb") == 0                    ? "lmdb"
		: strcmp(type, "cdb") == 0                                ? "cdb"
		: strcmp(type, "hash") == 0 || strcmp(type, "btree") == 0 ? "db"
									  : "dir";
	struct stat source, made;

	if (stat(arena_printf(arena, "%s.%s", path, suffix), &made) != 0)
		return false;
	return stat(path, &source) != 0 || source.st_mtime <= made.st_mtime;
}

/*
 * read_source - the table's text; NULL after saying why, or with *COMPILED when it stays as it
 * is: there is no text, or one too large to be read whole by each process of Postfix
 */
static const char *
read_source(struct plan *plan, const struct mention *mention, const struct origin *origin,
	size_t *len, mode_t *mode, bool *compiled)
{
	const char *place = plan_path(plan, mention->path), *text = NULL;
	struct buffer content = {0};
	struct stat status;

	watches_add(plan->watches, place);
	*compiled = false;
	if (file_read(place, SOURCES_LIMIT, &content, &status) == 0) {
		text = arena_strndup(plan->arena, buffer_text(&content), content.len);
		*len = content.len;
		*mode = status.st_mode;
	} else if ((errno == ENOENT || errno == EFBIG) && use_of(mention->type) == USE_COPY &&
		is_compiled(plan->arena, mention->type, place)) {
		*compiled = true;
	} else {
		tell_absent(plan, mention->path, origin, errno);
	}
	buffer_free(&content);
	return text;
}

/* name_of - the name of the copy within the generation */
static const char *
name_of(struct arena *arena, const char *path, bool aliases)
{
	char *name =
		arena_printf(arena, SOURCES_PLACE "%s%s", aliases ? "aliases_of_" : "", path + 1);

	for (char *c = name + strlen(SOURCES_PLACE); *c != '\0'; c++)
		if (*c == '/')
			*c = '_';
	return name;
}

/* is_secret - by what it is for, what it is called, or who may read it */
static bool
is_secret(const char *parameter, const char *path, mode_t mode)
{
	return strstr(parameter, "passw") != NULL || strstr(path, "passw") != NULL ||
		(mode & S_IROTH) == 0;
}

static void
put_copy(struct postfix_sources *sources, const char *name, const char *text, size_t len,
	bool secret)
{
	struct plan_file *file = plan_add_file(sources->plan, name, NULL);

	buffer_append(&file->content, text, len);
	file->mode = secret ? 0600 : 0644;
	file->secret = secret;
	file->services = sources->services;
}

/*
 * copy - the mention of a table that postmap would compile; what stands for it now, or
 * NULL when it stays as it is
 */
static const char *
copy(struct postfix_sources *sources, const char *parameter, const struct mention *mention,
	const struct origin *origin)
{
	struct plan *plan = sources->plan;
	bool aliases = strcmp(parameter, "alias_maps") == 0, compiled;
	const char *name = name_of(plan->arena, mention->path, aliases), *text;
	mode_t mode = 0644;
	size_t len;

	if (plan_find_file(plan, name) == NULL) {
		text = read_source(plan, mention, origin, &len, &mode, &compiled);
		if (compiled || (text == NULL && must_be_here(plan)))
			return NULL;
		if (text == NULL) {
			text = arena_printf(plan->arena, "# {deferred:map:%s}\n", mention->path);
			len = strlen(text);
			plan_add_deferred(plan, arena_printf(plan->arena, "map:%s", mention->path),
				"the file is read in the container");
		} else if (aliases) {
			text = postfix_source_aliases(plan, mention->path, text, &len);
		} else {
			postfix_source_check(plan, mention->path, text, len);
		}
		put_copy(sources, name, text, len, is_secret(parameter, mention->path, mode));
		finding_add(plan->findings, "map-copied", origin,
			"%s:%s is read from a copy of its source, as texthash:%s/%s", mention->type,
			mention->path, PLAN_CURRENT, name);
	}
	return arena_printf(plan->arena, "texthash:%s/%s", PLAN_CURRENT, name);
}

/* sum - a table that Postfix reads where it is */
static void
sum(struct postfix_sources *sources, const struct mention *mention, const struct origin *origin)
{
	struct plan *plan = sources->plan;
	const char *text;
	char hex[DIGEST_SHA256_TEXT] = "{deferred:sum}";
	bool compiled;
	mode_t mode;
	size_t len;

	if (text_starts(mention->path, PLAN_CURRENT "/") ||
		node_get(sources->sums, mention->path) != NULL)
		return;
	text = read_source(plan, mention, origin, &len, &mode, &compiled);
	if (text != NULL) {
		digest_sha256(text, len, hex);
		if (strcmp(mention->type, "texthash") == 0)
			postfix_source_check(plan, mention->path, text, len);
	}
	if (text != NULL || !must_be_here(plan))
		node_set(plan->arena, sources->sums, mention->path,
			node_scalar(plan->arena, hex, origin));
}

/* ---- the references ---- */

/* refer - VALUE with its mentions led to their copies; VALUE itself when there is none */
static const char *
refer(struct postfix_sources *sources, const char *parameter, const struct node *value)
{
	struct arena *arena = sources->plan->arena;
	const char *from = value->text, *done = "";
	struct mention mention;

	for (const char *at = from; next_mention(arena, at, &mention); at = mention.end) {
		const char *place = NULL;

		if (use_of(mention.type) == USE_COPY)
			place = copy(sources, parameter, &mention, &value->origin);
		else
			sum(sources, &mention, &value->origin);
		if (place == NULL)
			continue;
		done = arena_printf(
			arena, "%s%.*s%s", done, (int)(mention.start - from), from, place);
		from = mention.end;
	}
	return from == value->text ? value->text : arena_printf(arena, "%s%s", done, from);
}

/* is_for_tools - what no daemon reads: newaliases alone, which writes a .db beside it */
static bool
is_for_tools(const char *parameter)
{
	return strcmp(parameter, "alias_database") == 0;
}

const struct node *
postfix_sources_refer(struct postfix_sources *sources, const struct node *map)
{
	struct arena *arena = sources->plan->arena;
	struct node *result;

	if (map == NULL || map->type != NODE_MAP || map->count == 0)
		return map;
	result = node_new(arena, NODE_MAP, &map->origin);
	for (size_t i = 0; i < map->count; i++) {
		struct node *item = map->items[i];
		const char *text = is_for_tools(map->keys[i]) ? item->text
							      : refer(sources, map->keys[i], item);

		if (text != item->text) {
			struct node *changed = node_scalar(arena, text, &item->origin);

			changed->secret = item->secret;
			changed->deferred = item->deferred;
			changed->overrode = item->overrode;
			item = changed;
		}
		node_set_at(arena, result, map->keys[i], &map->key_origins[i], item);
	}
	return result;
}

void
postfix_sources_finish(struct postfix_sources *sources)
{
	struct plan_file *file;
	struct lines lines;

	if (sources->sums->count == 0)
		return;
	lines_init(&lines, sources->plan);
	lines_add(&lines,
		"# Tables that Postfix reads where they are. A change of one changes its sum, and "
		"so Postfix is told.",
		NULL);
	for (size_t i = 0; i < sources->sums->count; i++)
		lines_add(&lines,
			arena_printf(sources->plan->arena, "%s  %s", sources->sums->items[i]->text,
				sources->sums->keys[i]),
			&sources->sums->items[i]->origin);
	file = plan_add_file(sources->plan, SOURCES_PLACE "sums", NULL);
	lines_finish(&lines, file);
	file->services = sources->services;
}
