/*
 * postfix_map_form.c - words that are no table, where Postfix takes tables alone
 *
 * A list of tables is opened by whoever needs it first (maps.c, dict_open.c), and that
 * process dies of a word without a type: `postfix check` is content, mail is accepted, and
 * with smtp_dns_reply_filter = dns_sortlist none of it ever leaves.
 */
#include <string.h>

#include "base/text.h"
#include "check/postfix.h"

/* takes_tables - by their endings, which Postfix keeps to; postconf(5) */
static bool
takes_tables(struct postfix_check *check, const char *name)
{
	static const char *const endings[] = {"_maps", "_map", "_dns_reply_filter",
		"_command_filter", "_delivery_status_filter", "header_checks", "body_checks"};
	struct postfix_parameter parameter;

	if (!postfix_parameter_find(check->plan->arena, name, &parameter))
		return false;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (text_ends(name, endings[i]))
			return true;
	return false;
}

void
postfix_check_map_form(struct postfix_check *check)
{
	for (size_t i = 0; i < check->setting_count; i++) {
		const struct postfix_setting *setting = &check->settings[i];
		struct postfix_word word;
		const char *list;

		if (!takes_tables(check, setting->name))
			continue;
		list = postfix_expand_part(check, setting);
		while (postfix_word_next(&list, &word)) {
			const char *text = arena_strndup(check->plan->arena, word.text, word.len);

			/* a word in braces, and one that only the container knows */
			if (postfix_word_type(&word) != 0 || text[0] == '{')
				continue;
			postfix_say(check, "postfix-map-form", setting,
				postfix_word_place(setting, text), "%s: \"%s\" is no TYPE:TABLE",
				setting->name, postfix_word_shown(check, setting, text));
			break; /* what follows is most likely a part of the same mistake */
		}
	}
}
