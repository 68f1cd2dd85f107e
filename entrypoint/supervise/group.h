#ifndef SUPERVISE_GROUP_H
#define SUPERVISE_GROUP_H

#include <stdint.h>
#include <sys/types.h>

/*
 * How many processes of GROUP have one of NAMES, which are blank-separated. Those
 * that were made after *NEWEST (struct process) do not count; then *NEWEST tells when
 * the newest of them was made, or is 0. Returns 0 also where processes cannot be seen.
 */
int group_count(pid_t group, const char *names, uint64_t *newest);

#endif
