/*
 * log_serve.c - the logger's loop
 *
 * One poll on everything; each source that has something is read once a round,
 * so that a service which floods its output delays no other. Then the round is
 * written in one piece. Nothing wakes it while nobody speaks.
 */
#include "supervise/log_serve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "supervise/clock.h"
#include "supervise/log_format.h"
#include "supervise/log_output.h"
#include "supervise/log_record.h"
#include "supervise/privilege.h"
#include "supervise/socket.h"
#include "supervise/spawn.h"

#define LOG_NOBODY 65534
#define LOG_BATCH 16 /* messages a call; the kernel queues 11 a socket by default */
#define LOG_MESSAGE_BYTES 2048 /* what is longer is cut, and says so */
#define LOG_PIPE_BYTES 16384 /* read in one go */
#define LOG_PARTIAL_MS 1000 /* a line without an end is shown after this */

/* A line of a pipe of which the end has not come yet. */
struct log_partial {
	size_t len, cut;
	char text[LOG_MESSAGE_BYTES];
};

/* All the memory of the logger; in .bss, so untouched pages cost nothing. */
static struct log_server {
	const struct log_config *config;
	struct log_output output;
	uint64_t dropped; /* not yet told */
	int64_t now;
	int signal_fd;
	struct log_partial partials[LOG_SOURCES];
	struct mmsghdr headers[LOG_BATCH];
	struct iovec vectors[LOG_BATCH];
	char control[LOG_BATCH][CMSG_SPACE(sizeof(struct ucred))];
	union {
		char messages[LOG_BATCH][LOG_MESSAGE_BYTES];
		char bytes[LOG_PIPE_BYTES];
	} input;
} server;

static void
count_dropped(uint64_t lines)
{
	server.dropped += lines;
	server.config->share->dropped += lines;
}

static bool
write_record(const struct log_record *record)
{
	const struct log_config *config = server.config;
	char *room = log_output_room(
		&server.output, LOG_LINE_BYTES(record->message.len + record->fields.len));

	if (room == NULL)
		return false;
	log_output_add(&server.output,
		log_write_record(room, record, config->format, config->mask, server.now));
	config->share->lines++;
	return true;
}

/* Loss is told as soon as there is room, before the next line. */
static void
tell_dropped(void)
{
	char text[96];
	struct log_record record;
	int len;

	count_dropped(server.output.lost_lines);
	server.output.lost_lines = 0;
	if (server.dropped == 0)
		return;
	len = snprintf(text, sizeof(text),
		"<%d>%llu log lines were dropped: standard output was not read",
		(int)LOG_LEVEL_WARNING, (unsigned long long)server.dropped);
	log_read_own(&record, text, (size_t)len, getppid());
	if (write_record(&record))
		server.dropped = 0;
}

/* The service's main process, or 0. */
static pid_t
main_process(const struct log_piece *service)
{
	for (unsigned i = 0; i < server.config->count; i++) {
		const struct log_source *source = &server.config->sources[i];

		if (source->kind == LOG_LINES && strlen(source->name) == service->len &&
			memcmp(source->name, service->text, service->len) == 0)
			return server.config->share->pids[source->slot];
	}
	return 0;
}

/*
 * Anybody in the container may write to /dev/log in any name. A fact is believed
 * only from a process of the service itself: the kernel says who sent it, all of
 * a service's processes are in the group of its main one, and that one alone
 * says what is throttled. What services write to their output is not looked at:
 * programs that they run share it.
 */
static void
note_fact(const struct log_record *record, pid_t sender)
{
	int fact = log_fact_of(record);
	struct log_seen *seen;
	pid_t group;

	if (fact == FACT_NONE || sender <= 0)
		return;
	group = main_process(&record->service);
	if (group <= 0 || getpgid(sender) != group)
		return;
	if ((fact == FACT_THROTTLED || fact == FACT_POSTFIX_BEGINS) && sender != group)
		return;
	if (fact == FACT_POSTFIX_BEGINS) {
		server.config->share->facts[FACT_THROTTLED].over = server.now;
		return;
	}
	seen = &server.config->share->facts[fact];
	seen->count++;
	seen->last = server.now;
}

static void
emit(const struct log_record *record)
{
	if (record->level < server.config->level || record->message.len + record->cut == 0)
		return;
	tell_dropped();
	if (server.dropped > 0 || !write_record(record))
		count_dropped(1);
}

/* ---- datagrams ---- */

static void
prepare_batch(void)
{
	for (int i = 0; i < LOG_BATCH; i++) {
		server.vectors[i] = (struct iovec){server.input.messages[i], LOG_MESSAGE_BYTES};
		server.headers[i].msg_hdr = (struct msghdr){
			.msg_iov = &server.vectors[i],
			.msg_iovlen = 1,
			.msg_control = server.control[i],
			.msg_controllen = sizeof(server.control[i]),
		};
	}
}

