/*
 * child.c - what the inits under measurement run
 *
 *   child now             writes the monotonic clock to stdout, as it is at its first instruction
 *   child echo            writes a byte to stdout for each SIGUSR1; TERM ends it
 *   child serve FILE      appends a byte to FILE, and TERM ends it
 *   child storm COUNT     makes COUNT orphans; prints what they cost (see storm)
 *   child storm COUNT floor   the same, reaped by the kernel for this process itself
 *   child flood NAME LINES GO [SOCKET]
 *                         once the file GO is there, writes LINES lines of 160 bytes to
 *                         stdout, or as datagrams of syslog to SOCKET, and waits to be ended
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FLOOD_BYTES 160

static long long
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static _Noreturn void
give_up(const char *what)
{
	fprintf(stderr, "child: %s: %s\n", what, strerror(errno));
	_exit(97);
}

static void
pause_us(long us)
{
	nanosleep(&(struct timespec){.tv_nsec = us * 1000}, NULL);
}

static void
block(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGUSR1);
	sigaddset(set, SIGTERM);
	sigprocmask(SIG_BLOCK, set, NULL);
}

static int
echo(void)
{
	sigset_t set;
	int got;

	block(&set);
	if (write(STDOUT_FILENO, "r", 1) != 1)
		give_up("stdout");
	while ((got = sigwaitinfo(&set, NULL)) != SIGTERM)
		if (got == SIGUSR1 && write(STDOUT_FILENO, "e", 1) != 1)
			give_up("stdout");
	return 0;
}

static int
serve(const char *file)
{
	sigset_t set;
	int fd = open(file, O_WRONLY | O_APPEND | O_CLOEXEC);

	block(&set);
	if (fd == -1 || write(fd, "r", 1) != 1)
		give_up(file);
	close(fd);
	while (sigwaitinfo(&set, NULL) != SIGTERM)
		;
	return 0;
}

/* ---- orphans ---- */

/* Processor time of PID 1 in ns. */
static long long
init_cpu(void)
{
	long long ns = -1;
	FILE *file = fopen("/proc/1/schedstat", "re");

	if (file == NULL || fscanf(file, "%lld", &ns) != 1)
		give_up("/proc/1/schedstat");
	fclose(file);
	return ns;
}

static int
processes(void)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	if (dir == NULL)
		give_up("/proc");
	while ((entry = readdir(dir)) != NULL)
		count += entry->d_name[0] >= '0' && entry->d_name[0] <= '9';
	closedir(dir);
	return count;
}

/* Its parent goes away at once, so somebody else has to reap the orphan. */
static void
make_orphan(int alive)
{
	pid_t middle = fork();

	if (middle == -1)
		give_up("fork");
	if (middle == 0) {
		pid_t orphan = fork();

		if (orphan == 0)
			close(alive);
		_exit(orphan == -1);
	}
	/* With SIGCHLD ignored (floor) this waits for all and fails with ECHILD. */
	if (waitpid(middle, NULL, 0) == -1 && errno != ECHILD)
		give_up("waitpid");
}

/* Prints: wall ns until all have ended and are reaped, ns of PID 1's processor time. */
static int
storm(long count, int is_floor)
{
	int before = processes(), ends[2];
	long long cpu = init_cpu(), began = now_ns();
	char byte;

	if (is_floor) {
		signal(SIGCHLD, SIG_IGN);
		prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	}
	if (pipe(ends) == -1)
		give_up("pipe");
	for (long i = 0; i < count; i++)
		make_orphan(ends[1]);
	close(ends[1]);
	while (read(ends[0], &byte, 1) == -1 && errno == EINTR)
		;
	while (processes() > before)
		pause_us(50);
	began = now_ns() - began;
	printf("%lld %lld\n", began, init_cpu() - cpu);
	return 0;
}

/* ---- log lines ---- */

static int
connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	if (fd == -1 || connect(fd, (struct sockaddr *)&address, sizeof(address)) == -1)
		give_up(path);
	return fd;
}

static _Noreturn void
flood(const char *name, long lines, const char *go, const char *path)
{
	char text[2 * FLOOD_BYTES];
	int fd = STDOUT_FILENO;

	while (access(go, F_OK) == -1)
		pause_us(500);
	if (path != NULL)
		fd = connect_to(path);
	for (long i = 0; i < lines; i++) {
		int len = path != NULL
			? snprintf(text, sizeof(text), "<22>Nov 22 02:05:19 postfix/%s[7]: ", name)
			: 0;
		int start = len;

		len += snprintf(text + len, FLOOD_BYTES, "line %s %08ld ", name, i);
		memset(text + len, 'x', sizeof(text) - (size_t)len);
		text[start + FLOOD_BYTES - 2] = '.';
		text[start + FLOOD_BYTES - 1] = '\n';
		/* A line of a pipe is written in one piece (PIPE_BUF). A datagram has no line end. */
		if (write(fd, text, (size_t)(start + FLOOD_BYTES - (path != NULL))) == -1)
			give_up("write");
	}
	/* Who ended would be started again. */
	for (;;)
		pause();
}

int
main(int argc, char **argv)
{
	long long first = now_ns();
	const char *word = argc > 1 ? argv[1] : "";

	if (strcmp(word, "now") == 0)
		return write(STDOUT_FILENO, &first, sizeof(first)) != sizeof(first);
	if (strcmp(word, "echo") == 0)
		return echo();
	if (strcmp(word, "serve") == 0 && argc == 3)
		return serve(argv[2]);
	if (strcmp(word, "storm") == 0 && argc > 2)
		return storm(atol(argv[2]), argc > 3);
	if (strcmp(word, "flood") == 0 && argc > 4)
		flood(argv[2], atol(argv[3]), argv[4], argc > 5 ? argv[5] : NULL);
	fprintf(stderr, "child: see the beginning of child.c\n");
	return 2;
}
