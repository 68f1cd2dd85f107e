/* escape.c - how a value is written in each kind of file */
#include "template/escape.h"

#include <stdbool.h>
#include <string.h>

#define ESCAPE_PASSWD_EXTRA 7 /* so many colons stand before the extra fields */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* at_line_start - nothing but blanks stands before, on the line in work */
static bool
at_line_start(const struct buffer *out)
{
	size_t at = out->len;

	while (at > 0 && is_blank(out->data[at - 1]))
		at--;
	return at == 0 || out->data[at - 1] == '\n';
}

static bool
has_control(const char *text)
{
	for (; *text != '\0'; text++)
		if (((unsigned char)*text < 0x20 && *text != '\t') || *text == 0x7f)
			return true;
	return false;
}

static bool
has_blank(const char *text)
{
	return strpbrk(text, " \t") != NULL;
}

static bool
has_blank_at_end(const char *text)
{
	return text[0] != '\0' && (is_blank(text[0]) || is_blank(text[strlen(text) - 1]));
}

static enum escape_result
refuse(enum escape_result result, const char **why, const char *because)
{
	*why = because;
	return result;
}

static enum escape_result
refuse_control(const char **why)
{
	return refuse(ESCAPE_CONTROL, why,
		"holds a line break or another control character, which would end the line");
}

/* put_doubled - the text, with each byte of WHICH doubled */
static void
put_doubled(struct buffer *out, const char *text, char which)
{
	for (; *text != '\0'; text++) {
		if (*text == which)
			buffer_putc(out, which);
		buffer_putc(out, *text);
	}
}

/* braces_balance - every "{" has its "}", and none closes what the value did not open */
static bool
braces_balance(const char *text)
{
	size_t open = 0;

	for (; *text != '\0'; text++) {
		if (*text == '}' && open == 0)
			return false;
		if (*text == '{')
			open++;
		else if (*text == '}')
			open--;
	}
	return open == 0;
}

enum escape_result
escape_none(struct buffer *out, const char *text, const char **why)
{
	(void)why;
	buffer_puts(out, text);
	return ESCAPE_DONE;
}

enum escape_result
escape_html(struct buffer *out, const char *text, const char **why)
{
	(void)why;
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '&':
			buffer_puts(out, "&amp;");
			break;
		case '<':
			buffer_puts(out, "&lt;");
			break;
		case '>':
			buffer_puts(out, "&gt;");
			break;
		case '"':
			buffer_puts(out, "&quot;");
			break;
		case '\'':
			buffer_puts(out, "&#39;");
			break;
		default:
			buffer_putc(out, *text);
			break;
		}
	}
	return ESCAPE_DONE;
}

enum escape_result
escape_line(struct buffer *out, const char *text, const char **why)
{
	if (has_control(text))
		return refuse_control(why);
	if (at_line_start(out) && is_blank(text[0]))
		return refuse(ESCAPE_UNSAFE, why,
			"begins with a blank, which would continue the line before");
	buffer_puts(out, text);
	return ESCAPE_DONE;
}

/* put_postfix - what main.cf and master.cf have in common */
static enum escape_result
put_postfix(struct buffer *out, const char *text, const char **why)
{
	if (text[0] == '#' && at_line_start(out))
		return refuse(
			ESCAPE_UNSAFE, why, "begins with \"#\", which makes a comment of the line");
	put_doubled(out, text, '$');
	return ESCAPE_DONE;
}

enum escape_result
escape_maincf(struct buffer *out, const char *text, const char **why)
{
	if (has_control(text))
		return refuse_control(why);
	if (has_blank_at_end(text))
		return refuse(ESCAPE_UNSAFE, why,
			"begins or ends with a blank, which Postfix would strip");
	return put_postfix(out, text, why);
}

enum escape_result
escape_mastercf(struct buffer *out, const char *text, const char **why)
{
	if (has_control(text))
		return refuse_control(why);
	if (has_blank(text))
		return refuse(
			ESCAPE_UNSAFE, why, "holds a blank, which ends the field in master.cf");
	if (text[0] == '{' || !braces_balance(text))
		return refuse(ESCAPE_UNSAFE, why,
			"begins with a brace or has one without its partner; braces group words in "
			"master.cf");
	return put_postfix(out, text, why);
}

enum escape_result
escape_dovecot(struct buffer *out, const char *text, const char **why)
{
	if (has_control(text))
		return refuse_control(why);
	if (strchr(text, '%') != NULL)
		return refuse(ESCAPE_UNSAFE, why,
			"holds \"%\", which some settings of Dovecot expand and others do not");
	for (; *text != '\0'; text++) {
		if (*text == '\\' || *text == '"')
			buffer_putc(out, '\\');
		buffer_putc(out, *text);
	}
	return ESCAPE_DONE;
}

