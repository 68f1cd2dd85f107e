/* map_text.c - the way that mail takes, as a table for terminals; ASCII alone */
#include <string.h>

#include "report/map.h"

#define TITLE_LEAST 18
#define TITLE_MOST 40

/* The kinds in the order of the way, with the word that stands before the first box of each. */
static const struct {
	enum path_kind kind;
	const char *word;
} kinds[] = {
	{PATH_SENDER, "from"},
	{PATH_LISTENER, "in"},
	{PATH_LOGINS, "logins"},
	{PATH_FILTER, "filter"},
	{PATH_QUEUE, "queue"},
	{PATH_TRANSPORT, "out"},
	{PATH_STORE, "store"},
	{PATH_DOOR, "read at"},
	{PATH_PARTNER, "to"},
	{PATH_READER, "readers"},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static int
title_width(const struct path *path)
{
	size_t width = TITLE_LEAST;

	for (size_t i = 0; i < path->box_count; i++) {
		size_t len = strlen(path->boxes[i].title);

		if (!path->boxes[i].gone && len > width && len <= TITLE_MOST)
			width = len;
	}
	return (int)width;
}

static void
put_start(struct buffer *out, const char *word, const char *title, int width)
{
	buffer_printf(out, "  %-8s %-*s ", word, width, title);
}

/* end_line - a line without the blanks of an empty column */
static void
end_line(struct buffer *out)
{
	while (out->len > 0 && out->data[out->len - 1] == ' ')
		out->len--;
	buffer_putc(out, '\n');
}

/* put_arrows - "-> OpenDKIM, store: Mail store" of one way */
static void
put_arrows(const struct path *path, size_t box, enum path_way way, const char *sign, int width,
	struct buffer *out)
{
	size_t count = 0;

	for (size_t i = 0; i < path->edge_count; i++) {
		const struct path_edge *edge = &path->edges[i];
		const struct path_box *to = &path->boxes[edge->to];

		if (edge->from != box || edge->way != way)
			continue;
		if (count++ == 0) {
			put_start(out, "", "", width);
			buffer_puts(out, sign);
		}
		buffer_puts(out, count > 1 ? ", " : " ");
		if (to->host != PATH_OUTSIDE && to->host != path->boxes[box].host)
			buffer_printf(out, "%s: ", path->hosts[to->host].name);
		buffer_puts(out, to->title);
		if (edge->finding != NULL)
			buffer_printf(out, "  !! %s", edge->finding);
	}
	if (count > 0)
		buffer_putc(out, '\n');
}

static void
put_box(const struct path *path, size_t place, const char *word, int width, struct buffer *out)
{
	const struct path_box *box = &path->boxes[place];

	put_start(out, word, box->title, width);
	for (size_t i = 0; i < box->fact_count; i++)
		buffer_printf(out, "%s%s", i > 0 ? "; " : "", box->facts[i]);
	if (box->finding != NULL)
		buffer_printf(out, "%s!! %s", box->fact_count > 0 ? "  " : "", box->finding);
	end_line(out);
	put_arrows(path, place, PATH_MAIL, "->", width, out);
	put_arrows(path, place, PATH_LOGIN, "asks", width, out);
	put_arrows(path, place, PATH_READ, "->", width, out);
}

/* put_boxes - those of HOST, in the order of the way */
static void
put_boxes(const struct path *path, size_t host, int width, struct buffer *out)
{
	for (size_t k = 0; k < KINDS; k++) {
		const char *word = kinds[k].word;

		for (size_t i = 0; i < path->box_count; i++) {
			const struct path_box *box = &path->boxes[i];

			if (box->gone || box->host != host || box->kind != kinds[k].kind)
				continue;
			put_box(path, i, word, width, out);
			word = "";
		}
	}
}

static void
put_host(const struct path *path, size_t host, int width, struct buffer *out)
{
	const struct path_host *named = &path->hosts[host];

	buffer_printf(out, "\n%s", named->name);
	if (named->replicas > 1)
		buffer_printf(out, ", %u of them", named->replicas);
	if (named->detail[0] != '\0')
		buffer_printf(out, ": %s", named->detail);
	buffer_putc(out, '\n');
	put_boxes(path, host, width, out);
	for (size_t i = 0; i < path->trouble_count; i++)
		if (path->troubles[i].host == host)
			buffer_printf(out, "  !! %s\n", path->troubles[i].finding);
}

/* has_wrong - whether anything is marked */
static bool
has_wrong(const struct path *path)
{
	for (size_t i = 0; i < path->box_count; i++)
		if (path->boxes[i].finding != NULL && !path->boxes[i].gone)
			return true;
	for (size_t i = 0; i < path->edge_count; i++)
		if (path->edges[i].finding != NULL)
			return true;
	return path->trouble_count > 0;
}

void
map_text(const struct path *path, struct buffer *out)
{
	int width = title_width(path);

	buffer_puts(out, "outside\n");
	put_boxes(path, PATH_OUTSIDE, width, out);
	for (size_t i = 0; i < path->host_count; i++)
		put_host(path, i, width, out);
	if (has_wrong(path))
		buffer_puts(out,
			"\n!! marks what is wrong: mailinit explain ID says what it is, "
			"mailinit check where\n");
}
