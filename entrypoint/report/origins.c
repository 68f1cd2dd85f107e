/* origins.c - where a rendered line came from, in words */
#include "report/origins.h"

#include <string.h>

#define ORIGINS_SHOWN 4 /* a note is read beside its line; --format=json has them all */

/* is_nameless - a value that mailinit itself chose: no setting of that name exists */
static bool
is_nameless(const struct origin *origin)
{
	return origin->kind == ORIGIN_DEFAULT && origin->name == NULL && origin->file == NULL;
}

/* says_nothing - comments and empty lines are nobody's setting */
static bool
says_nothing(const char *text, size_t len)
{
	while (len > 0 && (*text == ' ' || *text == '\t')) {
		text++;
		len--;
	}
	return len == 0 || *text == '#';
}

static void
put_list(const struct origin *origins, size_t count, const char *before, struct buffer *out)
{
	size_t shown = 0, more = 0;
	char text[512];

	for (size_t i = 0; i < count; i++) {
		if (is_nameless(&origins[i]))
			continue;
		if (shown == ORIGINS_SHOWN) {
			more++;
			continue;
		}
		buffer_printf(out, "%s%s", shown == 0 ? before : ", ",
			origin_text(&origins[i], text, sizeof(text)));
		shown++;
	}
	if (more > 0)
		buffer_printf(out, " and %zu more", more);
}

void
origins_note(const struct plan_line *line, const char *text, size_t len, const char *template_file,
	struct buffer *out)
{
	size_t before = out->len;

	if (line->origin_count == 0 && says_nothing(text, len))
		return;
	put_list(line->origins, line->origin_count, "", out);
	put_list(line->overrode, line->overrode_count,
		out->len > before ? "; instead of " : "instead of ", out);
	if (line->template_file == NULL) {
		if (out->len == before && line->origin_count > 0)
			buffer_puts(out, "default");
		return;
	}
	buffer_printf(out, "%s%s:%d", out->len > before ? "; " : "",
		template_file != NULL && strcmp(template_file, line->template_file) == 0
			? "template"
			: line->template_file,
		line->template_line);
}
