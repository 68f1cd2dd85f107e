/*
 * postfix_domains.c - a domain that is in two classes of addresses
 *
 * Postfix takes the first class that has it (resolve.c, in the order below) and warns
 * "do not list domain X in BOTH" with each mail. Users of the other class are unknown.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "check/postfix.h"

/* ADDRESS_CLASS_README, in the order in which trivial-rewrite asks */
static const char *const classes[] = {
	"mydestination", "virtual_alias_domains", "virtual_mailbox_domains", "relay_domains"};

#define CLASSES (sizeof(classes) / sizeof(classes[0]))

struct domain {
	const char *name;
	size_t class;
	const struct postfix_setting *setting;
};

struct domains {
	struct domain *items;
	size_t count, room;
};

static void
add_domain(struct arena *arena, struct domains *domains, struct domain domain)
{
	if (domains->count == domains->room) {
		size_t room = domains->room != 0 ? domains->room * 2 : 32;

		domains->items = arena_grow(arena, domains->items,
			domains->count * sizeof(*domains->items), room * sizeof(*domains->items));
		domains->room = room;
	}
	domains->items[domains->count++] = domain;
}

/* add_class - the domains that stand in a list themselves: what tables hold is not known */
static void
add_class(struct postfix_check *check, struct domains *domains, size_t class)
{
	const struct postfix_setting *setting = postfix_setting_of(check, NULL, classes[class]);
	struct postfix_word word;
	const char *list;

	if (setting == NULL)
		return;
	list = postfix_expand_part(check, setting);
	while (postfix_word_next(&list, &word)) {
		const char *name = arena_strndup(check->plan->arena, word.text, word.len);

		/* a list that takes something out of another one is not followed */
		if (name[0] == '!')
			return;
		if (strpbrk(name, ":/[{") == NULL && strchr(name, '.') != NULL)
			add_domain(check->plan->arena, domains,
				(struct domain){
					text_lower(check->plan->arena, name), class, setting});
	}
}

static int
compare(const void *a, const void *b)
{
	const struct domain *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : (x->class > y->class) - (x->class < y->class);
}

void
postfix_check_domains(struct postfix_check *check)
{
	struct domains domains = {0};

	for (size_t class = 0; class < CLASSES; class ++)
		add_class(check, &domains, class);
	if (domains.count > 0)
		qsort(domains.items, domains.count, sizeof(*domains.items), compare);
	for (size_t i = 1; i < domains.count; i++) {
		const struct domain *first = &domains.items[i - 1], *second = &domains.items[i];
		const struct postfix_setting *setting = second->setting;

		if (strcmp(first->name, second->name) != 0 || first->class == second->class)
			continue;
		postfix_say(check, "postfix-domain-twice", setting,
			postfix_word_place(setting, second->name),
			"%s: %s is in %s too, which alone counts for it", setting->name,
			postfix_word_shown(check, setting, second->name), classes[first->class]);
	}
}
