/*
 * log_serve.c - the logger's loop
 *
 * One poll on everything; each source that has something is read once a round,
 * so that a service which floods its output delays no other. Then the round is
 * written in one piece. Nothing wakes it while nobody speaks.
 */
#include "supervise/log_serve.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "supervise/clock.h"
#include "supervise/log_emit.h"
#include "supervise/log_input.h"
#include "supervise/log_kept.h"
#include "supervise/log_output.h"
#include "supervise/privilege.h"
#include "supervise/spawn.h"

#define LOG_NOBODY 65534
#define LOG_PARTIAL_MS 1000 /* a line without an end is shown after this */

static struct log_emitter server;
static int signal_fd;

/*
 * Reads until every source is empty. A service that writes without end must
 * not keep us here: the rounds are bounded by what pipes can hold anyway.
 */
static _Noreturn void
finish(void)
{
	bool more = true;

	for (int round = 0; more && round < 64; round++) {
		more = false;
		server.now = clock_wall();
		for (unsigned i = 0; i < server.config->count; i++)
			more |= log_input_read(&server, i);
	}
	log_input_end_partials(&server);
	log_emit_loss(&server);
	_exit(log_output_drain(&server.kept->output, LOG_DRAIN_MS) ? 0 : 1);
}

static void
serve_round(struct pollfd *ready, unsigned sources)
{
	struct log_output *output = &server.kept->output;
	int timeout = log_input_has_partials(&server) ? LOG_PARTIAL_MS : -1;
	int found;

	ready[1].fd = log_output_flush(output) ? -1 : output->fd;
	found = poll(ready, 2 + sources, timeout);
	server.now = clock_wall();
	if (found == 0)
		log_input_end_partials(&server);
	if (found <= 0)
		return;
	if (ready[0].revents != 0)
		finish();
	for (unsigned i = 0; i < sources; i++)
		if (ready[2 + i].revents != 0)
			log_input_read(&server, i);
	if (server.kept->dropped > 0 || output->lost_lines > 0)
		log_emit_loss(&server);
}

static void
close_all_but(const struct log_config *config)
{
	int highest = config->output > config->kept_fd ? config->output : config->kept_fd;

	for (unsigned i = 0; i < config->count; i++)
		if (config->sources[i].fd > highest)
			highest = config->sources[i].fd;
	for (int fd = STDERR_FILENO + 1; fd <= highest; fd++) {
		bool keep = fd == config->output || fd == config->kept_fd;

		for (unsigned i = 0; i < config->count; i++)
			keep |= fd == config->sources[i].fd;
		if (!keep)
			close(fd);
	}
	spawn_close_from(highest + 1);
}

static int
listen_for_end(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, LOG_SIGNAL_END);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

void
log_serve(const struct log_config *config, int parent)
{
	struct pollfd ready[2 + LOG_SOURCES];

	close_all_but(config);
	server.config = config;
	server.kept = config->kept;
	server.now = clock_wall();
	signal_fd = listen_for_end();
	/* Changing the user clears the death signal, hence this order. */
	if (signal_fd == -1 || chdir("/") == -1 || privilege_drop(LOG_NOBODY, LOG_NOBODY) == -1 ||
		prctl(PR_SET_PDEATHSIG, LOG_SIGNAL_END, 0, 0, 0) == -1)
		_exit(1);
	log_output_adopt(&server.kept->output, config->output, config->output_is_socket,
		config->output_may_block);
	log_input_adopt(&server);
	if (getppid() != parent)
		finish();
	ready[0] = (struct pollfd){.fd = signal_fd, .events = POLLIN};
	ready[1] = (struct pollfd){.fd = -1, .events = POLLOUT};
	for (unsigned i = 0; i < config->count; i++)
		ready[2 + i] = (struct pollfd){.fd = config->sources[i].fd, .events = POLLIN};
	for (;;)
		serve_round(ready, config->count);
}
