/* dovecot_value.c - the value of one line of dovecot.conf */
#include "language/dovecot_value.h"

#include <string.h>

#include "base/text.h"

struct work {
	struct arena *arena;
	struct faults *faults;
	const struct dovecot_line *line;
	bool is_2_3;
	const char *name;
};

#define wrong(work, value, ...) \
	fault_add((work)->faults, FAULT_VALUE, (work)->line->line, (work)->line->last, value, \
		__VA_ARGS__)

/* check_reference - one $name of the value; config_write_keyvariable */
static void
check_reference(struct work *work, const char *reference)
{
	bool set = text_starts(reference, "$SET:"), known;
	const char *name = reference + (set && !work->is_2_3 ? strlen("$SET:") : 1);
	struct dovecot_setting setting;

	if (text_starts(reference, "$ENV:") || name[0] == '\0')
		return;
	known = dovecot_setting_find(work->arena, name, work->is_2_3, &setting) &&
		setting.type != DOVECOT_NONE;
	if (work->is_2_3 || set) {
		if (!known)
			wrong(work, reference, "%s refers to a setting that does not exist",
				work->name);
		else if (!work->is_2_3 && strchr("lkFA", (char)setting.type) != NULL)
			wrong(work, reference,
				"%s refers to a list, which stands for no text in Dovecot 2.4",
				work->name);
	} else if (known) {
		fault_add(work->faults, FAULT_AMBIGUOUS, work->line->line, work->line->last,
			reference,
			"%s holds a reference as 2.3 has them, which is plain text for Dovecot "
			"2.4: there it is $SET:NAME",
			work->name);
	}
}

static void
check_references(struct work *work)
{
	const char *at = work->line->value;

	/* a reference begins at the start or behind a blank, and ends at a blank */
	while (*at != '\0') {
		size_t len = strcspn(at, " ");

		if (*at == '$')
			check_reference(work, arena_strndup(work->arena, at, len));
		at += len;
		at += strspn(at, " \t");
	}
}

/* wants_file - settings of 2.3 whose value is a certificate or key itself: <path, not path */
static bool
wants_file(const char *name)
{
	static const char *const names[] = {"ssl_cert", "ssl_key", "ssl_alt_cert", "ssl_alt_key",
		"ssl_ca", "ssl_dh", "ssl_client_cert", "ssl_client_key"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static void
check_file(struct work *work, const struct dovecot_setting *setting)
{
	if (work->line->value[0] == '<')
		wrong(work, NULL,
			"%s begins with <<, which this Dovecot takes for a file whose name begins "
			"with <",
			work->name);
	else if (setting->type == DOVECOT_FILE)
		wrong(work, NULL, "%s takes the path itself, without the <", work->name);
}

/* check_protocols - each must be that of some service; a package brings the others */
static void
check_protocols(struct work *work)
{
	static const char *const ours[] = {"imap", "pop3", "lmtp"};
	const char *at = work->line->value + strspn(work->line->value, " ,");

	while (*at != '\0') {
		size_t len = strcspn(at, " ,");
		bool known = false;

		for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
			known = known || (strlen(ours[i]) == len && strncmp(at, ours[i], len) == 0);
		if (!known)
			fault_add(work->faults, FAULT_UNVERIFIED, work->line->line,
				work->line->last, arena_strndup(work->arena, at, len),
				"protocols names one that no service of the image has");
		at += len;
		at += strspn(at, " ,");
	}
}

/* check_mechanisms - auth ends at one that it does not have (auth/mech.c of 2.3 and 2.4) */
static void
check_mechanisms(struct work *work)
{
	static const char known[] = " anonymous apop cram-md5 digest-md5 external gss-spnego "
				    "gssapi login ntlm oauthbearer otp plain scram-sha-1 "
				    "scram-sha-1-plus scram-sha-256 scram-sha-256-plus "
				    "xoauth2 ";
	const char *at = work->line->value + strspn(work->line->value, " ,\t");

	while (*at != '\0') {
		size_t len = strcspn(at, " ,\t");
		const char *word = arena_strndup(work->arena, at, len);

		if (strstr(known,
			    arena_printf(work->arena, " %s ", text_lower(work->arena, word))) ==
				NULL &&
			word[0] != '$')
			wrong(work, word,
				"auth_mechanisms names one that Dovecot does not have; for "
				"passwords they are plain and login");
		at += len;
		at += strspn(at, " ,\t");
	}
}

static void
check_plain(struct work *work, const struct dovecot_setting *setting)
{
	const char *value = work->line->value;
	const char *why = dovecot_value_mistake(work->arena, setting, work->is_2_3, value);

	if (why != NULL)
		wrong(work, value, "%s %s", work->name, why);
	else if (!work->is_2_3 && setting->type == DOVECOT_FILTERS)
		wrong(work, NULL, "%s is a section, and takes no value: %s NAME { … }", work->name,
			work->name);
	else if (!work->is_2_3 && setting->type == DOVECOT_LIST && value[0] != '\0')
		wrong(work, NULL, "%s is a section, and takes no value: %s { … }", work->name,
			work->name);
	else if (work->is_2_3 && value[0] == '/' && wants_file(work->name))
		wrong(work, value, "%s takes the content of a file: write a < before the path",
			work->name);
	else if (strcmp(work->name, "protocols") == 0)
		check_protocols(work);
	else if (strcmp(work->name, "auth_mechanisms") == 0)
		check_mechanisms(work);
}

void
dovecot_value_check(struct faults *faults, const struct dovecot_line *line, bool is_2_3,
	const struct dovecot_setting *setting, const char *name)
{
	struct work work = {faults->arena, faults, line, is_2_3, name};

	if (line->type == DOVECOT_VALUE_REFERENCE)
		check_references(&work);
	else if (line->type == DOVECOT_VALUE_FILE)
		check_file(&work, setting);
	else if (line->type == DOVECOT_VALUE)
		check_plain(&work, setting);
}
