/*
 * postfix_commands.c - what pipe(8) and spawn(8) are told in master.cf
 *
 * Both end at once when they lack a user or a command, may be root, or meet a word
 * that they do not know (get_service_attr in pipe.c and spawn.c).
 */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "check/postfix.h"

#define PIPE_FLAGS "BDFORXhqu.>"

#define say(check, service, ...) \
	postfix_say(check, "postfix-command", \
		&(const struct postfix_setting){ \
			.file = (check)->master_file, .line = &(service)->line}, \
		(service)->command_at, __VA_ARGS__)

/* first_attribute - behind the options, which every daemon of Postfix has */
static size_t
first_attribute(const struct master_cf_service *service)
{
	size_t i = 0;

	while (i < service->argument_count && service->arguments[i][0] == '-')
		i += strcmp(service->arguments[i], "-o") == 0 ? 2 : 1;
	return i;
}

static void
check_flags(struct postfix_check *check, const struct master_cf_service *service, const char *flags)
{
	size_t known = strspn(flags, PIPE_FLAGS);

	if (flags[known] != '\0')
		say(check, service,
			"%s/%s: flags=%s: pipe has no flag \"%c\"; they are DRXhqu, and B F O . > "
			"for what becomes of the text",
			service->name, service->type, flags, flags[known]);
}

static void
check_user(struct postfix_check *check, const struct master_cf_service *service, const char *user)
{
	size_t len = strcspn(user, ":");

	if ((len == 4 && strncmp(user, "root", len) == 0) || (len == 1 && user[0] == '0'))
		say(check, service, "%s/%s: user=%s: %s runs nothing as root", service->name,
			service->type, user, service->command);
	else if (len == 0)
		say(check, service, "%s/%s: user= names nobody", service->name, service->type);
}

/* is_attribute - whether the word is "NAME=…" of those that the program knows */
static bool
is_attribute(const char *word, bool pipe)
{
	static const char *const names[] = {
		"user=", "flags=", "chroot=", "directory=", "eol=", "null_sender=", "size="};

	for (size_t i = 0; i < (pipe ? sizeof(names) / sizeof(names[0]) : 1); i++)
		if (strncasecmp(word, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static void
check_command(struct postfix_check *check, const struct master_cf_service *service)
{
	bool pipe = strcmp(service->command, "pipe") == 0, user = false;
	size_t i = first_attribute(service);

	for (; i < service->argument_count; i++) {
		const char *word = service->arguments[i];

		if (strncasecmp(word, "argv=", 5) == 0)
			break;
		if (!is_attribute(word, pipe)) {
			say(check, service,
				"%s/%s: %s knows no \"%.60s\" before its argv=", service->name,
				service->type, service->command, word);
			return;
		}
		if (strncasecmp(word, "user=", 5) == 0) {
			user = true;
			check_user(check, service, word + 5);
		} else if (strncasecmp(word, "flags=", 6) == 0) {
			check_flags(check, service, word + 6);
		}
	}
	if (!user)
		say(check, service, "%s/%s: %s has no user=", service->name, service->type,
			service->command);
	if (i >= service->argument_count)
		say(check, service, "%s/%s: %s has no argv=", service->name, service->type,
			service->command);
}

void
postfix_check_commands(struct postfix_check *check)
{
	for (size_t i = 0; i < check->service_count; i++)
		if (strcmp(check->by_service[i]->command, "pipe") == 0 ||
			strcmp(check->by_service[i]->command, "spawn") == 0)
			check_command(check, check->by_service[i]);
}
