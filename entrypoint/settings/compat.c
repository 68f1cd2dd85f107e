/*
 * compat.c - variables of other images become settings
 *
 * The table's order decides between two variables for one setting: the upper one
 * wins. What needs several variables, or the settings themselves, comes last.
 */
#include "settings/compat.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "settings/compat_parts.h"
#include "settings/environment.h"
#include "settings/secret.h"
#include "settings/value.h"

#define SUFFIXES 3

static const char *const suffixes[SUFFIXES] = {"", "_FILE", "__FILE"};

/* is_raw - names of the daemons' own parameters speak of no image */
static bool
is_raw(const char *name)
{
	return text_starts(name, "POSTFIX_") || text_starts(name, "DOVECOT_") ||
		text_starts(name, "OPENDKIM_");
}

/* find_form - the variable NAME with suffix I, unless that is a name of its own */
static const struct variable *
find_form(const struct compat *compat, const char *name, size_t i)
{
	struct arena *arena = compat->loading->arena;
	const char *full = arena_printf(arena, "%s%s", name, suffixes[i]);
	const struct variable *variable = loading_variable(compat->loading, full);
	struct compat_row row;

	if (variable == NULL || environment_is_link(full, variable->value))
		return NULL;
	if (i > 0 && compat_row_find(arena, full, &row) && strchr(row.names, '*') == NULL)
		return NULL;
	return variable;
}

const struct variable *
compat_variable(const struct compat *compat, const char *name)
{
	for (size_t i = 0; i < SUFFIXES; i++) {
		const struct variable *variable = find_form(compat, name, i);

		if (variable != NULL)
			return variable;
	}
	return NULL;
}

/* read_value - from the variable, or the file that it names; both set is an error */
static struct node *
read_value(struct compat *compat, const char *name)
{
	const struct variable *form = NULL;
	struct node *node;
	bool in_file = false;

	for (size_t i = 0; i < SUFFIXES; i++) {
		const struct variable *next = find_form(compat, name, i);

		if (next != NULL && form != NULL) {
			finding_add(compat->loading->findings, "env-both-forms", &next->origin,
				"both %s and %s are set", form->name, next->name);
			return NULL;
		}
		if (next != NULL) {
			form = next;
			in_file = i > 0;
		}
	}
	if (form == NULL)
		return NULL;
	if (in_file)
		return secret_read(compat->loading, form->value, name, &form->origin);
	node = node_scalar(compat->loading->arena, form->value, &form->origin);
	node->origin.kind = ORIGIN_COMPAT;
	return node;
}

struct node *
compat_value(struct compat *compat, const char *name)
{
	struct node *node = node_get(compat->read, name);

	if (node == NULL) {
		node = read_value(compat, name);
		node_set(compat->loading->arena, compat->read, name,
			node != NULL ? node : node_new(compat->loading->arena, NODE_NULL, NULL));
	}
	return node != NULL && node->type != NODE_NULL ? node : NULL;
}

const char *
compat_text(struct compat *compat, const char *name)
{
	const struct node *node = compat_value(compat, name);

	return node != NULL ? node->text : "";
}

/* is_word - whether TEXT is one of some blank-separated words, in any case */
static bool
is_word(const char *text, const char *words)
{
	size_t len = strlen(text);

	for (; len > 0 && *words != '\0'; words += *words == ' ') {
		size_t word = strcspn(words, " ");

		if (word == len && strncasecmp(words, text, len) == 0)
			return true;
		words += word;
	}
	return false;
}

bool
compat_yes(struct compat *compat, const char *name)
{
	return is_word(compat_text(compat, name), "1 true yes y on");
}

bool
compat_no(struct compat *compat, const char *name)
{
	return is_word(compat_text(compat, name), "0 false no n off");
}

struct node *
compat_node(struct compat *compat, const struct node *from, const char *text)
{
	struct node *node = node_scalar(compat->loading->arena, text, &from->origin);

	node->secret = from->secret;
	node->deferred = from->deferred;
	return node;
}

