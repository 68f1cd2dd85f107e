#ifndef BASE_MOUNTS_H
#define BASE_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/origin.h"

/*
 * Where a container's paths lie on this machine: what the mounts, secrets and
 * configs of a compose file say. The longest target that leads a path counts,
 * as the kernel has it; a path that nothing is mounted over belongs to the
 * image, which is not here. Strings and arrays belong to the arena.
 */
enum mount_kind {
	MOUNT_DIRECTORY, /* a file or directory of the machine that the container runs on */
	MOUNT_VOLUME,
	MOUNT_GRANT, /* a secret or config */
	MOUNT_EMPTY, /* a tmpfs: nothing is in it, and nothing stays */
};

struct mount {
	const char *target; /* in the container, absolute, no slash at its end */
	const char *source; /* on this machine; NULL: a volume, a tmpfs, what is not here */
	int fd; /* of a SOURCE that is in memory alone; 0: none */
	enum mount_kind kind;
	struct origin origin; /* where it is written */
	/*
	 * Of a SOURCE in memory alone: where its text stands, whose first line begins
	 * there when LINES, and has the others under it. Else its FILE is NULL.
	 */
	struct origin text;
	bool lines;
};

struct mounts {
	struct mount *items;
	size_t count, room;
};

/*
 * Of two mounts at one target the later one counts. The result, a MOUNT_DIRECTORY
 * of no origin, is good until the next call.
 */
struct mount *
mounts_add(struct arena *arena, struct mounts *mounts, const char *target, const char *source);

/* Closes the files in memory; the rest is the arena's. MOUNTS may be NULL. */
void mounts_close(struct mounts *mounts);

/* The mount that PATH lies on, or NULL. MOUNTS may be NULL. */
const struct mount *mounts_find(const struct mounts *mounts, const char *path);

/*
 * Whether a file may be at PATH: on a mount that is not empty. False: there are
 * MOUNTS, and none brings it, so that only the image itself may have it.
 */
bool mounts_bring(const struct mounts *mounts, const char *path);

/* Whether what is written at PATH outlives the container. */
bool mounts_stay(const struct mounts *mounts, const char *path);

/*
 * What to open for the container's PATH: on its mount, else below ROOT, else
 * PATH itself when there are neither. Links are followed as the container has
 * them: none leads out of ROOT or of a mount to another file of this machine.
 * "", which no system call finds, stands for what is not on this machine, for a
 * path longer than PATH_MAX, and for links in a circle.
 */
const char *
mounts_path(struct arena *arena, const struct mounts *mounts, const char *root, const char *path);

/* Paths of this machine: of a file or directory that is not here, and of one that is. */
struct mounts_guess {
	const char *missing, *near;
};

/*
 * Whether the container's PATH is most likely misspelt: nothing is there on this machine,
 * and one name beside it is but a typing error away. What CI simply lacks has none.
 */
bool mounts_guess(struct arena *arena, const struct mounts *mounts, const char *path,
	struct mounts_guess *guess);

#endif
