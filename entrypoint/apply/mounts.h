#ifndef APPLY_MOUNTS_H
#define APPLY_MOUNTS_H

/*
 * At the start: keeps what is mounted where, so that a later plan can tell that the
 * other side of a mount was moved away. 0, or -1 after saying what failed.
 */
int mounts_keep(void);

#endif
