/*
 * postfix_restrictions.c - words in lists of restrictions that smtpd does not know
 *
 * `postfix check` reads none of these lists. smtpd finds out when a client has come
 * as far as the word, and answers 451 4.3.5 to each command from there on.
 */
#include <string.h>

#include "base/text.h"
#include "check/postfix.h"
#include "language/restriction.h"

/* One list: a parameter of smtpd, or the definition of a class. */
struct list {
	struct postfix_check *check;
	const struct postfix_setting *setting;
	const char *at; /* behind the word that is looked at */
};

#define say(list, word, ...) \
	postfix_say((list)->check, "postfix-restrictions", (list)->setting, \
		postfix_word_place((list)->setting, word), __VA_ARGS__)

static void
say_unknown(struct list *list, const char *word)
{
	struct postfix_check *check = list->check;
	const char *shown = postfix_word_shown(check, list->setting, word), *near = NULL;

	if (!postfix_told_enough(check, "postfix-restrictions"))
		near = restriction_nearest(check->plan->arena, word, check->version);
	if (near != NULL)
		say(list, word, "%s: there is no restriction %s; did you mean %s?",
			list->setting->name, shown, near);
	else
		say(list, word,
			"%s: %s is neither a restriction of Postfix, nor a class of "
			"smtpd_restriction_classes, nor a table TYPE:NAME",
			list->setting->name, shown);
}

static void
say_removed(struct list *list, const char *word, const struct restriction *restriction)
{
	struct finding *finding = say(list, word,
		"%s: Postfix %s has no restriction %s any more; the last one that had it was "
		"%d.%d",
		list->setting->name, list->check->plan->target.postfix_version, word,
		restriction->until / 100, restriction->until % 100);

	finding->help = arena_printf(list->check->plan->arena, "Use %s.", restriction->instead);
}

static bool
is_known(struct list *list, const char *word)
{
	struct restriction restriction;

	return restriction_find(list->check->plan->arena, word, &restriction) ||
		postfix_is_class(list->check, list->setting->service, word);
}

/* next_argument - the word behind a restriction, if it can be its argument */
static bool
next_argument(struct list *list, enum restriction_argument kind)
{
	const char *before = list->at;
	struct postfix_word word;
	bool right = false;

	if (!postfix_word_next(&list->at, &word))
		return false;
	switch (kind) {
	case RESTRICTION_TABLE:
		right = word.text[0] == '{' || postfix_word_type(&word) != 0;
		break;
	case RESTRICTION_PARTNER:
		right = word.text[0] == '{' || memchr(word.text, ':', word.len) != NULL;
		break;
	case RESTRICTION_NUMBER:
		right = strspn(word.text, "0123456789") == word.len;
		break;
	case RESTRICTION_ALONE:
	case RESTRICTION_DOMAIN:
		right = true;
	}
	/* a restriction in its place is one; what is none was meant as the argument */
	if (!right && is_known(list, arena_strndup(list->check->plan->arena, word.text, word.len)))
		list->at = before;
	return right;
}

static void
check_argument(struct list *list, const char *word, enum restriction_argument kind)
{
	const char *wanted = kind == RESTRICTION_TABLE ? "a table TYPE:NAME"
		: kind == RESTRICTION_PARTNER          ? "a server, inet:HOST:PORT or unix:PATH"
		: kind == RESTRICTION_NUMBER           ? "a number of seconds"
						       : "a domain";

	if (!next_argument(list, kind))
		say(list, word, "%s: %s needs %s behind it", list->setting->name, word, wanted);
}

static void
check_word(struct list *list, const struct postfix_word *item)
{
	struct postfix_check *check = list->check;
	const char *word = arena_strndup(check->plan->arena, item->text, item->len);
	struct restriction restriction;

	/* a table stands for check_x_access and itself; { inet:… } is a server with options */
	if (postfix_word_type(item) != 0 || item->text[0] == '{')
		return;
	if (restriction_find(check->plan->arena, word, &restriction)) {
		if (restriction.until != 0 && check->version > restriction.until)
			say_removed(list, word, &restriction);
		if (restriction.argument != RESTRICTION_ALONE)
			check_argument(list, word, restriction.argument);
	} else if (!postfix_is_class(check, list->setting->service, word)) {
		say_unknown(list, word);
	}
}

static void
check_list(struct postfix_check *check, const struct postfix_setting *setting)
{
	struct list list = {check, setting, postfix_expand_part(check, setting)};
	struct postfix_word word;

	while (postfix_word_next(&list.at, &word))
		check_word(&list, &word);
}

/* holds_restrictions - smtpd_client_restrictions and its like, and the classes */
static bool
holds_restrictions(struct postfix_check *check, const struct postfix_setting *setting)
{
	struct postfix_parameter parameter;

	if (text_starts(setting->name, "smtpd_") && text_ends(setting->name, "_restrictions"))
		return postfix_parameter_find(check->plan->arena, setting->name, &parameter);
	return postfix_is_class(check, setting->service, setting->name);
}

void
postfix_check_restrictions(struct postfix_check *check)
{
	for (size_t i = 0; i < check->setting_count; i++)
		if (holds_restrictions(check, &check->settings[i]))
			check_list(check, &check->settings[i]);
}
