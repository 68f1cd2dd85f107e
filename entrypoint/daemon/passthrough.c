/*
 * passthrough.c - raw lines, laid over a rendered file
 *
 * The file is read as its daemon reads it: a logical line is a first line and
 * those after it that begin with a blank. Comments and empty lines in between
 * are kept where they are.
 */
#include "daemon/passthrough.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "daemon/lines.h"
#include "language/master_cf.h"
#include "template/escape.h"

/* One physical line of the file: not terminated. */
struct physical {
	const char *text;
	size_t len;
	const struct plan_line *record;
};

/* A passthrough entry on its way into the file. */
struct entry {
	const char *name;
	const struct node *value;
	bool usable, placed;
	struct origin *overrode;
	size_t overrode_count;
};

struct work {
	struct plan *plan;
	struct plan_file *file;
	enum passthrough_form form;
	struct entry *entries;
	size_t count;
	struct lines lines;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* name_fits - whether a name is one that the file can have */
static bool
name_fits(enum passthrough_form form, const char *name)
{
	const char *more = form == PASSTHROUGH_MASTER_CF ? "_-.:[]/" : "_-.";
	const char *slash = strchr(name, '/');

	if (name[0] == '\0' || name[0] == '-')
		return false;
	for (const char *c = name; *c != '\0'; c++)
		if (!isalnum((unsigned char)*c) && strchr(more, *c) == NULL)
			return false;
	return form != PASSTHROUGH_MASTER_CF || (slash != NULL && slash[1] != '\0');
}

/* value_fits - a value that stays within its line */
static bool
value_fits(struct work *work, const struct entry *entry)
{
	struct buffer out = {0};
	const char *why = "";
	bool fits = escape_line(&out, entry->value->text, &why) == ESCAPE_DONE;

	buffer_free(&out);
	if (!fits)
		finding_add(work->plan->findings, "value-newline", &entry->value->origin,
			"%s for %s %s", entry->name, work->file->name, why);
	else if (work->form == PASSTHROUGH_OPENDKIM && strchr(entry->value->text, '#') != NULL) {
		/* opendkim.conf(5) has no quoting: the rest would be a comment */
		finding_add(work->plan->findings, "value-unsafe", &entry->value->origin,
			"%s for %s holds \"#\", which begins a comment there", entry->name,
			work->file->name);
		fits = false;
	}
	return fits;
}

static void
take_entries(struct work *work, const struct node *map)
{
	work->count = map->count;
	work->entries = arena_alloc(work->plan->arena, map->count * sizeof(*work->entries));
	for (size_t i = 0; i < map->count; i++) {
		struct entry *entry = &work->entries[i];

		entry->name = map->keys[i];
		entry->value = map->items[i];
		if (!name_fits(work->form, entry->name))
			finding_add(work->plan->findings, "passthrough-name", &entry->value->origin,
				"\"%s\" cannot be a name in %s", entry->name, work->file->name);
		else
			entry->usable = value_fits(work, entry);
	}
}

/* word - the length of the word at TEXT, ended by a blank or STOP */
static size_t
word(const char *text, size_t len, char stop)
{
	size_t end = 0;

	while (end < len && !is_blank(text[end]) && text[end] != stop)
		end++;
	return end;
}

/* names - whether a first line of the file is about the entry */
static bool
names(enum passthrough_form form, const struct physical *line, const char *name)
{
	size_t first = word(line->text, line->len, form == PASSTHROUGH_MAIN_CF ? '=' : '\0');
	const char *slash = strrchr(name, '/');
	size_t at = first, second;

	if (form == PASSTHROUGH_MAIN_CF)
		return strlen(name) == first && strncmp(name, line->text, first) == 0;
	if (form == PASSTHROUGH_OPENDKIM)
		return strlen(name) == first && strncasecmp(name, line->text, first) == 0;
	if (slash == NULL || (size_t)(slash - name) != first ||
		strncmp(name, line->text, first) != 0)
		return false;
	while (at < line->len && is_blank(line->text[at]))
		at++;
	second = word(line->text + at, line->len - at, '\0');
	return strlen(slash + 1) == second && strncmp(slash + 1, line->text + at, second) == 0;
}

static struct entry *
find_entry(struct work *work, const struct physical *line)
{
	if (line->len == 0 || is_blank(line->text[0]) || line->text[0] == '#')
		return NULL;
	for (size_t i = 0; i < work->count; i++)
		if (work->entries[i].usable && names(work->form, line, work->entries[i].name))
			return &work->entries[i];
	return NULL;
}

/*
 * behind_type - a whole line of master.cf, as other images want it, less the name and
 * type of the service, which the key has; any other value as it is
 */
static const char *
behind_type(const char *name, const char *value)
{
	const char *slash = strrchr(name, '/'), *at = value;
	size_t len = (size_t)(slash - name), type = strlen(slash + 1);

	if (strncmp(at, name, len) != 0 || !is_blank(at[len]))
		return value;
	for (at += len; is_blank(*at); at++)
		continue;
	if (!text_starts(at, slash + 1) || !is_blank(at[type]))
		return value;
	for (at += type; is_blank(*at); at++)
		continue;
	return at;
}

static const char *
entry_text(const struct work *work, const struct entry *entry)
{
	const char *name = entry->name, *value = entry->value->text;
	const char *slash = strrchr(name, '/');
	struct arena *arena = work->plan->arena;

	while (is_blank(*value))
		value++;
	if (*value == '\0')
		return arena_printf(arena, "# %s was removed: its value was set empty", name);
	switch (work->form) {
	case PASSTHROUGH_MAIN_CF:
		return arena_printf(arena, "%s = %s", name, value);
	case PASSTHROUGH_OPENDKIM:
		return arena_printf(arena, "%s %s", name, value);
	case PASSTHROUGH_MASTER_CF:
		return arena_printf(arena, "%.*s %s %s", (int)(slash - name), name, slash + 1,
			behind_type(name, value));
	}
	return "";
}

/* note_overrode - what the replaced line came of: its values, else its place in the template */
static void
note_overrode(struct work *work, struct entry *entry, const struct plan_line *record)
{
	struct origin place = {.kind = ORIGIN_TEMPLATE};
	const struct origin *from = &place;
	size_t count = 1, old = entry->overrode_count;

	if (record == NULL)
		return;
	if (record->origin_count > 0) {
		from = record->origins;
		count = record->origin_count;
	} else {
		place.name = place.file = record->template_file;
		place.line = record->template_line;
	}
	entry->overrode = arena_grow(work->plan->arena, entry->overrode,
		old * sizeof(struct origin), (old + count) * sizeof(struct origin));
	memcpy(entry->overrode + old, from, count * sizeof(struct origin));
	entry->overrode_count = old + count;
}

/* place - writes the entry's line, and what else of the setting lost against it */
static void
place(struct work *work, struct entry *entry)
{
	struct plan_line *line =
		lines_add(&work->lines, entry_text(work, entry), &entry->value->origin);

	for (const struct node *lost = entry->value->overrode; lost != NULL;
		lost = lost->overrode) {
		size_t old = entry->overrode_count;

		entry->overrode = arena_grow(work->plan->arena, entry->overrode,
			old * sizeof(struct origin), (old + 1) * sizeof(struct origin));
		entry->overrode[old] = lost->origin;
		entry->overrode_count = old + 1;
	}
	line->overrode = entry->overrode;
	line->overrode_count = entry->overrode_count;
	line->secret = entry->value->secret;
	entry->placed = true;
}

/* next_physical - the line at AT, which moves on; false at the file's end */
static bool
next_physical(const struct plan_file *file, size_t *at, size_t *number, struct physical *line)
{
	const char *text = buffer_text(&file->content) + *at, *end;

	if (*at >= file->content.len)
		return false;
	end = memchr(text, '\n', file->content.len - *at);
	line->text = text;
	line->len = end != NULL ? (size_t)(end - text) : file->content.len - *at;
	line->record = *number < file->line_count ? &file->lines[*number] : NULL;
	*at += line->len + 1;
	(*number)++;
	return true;
}

/*
 * walk - one pass over the file. The first pass notes what each entry overrides;
 * the second writes, each entry where its first mention was.
 */
static void
walk(struct work *work, bool write)
{
	struct physical line;
	struct entry *in = NULL; /* the entry whose old logical line this is */
	size_t at = 0, number = 0;

	while (next_physical(work->file, &at, &number, &line)) {
		bool continues = line.len > 0 && is_blank(line.text[0]);
		bool first = line.len > 0 && !continues && line.text[0] != '#';

		if (first)
			in = find_entry(work, &line);
		if (in != NULL && (first || continues)) {
			if (!write)
				note_overrode(work, in, line.record);
			else if (first && !in->placed)
				place(work, in);
		} else if (write) {
			lines_keep(&work->lines, line.text, line.len, line.record);
		}
	}
}

void
passthrough_apply(struct plan *plan, struct plan_file *file, const struct node *map,
	enum passthrough_form form)
{
	struct work work = {.plan = plan, .file = file, .form = form};

	if (map == NULL || map->type != NODE_MAP || map->count == 0)
		return;
	take_entries(&work, map);
	lines_init(&work.lines, plan);
	walk(&work, false);
	walk(&work, true);
	for (size_t i = 0; i < work.count; i++)
		if (work.entries[i].usable && !work.entries[i].placed)
			place(&work, &work.entries[i]);
	lines_finish(&work.lines, file);
}

bool
passthrough_master_chrooted(const struct plan_file *file)
{
	struct master_cf master_cf;
	struct faults faults;
	struct arena arena;
	bool chrooted = false;

	arena_init(&arena);
	faults_init(&faults, &arena);
	master_cf_parse(&faults, buffer_text(&file->content), file->content.len, &master_cf);
	/* what is wrong with the file is for check/ to tell */
	for (size_t i = 0; i < master_cf.count; i++)
		chrooted = chrooted ||
			(!master_cf.services[i].overridden && master_cf.services[i].chroot == 'y');
	arena_free(&arena);
	return chrooted;
}
