#ifndef SUPERVISE_WATCH_SET_H
#define SUPERVISE_WATCH_SET_H

#include <stdbool.h>

/*
 * The kernel's watches (inotify(7)) of one process. They are set anew, all of
 * them, whenever something may have changed: those that are wanted again stay
 * as they are in the kernel, the others are taken out. Which of them an event
 * came from is never asked: any event means that it is time to look.
 */
#define WATCH_SET_MAX 4096 /* directories; beyond that they are only polled */

struct watch_set {
	int fd; /* -1: none could be had */
	int wanted[WATCH_SET_MAX], before[WATCH_SET_MAX]; /* watch descriptors, ascending */
	unsigned count, before_count;
	int error; /* errno of what could not be watched since the last watch_set_begin; 0: none */
};

void watch_set_init(struct watch_set *set);

/* Opens the set when it is not, and begins anew. */
void watch_set_begin(struct watch_set *set);

/* Watches whatever leads PATH, absolute, to another file or another content. */
void watch_set_path(struct watch_set *set, const char *path);

/* Watches a directory for files that are renamed into it, and nothing else of it. */
void watch_set_renames(struct watch_set *set, const char *directory);

/* Takes out what was not wanted again. */
void watch_set_end(struct watch_set *set);

/* Takes all events that wait. Returns whether there was any. */
bool watch_set_drain(struct watch_set *set);

#endif
