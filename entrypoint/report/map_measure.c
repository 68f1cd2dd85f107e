/*
 * map_measure.c - how wide a text is, without knowing the font
 *
 * A picture is drawn with the reader's own sans-serif font. The widths are those of
 * DejaVu Sans and Verdana, the widest ones in common use, in thousandths of the font's
 * height, so that a text never leaves its box.
 */
#include <string.h>

#include "report/map_layout.h"

static const unsigned short widths[] = {352, 402, 460, 838, 636, 1077, 780, 275, 454, 454, 636, 838,
	364, 454, 364, 454, 636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 454, 454, 838, 838,
	838, 545, 1000, 684, 686, 698, 771, 632, 575, 776, 752, 421, 455, 693, 557, 863, 748, 788,
	603, 788, 695, 684, 616, 732, 684, 989, 685, 615, 685, 454, 454, 454, 838, 636, 636, 613,
	635, 550, 635, 615, 352, 635, 634, 278, 344, 592, 278, 974, 634, 612, 635, 635, 427, 521,
	394, 634, 592, 818, 592, 592, 525, 636, 454, 636, 838};

#define WIDTHS (sizeof(widths) / sizeof(widths[0]))
#define BOLD_PERCENT 115
#define LINES_MAX 24

/* character - thousandths of the one at *AT, which moves on */
static long
character(const char **at)
{
	unsigned char first = (unsigned char)**at;

	++*at;
	if (first < 0x80)
		return first >= ' ' && (size_t)(first - ' ') < WIDTHS ? widths[first - ' '] : 1000;
	while (((unsigned char)**at & 0xc0) == 0x80)
		++*at;
	return 1000;
}

int
map_width(const char *text, bool bold)
{
	long sum = 0;

	while (*text != '\0')
		sum += character(&text);
	if (bold)
		sum = sum * BOLD_PERCENT / 100;
	return (int)((sum * MAP_FONT + 999) / 1000);
}

/* fitting - how many bytes of TEXT fit into WIDTH, broken where it reads best */
static size_t
fitting(struct map_layout *layout, const char *text, int width, bool bold)
{
	const char *at = text;
	size_t fits = 0, best = 0;

	while (*at != '\0') {
		const char *next = at;

		character(&next);
		if (map_width(arena_strndup(layout->path->arena, text, (size_t)(next - text)),
			    bold) > width)
			break;
		fits = (size_t)(next - text);
		if (*next == '\0')
			return fits;
		if (*at == ' ')
			best = fits;
		else if (strchr("/,:;@-", *at) != NULL && best == 0)
			best = fits;
		at = next;
	}
	/* one character at least, or it would never end */
	if (fits == 0) {
		at = text;
		character(&at);
		fits = (size_t)(at - text);
	}
	return best != 0 ? best : fits;
}

void
map_wrap(struct map_layout *layout, struct map_node *node, const char *text, int width, bool bold)
{
	while (*text != '\0' && node->line_count < LINES_MAX) {
		size_t len = fitting(layout, text, width, bold), shown = len;

		while (shown > 0 && text[shown - 1] == ' ')
			shown--;
		node->lines = arena_grow(layout->path->arena, node->lines,
			node->line_count * sizeof(*node->lines),
			(node->line_count + 1) * sizeof(*node->lines));
		node->lines[node->line_count++] = arena_strndup(layout->path->arena, text, shown);
		text += len;
	}
}