/* put_key - a raw parameter; what else was said of it wins */
static void
put_key(struct compat *compat, const char *map, const char *key, struct node *node)
{
	const char *shown = arena_printf(compat->loading->arena, "%s.%s", map, key);

	if (value_check_line(compat->loading, node, shown) != 0)
		return;
	node->origin.kind = ORIGIN_COMPAT;
	node->secret = node->secret || secret_implied(compat->loading->arena, key, node->text);
	loading_put_key(compat->loading, map, key, node);
}

void
compat_put(struct compat *compat, const char *path, struct node *node)
{
	static const char *const maps[] = {"postfix.main", "dovecot.settings"};
	struct loading *loading = compat->loading;

	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++)
		if (text_starts(path, maps[i])) {
			if (node != NULL)
				put_key(compat, maps[i], path + strlen(maps[i]) + 1, node);
			return;
		}
	if (node != NULL)
		loading_take(loading, schema_find(path), node, true);
	else
		node_set(loading->arena, loading->refused, path,
			node_new(loading->arena, NODE_NULL, NULL));
}

bool
compat_is_present(const struct compat *compat, char peer)
{
	return peer != '\0' && strchr(compat->present, peer) != NULL;
}

/* told_before - the finding that says WORDS of another variable of the image, or NULL */
static struct compat_told *
told_before(struct compat *compat, const char *id, const char *words, char peer)
{
	for (size_t i = 0; i < compat->told_count; i++)
		if (compat->told[i].peer == peer && strcmp(compat->told[i].id, id) == 0 &&
			strcmp(compat->told[i].words, words) == 0)
			return &compat->told[i];
	return NULL;
}

static void
remember(struct compat *compat, const struct compat_told *told)
{
	if (compat->told_count == compat->told_room) {
		size_t room = compat->told_room != 0 ? compat->told_room * 2 : 16;

		compat->told = arena_grow(compat->loading->arena, compat->told,
			compat->told_room * sizeof(*told), room * sizeof(*told));
		compat->told_room = room;
	}
	compat->told[compat->told_count++] = *told;
}

void
compat_tell(struct compat *compat, const char *id, const char *name, const char *words)
{
	const struct variable *variable = compat_variable(compat, name);
	struct arena *arena = compat->loading->arena;
	struct findings *findings = compat->loading->findings;
	struct compat_row row = {.peers = ""};
	struct compat_told *before;

	if (variable == NULL)
		return;
	compat_row_find(arena, name, &row);
	before = told_before(compat, id, words, row.peers[0]);
	if (before == NULL) {
		remember(compat,
			&(struct compat_told){findings->count, id, words, name, row.peers[0]});
		/* a parameter's own name speaks of no image */
		finding_add(findings, id, &variable->origin, "%s%s%s: %s", name,
			is_raw(name) && row.peers[1] != '\0' ? "" : ", a variable of ",
			is_raw(name) && row.peers[1] != '\0' ? "" : compat_peer(row.peers[0]),
			words);
		return;
	}
	before->names = arena_printf(arena, "%s, %s", before->names, name);
	findings->items[before->finding].message = arena_printf(
		arena, "%s, variables of %s: %s", before->names, compat_peer(row.peers[0]), words);
}

/* put_word - the value in our words; one that the row does not have is told */
static void
put_word(struct compat *compat, const struct compat_row *row, const char *name, struct node *node)
{
	struct arena *arena = compat->loading->arena;
	char *path;
	const char *text = compat_word(arena, row->target, node->text, &path);

	if (node->deferred)
		text = node->text;
	if (text != NULL && text[0] != '\0')
		compat_put(compat, path, compat_node(compat, node, text));
	else if (text == NULL)
		compat_tell(compat, "compat-by-hand", name,
			arena_printf(arena, "its value has no counterpart in %s%s%s", path,
				row->words[0] != '\0' ? "; " : "", row->words));
}

