#ifndef APPLY_OWNER_H
#define APPLY_OWNER_H

#include <sys/types.h>

/*
 * Numeric ids of a user and a group of this container. Names are looked up in
 * /etc/passwd and /etc/group; the last answers are remembered. A name of digits
 * is an id. Returns 0, or -1 after saying which name does not exist.
 */
int owner_find(const char *user, const char *group, uid_t *uid, gid_t *gid);

#endif
