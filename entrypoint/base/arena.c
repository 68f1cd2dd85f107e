/*
 * arena.c - memory that is freed together
 *
 * Blocks double in size up to a limit, so that a plan of ten thousand mailboxes
 * costs a few dozen calls of malloc and a plan of three costs one.
 */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"

#define ARENA_FIRST_BLOCK_BYTES 16384
#define ARENA_LARGEST_BLOCK_BYTES (1024 * 1024)
#define ARENA_ALIGNMENT 16

struct arena_block {
	struct arena_block *older;
	size_t used, size;
	_Alignas(ARENA_ALIGNMENT) unsigned char data[];
};

void
arena_init(struct arena *arena)
{
	arena->newest = NULL;
}

void
arena_free(struct arena *arena)
{
	struct arena_block *block = arena->newest;

	while (block != NULL) {
		struct arena_block *older = block->older;
		free(block);
		block = older;
	}
	arena->newest = NULL;
}

static struct arena_block *
arena_add_block(struct arena *arena, size_t at_least)
{
	size_t size = ARENA_FIRST_BLOCK_BYTES;
	struct arena_block *block;

	if (arena->newest != NULL && arena->newest->size < ARENA_LARGEST_BLOCK_BYTES)
		size = arena->newest->size * 2;
	if (size < at_least)
		size = at_least;
	block = malloc(sizeof(*block) + size);
	if (block == NULL)
		fatal_out_of_memory();
	block->older = arena->newest;
	block->used = 0;
	block->size = size;
	arena->newest = block;
	return block;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->newest;
	void *found;

	if (size > SIZE_MAX / 2)
		fatal_out_of_memory();
	size = (size + ARENA_ALIGNMENT - 1) & ~(size_t)(ARENA_ALIGNMENT - 1);
	if (block == NULL || block->size - block->used < size)
		block = arena_add_block(arena, size);
	found = block->data + block->used;
	block->used += size;
	memset(found, 0, size);
	return found;
}

void *
arena_grow(struct arena *arena, const void *old, size_t old_size, size_t new_size)
{
	void *grown = arena_alloc(arena, new_size);

	if (old != NULL)
		memcpy(grown, old, old_size < new_size ? old_size : new_size);
	return grown;
}

char *
arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_alloc(arena, len + 1);

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
	va_list again;
	int len;
	char *text;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (len < 0)
		fatal_out_of_memory();
	text = arena_alloc(arena, (size_t)len + 1);
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
