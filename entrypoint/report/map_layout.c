/* map_layout.c - where everything of a picture stands */
#include "report/map_layout.h"

#include <stdlib.h>
#include <string.h>

#define BOX_LEAST 118 /* pixels of a box's width, and the most that its text takes */
#define TEXT_MOST 208
#define BETWEEN 18 /* two boxes of a row */
#define SLOT 14
#define COLUMNS 26 /* between two columns */
#define FRAME_PAD 16
#define FRAME_HEAD 42 /* a container's name, and the arrows that come in */
#define SWEEPS 6
#define HEAD 8

/* measure - the lines of a box, and how much room they take */
static void
measure(struct map_layout *layout, struct map_node *node)
{
	const struct path_box *box;
	int width = 0;
	size_t titles;

	if (node->box == MAP_SLOT) {
		node->width = SLOT;
		return;
	}
	box = &layout->path->boxes[node->box];
	map_wrap(layout, node, box->title, TEXT_MOST, true);
	titles = node->line_count;
	for (size_t i = 0; i < box->fact_count; i++)
		map_wrap(layout, node, box->facts[i], TEXT_MOST, false);
	if (box->finding != NULL)
		map_wrap(layout, node, box->finding, TEXT_MOST, true);
	for (size_t i = 0; i < node->line_count; i++) {
		bool bold = i < titles || box->finding != NULL;
		int line = map_width(node->lines[i], bold);

		width = line > width ? line : width;
	}
	node->width = width + 2 * MAP_BOX_PAD;
	if (node->width < BOX_LEAST)
		node->width = BOX_LEAST;
	node->height = (int)node->line_count * MAP_LINE + MAP_BOX_PAD;
}

static bool
is_drawn(const struct map_layout *layout, const struct map_node *node)
{
	return node->box == MAP_SLOT || !layout->path->boxes[node->box].gone;
}

static bool
in_row(const struct map_layout *layout, const struct map_node *node, size_t rank, size_t column)
{
	return is_drawn(layout, node) && node->rank == rank && node->column == column;
}

/* even_out - the boxes of a row are of one size */
static void
even_out(struct map_layout *layout, const struct map_node *like)
{
	int width = 0, height = 0;

	for (size_t i = 0; i < layout->node_count; i++) {
		const struct map_node *node = &layout->nodes[i];

		if (!in_row(layout, node, like->rank, like->column) || node->host != like->host ||
			node->box == MAP_SLOT)
			continue;
		width = node->width > width ? node->width : width;
		height = node->height > height ? node->height : height;
	}
	for (size_t i = 0; i < layout->node_count; i++) {
		struct map_node *node = &layout->nodes[i];

		if (in_row(layout, node, like->rank, like->column) && node->host == like->host &&
			node->box != MAP_SLOT) {
			node->width = width;
			node->height = height;
		}
	}
}

/* The nodes of one row, while they are put in order. */
struct row {
	const struct map_layout *layout;
	size_t *nodes;
	size_t count;
};

static void
collect(struct map_layout *layout, size_t rank, size_t column, struct row *row)
{
	row->layout = layout;
	row->count = 0;
	for (size_t i = 0; i < layout->node_count; i++)
		if (in_row(layout, &layout->nodes[i], rank, column))
			row->nodes[row->count++] = i;
	/* as they stand now: insertion sort, which keeps equals as they are */
	for (size_t i = 1; i < row->count; i++)
		for (size_t k = i; k > 0; k--) {
			struct map_node *left = &layout->nodes[row->nodes[k - 1]];
			struct map_node *right = &layout->nodes[row->nodes[k]];
			size_t moved = row->nodes[k];

			if (left->weight <= right->weight)
				break;
			row->nodes[k] = row->nodes[k - 1];
			row->nodes[k - 1] = moved;
		}
}

static int
row_width(const struct row *row)
{
	int width = 0;

	for (size_t i = 0; i < row->count; i++)
		width += row->layout->nodes[row->nodes[i]].width + (i > 0 ? BETWEEN : 0);
	return width;
}

/* place_rows - each row in the middle of its column, in the order of the weights */
static void
place_rows(struct map_layout *layout, struct row *row)
{
	int left = MAP_MARGIN + FRAME_PAD;

	for (size_t c = 0; c < layout->column_count; c++) {
		int width = 0;

		for (size_t r = 0; r < layout->rank_count; r++) {
			collect(layout, r, c, row);
			width = row_width(row) > width ? row_width(row) : width;
		}
		for (size_t r = 0; r < layout->rank_count; r++) {
			int x;

			collect(layout, r, c, row);
			x = left + (width - row_width(row)) / 2;
			for (size_t i = 0; i < row->count; i++) {
				struct map_node *node = &layout->nodes[row->nodes[i]];

				node->x = x;
				x += node->width + BETWEEN;
			}
		}
		left += width + 2 * FRAME_PAD + COLUMNS;
	}
	layout->width = left - COLUMNS - FRAME_PAD + MAP_MARGIN;
}

/* weigh - a node is drawn to where its neighbours above (or below) stand */
static void
weigh(struct map_layout *layout, bool above)
{
	for (size_t i = 0; i < layout->node_count; i++) {
		struct map_node *node = &layout->nodes[i];
		long sum = 0, count = 0;

		for (size_t k = 0; k < layout->segment_count; k++) {
			const struct map_segment *segment = &layout->segments[k];
			const struct map_node *other;

			if ((above ? segment->to : segment->from) != i)
				continue;
			other = &layout->nodes[above ? segment->from : segment->to];
			sum += other->x + other->width / 2;
			count++;
		}
		node->weight = count > 0 ? sum / count : node->x + node->width / 2;
	}
}

