/* logger.c - PID 1's side of the log */
#include "supervise/logger.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "supervise/log_kept.h"
#include "supervise/say.h"
#include "supervise/socket.h"
#include "supervise/state.h"

#define LOGGER_STEADY_MS 1000 /* one that ran this long may be started again at once */
#define LOGGER_PAUSE_MS 200

static int
set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags == -1 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/*
 * Stdout must not be waited for, but O_NONBLOCK on it would concern everyone
 * who shares it. Pipes and terminals are opened a second time, for us alone. A
 * regular file never makes its writer wait, and a second opening would begin at
 * its start. A socket cannot be opened: it is sent to with MSG_DONTWAIT.
 */
static int
open_output(struct logger *logger)
{
	struct stat status;

	if (fstat(STDOUT_FILENO, &status) == -1)
		return -1;
	logger->output_is_socket = S_ISSOCK(status.st_mode);
	logger->output_may_block = false;
	if (S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode)) {
		logger->output =
			open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		if (logger->output >= 0)
			return 0;
		/* No /proc, or stdout belongs to another user: then poll decides before each write. */
		logger->output_may_block = true;
	}
	logger->output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	return logger->output >= 0 ? 0 : -1;
}

int
logger_pipe(int ends[2])
{
	if (pipe2(ends, O_CLOEXEC) == -1)
		return -1;
	/* A service that runs as another user may open its /dev/stdout by name. */
	if (set_nonblocking(ends[0]) == -1 || fchmod(ends[1], 0622) == -1) {
		close(ends[0]);
		close(ends[1]);
		return -1;
	}
	return 0;
}

/*
 * A memfd, because splice writes to descriptors. Where there is none, other
 * shared memory does nearly as well: what was just being read from a pipe when
 * a logger is killed is lost then.
 */
static int
map_kept(struct logger *logger)
{
	const size_t size = sizeof(*logger->kept);

	logger->kept_fd = memfd_create("log", MFD_CLOEXEC);
	if (logger->kept_fd >= 0 && ftruncate(logger->kept_fd, (off_t)size) == -1) {
		close(logger->kept_fd);
		logger->kept_fd = -1;
	}
	logger->kept = mmap(NULL, size, PROT_READ | PROT_WRITE,
		logger->kept_fd >= 0 ? MAP_SHARED : MAP_SHARED | MAP_ANONYMOUS, logger->kept_fd, 0);
	return logger->kept == MAP_FAILED ? -1 : 0;
}

int
logger_open(struct logger *logger)
{
	logger->restart_at = STATE_NEVER;
	logger->share = mmap(NULL, sizeof(*logger->share), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (logger->share == MAP_FAILED || map_kept(logger) == -1 || open_output(logger) == -1 ||
		logger_pipe(logger->planning) == -1 || logger_pipe(logger->own) == -1 ||
		set_nonblocking(logger->own[1]) == -1) {
		say(LOG_LEVEL_ERROR, "unable to set up the log: %s", strerror(errno));
		return -1;
	}
	return 0;
}

int
logger_bind(struct logger *logger, const char *path)
{
	unsigned count = logger->syslog_count;
	int fd;

	for (unsigned i = 0; i < count; i++)
		if (strcmp(logger->syslog_paths[i], path) == 0)
			return 0;
	if (count == sizeof(logger->syslog) / sizeof(logger->syslog[0])) {
		errno = ENOSPC;
		return -1;
	}
	fd = socket_bind(path, SOCK_DGRAM, 0666, true);
	if (fd == -1)
		return -1;
	logger->syslog[count] = fd;
	service_set_text(logger->syslog_paths[count], SERVICE_PATH_BYTES, path);
	logger->syslog_count++;
	return 0;
}

static void
add_source(struct log_config *config, int fd, enum log_source_kind kind, unsigned slot,
	const char *name)
{
	struct log_source *source = &config->sources[config->count++];

	source->fd = fd;
	source->kind = kind;
	source->slot = slot;
	service_set_text(source->name, sizeof(source->name), name);
}

static void
configure(struct log_config *config, const struct logger *logger, const struct service_table *table,
	const int outputs[SERVICE_MAX])
{
	memset(config, 0, sizeof(*config));
	config->output = logger->output;
	config->output_is_socket = logger->output_is_socket;
	config->output_may_block = logger->output_may_block;
	config->format = (enum log_format)table->log_format;
	config->level = (enum log_level)table->log_level;
	config->mask = (enum log_mask)table->log_mask;
	config->share = logger->share;
	config->kept = logger->kept;
	config->kept_fd = logger->kept_fd;
	add_source(config, logger->own[0], LOG_OWN, 0, "");
	add_source(config, logger->planning[0], LOG_OWN, 0, "");
	for (unsigned i = 0; i < logger->syslog_count; i++)
		add_source(config, logger->syslog[i], LOG_SYSLOG, 0, "");
	for (unsigned i = 0; i < table->count; i++)
		add_source(config, outputs[i], LOG_LINES, i, table->services[i].name);
}

void
logger_start(struct logger *logger, const struct service_table *table,
	const int outputs[SERVICE_MAX], int64_t now)
{
	pid_t parent = getpid(), pid;

	logger->restart_at = STATE_NEVER;
	pid = fork();
	if (pid == 0) {
		struct log_config config;

		configure(&config, logger, table, outputs);
		log_serve(&config, parent);
	}
	if (pid == -1) {
		logger->restart_at = now + LOGGER_PAUSE_MS;
		return;
	}
	logger->pid = pid;
	logger->started_at = now;
	say_to_logger(logger->own[1]);
}

void
logger_renew(struct logger *logger)
{
	if (logger->pid <= 0)
		return;
	logger->renewing = true;
	kill(logger->pid, LOG_SIGNAL_END);
}

void
logger_end(struct logger *logger)
{
	logger->ending = true;
	logger->restart_at = STATE_NEVER;
	logger_renew(logger);
}

void
logger_gone(struct logger *logger, int64_t now)
{
	bool steady = logger->renewing || now - logger->started_at >= LOGGER_STEADY_MS;

	logger->pid = 0;
	logger->renewing = false;
	if (!logger->ending)
		logger->restart_at = steady ? now : now + LOGGER_PAUSE_MS;
}
