/* spf_macro.c - "%{d2}" and its like, checked and replaced */
#include "dns/spf_macro.h"

#include <ctype.h>
#include <string.h>

#include "base/buffer.h"
#include "dns/spf_record.h"

#define LETTERS "slodiphv" /* c, r and t belong into explanations alone */
#define DELIMITERS ".-+,/_="
#define NAME_BYTES 253 /* RFC 7208 section 7.3 */
#define PARTS_MAX 256 /* of a name or an address; more are passed over */

/* One "%{…}". */
struct macro {
	char letter; /* lower case */
	bool escape; /* it was upper case */
	bool reverse;
	unsigned digits; /* how many parts of the right; 0: all */
	const char *delimiters;
	size_t delimiter_count;
};

/* read_macro - AT stands behind "%{"; returns what is behind "}", or NULL */
static const char *
read_macro(const char *at, struct macro *macro)
{
	*macro = (struct macro){.letter = (char)tolower((unsigned char)*at)};
	if (*at == '\0' || strchr(LETTERS, macro->letter) == NULL)
		return NULL;
	macro->escape = isupper((unsigned char)*at++);
	if (isdigit((unsigned char)*at)) {
		for (; isdigit((unsigned char)*at); at++)
			if (macro->digits < PARTS_MAX) /* that many is all, already */
				macro->digits = macro->digits * 10 + (unsigned)(*at - '0');
		if (macro->digits == 0)
			return NULL;
	}
	if (*at == 'r' || *at == 'R') {
		macro->reverse = true;
		at++;
	}
	macro->delimiters = at;
	macro->delimiter_count = strspn(at, DELIMITERS);
	at += macro->delimiter_count;
	return *at == '}' ? at + 1 : NULL;
}

/* next - the token at AT: sets *MACRO for "%{…}"; returns what is behind it, or NULL when wrong */
static const char *
next(const char *at, struct macro *macro, bool *is_macro)
{
	*is_macro = false;
	if (*at != '%')
		return *at > ' ' && *at <= '~' ? at + 1 : NULL;
	if (at[1] == '%' || at[1] == '_' || at[1] == '-')
		return at + 2;
	if (at[1] != '{')
		return NULL;
	*is_macro = true;
	return read_macro(at + 2, macro);
}

/* is_top_label - LEN bytes: letters, digits and hyphens, not digits alone, no hyphen at an end */
static bool
is_top_label(const char *text, size_t len)
{
	bool other = false;

	for (size_t i = 0; i < len; i++) {
		if (!isalnum((unsigned char)text[i]) && text[i] != '-')
			return false;
		other = other || !isdigit((unsigned char)text[i]);
	}
	return len > 0 && other && text[0] != '-' && text[len - 1] != '-';
}

/* check - all of TEXT; BEHIND gets where the last "%" token ends, TEXT when there is none */
static const char *
check(const char *text, const char **behind)
{
	struct macro macro;
	bool is_macro;

	*behind = text;
	for (const char *at = text; *at != '\0';) {
		const char *to = next(at, &macro, &is_macro);

		if (to == NULL)
			return *at == '%' ? "a macro is wrong"
					  : "a character does not belong there";
		if (*at == '%')
			*behind = to;
		at = to;
	}
	return NULL;
}

const char *
spf_check_macros(const char *text)
{
	const char *behind;

	return check(text, &behind);
}

const char *
spf_check_domain(const char *text)
{
	const char *behind, *wrong = check(text, &behind), *dot = NULL;
	size_t len = strlen(text);

	if (wrong != NULL)
		return wrong;
	if (len == 0)
		return "a name is missing";
	if (*behind == '\0' && behind > text)
		return NULL;
	if (text[len - 1] == '.')
		len--;
	for (const char *at = behind; at < text + len; at++)
		if (*at == '.')
			dot = at;
	if (dot == NULL || !is_top_label(dot + 1, (size_t)(text + len - dot - 1)))
		return "it does not end like a full name";
	return NULL;
}

static const char *
value_of(struct arena *arena, const struct spf_macros *macros, char letter)
{
	switch (letter) {
	case 's':
		return arena_printf(arena, "%s@%s", macros->local, macros->sender_domain);
	case 'l':
		return macros->local;
	case 'o':
		return macros->sender_domain;
	case 'd':
		return macros->domain;
	case 'i':
		return macros->address;
	case 'p':
		return macros->validated(macros->context);
	case 'h':
		return macros->helo;
	default:
		return macros->ipv6 ? "ip6" : "in-addr";
	}
}

/* put - BYTES, or their form in a URL */
static void
put(const char *bytes, size_t len, bool escape, struct buffer *out)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (!escape || isalnum(c) || (c != '\0' && strchr("-._~", c) != NULL))
			buffer_putc(out, (char)c);
		else
			buffer_printf(out, "%%%02X", c);
	}
}

/* put_macro - VALUE is cut at the delimiters, turned round, and its right parts are kept */
static void
put_macro(struct arena *arena, const struct spf_macros *macros, const struct macro *macro,
	struct buffer *out)
{
	const char *value = value_of(arena, macros, macro->letter);
	struct {
		const char *text;
		size_t len;
	} parts[PARTS_MAX];
	const char *given = macro->delimiter_count > 0
		? arena_strndup(arena, macro->delimiters, macro->delimiter_count)
		: ".";
	size_t count = 0, first = 0;

	for (;;) {
		size_t len = strcspn(value, given);

		parts[count].text = value;
		parts[count++].len = len;
		if (value[len] == '\0' || count == PARTS_MAX)
			break;
		value += len + 1;
	}
	if (macro->digits != 0 && macro->digits < count)
		first = count - macro->digits;
	for (size_t i = first; i < count; i++) {
		/* turned round, the right parts are those of the value's beginning */
		size_t at = macro->reverse ? count - 1 - i : i;

		if (i > first)
			buffer_putc(out, '.');
		put(parts[at].text, parts[at].len, macro->escape, out);
	}
}

const char *
spf_expand(struct arena *arena, const char *spec, const struct spf_macros *macros)
{
	struct buffer out = {0};
	struct macro macro;
	const char *result;
	bool is_macro;

	for (const char *at = spec; *at != '\0';) {
		const char *to = next(at, &macro, &is_macro);

		if (to == NULL)
			break; /* spf_read lets none through */
		if (is_macro)
			put_macro(arena, macros, &macro, &out);
		else if (*at != '%')
			buffer_putc(&out, *at);
		else
			buffer_puts(&out, at[1] == '%' ? "%" : at[1] == '_' ? " " : "%20");
		at = to;
	}
	result = buffer_text(&out);
	if (out.len > 0 && result[out.len - 1] == '.')
		out.data[--out.len] = '\0';
	/* labels of the left are taken off until it fits */
	while (strlen(result) > NAME_BYTES && strchr(result, '.') != NULL)
		result = strchr(result, '.') + 1;
	result = arena_strdup(arena, result);
	buffer_free(&out);
	return result;
}