static bool
read_datagrams(const struct log_source *source)
{
	int got;

	prepare_batch();
	got = recvmmsg(source->fd, server.headers, LOG_BATCH, MSG_DONTWAIT | MSG_TRUNC, NULL);
	for (int i = 0; i < got; i++) {
		size_t whole = server.headers[i].msg_len;
		size_t len = whole < LOG_MESSAGE_BYTES ? whole : LOG_MESSAGE_BYTES;
		pid_t sender = socket_sender(&server.headers[i].msg_hdr);
		struct log_record record;

		log_read_syslog(&record, server.input.messages[i], len, sender);
		record.cut = whole - len;
		note_fact(&record, sender);
		emit(&record);
	}
	return got > 0;
}

/* ---- pipes ---- */

static void
emit_line(const struct log_source *source, const char *text, size_t len, size_t cut)
{
	struct log_record record;

	if (source->kind == LOG_OWN)
		log_read_own(&record, text, len, getppid());
	else
		log_read_line(
			&record, text, len, source->name, server.config->share->pids[source->slot]);
	record.cut = cut;
	emit(&record);
}

static void
end_partial(const struct log_source *source, struct log_partial *partial)
{
	if (partial->len > 0)
		emit_line(source, partial->text, partial->len, partial->cut);
	partial->len = partial->cut = 0;
}

static void
add_partial(struct log_partial *partial, const char *text, size_t len)
{
	size_t room = LOG_MESSAGE_BYTES - partial->len;
	size_t taken = len < room ? len : room;

	memcpy(partial->text + partial->len, text, taken);
	partial->len += taken;
	partial->cut += len - taken;
}

static void
take_lines(
	const struct log_source *source, struct log_partial *partial, const char *text, size_t len)
{
	const char *end = text + len, *line_end;

	while ((line_end = memchr(text, '\n', (size_t)(end - text))) != NULL) {
		size_t line = (size_t)(line_end - text);

		if (partial->len > 0 || line > LOG_MESSAGE_BYTES) {
			add_partial(partial, text, line);
			end_partial(source, partial);
		} else {
			emit_line(source, text, line, 0);
		}
		text = line_end + 1;
	}
	if (text < end)
		add_partial(partial, text, (size_t)(end - text));
}

static bool
read_pipe(const struct log_source *source, struct log_partial *partial)
{
	ssize_t got = read(source->fd, server.input.bytes, sizeof(server.input.bytes));

	if (got <= 0)
		return false; /* EAGAIN; end of file cannot be, PID 1 holds the other end */
	take_lines(source, partial, server.input.bytes, (size_t)got);
	return true;
}

static bool
read_source(unsigned place)
{
	const struct log_source *source = &server.config->sources[place];

	if (source->kind == LOG_SYSLOG)
		return read_datagrams(source);
	return read_pipe(source, &server.partials[place]);
}

/* ---- the loop ---- */

static bool
have_partials(void)
{
	for (unsigned i = 0; i < server.config->count; i++)
		if (server.partials[i].len > 0)
			return true;
	return false;
}

static void
end_partials(void)
{
	for (unsigned i = 0; i < server.config->count; i++)
		end_partial(&server.config->sources[i], &server.partials[i]);
}

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
			more |= read_source(i);
	}
	end_partials();
	tell_dropped();
	_exit(log_output_drain(&server.output, LOG_DRAIN_MS) ? 0 : 1);
}

static void
serve_round(struct pollfd *ready, unsigned sources)
{
	int timeout = have_partials() ? LOG_PARTIAL_MS : -1;
	int found;

	ready[1].fd = log_output_flush(&server.output) ? -1 : server.output.fd;
	found = poll(ready, 2 + sources, timeout);
	server.now = clock_wall();
	if (found == 0)
		end_partials();
	if (found <= 0)
		return;
	if (ready[0].revents != 0)
		finish();
	for (unsigned i = 0; i < sources; i++)
		if (ready[2 + i].revents != 0)
			read_source(i);
	if (server.dropped > 0 || server.output.lost_lines > 0)
		tell_dropped();
}

static void
close_all_but(const struct log_config *config)
{
	int highest = config->output;

	for (unsigned i = 0; i < config->count; i++)
		if (config->sources[i].fd > highest)
			highest = config->sources[i].fd;
	for (int fd = STDERR_FILENO + 1; fd <= highest; fd++) {
		bool keep = fd == config->output;

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
	server.now = clock_wall();
	server.signal_fd = listen_for_end();
	log_output_init(
		&server.output, config->output, config->output_is_socket, config->output_may_block);
	/* Changing the user clears the death signal, hence this order. */
	if (server.signal_fd == -1 || chdir("/") == -1 ||
		privilege_drop(LOG_NOBODY, LOG_NOBODY) == -1 ||
		prctl(PR_SET_PDEATHSIG, LOG_SIGNAL_END, 0, 0, 0) == -1)
		_exit(1);
	if (getppid() != parent)
		finish();
	ready[0] = (struct pollfd){.fd = server.signal_fd, .events = POLLIN};
	ready[1] = (struct pollfd){.fd = -1, .events = POLLOUT};
	for (unsigned i = 0; i < config->count; i++)
		ready[2 + i] = (struct pollfd){.fd = config->sources[i].fd, .events = POLLIN};
	for (;;)
		serve_round(ready, config->count);
}
