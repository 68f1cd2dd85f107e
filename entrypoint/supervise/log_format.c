/*
 * log_format.c - a record as one line
 *
 * This is the inner loop of the logger: runs of plain bytes are copied whole,
 * and nothing here allocates or makes a system call.
 */
#include "supervise/log_format.h"

#include <stdbool.h>
#include <string.h>

#include "supervise/clock.h"

static const char hex[] = "0123456789abcdef";

const char *
log_level_name(enum log_level level)
{
	static const char *const names[] = {"debug", "info", "warning", "error"};

	return level <= LOG_LEVEL_ERROR ? names[level] : names[LOG_LEVEL_ERROR];
}

static char *
put(char *out, const char *text, size_t len)
{
	memcpy(out, text, len);
	return out + len;
}

static char *
put_text(char *out, const char *text)
{
	return put(out, text, strlen(text));
}

static char *
put_number(char *out, unsigned long number)
{
	char digits[20];
	size_t len = 0;

	do
		digits[sizeof(digits) - ++len] = (char)('0' + number % 10);
	while ((number /= 10) != 0);
	return put(out, digits + sizeof(digits) - len, len);
}

/* Plain: printable ASCII that neither format has to escape. */
static bool
is_plain(unsigned char c, bool json)
{
	return c >= 0x20 && c < 0x7f && !(json && (c == '"' || c == '\\'));
}

/* Length of the well-formed UTF-8 character at TEXT (RFC 3629 section 4), or 0. */
static size_t
utf8_length(const unsigned char *text, size_t len)
{
	unsigned char lead = text[0], low = 0x80, high = 0xbf;
	size_t need;

	if (lead >= 0xc2 && lead <= 0xdf)
		need = 2;
	else if (lead >= 0xe0 && lead <= 0xef)
		need = 3;
	else if (lead >= 0xf0 && lead <= 0xf4)
		need = 4;
	else
		return 0;
	if (need > len)
		return 0;
	if (lead == 0xe0)
		low = 0xa0; /* shorter forms exist */
	else if (lead == 0xed)
		high = 0x9f; /* surrogates */
	else if (lead == 0xf0)
		low = 0x90;
	else if (lead == 0xf4)
		high = 0x8f; /* above U+10FFFF */
	if (text[1] < low || text[1] > high)
		return 0;
	for (size_t i = 2; i < need; i++)
		if (text[i] < 0x80 || text[i] > 0xbf)
			return 0;
	return need;
}

/* C1 controls, U+2028 and U+2029: some readers take them for a line break. */
static bool
breaks_lines(const unsigned char *text, size_t len)
{
	if (len == 2)
		return text[0] == 0xc2 && text[1] < 0xa0;
	return len == 3 && text[0] == 0xe2 && text[1] == 0x80 &&
		(text[2] == 0xa8 || text[2] == 0xa9);
}

static char *
put_escape(char *out, unsigned char c, bool json)
{
	const char *name = c == '\n' ? "n" : c == '\r' ? "r" : c == '\t' ? "t" : NULL;

	*out++ = '\\';
	if (json && (c == '"' || c == '\\')) {
		*out++ = (char)c;
		return out;
	}
	if (name != NULL) {
		*out++ = *name;
		return out;
	}
	/* JSON knows \u only, of a character; a stray byte is shown as the text "\xNN". */
	if (json)
		out = put_text(out, c < 0x80 ? "u00" : "\\x");
	else
		*out++ = 'x';
	*out++ = hex[c >> 4];
	*out++ = hex[c & 15];
	return out;
}

/*
 * Whether none of the eight bytes has to be escaped. Each test sets the high bit
 * of a byte that fails, and perhaps that of bytes above it: never of none.
 */
static bool
eight_are_plain(uint64_t bytes, bool json)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	uint64_t quote = bytes ^ ones * '"', slash = bytes ^ ones * '\\';
	uint64_t fails = bytes | (bytes - ones * 0x20) | (bytes + ones);

	if (json)
		fails |= ((quote - ones) & ~quote) | ((slash - ones) & ~slash);
	return (fails & high) == 0;
}

/* Copies plain bytes, most of any message, and leaves both pointers behind them. */
static char *
put_plain(char *out, const unsigned char **text, const unsigned char *end, bool json)
{
	const unsigned char *at = *text;
	uint64_t bytes;

	while (end - at >= (ptrdiff_t)sizeof(bytes)) {
		memcpy(&bytes, at, sizeof(bytes));
		if (!eight_are_plain(bytes, json))
			break;
		memcpy(out, &bytes, sizeof(bytes));
		at += sizeof(bytes);
		out += sizeof(bytes);
	}
	while (at < end && is_plain(*at, json))
		*out++ = (char)*at++;
	*text = at;
	return out;
}

static char *
put_escaped(char *out, const char *text, size_t len, bool json)
{
	const unsigned char *at = (const unsigned char *)text, *end = at + len;

	for (;;) {
		size_t wide;

		out = put_plain(out, &at, end, json);
		if (at == end)
			break;
		wide = utf8_length(at, (size_t)(end - at));
		if (wide > 0 && !breaks_lines(at, wide)) {
			out = put(out, (const char *)at, wide);
			at += wide;
		} else {
			out = put_escape(out, *at++, json);
		}
	}
	return out;
}

static bool
is_local_part_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		(unsigned char)c >= 0x80 ||
		(c != '\0' && strchr(".!#$%&'*+/?^_`{|}~-\"", c) != NULL);
}

