/* postfix_limits.c - limits that contradict each other; levels, names and files that Postfix refuses */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "check/postfix.h"
#include "daemon/mailboxes.h"

/* number - of a parameter; 0 where it is none, or no limit */
static long long
number(struct postfix_check *check, const char *name)
{
	const char *value = postfix_value_of(check, NULL, name);

	return value[strspn(value, "0123456789")] == '\0' ? strtoll(value, NULL, 10) : 0;
}

/* check_smaller - local(8) and virtual(8) end when their limit is below that of a message */
static void
check_smaller(struct postfix_check *check, const char *name, long long message)
{
	const struct postfix_setting *setting = postfix_setting_of(check, NULL, name);
	long long limit = number(check, name);

	if (setting != NULL && limit > 0 && (message == 0 || limit < message))
		postfix_say(check, "limits-contradict", setting, setting->value_at,
			"%s is %lld, and messages may have %lld bytes (message_size_limit)", name,
			limit, message);
}

/* check_room - mailboxes of Dovecot that have less room than one message may have */
static void
check_room(struct postfix_check *check, long long message)
{
	const struct node *whole = node_at(check->plan->settings, "limits.mailbox");
	struct mailboxes mailboxes;

	if (message == 0)
		return;
	if (whole != NULL && atoll(whole->text) > 0 && atoll(whole->text) < message)
		finding_add(check->plan->findings, "limits-contradict", &whole->origin,
			"limits.mailbox is %s bytes, and one message may have %lld "
			"(limits.message)",
			whole->text, message);
	mailboxes_gather(check->plan, &mailboxes);
	for (size_t i = 0; i < mailboxes.count; i++) {
		const struct node *quota = mailboxes.items[i].quota;

		if (quota == NULL || atoll(quota->text) == 0 || atoll(quota->text) >= message)
			continue;
		finding_add(check->plan->findings, "limits-contradict", &quota->origin,
			"the quota of %s is %s bytes, and one message may have %lld "
			"(limits.message)",
			mailboxes.items[i].address, quota->text, message);
		return; /* the others are of the same kind */
	}
}

/* check_free - smtpd(8) takes no mail while less than queue_minfree is free */
static void
check_free(struct postfix_check *check, long long message)
{
	const struct postfix_setting *setting = postfix_setting_of(check, NULL, "queue_minfree");
	long long least = number(check, "queue_minfree");

	if (setting != NULL && least > 0 && least * 2 < message * 3)
		postfix_say(check, "limits-contradict", setting, setting->value_at,
			"queue_minfree is %lld: less than one and a half times message_size_limit, "
			"%lld",
			least, message);
}

/* level_of - "3.6" as 306, as postfix_version has it; -1 for what is no level */
static int
level_of(const char *text)
{
	char *end;
	long major = strtol(text, &end, 10), minor = 0;

	if (end == text || major < 0 || major > 99)
		return -1;
	if (*end == '.')
		minor = strtol(end + 1, &end, 10);
	return *end == '\0' || *end == '.' ? (int)(major * 100 + minor) : -1;
}

static void
check_level(struct postfix_check *check)
{
	const struct postfix_setting *setting =
		postfix_setting_of(check, NULL, "compatibility_level");
	int level = setting != NULL ? level_of(postfix_expand_part(check, setting)) : 0;

	if (setting == NULL) {
		postfix_say_at(check, "postfix-compatibility-level", check->main_file, 1, 1,
			"compatibility_level is not set: Postfix takes the defaults of before "
			"2015");
		return;
	}
	if (level < 0)
		return; /* of the wrong type: that is told already */
	if (level < 306)
		postfix_say(check, "postfix-compatibility-level", setting, setting->value_at,
			"compatibility_level%s gives the defaults of an old Postfix",
			postfix_shown(check, setting));
	else if (check->version != 0 && level > check->version)
		postfix_say(check, "postfix-compatibility-level", setting, setting->value_at,
			"compatibility_level%s is above this Postfix, %s, which takes it without a "
			"word",
			postfix_shown(check, setting), check->plan->target.postfix_version);
}

/* check_name - myhostname and smtp_helo_name as they are in effect, raw settings included */
static void
check_name(struct postfix_check *check, const char *parameter)
{
	const struct postfix_setting *setting = postfix_setting_of(check, NULL, parameter);
	const char *name, *why = NULL;

	if (setting == NULL)
		return;
	name = postfix_expand_part(check, setting);
	if (name[0] == '\0' || strchr(name, '{') != NULL)
		return; /* only the container knows it */
	if (strchr(name, '.') == NULL)
		why = "it has no dot";
	else if (text_starts(name, "localhost.") || text_ends(name, ".localdomain"))
		why = "every machine is called so";
	else if (name[strspn(name, "0123456789.")] == '\0')
		why = "it is an address";
	if (why != NULL)
		postfix_say(check, "hostname-invalid", setting, setting->value_at,
			"%s: \"%s\" is no full name of a server: %s", parameter, name, why);
}

/* check_maillog - postlogd(8) writes it, below maillog_file_prefixes alone (postconf(5)) */
static void
check_maillog(struct postfix_check *check)
{
	const struct postfix_setting *setting = postfix_setting_of(check, NULL, "maillog_file");
	const char *file = setting != NULL ? postfix_expand_part(check, setting) : "", *list;
	struct postfix_word word;
	bool fits = false;

	if (file[0] == '\0')
		return;
	if (!check->broken && master_cf_find(&check->master_cf, "postlog", "unix-dgram") == NULL)
		postfix_say(check, "postfix-maillog", setting, setting->value_at,
			"maillog_file%s needs the service postlog/unix-dgram, and master.cf has "
			"none",
			postfix_shown(check, setting));
	list = postfix_value_of(check, NULL, "maillog_file_prefixes");
	while (postfix_word_next(&list, &word))
		fits = fits || strncmp(file, word.text, word.len) == 0;
	if (!fits)
		postfix_say(check, "postfix-maillog", setting, setting->value_at,
			"maillog_file%s begins with none of maillog_file_prefixes",
			postfix_shown(check, setting));
}

void
postfix_check_limits(struct postfix_check *check)
{
	long long message = number(check, "message_size_limit");

	check_smaller(check, "mailbox_size_limit", message);
	check_smaller(check, "virtual_mailbox_limit", message);
	check_free(check, message);
	check_room(check, message);
	check_level(check);
	check_maillog(check);
	check_name(check, "myhostname");
	check_name(check, "smtp_helo_name");
}
