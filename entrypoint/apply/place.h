#ifndef APPLY_PLACE_H
#define APPLY_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* How a file is to lie on disk. */
struct placement {
	mode_t mode;
	uid_t uid;
	gid_t gid;
	bool durable; /* fsync file and directory: for what must survive a crash of the machine */
};

/*
 * Writes PATH whole or not at all: a temporary file in the same directory, mode
 * and owner set before anybody can open it by its name, then one rename. The
 * time of change is set ten seconds back, because every Postfix process naps
 * while its main.cf (or a text map) is younger than two seconds.
 * Returns 0, or -1 after saying what failed; then PATH is as it was.
 */
int place_file(const char *path, const char *data, size_t len, const struct placement *how);

/*
 * Makes the symlink PATH point to TARGET by one rename, whatever PATH was (but
 * no directory). Returns 0, or -1 after saying what failed.
 */
int place_link(const char *path, const char *target);

/*
 * A directory with this mode and owner: made with its parents, or corrected.
 * Works without CAP_FOWNER. Returns 0, or -1 after saying what failed.
 */
int place_directory(const char *path, mode_t mode, uid_t uid, gid_t gid);

/* Removes a tree that we made. A tree that is not there is no failure. */
int place_remove_tree(const char *path);

#endif
