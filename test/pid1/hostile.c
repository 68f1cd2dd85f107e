/*
 * hostile.c - processes that give an init a hard time, one kind a run
 *
 *   early SIGNAL… -- PROGRAM…  becomes PROGRAM with these signals pending
 *   count TIMES                says when a signal came so often; TERM: prints all counts and ends
 *   send PID SIGNAL TIMES      as fast as the kernel takes them
 *   pong FIFO                  answers each USR1 by a byte
 *   ping PID FIFO TIMES        USR1 to PID and back, one after the other
 *   bomb, runaway              forks for ever; each in a session of its own
 *   hog FILE                   takes all processes that it can get, until FILE exists
 *   hold PID                   traces PID, so that nobody else sees its end
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static _Noreturn void
give_up(const char *what)
{
	fprintf(stderr, "hostile: %s: %s\n", what, strerror(errno));
	_exit(97);
}

static void
pause_ms(long ms)
{
	struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&pause, NULL);
}

static void
block_all(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
}

static int
early(char **argv)
{
	block_all();
	for (argv++; strcmp(*argv, "--") != 0; argv++)
		if (kill(getpid(), atoi(*argv)) == -1)
			give_up(*argv);
	execv(argv[1], argv + 1);
	give_up(argv[1]);
}

static int
count(char **argv)
{
	unsigned long times = strtoul(argv[1], NULL, 10);
	unsigned counts[65] = {0};
	sigset_t all;
	int number;

	block_all();
	sigfillset(&all);
	puts("counting");
	while ((number = sigwaitinfo(&all, NULL)) != SIGTERM)
		if (number > 0 && ++counts[number] == times)
			printf("signal %d came %lu times\n", number, times);
	for (int i = 1; i < 65; i++)
		if (counts[i] > 0)
			printf("signal %d: %u in all\n", i, counts[i]);
	return 0;
}

static int
send(char **argv)
{
	pid_t pid = atoi(argv[1]);
	int number = atoi(argv[2]);
	const union sigval nothing = {0};

	for (long left = atol(argv[3]); left > 0; left--)
		while (sigqueue(pid, number, nothing) == -1) {
			/* its queue is full (RLIMIT_SIGPENDING) */
			if (errno != EAGAIN)
				give_up("sigqueue");
			pause_ms(1);
		}
	return 0;
}

static int
pong(char **argv)
{
	int fd = open(argv[1], O_WRONLY);
	sigset_t usr1;
	int number;

	if (fd == -1)
		give_up(argv[1]);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, NULL);
	if (write(fd, "", 1) != 1) /* from now on it hears */
		give_up(argv[1]);
	while (sigwait(&usr1, &number) == 0)
		if (write(fd, "", 1) != 1)
			give_up(argv[1]);
	return 1;
}

static int
ping(char **argv)
{
	int fd = open(argv[2], O_RDONLY);
	char byte;

	if (fd == -1 || read(fd, &byte, 1) != 1)
		give_up(argv[2]);
	for (long left = atol(argv[3]); left > 0; left--)
		if (kill(atoi(argv[1]), SIGUSR1) == -1 || read(fd, &byte, 1) != 1)
			give_up("no answer");
	printf("%s answers\n", argv[3]);
	return 0;
}

static _Noreturn void
bomb(bool runs_away)
{
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		pid_t pid = fork();

		if (pid == -1) {
			/* all are taken: the place of whoever dies is taken next */
			pause_ms(10);
			continue;
		}
		if (pid == 0 && runs_away)
			setsid();
		/* A few generations live side by side: this one waits a little, too. */
		pause_ms(1);
	}
}

static _Noreturn void
serve(void)
{
	for (;;)
		pause();
}

/* Takes what it gets, also what others give back, until it is told. */
static _Noreturn void
hog(char **argv)
{
	long taken = 0;

	while (access(argv[1], F_OK) == -1) {
		pid_t pid = fork();

		if (pid == 0)
			serve();
		taken += pid > 0;
		if (pid > 0)
			continue;
		if (taken > 0)
			printf("hog took %ld\n", taken);
		taken = 0;
		pause_ms(5);
	}
	signal(SIGTERM, SIG_IGN);
	kill(0, SIGTERM);
	while (wait(NULL) > 0)
		;
	signal(SIGTERM, SIG_DFL);
	puts("hog gave all back");
	serve();
}

static _Noreturn void
hold(char **argv)
{
	signal(SIGTERM, SIG_IGN);
	if (ptrace(PTRACE_SEIZE, atoi(argv[1]), NULL, NULL) == -1)
		give_up("PTRACE_SEIZE");
	puts("held");
	serve();
}

int
main(int argc, char **argv)
{
	const char *kind = argc > 1 ? argv[1] : "";

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (strcmp(kind, "early") == 0 && argc > 4)
		return early(argv + 1);
	if (strcmp(kind, "count") == 0 && argc == 3)
		return count(argv + 1);
	if (strcmp(kind, "send") == 0 && argc == 5)
		return send(argv + 1);
	if (strcmp(kind, "pong") == 0 && argc == 3)
		return pong(argv + 1);
	if (strcmp(kind, "ping") == 0 && argc == 5)
		return ping(argv + 1);
	if (strcmp(kind, "bomb") == 0 || strcmp(kind, "runaway") == 0)
		bomb(strcmp(kind, "runaway") == 0);
	if (strcmp(kind, "hog") == 0 && argc == 3)
		hog(argv + 1);
	if (strcmp(kind, "hold") == 0 && argc == 3)
		hold(argv + 1);
	fprintf(stderr, "hostile: see the top of hostile.c\n");
	return 98;
}
