/* log_record.c - takes apart what daemons say */
#include "supervise/log_record.h"

#include <string.h>

#define LOG_SYSLOG_ERROR 3 /* severities of RFC 5424 table 2: 0 to 3 are errors */
#define LOG_SYSLOG_WARNING 4
#define LOG_SYSLOG_DEBUG 7
#define LOG_TAG_BYTES 64
#define LOG_LEVEL_WITHIN 160 /* a level word further on is part of the message */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void
skip(struct log_piece *rest, size_t len)
{
	rest->text += len;
	rest->len -= len;
}

/* Line ends and NULs at the end belong to the transport. */
static struct log_piece
without_end(const char *text, size_t len)
{
	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\0' || text[len - 1] == '\r'))
		len--;
	return (struct log_piece){text, len};
}

/* "<22>": facility * 8 + severity. Returns the severity, or -1 when there is none. */
static int
take_priority(struct log_piece *rest)
{
	size_t at = 1;
	int number = 0;

	if (rest->len < 3 || rest->text[0] != '<')
		return -1;
	while (at < rest->len && at < 4 && is_digit(rest->text[at]))
		number = number * 10 + (rest->text[at++] - '0');
	if (at == 1 || at >= rest->len || rest->text[at] != '>')
		return -1;
	skip(rest, at + 1);
	return number % 8;
}

static enum log_level
severity_level(int severity)
{
	if (severity < 0)
		return LOG_LEVEL_INFO;
	if (severity <= LOG_SYSLOG_ERROR)
		return LOG_LEVEL_ERROR;
	if (severity == LOG_SYSLOG_WARNING)
		return LOG_LEVEL_WARNING;
	return severity == LOG_SYSLOG_DEBUG ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO;
}

/* "Nov 22 02:05:19 ": ours is taken at receipt and is exact to the millisecond. */
static void
drop_time(struct log_piece *rest)
{
	static const char shape[] = "Aaa 90 00:00:00 ";

	if (rest->len < sizeof(shape) - 1)
		return;
	for (size_t i = 0; i < sizeof(shape) - 1; i++) {
		char c = rest->text[i];
		bool fits = shape[i] == 'A' ? c >= 'A' && c <= 'Z'
			: shape[i] == 'a'   ? c >= 'a' && c <= 'z'
			: shape[i] == '9'   ? is_digit(c) || c == ' '
			: shape[i] == '0'   ? is_digit(c)
					    : c == shape[i];
		if (!fits)
			return;
	}
	skip(rest, sizeof(shape) - 1);
}

static bool
is_tag_byte(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' ||
		c == '-' || c == '_' || c == '.';
}

/* "tag[123]: " or "tag: ". Takes nothing when there is no tag. */
static bool
take_tag(struct log_piece *rest, struct log_piece *tag, long *pid)
{
	size_t at = 0, len;
	long number = 0;

	while (at < rest->len && at < LOG_TAG_BYTES && is_tag_byte(rest->text[at]))
		at++;
	len = at;
	if (len == 0 || at >= rest->len)
		return false;
	if (rest->text[at] == '[') {
		size_t first = ++at;
		while (at < rest->len && at - first < 9 && is_digit(rest->text[at]))
			number = number * 10 + (rest->text[at++] - '0');
		if (at == first || at >= rest->len || rest->text[at++] != ']')
			return false;
	}
	if (at >= rest->len || rest->text[at++] != ':')
		return false;
	*tag = (struct log_piece){rest->text, len};
	*pid = number;
	if (at < rest->len && rest->text[at] == ' ')
		at++;
	skip(rest, at);
	return true;
}

/* "postfix/submission/smtpd" is a program of the service "postfix". */
static struct log_piece
service_of(const struct log_piece *program)
{
	const char *slash = memchr(program->text, '/', program->len);

	if (slash == NULL || slash == program->text)
		return *program;
	return (struct log_piece){program->text, (size_t)(slash - program->text)};
}

static bool
starts(const struct log_piece *rest, const char *word)
{
	size_t len;

	/* Most lines differ at once, and this is asked ten times a line. */
	if (rest->len == 0 || rest->text[0] != word[0])
		return false;
	len = strlen(word);
	return rest->len >= len && memcmp(rest->text, word, len) == 0;
}

