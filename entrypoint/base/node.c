/*
 * node.c - a tree of values with origins
 *
 * Maps keep the order in which keys came, for files must not shuffle between
 * two runs; a map of more than a few keys gets a hash index beside it, so that
 * a hundred thousand aliases cost a straight line and no square.
 */
#include "base/node.h"

#include <stdint.h>
#include <string.h>

#define NODE_FIRST_KEYS 4
#define NODE_INDEX_FROM 16 /* smaller maps are searched one by one */

struct node_index {
	size_t size; /* a power of two, of which three quarters are used at most */
	uint32_t *slots; /* place + 1; 0 is empty */
};

struct node *
node_new(struct arena *arena, enum node_type type, const struct origin *origin)
{
	struct node *node = arena_alloc(arena, sizeof(*node));

	node->type = type;
	node->text = "";
	if (origin != NULL)
		node->origin = *origin;
	return node;
}

struct node *
node_scalar(struct arena *arena, const char *text, const struct origin *origin)
{
	struct node *node = node_new(arena, NODE_SCALAR, origin);

	node->text = arena_strdup(arena, text);
	return node;
}

struct node *
node_bool(struct arena *arena, bool truth, const struct origin *origin)
{
	struct node *node = node_new(arena, NODE_BOOL, origin);

	node->truth = truth;
	node->text = truth ? "yes" : "no";
	return node;
}

/*
 * node_make_room - for one element more. Arrays are as long as the next power of
 * two, so that no node need remember it; maps start with a few keys, and lists,
 * which mostly have one element, with one.
 */
static void
node_make_room(struct arena *arena, struct node *node)
{
	size_t first = node->type == NODE_MAP ? NODE_FIRST_KEYS : 1;
	size_t old = node->count, room = old != 0 ? old * 2 : first;

	if (old != 0 && (old < first || (old & (old - 1)) != 0))
		return;
	node->items = arena_grow(
		arena, node->items, old * sizeof(*node->items), room * sizeof(*node->items));
	if (node->type != NODE_MAP)
		return;
	node->keys = arena_grow(
		arena, node->keys, old * sizeof(*node->keys), room * sizeof(*node->keys));
	node->key_origins = arena_grow(arena, node->key_origins, old * sizeof(*node->key_origins),
		room * sizeof(*node->key_origins));
}

struct node *
node_add(struct arena *arena, struct node *list, struct node *item)
{
	node_make_room(arena, list);
	list->items[list->count++] = item;
	return item;
}

/* hash_key - FNV-1a */
static size_t
hash_key(const char *key)
{
	uint64_t hash = 14695981039346656037ULL;

	for (; *key != '\0'; key++)
		hash = (hash ^ (unsigned char)*key) * 1099511628211ULL;
	return (size_t)(hash ^ (hash >> 32));
}

static void
index_put(struct node_index *index, const char *key, size_t place)
{
	size_t slot = hash_key(key) & (index->size - 1);

	while (index->slots[slot] != 0)
		slot = (slot + 1) & (index->size - 1);
	index->slots[slot] = (uint32_t)place + 1;
}

static void
index_rebuild(struct arena *arena, struct node *map)
{
	struct node_index *index = map->index;
	size_t old;

	if (index == NULL)
		index = map->index = arena_alloc(arena, sizeof(*index));
	old = index->size * sizeof(*index->slots);
	index->size = NODE_INDEX_FROM * 4;
	while (index->size < map->count * 2)
		index->size *= 2;
	index->slots = arena_grow(arena, index->slots, old, index->size * sizeof(*index->slots));
	memset(index->slots, 0, old);
	for (size_t i = 0; i < map->count; i++)
		index_put(index, map->keys[i], i);
}

bool
node_has_text(const struct node *list, const char *text)
{
	for (size_t i = 0; list != NULL && i < list->count; i++)
		if (list->items[i]->text != NULL && strcmp(list->items[i]->text, text) == 0)
			return true;
	return false;
}

