/*
 * arena.c - memory that is freed together
 *
 * Blocks double in size up to a limit, so that a plan of ten thousand mailboxes
 * costs a few dozen calls of malloc and a plan of three costs one. They come
 * from calloc, which knows that fresh pages are zero.
 *
 * What grows to a hundred thousand elements would leave half-size copies of
 * itself behind. Large arrays therefore have pages of their own, which the
 * kernel moves (mremap) instead of copying them; those not yet used cost nothing.
 */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/fatal.h"

#define ARENA_FIRST_BLOCK_BYTES 16384
#define ARENA_LARGEST_BLOCK_BYTES (1024 * 1024)
#define ARENA_LARGE_BYTES (128 * 1024) /* from here on an array has pages of its own */
#define ARENA_ALIGNMENT 8

struct arena_block {
	struct arena_block *older;
	size_t used, size;
	_Alignas(ARENA_ALIGNMENT) unsigned char data[];
};

struct arena_large {
	struct arena_large *older;
	size_t size; /* of the mapping, this head included */
	_Alignas(ARENA_ALIGNMENT) unsigned char data[];
};

void
arena_init(struct arena *arena)
{
	arena->newest = NULL;
	arena->large = NULL;
}

void
arena_free(struct arena *arena)
{
	while (arena->newest != NULL) {
		struct arena_block *older = arena->newest->older;

		free(arena->newest);
		arena->newest = older;
	}
	while (arena->large != NULL) {
		struct arena_large *older = arena->large->older;

		munmap(arena->large, arena->large->size);
		arena->large = older;
	}
}

static struct arena_block *
arena_add_block(struct arena *arena, size_t at_least)
{
	size_t size = ARENA_FIRST_BLOCK_BYTES;
	struct arena_block *block;

	if (arena->newest != NULL && arena->newest->size < ARENA_LARGEST_BLOCK_BYTES)
		size = arena->newest->size * 2;
	else if (arena->newest != NULL)
		size = ARENA_LARGEST_BLOCK_BYTES;
	while (size < at_least)
		size *= 2;
	block = calloc(1, sizeof(*block) + size);
	if (block == NULL)
		fatal_out_of_memory();
	block->older = arena->newest;
	block->size = size;
	arena->newest = block;
	return block;
}

static void *
add_large(struct arena *arena, size_t size)
{
	size_t whole = sizeof(struct arena_large) + size;
	struct arena_large *large =
		mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (large == MAP_FAILED)
		fatal_out_of_memory();
	large->older = arena->large;
	large->size = whole;
	arena->large = large;
	return large->data;
}

/* move_large - a longer mapping in place of that of OLD; NULL when OLD has none of its own */
static void *
move_large(struct arena *arena, const void *old, size_t size)
{
	for (struct arena_large **at = &arena->large; *at != NULL; at = &(*at)->older) {
		struct arena_large *large = *at;
		size_t whole = sizeof(*large) + size;

		if (large->data != old)
			continue;
		if (whole <= large->size)
			return large->data;
		large = mremap(large, large->size, whole, MREMAP_MAYMOVE);
		if (large == MAP_FAILED)
			fatal_out_of_memory();
		large->size = whole;
		*at = large;
		return large->data;
	}
	return NULL;
}

/* take - SIZE bytes of a block, at a multiple of ALIGNMENT */
static void *
take(struct arena *arena, size_t size, size_t alignment)
{
	struct arena_block *block = arena->newest;
	size_t at;

	if (size > SIZE_MAX / 4)
		fatal_out_of_memory();
	if (size >= ARENA_LARGE_BYTES)
		return add_large(arena, size);
	if (block == NULL)
		block = arena_add_block(arena, size);
	at = (block->used + alignment - 1) & ~(alignment - 1);
	if (at > block->size || block->size - at < size) {
		block = arena_add_block(arena, size);
		at = 0;
	}
	block->used = at + size;
	return block->data + at;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	return take(arena, size, ARENA_ALIGNMENT);
}

void *
arena_grow(struct arena *arena, const void *old, size_t old_size, size_t new_size)
{
	void *grown;

	if (old != NULL && old_size >= ARENA_LARGE_BYTES && new_size >= old_size) {
		grown = move_large(arena, old, new_size);
		if (grown != NULL)
			return grown;
	}
	grown = arena_alloc(arena, new_size);
	if (old != NULL)
		memcpy(grown, old, old_size < new_size ? old_size : new_size);
	return grown;
}

char *
arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		fatal_out_of_memory();
	copy = take(arena, len + 1, 1);
	if (len > 0)
		memcpy(copy, text, len);
	return copy;
}

char *
arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

char *
arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	char brief[256], *text; /* most texts fit, and are formatted once */
	va_list again;
	int len;

	va_copy(again, args);
	len = vsnprintf(brief, sizeof(brief), format, again);
	va_end(again);
	if (len < 0)
		fatal_out_of_memory();
	if ((size_t)len < sizeof(brief))
		return arena_strndup(arena, brief, (size_t)len);
	text = take(arena, (size_t)len + 1, 1);
	vsnprintf(text, (size_t)len + 1, format, args);
	return text;
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}
