/* dovecot_path.c - where a mailbox lies, in the words of either Dovecot */
#include "daemon/dovecot.h"

#include <string.h>

#include "base/node.h"
#include "base/text.h"

#define DEFAULT_PATH "/var/mail/%{user | domain}/%{user | username}"

/*
 * The variables that a path can need: of 2.3, and of 2.4 without its blanks. All but
 * the first tell users apart.
 */
static const struct {
	const char *old, *current, *written;
} variables[] = {
	{"%d", "%{user|domain}", "%{user | domain}"},
	{"%n", "%{user|username}", "%{user | username}"},
	{"%u", "%{user}", "%{user}"},
};

#define VARIABLES (sizeof(variables) / sizeof(variables[0]))

bool
dovecot_is_2_3(const struct plan *plan)
{
	return text_starts(plan->target.dovecot_version, "2.3.");
}

/* starts_with_variable - how long the 2.4 variable at TEXT is, blanks in it not counted; or 0 */
static size_t
starts_with_variable(const char *text, const char *variable)
{
	const char *at = text;

	for (; *variable != '\0'; variable++, at++) {
		while (*at == ' ' && at > text + 1)
			at++;
		if (*at != *variable)
			return 0;
	}
	return (size_t)(at - text);
}

/* translate - one variable at *TEXT into OUT, moving on; false when it is none that is known */
static bool
translate(const char **text, bool to_2_3, struct buffer *out)
{
	for (size_t i = 0; i < VARIABLES; i++) {
		size_t len = starts_with_variable(*text, variables[i].current);

		if (len == 0 && text_starts(*text, variables[i].old))
			len = strlen(variables[i].old);
		if (len == 0)
			continue;
		buffer_puts(out, to_2_3 ? variables[i].old : variables[i].written);
		*text += len;
		return true;
	}
	return false;
}

static const char *
refuse(struct plan *plan, const char *path, const char *why)
{
	const struct node *setting = node_at(plan->settings, "mailboxes.path");

	finding_add(plan->findings, "mailbox-path", setting != NULL ? &setting->origin : NULL,
		"mailboxes.path \"%s\" %s", path, why);
	return path;
}

const char *
dovecot_mail_path(struct plan *plan)
{
	const char *path = node_text(plan->settings, "mailboxes.path", DEFAULT_PATH);
	bool to_2_3 = dovecot_is_2_3(plan);
	struct buffer out = {0};
	const char *result;

	if (path[0] != '/')
		return refuse(plan, path, "is not absolute");
	/* in dovecot.conf "#" begins a comment, and ":" ends the path of mail_location */
	if (strpbrk(path, "#\"\\$:\n") != NULL)
		return refuse(plan, path, "holds one of # \" \\ $ :");
	for (const char *at = path; *at != '\0';) {
		if (*at != '%') {
			buffer_putc(&out, *at++);
			continue;
		}
		if (!translate(&at, to_2_3, &out)) {
			buffer_free(&out);
			return refuse(plan, path,
				"holds a variable other than %{user}, %{user | username} and "
				"%{user | domain}");
		}
	}
	result = arena_strndup(plan->arena, buffer_text(&out), out.len);
	buffer_free(&out);
	for (size_t i = 1; i < VARIABLES; i++)
		if (strstr(result, to_2_3 ? variables[i].old : variables[i].written) != NULL)
			return result;
	return refuse(plan, path, "is the same for all users: it holds no %{user | username}");
}
