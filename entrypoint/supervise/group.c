/* group.c - who is in the process group of a service */
#include "supervise/group.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "supervise/process.h"

struct look {
	pid_t group;
	const char *names;
	uint64_t newest; /* those that were made later do not count */
	uint64_t found_newest;
	int count;
};

/* Whether NAME is one of the blank-separated NAMES. */
static bool
is_named(const char *names, const char *name)
{
	size_t len = strlen(name);

	while (*(names += strspn(names, " ")) != '\0') {
		size_t one = strcspn(names, " ");

		if (one == len && memcmp(names, name, len) == 0)
			return true;
		names += one;
	}
	return false;
}

static void
look_at(void *context, pid_t pid)
{
	struct look *look = context;
	struct process process;

	if (getpgid(pid) != look->group || process_read(pid, &process) == -1 ||
		!is_named(look->names, process.name) || process.start > look->newest)
		return;
	look->count++;
	if (process.start > look->found_newest)
		look->found_newest = process.start;
}

int
group_count(pid_t group, const char *names, uint64_t *newest)
{
	struct look look = {.group = group, .names = names, .newest = *newest};

	if (group <= 0 || process_each(look_at, &look) == -1)
		return 0;
	*newest = look.found_newest;
	return look.count;
}
