/* socket.c - the Unix sockets of PID 1 */
#include "supervise/socket.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int
set_address(struct sockaddr_un *address, const char *path)
{
	size_t len = strlen(path);

	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	if (len >= sizeof(address->sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address->sun_path, path, len);
	return 0;
}

/* The one directory a socket lies in; what is above it must be there. */
static int
make_directory(const char *path)
{
	char directory[sizeof(((struct sockaddr_un *)0)->sun_path)];
	const char *slash = strrchr(path, '/');
	size_t len = slash == NULL ? 0 : (size_t)(slash - path);

	if (len == 0)
		return 0;
	memcpy(directory, path, len);
	directory[len] = '\0';
	return mkdir(directory, 0755) == 0 || errno == EEXIST ? 0 : -1;
}

static int
close_with_errno(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
	return -1;
}

int
socket_bind(const char *path, int type, mode_t mode, bool credentials)
{
	struct sockaddr_un address;
	mode_t old_mask;
	int fd, on = 1, bound;

	if (set_address(&address, path) == -1 || make_directory(path) == -1)
		return -1;
	if (unlink(path) == -1 && errno != ENOENT)
		return -1;
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -1;
	if (credentials && setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) == -1)
		return close_with_errno(fd);
	/* No moment in which it is open to more than MODE. */
	old_mask = umask(0777);
	bound = bind(fd, (const struct sockaddr *)&address, sizeof(address));
	umask(old_mask);
	if (bound == -1 || chmod(path, mode) == -1)
		return close_with_errno(fd);
	return fd;
}

bool
socket_answers(const char *path, int type)
{
	struct sockaddr_un address;
	bool answers;
	int fd;

	if (set_address(&address, path) == -1)
		return false;
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return false;
	/* EAGAIN: someone listens whose queue is full. */
	answers = connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 ||
		errno == EAGAIN;
	close(fd);
	return answers;
}

pid_t
socket_sender(struct msghdr *header)
{
	for (struct cmsghdr *at = CMSG_FIRSTHDR(header); at != NULL; at = CMSG_NXTHDR(header, at)) {
		struct ucred who;

		if (at->cmsg_level != SOL_SOCKET || at->cmsg_type != SCM_CREDENTIALS)
			continue;
		memcpy(&who, CMSG_DATA(at), sizeof(who));
		return who.pid;
	}
	return 0;
}
