/* map_svg.c - the way that mail takes, as SVG 1.1 */
#include <stdlib.h>
#include <string.h>

#include "report/json.h"
#include "report/map.h"
#include "report/map_layout.h"

#define CORNER 7 /* pixels of a rounded corner of an edge */
#define LEGEND 34

/* Light, and what a reader whose system is dark sees instead. */
static const char style[] =
	"  <style>\n"
	"    text { font: 13px system-ui, -apple-system, \"Segoe UI\", Roboto, \"Noto Sans\", "
	"\"Liberation Sans\", sans-serif; fill: #46505c }\n"
	"    .b { font-weight: 600; fill: #17202b }\n"
	"    .s { font-size: 12px }\n"
	"    .page { fill: #ffffff; stroke: #d5dae1 }\n"
	"    .frame { fill: #f4f6f9; stroke: #b9c3cf }\n"
	"    .name { fill: #17202b; font-weight: 600; stroke: #f4f6f9; stroke-width: 6px; "
	"stroke-linejoin: round; paint-order: stroke }\n"
	"    .detail { font-weight: 400; fill: #5b6673 }\n"
	"    .box { fill: #ffffff; stroke: #c3ccd6 }\n"
	"    .out { fill: #eef1f5; stroke: #b9c3cf }\n"
	"    .edge { fill: none; stroke: #6d7a89; stroke-width: 1.5 }\n"
	"    .tip { fill: #6d7a89 }\n"
	"    .login { stroke-dasharray: 5 4 }\n"
	"    .k1 { fill: #2f6fdb } .k2 { fill: #8250c4 } .k3 { fill: #c98a12 }\n"
	"    .k4 { fill: #14869a } .k5 { fill: #2e8b57 } .k6 { fill: #6d7a89 }\n"
	"    .k7 { fill: #2f6fdb }\n"
	"    .wrong { stroke: #c62828; stroke-width: 2 }\n"
	"    .wrongtip, .id { fill: #c62828 }\n"
	"    @media (prefers-color-scheme: dark) {\n"
	"      text { fill: #b4bfcb } .b, .name { fill: #eef2f6 } .detail { fill: #98a4b1 }\n"
	"      .page { fill: #12171d; stroke: #303a45 } .frame { fill: #1a2129; stroke: #3b4754 }\n"
	"      .name { stroke: #1a2129 } .box { fill: #232c36; stroke: #465362 }\n"
	"      .out { fill: #1d252e; stroke: #3b4754 } .edge { stroke: #8493a3 }\n"
	"      .tip { fill: #8493a3 } .wrong { stroke: #ff7b72 }\n"
	"      .wrongtip, .id { fill: #ff7b72 }\n"
	"    }\n"
	"  </style>\n";

/* character_len - bytes of the character at AT; 0 when XML cannot hold it (XML 1.0, section 2.2) */
static size_t
character_len(const char *at)
{
	size_t len = json_sequence((const unsigned char *)at, strnlen(at, 4));

	if (len == 1 && ((unsigned char)*at < ' ' || *at == 0x7f))
		return 0;
	/* U+FFFE and U+FFFF */
	return strncmp(at, "\xef\xbf\xbe", 3) == 0 || strncmp(at, "\xef\xbf\xbf", 3) == 0 ? 0 : len;
}

/* put_text - TEXT as character data; each byte of what XML cannot hold becomes "?" */
static void
put_text(struct buffer *out, const char *text)
{
	for (const char *at = text; *at != '\0';) {
		size_t len = character_len(at);

		if (*at == '&')
			buffer_puts(out, "&amp;");
		else if (*at == '<')
			buffer_puts(out, "&lt;");
		else if (*at == '>')
			buffer_puts(out, "&gt;");
		else if (*at == '"')
			buffer_puts(out, "&quot;");
		else if (len == 0)
			buffer_putc(out, '?');
		else
			buffer_append(out, at, len);
		at += len > 0 ? len : 1;
	}
}

/* turned - a line down, sideways and down again, with rounded corners */
static void
turned(struct buffer *out, const struct map_segment *segment)
{
	int way = segment->x2 > segment->x1 ? 1 : -1;
	int width = (segment->x2 - segment->x1) * way;
	int corner = width < 2 * CORNER ? width / 2 : CORNER;

	if (width == 0) {
		buffer_printf(out, "V%d", segment->y2);
		return;
	}
	buffer_printf(out, "V%dQ%d,%d %d,%dH%dQ%d,%d %d,%dV%d", segment->turn - corner, segment->x1,
		segment->turn, segment->x1 + way * corner, segment->turn,
		segment->x2 - way * corner, segment->x2, segment->turn, segment->x2,
		segment->turn + corner, segment->y2);
}

