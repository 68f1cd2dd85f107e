#ifndef APPLY_KEPT_H
#define APPLY_KEPT_H

#include "plan/plan.h"

/*
 * Keeps each pair of certificate and key that came from files as the last good
 * one, durably, for a start at which the files are broken or gone; removes those of
 * settings that are no more. Called once the pairs are in use: that a copy could not
 * be made is said on stderr, and is no reason to serve the older pair.
 */
void kept_store(const struct plan *plan);

#endif
