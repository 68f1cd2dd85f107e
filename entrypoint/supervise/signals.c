/* signals.c - the mask of the whole process */
#include "supervise/signals.h"

#include <signal.h>
#include <stddef.h>

void
supervise_block_signals(void)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
	struct sigaction plain = {.sa_handler = SIG_DFL};
	sigset_t set;

	sigfillset(&set);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigdelset(&set, faults[i]);
	sigprocmask(SIG_SETMASK, &set, NULL);
	/* An ignored signal is dropped even when blocked; with CHLD ignored, nothing could be waited for. */
	for (int i = 1; i <= SIGRTMAX; i++)
		if (sigismember(&set, i) == 1)
			sigaction(i, &plain, NULL);
}

void
supervise_unblock_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}
