/*
 * log_input.c - reads sockets and pipes, so that a kill loses nothing
 *
 * The order of the stores matters: what a system call is about to do is noted
 * before it, and a piece counts as used after its line is in the output.
 */
#include "supervise/log_input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "supervise/log_record.h"
#include "supervise/socket.h"

#define LOG_ADOPTIONS 2 /* what kills a logger as often would kill the next one, too */

static void
set_state(struct log_input *input, enum log_input_state state)
{
	log_kept_order();
	input->state = state;
	log_kept_order();
}

/* ---- datagrams ---- */

static void
prepare_batch(struct log_input *input)
{
	for (int i = 0; i < LOG_BATCH; i++) {
		struct mmsghdr *header = &input->headers[i];

		input->vectors[i] = (struct iovec){input->messages[i], LOG_MESSAGE_BYTES};
		header->msg_hdr = (struct msghdr){
			.msg_iov = &input->vectors[i],
			.msg_iovlen = 1,
			.msg_control = input->control[i],
			.msg_controllen = sizeof(input->control[i]),
		};
		header->msg_len = LOG_NOT_RECEIVED;
	}
}

static void
emit_datagrams(struct log_emitter *emitter)
{
	struct log_input *input = &emitter->kept->input;

	while (input->used < LOG_BATCH && input->headers[input->used].msg_len != LOG_NOT_RECEIVED) {
		struct mmsghdr *header = &input->headers[input->used];
		size_t whole = header->msg_len;
		size_t len = whole < LOG_MESSAGE_BYTES ? whole : LOG_MESSAGE_BYTES;
		pid_t sender = socket_sender(&header->msg_hdr);
		struct log_record record;

		log_read_syslog(&record, input->messages[input->used], len, sender);
		record.cut = whole - len;
		log_note_fact(emitter, &record, sender);
		log_emit(emitter, &record);
		log_kept_order();
		input->used++;
	}
}

static bool
read_datagrams(struct log_emitter *emitter, int fd)
{
	struct log_input *input = &emitter->kept->input;
	int got;

	prepare_batch(input);
	input->used = 0;
	set_state(input, LOG_INPUT_DATAGRAMS);
	got = recvmmsg(fd, input->headers, LOG_BATCH, MSG_DONTWAIT | MSG_TRUNC, NULL);
	emit_datagrams(emitter);
	set_state(input, LOG_INPUT_NONE);
	return got > 0;
}

/* ---- pipes ---- */

static void
emit_line(struct log_emitter *emitter, const struct log_source *source, const char *text,
	size_t len, size_t cut)
{
	const struct log_share *share = emitter->config->share;
	struct log_record record;

	if (source->kind == LOG_OWN)
		log_read_own(&record, text, len, getppid());
	else
		log_read_line(&record, text, len, source->name, share->pids[source->slot]);
	record.cut = cut;
	log_emit(emitter, &record);
}

