/* overrides.c - the user's templates: which of them replace nothing */
#include "daemon/overrides.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "daemon/render.h"
#include "template/builtin.h"
#include "template/mustache.h"

#define DEPTH_MAX 4 /* ours have two levels; partials may have more */
#define FILES_MAX 500
#define MISTAKES_MAX 3 /* letters: "master.mustache" for "master.cf.mustache" */

static const char suffix[] = ".mustache";

/* A directory of templates, read whole. */
struct overrides {
	struct plan *plan;
	size_t place; /* for render_user_path */
	const char *names[FILES_MAX]; /* below it, in the arena */
	size_t count;
};

static const char *
last_part(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash != NULL ? slash + 1 : name;
}

static bool
is_rendered(const struct plan *plan, const char *name)
{
	for (size_t i = 0; plan != NULL && i < plan->view_count; i++)
		if (strcmp(plan->views[i].template_name, name) == 0)
			return true;
	return false;
}

/* distance - between names, wherever the file lies, and whether or not its suffix was written */
static int
distance(const char *name, const char *builtin)
{
	char bare[64];
	size_t len = strlen(last_part(builtin)) - strlen(suffix);
	int best = text_distance(last_part(name), last_part(builtin)), other;

	if (len < sizeof(bare)) {
		memcpy(bare, last_part(builtin), len);
		bare[len] = '\0';
		other = text_distance(last_part(name), bare);
		best = other < best ? other : best;
	}
	other = text_distance(name, builtin);
	return other < best ? other : best;
}

const char *
overrides_nearest(const struct plan *plan, const char *name)
{
	const char *nearest = NULL;
	int best = MISTAKES_MAX + 1;

	for (size_t i = 0; i < template_builtins_count; i++) {
		const char *one = template_builtins[i].name;
		int far = distance(name, one);

		if (far < best || (nearest != NULL && far == best && is_rendered(plan, one))) {
			best = far;
			nearest = one;
		}
	}
	return nearest;
}

static bool
is_builtin(const char *name)
{
	for (size_t i = 0; i < template_builtins_count; i++)
		if (strcmp(template_builtins[i].name, name) == 0)
			return true;
	return false;
}

/* collect - the files below DIRECTORY, in one order; names with a dot in front are nobody's */
static void
collect(struct overrides *overrides, const char *directory, int depth)
{
	struct arena *arena = overrides->plan->arena;
	const char *path = render_user_path(overrides->plan, overrides->place, directory);
	struct dirent **entries;
	int count;

	if (path != NULL)
		watches_add(overrides->plan->watches, path);
	count = path != NULL ? scandir(path, &entries, NULL, alphasort) : -1;
	for (int i = 0; i < count; i++) {
		const char *name = arena_printf(arena, "%s%s%s", directory,
			directory[0] != '\0' ? "/" : "", entries[i]->d_name);
		const char *file = render_user_path(overrides->plan, overrides->place, name);
		struct stat status;

		if (entries[i]->d_name[0] != '.' && file != NULL && stat(file, &status) == 0) {
			if (S_ISDIR(status.st_mode) && depth < DEPTH_MAX)
				collect(overrides, name, depth + 1);
			else if (S_ISREG(status.st_mode) && overrides->count < FILES_MAX)
				overrides->names[overrides->count++] = name;
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

/* mentions - whether a template speaks of NAME: it may be its partial, in whatever section */
static bool
mentions(struct overrides *overrides, const char *file, const char *name)
{
	const char *path = render_user_path(overrides->plan, overrides->place, file);
	struct buffer text = {0};
	bool found = path != NULL && file_read(path, TEMPLATE_BYTES_MAX, &text, NULL) == 0 &&
		memmem(buffer_text(&text), text.len, name, strlen(name)) != NULL;

	buffer_free(&text);
	return found;
}

static bool
is_used(struct overrides *overrides, const char *name)
{
	if (is_builtin(name))
		return true; /* perhaps of a daemon, or of a version, that is not in use here */
	for (size_t i = 0; i < overrides->count; i++)
		if (overrides->names[i] != name && mentions(overrides, overrides->names[i], name))
			return true;
	return false;
}

/* judge - a file that looks like a template, and is none; a README may lie there too */
static void
judge(struct overrides *overrides, const char *name)
{
	struct plan *plan = overrides->plan;
	const char *nearest = overrides_nearest(plan, name);
	struct origin place = {.kind = ORIGIN_TEMPLATE};
	struct finding *finding;

	if ((nearest == NULL && !text_ends(name, suffix)) || is_used(overrides, name))
		return;
	place.file = render_user_path(plan, overrides->place, name);
	finding = finding_add(plan->findings, "template-unused", &place,
		"no template is called \"%s\"%s%s%s", name,
		nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
		nearest != NULL ? "?" : "");
	if (nearest != NULL)
		finding->help = arena_printf(plan->arena, "Move it to %s.",
			render_user_path(plan, overrides->place, nearest));
}

void
overrides_check(struct plan *plan)
{
	struct overrides *overrides = arena_alloc(plan->arena, sizeof(*overrides));

	for (size_t place = 0; place < RENDER_PLACES; place++) {
		*overrides = (struct overrides){.plan = plan, .place = place};
		collect(overrides, "", 1);
		for (size_t i = 0; i < overrides->count; i++)
			judge(overrides, overrides->names[i]);
	}
}