static void
apply_one(struct compat *compat, const struct compat_row *row, const char *name)
{
	const char *silent = row->target[0] != '\0' ? row->target : "0 no false";

	if (compat_variable(compat, name) == NULL)
		return;
	switch (row->act) {
	case COMPAT_SET:
		compat_put(compat, row->target, compat_value(compat, name));
		break;
	case COMPAT_WORD:
		if (compat_value(compat, name) != NULL)
			put_word(compat, row, name, compat_value(compat, name));
		break;
	case COMPAT_OWN:
		compat_own(compat, name);
		break;
	case COMPAT_SCOPE:
	case COMPAT_HAND:
		if (!is_word(compat_variable(compat, name)->value, silent))
			compat_tell(compat,
				row->act == COMPAT_HAND ? "compat-by-hand" : "compat-out-of-scope",
				name, row->words);
		break;
	case COMPAT_QUIET:
		break;
	}
}

/* apply_beginning - every variable that begins so, unless it has a row of its own */
static void
apply_beginning(struct compat *compat, const struct compat_row *row, const char *beginning)
{
	struct loading *loading = compat->loading;
	struct compat_row own;

	for (size_t i = 0; i < loading->variable_count; i++) {
		const char *name = loading->variables[i].name;

		if (strncmp(name, beginning, strlen(beginning) - 1) == 0 &&
			compat_row_find(loading->arena, name, &own) &&
			strcmp(own.names, row->names) == 0)
			apply_one(compat, row, name);
	}
}

static void
apply_row(struct compat *compat, const struct compat_row *row)
{
	if (row->weak && strpbrk(row->peers, compat->present) == NULL)
		return;
	for (const char *at = row->names; *at != '\0'; at += *at == ' ') {
		size_t len = strcspn(at, " ");
		const char *name = arena_strndup(compat->loading->arena, at, len);

		if (name[len - 1] == '*')
			apply_beginning(compat, row, name);
		else
			apply_one(compat, row, name);
		at += len;
	}
}

/* find_present - of which images there are variables that nobody else has */
static void
find_present(struct compat *compat)
{
	struct loading *loading = compat->loading;
	size_t count = 0;

	for (size_t i = 0; i < loading->variable_count; i++) {
		const struct variable *variable = &loading->variables[i];
		const char *base = environment_file_base(loading->arena, variable->name);
		struct compat_row row;

		if (variable->value[0] == '\0' || is_raw(variable->name) ||
			environment_is_link(variable->name, variable->value))
			continue;
		if (!compat_row_find(loading->arena, variable->name, &row) &&
			(base == NULL || !compat_row_find(loading->arena, base, &row)))
			continue;
		/* POSTMASTER_ADDRESS is as much of the one as of the other */
		if (!row.weak && strcmp(row.peers, "dw") != 0 &&
			strchr(compat->present, row.peers[0]) == NULL &&
			count + 1 < sizeof(compat->present))
			compat->present[count++] = row.peers[0];
	}
}

/* tell_scripts - what bokysan's image runs at its start, by mounts at where it looks for it */
static void
tell_scripts(struct compat *compat)
{
	static const char *const directories[] = {"/docker-init.d", "/docker-init.db"};
	const struct mounts *mounts = compat->loading->source->mounts;

	for (size_t i = 0; mounts != NULL && i < mounts->count; i++)
		for (size_t k = 0; k < sizeof(directories) / sizeof(directories[0]); k++) {
			const char *target = mounts->items[i].target;
			size_t len = strlen(directories[k]);

			if (!text_starts(target, directories[k]) ||
				(target[len] != '\0' && target[len] != '/'))
				continue;
			finding_add(compat->loading->findings, "compat-by-hand",
				&mounts->items[i].origin,
				"%s, where %s looks for scripts: no shell runs at the start here; "
				"say it in postfix.main, postfix.master or a template",
				target, compat_peer('b'))
				->help = "Set what the scripts set as settings (POSTFIX_NAME, "
					 "POSTFIXMASTER_NAME, templates), and remove the mount.";
		}
}

void
compat_apply(struct loading *loading)
{
	struct compat compat = {.loading = loading};
	struct compat_row row;
	const char *at = NULL;

	compat.read = node_new(loading->arena, NODE_MAP, NULL);
	compat_raw(&compat, false);
	find_present(&compat);
	tell_scripts(&compat);
	/* a file of the user wins over that image's variables, as it does there */
	compat_volume(&compat);
	while (compat_row_next(loading->arena, &at, &row))
		apply_row(&compat, &row);
	compat_last(&compat);
	compat_raw(&compat, true);
}
