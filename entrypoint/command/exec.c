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
 *    group of its own that gets the foreground if we have it, and the shell has
 *    it back then. When the terminal stops the child's group we stop as well, so
 *    that the shell sees it (under tini the terminal is dead after a Ctrl-Z, and
 *    an `&` takes it from the shell, which ends).
 *  - Signals go to the child's whole group, so that a shell in front of the real
 *    program does not swallow them.
 *  - TSTP, TTIN and TTOU are passed on as STOP: the child's group is orphaned
 *    (POSIX 2017, 3.264), and the kernel drops those three there. We stop as well.
 *  - The child starts with an empty signal mask and default dispositions.
 *  - It has our environment, our working directory and the files that we were
 *    given. Of all that we keep nothing: we move to / and close what is not
 *    standard input, output and error, so that a directory can be unmounted and a
 *    pipe ends when the program closes it.
 *  - A program that is not found is 127, one that cannot be executed 126, death
 *    by signal N is 128 + N.
 *  - When the child is gone the rest of its group is told by TERM, and we leave
 *    at once: whoever wants an orderly stop of many is better off with `run`.
 *
 * docs/command-mode.md has it all beside what those two do.
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
#include "command/program.h"
#include "supervise/signals.h"
#include "supervise/spawn.h"

#define EXEC_CROWD_NS 1000000 /* the longest that the end of the program waits for us */

/* What becomes of the terminal. */
enum terminal {
	TERMINAL_NONE,
	TERMINAL_OURS, /* we lead its session: the child gets it whole */
	TERMINAL_SHARED, /* another leads it: the child's group gets the foreground */
};

struct program {
	pid_t pid;
	enum terminal terminal;
	bool refused; /* it was told that a signal could not be passed on */
	bool lent; /* its group has the foreground from us, and we want it back */
};

static enum terminal
find_terminal(void)
{
	if (tcgetpgrp(STDIN_FILENO) == -1)
		return TERMINAL_NONE; /* no terminal, or not the one that controls us */
	return getsid(0) == getpid() ? TERMINAL_OURS : TERMINAL_SHARED;
}

/* In the background the terminal is not ours to give. */
static bool
in_foreground(void)
{
	return tcgetpgrp(STDIN_FILENO) == getpgrp();
}

static void
warn(const char *what)
{
	fprintf(stderr, "mailinit: unable to %s: %s\n", what, strerror(errno));
}

/* In the child. What fails here leaves it without a terminal, which is no reason not to run. */
static void
take_place(const struct program *program)
{
	if (program->terminal == TERMINAL_SHARED) {
		if (setpgid(0, 0) == -1 ||
			(program->lent && tcsetpgrp(STDIN_FILENO, getpid()) == -1))
			warn("bring the program to the foreground");
		return;
	}
	if (setsid() == -1)
		warn("make a session");
	if (program->terminal == TERMINAL_OURS && ioctl(STDIN_FILENO, TIOCSCTTY, 0) == -1)
		warn("hand over the terminal");
}

