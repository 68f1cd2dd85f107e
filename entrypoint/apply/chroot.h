#ifndef APPLY_CHROOT_H
#define APPLY_CHROOT_H

#include <stdbool.h>

/*
 * The files of /etc that processes chrooted to QUEUE_DIRECTORY read: copies in
 * QUEUE_DIRECTORY/etc, each replaced as a whole and only when it differs; one
 * that /etc lacks is removed, for a stale resolv.conf of an earlier container
 * is worse than none. CHANGED tells whether any differed.
 * Returns 0, or -1 after saying what failed.
 */
int chroot_sync(const char *queue_directory, bool *changed);

/*
 * The libraries that /etc/nsswitch.conf below ROOT ("" for our own) names for hosts, beside
 * files and DNS, become copies in QUEUE_DIRECTORY/lib. CHANGED is set when one differed.
 * 0, or -1 after saying what failed.
 */
int chroot_modules(const char *root, const char *queue_directory, bool *changed);

/* One file, replaced as a whole and only when content differs; CHANGED is set then. 0 or -1. */
int chroot_copy(const char *from, const char *to, bool *changed);

#endif
