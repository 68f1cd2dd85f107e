#ifndef SETTINGS_OUTLINE_H
#define SETTINGS_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/finding.h"

/*
 * Which services a compose file has, by what names they reach each other, and which
 * of them are mailinit. Not what they are given there: compose.h reads that of one.
 */
#define OUTLINE_NAMES 16

struct outline_service {
	const char *name;
	const char
		*names[OUTLINE_NAMES]; /* further ones: of the container, the host, its aliases */
	size_t name_count;
	unsigned replicas;
	bool ours; /* it names our image, or has our variables */
};

struct outline {
	const char *file, *chosen; /* FILE and SERVICE of "FILE:SERVICE"; CHOSEN may be NULL */
	struct outline_service *services; /* in the order of the file */
	size_t count;
};

struct compose;
struct node;

/* Fills the services of OUTLINE from SERVICES, a map. */
void outline_take(struct compose *compose, const struct node *services, struct outline *outline);

/* Reads the file of WANTED, as --compose has it. Returns 0, or -1 after a finding. */
int outline_read(struct arena *arena, struct findings *findings, const char *wanted,
	struct outline *outline);

#endif