static void
end_partial(struct log_emitter *emitter, struct log_partial *partial)
{
	if (partial->len > 0)
		emit_line(emitter, &partial->source, partial->text, partial->len, partial->cut);
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
emit_bytes(struct log_emitter *emitter)
{
	struct log_input *input = &emitter->kept->input;
	struct log_partial *partial = &emitter->kept->partials[input->place];
	const char *end = (const char *)emitter->kept + input->position;
	const char *text = input->bytes + input->used, *line_end;

	while ((line_end = memchr(text, '\n', (size_t)(end - text))) != NULL) {
		size_t line = (size_t)(line_end - text);

		if (partial->len > 0 || line > LOG_MESSAGE_BYTES) {
			add_partial(partial, text, line);
			end_partial(emitter, partial);
		} else {
			emit_line(emitter, &partial->source, text, line, 0);
		}
		text = line_end + 1;
		log_kept_order();
		input->used = (size_t)(text - input->bytes);
	}
	add_partial(partial, text, (size_t)(end - text));
	log_kept_order();
	input->used = (size_t)(end - input->bytes);
}

/*
 * splice notes in POSITION how far it came, while read would tell it only to a
 * process that lives on. Where splice is not to be had (a seccomp profile, no
 * memfd), read must do.
 */
static bool
read_pipe(struct log_emitter *emitter, unsigned place, int fd)
{
	static const loff_t start = offsetof(struct log_kept, input.bytes);
	struct log_input *input = &emitter->kept->input;
	ssize_t got;

	input->place = place;
	input->used = 0;
	input->position = start;
	set_state(input, LOG_INPUT_BYTES);
	got = splice(fd, NULL, emitter->config->kept_fd, &input->position, LOG_PIPE_BYTES,
		SPLICE_F_NONBLOCK);
	if (got == -1 && errno != EAGAIN) {
		got = read(fd, input->bytes, LOG_PIPE_BYTES);
		if (got > 0)
			input->position = start + got;
	}
	/* Nothing is EAGAIN; end of file cannot be, PID 1 holds the other end. */
	if (got > 0)
		emit_bytes(emitter);
	set_state(input, LOG_INPUT_NONE);
	return got > 0;
}

bool
log_input_read(struct log_emitter *emitter, unsigned place)
{
	const struct log_source *source = &emitter->config->sources[place];

	if (source->kind == LOG_SYSLOG)
		return read_datagrams(emitter, source->fd);
	return read_pipe(emitter, place, source->fd);
}

bool
log_input_has_partials(const struct log_emitter *emitter)
{
	for (unsigned i = 0; i < emitter->config->count; i++)
		if (emitter->kept->partials[i].len > 0)
			return true;
	return false;
}

void
log_input_end_partials(struct log_emitter *emitter)
{
	for (unsigned i = 0; i < emitter->config->count; i++)
		end_partial(emitter, &emitter->kept->partials[i]);
}

/* ---- what the logger before left ---- */

static bool
is_sound(const struct log_kept *kept)
{
	const struct log_input *input = &kept->input;
	const loff_t start = offsetof(struct log_kept, input.bytes);

	for (unsigned i = 0; i < LOG_SOURCES; i++)
		if (kept->partials[i].len > LOG_MESSAGE_BYTES ||
			kept->partials[i].source.slot >= SERVICE_MAX ||
			memchr(kept->partials[i].source.name, '\0', SERVICE_NAME_BYTES) == NULL)
			return false;
	if (input->state == LOG_INPUT_BYTES)
		return input->place < LOG_SOURCES && input->used <= LOG_PIPE_BYTES &&
			input->position >= start + (loff_t)input->used &&
			input->position <= start + LOG_PIPE_BYTES;
	return true;
}

static void
forget(struct log_kept *kept)
{
	kept->input.state = LOG_INPUT_NONE;
	for (unsigned i = 0; i < LOG_SOURCES; i++)
		kept->partials[i].len = kept->partials[i].cut = 0;
}

void
log_input_adopt(struct log_emitter *emitter)
{
	const struct log_config *config = emitter->config;
	struct log_kept *kept = emitter->kept;

	if (kept->adoptions >= LOG_ADOPTIONS || !is_sound(kept)) {
		forget(kept);
		kept->dropped++; /* how many lines there were is not known: at least one */
		config->share->dropped++;
	}
	kept->adoptions++;
	if (kept->input.state == LOG_INPUT_DATAGRAMS)
		emit_datagrams(emitter);
	else if (kept->input.state == LOG_INPUT_BYTES)
		emit_bytes(emitter);
	set_state(&kept->input, LOG_INPUT_NONE);
	for (unsigned i = 0; i < LOG_SOURCES; i++) {
		struct log_partial *partial = &kept->partials[i];

		/* Half a line goes on where it stopped only if it is still the same service's. */
		if (i < config->count &&
			memcmp(&partial->source, &config->sources[i], sizeof(partial->source)) == 0)
			continue;
		end_partial(emitter, partial);
		if (i < config->count)
			partial->source = config->sources[i];
	}
	kept->adoptions = 0;
}
