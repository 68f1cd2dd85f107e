/*
 * test_process.c - other processes, as /proc shows them
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "supervise/process.h"
#include "unit.h"

static void
lines_of_stat(void)
{
	static const struct {
		const char *name, *text, *program;
		uint64_t start;
	} cases[] = {
		{"plain", "7 (cleanup) S 1 5 5 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 99 1\n",
			"cleanup", 12345},
		{"a name with blanks and brackets",
			"7 (a) R (b) S 1 5 5 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 77", "a) R (b", 77},
		{"a long name", "7 (0123456789abcdefgh) S 1 5 5 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 1 ",
			"0123456789abcde", 1},
		{"an empty name", "7 () S 1 5 5 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 1 ", "", 1},
	};
	static const char *const bad[] = {"", "7", "7 (", "7 (a", "7 (a)", "7 (a) ", "7 )a( S 1",
		"7 (a) S 1 5 5", "7 (a) S 1 5 5 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 x",
		"7 (a) S 1 5 5 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 12x",
		"7 (a) Z 1 5 5 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 12 "};
	struct process process;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK(process_parse(cases[i].text, &process) == 0 &&
				process.start == cases[i].start,
			"read: %s", cases[i].name);
		CHECK_TEXT(process.name, cases[i].program, "its name: %s", cases[i].name);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(process_parse(bad[i], &process) == -1, "no process: \"%s\"", bad[i]);
}

struct look {
	pid_t wanted;
	int found;
};

static void
look_at(void *context, pid_t pid)
{
	struct look *look = context;

	look->found += pid == look->wanted;
}

static void
real_ones(void)
{
	struct look look = {.wanted = getpid()};
	struct process self, later;
	pid_t child = fork();

	if (child == 0)
		for (;;)
			pause();
	CHECK(process_read(getpid(), &self) == 0 && strcmp(self.name, "test_process") == 0,
		"we see ourselves");
	CHECK(process_each(look_at, &look) == 0 && look.found == 1, "once");
	look = (struct look){.wanted = child};
	CHECK(process_each(look_at, &look) == 0 && look.found == 1, "and our child");
	CHECK(process_read(child, &later) == 0 && later.start >= self.start,
		"which is not older than we are");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	look.found = 0;
	CHECK(process_read(child, &later) == -1 && process_each(look_at, &look) == 0 &&
			look.found == 0,
		"until it is gone");
}

int
main(void)
{
	lines_of_stat();
	real_ones();
	DONE();
}