static void
put_segment(const struct map_layout *layout, const struct map_segment *segment, struct buffer *out)
{
	const struct path_edge *edge = &layout->path->edges[segment->edge];
	const struct map_node *from = &layout->nodes[segment->from];
	struct map_segment drawn = *segment;
	bool wrong = edge->finding != NULL;

	/* a step of a pixel looks like a mistake */
	if (abs(drawn.x2 - drawn.x1) <= MAP_STRAIGHT)
		drawn.x1 = drawn.x2;
	/* a slot is gone through whole, so that one line comes of all its parts */
	if (from->box == MAP_SLOT)
		drawn.y1 = from->y;
	if (segment->last)
		drawn.y2 -= 5;
	buffer_printf(out, "  <path class=\"edge%s%s\" d=\"M%d,%d",
		edge->way == PATH_LOGIN ? " login" : "", wrong ? " wrong" : "", drawn.x1, drawn.y1);
	turned(out, &drawn);
	buffer_puts(out, "\"/>\n");
	if (segment->last)
		buffer_printf(out, "  <path class=\"%s\" d=\"M%d,%dl-5,-9h10z\"/>\n",
			wrong ? "wrongtip" : "tip", segment->x2, segment->y2);
}

static void
put_frame(const struct map_layout *layout, size_t host, struct buffer *out)
{
	const struct map_frame *frame = &layout->frames[host];

	if (frame->height != 0)
		buffer_printf(out,
			"  <rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
			"rx=\"10\"/>\n",
			frame->x, frame->y, frame->width, frame->height);
}

/* fitting - the detail, or the host name that it begins with, or "", as there is room for */
static const char *
fitting(const struct map_layout *layout, const char *detail, int room)
{
	const char *name = arena_strndup(layout->path->arena, detail, strcspn(detail, " "));

	if (map_width(detail, false) <= room)
		return detail;
	/* without a host name it begins with "for" */
	return strcmp(name, "for") != 0 && map_width(name, false) <= room ? name : "";
}

/* put_name - over the edges that go through it */
static void
put_name(const struct map_layout *layout, size_t host, struct buffer *out)
{
	const struct path_host *named = &layout->path->hosts[host];
	const struct map_frame *frame = &layout->frames[host];
	const char *name = named->name, *detail;

	if (frame->height == 0)
		return;
	if (named->replicas > 1)
		name = arena_printf(layout->path->arena, "%s, %u of them", name, named->replicas);
	detail = fitting(layout, named->detail, frame->width - 36 - map_width(name, true));
	buffer_printf(
		out, "  <text class=\"name\" x=\"%d\" y=\"%d\">", frame->x + 12, frame->y + 21);
	put_text(out, name);
	if (detail[0] != '\0') {
		buffer_puts(out, " <tspan class=\"detail\" dx=\"6\">");
		put_text(out, detail);
		buffer_puts(out, "</tspan>");
	}
	buffer_puts(out, "</text>\n");
}

static int
colour(enum path_kind kind)
{
	static const int colours[] = {[PATH_LISTENER] = 1,
		[PATH_FILTER] = 2,
		[PATH_QUEUE] = 3,
		[PATH_TRANSPORT] = 4,
		[PATH_STORE] = 5,
		[PATH_LOGINS] = 6,
		[PATH_DOOR] = 7,
		[PATH_PARTNER] = 0};

	return kind < sizeof(colours) / sizeof(colours[0]) ? colours[kind] : 0;
}

/* count_bold - how many lines of the node are its title */
static size_t
title_lines(const struct map_layout *layout, const struct map_node *node)
{
	const char *title = layout->path->boxes[node->box].title;
	size_t count = 0, len = 0;

	while (count < node->line_count && len < strlen(title)) {
		len += strlen(node->lines[count++]);
		while (title[len] == ' ')
			len++;
	}
	return count;
}

