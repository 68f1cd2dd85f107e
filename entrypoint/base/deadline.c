/* deadline.c - waiting, and not for ever */
#include "base/deadline.h"

#include <errno.h>
#include <poll.h>
#include <time.h>

int64_t
deadline_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int
deadline_wait(int fd, short events, int64_t deadline_ms)
{
	for (;;) {
		struct pollfd ready = {.fd = fd, .events = events};
		int64_t left = deadline_ms - deadline_now();
		int result = left > 0 ? poll(&ready, 1, (int)left) : 0;

		if (result > 0)
			return 0;
		if (result < 0 && errno == EINTR)
			continue;
		if (result == 0)
			errno = ETIMEDOUT;
		return -1;
	}
}
