/* template_names.c - the built-in templates, and the names that a template may use */
#include "command/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/text.h"
#include "daemon/overrides.h"
#include "daemon/target.h"
#include "report/report.h"
#include "settings/schema.h"

#define NAME_COLUMN 36
#define VALUE_BYTES_MAX 60 /* of a value: it is an example */

static int
print_buffer(const struct buffer *text)
{
	if (build_print(STDOUT_FILENO, text) != 0)
		fatal_system("write", "standard output");
	return EXIT_DONE;
}

int
template_list(void)
{
	struct buffer text = {0};
	int code;

	for (size_t i = 0; i < template_builtins_count; i++)
		buffer_printf(&text, "%s\n", template_builtins[i].name);
	code = print_buffer(&text);
	buffer_free(&text);
	return code;
}

int
template_print(const char *name)
{
	const struct template_builtin *builtin = template_builtin_find(name);
	const char *nearest = overrides_nearest(NULL, name);
	struct buffer text = {0};
	int code;

	if (builtin == NULL) {
		fprintf(stderr, "mailinit: no built-in template is called \"%s\"%s%s%s\n", name,
			nearest != NULL ? "; did you mean " : ": see mailinit template --list",
			nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
		return EXIT_USAGE;
	}
	buffer_append(&text, builtin->data, builtin->len);
	code = print_buffer(&text);
	buffer_free(&text);
	return code;
}

/* ---- the real settings ---- */

/* build_once - the plan; false when its settings are refused, which was said then */
static bool
build_once(struct template_job *job)
{
	struct buffer text = {0};
	const struct options *options = &job->arguments.options;
	bool here = options->target == NULL && options->root[0] == '\0' && target_is_here();

	if (!job->built)
		build_plan(&job->build, options, here ? BUILD_HERE : BUILD_ELSEWHERE);
	job->built = true;
	if (job->build.plan.view_count > 0)
		return true;
	report_findings_text(&job->build.plan, false, &text);
	if (build_print(STDERR_FILENO, &text) != 0)
		fatal_system("write", "standard error");
	buffer_free(&text);
	return false;
}

static const char *
last_part(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash != NULL ? slash + 1 : name;
}

/* find_view - by the end of a path, with its folder first */
static const struct plan_view *
find_view(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->view_count; i++) {
		const char *own = plan->views[i].template_name;
		size_t len = strlen(own), whole = strlen(name);

		if (text_ends(name, own) && (whole == len || name[whole - len - 1] == '/'))
			return &plan->views[i];
	}
	for (size_t i = 0; template_builtin_find(name) == NULL && i < plan->view_count; i++)
		if (strcmp(last_part(plan->views[i].template_name), last_part(name)) == 0)
			return &plan->views[i];
	return NULL;
}

/* is_builtin - by its name, or by the last part of it */
static bool
is_builtin(const char *name)
{
	for (size_t i = 0; i < template_builtins_count; i++)
		if (strcmp(last_part(template_builtins[i].name), last_part(name)) == 0)
			return true;
	return false;
}

const struct plan_view *
template_view(struct template_job *job, const char *name, int *code)
{
	const struct plan_view *view;

	*code = EXIT_FINDINGS;
	if (!build_once(job))
		return NULL;
	view = find_view(&job->build.plan, name);
	if (view != NULL)
		return view;
	if (is_builtin(name)) {
		fprintf(stderr,
			"mailinit: with these roles, on this target, nothing is rendered from %s\n",
			name);
		return NULL;
	}
	*code = EXIT_USAGE;
	fprintf(stderr,
		"mailinit: mailinit has no template \"%s\": --as NAME says which one it replaces "
		"(mailinit template --list), or --data names the file with the data\n",
		template_shown_name(name));
	return NULL;
}

/* ---- names ---- */

/* put_fields - the names within each item of a list of maps */
static void
put_fields(const struct node *item, struct buffer *out)
{
	for (size_t i = 0; i < item->count; i++)
		buffer_printf(out, "%s%s", i > 0 ? ", " : "; the first has ", item->keys[i]);
}

