/*
 * render.c - from a template and the view to a file of the plan
 *
 * A template that the user has put beside ours replaces it; everything else,
 * strictness and escaping above all, is the same for both.
 */
#include "daemon/render.h"

#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "template/builtin.h"
#include "template/mustache.h"

/* The one option of a run that every template look-up needs; see render_templates_from. */
static const char *templates_directory;

void
render_templates_from(const char *directory)
{
	templates_directory = directory;
}

const char *
render_user_path(const struct plan *plan, size_t place, const char *name)
{
	const char *directory = place == 0 ? templates_directory : RENDER_OVERRIDES, *path;
	size_t len = directory != NULL ? strlen(directory) : 0;

	/* it is shown: "./a//x" is "a/x" */
	while (len > 1 && directory[len - 1] == '/')
		len--;
	if (len == 0)
		return NULL;
	path = arena_printf(
		plan->arena, "%.*s%s%s", (int)len, directory, name[0] != '\0' ? "/" : "", name);
	if (place > 0)
		path = plan_path(plan, path);
	while (text_starts(path, "./") && path[2] != '\0')
		path += 2;
	return path[0] != '\0' ? path : NULL;
}

/*
 * read_template - the user's template at PATH; false when there is none, or it cannot be
 * read. What is told of it names the file that it is, where a mistake is corrected.
 */
static bool
read_template(struct plan *plan, const char *path, const char *name, struct template_source *source)
{
	struct buffer text = {0};
	bool found;

	watches_add(plan->watches, path);
	found = file_read(path, TEMPLATE_BYTES_MAX, &text, NULL) == 0;

	if (found) {
		source->file = path;
		source->len = text.len;
		source->text = arena_strndup(plan->arena, buffer_text(&text), text.len);
	} else if (errno != ENOENT && errno != ENOTDIR) {
		struct origin place = {.kind = ORIGIN_TEMPLATE, .name = name, .file = path};

		finding_add(plan->findings, "template-error", &place, "%s cannot be read: %s", path,
			strerror(errno));
	}
	buffer_free(&text);
	return found;
}

/* find_template - the user's template of that name, else the built-in one */
static bool
find_template(void *context, const char *name, struct template_source *source)
{
	struct plan *plan = context;
	bool inside = strstr(name, "..") == NULL;

	/* a partial's name is text of a template: it must not lead out of the directory */
	for (size_t i = 0; inside && i < RENDER_PLACES; i++) {
		const char *path = render_user_path(plan, i, name);

		if (path != NULL && read_template(plan, path, name, source))
			return true;
	}
	for (size_t i = 0; i < template_builtins_count; i++)
		if (strcmp(template_builtins[i].name, name) == 0) {
			source->file = template_builtins[i].name;
			source->text = template_builtins[i].data;
			source->len = template_builtins[i].len;
			return true;
		}
	return false;
}

static void
take_lines(struct plan *plan, struct plan_file *file, const struct template_output *output)
{
	file->line_count = output->line_count;
	file->lines = arena_alloc(plan->arena, output->line_count * sizeof(*file->lines) + 1);
	for (size_t i = 0; i < output->line_count; i++) {
		const struct template_line *from = &output->lines[i];

		file->lines[i] = (struct plan_line){
			.template_file = from->file,
			.template_line = from->line,
			.origins = from->origins,
			.origin_count = from->origin_count,
			.overrode = from->overrode,
			.overrode_count = from->overrode_count,
			.secret = from->secret,
		};
	}
}

struct plan_file *
render_file(struct plan *plan, const struct node *view, const char *template_name,
	escape_function *escape, const char *name, const char *link)
{
	const struct template_options options = {
		.escape = escape,
		.raw = escape_line,
		.strict = true,
		.find = find_template,
		.context = plan,
	};
	struct template_source source;
	struct template_output output;
	struct plan_file *file = NULL;

	plan_add_view(plan, template_name, view);
	if (!find_template(plan, template_name, &source)) {
		struct origin place = {.kind = ORIGIN_TEMPLATE, .name = template_name};

		finding_add(plan->findings, "template-error", &place,
			"there is no template %s, neither built in nor under %s", template_name,
			RENDER_OVERRIDES);
		return NULL;
	}
	if (template_render(plan->arena, plan->findings, &source, view, &options, &output) == 0) {
		file = plan_add_file(plan, name, link);
		buffer_append(&file->content, buffer_text(&output.content), output.content.len);
		file->secret = output.secret;
		take_lines(plan, file, &output);
	}
	template_output_free(&output);
	return file;
}
