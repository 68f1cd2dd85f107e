/*
 * postfix_value.c - what Postfix's daemons would die of when they read a value
 *
 * `postfix check` and postconf look at next to no value: a wrong one stops a
 * daemon at its start, with the port open and no greeting ever sent. The rules
 * are those of mail_conf_bool.c, mail_conf_int.c, mail_conf_time.c,
 * mail_conf_str.c, conv_time.c, valid_hostname.c, compat_level.c and tls_misc.c.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/text.h"
#include "language/postfix_parameter.h"

#define SEPARATORS ", \t\r\n"
#define LABEL_MAX 63 /* RFC 1035, section 2.3.4 */
#define NAME_MAX_BYTES 255
#define LEVEL_MAJOR_MAX (LONG_MAX >> 20) /* compat_level.c keeps 10 bits each for the others */
#define LEVEL_MINOR_MAX 1023

static const char *
bool_mistake(const char *value)
{
	if (strcasecmp(value, "yes") == 0 || strcasecmp(value, "no") == 0)
		return NULL;
	return "it must be yes or no";
}

/* range_mistake - WHAT is "" or "s" */
static const char *
range_mistake(struct arena *arena, const struct postfix_parameter *parameter, long number,
	const char *what)
{
	if (parameter->has_min && number < parameter->min)
		return arena_printf(arena, "it must be at least %ld%s", parameter->min, what);
	if (parameter->has_max && number > parameter->max)
		return arena_printf(arena, "it must be at most %ld%s", parameter->max, what);
	return NULL;
}

static const char *
integer_mistake(struct arena *arena, const struct postfix_parameter *parameter, const char *value)
{
	long most = parameter->is_long ? LONG_MAX : INT_MAX, number;
	char *end;

	errno = 0;
	number = strtol(value, &end, 10);
	if (end == value || *end != '\0')
		return "it must be a whole number without a unit: 10485760, not 10M";
	if (errno == ERANGE || number > most || number < -most - 1)
		return arena_printf(arena, "it must be at most %ld", most);
	return range_mistake(arena, parameter, number, "");
}

/* seconds_of - in a unit of time; 0 when it is none */
static int
seconds_of(char unit)
{
	switch (unit) {
	case 's':
		return 1;
	case 'm':
		return 60;
	case 'h':
		return 60 * 60;
	case 'd':
		return 24 * 60 * 60;
	case 'w':
		return 7 * 24 * 60 * 60;
	default:
		return 0;
	}
}

/* time_mistake - of what follows the number Postfix reads the first letter alone: "5days" is 5d */
static const char *
time_mistake(struct arena *arena, const struct postfix_parameter *parameter, const char *value)
{
	char *end;
	long number;
	int unit;

	errno = 0;
	number = strtol(value, &end, 10);
	if (end == value)
		return "it must be a number and one of s, m, h, d, w: 30s, 5m, 2h, 1d";
	unit = seconds_of(*end != '\0' ? *end : parameter->unit);
	if (unit == 0)
		return arena_printf(arena,
			"\"%s\" is no unit of time; it must be one of s, m, h, d, w: 30s, 5m, 2h, "
			"1d",
			end);
	if (number < 0)
		return "a time must not be negative";
	if (errno == ERANGE || number >= INT_MAX / unit)
		return "it is longer than Postfix can count, 68 years in seconds";
	return range_mistake(arena, parameter, number * unit, "s");
}

/* choice_matches - whether WORD, as a table spells it, is VALUE for VERSION */
static bool
choice_matches(const char *word, size_t len, const char *value, size_t value_len,
	const struct postfix_parameter *parameter)
{
	const char *at;

	if (*word == '-') {
		word++;
		len--;
	}
	at = memchr(word, '@', len);
	if (at != NULL) {
		if (parameter->version != 0 && parameter->version < strtol(at + 1, NULL, 10))
			return false;
		len = (size_t)(at - word);
	}
	if (len != value_len)
		return false;
	return (parameter->exact ? strncmp : strncasecmp)(word, value, len) == 0;
}

static bool
choice_is_known(const struct postfix_parameter *parameter, const char *value, size_t value_len)
{
	const char *word = parameter->choices;

	while (*word != '\0') {
		size_t len = strcspn(word, " ");

		if (choice_matches(word, len, value, value_len, parameter))
			return true;
		word += len + strspn(word + len, " ");
	}
	return false;
}

