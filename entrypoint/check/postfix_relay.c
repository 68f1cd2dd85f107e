/*
 * postfix_relay.c - whether an smtpd takes mail to anywhere from strangers
 *
 * What smtpd_relay_restrictions or smtpd_recipient_restrictions refuses is refused.
 * Postfix itself only looks whether one of the two has a word that refuses: then it
 * starts, even where a stranger's mail never gets as far as that word.
 */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "check/postfix.h"
#include "language/restriction.h"

#define CLASS_DEPTH 20 /* classes within classes; one that lists itself ends there */

enum verdict {
	VERDICT_NONE, /* the list ends, and nothing has decided */
	VERDICT_REFUSED,
	VERDICT_ACCEPTED,
};

/* One list of an smtpd, followed for mail of a stranger to elsewhere. */
struct walk {
	struct postfix_check *check;
	const struct master_cf_service *service;
	bool required; /* it has what Postfix asks for (smtpd_check.c, has_required) */
	bool unknown; /* a part of it is known only in the container */
	unsigned depth;
};

/* static_verdict - static:RESULT has one answer for everybody (access(5)) */
static enum verdict
static_verdict(struct walk *walk, const struct postfix_word *word)
{
	char *result = arena_strndup(walk->check->plan->arena, word->text, word->len);

	if (!text_starts(result, "static:"))
		return VERDICT_NONE;
	result += strlen("static:");
	result += strspn(result, "{ \t");
	if (strncasecmp(result, "reject", 6) == 0 || strncasecmp(result, "defer", 5) == 0 ||
		(strlen(result) > 3 && (result[0] == '4' || result[0] == '5') &&
			strspn(result, "0123456789") == 3))
		return VERDICT_REFUSED;
	if (strncasecmp(result, "ok", 2) == 0 || strcasecmp(result, "permit") == 0 ||
		(result[0] != '\0' && result[strspn(result, "0123456789")] == '\0'))
		return VERDICT_ACCEPTED;
	return VERDICT_NONE;
}

static enum verdict walk_list(struct walk *walk, const char *list);

/* walk_class - the definition of a class, if NAME is one */
static enum verdict
walk_class(struct walk *walk, const char *name)
{
	enum verdict verdict;

	if (walk->depth == CLASS_DEPTH || !postfix_is_class(walk->check, walk->service, name))
		return VERDICT_NONE;
	walk->depth++;
	verdict = walk_list(walk, postfix_value_of(walk->check, walk->service, name));
	walk->depth--;
	return verdict;
}

/* walk_word - what the word at *LIST, and its argument, do with a stranger */
static enum verdict
walk_word(struct walk *walk, const struct postfix_word *word, const char **list)
{
	char *name = arena_strndup(walk->check->plan->arena, word->text, word->len);
	struct restriction restriction;
	struct postfix_word argument;

	/* a table alone: check_x_access stands before it in thought */
	if (postfix_word_type(word) != 0)
		return static_verdict(walk, word);
	if (!restriction_find(walk->check->plan->arena, name, &restriction))
		return walk_class(walk, name);
	if (restriction.argument != RESTRICTION_ALONE) {
		if (!postfix_word_next(list, &argument) ||
			restriction.argument != RESTRICTION_TABLE)
			return VERDICT_NONE;
		return static_verdict(walk, &argument);
	}
	if (restriction.verdict == RESTRICTION_REFUSES)
		walk->required = true;
	return restriction.verdict == RESTRICTION_REFUSES    ? VERDICT_REFUSED
		: restriction.verdict == RESTRICTION_ACCEPTS ? VERDICT_ACCEPTED
							     : VERDICT_NONE;
}

static enum verdict
walk_list(struct walk *walk, const char *list)
{
	enum verdict verdict = VERDICT_NONE, next;
	struct postfix_word word;

	while (postfix_word_next(&list, &word)) {
		bool warned = postfix_word_is(&word, "warn_if_reject");
		bool required = walk->required;

		if (warned && !postfix_word_next(&list, &word))
			break;
		if (postfix_word_is(&word, "permit"))
			return verdict != VERDICT_NONE ? verdict : VERDICT_ACCEPTED;
		next = walk_word(walk, &word, &list);
		if (warned) {
			walk->required = required;
			if (next == VERDICT_REFUSED)
				next = VERDICT_NONE;
		}
		/* what follows is asked no more, but Postfix looks there too for what it requires */
		if (verdict == VERDICT_NONE)
			verdict = next;
	}
	return verdict;
}

/* walk_parameter - the list of parameter NAME for the smtpd */
static enum verdict
walk_parameter(struct walk *walk, const char *name)
{
	const char *list, *reference = arena_printf(walk->check->plan->arena, "${%s}", name);
	bool circle;

	if (!postfix_expand(walk->check, walk->service, reference, &list, &circle)) {
		walk->unknown = true;
		return VERDICT_NONE;
	}
	return walk_list(walk, list);
}

static void
say_relay(struct postfix_check *check, const struct postfix_setting *place,
	const struct master_cf_service *service, bool required)
{
	struct finding *finding;
	size_t at = place->name != NULL ? place->value_at : 0;
	const char *which = place->name != NULL
		? arena_printf(check->plan->arena, "%s%s", place->name, postfix_shown(check, place))
		: "its restrictions";

	if (required) {
		postfix_say(check, "open-relay", place, at,
			"%s/%s: %s refuses no stranger, and neither does "
			"smtpd_recipient_restrictions",
			service->name, service->type, which);
		return;
	}
	finding = postfix_say(check, "postfix-restrictions", place, at,
		"%s/%s: %s refuses nobody: Postfix asks for a reject, reject_unauth_destination, "
		"defer, defer_if_permit or defer_unauth_destination that counts, here or in "
		"smtpd_recipient_restrictions",
		service->name, service->type, which);
	finding->effect = "smtpd dies whenever it is started: clients connect, and no greeting "
			  "ever comes.";
	finding->help = "End the list with reject_unauth_destination, or with reject where only "
			"your own clients send.";
}

static void
check_smtpd(struct postfix_check *check, const struct master_cf_service *service, bool *told)
{
	struct walk walk = {.check = check, .service = service};
	const struct postfix_setting line = {.file = check->master_file, .line = &service->line};
	const struct postfix_setting *place =
		postfix_setting_of(check, service, "smtpd_relay_restrictions");
	enum verdict relay = walk_parameter(&walk, "smtpd_relay_restrictions");
	enum verdict recipient = walk_parameter(&walk, "smtpd_recipient_restrictions");

	if (walk.unknown || relay == VERDICT_REFUSED || recipient == VERDICT_REFUSED)
		return;
	if (place == NULL || place->service == NULL) {
		const struct postfix_setting *other =
			postfix_setting_of(check, service, "smtpd_recipient_restrictions");

		if (other != NULL && other->service != NULL)
			place = other;
	}
	/* a list of main.cf is told of once, and not for each smtpd */
	if (place != NULL && place->service == NULL) {
		if (*told)
			return;
		*told = true;
	}
	say_relay(check, place != NULL ? place : &line, service, walk.required);
}

void
postfix_check_relay(struct postfix_check *check)
{
	bool told = false;

	check->stressed = false;
	for (size_t i = 0; i < check->master_cf.count; i++) {
		const struct master_cf_service *service = &check->master_cf.services[i];

		if (!service->overridden && strcmp(service->command, "smtpd") == 0)
			check_smtpd(check, service, &told);
	}
}
