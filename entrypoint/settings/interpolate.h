#ifndef SETTINGS_INTERPOLATE_H
#define SETTINGS_INTERPOLATE_H

#include <stddef.h>

#include "base/buffer.h"

/*
 * The $ of compose: $NAME, ${NAME}, ${NAME:-other}, ${NAME-other},
 * ${NAME:?why}, ${NAME?why}, ${NAME:+other}, ${NAME+other}, and $$ for one $.
 * OTHER may hold further ones. A $ before anything else stays as it is.
 *
 * Source: Compose specification, interpolation; what it leaves open is as
 * docker compose does it (test/72-inputs.bats compares the two).
 */
#define INTERPOLATE_BYTES \
	(128 * 1024) /* of one value: no program can be started with a longer one */
#define INTERPOLATE_DEPTH 16 /* of others within others */

struct interpolation {
	/* The value of NAME, or NULL when it is not set. The text must live until the end. */
	const char *(*find)(void *context, const char *name);
	/* NAME is not set, and an empty text stands for it. */
	void (*unset)(void *context, const char *name);
	/* A $ has neither a name, nor a brace, nor a $ behind it, and stays. NULL: never mind. */
	void (*bare)(void *context);
	void *context;
};

/* What kept a text from being interpolated; all zero when nothing did. */
struct interpolation_error {
	const char *why; /* goes on after "the value": static */
	char name[64]; /* of the variable it is about, or "" */
	char said[128]; /* the text behind :?, or "" */
};

/* Appends TEXT with its variables replaced to OUT. Returns 0, or -1 with ERROR filled. */
int interpolate(const struct interpolation *interpolation, const char *text, struct buffer *out,
	struct interpolation_error *error);

#endif
