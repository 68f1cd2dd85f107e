/* map_ranks.c - which box stands in which rank and column */
#include <string.h>

#include "report/map_layout.h"

/* What is known while ranks are given. */
struct ranking {
	struct map_layout *layout;
	size_t *rank; /* of each box */
	unsigned char *state; /* of each box: 0 not seen, 1 on the way, 2 done */
	bool *back; /* of each edge: it leads up, against the others */
};

/* visit - finds the edges that close a circle, as between two servers that relay to each other */
static void
visit(struct ranking *ranking, size_t box)
{
	const struct path *path = ranking->layout->path;

	ranking->state[box] = 1;
	for (size_t i = 0; i < path->edge_count; i++) {
		if (path->edges[i].from != box)
			continue;
		if (ranking->state[path->edges[i].to] == 1)
			ranking->back[i] = true;
		else if (ranking->state[path->edges[i].to] == 0)
			visit(ranking, path->edges[i].to);
	}
	ranking->state[box] = 2;
}

/* push_down - each box below all that lead to it */
static void
push_down(struct ranking *ranking)
{
	const struct path *path = ranking->layout->path;
	bool moved = true;

	while (moved) {
		moved = false;
		for (size_t i = 0; i < path->edge_count; i++) {
			size_t from = path->edges[i].from, to = path->edges[i].to;

			if (ranking->back[i] || ranking->rank[to] > ranking->rank[from])
				continue;
			ranking->rank[to] = ranking->rank[from] + 1;
			moved = true;
		}
	}
}

/* pull_down - who leads to others stands right above the first of them */
static void
pull_down(struct ranking *ranking)
{
	const struct path *path = ranking->layout->path;

	for (size_t b = 0; b < path->box_count; b++) {
		size_t least = 0;
		bool leads = false, led = false;

		for (size_t i = 0; i < path->edge_count; i++) {
			if (ranking->back[i])
				continue;
			led = led || path->edges[i].to == b;
			if (path->edges[i].from != b)
				continue;
			if (!leads || ranking->rank[path->edges[i].to] < least)
				least = ranking->rank[path->edges[i].to];
			leads = true;
		}
		if (leads && !led && least > 0)
			ranking->rank[b] = least - 1;
	}
}

/* span - the ranks from *FIRST to *LAST that boxes of HOST stand in; false when it has none */
static bool
span(const struct ranking *ranking, size_t host, size_t *first, size_t *last)
{
	const struct path *path = ranking->layout->path;
	bool any = false;

	for (size_t b = 0; b < path->box_count; b++) {
		if (path->boxes[b].gone || path->boxes[b].host != host)
			continue;
		if (!any || ranking->rank[b] < *first)
			*first = ranking->rank[b];
		if (!any || ranking->rank[b] > *last)
			*last = ranking->rank[b];
		any = true;
	}
	return any;
}

/* free_column - the first one where no container, of those before BEFORE, meets the ranks */
static size_t
free_column(const struct ranking *ranking, const size_t *columns, size_t before, size_t first,
	size_t last)
{
	size_t column = 0, from, to;
	bool moved = true;

	while (moved) {
		moved = false;
		for (size_t i = 0; i < before; i++)
			if (columns[i] == column && span(ranking, i, &from, &to) && first <= to &&
				last >= from) {
				column++;
				moved = true;
			}
	}
	return column;
}

/* neighbour_column - that of the container whose box leads to, or is led to by, BOX */
static size_t
neighbour_column(const struct ranking *ranking, const size_t *columns, size_t box)
{
	const struct path *path = ranking->layout->path;

	for (size_t i = 0; i < path->edge_count; i++) {
		size_t other = path->edges[i].from == box ? path->edges[i].to
			: path->edges[i].to == box        ? path->edges[i].from
							  : box;

		if (path->boxes[other].host != PATH_OUTSIDE)
			return columns[path->boxes[other].host];
	}
	return 0;
}

