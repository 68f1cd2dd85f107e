#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

/*
 * An arena owns everything that one plan is made of: strings, nodes, arrays.
 * The short-lived children that build a plan free it as one thing, or simply
 * exit. Nothing returned here is freed on its own, and nothing returned here is
 * ever NULL: when memory is gone the process says so and exits 3, which is
 * allowed because no arena ever lives in PID 1.
 */
struct arena_block;
struct arena_large;

struct arena {
	struct arena_block *newest; /* owned; NULL before the first allocation */
	struct arena_large *large; /* owned: arrays so large that each has pages of its own */
};

void arena_init(struct arena *arena);
void arena_free(struct arena *arena);

/* SIZE bytes, zeroed, aligned for pointers and 64-bit numbers. */
void *arena_alloc(struct arena *arena, size_t size);

/*
 * OLD as an array of NEW_SIZE bytes, of which the first OLD_SIZE are kept and the
 * others are zero. OLD may be NULL. It must not be used any more if it belongs to
 * the arena: a large one is not copied but moved.
 */
void *arena_grow(struct arena *arena, const void *old, size_t old_size, size_t new_size);

char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t len);
char *
arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

#endif
