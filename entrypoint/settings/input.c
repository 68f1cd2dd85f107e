/* input.c - files, and on a command line pipes too */
#include "settings/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* open_stream - a descriptor when PATH is something to be read once; -1, errno 0: a plain file */
static int
open_stream(const char *path)
{
	struct stat found;

	if (strcmp(path, "-") == 0)
		return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	errno = 0;
	if (stat(path, &found) != 0 || !(S_ISFIFO(found.st_mode) || S_ISCHR(found.st_mode))) {
		errno = 0;
		return -1;
	}
	return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

int
input_read(const char *path, size_t limit, bool streams, struct buffer *content)
{
	int fd, result, saved;

	if (!streams)
		return file_read(path, limit, content, NULL);
	fd = open_stream(path);
	if (fd < 0)
		return errno != 0 ? -1 : file_read(path, limit, content, NULL);
	buffer_clear(content);
	result = file_read_fd(fd, limit, content);
	saved = errno;
	close(fd);
	errno = saved;
	return result;
}

const char *
input_cause(int error)
{
	switch (error) {
	case EISDIR:
		return "it is a directory (an engine makes one when the file to mount is missing)";
	case EINVAL:
		return "it is no regular file";
	case EFBIG:
		return "it is too large";
	default:
		return strerror(error);
	}
}