/* place_ranks - heights, with room for the names of containers and for edges */
static void
place_ranks(struct map_layout *layout, const size_t *first, const size_t *last)
{
	const struct path *path = layout->path;
	int *channels = arena_alloc(path->arena, (layout->rank_count + 1) * sizeof(*channels));
	int y = MAP_MARGIN + HEAD;

	map_channels(layout, channels);
	for (size_t r = 0; r < layout->rank_count; r++) {
		int height = 0, begin;

		for (size_t h = 0; h < path->host_count; h++)
			if (first[h] == r) {
				y += FRAME_HEAD;
				break;
			}
		for (size_t i = 0; i < layout->node_count; i++)
			if (layout->nodes[i].rank == r && layout->nodes[i].height > height)
				height = layout->nodes[i].height;
		for (size_t i = 0; i < layout->node_count; i++)
			if (layout->nodes[i].rank == r) {
				layout->nodes[i].y = y;
				if (layout->nodes[i].box == MAP_SLOT)
					layout->nodes[i].height = height;
			}
		begin = y + height;
		y = begin;
		for (size_t h = 0; h < path->host_count; h++)
			if (last[h] == r) {
				y += FRAME_PAD;
				break;
			}
		for (size_t i = 0; i < layout->segment_count; i++)
			if (layout->nodes[layout->segments[i].from].rank == r)
				layout->segments[i].turn += y;
		layout->height = y;
		y += channels[r];
	}
	layout->height += MAP_MARGIN;
}

/* find_spans - the first and the last rank of each container's boxes */
static void
find_spans(const struct map_layout *layout, size_t *first, size_t *last)
{
	for (size_t h = 0; h < layout->path->host_count; h++) {
		first[h] = MAP_SLOT;
		last[h] = MAP_SLOT;
		for (size_t i = 0; i < layout->node_count; i++) {
			const struct map_node *node = &layout->nodes[i];

			if (node->host != h || !is_drawn(layout, node))
				continue;
			if (first[h] == MAP_SLOT || node->rank < first[h])
				first[h] = node->rank;
			if (last[h] == MAP_SLOT || node->rank > last[h])
				last[h] = node->rank;
		}
	}
}

/* take_in - the frame becomes as large as it must be for one more node */
static void
take_in(struct map_frame *frame, const struct map_node *node)
{
	int left = node->x - FRAME_PAD, right = node->x + node->width + FRAME_PAD;
	int top = node->y - FRAME_HEAD, bottom = node->y + node->height + FRAME_PAD;

	if (frame->height == 0) {
		*frame = (struct map_frame){left, top, right - left, bottom - top};
		return;
	}
	if (right > frame->x + frame->width)
		frame->width = right - frame->x;
	if (left < frame->x) {
		frame->width += frame->x - left;
		frame->x = left;
	}
	if (bottom > frame->y + frame->height)
		frame->height = bottom - frame->y;
	if (top < frame->y) {
		frame->height += frame->y - top;
		frame->y = top;
	}
}

static void
make_frames(struct map_layout *layout, const size_t *first, const size_t *last)
{
	const struct path *path = layout->path;
	size_t *columns = arena_alloc(path->arena, (path->host_count + 1) * sizeof(*columns));

	layout->frames = arena_alloc(path->arena, (path->host_count + 1) * sizeof(*layout->frames));
	/* all of a container's boxes that are drawn stand in one column */
	for (size_t i = 0; i < layout->node_count; i++)
		if (layout->nodes[i].host != PATH_OUTSIDE && is_drawn(layout, &layout->nodes[i]))
			columns[layout->nodes[i].host] = layout->nodes[i].column;
	for (size_t h = 0; h < path->host_count; h++)
		for (size_t i = 0; i < layout->node_count; i++) {
			const struct map_node *node = &layout->nodes[i];
			bool inside = node->host == h && is_drawn(layout, node);

			/* a slot between the container's boxes is an edge of its own */
			if (node->box == MAP_SLOT && first[h] != MAP_SLOT &&
				node->column == columns[h])
				inside = node->rank >= first[h] && node->rank <= last[h];
			if (inside)
				take_in(&layout->frames[h], node);
		}
}

static void
place_segments(struct map_layout *layout)
{
	for (size_t i = 0; i < layout->segment_count; i++) {
		struct map_segment *segment = &layout->segments[i];
		const struct map_node *from = &layout->nodes[segment->from];

		segment->y1 = from->y + from->height;
		segment->y2 = layout->nodes[segment->to].y;
	}
}

void
map_layout(const struct path *path, struct map_layout *layout)
{
	size_t *first = arena_alloc(path->arena, (path->host_count + 1) * sizeof(*first));
	size_t *last = arena_alloc(path->arena, (path->host_count + 1) * sizeof(*last));
	struct row row;

	*layout = (struct map_layout){.path = path};
	map_ranks(layout);
	row.nodes = arena_alloc(path->arena, (layout->node_count + 1) * sizeof(*row.nodes));
	for (size_t i = 0; i < layout->node_count; i++) {
		measure(layout, &layout->nodes[i]);
		layout->nodes[i].weight = (long)i;
	}
	for (size_t i = 0; i < layout->node_count; i++)
		if (layout->nodes[i].box != MAP_SLOT && is_drawn(layout, &layout->nodes[i]))
			even_out(layout, &layout->nodes[i]);
	place_rows(layout, &row);
	for (size_t i = 0; i < SWEEPS; i++) {
		weigh(layout, i % 2 == 0);
		place_rows(layout, &row);
	}
	find_spans(layout, first, last);
	place_ranks(layout, first, last);
	make_frames(layout, first, last);
	place_segments(layout);
}
