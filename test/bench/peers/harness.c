/*
 * harness.c - an init in a PID namespace of its own, and a clock beside it
 *
 *   harness exec INIT…            ns from the exec of PID 1 to its child's first instruction;
 *                                 INIT… ends in `child now`
 *   harness signals COUNT INIT…   one line a round trip in ns, or "lost"; INIT… ends in
 *                                 `child echo`
 *   harness stop SIGNAL SERVICES FILE INIT…
 *                                 ns from SIGNAL to PID 1 being gone, once SERVICES bytes are
 *                                 in FILE
 *   harness run INIT…             as it is: for `child storm`
 *
 * Needs root, for the namespaces.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HARNESS_PATIENCE_MS 10000

static _Noreturn void
give_up(const char *what)
{
	fprintf(stderr, "harness: %s: %s\n", what, strerror(errno));
	exit(1);
}

static long long
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* The last instant before the exec of PID 1, written by the one that is to be it. */
static long long *began;

/* INIT as PID 1 of its own namespace. OUTPUT: its stdout, or -1 for ours. */
static pid_t
start(char **init, int output)
{
	pid_t pid;

	began = mmap(
		NULL, sizeof(*began), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (began == MAP_FAILED)
		give_up("mmap");
	pid = (pid_t)syscall(SYS_clone, CLONE_NEWPID | CLONE_NEWNS | SIGCHLD, 0, 0, 0, 0);
	if (pid == -1)
		give_up("clone");
	if (pid > 0)
		return pid;
	/* It must not outlive us. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == -1)
		give_up("prctl");
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1 ||
		mount("proc", "/proc", "proc", 0, NULL) == -1)
		give_up("mount /proc");
	if (output >= 0 && dup2(output, STDOUT_FILENO) == -1)
		give_up("dup2");
	*began = now_ns();
	execvp(init[0], init);
	give_up(init[0]);
}

static void
end(pid_t pid)
{
	if (waitpid(pid, NULL, 0) == -1)
		give_up("waitpid");
}

static void
open_pipe(int ends[2])
{
	if (pipe2(ends, O_CLOEXEC) == -1)
		give_up("pipe");
}

static int
run_exec(char **init)
{
	long long first;
	int ends[2];
	pid_t pid;

	open_pipe(ends);
	pid = start(init, ends[1]);
	if (read(ends[0], &first, sizeof(first)) != sizeof(first))
		give_up("the child's clock");
	printf("%lld\n", first - *began);
	end(pid);
	return 0;
}

static int
answers(int fd, int ms)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	char byte;

	return poll(&ready, 1, ms) == 1 && read(fd, &byte, 1) == 1;
}

static int
run_signals(long count, char **init)
{
	int ends[2];
	pid_t pid;

	open_pipe(ends);
	pid = start(init, ends[1]);
	if (!answers(ends[0], HARNESS_PATIENCE_MS))
		give_up("the child is not ready");
	for (long i = 0; i < count; i++) {
		long long sent = now_ns();

		kill(pid, SIGUSR1);
		if (answers(ends[0], 1000))
			printf("%lld\n", now_ns() - sent);
		else
			printf("lost\n");
	}
	kill(pid, SIGTERM);
	end(pid);
	return 0;
}

static void
await_bytes(const char *file, long size)
{
	long long deadline = now_ns() + HARNESS_PATIENCE_MS * 1000000LL;
	struct stat status;

	while (stat(file, &status) == -1 || status.st_size < size) {
		if (now_ns() > deadline) {
			errno = ETIMEDOUT;
			give_up("the services are not up");
		}
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	}
}

static int
run_stop(int number, long services, const char *file, char **init)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	long long sent;
	pid_t pid;

	if (null == -1 || truncate(file, 0) == -1)
		give_up(file);
	pid = start(init, null);
	await_bytes(file, services);
	/* Its watchers note by and by that all are up; that is not what is measured. */
	nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
	sent = now_ns();
	kill(pid, number);
	end(pid);
	printf("%lld\n", now_ns() - sent);
	return 0;
}

int
main(int argc, char **argv)
{
	const char *word = argc > 2 ? argv[1] : "";

	if (strcmp(word, "exec") == 0)
		return run_exec(argv + 2);
	if (strcmp(word, "signals") == 0 && argc > 3)
		return run_signals(atol(argv[2]), argv + 3);
	if (strcmp(word, "stop") == 0 && argc > 5)
		return run_stop(atoi(argv[2]), atol(argv[3]), argv[4], argv + 5);
	if (strcmp(word, "run") == 0) {
		end(start(argv + 2, -1));
		return 0;
	}
	fprintf(stderr, "harness: see the beginning of harness.c\n");
	return 2;
}