enum escape_result
escape_opendkim(struct buffer *out, const char *text, const char **why)
{
	if (has_control(text))
		return refuse_control(why);
	if (strchr(text, '#') != NULL)
		return refuse(ESCAPE_UNSAFE, why,
			"holds \"#\", where OpenDKIM ends the line; it has no quoting");
	if (has_blank_at_end(text))
		return refuse(ESCAPE_UNSAFE, why,
			"begins or ends with a blank, which OpenDKIM would strip");
	buffer_puts(out, text);
	return ESCAPE_DONE;
}

/* colons_on_line - which field of the line in work comes next */
static size_t
colons_on_line(const struct buffer *out)
{
	size_t count = 0;

	for (size_t at = out->len; at > 0 && out->data[at - 1] != '\n'; at--)
		count += out->data[at - 1] == ':';
	return count;
}

enum escape_result
escape_passwd(struct buffer *out, const char *text, const char **why)
{
	size_t field = colons_on_line(out);

	if (has_control(text))
		return refuse_control(why);
	if (strchr(text, ':') != NULL)
		return refuse(
			ESCAPE_UNSAFE, why, "holds \":\", which ends the field in a passwd-file");
	if (field == 0 && has_blank(text))
		return refuse(ESCAPE_UNSAFE, why,
			"holds a blank, which no user name in a passwd-file has");
	if (at_line_start(out) && (text[0] == '#' || text[0] == '\0'))
		return refuse(ESCAPE_UNSAFE, why,
			"is empty or begins with \"#\", so that Dovecot would skip the line");
	if (field >= ESCAPE_PASSWD_EXTRA && (has_blank(text) || strchr(text, '%') != NULL))
		return refuse(ESCAPE_UNSAFE, why,
			"holds a blank or \"%\", which begin another field or a variable among the "
			"extra fields of a passwd-file");
	buffer_puts(out, text);
	return ESCAPE_DONE;
}

enum escape_result
escape_table(struct buffer *out, const char *text, const char **why)
{
	if (has_control(text))
		return refuse_control(why);
	if (at_line_start(out) && has_blank(text))
		return refuse(
			ESCAPE_UNSAFE, why, "holds a blank, which ends the key in a lookup table");
	if (at_line_start(out) && (text[0] == '\0' || text[0] == '#' || text[0] == '"'))
		return refuse(ESCAPE_UNSAFE, why,
			"is empty or begins with \"#\" or a quote, which is no key of a lookup "
			"table");
	if (has_blank_at_end(text))
		return refuse(ESCAPE_UNSAFE, why,
			"begins or ends with a blank, which Postfix would strip");
	buffer_puts(out, text);
	return ESCAPE_DONE;
}

struct named {
	const char *name;
	escape_function *escape;
};

static const struct named by_name[] = {
	{"none", escape_none},
	{"html", escape_html},
	{"line", escape_line},
	{"main.cf", escape_maincf},
	{"master.cf", escape_mastercf},
	{"dovecot", escape_dovecot},
	{"opendkim", escape_opendkim},
	{"passwd", escape_passwd},
	{"table", escape_table},
};

static const struct named by_file[] = {
	{"main.cf", escape_maincf},
	{"master.cf", escape_mastercf},
	{"dovecot.conf", escape_dovecot},
	{"opendkim.conf", escape_opendkim},
	{"KeyTable", escape_opendkim},
	{"SigningTable", escape_opendkim},
	{"TrustedHosts", escape_opendkim},
};

/* find - the function whose name is the first LEN bytes of NAME, or NULL */
static escape_function *
find(const struct named *table, size_t count, const char *name, size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(table[i].name) == len && memcmp(table[i].name, name, len) == 0)
			return table[i].escape;
	return NULL;
}

escape_function *
escape_by_name(const char *name)
{
	return find(by_name, sizeof(by_name) / sizeof(by_name[0]), name, strlen(name));
}

escape_function *
escape_by_file(const char *file)
{
	static const char suffix[] = ".mustache";
	const char *slash = strrchr(file, '/'), *name = slash != NULL ? slash + 1 : file;
	size_t len = strlen(name), suffix_len = sizeof(suffix) - 1;
	escape_function *escape;

	if (len > suffix_len && strcmp(name + len - suffix_len, suffix) == 0)
		len -= suffix_len;
	escape = find(by_file, sizeof(by_file) / sizeof(by_file[0]), name, len);
	return escape != NULL ? escape : escape_line;
}
