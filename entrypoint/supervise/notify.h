#ifndef SUPERVISE_NOTIFY_H
#define SUPERVISE_NOTIFY_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Reads all messages of a notification socket (sd_notify(3): lines such as
 * "READY=1"). Returns whether a process of GROUP said that it is ready; what
 * others say is ignored. Never waits.
 */
bool notify_read(int fd, pid_t group);

#endif