static void
put_box(const struct map_layout *layout, const struct map_node *node, struct buffer *out)
{
	const struct path_box *box = &layout->path->boxes[node->box];
	size_t titles = title_lines(layout, node), shown = 0, facts = node->line_count;
	int strip = colour(box->kind);

	buffer_printf(out,
		"  <rect class=\"%s%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/>\n",
		box->host == PATH_OUTSIDE ? "out" : "box", box->finding != NULL ? " wrong" : "",
		node->x, node->y, node->width, node->height, box->host == PATH_OUTSIDE ? 14 : 6);
	if (strip != 0)
		buffer_printf(out,
			"  <rect class=\"k%d\" x=\"%d\" y=\"%d\" width=\"4\" height=\"%d\" "
			"rx=\"2\"/>\n",
			strip, node->x + 4, node->y + 6, node->height - 12);
	/* the id stands last; it may take several lines */
	if (box->finding != NULL) {
		size_t len = strlen(box->finding);

		while (facts > titles && len > 0) {
			size_t part = strlen(node->lines[facts - 1]);

			len = len > part ? len - part : 0;
			facts--;
		}
	}
	for (shown = 0; shown < node->line_count; shown++) {
		const char *class = shown < titles ? " class=\"b\"" : "";

		if (box->finding != NULL && shown >= facts)
			class = " class=\"b id\"";
		buffer_printf(out, "  <text%s x=\"%d\" y=\"%d\">", class, node->x + MAP_BOX_PAD + 2,
			node->y + (int)(shown + 1) * MAP_LINE);
		put_text(out, node->lines[shown]);
		buffer_puts(out, "</text>\n");
	}
}

/* put_words - the picture for those who do not see it: each box, and where it leads */
static void
put_words(const struct path *path, struct buffer *out)
{
	buffer_puts(out, "  <desc id=\"words\">");
	for (size_t i = 0; i < path->edge_count; i++) {
		const struct path_edge *edge = &path->edges[i];

		if (i > 0)
			buffer_puts(out, "; ");
		put_text(out, path->boxes[edge->from].title);
		buffer_puts(out, edge->way == PATH_LOGIN ? " asks " : " to ");
		put_text(out, path->boxes[edge->to].title);
		if (edge->finding != NULL)
			buffer_printf(out, " (error %s)", edge->finding);
	}
	buffer_puts(out, "</desc>\n");
}

static void
put_heading(const struct path *path, struct buffer *out)
{
	buffer_puts(out, "  <title id=\"title\">The way that mail takes");
	for (size_t i = 0; i < path->host_count; i++) {
		buffer_puts(out, i == 0 ? ": " : ", ");
		put_text(out, path->hosts[i].name);
	}
	buffer_puts(out, "</title>\n");
	put_words(path, out);
}

static bool
asks(const struct path *path)
{
	for (size_t i = 0; i < path->edge_count; i++)
		if (path->edges[i].way == PATH_LOGIN)
			return true;
	return false;
}

/* put_legend - what a dashed line is, and errors that have no place */
static void
put_legend(const struct map_layout *layout, struct buffer *out)
{
	const struct path *path = layout->path;
	int x = MAP_MARGIN, y = layout->height;

	if (asks(path)) {
		y += 2;
		buffer_printf(out, "  <path class=\"edge login\" d=\"M%d,%dh30\"/>\n", x, y - 4);
		buffer_printf(out,
			"  <text class=\"s\" x=\"%d\" y=\"%d\">asks whether a password is "
			"right</text>\n",
			x + 38, y);
	} else {
		y -= MAP_LINE;
	}
	for (size_t i = 0; i < path->trouble_count; i++) {
		y += MAP_LINE;
		buffer_printf(out, "  <text class=\"b id\" x=\"%d\" y=\"%d\">%s</text>\n", x, y,
			path->troubles[i].finding);
	}
}

void
map_svg(const struct path *path, struct buffer *out)
{
	struct map_layout layout;
	int width, height;

	map_layout(path, &layout);
	width = layout.width;
	height = layout.height + (int)path->trouble_count * MAP_LINE + (asks(path) ? LEGEND : 0);
	buffer_printf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"title words\">\n",
		width, height, width, height);
	put_heading(path, out);
	buffer_puts(out, style);
	buffer_printf(out,
		"  <rect class=\"page\" x=\"0.5\" y=\"0.5\" width=\"%d\" height=\"%d\" "
		"rx=\"12\"/>\n",
		width - 1, height - 1);
	for (size_t i = 0; i < path->host_count; i++)
		put_frame(&layout, i, out);
	for (size_t i = 0; i < layout.segment_count; i++)
		put_segment(&layout, &layout.segments[i], out);
	for (size_t i = 0; i < path->host_count; i++)
		put_name(&layout, i, out);
	for (size_t i = 0; i < layout.node_count; i++)
		if (layout.nodes[i].box != MAP_SLOT && !path->boxes[layout.nodes[i].box].gone)
			put_box(&layout, &layout.nodes[i], out);
	put_legend(&layout, out);
	buffer_puts(out, "</svg>\n");
}