const char *
postfix_parameter_choices(struct arena *arena, const struct postfix_parameter *parameter)
{
	const char *word = parameter->choices, *last = NULL, *list;
	struct buffer text = {0};
	int last_len = 0;

	while (*word != '\0') {
		size_t len = strcspn(word, " "), name = strcspn(word, " @");

		if (*word != '-' && choice_matches(word, len, word, name, parameter)) {
			if (last != NULL)
				buffer_printf(
					&text, "%s%.*s", text.len > 0 ? ", " : "", last_len, last);
			last = word;
			last_len = (int)name;
		}
		word += len + strspn(word + len, " ");
	}
	list = arena_printf(arena, "%s%s%.*s", buffer_text(&text), text.len > 0 ? " or " : "",
		last_len, last != NULL ? last : "");
	buffer_free(&text);
	return list;
}

static const char *
choices_mistake(struct arena *arena, const struct postfix_parameter *parameter, const char *value)
{
	for (value += strspn(value, SEPARATORS); *value != '\0';
		value += strspn(value, SEPARATORS)) {
		size_t len = strcspn(value, SEPARATORS);

		if (!choice_is_known(parameter, value, len))
			return arena_printf(arena, "\"%.*s\" is none of %s", (int)len, value,
				postfix_parameter_choices(arena, parameter));
		value += len;
	}
	return NULL;
}

static const char *
hostname_mistake(const char *value)
{
	bool has_letter = false;
	const char *label = value;

	if (strlen(value) > NAME_MAX_BYTES)
		return "a host name has at most 255 characters";
	for (const char *at = value;; at++) {
		unsigned char c = (unsigned char)*at;

		if (c == '.' || c == '\0') {
			if (at == label || label[0] == '-' || at[-1] == '-')
				return "each part of a host name begins and ends with a letter or "
				       "a digit";
			if (at - label > LABEL_MAX)
				return "a part of a host name has at most 63 characters";
			if (c == '\0')
				break;
			label = at + 1;
		} else if (c >= 0x80 || (!isalnum(c) && c != '_' && c != '-')) {
			return strpbrk(value, SEPARATORS) != NULL
				? "it must be one host name, not several"
				: "a host name has letters, digits, \"-\" and \".\" alone";
		}
		has_letter |= c != '.' && !isdigit(c);
	}
	return has_letter ? NULL : "a host name is not made of digits alone";
}

/* level_mistake - strictly MAJOR[.MINOR[.PATCH]], and each of them in its range */
static const char *
level_mistake(const char *value)
{
	static const char mistake[] = "it must be a version of Postfix: 3.6, or 3.10";
	const char *at = value;

	for (int part = 0; part < 3; part++) {
		char *end;
		long number;

		if (!isdigit((unsigned char)*at))
			return mistake;
		errno = 0;
		number = strtol(at, &end, 10);
		if (errno == ERANGE || number > (part == 0 ? LEVEL_MAJOR_MAX : LEVEL_MINOR_MAX))
			return mistake;
		if (*end == '\0')
			return NULL;
		if (*end != '.')
			return mistake;
		at = end + 1;
	}
	return mistake;
}

/* nexthop_mistake - brackets that do not pair, and what a template left behind */
static const char *
nexthop_mistake(struct arena *arena, const char *word, size_t len)
{
	const char *end = word[0] == '[' ? memchr(word, ']', len) : NULL;

	if (memchr(word, '{', len) != NULL || memchr(word, '}', len) != NULL)
		return arena_printf(
			arena, "\"%.*s\" is no host; a template left its braces", (int)len, word);
	if (word[0] == '[' && (end == NULL || (end + 1 < word + len && end[1] != ':')))
		return arena_printf(arena,
			"\"%.*s\" must be [host] or [host]:port, with the bracket closed", (int)len,
			word);
	if (word[0] != '[' && (memchr(word, '[', len) != NULL || memchr(word, ']', len) != NULL))
		return arena_printf(
			arena, "\"%.*s\" must have its bracket in front: [host]", (int)len, word);
	if (word[len - 1] == ':')
		return arena_printf(arena, "\"%.*s\" has no port behind its colon", (int)len, word);
	return NULL;
}

/* nexthops_mistake - relayhost takes several destinations since Postfix 3.5 */
static const char *
nexthops_mistake(struct arena *arena, const char *value)
{
	for (value += strspn(value, SEPARATORS); *value != '\0';
		value += strspn(value, SEPARATORS)) {
		size_t len = strcspn(value, SEPARATORS);
		const char *mistake = nexthop_mistake(arena, value, len);

		if (mistake != NULL)
			return mistake;
		value += len;
	}
	return NULL;
}

/* protocol_is_known - one word: >=TLSv1.2, <=TLSv1.3, >=0303, !SSLv3, TLSv1.2 */
static bool
protocol_is_known(const char *word, size_t len)
{
	static const struct postfix_parameter plain = {
		.choices = "TLSv1.3 TLSv1.2 TLSv1.1 TLSv1 SSLv3 SSLv2"};
	static const struct postfix_parameter limit = {
		.choices = "TLSv1.3 TLSv1.2 TLSv1.1 TLSv1 SSLv3 None"};
	bool is_limit = len > 2 && (word[0] == '>' || word[0] == '<') && word[1] == '=';
	size_t skip = is_limit ? 2 : word[0] == '!';

	if (choice_is_known(is_limit ? &limit : &plain, word + skip, len - skip))
		return true;
	return is_limit && strspn(word + skip, "0123456789abcdefABCDEFxX") >= len - skip;
}

