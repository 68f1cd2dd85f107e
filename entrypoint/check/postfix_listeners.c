/*
 * postfix_listeners.c - ports that inet services listen at
 *
 * master looks the name of a port up in /etc/services when it starts, and ends at
 * one that is not there: no mail at all is taken.
 */
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/text.h"
#include "check/postfix.h"

#define SERVICES "/etc/services"
#define SERVICES_LIMIT (1024 * 1024)

/* What services(5) of both Debian releases has, and mail or its neighbours listen at: no lmtp. */
static const char *const ports[] = {"auth", "finger", "http", "https", "imap2", "imap", "imaps",
	"pop3", "pop3s", "qmqp", "qmtp", "sieve", "smtp", "mail", "ssmtp", "smtps", "submission",
	"submissions", "urd", "whois"};

#define PORTS (sizeof(ports) / sizeof(ports[0]))

/* names - whether the line of services(5) has NAME as its name or an alias, for TCP */
static bool
names(char *line, const char *name)
{
	char *rest, *word;
	bool tcp = false, found = false;

	line[strcspn(line, "#")] = '\0';
	word = strtok_r(line, " \t", &rest);
	for (int i = 0; word != NULL; i++, word = strtok_r(NULL, " \t", &rest)) {
		if (i == 1)
			tcp = text_ends(word, "/tcp");
		else
			found = found || strcmp(word, name) == 0;
	}
	return tcp && found;
}

/* in_file - whether the machine's own list, or that of --root, has NAME */
static bool
in_file(const struct postfix_check *check, const char *name)
{
	struct buffer text = {0};
	char *rest, *line;
	bool found = false;

	/* that of the machine on which a dry run happens says nothing of the container */
	if (!check->plan->live && check->plan->root[0] == '\0')
		return false;
	if (file_read(plan_path(check->plan, SERVICES), SERVICES_LIMIT, &text, NULL) == 0 &&
		text.len > 0)
		for (line = strtok_r(text.data, "\n", &rest); line != NULL && !found;
			line = strtok_r(NULL, "\n", &rest))
			found = names(line, name);
	buffer_free(&text);
	return found;
}

static void
check_port(struct postfix_check *check, const struct master_cf_service *service)
{
	const struct postfix_setting line = {.file = check->master_file, .line = &service->line};
	const char *colon = strrchr(service->name, ':');
	const char *port = colon != NULL ? colon + 1 : service->name, *near;

	if (port[0] == '\0' || port[strspn(port, "0123456789")] == '\0')
		return;
	for (size_t i = 0; i < PORTS; i++)
		if (strcmp(ports[i], port) == 0)
			return;
	if (postfix_told_enough(check, "postfix-port-unknown") || in_file(check, port))
		return;
	near = text_nearest(port, ports, PORTS);
	postfix_say(check, "postfix-port-unknown", &line, 0, "%s/inet: no port is called %s%s%s%s",
		service->name, port, near != NULL ? "; did you mean " : "",
		near != NULL ? near : "", near != NULL ? "?" : "");
}

void
postfix_check_listeners(struct postfix_check *check)
{
	for (size_t i = 0; i < check->service_count; i++)
		if (strcmp(check->by_service[i]->type, "inet") == 0)
			check_port(check, check->by_service[i]);
}
