/* template_input.c - what mailinit template reads: the template, its partials, its data */
#include "command/template.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/file.h"
#include "base/text.h"
#include "settings/yaml.h"
#include "template/builtin.h"

const char *
template_shown_name(const char *name)
{
	return strcmp(name, "-") == 0 ? "(standard input)" : name;
}

/* read_input - standard input, whole. Returns 0, or -1 with errno */
static int
read_input(size_t limit, struct buffer *content)
{
	char step[16384];

	for (;;) {
		ssize_t got = read(STDIN_FILENO, step, sizeof(step));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return (int)got;
		if (content->len + (size_t)got > limit)
			return errno = EFBIG, -1;
		buffer_append(content, step, (size_t)got);
	}
}

/* read_whole - the file NAME, or standard input, as text of the arena; NULL with errno */
static const char *
read_whole(struct template_job *job, const char *name, size_t limit, size_t *len)
{
	struct buffer content = {0};
	bool input = strcmp(name, "-") == 0;
	const char *text = NULL;
	int saved;

	if ((input ? read_input(limit, &content) : file_read(name, limit, &content, NULL)) == 0) {
		char *copy = arena_alloc(&job->arena, content.len + 1);

		memcpy(copy, buffer_text(&content), content.len);
		*len = content.len;
		text = copy;
	}
	saved = errno;
	buffer_free(&content);
	errno = saved;
	return text;
}

/* read_or_exit - as read_whole, for what the command was asked to read: it ends without */
static const char *
read_or_exit(struct template_job *job, const char *name, size_t limit, size_t *len)
{
	const char *text = read_whole(job, name, limit, len);

	if (text != NULL)
		return text;
	if (errno == EFBIG) {
		fprintf(stderr, "mailinit: %s is larger than %zu bytes\n", name, limit);
		_exit(EXIT_FINDINGS);
	}
	if (errno == EINVAL)
		fprintf(stderr, "mailinit: %s is no regular file; - reads standard input\n", name);
	else
		fatal_system("read", name);
	_exit(EXIT_SYSTEM);
}

/* leads_out - whether a partial's name, which is text of a template, leaves its directory */
static bool
leads_out(const char *name)
{
	if (name[0] == '/')
		return true;
	for (const char *part = name; part != NULL; part = strchr(part, '/')) {
		part += *part == '/';
		if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
			return true;
	}
	return false;
}

bool
template_find_partial(void *context, const char *name, struct template_source *source)
{
	static const char *const suffixes[] = {"", ".mustache"};
	struct template_job *job = context;

	if (job->arguments.partials == NULL || leads_out(name))
		return false;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		const char *directory = job->arguments.partials;
		const char *path = arena_printf(&job->arena, "%s%s%s%s", directory,
			text_ends(directory, "/") ? "" : "/", name, suffixes[i]);
		struct origin place = {.kind = ORIGIN_TEMPLATE, .name = name, .file = path};

		source->text = read_whole(job, path, TEMPLATE_BYTES_MAX, &source->len);
		if (source->text != NULL) {
			source->file = text_starts(path, "./") ? path + 2 : path;
			return true;
		}
		/* a directory of that name may stand beside the template */
		if (errno != ENOENT && errno != ENOTDIR && errno != EISDIR)
			finding_add(&job->findings, "template-error", &place,
				"the partial \"%s\" cannot be read: %s", name, strerror(errno));
	}
	return false;
}

/*
 * type_words - the words for yes and no become what they mean, as settings of
 * that type do, unless they are quoted; a section of any other text is true
 */
static void
type_words(struct node *node)
{
	static const char *const words[] = {"yes", "true", "on", "no", "false", "off"};

	for (size_t i = 0; i < node->count; i++)
		type_words(node->items[i]);
	if (node->type != NODE_SCALAR || node->quoted)
		return;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(node->text, words[i]) == 0) {
			node->type = NODE_BOOL;
			node->truth = i < 3;
			return;
		}
}

struct node *
template_read_data(struct template_job *job)
{
	struct yaml_text text = {.file = template_shown_name(job->arguments.data)};
	struct node *data;

	text.data = read_or_exit(job, job->arguments.data, YAML_FILE_BYTES, &text.len);
	data = yaml_parse_any(&job->arena, &job->findings, &text);
	if (data != NULL)
		type_words(data);
	return data;
}

const struct template_builtin *
template_builtin_find(const char *name)
{
	for (size_t i = 0; i < template_builtins_count; i++)
		if (strcmp(template_builtins[i].name, name) == 0)
			return &template_builtins[i];
	return NULL;
}

void
template_read(struct template_job *job, struct template_source *source)
{
	const char *file = job->arguments.file;
	const struct template_builtin *builtin = template_builtin_find(file);

	source->file = template_shown_name(file);
	if (builtin != NULL && access(file, F_OK) != 0) {
		source->text = builtin->data;
		source->len = builtin->len;
	} else {
		source->text = read_or_exit(job, file, TEMPLATE_BYTES_MAX, &source->len);
	}
}
