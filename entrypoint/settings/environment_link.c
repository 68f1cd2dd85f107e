/*
 * environment_link.c - variables that nobody wrote
 *
 * A Kubernetes service called "mail" or "postfix" puts MAIL_SERVICE_HOST,
 * MAIL_PORT=tcp://10.0.0.1:25 and a dozen more into every pod beside it, Docker
 * does so for links, with MAIL_NAME=/web/mail and MAIL_ENV_ variables as well. They share our prefixes and mean nothing to us.
 */
#include "settings/environment.h"

#include <string.h>

#include "base/text.h"
#include "settings/schema.h"

static bool
is_url(const char *value)
{
	return text_starts(value, "tcp://") || text_starts(value, "udp://") ||
		text_starts(value, "sctp://");
}

/* is_numbered_port - ..._PORT_25_TCP, perhaps with _ADDR, _PORT or _PROTO behind it */
static bool
is_numbered_port(const char *name)
{
	static const char *const protocols[] = {"_TCP", "_UDP", "_SCTP"};

	for (const char *at = strstr(name, "_PORT_"); at != NULL; at = strstr(at + 1, "_PORT_")) {
		const char *digits = at + strlen("_PORT_");
		size_t count = strspn(digits, "0123456789");

		for (size_t i = 0; count > 0 && i < sizeof(protocols) / sizeof(protocols[0]); i++) {
			const char *rest = digits + count;

			if (!text_starts(rest, protocols[i]))
				continue;
			rest += strlen(protocols[i]);
			if (rest[0] == '\0' || strcmp(rest, "_ADDR") == 0 ||
				strcmp(rest, "_PORT") == 0 || strcmp(rest, "_PROTO") == 0)
				return true;
		}
	}
	return false;
}

static bool
is_service_port(const char *name)
{
	const char *at = strstr(name, "_SERVICE_PORT");

	return at != NULL && (at[13] == '\0' || at[13] == '_');
}

/* is_link_name - X_NAME=/web/mail, and X_ENV_VERSION, a variable of the other container */
static bool
is_link_name(const char *name, const char *value)
{
	const char *second = value[0] == '/' ? strchr(value + 1, '/') : NULL;
	const char *end = strstr(name, "_ENV_");

	if (end == NULL && text_ends(name, "_NAME") && second != NULL && second > value + 1 &&
		second[1] != '\0' && strchr(second + 1, '/') == NULL)
		end = name + strlen(name) - strlen("_NAME");
	/* the name of the link itself has large letters alone; a parameter has none */
	return end != NULL &&
		strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") >= (size_t)(end - name);
}

bool
environment_is_link(const char *name, const char *value)
{
	if (schema_find_variable(name) != NULL)
		return false;
	if (text_ends(name, "_SERVICE_HOST") || is_service_port(name) || is_numbered_port(name) ||
		is_link_name(name, value))
		return true;
	return text_ends(name, "_PORT") && is_url(value);
}
