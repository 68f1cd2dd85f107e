/*
 * simulation.c - histories of a fleet, by chance
 *
 *     simulation SEED HISTORIES
 *
 * Each history is a fleet of its own that lives through some events and is
 * then stopped. Ends with 0 when every invariant held all the time; else it
 * says which one broke in which history, and ends with 1. The history of a
 * broken one is repeated by giving its number as SEED and 1 as HISTORIES.
 */
#include <stdio.h>
#include <stdlib.h>

#include "world.h"

#define STEPS_MAX 60

int
main(int argc, char **argv)
{
	static struct world world;
	uint64_t seed, count, events = 0;

	if (argc != 3) {
		fputs("usage: simulation SEED HISTORIES\n", stderr);
		return 2;
	}
	seed = strtoull(argv[1], NULL, 10);
	count = strtoull(argv[2], NULL, 10);
	for (uint64_t i = 0; i < count; i++) {
		uint64_t steps;

		world_begin(&world, seed + i);
		steps = 1 + world_draw(&world, STEPS_MAX);
		for (uint64_t step = 0; step < steps && world.broken == NULL; step++)
			world_step(&world);
		if (world.broken == NULL)
			world_end(&world);
		events += steps;
		if (world.broken != NULL) {
			printf("history %llu: %s: does not hold\n", (unsigned long long)(seed + i),
				world.broken);
			return 1;
		}
	}
	printf("%llu histories, %llu events\n", (unsigned long long)count,
		(unsigned long long)events);
	return 0;
}
