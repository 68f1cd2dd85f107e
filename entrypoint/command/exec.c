/*
 * exec.c - runs a program as the only child, as a good init does
 *
 * A drop-in for tini and dumb-init: orphans are reaped, every signal is passed
 * on, and the exit code is the program's. Where those two differ, we do this:
 *
 *  - The child leads a session of its own, as under dumb-init, and not only a
 *    process group: Postfix's master exits with code 1 at once when it leads a
 *    group and cannot make a session. When we lead a session with a terminal
 *    (docker run -t), the terminal goes to the child with it. When somebody else
 *    leads it (started from a shell), the child stays in that session, in a
 *    group of its own that gets the foreground, which the shell then has back.
 *  - Signals go to the child's whole group, so that a shell in front of the real
 *    program does not swallow them.
 *  - TSTP, TTIN and TTOU are passed on as STOP: the child's group is orphaned
 *    (POSIX 2017, 3.264), and the kernel drops those three there. We stop as well.
 *  - The child starts with an empty signal mask and default dispositions.
 *  - A program that is not found is 127, one that cannot be executed 126, death
 *    by signal N is 128 + N.
 *  - When the child is gone the rest of its group is told by TERM, and we leave
 *    at once: whoever wants an orderly stop of many is better off with `run`.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fatal.h"
#include "command/command.h"
#include "supervise/spawn.h"

/* What becomes of the terminal. */
enum terminal {
	TERMINAL_NONE,
	TERMINAL_OURS, /* we lead its session: the child gets it whole */
	TERMINAL_SHARED, /* another leads it: the child's group gets the foreground */
};

static enum terminal
find_terminal(void)
{
	if (tcgetpgrp(STDIN_FILENO) == -1)
		return TERMINAL_NONE; /* no terminal, or not the one that controls us */
	return getsid(0) == getpid() ? TERMINAL_OURS : TERMINAL_SHARED;
}

static void
warn(const char *what)
{
	fprintf(stderr, "mailinit: unable to %s: %s\n", what, strerror(errno));
}

/* In the child. What fails here leaves it without a terminal, which is no reason not to run. */
static void
take_place(enum terminal terminal)
{
	if (terminal == TERMINAL_SHARED) {
		if (setpgid(0, 0) == -1 || tcsetpgrp(STDIN_FILENO, getpid()) == -1)
			warn("bring the program to the foreground");
		return;
	}
	if (setsid() == -1)
		warn("make a session");
	if (terminal == TERMINAL_OURS && ioctl(STDIN_FILENO, TIOCSCTTY, 0) == -1)
		warn("hand over the terminal");
}

static _Noreturn void
become_program(char **argv, enum terminal terminal)
{
	int code;

	/* Before the mask is emptied: a process in the background is stopped for tcsetpgrp. */
	take_place(terminal);
	spawn_reset_signals();
	execvp(argv[0], argv);
	code = errno == ENOENT || errno == ENOTDIR ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
	fprintf(stderr, "mailinit: unable to execute %s: %s\n", argv[0], strerror(errno));
	fflush(stderr);
	_exit(code);
}

/*
 * Giving the terminal up sends HUP and CONT to the foreground group, which is
 * ours; they are meant for nobody else and must not reach the child.
 */
static void
give_terminal_up(void)
{
	static const struct timespec now;
	sigset_t ours;

	if (ioctl(STDIN_FILENO, TIOCNOTTY) == -1) {
		warn("give the terminal up");
		return;
	}
	sigemptyset(&ours);
	sigaddset(&ours, SIGHUP);
	sigaddset(&ours, SIGCONT);
	while (sigtimedwait(&ours, NULL, &now) > 0)
		;
}

static bool
stops_jobs(int number)
{
	return number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
}

/* The child may not have made its group yet; as its mask is still full, it gets the signal all the same. */
static void
send_to_group(pid_t child, int number)
{
	if (kill(-child, number) == -1 && errno == ESRCH)
		kill(child, number);
}

static void
pass_on(int number, pid_t child)
{
	if (!stops_jobs(number)) {
		send_to_group(child, number);
		return;
	}
	send_to_group(child, SIGSTOP);
	/* PID 1 cannot be stopped; elsewhere, whoever waits for us sees that the job stopped. */
	kill(getpid(), SIGSTOP);
}

/* Reaps whoever is there. Returns whether CHILD was among them; then STATUS is its. */
static bool
reap(pid_t child, int *status)
{
	bool gone = false;
	pid_t pid;
	int one;

	/* One CHLD may stand for many: all are waited for, or the one that counts is missed. */
	while ((pid = waitpid(-1, &one, WNOHANG)) > 0)
		if (pid == child) {
			*status = one;
			gone = true;
		}
	return gone;
}

static int
serve(pid_t child)
{
	sigset_t all;
	int status = 0;

	sigfillset(&all);
	/* The child may be gone before we first wait: its CHLD is pending then. */
	for (;;) {
		int number = sigwaitinfo(&all, NULL);

		if (number == SIGCHLD && reap(child, &status))
			break;
		if (number > 0 && number != SIGCHLD)
			pass_on(number, child);
	}
	return WIFSIGNALED(status) ? EXIT_BY_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

int
command_exec(int argc, char **argv)
{
	enum terminal terminal = find_terminal();
	sigset_t all;
	pid_t child;
	int code;

	if (argc < 2) {
		fprintf(stderr,
			"mailinit: which program? usage: mailinit -- PROGRAM [ARGUMENT...]\n");
		return EXIT_USAGE;
	}
	/* Those that stay open elsewhere are blocked too: they can be sent, hence passed on. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (getpid() != 1 && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == -1)
		warn("become the reaper of what the program leaves behind");
	if (terminal == TERMINAL_OURS)
		give_terminal_up();
	child = fork();
	if (child == -1) {
		warn("make a process");
		return EXIT_SYSTEM;
	}
	if (child == 0)
		become_program(argv + 1, terminal);
	code = serve(child);
	kill(-child, SIGTERM);
	kill(-child, SIGCONT);
	if (terminal == TERMINAL_SHARED && tcsetpgrp(STDIN_FILENO, getpgrp()) == -1)
		warn("take the terminal back");
	return code;
}