/* The words with which Postfix, Dovecot and our own reports mark a line. */
static const struct level_word {
	const char *word;
	enum log_level level;
} level_words[] = {
	{"warning: ", LOG_LEVEL_WARNING},
	{"error: ", LOG_LEVEL_ERROR},
	{"fatal: ", LOG_LEVEL_ERROR},
	{"panic: ", LOG_LEVEL_ERROR},
	{"debug: ", LOG_LEVEL_DEBUG},
	{"Warning: ", LOG_LEVEL_WARNING},
	{"Error: ", LOG_LEVEL_ERROR},
	{"Fatal: ", LOG_LEVEL_ERROR},
	{"Panic: ", LOG_LEVEL_ERROR},
	{"Debug: ", LOG_LEVEL_DEBUG},
};

/* A word counts at the beginning and after ": ", as in "lmtp(240): Error: …". */
static enum log_level
word_level(const struct log_piece *message)
{
	struct log_piece rest = *message;
	const char *end =
		message->text + (message->len < LOG_LEVEL_WITHIN ? message->len : LOG_LEVEL_WITHIN);

	while (rest.text < end) {
		const char *colon;

		for (size_t i = 0; i < sizeof(level_words) / sizeof(level_words[0]); i++)
			if (starts(&rest, level_words[i].word))
				return level_words[i].level;
		colon = memchr(rest.text, ':', rest.len);
		if (colon == NULL || (size_t)(colon - rest.text) + 2 > rest.len || colon[1] != ' ')
			break;
		skip(&rest, (size_t)(colon - rest.text) + 2);
	}
	return LOG_LEVEL_INFO;
}

/* Postfix repeats in words what the severity says already; once is enough. */
static void
drop_repeated_level(struct log_record *record)
{
	if (record->level == LOG_LEVEL_WARNING && starts(&record->message, "warning: "))
		skip(&record->message, strlen("warning: "));
	else if (record->level == LOG_LEVEL_ERROR && starts(&record->message, "error: "))
		skip(&record->message, strlen("error: "));
}

void
log_read_syslog(struct log_record *record, const char *text, size_t len, long sender)
{
	struct log_piece rest = without_end(text, len);
	long pid = 0;

	memset(record, 0, sizeof(*record));
	record->level = severity_level(take_priority(&rest));
	drop_time(&rest);
	if (!take_tag(&rest, &record->program, &pid))
		record->program = (struct log_piece){"syslog", strlen("syslog")};
	record->service = service_of(&record->program);
	record->pid = sender > 0 ? sender : pid;
	record->message = rest;
	drop_repeated_level(record);
}

void
log_read_line(
	struct log_record *record, const char *text, size_t len, const char *service, long pid)
{
	struct log_piece rest = without_end(text, len), tag = {NULL, 0}, tried;
	long tag_pid = 0;

	memset(record, 0, sizeof(*record));
	record->service = (struct log_piece){service, strlen(service)};
	record->program = record->service;
	record->pid = pid;
	drop_time(&rest);
	tried = rest;
	/* Only a tag of its own: no service speaks in the name of another. */
	if (take_tag(&tried, &tag, &tag_pid) && starts(&tag, service) &&
		(tag.len == record->service.len || tag.text[record->service.len] == '/')) {
		record->program = tag;
		rest = tried;
		if (tag_pid > 0)
			record->pid = tag_pid;
	}
	record->message = rest;
	record->level = word_level(&record->message);
	drop_repeated_level(record);
}

void
log_read_own(struct log_record *record, const char *text, size_t len, long pid)
{
	static const char name[] = "mailinit";
	struct log_piece rest = without_end(text, len);
	const char *fields = memchr(rest.text, LOG_FIELD, rest.len);

	memset(record, 0, sizeof(*record));
	if (fields != NULL) {
		record->fields.text = fields;
		record->fields.len = rest.len - (size_t)(fields - rest.text);
		rest.len -= record->fields.len;
	}
	record->service = (struct log_piece){name, sizeof(name) - 1};
	record->program = record->service;
	record->pid = pid;
	record->level = LOG_LEVEL_INFO;
	if (rest.len >= 3 && rest.text[0] == '<' && rest.text[2] == '>' && rest.text[1] >= '0' &&
		rest.text[1] <= '0' + LOG_LEVEL_ERROR) {
		record->level = (enum log_level)(rest.text[1] - '0');
		skip(&rest, 3);
	} else {
		record->level = word_level(&rest);
	}
	record->message = rest;
}
