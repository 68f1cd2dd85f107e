/* secrecy.c - lines that are not shown */
#include "plan/secrecy.h"

#include <string.h>
#include <strings.h>

static bool
holds(const char *line, size_t len, const char *word)
{
	size_t word_len = strlen(word);

	for (size_t at = 0; at + word_len <= len; at++)
		if (strncasecmp(line + at, word, word_len) == 0)
			return true;
	return false;
}

/* holds_login - "//user:password@host", as in a URL, whose password may be written as it is */
static bool
holds_login(const char *line, size_t len)
{
	const char *end = line + len, *at = line;

	while ((at = memmem(at, (size_t)(end - at), "//", 2)) != NULL) {
		bool colon = false;

		for (at += 2; at < end && *at != ' ' && *at != '\t'; at++) {
			colon = colon || *at == ':';
			if (*at == '@' && colon)
				return true;
		}
	}
	return false;
}

bool
secrecy_suspects(const char *line, size_t len)
{
	static const char *const words[] = {"pass", "pwd", "secret",
		"static:", "inline:", "api_key", "apikey", "token", "credential", "private key"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (holds(line, len, words[i]))
			return true;
	return holds_login(line, len);
}

bool
secrecy_has_line(const struct plan_file *file)
{
	for (size_t i = 0; i < file->line_count; i++)
		if (file->lines[i].secret)
			return true;
	return false;
}
