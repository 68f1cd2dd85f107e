/* dollar.c - what is said of a $ in a value, which may stand in a password */
#include "settings/dollar.h"

#include <string.h>

#include "base/excerpt.h"
#include "base/text.h"
#include "settings/compat_table.h"
#include "settings/environment.h"

/* holds_login - user:password@host, with // before it or without */
static bool
holds_login(const char *text)
{
	const char *colon = strchr(text, ':');

	return colon != NULL && strchr(colon, '@') != NULL;
}

static bool
is_open_setting(const char *path)
{
	const struct schema_row *row = schema_find(path);

	return row != NULL && (row->flags & SCHEMA_SECRET) == 0;
}

/* is_open_compat - another image's variable that becomes a setting which is no secret */
static bool
is_open_compat(struct arena *arena, const char *name)
{
	struct compat_row row;

	if (!compat_row_find(arena, name, &row))
		return false;
	if (row.act == COMPAT_SET || row.act == COMPAT_WORD)
		return is_open_setting(arena_strndup(arena, row.target, strcspn(row.target, " ")));
	return row.act == COMPAT_OWN && strcmp(name, "SMTPD_SASL_USERS") != 0;
}

/* is_open - whether what SHOWN holds is known to be no secret */
static bool
is_open(struct arena *arena, const char *shown)
{
	static const char *const raw[] = {"POSTFIX_", "POSTFIXMASTER_", "DOVECOT_", "OPENDKIM_"};
	const struct schema_row *row = schema_find_variable(shown);

	if (row != NULL)
		return (row->flags & SCHEMA_SECRET) == 0;
	if (excerpt_may_hold_secret(shown, strlen(shown)))
		return false;
	for (size_t i = 0; i < sizeof(raw) / sizeof(raw[0]); i++)
		if (text_starts(shown, raw[i]))
			return true;
	/* keys of a compose file; a whole entry of `environment`, and a file's content, are any text */
	if (strcspn(shown, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(shown))
		return strcmp(shown, "environment") != 0 && strcmp(shown, "content") != 0;
	return is_open_compat(arena, shown);
}

/* is_reference - whether TEXT is ${WANTED}, with an operator perhaps, and nothing more */
static bool
is_reference(const char *text, const char *wanted)
{
	size_t len = strlen(wanted);

	if (len == 0 || !text_starts(text, "${") || strncmp(text + 2, wanted, len) != 0)
		return false;
	text += 2 + len;
	if (strcmp(text, "}") == 0)
		return true;
	text += *text == ':';
	return *text != '\0' && strchr("-?+", *text) != NULL &&
		strchr(text, '}') == text + strlen(text) - 1;
}

bool
dollar_may_name(struct arena *arena, const char *shown, const char *text, const char *wanted)
{
	if (is_reference(text, wanted))
		return true;
	return is_open(arena, shown) && !holds_login(text) &&
		!excerpt_may_hold_secret(text, strlen(text));
}

const char *
dollar_unset(struct arena *arena, const char *shown, const char *text, const char *wanted)
{
	if (dollar_may_name(arena, shown, text, wanted))
		return arena_printf(arena, "%s holds $%.64s, which is not set", shown, wanted);
	return arena_printf(arena,
		"%s holds a $ with a name behind it that is not set (not shown: it may be part of "
		"a secret)",
		shown);
}

void
dollar_refuse(struct loading *loading, const struct origin *origin, const char *shown,
	const char *text, const struct interpolation_error *error)
{
	bool open = dollar_may_name(loading->arena, shown, text, "");
	bool named = open || is_reference(text, error->name);
	const char *name = named ? error->name : "", *said = open ? error->said : "";

	finding_add(loading->findings, "compose-interpolation", origin,
		"the value of %s %s%s%s%s%s%s", shown, error->why, name[0] != '\0' ? ": " : "",
		name, said[0] != '\0' ? ": " : "", said,
		name[0] == '\0' && error->name[0] != '\0'
			? " (not shown: it may be part of a secret)"
			: "");
}
