/*
 * place.c - files that are there whole or not at all
 */
#include "apply/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "apply/unable.h"
#include "base/file.h"

#define PLACE_AGE_SECONDS 10
#define PLACE_TREE_DEPTH 16

/* temporary_beside - a name in the directory of PATH that no program looks for */
static int
temporary_beside(const char *path, char *name, size_t size)
{
	const char *slash = strrchr(path, '/');
	int dir_len = slash != NULL ? (int)(slash - path + 1) : 0;
	int len = snprintf(name, size, "%.*s.%s.mailinit-new", dir_len, path, path + dir_len);

	if (len < 0 || (size_t)len >= size) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return 0;
}

static int
write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t done = write(fd, data, len);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		data += done;
		len -= (size_t)done;
	}
	return 0;
}

static int
fill(int fd, const char *data, size_t len, const struct placement *how)
{
	struct timespec times[2];

	if (write_all(fd, data, len) != 0)
		return -1;
	/* mode first, then owner: chmod of what is no longer ours would need CAP_FOWNER */
	if (fchmod(fd, how->mode) != 0)
		return -1;
	if (fchown(fd, how->uid, how->gid) != 0)
		return -1;
	clock_gettime(CLOCK_REALTIME, &times[0]);
	times[0].tv_sec -= PLACE_AGE_SECONDS;
	times[1] = times[0];
	/* needs ownership or CAP_FOWNER: without them the file is young, which is slow but right */
	if (futimens(fd, times) != 0 && errno != EPERM)
		return -1;
	return how->durable ? fsync(fd) : 0;
}

static int
sync_directory_of(const char *path)
{
	char dir[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int fd, result;

	snprintf(dir, sizeof(dir), "%.*s", slash != NULL ? (int)(slash - path + 1) : 1,
		slash != NULL ? path : ".");
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	result = fsync(fd);
	close(fd);
	return result;
}

int
place_file(const char *path, const char *data, size_t len, const struct placement *how)
{
	char temporary[PATH_MAX];
	int fd;

	if (temporary_beside(path, temporary, sizeof(temporary)) != 0)
		return unable("write", path);
	if (unlink(temporary) != 0 && errno != ENOENT)
		return unable("remove", temporary);
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return unable("write", path);
	if (fill(fd, data, len, how) != 0) {
		int cause = errno;
		close(fd);
		unlink(temporary);
		errno = cause;
		return unable("write", path);
	}
	if (close(fd) != 0 || rename(temporary, path) != 0) {
		int cause = errno;
		unlink(temporary);
		errno = cause;
		return unable("replace", path);
	}
	if (how->durable && sync_directory_of(path) != 0)
		return unable("sync the directory of", path);
	return 0;
}

int
place_link(const char *path, const char *target)
{
	char temporary[PATH_MAX];

	if (temporary_beside(path, temporary, sizeof(temporary)) != 0)
		return unable("link", path);
	if (unlink(temporary) != 0 && errno != ENOENT)
		return unable("remove", temporary);
	if (symlink(target, temporary) != 0)
		return unable("link", path);
	if (rename(temporary, path) != 0) {
		int cause = errno;
		unlink(temporary);
		errno = cause;
		return unable("link", path);
	}
	return 0;
}

static int
correct_directory(int fd, const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	struct stat found;

	if (fstat(fd, &found) != 0)
		return unable("look at", path);
	if ((found.st_mode & 07777) != mode) {
		/* as its owner, for without CAP_FOWNER only the owner may */
		if (found.st_uid != geteuid() && fchown(fd, geteuid(), (gid_t)-1) != 0)
			return unable("own", path);
		if (fchmod(fd, mode) != 0)
			return unable("set the mode of", path);
		found.st_uid = geteuid();
	}
	if ((found.st_uid != uid || found.st_gid != gid) && fchown(fd, uid, gid) != 0)
		return unable("set the owner of", path);
	return 0;
}

int
place_directory(const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	struct stat found;
	int fd, result;

	if (lstat(path, &found) != 0) {
		if (errno != ENOENT || file_make_directories(path, mode) != 0 ||
			lstat(path, &found) != 0)
			return unable("make directory", path);
	}
	if (!S_ISDIR(found.st_mode)) {
		errno = ENOTDIR;
		return unable("use as a directory", path);
	}
	if ((found.st_mode & 07777) == mode && found.st_uid == uid && found.st_gid == gid)
		return 0;
	/* by descriptor: whoever owns the directory above may put a link in its place */
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return unable("open", path);
	result = correct_directory(fd, path, mode, uid, gid);
	close(fd);
	return result;
}

/* remove_below - empties a directory; the depth bounds what a stranger could nest there */
static int
remove_below(int parent, const char *name, int depth)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	while ((entry = readdir(dir)) != NULL) {
		int result;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		result = unlinkat(fd, entry->d_name, 0);
		if (result != 0 && errno == EISDIR && depth > 0)
			result = remove_below(fd, entry->d_name, depth - 1);
		if (result != 0) {
			closedir(dir);
			return -1;
		}
	}
	closedir(dir);
	return unlinkat(parent, name, AT_REMOVEDIR);
}

int
place_remove_tree(const char *path)
{
	if (remove_below(AT_FDCWD, path, PLACE_TREE_DEPTH) != 0 && errno != ENOENT)
		return unable("remove", path);
	return 0;
}
