/* watch_known.c - the list of what the newest plan was made from */
#include "supervise/watch_known.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void
watch_known_init(struct watch_known *known, const char *run_directory)
{
	memset(known, 0, sizeof(*known));
	snprintf(known->path, sizeof(known->path), "%s/" WATCH_LIST_NAME, run_directory);
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
		a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static void
forget(struct watch_known *known)
{
	if (known->data != NULL)
		munmap((void *)(size_t)known->data, known->size);
	known->data = NULL;
	known->size = 0;
	memset(&known->status, 0, sizeof(known->status));
}

/* It is only ever replaced by rename: what is mapped does not shrink. */
static void
take(struct watch_known *known, int fd)
{
	const struct stat *status = &known->status;
	void *data;

	if (fstat(fd, &known->status) == -1 || !S_ISREG(status->st_mode) ||
		status->st_uid != geteuid() || (status->st_mode & 022) != 0 ||
		status->st_size <= 0 || status->st_size > WATCH_LIST_BYTES)
		return;
	data = mmap(NULL, (size_t)status->st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (data == MAP_FAILED)
		return;
	known->data = data;
	known->size = (size_t)status->st_size;
}

bool
watch_known_renew(struct watch_known *known)
{
	struct stat now;
	int fd = open(known->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	bool other;

	if (fd == -1 || fstat(fd, &now) == -1)
		memset(&now, 0, sizeof(now));
	other = !same_file(&now, &known->status);
	if (other) {
		forget(known);
		if (fd != -1)
			take(known, fd);
	}
	if (fd != -1)
		close(fd);
	return other;
}

bool
watch_known_begin(const struct watch_known *known, struct watch_list *list)
{
	return known->data != NULL && watch_list_begin(list, known->data, known->size) == 0;
}