/* put_short - a value that is no secret, on one line and not longer than an example */
static void
put_short(const char *text, struct buffer *out)
{
	size_t len = strcspn(text, "\n"), most = len < VALUE_BYTES_MAX ? len : VALUE_BYTES_MAX;

	/* no character is cut in two */
	while (most < len && most > 0 && ((unsigned char)text[most] & 0xc0) == 0x80)
		most--;
	for (size_t i = 0; i < most; i++)
		buffer_putc(out, (unsigned char)text[i] < ' ' || text[i] == 0x7f ? '?' : text[i]);
	buffer_puts(out, text[most] != '\0' ? "…" : "");
}

static void
put_value(const struct node *node, bool secret, struct buffer *out)
{
	if (node->type == NODE_NULL)
		buffer_puts(out, "(not set)");
	else if (node->type == NODE_MAP)
		buffer_printf(out, "(map of %zu)", node->count);
	else if (secret || node->secret)
		buffer_puts(out, "(secret)");
	else if (node->type == NODE_BOOL)
		buffer_puts(out, node->truth ? "(section) yes" : "(section) no");
	else if (node->type == NODE_SCALAR && node->text[0] == '\0')
		buffer_puts(out, "(empty)");
	else if (node->type == NODE_SCALAR)
		put_short(node->text, out);
	else
		buffer_printf(out, "(list of %zu", node->count);
	if (node->type != NODE_LIST || secret || node->secret)
		return;
	if (node->count > 0 && node->items[0]->type == NODE_MAP)
		put_fields(node->items[0], out);
	buffer_putc(out, ')');
}

static bool
is_group(const char *path)
{
	return schema_find(path) == NULL || strcmp(path, "vars") == 0;
}

/* What is known of the names: the text that each is shown as. */
struct names {
	struct arena *arena;
	struct node *shown; /* map */
};

/* take_names - what stands below MAP, whose path is PATH; of two views the first counts */
static void
take_names(struct names *names, const struct node *map, const char *path)
{
	struct buffer text = {0};

	for (size_t i = 0; i < map->count; i++) {
		const struct node *node = map->items[i];
		const char *name = arena_printf(
			names->arena, "%s%s%s", path, path[0] != '\0' ? "." : "", map->keys[i]);

		/* a name with a dot in it cannot be written in a template */
		if (strchr(map->keys[i], '.') != NULL)
			continue;
		if (node->type == NODE_MAP && is_group(name)) {
			take_names(names, node, name);
			continue;
		}
		buffer_clear(&text);
		put_value(node, map->secret, &text);
		if (node_get(names->shown, name) == NULL)
			node_set(names->arena, names->shown, name,
				node_scalar(names->arena,
					arena_strdup(names->arena, buffer_text(&text)), NULL));
	}
	buffer_free(&text);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* put_names - in the order of their letters, so that groups stand together */
static void
put_names(const struct names *names, struct buffer *out)
{
	size_t count = names->shown->count;
	const char **sorted = arena_alloc(names->arena, count * sizeof(*sorted) + 1);

	for (size_t i = 0; i < count; i++)
		sorted[i] = names->shown->keys[i];
	qsort(sorted, count, sizeof(*sorted), by_text);
	for (size_t i = 0; i < count; i++)
		buffer_printf(out, "%-*s %s\n", NAME_COLUMN, sorted[i],
			node_get(names->shown, sorted[i])->text);
}

int
template_names(struct template_job *job)
{
	const char *name = job->arguments.as != NULL ? job->arguments.as : job->arguments.file;
	struct names names = {&job->arena, node_new(&job->arena, NODE_MAP, NULL)};
	const struct plan *plan = &job->build.plan;
	const struct plan_view *view = NULL;
	struct buffer text = {0};
	int code = EXIT_FINDINGS;

	if (name != NULL ? (view = template_view(job, name, &code)) == NULL : !build_once(job))
		return code;
	for (size_t i = 0; i < plan->view_count; i++)
		if (view == NULL || view == &plan->views[i])
			take_names(&names, plan->views[i].view, "");
	put_names(&names, &text);
	code = print_buffer(&text);
	buffer_free(&text);
	return code;
}
