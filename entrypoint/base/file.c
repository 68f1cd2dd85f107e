/* file.c - reading files that a stranger may have put there */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define READ_STEP_BYTES 65536

int
file_read_fd(int fd, size_t limit, struct buffer *content)
{
	char step[READ_STEP_BYTES];

	for (;;) {
		ssize_t got = read(fd, step, sizeof(step));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return (int)got;
		if (content->len + (size_t)got > limit) {
			errno = EFBIG;
			return -1;
		}
		buffer_append(content, step, (size_t)got);
	}
}

int
file_read(const char *path, size_t limit, struct buffer *content, struct stat *status)
{
	struct stat found;
	int fd, result = -1, saved;

	buffer_clear(content);
	/* O_NONBLOCK: opening a FIFO must not wait for its writer */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -1;
	if (fstat(fd, &found) == 0) {
		if (S_ISDIR(found.st_mode))
			errno = EISDIR;
		else if (!S_ISREG(found.st_mode))
			errno = EINVAL;
		else if ((unsigned long long)found.st_size > limit)
			errno = EFBIG;
		else
			result = file_read_fd(fd, limit, content);
	}
	saved = errno;
	close(fd);
	errno = saved;
	if (status != NULL)
		*status = found;
	return result;
}

int
file_make_directories(const char *path, mode_t mode)
{
	char part[PATH_MAX];
	size_t len = strlen(path);

	if (len == 0 || len >= sizeof(part)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(part, path, len + 1);
	for (char *slash = part + 1; *slash != '\0'; slash++) {
		if (*slash != '/')
			continue;
		*slash = '\0';
		if (mkdir(part, 0755) != 0 && errno != EEXIST)
			return -1;
		*slash = '/';
	}
	if (mkdir(part, mode) == 0)
		return chmod(part, mode); /* whatever the umask is */
	return errno == EEXIST ? 0 : -1;
}
