/*
 * postfix_maps.c - types of lookup tables that this Postfix does not have
 *
 * Debian puts LDAP, SQL, PCRE, LMDB and others into packages of their own. A
 * table of a type that is missing lets Postfix start and greet; then each
 * recipient that it would be asked for gets a 451.
 */
#include <string.h>

#include "base/text.h"
#include "check/postfix.h"

/* takes_tables - whether the words of this parameter may be "type:name" (postconf(5)) */
static bool
takes_tables(const char *name)
{
	static const char *const ends[] = {"_maps", "_map", "_checks", "_database", "_tables",
		"_domains", "_networks", "_clients", "_restrictions", "_reply_filter",
		"_status_filter", "_users", "_exceptions", "_access_list", "_clientcerts"};
	static const char *const names[] = {"mynetworks", "mydestination", "default_database_type",
		"default_cache_db_type", "smtpd_command_filter", "debug_peer_list"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (text_ends(name, ends[i]))
			return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* has_type - whether the target's list, parted by commas, names the type */
static bool
has_type(const struct postfix_check *check, const char *type)
{
	const char *list = check->plan->target.postfix_map_types;
	size_t len = strlen(type);

	while (*list != '\0') {
		size_t word = strcspn(list, ", ");

		if (word == len && strncmp(list, type, len) == 0)
			return true;
		list += word;
		list += strspn(list, ", ");
	}
	return false;
}

/* told_elsewhere - a type that came by $name of another parameter with tables is told of there */
static bool
told_elsewhere(struct postfix_check *check, const char *type)
{
	const char *start = arena_printf(check->plan->arena, "%s:", type);

	if (postfix_told_enough(check, "postfix-map-type"))
		return false;
	for (size_t i = 0; i < check->setting_count; i++)
		if (takes_tables(check->settings[i].name) &&
			strstr(check->settings[i].value, start) != NULL)
			return true;
	return false;
}

/* help_of - the package that brings the type, where Debian has one; NULL where it has none */
static const char *
help_of(struct arena *arena, const char *type)
{
	static const char *const packaged[] = {
		"cdb", "ldap", "lmdb", "mongodb", "mysql", "pcre", "pgsql", "sqlite"};

	for (size_t i = 0; i < sizeof(packaged) / sizeof(packaged[0]); i++)
		if (strcmp(type, packaged[i]) == 0)
			return arena_printf(arena,
				"Use texthash, hash, regexp or cidr; or make an image with the "
				"package postfix-%s, and give its target file to --target.",
				type);
	return NULL;
}

static void
say_type(struct postfix_check *check, const struct postfix_setting *setting, const char *type,
	const char *at)
{
	size_t offset = at != NULL ? (size_t)(at - setting->value) : 0;
	const char *help = help_of(check->plan->arena, type);
	struct finding *finding;

	if (postfix_map_type_known(type))
		finding =
			postfix_say(check, "postfix-map-type", setting, setting->value_at + offset,
				"%s: this Postfix (%s) has no lookup tables of type %s",
				setting->name, check->plan->target.name, type);
	else if (setting->secret || (at == NULL && check->has_secret))
		finding = postfix_say(check, "postfix-map-type", setting, setting->value_at,
			"%s: the value, which is a secret and not shown, has a type of lookup "
			"table that no Postfix knows",
			setting->name);
	else
		finding =
			postfix_say(check, "postfix-map-type", setting, setting->value_at + offset,
				"%s: there is no type of lookup table that is called %s",
				setting->name, type);
	if (help != NULL)
		finding->help = help;
}

/* check_type - once for a setting: further tables of the type fail for the same reason */
static void
check_type(struct postfix_check *check, const struct postfix_setting *setting, const char *type)
{
	const char *at = strstr(setting->value, type);

	if (has_type(check, type) || name_set_has(&check->types, type, strlen(type)) ||
		(at == NULL && told_elsewhere(check, type)))
		return;
	name_set_add(&check->types, check->plan->arena, type);
	say_type(check, setting, type, at);
}

/* check_word - "type:name", "!type:name", or "proxy:type:name" */
static void
check_word(struct postfix_check *check, const struct postfix_setting *setting,
	struct postfix_word word)
{
	size_t len;

	while (word.len > 0 && word.text[0] == '!') {
		word.text++;
		word.len--;
	}
	len = postfix_word_type(&word);
	if (len == 0)
		return;
	check_type(check, setting, arena_strndup(check->plan->arena, word.text, len));
	if (len == strlen("proxy") && strncmp(word.text, "proxy", len) == 0) {
		word.text += len + 1;
		word.len -= len + 1;
		check_word(check, setting, word);
	}
}

/*
 * check_restrictions - a table stands behind check_x_access; elsewhere in such a list
 * "inet:host:port" and "unix:path" are partners, and rbl names may hold anything
 */
static void
check_restrictions(
	struct postfix_check *check, const struct postfix_setting *setting, const char *list)
{
	struct postfix_word word;
	bool behind = false;

	while (postfix_word_next(&list, &word)) {
		if (behind)
			check_word(check, setting, word);
		behind = word.len > strlen("check_") + strlen("_access") &&
			strncmp(word.text, "check_", strlen("check_")) == 0 &&
			strncmp(word.text + word.len - strlen("_access"), "_access",
				strlen("_access")) == 0;
	}
}

/* check_braces - what stands behind one that nothing closes belongs to it, up to the end */
static void
check_braces(struct postfix_check *check, const struct postfix_setting *setting)
{
	long level = 0;

	for (const char *at = setting->value; *at != '\0'; at++) {
		if (*at == '{')
			level++;
		else if (*at == '}' && level > 0)
			level--;
	}
	if (level > 0)
		postfix_say(check, "postfix-value", setting, setting->value_at,
			"%s%s: a { in it is not closed", setting->name,
			postfix_shown(check, setting));
}

static void
check_setting(struct postfix_check *check, const struct postfix_setting *setting)
{
	const char *list;
	struct postfix_word word;
	bool circle;

	check->stressed = false;
	if (!takes_tables(setting->name) ||
		!postfix_expand(check, setting->service, setting->value, &list, &circle))
		return;
	check->types.count = 0;
	check_braces(check, setting);
	if (text_ends(setting->name, "_restrictions")) {
		check_restrictions(check, setting, list);
		return;
	}
	while (postfix_word_next(&list, &word)) {
		/* its value is a type alone */
		if (text_ends(setting->name, "_type"))
			check_type(check, setting,
				arena_strndup(check->plan->arena, word.text, word.len));
		else
			check_word(check, setting, word);
	}
}

void
postfix_check_maps(struct postfix_check *check)
{
	for (size_t i = 0; i < check->setting_count; i++)
		check_setting(check, &check->settings[i]);
}