ptrdiff_t
node_find(const struct node *map, const char *key)
{
	if (map == NULL || map->type != NODE_MAP)
		return -1;
	if (map->index == NULL) {
		for (size_t i = 0; i < map->count; i++)
			if (strcmp(map->keys[i], key) == 0)
				return (ptrdiff_t)i;
		return -1;
	}
	for (size_t slot = hash_key(key) & (map->index->size - 1); map->index->slots[slot] != 0;
		slot = (slot + 1) & (map->index->size - 1)) {
		size_t place = map->index->slots[slot] - 1;
		if (strcmp(map->keys[place], key) == 0)
			return (ptrdiff_t)place;
	}
	return -1;
}

/* put_key - KEY is copied when KEEP does not say that it lives long enough */
static struct node *
put_key(struct arena *arena, struct node *map, const char *key, bool keep,
	const struct origin *key_origin, struct node *item)
{
	ptrdiff_t place = node_find(map, key);

	if (place < 0) {
		node_make_room(arena, map);
		place = (ptrdiff_t)map->count++;
		map->keys[place] = keep ? key : arena_strdup(arena, key);
		if (map->index != NULL && map->count * 4 <= map->index->size * 3)
			index_put(map->index, map->keys[place], (size_t)place);
		else if (map->count > NODE_INDEX_FROM)
			index_rebuild(arena, map);
	}
	map->items[place] = item;
	if (key_origin != NULL)
		map->key_origins[place] = *key_origin;
	return item;
}

struct node *
node_set_at(struct arena *arena, struct node *map, const char *key, const struct origin *key_origin,
	struct node *item)
{
	return put_key(arena, map, key, false, key_origin, item);
}

struct node *
node_keep_at(struct arena *arena, struct node *map, const char *key,
	const struct origin *key_origin, struct node *item)
{
	return put_key(arena, map, key, true, key_origin, item);
}

struct node *
node_set(struct arena *arena, struct node *map, const char *key, struct node *item)
{
	return node_set_at(arena, map, key, &item->origin, item);
}

struct node *
node_get(const struct node *map, const char *key)
{
	ptrdiff_t place = node_find(map, key);

	return place < 0 ? NULL : map->items[place];
}

/* take_step - copies the first part of a dotted path into STEP; NULL when it does not fit */
static const char *
take_step(const char *path, char *step, size_t size)
{
	size_t len = strcspn(path, ".");

	if (len >= size)
		return NULL;
	memcpy(step, path, len);
	step[len] = '\0';
	return path[len] == '.' ? path + len + 1 : path + len;
}

struct node *
node_at(const struct node *root, const char *path)
{
	char step[256];
	const struct node *node = root;

	while (node != NULL && *path != '\0') {
		path = take_step(path, step, sizeof(step));
		if (path == NULL)
			return NULL;
		node = node_get(node, step);
	}
	return (struct node *)(uintptr_t)node; /* the caller's tree, const or not, as strchr does */
}

void
node_set_path(struct arena *arena, struct node *root, const char *path, struct node *item)
{
	char step[256];

	for (;;) {
		struct node *next;

		path = take_step(path, step, sizeof(step));
		if (path == NULL)
			return;
		if (*path == '\0') {
			node_set(arena, root, step, item);
			return;
		}
		next = node_get(root, step);
		if (next == NULL || next->type != NODE_MAP)
			next = node_set(
				arena, root, step, node_new(arena, NODE_MAP, &item->origin));
		root = next;
	}
}

const char *
node_text(const struct node *root, const char *path, const char *otherwise)
{
	const struct node *node = node_at(root, path);

	if (node == NULL || (node->type != NODE_SCALAR && node->type != NODE_BOOL))
		return otherwise;
	return node->text;
}

bool
node_true(const struct node *root, const char *path)
{
	const struct node *node = node_at(root, path);

	return node != NULL && node->type == NODE_BOOL && node->truth;
}
