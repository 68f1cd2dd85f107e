/*
 * test_log.c - log lines: taken apart, written out, never forged, never waited for
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "supervise/clock.h"
#include "supervise/log_format.h"
#include "supervise/log_output.h"
#include "supervise/log_record.h"
#include "unit.h"

#define WHEN INT64_C(1795313119573) /* 2026-11-22T02:05:19.573Z */

static const char *
line_of(const struct log_record *record, enum log_format format, enum log_mask mask)
{
	static char line[LOG_LINE_BYTES(4096)];
	size_t len = log_write_record(line, record, format, mask, WHEN);

	line[len] = '\0';
	return line;
}

static const char *
syslog_line(const char *text)
{
	struct log_record record;

	log_read_syslog(&record, text, strlen(text), 42);
	return line_of(&record, LOG_FORMAT_TEXT, LOG_MASK_NONE);
}

static const char *
service_line(const char *text)
{
	struct log_record record;

	log_read_line(&record, text, strlen(text), "postfix", 41);
	return line_of(&record, LOG_FORMAT_TEXT, LOG_MASK_NONE);
}

#define AT "2026-11-22T02:05:19.573Z "

static void
datagrams(void)
{
	static const struct {
		const char *name, *text, *line;
	} cases[] = {
		{"Postfix", "<22>Nov 22 02:05:19 postfix/smtpd[328]: connect from x[192.0.2.1]",
			AT "postfix/smtpd[42] info: connect from x[192.0.2.1]\n"},
		{"a warning, said once",
			"<20>Nov 22 02:05:19 postfix/smtpd[328]: warning: hostname x is y",
			AT "postfix/smtpd[42] warning: hostname x is y\n"},
		{"a fatal error keeps its word", "<18>Nov  2 02:05:19 postfix/master[1]: fatal: no",
			AT "postfix/master[42] error: fatal: no\n"},
		{"Dovecot", "<22>Nov 22 02:05:19 dovecot: lmtp(347): Connect from local",
			AT "dovecot[42] info: lmtp(347): Connect from local\n"},
		{"a debug line", "<23>Nov 22 02:05:19 opendkim[9]: x",
			AT "opendkim[42] debug: x\n"},
		{"no priority", "Nov 22 02:05:19 opendkim[9]: x", AT "opendkim[42] info: x\n"},
		{"no time", "<22>opendkim: x", AT "opendkim[42] info: x\n"},
		{"no tag", "<22>what is this", AT "syslog[42] info: what is this\n"},
		{"line ends and NUL at its end", "<22>a: x\r\n", AT "a[42] info: x\n"},
		{"nothing", "", AT "syslog[42] info: \n"},
		{"only a priority", "<22>", AT "syslog[42] info: \n"},
		{"a priority without an end", "<22", AT "syslog[42] info: <22\n"},
		{"a tag without an end", "<22>a[12", AT "syslog[42] info: a[12\n"},
		{"a tag without a number", "<22>a[]: x", AT "syslog[42] info: a[]: x\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_TEXT(
			syslog_line(cases[i].text), cases[i].line, "datagram: %s", cases[i].name);
}

static void
lines(void)
{
	static const struct {
		const char *name, *text, *line;
	} cases[] = {
		{"plain", "hello", AT "postfix[41] info: hello\n"},
		{"its own tag", "postfix/master[7]: fatal: no main.cf",
			AT "postfix/master[7] error: fatal: no main.cf\n"},
		{"the tag of another", "dovecot[7]: x", AT "postfix[41] info: dovecot[7]: x\n"},
		{"a name that only begins like it", "postfixer: x",
			AT "postfix[41] info: postfixer: x\n"},
		{"Dovecot's own form", "Nov 22 02:22:15 lmtp(240): Error: full",
			AT "postfix[41] error: lmtp(240): Error: full\n"},
		{"a level word within the text is none", "it said Error: no",
			AT "postfix[41] info: it said Error: no\n"},
		{"a colon at the end", "x:", AT "postfix[41] info: x:\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_TEXT(service_line(cases[i].text), cases[i].line, "line: %s", cases[i].name);
}

static void
own_words(void)
{
	struct log_record record;

	log_read_own(&record, "<3>gone", 7, 1);
	CHECK_TEXT(line_of(&record, LOG_FORMAT_TEXT, LOG_MASK_NONE), AT "mailinit[1] error: gone\n",
		"PID 1's own words have their level");
	log_read_own(&record, "warning: x", 10, 0);
	CHECK_TEXT(line_of(&record, LOG_FORMAT_TEXT, LOG_MASK_NONE),
		AT "mailinit warning: warning: x\n", "those of a planning child as well");
}

static void
own_fields(void)
{
	static const char line[] = "<2>a \x1f"
				   "id=x-y\x1forigin=\"a\\=b@c\x1f\x1fno\x1f=\x1f\"k=v";
	struct log_record record;

	log_read_own(&record, line, sizeof(line) - 1, 1);
	CHECK_TEXT(line_of(&record, LOG_FORMAT_TEXT, LOG_MASK_NONE), AT "mailinit[1] warning: a \n",
		"fields are for JSON alone");
	CHECK(strstr(line_of(&record, LOG_FORMAT_JSON, LOG_MASK_ADDRESSES),
		      "\"message\":\"a \",\"id\":\"x-y\",\"origin\":\"\\\"a\\\\=*@c\","
		      "\"\":\"\",\"\\\"k\":\"v\"}\n") != NULL,
		"there each is a string, and any bytes are some field");
	for (size_t len = 0; len < sizeof(line); len++) {
		log_read_own(&record, line, len, 1);
		if (strstr(line_of(&record, LOG_FORMAT_JSON, LOG_MASK_NONE), "}\n") == NULL)
			CHECK(false, "a line that is cut after %zu bytes has an end", len);
	}
}

static const char *
message(const char *text, size_t len, enum log_format format, enum log_mask mask)
{
	struct log_record record = {.service = {"s", 1},
		.program = {"s", 1},
		.pid = 1,
		.level = LOG_LEVEL_INFO,
		.message = {text, len}};
	const char *line = line_of(&record, format, mask);

	return strstr(line, format == LOG_FORMAT_JSON ? "\"message\":" : ": ");
}

static void
nothing_is_forged(void)
{
	static const struct {
		const char *text, *plain, *json;
	} cases[] = {
		{"a\nb", ": a\\nb\n", "\"message\":\"a\\nb\"}\n"},
		{"a\r\tb", ": a\\r\\tb\n", "\"message\":\"a\\r\\tb\"}\n"},
		{"\033[2J", ": \\x1b[2J\n", "\"message\":\"\\u001b[2J\"}\n"},
		{"\177", ": \\x7f\n", "\"message\":\"\\u007f\"}\n"},
		{"q\"b\\", ": q\"b\\\n", "\"message\":\"q\\\"b\\\\\"}\n"},
		{"\xc3\xa9\xe2\x82\xac", ": \xc3\xa9\xe2\x82\xac\n",
			"\"message\":\"\xc3\xa9\xe2\x82\xac\"}\n"},
		{"\xff\xc3", ": \\xff\\xc3\n", "\"message\":\"\\\\xff\\\\xc3\"}\n"},
		{"\xc0\x8a", ": \\xc0\\x8a\n", "\"message\":\"\\\\xc0\\\\x8a\"}\n"},
		{"\xed\xa0\x80", ": \\xed\\xa0\\x80\n", "\"message\":\"\\\\xed\\\\xa0\\\\x80\"}\n"},
		{"\xc2\x85", ": \\xc2\\x85\n", "\"message\":\"\\\\xc2\\\\x85\"}\n"},
		{"\xe2\x80\xa8", ": \\xe2\\x80\\xa8\n", "\"message\":\"\\\\xe2\\\\x80\\\\xa8\"}\n"},
		{"\xf4\x90\x80\x80", ": \\xf4\\x90\\x80\\x80\n",
			"\"message\":\"\\\\xf4\\\\x90\\\\x80\\\\x80\"}\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = cases[i].text;

		CHECK_TEXT(message(text, strlen(text), LOG_FORMAT_TEXT, LOG_MASK_NONE),
			cases[i].plain, "escaped in text, case %zu", i);
		CHECK_TEXT(message(text, strlen(text), LOG_FORMAT_JSON, LOG_MASK_NONE),
			cases[i].json, "escaped in JSON, case %zu", i);
	}
	CHECK_TEXT(message("a\0b", 3, LOG_FORMAT_TEXT, LOG_MASK_NONE), ": a\\x00b\n", "a NUL");
}

static void
random_bytes_stay_one_line(void)
{
	char text[300];
	unsigned seed = 1;
	int bad = 0;

	for (int i = 0; i < 20000; i++) {
		struct log_record record;
		size_t len = (size_t)(i % (int)sizeof(text));
		const char *line;

		for (size_t at = 0; at < len; at++) {
			seed = seed * 1103515245 + 12345;
			text[at] = (char)(seed >> 16);
		}
		log_read_syslog(&record, text, len, 0);
		line = line_of(&record, i % 2 ? LOG_FORMAT_JSON : LOG_FORMAT_TEXT,
			i % 3 ? LOG_MASK_NONE : LOG_MASK_ADDRESSES);
		bad += strchr(line, '\n') != line + strlen(line) - 1 ||
			strlen(line) > LOG_LINE_BYTES(len);
	}
	CHECK(bad == 0, "whatever comes in is one line, within its room");
}

static void
addresses_are_masked(void)
{
	static const struct {
		const char *text, *masked;
	} cases[] = {
		{"from=<info@example.com>, to=<a.b+c@x.test>",
			": from=<*@example.com>, to=<*@x.test>\n"},
		{"message-id=<1234@mail.example.com>", ": message-id=<1234@mail.example.com>\n"},
		{"sasl_username=job@example.com", ": sasl_username=*@example.com\n"},
		{"@ alone, and a@", ": @ alone, and *@\n"},
		{"from=<\"john doe\"@example.com>, x", ": from=<*@example.com>, x\n"},
		{"lmtp(\"john \\\"b@c\\\" doe\"@x.test): saved", ": lmtp(*@x.test): saved\n"},
		{"from=<\"john doe@home\"@x.test>", ": from=<*@x.test>\n"},
		{"helo=<\"> from=<\"john doe\"@x.test>", ": helo=<\"> from=<*@x.test>\n"},
		{"user=<john doe@x.test>, b@y", ": user=<*@x.test>, *@y\n"},
		{"a 5\" disk of <\"b c\"@x> and \"d\"", ": a 5\" disk of <*@x> and \"d\"\n"},
		{"it said \"b@x.test\" and \"c", ": it said *@x.test\" and \"c\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_TEXT(message(cases[i].text, strlen(cases[i].text), LOG_FORMAT_TEXT,
				   LOG_MASK_ADDRESSES),
			cases[i].masked, "masked: %s", cases[i].text);
}

static void
cuts_are_told(void)
{
	struct log_record record = {.program = {"p", 1}, .message = {"abc", 3}, .cut = 70000};

	CHECK_TEXT(line_of(&record, LOG_FORMAT_TEXT, LOG_MASK_NONE),
		AT "p debug: abc [cut: 70000 more bytes]\n", "what is missing is told");
}

static void
times(void)
{
	char text[CLOCK_TEXT_BYTES];

	CHECK_TEXT(clock_text(0, text), "1970-01-01T00:00:00.000Z", "the beginning");
	CHECK_TEXT(clock_text(INT64_C(951782400000), text), "2000-02-29T00:00:00.000Z",
		"a leap day of a leap century");
	CHECK_TEXT(clock_text(INT64_C(4107542400000), text), "2100-03-01T00:00:00.000Z",
		"a century without one");
	CHECK_TEXT(clock_text(INT64_C(1735689599999), text), "2024-12-31T23:59:59.999Z",
		"the last millisecond of a year");
	CHECK_TEXT(clock_text_seconds(WHEN, text), "2026-11-22T02:05:19Z", "in seconds");
	CHECK_TEXT(clock_text(-5, text), "1970-01-01T00:00:00.000Z", "never before the beginning");
	CHECK_TEXT(clock_text(INT64_MAX, text), "9999-12-31T23:59:59.000Z", "never after the end");
}

/* ---- the output ---- */

static bool
put_line(struct log_output *output, int number)
{
	char *room = log_output_room(output, 100);

	if (room == NULL)
		return false;
	log_output_add(output, (size_t)snprintf(room, 100, "line %080d\n", number));
	return true;
}

static void
a_stalled_reader_is_not_waited_for(void)
{
	static struct log_output output;
	static char got[1 << 20];
	int ends[2], put = 0, lines_read = 0;
	size_t len = 0;
	ssize_t more;

	if (pipe2(ends, O_NONBLOCK) != 0) {
		CHECK(false, "a pipe");
		return;
	}
	log_output_init(&output, ends[1], false, false);
	while (put < 100000 && put_line(&output, put))
		put++;
	CHECK(put > 100 && put < 100000, "without a reader there is room for a while");
	CHECK(!log_output_flush(&output), "and then nothing more gets out");
	CHECK(!put_line(&output, put), "nor in");
	while ((more = read(ends[0], got + len, sizeof(got) - len)) > 0 ||
		!log_output_flush(&output))
		len += more > 0 ? (size_t)more : 0;
	while ((more = read(ends[0], got + len, sizeof(got) - len)) > 0)
		len += (size_t)more;
	for (size_t i = 0; i < len; i++)
		lines_read += got[i] == '\n';
	CHECK(lines_read == put && len == (size_t)put * 86, "what was taken arrives whole");
	CHECK(put_line(&output, put) && log_output_flush(&output), "and it goes on");
	close(ends[0]);
	put_line(&output, 1);
	CHECK(log_output_flush(&output) && output.lost_lines == 1,
		"without a reader for good, what is lost is counted");
	close(ends[1]);
}

/* A logger that was killed between any two stores leaves one of these behind. */
static void
what_a_killed_logger_left_is_written(void)
{
	static struct log_output output;
	char got[400];
	int ends[2];
	ssize_t len;

	if (pipe2(ends, O_NONBLOCK) != 0) {
		CHECK(false, "a pipe");
		return;
	}
	log_output_adopt(&output, ends[1], false, false);
	CHECK(log_output_flush(&output), "the first one finds nothing");
	put_line(&output, 1);
	log_output_adopt(&output, ends[1], false, false);
	log_output_flush(&output);
	len = read(ends[0], got, sizeof(got));
	CHECK(len == 86 && got[0] == 'l', "what waited is written by the next one");
	put_line(&output, 2);
	output.writing = true;
	output.begin = 10;
	log_output_adopt(&output, ends[1], false, false);
	log_output_flush(&output);
	len = read(ends[0], got, sizeof(got));
	CHECK(len == 77 && got[0] == '\n', "in the middle of a write: again, on a line of its own");
	put_line(&output, 3);
	put_line(&output, 4);
	memmove(output.data, output.data + 85, 87);
	output.moved = 87;
	log_output_adopt(&output, ends[1], false, false);
	log_output_flush(&output);
	len = read(ends[0], got, sizeof(got));
	CHECK(len == 86 && memcmp(got + 80, "00004\n", 6) == 0, "moved, and not yet noted as such");
	output.begin = 5;
	output.end = 4;
	log_output_adopt(&output, ends[1], false, false);
	CHECK(log_output_flush(&output) && read(ends[0], got, sizeof(got)) == -1,
		"nonsense is nothing");
	close(ends[0]);
	close(ends[1]);
}

static void
a_full_disk_tears_no_line(void)
{
	static struct log_output output;
	int fd = open("/dev/full", O_WRONLY);

	if (fd == -1) {
		CHECK(false, "/dev/full");
		return;
	}
	log_output_init(&output, fd, false, false);
	put_line(&output, 1);
	put_line(&output, 2);
	CHECK(log_output_flush(&output) && output.lost_lines == 2,
		"lines without a place are counted");
	close(fd);
}

int
main(void)
{
	/* A closed pipe must be an error and not the end of us, as in the logger. */
	signal(SIGPIPE, SIG_IGN);
	datagrams();
	lines();
	own_words();
	own_fields();
	nothing_is_forged();
	random_bytes_stay_one_line();
	addresses_are_masked();
	cuts_are_told();
	times();
	a_stalled_reader_is_not_waited_for();
	what_a_killed_logger_left_is_written();
	a_full_disk_tears_no_line();
	DONE();
}