/*
 * A quoted local part (RFC 5321 section 4.1.2, Quoted-string) may hold blanks and
 * @ of its own. Returns where the first one begins that begins before *AT, and
 * sets *AT to the @ behind it; or NULL. A quote in the middle of a word opens
 * none. Each search ends at the next quote, so the whole is linear.
 */
static const char *
quoted_part(const char *text, const char *end, const char **at)
{
	for (const char *open = text; open < *at; open++) {
		const char *close = open + 1;

		if (*open != '"' || (open > text && is_local_part_byte(open[-1])))
			continue;
		while (close < end && *close != '"')
			close += *close == '\\' && end - close > 1 ? 2 : 1;
		if (end - close >= 2 && close[1] == '@') {
			*at = close + 1;
			return open;
		}
	}
	return NULL;
}

/* Where the local part that ends at AT (the place of the @) begins. */
static const char *
local_part(const char *text, const char *at)
{
	static const char id[] = "message-id=<";
	const char *begin = at, *angle = at;

	while (begin > text && is_local_part_byte(begin[-1]))
		begin--;
	/* Some log "<john doe@x>" without quotes. */
	while (angle > text && angle[-1] != '<' && angle[-1] != '>')
		angle--;
	if (angle > text && angle[-1] == '<' && *angle != ' ')
		begin = angle;
	if ((size_t)(begin - text) >= sizeof(id) - 1 &&
		memcmp(begin - (sizeof(id) - 1), id, sizeof(id) - 1) == 0)
		return at; /* an id is nobody's address, and is what people search for */
	return begin;
}

static char *
put_message(char *out, const struct log_piece *message, bool json, enum log_mask mask)
{
	const char *text = message->text, *end = message->text + message->len, *at;

	while (mask == LOG_MASK_ADDRESSES && text < end &&
		(at = memchr(text, '@', (size_t)(end - text))) != NULL) {
		const char *begin = quoted_part(text, end, &at);

		if (begin == NULL)
			begin = local_part(text, at);
		out = put_escaped(out, text, (size_t)(begin - text), json);
		if (begin < at)
			*out++ = '*';
		*out++ = '@';
		text = at + 1;
	}
	return put_escaped(out, text, (size_t)(end - text), json);
}

static char *
put_cut(char *out, size_t cut)
{
	if (cut == 0)
		return out;
	out = put_text(out, " [cut: ");
	out = put_number(out, cut);
	return put_text(out, " more bytes]");
}

/* A thousand lines and more have the same millisecond: its text is made once. */
static char *
put_time(char *out, int64_t wall_ms)
{
	static char text[CLOCK_TEXT_BYTES];
	static int64_t written_ms;

	if (wall_ms != written_ms || text[0] == '\0')
		clock_text(wall_ms, text);
	written_ms = wall_ms;
	return put_text(out, text);
}

static char *
write_text(char *out, const struct log_record *record, enum log_mask mask, int64_t wall_ms)
{
	out = put_time(out, wall_ms);
	*out++ = ' ';
	out = put_escaped(out, record->program.text, record->program.len, false);
	if (record->pid > 0) {
		*out++ = '[';
		out = put_number(out, (unsigned long)record->pid);
		*out++ = ']';
	}
	*out++ = ' ';
	out = put_text(out, log_level_name(record->level));
	out = put(out, ": ", 2);
	out = put_message(out, &record->message, false, mask);
	return put_cut(out, record->cut);
}

/* The name and the value of a field are escaped like everything else: any bytes are some field. */
static char *
put_field(char *out, const char *text, size_t len, enum log_mask mask)
{
	const char *equals = memchr(text, '=', len);
	struct log_piece value = {"", 0};

	if (equals == NULL)
		return out;
	value = (struct log_piece){equals + 1, len - (size_t)(equals + 1 - text)};
	out = put_text(out, ",\"");
	out = put_escaped(out, text, (size_t)(equals - text), true);
	out = put_text(out, "\":\"");
	out = put_message(out, &value, true, mask);
	return put_text(out, "\"");
}

static char *
put_fields(char *out, const struct log_piece *fields, enum log_mask mask)
{
	const char *text = fields->text, *end = text + fields->len, *next;

	for (; text < end; text = next) {
		text++; /* the LOG_FIELD in front */
		next = memchr(text, LOG_FIELD, (size_t)(end - text));
		if (next == NULL)
			next = end;
		out = put_field(out, text, (size_t)(next - text), mask);
	}
	return out;
}

static char *
write_json(char *out, const struct log_record *record, enum log_mask mask, int64_t wall_ms)
{
	out = put_text(out, "{\"time\":\"");
	out = put_time(out, wall_ms);
	out = put_text(out, "\",\"service\":\"");
	out = put_escaped(out, record->service.text, record->service.len, true);
	out = put_text(out, "\",\"program\":\"");
	out = put_escaped(out, record->program.text, record->program.len, true);
	out = put_text(out, "\",\"pid\":");
	if (record->pid > 0)
		out = put_number(out, (unsigned long)record->pid);
	else
		out = put_text(out, "null");
	out = put_text(out, ",\"level\":\"");
	out = put_text(out, log_level_name(record->level));
	out = put_text(out, "\",\"message\":\"");
	out = put_message(out, &record->message, true, mask);
	out = put_cut(out, record->cut);
	out = put_text(out, "\"");
	out = put_fields(out, &record->fields, mask);
	return put_text(out, "}");
}

size_t
log_write_record(char *out, const struct log_record *record, enum log_format format,
	enum log_mask mask, int64_t wall_ms)
{
	char *end = format == LOG_FORMAT_JSON ? write_json(out, record, mask, wall_ms)
					      : write_text(out, record, mask, wall_ms);

	*end++ = '\n';
	return (size_t)(end - out);
}