static _Noreturn void
become_program(char **argv, const struct program *program)
{
	int code;

	/* Before the mask is emptied: a process in the background is stopped for tcsetpgrp. */
	take_place(program);
	supervise_reset_signals();
	program_execute(argv);
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
send_to_group(struct program *program, int number)
{
	int sent = kill(-program->pid, number);

	if (sent == -1 && errno == ESRCH)
		sent = kill(program->pid, number);
	/* ESRCH: it is gone and not yet reaped. EPERM: it became another user, and we lack KILL. */
	if (sent == -1 && errno != ESRCH && !program->refused) {
		fprintf(stderr, "mailinit: unable to pass on signal %d and others: %s\n", number,
			strerror(errno));
		program->refused = true;
	}
}

static void
lend_terminal(struct program *program)
{
	program->lent = tcsetpgrp(STDIN_FILENO, program->pid) == 0;
}

static void
pass_on(struct program *program, int number)
{
	if (stops_jobs(number)) {
		send_to_group(program, SIGSTOP);
		program->lent = false;
		/* PID 1 cannot be stopped; elsewhere, whoever waits for us sees that the job stopped. */
		kill(getpid(), SIGSTOP);
		return;
	}
	/* The shell's `fg` gives the foreground to our group, and then sends this. */
	if (number == SIGCONT && program->terminal == TERMINAL_SHARED && !program->lent &&
		in_foreground())
		lend_terminal(program);
	send_to_group(program, number);
}

/*
 * The terminal stopped the child: Ctrl-Z, or it read in the background. The
 * shell waits for us and our group, so they stop too. By TSTP, which the kernel
 * drops where nobody could continue us; then the child goes on at once.
 */
static void
stop_with(struct program *program)
{
	sigset_t stop;
	pid_t foreground;

	if (program->terminal != TERMINAL_SHARED || getpid() == 1)
		return;
	program->lent = false;
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	kill(0, SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &stop, NULL);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	/* Continued in the background, the child gets the CONT that is pending for us, no more. */
	foreground = tcgetpgrp(STDIN_FILENO);
	if (foreground != program->pid && foreground != getpgrp())
		return;
	lend_terminal(program);
	send_to_group(program, SIGCONT);
}

/*
 * Reaps whoever is there, and counts the ORPHANS. Returns whether the child was
 * among them; then STATUS is its.
 */
static bool
reap(struct program *program, int *status, unsigned *orphans)
{
	bool gone = false, stopped = false;
	pid_t pid;
	int one;

	*orphans = 0;
	/* One CHLD may stand for many: all are waited for, or the one that counts is missed. */
	while ((pid = waitpid(-1, &one, WNOHANG | WUNTRACED)) > 0)
		if (pid != program->pid) {
			++*orphans;
		} else if (WIFSTOPPED(one)) {
			stopped = stops_jobs(WSTOPSIG(one));
		} else {
			*status = one;
			gone = true;
		}
	if (stopped && !gone)
		stop_with(program);
	return gone;
}

/*
 * Orphans come in crowds, and to be woken costs more than to reap one. So after
 * one CHLD is not heard for a moment, and all that came meanwhile are taken at
 * once; what is to be passed on is passed on at once all the same. Returns SIGCHLD
 * when the moment is over.
 */
static int
next_signal(bool crowd)
{
	static const struct timespec moment = {.tv_nsec = EXEC_CROWD_NS};
	sigset_t set;
	int number;

	sigfillset(&set);
	if (!crowd)
		return sigwaitinfo(&set, NULL);
	sigdelset(&set, SIGCHLD);
	number = sigtimedwait(&set, NULL, &moment);
	return number == -1 && errno == EAGAIN ? SIGCHLD : number;
}

static int
serve(struct program *program)
{
	unsigned orphans = 0;
	int status = 0;

	/* The child may be gone before we first wait: its CHLD is pending then. */
	for (;;) {
		int number = next_signal(orphans > 0);

		if (number == SIGCHLD && reap(program, &status, &orphans))
			break;
		if (number > 0 && number != SIGCHLD)
			pass_on(program, number);
	}
	return WIFSIGNALED(status) ? EXIT_BY_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

/* The program has it all; what we held too would outlive its own use of it. */
static void
keep_nothing(void)
{
	spawn_close_from(STDERR_FILENO + 1);
	if (chdir("/") == -1)
		warn("leave the working directory");
}

int
command_exec(int argc, char **argv)
{
	struct program program = {.terminal = find_terminal()};
	sigset_t all;
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
	if (program.terminal == TERMINAL_OURS)
		give_terminal_up();
	program.lent = program.terminal == TERMINAL_SHARED && in_foreground();
	/*
	 * Nothing of ours is copied, and we wait until the program has begun. The child never
	 * returns from here and leaves by exec or _exit, so the memory that it shares is safe.
	 */
	program.pid = vfork(); // NOLINT(clang-analyzer-unix.Vfork,clang-analyzer-security*)
	if (program.pid == -1) {
		fprintf(stderr, "mailinit: unable to make a process: %s%s\n", strerror(errno),
			spawn_advice(errno));
		return EXIT_SYSTEM;
	}
	if (program.pid == 0)
		become_program(argv + 1, &program);
	keep_nothing();
	code = serve(&program);
	kill(-program.pid, SIGTERM);
	kill(-program.pid, SIGCONT);
	/* Group 0 is one outside our PID namespace: whoever made that takes the terminal himself. */
	if (program.lent && getpgrp() > 0 && tcsetpgrp(STDIN_FILENO, getpgrp()) == -1)
		warn("take the terminal back");
	return code;
}
