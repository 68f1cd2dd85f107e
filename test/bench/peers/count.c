/*
 * count.c - counts what comes out of a logger
 *
 * count TOTAL [FILE]: reads stdin, or FILE as it grows, until there are
 * TOTAL lines of `child flood`, or none came for three seconds. Prints: whole
 * lines, torn ones, lines that came twice or in the wrong order, and the
 * monotonic clock in ns at the last whole one.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define COUNT_BYTES (1 << 20)
#define COUNT_WRITERS 10
#define COUNT_TEXT 159 /* bytes of a writer in a line */
#define COUNT_SILENCE_MS 3000

static struct counted {
	long whole, torn, disorder;
	long next[COUNT_WRITERS]; /* of each writer; its name is one digit */
} counted;

static long long
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Behind the text of the writer a logger in JSON has at most this. */
#define COUNT_BEHIND 4

/*
 * "line W NNNNNNNN xxx…x." at the end of it; lines of others have no run of x.
 * The reader takes its share of the machine, so it must be quick.
 */
static void
take(const char *line, size_t len)
{
	const char *found;
	unsigned char differs = 0;
	long number = 0;

	for (int i = 0; i < COUNT_BEHIND && len > 0 && line[len - 1] != '.'; i++)
		len--;
	found = line + len - COUNT_TEXT;
	if (len < COUNT_TEXT || memcmp(found, "line ", 5) != 0) {
		counted.torn += memmem(line, len, "xxxxxxxx", 8) != NULL;
		return;
	}
	for (size_t i = 16; i < COUNT_TEXT - 1; i++)
		differs |= (unsigned char)(found[i] ^ 'x');
	for (size_t i = 7; i < 15; i++)
		number = number * 10 + (found[i] - '0');
	if (differs || found[5] < '0' || found[5] > '9') {
		counted.torn++;
		return;
	}
	counted.disorder += number != counted.next[found[5] - '0'];
	counted.next[found[5] - '0'] = number + 1;
	counted.whole++;
}

static ssize_t
more(int fd, int is_file, char *room, size_t size)
{
	for (int waited = 0; waited < COUNT_SILENCE_MS * 2; waited++) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		ssize_t got;

		if (!is_file && poll(&ready, 1, COUNT_SILENCE_MS) == 0)
			return 0;
		got = read(fd, room, size);
		if (got > 0 || !is_file)
			return got;
		nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	static char data[COUNT_BYTES];
	long total = argc > 1 ? atol(argv[1]) : 0;
	int is_file = argc > 2;
	int fd = is_file ? open(argv[2], O_RDONLY) : STDIN_FILENO;
	long long last = now_ns();
	size_t have = 0;

	if (fd == -1 || total <= 0) {
		fprintf(stderr, "count TOTAL [FILE]: %s\n", strerror(errno));
		return 2;
	}
	while (counted.whole < total) {
		ssize_t got = more(fd, is_file, data + have, sizeof(data) - have);
		char *line = data, *end;

		if (got <= 0)
			break;
		have += (size_t)got;
		while ((end = memchr(line, '\n', have - (size_t)(line - data))) != NULL) {
			take(line, (size_t)(end - line));
			line = end + 1;
		}
		have -= (size_t)(line - data);
		memmove(data, line, have);
		last = now_ns();
	}
	printf("%ld %ld %ld %lld\n", counted.whole, counted.torn, counted.disorder, last);
	fclose(stdout);
	/* Whoever writes to us must not be ended by our leaving. */
	while (!is_file && read(fd, data, sizeof(data)) > 0)
		;
	return 0;
}
