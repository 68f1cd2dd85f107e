/*
 * map_channels.c - the ways of edges between two ranks
 *
 * Each segment goes down, sideways once, and down. Segments of one kind that come to
 * one box share the height at which they go sideways and the point where they arrive,
 * and so do those that leave one box.
 */
#include <stdlib.h>
#include <string.h>

#include "report/map_layout.h"

#define TRACK 10 /* from one height to the next */
#define CHANNEL 34 /* of a channel without any */
#define NEAR 5 /* two uprights that near to each other look like one */
#define ASIDE 12

static enum path_way
way_of(const struct map_layout *layout, const struct map_segment *segment)
{
	return layout->path->edges[segment->edge].way;
}

static int
middle(const struct map_node *node)
{
	return node->x + node->width / 2;
}

/* port - where segments of a way leave NODE, or arrive there: each way has a point of its own */
static int
port(const struct map_layout *layout, const struct map_segment *segment, bool arrives)
{
	const struct map_node *node = &layout->nodes[arrives ? segment->to : segment->from];
	bool there[3] = {false};
	int count = 0, place = 0;

	for (size_t i = 0; i < layout->segment_count; i++) {
		const struct map_segment *other = &layout->segments[i];

		if ((arrives ? other->to : other->from) == (arrives ? segment->to : segment->from))
			there[way_of(layout, other)] = true;
	}
	for (int way = 0; way < 3; way++) {
		if (way == (int)way_of(layout, segment))
			place = count;
		count += there[way];
	}
	return node->x + node->width * (place + 1) / (count + 1);
}

/* count_arrivals - how many segments of its way come to where SEGMENT ends */
static void
count_arrivals(const struct map_layout *layout, struct map_segment *segment)
{
	segment->arrivals = 0;
	for (size_t i = 0; i < layout->segment_count; i++)
		segment->arrivals += layout->segments[i].to == segment->to &&
			way_of(layout, &layout->segments[i]) == way_of(layout, segment);
}

/* together - whether two segments of one channel go sideways at one height */
static bool
together(const struct map_layout *layout, const struct map_segment *a, const struct map_segment *b)
{
	if (way_of(layout, a) != way_of(layout, b))
		return false;
	if (a->to == b->to)
		return true;
	return a->from == b->from && a->arrivals == 1 && b->arrivals == 1;
}

/* step_aside - an upright that would stand on one of another group moves a little */
static void
step_aside(struct map_layout *layout, size_t rank)
{
	for (size_t i = 0; i < layout->segment_count; i++) {
		struct map_segment *one = &layout->segments[i];
		bool meets = false;

		if (layout->nodes[one->from].rank != rank || one->x1 == one->x2)
			continue;
		for (size_t k = 0; k < layout->segment_count; k++) {
			const struct map_segment *other = &layout->segments[k];

			if (k != i && layout->nodes[other->from].rank == rank &&
				!together(layout, one, other) && abs(other->x1 - one->x2) < NEAR)
				meets = true;
		}
		if (!meets || layout->nodes[one->to].box == MAP_SLOT)
			continue;
		for (size_t k = 0; k < layout->segment_count; k++)
			if (k != i && together(layout, one, &layout->segments[k]) &&
				layout->segments[k].to == one->to)
				layout->segments[k].x2 += ASIDE;
		one->x2 += ASIDE;
	}
}

/* extend - from where to where the group of SEGMENT goes sideways */
static void
extend(const struct map_layout *layout, struct map_segment *segment)
{
	int *left = &segment->left, *right = &segment->right;

	*left = *right = segment->x1;
	for (size_t i = 0; i < layout->segment_count; i++) {
		const struct map_segment *other = &layout->segments[i];

		if (layout->nodes[other->from].rank != layout->nodes[segment->from].rank ||
			!together(layout, segment, other))
			continue;
		*left = other->x1 < *left ? other->x1 : *left;
		*left = other->x2 < *left ? other->x2 : *left;
		*right = other->x1 > *right ? other->x1 : *right;
		*right = other->x2 > *right ? other->x2 : *right;
	}
}

/* give_track - the first height at which nothing of another group is in the way */
static int
give_track(struct map_layout *layout, size_t place)
{
	struct map_segment *segment = &layout->segments[place];
	int left = segment->left, right = segment->right, track = 0;
	bool moved = true;

	for (size_t i = 0; i < place; i++)
		if (layout->nodes[layout->segments[i].from].rank ==
				layout->nodes[segment->from].rank &&
			together(layout, segment, &layout->segments[i]))
			return layout->segments[i].turn;
	if (right - left <= MAP_STRAIGHT)
		return 0;
	while (moved) {
		moved = false;
		for (size_t i = 0; i < place; i++) {
			const struct map_segment *other = &layout->segments[i];

			if (layout->nodes[other->from].rank != layout->nodes[segment->from].rank ||
				other->turn != track)
				continue;
			if (other->right - other->left <= MAP_STRAIGHT ||
				left > other->right + NEAR || right < other->left - NEAR)
				continue;
			track++;
			moved = true;
		}
	}
	return track;
}

void
map_channels(struct map_layout *layout, int *heights)
{
	for (size_t i = 0; i < layout->segment_count; i++) {
		struct map_segment *segment = &layout->segments[i];
		const struct map_node *from = &layout->nodes[segment->from];
		const struct map_node *to = &layout->nodes[segment->to];

		count_arrivals(layout, segment);
		segment->x1 = from->box == MAP_SLOT ? middle(from) : port(layout, segment, false);
		segment->x2 = to->box == MAP_SLOT ? middle(to) : port(layout, segment, true);
	}
	for (size_t r = 0; r < layout->rank_count; r++) {
		step_aside(layout, r);
		heights[r] = CHANNEL;
	}
	/* once: give_track looks at them again and again */
	for (size_t i = 0; i < layout->segment_count; i++)
		extend(layout, &layout->segments[i]);
	for (size_t i = 0; i < layout->segment_count; i++) {
		size_t rank = layout->nodes[layout->segments[i].from].rank;
		int track = give_track(layout, i);

		layout->segments[i].turn = track;
		if (CHANNEL + track * TRACK > heights[rank])
			heights[rank] = CHANNEL + track * TRACK;
	}
	for (size_t i = 0; i < layout->segment_count; i++)
		layout->segments[i].turn = CHANNEL / 2 + layout->segments[i].turn * TRACK;
}
