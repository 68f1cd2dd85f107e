/* postfix_word.c - the words of a list, as mystrtokq() of Postfix parts them */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "check/postfix.h"

bool
postfix_word_next(const char **at, struct postfix_word *word)
{
	size_t level = 0;

	*at += strspn(*at, ", \t\r\n");
	word->text = *at;
	for (; **at != '\0'; (*at)++) {
		if (**at == '{')
			level++;
		else if (**at == '}' && level > 0)
			level--;
		else if (level == 0 && strchr(", \t\r\n", **at) != NULL)
			break;
	}
	word->len = (size_t)(*at - word->text);
	return word->len > 0;
}

size_t
postfix_word_type(const struct postfix_word *word)
{
	size_t len = 0;

	while (len < word->len &&
		((word->text[len] >= 'a' && word->text[len] <= 'z') || word->text[len] == '_' ||
			(len > 0 && word->text[len] >= '0' && word->text[len] <= '9')))
		len++;
	return len < word->len && word->text[len] == ':' ? len : 0;
}

bool
postfix_word_is(const struct postfix_word *word, const char *text)
{
	return word->len == strlen(text) && strncasecmp(word->text, text, word->len) == 0;
}

size_t
postfix_word_place(const struct postfix_setting *setting, const char *word)
{
	const char *at = strstr(setting->value, word);

	return setting->value_at + (at != NULL ? (size_t)(at - setting->value) : 0);
}

const char *
postfix_word_shown(
	struct postfix_check *check, const struct postfix_setting *setting, const char *word)
{
	if (setting->secret || (check->has_secret && strstr(setting->value, word) == NULL))
		return "(not shown: it may be a secret)";
	return text_mask_controls(
		arena_printf(check->plan->arena, "%.100s%s", word, strlen(word) > 100 ? "…" : ""));
}
