/* spf_record.c - an SPF record becomes terms; one wrong term spoils all (RFC 7208 section 4.6) */
#include "dns/spf_record.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "dns/spf_macro.h"

#define VERSION "v=spf1"
#define TERMS_MAX 1000 /* a record of 64 kB could have more; nobody writes them */

static const char *const names[] = {
	[SPF_ALL] = "all",
	[SPF_INCLUDE] = "include",
	[SPF_A] = "a",
	[SPF_MX] = "mx",
	[SPF_PTR] = "ptr",
	[SPF_IP4] = "ip4",
	[SPF_IP6] = "ip6",
	[SPF_EXISTS] = "exists",
};

bool
spf_is_record(const char *text)
{
	size_t len = strlen(VERSION);

	return strncasecmp(text, VERSION, len) == 0 && (text[len] == '\0' || text[len] == ' ');
}

/* take_bits - cuts "/N" off the end of TEXT: N, -1 when none stands there, -2 when it is no length */
static int
take_bits(char *text, int most)
{
	char *slash = strrchr(text, '/');
	size_t digits = slash != NULL ? strlen(slash + 1) : 0;
	int bits;

	if (slash == NULL || digits == 0 || strspn(slash + 1, "0123456789") != digits)
		return -1;
	if (digits > 3 || (slash[1] == '0' && digits > 1))
		return -2;
	bits = (int)strtol(slash + 1, NULL, 10);
	if (bits > most)
		return -2;
	*slash = '\0';
	return bits;
}

/* take_dual - "/N", "//N" or "/N//N" behind a and mx (section 5.6); false: a length is wrong */
static bool
take_dual(char *text, struct spf_term *term)
{
	char *slash = strrchr(text, '/');

	if (slash != NULL && slash > text && slash[-1] == '/' && isdigit((unsigned char)slash[1])) {
		term->bits6 = take_bits(text, 128);
		if (term->bits6 < 0)
			return false;
		text[strlen(text) - 1] = '\0';
	}
	term->bits4 = take_bits(text, 32);
	if (term->bits4 == -1)
		term->bits4 = 32;
	return term->bits4 >= 0;
}

static const char *
read_network(char *text, struct spf_term *term)
{
	bool ip4 = term->mechanism == SPF_IP4;
	int bits = take_bits(text, ip4 ? 32 : 128);

	if (bits == -2)
		return "a network length is wrong";
	if (inet_pton(ip4 ? AF_INET : AF_INET6, text, term->address) != 1)
		return ip4 ? "that is no IPv4 address" : "that is no IPv6 address";
	if (bits >= 0)
		*(ip4 ? &term->bits4 : &term->bits6) = bits;
	return NULL;
}

/* read_argument - what stands behind the name: REST begins with ':', '/' or its end */
static const char *
read_argument(struct arena *arena, const char *rest, struct spf_term *term)
{
	char *text = arena_strdup(arena, rest[0] == ':' ? rest + 1 : rest);
	bool given = rest[0] == ':';

	switch (term->mechanism) {
	case SPF_ALL:
		return rest[0] != '\0' ? "nothing may follow all" : NULL;
	case SPF_IP4:
	case SPF_IP6:
		return given ? read_network(text, term) : "an address is missing";
	case SPF_A:
	case SPF_MX:
		if (!take_dual(text, term))
			return "a network length is wrong";
		break;
	case SPF_PTR:
		if (rest[0] == '/')
			return "ptr has no network length";
		break;
	default:
		if (!given)
			return "a name is missing";
	}
	if (!given)
		return text[0] != '\0' ? "a network length is wrong" : NULL;
	term->domain = text;
	return spf_check_domain(text);
}

static const char *
read_mechanism(struct arena *arena, const char *text, struct spf_record *record)
{
	struct spf_term *term = &record->terms[record->count];
	size_t len;

	*term = (struct spf_term){.qualifier = '+', .bits4 = 32, .bits6 = 128, .text = text};
	if (*text != '\0' && strchr("+-~?", *text) != NULL)
		term->qualifier = *text++;
	len = strcspn(text, ":/");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == len && strncasecmp(names[i], text, len) == 0) {
			term->mechanism = (enum spf_mechanism)i;
			record->count++;
			return read_argument(arena, text + len, term);
		}
	return "it is no mechanism of SPF";
}

/* modifier_length - of the name before "=", or 0 when the term is a mechanism */
static size_t
modifier_length(const char *text)
{
	size_t len = 0;

	if (!isalpha((unsigned char)text[0]))
		return 0;
	while (isalnum((unsigned char)text[len]) || (text[len] != '\0' && strchr("-_.", text[len])))
		len++;
	return text[len] == '=' ? len : 0;
}

static const char *
read_modifier(const char *text, size_t len, struct spf_record *record, bool *has_exp)
{
	const char *value = text + len + 1;
	bool redirect = len == 8 && strncasecmp(text, "redirect", len) == 0;

	if (!redirect && !(len == 3 && strncasecmp(text, "exp", len) == 0))
		return spf_check_macros(value);
	if (redirect ? record->redirect != NULL : *has_exp)
		return "it stands there twice";
	if (redirect)
		record->redirect = value;
	else
		*has_exp = true;
	return spf_check_domain(value);
}

const char *
spf_read(struct arena *arena, const char *text, struct spf_record *record)
{
	char *rest, *copy = arena_strdup(arena, text + strlen(VERSION));
	bool has_exp = false;

	memset(record, 0, sizeof(*record));
	record->terms = arena_alloc(arena, (strlen(copy) / 2 + 1) * sizeof(*record->terms));
	for (char *word = strtok_r(copy, " ", &rest); word != NULL;
		word = strtok_r(NULL, " ", &rest)) {
		size_t len = modifier_length(word);
		const char *wrong;

		if (record->count == TERMS_MAX)
			return "it has too many terms";
		wrong = len > 0 ? read_modifier(word, len, record, &has_exp)
				: read_mechanism(arena, word, record);
		if (wrong != NULL)
			return arena_printf(arena, "\"%s\": %s", word, wrong);
	}
	return NULL;
}
