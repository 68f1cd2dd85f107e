#ifndef REPORT_MAP_LAYOUT_H
#define REPORT_MAP_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/path.h"

/*
 * Where everything of a picture stands, in whole pixels: boxes in ranks from top to
 * bottom, as mail moves, each container a column of its own, edges in the channels
 * between two ranks. A layered drawing after Sugiyama, cut down to what mail needs:
 * an edge over several ranks goes through a slot in each of them.
 */
#define MAP_FONT 13 /* pixels of a text's height */
#define MAP_LINE 18 /* from one line to the next */
#define MAP_BOX_PAD 12
#define MAP_MARGIN 24
#define MAP_STRAIGHT 2 /* pixels to the side that need no corners */

/* A box, or a slot that an edge goes through. */
struct map_node {
	size_t box; /* a place in the path's BOXES; MAP_SLOT */
	size_t host;
	size_t rank, column;
	int x, y, width, height;
	const char **lines; /* the title first; no line is wider than the box */
	size_t line_count;
	long weight; /* where its neighbours are: what a row is ordered by */
};

#define MAP_SLOT ((size_t)-2)

/* A part of an edge, from one rank to the next. */
struct map_segment {
	size_t from, to; /* nodes */
	size_t edge; /* a place in the path's EDGES */
	bool last; /* it ends with an arrow */
	size_t arrivals; /* of its way, at its end */
	int x1, y1, x2, y2, turn; /* TURN: the height at which it goes sideways */
	int left, right; /* from where to where its group does */
};

/* A container; HEIGHT is 0 where it has no box. */
struct map_frame {
	int x, y, width, height;
};

struct map_layout {
	const struct path *path;
	struct map_node *nodes;
	size_t node_count;
	struct map_segment *segments;
	size_t segment_count;
	struct map_frame *frames; /* beside the path's HOSTS */
	size_t rank_count, column_count;
	int width, height;
};

/* All of it belongs to the path's arena. */
void map_layout(const struct path *path, struct map_layout *layout);

/* map_ranks.c: makes nodes and segments, each with its rank and column. */
void map_ranks(struct map_layout *layout);

/* map_channels.c: the ways of the segments through the channels; *HEIGHTS is what each needs. */
void map_channels(struct map_layout *layout, int *heights);

/* map_measure.c: how wide TEXT may be at most, in pixels, whatever the reader's font is. */
int map_width(const char *text, bool bold);

/* Breaks TEXT into lines that are no wider than WIDTH, and adds them to the node's. */
void
map_wrap(struct map_layout *layout, struct map_node *node, const char *text, int width, bool bold);

#endif
