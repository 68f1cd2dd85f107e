/* live_sasl.c - a made-up login, as a mail client would try it: refused is right */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/deadline.h"
#include "base/text.h"
#include "command/live.h"
#include "command/live_stream.h"
#include "crypto/digest.h"

#define RANDOM_BYTES 12

/* login - PLAIN (RFC 4616): a name that no mailbox has, and a password that nobody knows */
static const char *
login(struct arena *arena, const char *hostname)
{
	unsigned char random[RANDOM_BYTES];
	struct buffer text = {0};
	const char *result;

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return NULL;
	buffer_putc(&text, '\0');
	buffer_printf(&text, "mailinit-check-%s@%s", digest_hex(arena, random, 4), hostname);
	buffer_putc(&text, '\0');
	buffer_puts(&text, digest_hex(arena, random + 4, sizeof(random) - 4));
	result = digest_base64(arena, text.data, text.len);
	buffer_free(&text);
	return result;
}

/* try - the code of the answer to AUTH; -1 with errno */
static int
try(struct live_system *system, struct live_stream *stream, const char *hostname,
	char line[LIVE_LINE_BYTES])
{
	struct arena *arena = system->plan->arena;
	const char *plain = login(arena, hostname);
	int code;

	if (plain == NULL || live_send(stream, arena_printf(arena, "EHLO %s\r\n", hostname)) != 0)
		return -1;
	/* 220: the greeting behind TLS; behind STARTTLS an answer from before it may come first */
	do {
		code = live_reply(stream, line);
	} while (code == 220);
	if (code != 250)
		return code;
	if (live_send(stream, arena_printf(arena, "AUTH PLAIN %s\r\n", plain)) != 0)
		return -1;
	do {
		code = live_reply(stream, line);
	} while (code == 250);
	if (live_send(stream, "QUIT\r\n") == 0) {
		char farewell[LIVE_LINE_BYTES];

		(void)live_line(stream, farewell);
	}
	return code;
}

static void
judge(struct live_system *system, const char *what, int code, const char *line)
{
	if (code == 535)
		live_system_right(system, what, "a made-up password is refused");
	else if (code == 235)
		live_system_wrong(system, "live-sasl-open", what, "a made-up login is accepted");
	else if (code != -1)
		live_system_wrong(system, "live-sasl-failed", what,
			"a made-up password is answered with \"%s\"", line);
	else if (errno == ETIMEDOUT && deadline_now() >= system->deadline_ms)
		live_system_unknown(system, what, "no time was left (--timeout)");
	else
		live_system_wrong(system, "live-sasl-failed", what, "a login is not answered: %s",
			strerror(errno));
}

void
live_sasl(struct live_system *system, const struct live_port *port)
{
	struct arena *arena = system->plan->arena;
	const char *hostname = node_text(system->plan->settings, "hostname", "localhost");
	const char *what = arena_printf(arena, "logins at %s", port->name);
	const char *argv[] = {LIVE_OPENSSL, "s_client", "-quiet", "-connect",
		arena_printf(arena, strchr(port->address, ':') != NULL ? "[%s]:%u" : "%s:%u",
			port->address, port->port),
		"-servername", hostname,
		/* behind TLS from the first byte the list ends here */
		port->wrapped ? NULL : "-starttls", "smtp", "-name", hostname, NULL};
	char line[LIVE_LINE_BYTES] = "";
	struct live_stream stream;
	int code, cause;

	if (deadline_now() >= system->deadline_ms) {
		live_system_unknown(system, what, "no time was left (--timeout)");
		return;
	}
	/* a refusal takes Dovecot some seconds, on purpose */
	if (live_run(&stream, argv, system->deadline_ms) != 0) {
		live_system_unknown(
			system, what, "%s is needed for it: %s", LIVE_OPENSSL, strerror(errno));
		return;
	}
	code = try(system, &stream, hostname, line);
	cause = errno;
	live_close(&stream);
	errno = cause;
	judge(system, what, code, text_mask_controls(line));
}
