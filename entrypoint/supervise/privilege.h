#ifndef SUPERVISE_PRIVILEGE_H
#define SUPERVISE_PRIVILEGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Capabilities and users (capabilities(7)). All of it acts on the calling
 * process; most of it is meant for a child between fork and exec. A set is a
 * number with one bit a capability, as in /proc/PID/status.
 */

/* The permitted set of this process. */
uint64_t privilege_permitted(void);

/*
 * Whether bounding sets can be cut: that needs SETPCAP, which the least set of
 * a mail container lacks. Without it a root service regains at exec whatever
 * the container has, unless it runs with no_new_privs.
 */
bool privilege_can_bound(void);

/*
 * Becomes UID and GID (with the groups of that user; none when the user has no
 * name) and keeps of the capabilities those in KEEP. A root service has them
 * from its bounding set at exec, another user from the ambient set. Capabilities
 * that we do not have ourselves are left out. Returns 0, or -1 with errno.
 */
int privilege_become(uid_t uid, gid_t gid, uint64_t keep);

/*
 * Gives up for good what is not in KEEP: permitted, effective and, with SETPCAP,
 * bounding set. For PID 1 itself. Returns 0, or -1 with errno.
 */
int privilege_reduce(uint64_t keep);

/*
 * Gives up everything: UID, GID, no groups, no capability, no way back. Whoever
 * lacks SETUID or SETGID keeps his user, and no more. Returns 0, or -1 with errno.
 */
int privilege_drop(uid_t uid, gid_t gid);

#endif
