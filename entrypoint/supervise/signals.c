/* signals.c - the mask of the whole process */
#include "supervise/signals.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#define KERNEL_SIGNALS 64 /* _NSIG of x86 and ARM */

/*
 * The C library keeps two signals for itself and refuses to touch them, but
 * posix_spawn of glibc, hence make and whoever uses it, hands them on ignored: so
 * the kernel is asked. Its struct is all zero for the default, whatever the order
 * of its fields. KILL and STOP fail with EINVAL.
 */
static void
set_default(int number)
{
	const unsigned long plain[8] = {0};

	syscall(SYS_rt_sigaction, number, plain, NULL, KERNEL_SIGNALS / 8);
}

/* Blocked, they would end us without the report of a sanitizer. */
static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
#define FAULTS (sizeof(faults) / sizeof(faults[0]))

static bool
is_fault(int number)
{
	for (size_t i = 0; i < FAULTS; i++)
		if (faults[i] == number)
			return true;
	return false;
}

void
supervise_reset_signals(void)
{
	for (size_t i = 0; i < FAULTS; i++)
		set_default(faults[i]);
	supervise_unblock_signals();
}

void
supervise_block_signals(void)
{
	sigset_t set;

	sigfillset(&set);
	for (size_t i = 0; i < FAULTS; i++)
		sigdelset(&set, faults[i]);
	sigprocmask(SIG_SETMASK, &set, NULL);
	/* An ignored signal is dropped even when blocked; with CHLD ignored, nothing could be waited for. */
	for (int i = 1; i <= KERNEL_SIGNALS; i++)
		if (!is_fault(i))
			set_default(i);
}

void
supervise_unblock_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}
