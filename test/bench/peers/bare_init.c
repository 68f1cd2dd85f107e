/*
 * bare_init.c - the least that an init can be: the floor for the others
 *
 * Starts a command, hands it every signal, reaps whoever ends, and ends as the
 * command does. No session, no terminal, no check of anything.
 */
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int
main(int argc, char **argv)
{
	sigset_t all, none;
	posix_spawnattr_t attributes;
	pid_t child;

	if (argc < 2)
		return 2;
	sigfillset(&all);
	sigemptyset(&none);
	sigprocmask(SIG_BLOCK, &all, NULL);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, &none);
	if (posix_spawn(&child, argv[1], NULL, &attributes, argv + 1, environ) != 0)
		return 127;
	for (;;) {
		int signal = sigwaitinfo(&all, NULL), status;
		pid_t ended;

		if (signal > 0 && signal != SIGCHLD)
			kill(child, signal);
		if (signal != SIGCHLD)
			continue;
		while ((ended = waitpid(-1, &status, WNOHANG)) > 0)
			if (ended == child)
				return WIFEXITED(status) ? WEXITSTATUS(status)
							 : 128 + WTERMSIG(status);
	}
}