static const char *
protocols_mistake(struct arena *arena, const char *value)
{
	static const char separators[] = SEPARATORS ":"; /* as tls_misc.c parts them */

	for (value += strspn(value, separators); *value != '\0';
		value += strspn(value, separators)) {
		size_t len = strcspn(value, separators);

		if (!protocol_is_known(value, len))
			return arena_printf(arena,
				"\"%.*s\" names no protocol; write >=TLSv1.2, or !SSLv3, !TLSv1",
				(int)len, value);
		value += len;
	}
	return NULL;
}

/* is_interface - "eth0", "br-lan": names of the kernel's that no host has */
static bool
is_interface(const char *word, size_t len)
{
	static const char *const kinds[] = {"bond", "br", "docker", "en", "enp", "ens", "eno",
		"eth", "lo", "tap", "tun", "veth", "wg", "wlan", "wlp"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t kind = strlen(kinds[i]);

		if (len < kind || strncmp(word, kinds[i], kind) != 0)
			continue;
		if ((len == kind && strcmp(kinds[i], "lo") == 0) ||
			(len > kind && strspn(word + kind, "0123456789") == len - kind))
			return true;
	}
	return false;
}

static const char *
interfaces_mistake(struct arena *arena, const char *value)
{
	while (*(value += strspn(value, SEPARATORS)) != '\0') {
		size_t len = strcspn(value, SEPARATORS);

		if (is_interface(value, len))
			return arena_printf(arena,
				"%.*s is the name of an interface: write its address, all, or "
				"loopback-only",
				(int)len, value);
		value += len;
	}
	return NULL;
}

static const char *
form_mistake(struct arena *arena, const struct postfix_parameter *parameter, const char *value)
{
	switch (parameter->form) {
	case POSTFIX_HOSTNAME:
		/* What a client greets with may be an address: [192.0.2.1]. */
		return value[0] == '[' && text_ends(parameter->name, "_name")
			? NULL
			: hostname_mistake(value);
	case POSTFIX_LEVEL:
		return level_mistake(value);
	case POSTFIX_SINGLE:
		return strpbrk(value, SEPARATORS) != NULL ? "it must be one name, not several"
							  : NULL;
	case POSTFIX_NEXTHOPS:
		return nexthops_mistake(arena, value);
	case POSTFIX_INTERFACES:
		return interfaces_mistake(arena, value);
	case POSTFIX_USER:
		return strcmp(value, "root") == 0 ? "it must not be root" : NULL;
	case POSTFIX_PATH:
		return value[0] != '/' ? "it must begin with a slash" : NULL;
	case POSTFIX_PROTOCOLS:
		return protocols_mistake(arena, value);
	case POSTFIX_ANY:
		break;
	}
	return NULL;
}

static const char *
text_mistake(struct arena *arena, const struct postfix_parameter *parameter, const char *value)
{
	long len = (long)strlen(value);

	/* virtual_mailbox_base is empty by default, and only virtual(8) refuses that */
	if (len == 0)
		return parameter->has_min && (parameter->varies || parameter->fallback[0] != '\0')
			? "it must not be empty"
			: NULL;
	if (parameter->has_min && len < parameter->min)
		return arena_printf(arena, "it must have at least %ld characters", parameter->min);
	if (parameter->has_max && len > parameter->max)
		return arena_printf(arena, "it must have at most %ld character%s", parameter->max,
			parameter->max == 1 ? "" : "s");
	if (parameter->type == POSTFIX_CHOICE && !choice_is_known(parameter, value, (size_t)len))
		return arena_printf(
			arena, "it must be %s", postfix_parameter_choices(arena, parameter));
	if (parameter->type == POSTFIX_CHOICES)
		return choices_mistake(arena, parameter, value);
	return form_mistake(arena, parameter, value);
}

const char *
postfix_value_mistake(
	struct arena *arena, const struct postfix_parameter *parameter, const char *value)
{
	switch (parameter->type) {
	case POSTFIX_BOOL:
		return bool_mistake(value);
	case POSTFIX_INTEGER:
		return integer_mistake(arena, parameter, value);
	case POSTFIX_TIME:
		return time_mistake(arena, parameter, value);
	case POSTFIX_TEXT:
	case POSTFIX_RAW:
	case POSTFIX_CHOICE:
	case POSTFIX_CHOICES:
		break;
	}
	return text_mistake(arena, parameter, value);
}