static void
add_node(struct map_layout *layout, size_t box, size_t host, size_t rank, size_t column)
{
	layout->nodes = arena_grow(layout->path->arena, layout->nodes,
		layout->node_count * sizeof(*layout->nodes),
		(layout->node_count + 1) * sizeof(*layout->nodes));
	layout->nodes[layout->node_count++] =
		(struct map_node){.box = box, .host = host, .rank = rank, .column = column};
	if (rank >= layout->rank_count)
		layout->rank_count = rank + 1;
	if (column >= layout->column_count)
		layout->column_count = column + 1;
}

/* add_boxes - the node of a box has its place; one that is gone is a node that nobody draws */
static void
add_boxes(struct ranking *ranking)
{
	const struct path *path = ranking->layout->path;
	size_t *columns = arena_alloc(path->arena, (path->host_count + 1) * sizeof(*columns));
	size_t first, last;

	for (size_t i = 0; i < path->host_count; i++)
		if (span(ranking, i, &first, &last))
			columns[i] = free_column(ranking, columns, i, first, last);
	for (size_t b = 0; b < path->box_count; b++) {
		const struct path_box *box = &path->boxes[b];
		size_t rank = ranking->rank[b], column;

		if (box->host != PATH_OUTSIDE) {
			column = columns[box->host];
		} else {
			column = free_column(ranking, columns, path->host_count, rank, rank);
			if (box->kind == PATH_SENDER || box->kind == PATH_READER)
				column = neighbour_column(ranking, columns, b);
		}
		add_node(ranking->layout, b, box->host, box->gone ? 0 : rank,
			box->gone ? 0 : column);
	}
}

static void
add_segment(struct map_layout *layout, size_t from, size_t to, size_t edge, bool last)
{
	layout->segments = arena_grow(layout->path->arena, layout->segments,
		layout->segment_count * sizeof(*layout->segments),
		(layout->segment_count + 1) * sizeof(*layout->segments));
	layout->segments[layout->segment_count++] =
		(struct map_segment){.from = from, .to = to, .edge = edge, .last = last};
}

/* add_edge - through a slot in each rank between its ends */
static void
add_edge(struct ranking *ranking, size_t edge)
{
	struct map_layout *layout = ranking->layout;
	size_t from = layout->path->edges[edge].from, to = layout->path->edges[edge].to;
	size_t upper = ranking->back[edge] ? to : from, lower = ranking->back[edge] ? from : to;
	size_t at = upper, column = layout->nodes[upper].column;

	/* an edge to its own container stays in it; another one turns to its end at once */
	if (layout->nodes[upper].host != layout->nodes[lower].host)
		column = layout->nodes[lower].column;
	for (size_t rank = layout->nodes[upper].rank + 1; rank < layout->nodes[lower].rank;
		rank++) {
		add_node(layout, MAP_SLOT, PATH_OUTSIDE, rank, column);
		add_segment(layout, at, layout->node_count - 1, edge, false);
		at = layout->node_count - 1;
	}
	if (layout->nodes[lower].rank > layout->nodes[upper].rank)
		add_segment(layout, at, lower, edge, true);
}

void
map_ranks(struct map_layout *layout)
{
	const struct path *path = layout->path;
	struct ranking ranking = {.layout = layout,
		.rank = arena_alloc(path->arena, (path->box_count + 1) * sizeof(size_t)),
		.state = arena_alloc(path->arena, path->box_count + 1),
		.back = arena_alloc(path->arena, path->edge_count + 1)};
	bool senders = false;

	/* nobody stands beside those who send, lest a container's frame takes them in */
	for (size_t b = 0; b < path->box_count; b++)
		senders = senders || path->boxes[b].kind == PATH_SENDER;
	for (size_t b = 0; b < path->box_count; b++) {
		ranking.rank[b] = senders && path->boxes[b].kind != PATH_SENDER;
		if (ranking.state[b] == 0)
			visit(&ranking, b);
	}
	push_down(&ranking);
	pull_down(&ranking);
	add_boxes(&ranking);
	for (size_t i = 0; i < path->edge_count; i++)
		add_edge(&ranking, i);
}
