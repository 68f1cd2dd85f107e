/* plan_text.c - what a start would do, for people */
#include "report/report.h"

#include <string.h>

#include "report/color.h"
#include "report/hunks.h"
#include "report/present.h"

/* How many files there are of each action. */
struct tally {
	size_t of[PRESENT_KEEP + 1];
	size_t removed;
};

/* template_of - the template that most lines name by "template:N": the first one */
static const char *
template_of(const struct plan_file *file)
{
	for (size_t i = 0; i < file->line_count; i++)
		if (file->lines[i].template_file != NULL)
			return file->lines[i].template_file;
	return NULL;
}

static void
put_head(const struct plan *plan, const struct plan_file *file, const struct present *present,
	bool color, struct buffer *out)
{
	const char *template_file = template_of(file);

	buffer_printf(out, "%s%s %s%s (mode %04o", color ? COLOR_BOLD : "",
		present_action_name(present->action), plan_shown_path(plan, file),
		color ? COLOR_RESET : "", (unsigned)file->mode);
	if (present->mode_differs)
		buffer_printf(out, " instead of %04o", (unsigned)present->mode);
	buffer_printf(out, ", %s:%s", file->owner, file->group);
	if (template_file != NULL)
		buffer_printf(out, ", template %s", template_file);
	buffer_puts(out, ")\n");
}

/* put_file - a file that changes; those that stay are told in one line at the end */
static void
put_file(const struct plan *plan, const struct plan_file *file, const struct present *present,
	bool color, struct buffer *out)
{
	if (present->action == PRESENT_KEEP)
		return;
	put_head(plan, file, present, color, out);
	if (present->error != 0)
		buffer_printf(out, "  (what is there cannot be read here: %s)\n",
			strerror(present->error));
	if (file->secret)
		buffer_puts(out, "  (secret: its content is not shown)\n");
	else
		hunks_put(plan, file, &present->content, template_of(file), color, out);
}

static void
put_removed(const struct plan *plan, bool color, struct tally *tally, struct buffer *out)
{
	const char **names;

	tally->removed = present_removed(plan, &names);
	for (size_t i = 0; i < tally->removed; i++)
		buffer_printf(out, "%sremove " PLAN_CURRENT "/%s%s\n", color ? COLOR_BOLD : "",
			names[i], color ? COLOR_RESET : "");
}

static void
put_count(size_t count, const char *what, const char **comma, struct buffer *out)
{
	if (count == 0)
		return;
	buffer_printf(out, "%s%zu %s", *comma, count, what);
	*comma = ", ";
}

static void
put_tally(const struct tally *tally, size_t files, struct buffer *out)
{
	const char *comma = "";

	if (files == 0) {
		buffer_puts(out, "no file was rendered: the settings are wrong, as told below\n");
		return;
	}
	put_count(tally->of[PRESENT_CREATE], "to create", &comma, out);
	put_count(tally->of[PRESENT_CHANGE], "to change", &comma, out);
	put_count(tally->removed, "to remove", &comma, out);
	put_count(tally->of[PRESENT_KEEP], "to keep", &comma, out);
	buffer_printf(out, ", of %zu %s\n", files, files == 1 ? "file" : "files");
}

void
report_plan_text(const struct plan *plan, bool color, struct buffer *out)
{
	struct tally tally = {0};
	struct buffer kept = {0};

	for (size_t i = 0; i < plan->file_count; i++) {
		struct present present;

		present_find(plan, &plan->files[i], &present);
		put_file(plan, &plan->files[i], &present, color, out);
		if (present.action == PRESENT_KEEP)
			buffer_printf(&kept, "%s%s", kept.len > 0 ? ", " : "",
				plan_shown_path(plan, &plan->files[i]));
		tally.of[present.action]++;
		present_free(&present);
	}
	put_removed(plan, color, &tally, out);
	if (kept.len > 0)
		buffer_printf(out, "keep %s\n", kept.data);
	buffer_free(&kept);
	for (size_t i = 0; i < plan->deferred_count; i++)
		buffer_printf(
			out, "deferred %s: %s\n", plan->deferred[i].name, plan->deferred[i].reason);
	put_tally(&tally, plan->file_count + tally.removed, out);
	report_findings_text(plan, color, out);
}
