/*
 * postfix_milters.c - filters that Postfix cannot reach
 *
 * A milter that does not answer is treated as milter_default_action says: with
 * "tempfail" no mail is taken, with "accept" none is signed.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "check/postfix.h"
#include "language/opendkim_file.h"

/* milter_of - "inet:host:port" of "{ inet:host:port, default_action=accept }" */
static const char *
milter_of(struct arena *arena, const struct postfix_word *word)
{
	char *text = arena_strndup(arena, word->text, word->len);

	if (text[0] != '{')
		return text;
	text += strspn(text, "{ \t");
	text[strcspn(text, ", \t}")] = '\0';
	return text;
}

/* form_mistake - milter8.c, milter_macro; inet_connect.c. NULL when it can be connected to */
static const char *
form_mistake(const char *milter)
{
	const char *colon = strchr(milter, ':'), *port;
	size_t type = colon != NULL ? (size_t)(colon - milter) : 0;

	if (colon == NULL || colon[1] == '\0')
		return "a milter is inet:HOST:PORT or unix:PATH";
	if ((type == 4 && strncmp(milter, "unix", type) == 0) ||
		(type == 5 && strncmp(milter, "local", type) == 0))
		return NULL;
	if (type != 4 || strncmp(milter, "inet", type) != 0)
		return "it is of no type of milter: these are inet:HOST:PORT and unix:PATH";
	/* [::1]:8891 */
	port = colon[1] == '[' ? strchr(colon, ']') : colon + 1;
	port = port != NULL ? strchr(port, ':') : NULL;
	if (port == NULL)
		return "it has no port: inet:HOST:PORT";
	return port[1] == '\0' ? "nothing stands behind the colon of its port" : NULL;
}

static void
check_form(struct postfix_check *check, const struct postfix_setting *setting)
{
	const char *list = postfix_expand_part(check, setting);
	struct postfix_word word;

	while (postfix_word_next(&list, &word)) {
		const char *milter = milter_of(check->plan->arena, &word);
		const char *mistake = form_mistake(milter);

		if (mistake != NULL && !text_starts(milter, "deferred:"))
			postfix_say(check, "postfix-milter", setting,
				postfix_word_place(setting, milter), "%s: %s: %s", setting->name,
				postfix_word_shown(check, setting, milter), mistake);
	}
}

/* path_meets - a path of Postfix's begins at its queue directory, in a chroot also with a slash */
static bool
path_meets(struct arena *arena, const char *socket, const char *path)
{
	while (text_starts(path, "./"))
		path += 2;
	return strcmp(socket, path) == 0 ||
		strcmp(socket,
			arena_printf(arena, "%s%s%s", PLAN_QUEUE_DIRECTORY,
				path[0] == '/' ? "" : "/", path)) == 0;
}

/* meets - whether MILTER of main.cf is where a Socket of opendkim.conf(5) listens */
static bool
meets(struct arena *arena, const char *socket, const char *milter)
{
	const char *path = strchr(socket, ':'), *port;
	bool inet = text_starts(socket, "inet");
	size_t digits;

	if (text_starts(milter, "inet:") != inet)
		return false;
	if (!inet)
		return path_meets(arena, path != NULL ? path + 1 : socket, strchr(milter, ':') + 1);
	/* inet:PORT@HOST or inet6:PORT; of a host one name may stand for another */
	path++;
	digits = strcspn(path, "@");
	port = strrchr(milter, ':') + 1;
	return strlen(port) == digits && strncmp(port, path, digits) == 0;
}

/* met - whether any milter of the value does */
static bool
met(struct postfix_check *check, const char *list, const char *socket)
{
	struct postfix_word word;

	while (postfix_word_next(&list, &word)) {
		const char *milter = milter_of(check->plan->arena, &word);

		/* what only the container knows may be it */
		if (text_starts(milter, "deferred:") || strchr(milter, ':') == NULL ||
			meets(check->plan->arena, socket, milter))
			return true;
	}
	return false;
}

static void
say_socket(struct postfix_check *check, const struct plan_file *file, int line, const char *text)
{
	postfix_say_at(check, "opendkim-socket", file, line, 1, "%s", text);
}

/* check_opendkim - our own signer, where it runs beside Postfix */
static void
check_opendkim(struct postfix_check *check)
{
	const struct plan_file *file = plan_find_file(check->plan, "opendkim/opendkim.conf");
	const struct postfix_setting *milters = postfix_setting_of(check, NULL, "smtpd_milters");
	struct arena *arena = check->plan->arena;
	struct opendkim_signing signing;
	struct faults faults;

	if (file == NULL)
		return;
	faults_init(&faults, arena);
	opendkim_file_check(&faults, buffer_text(&file->content), file->content.len, &signing);
	if (signing.socket.line == 0 || signing.includes)
		return;
	if (milters == NULL ||
		!met(check, postfix_expand_part(check, milters), signing.socket.value))
		say_socket(check, file, signing.socket.line,
			arena_printf(arena,
				"OpenDKIM listens at %s, and no milter of smtpd_milters in "
				"main.cf is there",
				signing.socket.value));
	else if (!text_starts(signing.socket.value, "inet") && signing.umask.line != 0 &&
		(strtol(signing.umask.value, NULL, 8) & 020) != 0)
		say_socket(check, file, signing.umask.line,
			"UMask takes the group's right to write from the socket, and Postfix, "
			"which "
			"is in that group, cannot connect");
}

void
postfix_check_milters(struct postfix_check *check)
{
	for (size_t i = 0; i < check->setting_count; i++)
		if (strcmp(check->settings[i].name, "smtpd_milters") == 0 ||
			strcmp(check->settings[i].name, "non_smtpd_milters") == 0)
			check_form(check, &check->settings[i]);
	check_opendkim(check);
}
