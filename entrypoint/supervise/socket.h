#ifndef SUPERVISE_SOCKET_H
#define SUPERVISE_SOCKET_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>

/*
 * Unix sockets that PID 1 owns. All of them are non-blocking and close at exec.
 * A file that lies at the path from an earlier life is replaced.
 */

/*
 * Makes a socket of TYPE at PATH with MODE; its directory is made when missing.
 * With CREDENTIALS each message carries its sender's pid and ids (SO_PASSCRED).
 * Returns the descriptor, or -1 with errno (ENAMETOOLONG for a path that does
 * not fit).
 */
int socket_bind(const char *path, int type, mode_t mode, bool credentials);

/* Whether some process answers at PATH: then it must not be replaced. */
bool socket_answers(const char *path, int type);

/* The pid of a received message's sender, as the kernel vouches for it; 0: not known. */
pid_t socket_sender(struct msghdr *header);

#endif
