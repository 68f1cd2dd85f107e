/* opendkim_file.c - an opendkim.conf as a whole */
#include "language/opendkim_file.h"

#include <string.h>

#include "language/opendkim.h"

static void
tell(struct faults *faults, enum fault_kind kind, const struct opendkim_setting *at,
	const char *value, const char *text)
{
	fault_add(faults, kind, at->line, at->line, value, "%s", text);
}

/* slot - where the value of a parameter that decides about signing is kept, or NULL */
static struct opendkim_setting *
slot(struct opendkim_signing *signing, const char *name)
{
	const struct {
		const char *name;
		struct opendkim_setting *setting;
	} slots[] = {
		{"Mode", &signing->mode},
		{"Domain", &signing->domain},
		{"KeyFile", &signing->key_file},
		{"Selector", &signing->selector},
		{"KeyTable", &signing->key_table},
		{"SigningTable", &signing->signing_table},
		{"SetupPolicyScript", &signing->setup_script},
		{"InternalHosts", &signing->internal_hosts},
		{"Socket", &signing->socket},
		{"UMask", &signing->umask},
	};

	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
		if (strcmp(slots[i].name, name) == 0)
			return slots[i].setting;
	return NULL;
}

static void
check_unknown(struct faults *faults, const struct opendkim_line *line)
{
	const char *near;

	if (faults->count == FAULTS_MAX)
		return;
	near = opendkim_parameter_nearest(faults->arena, line->name);
	fault_add(faults, FAULT_UNKNOWN, line->line, line->line, NULL,
		near != NULL ? "%s is no parameter of OpenDKIM 2.11; did you mean %s?"
			     : "%s is no parameter of OpenDKIM 2.11",
		line->name, near);
}

static void
check_line(
	struct faults *faults, const struct opendkim_line *line, struct opendkim_signing *signing)
{
	struct opendkim_parameter parameter;
	struct opendkim_setting *setting;
	const char *why;

	if (!opendkim_parameter_find(faults->arena, line->name, &parameter)) {
		check_unknown(faults, line);
		return;
	}
	if (parameter.type == OPENDKIM_REFUSED) {
		fault_add(faults, FAULT_UNKNOWN, line->line, line->line, NULL, "%s is refused: %s",
			parameter.name, parameter.choices);
		return;
	}
	if (line->value[0] == '\0') {
		fault_add(faults, FAULT_SYNTAX, line->line, line->line, NULL, "%s has no value",
			parameter.name);
		return;
	}
	why = opendkim_value_mistake(faults->arena, &parameter, line->value);
	if (why != NULL)
		fault_add(faults,
			parameter.type == OPENDKIM_HANDLING ? FAULT_AMBIGUOUS : FAULT_VALUE,
			line->line, line->line, line->value, "%s %s", parameter.name, why);
	setting = slot(signing, parameter.name);
	if (setting != NULL)
		*setting = (struct opendkim_setting){line->line, line->value};
	if (strcmp(parameter.name, "Include") == 0)
		signing->includes = true;
}

/* check_tables - SigningTable and KeyTable; dkimf_config_load asks in whatever mode */
static void
check_tables(struct faults *faults, const struct opendkim_signing *signing, bool signs)
{
	if (signing->signing_table.line != 0 && signing->key_table.line == 0)
		tell(faults, FAULT_CONFLICT, &signing->signing_table, NULL,
			"SigningTable names keys, but there is no KeyTable");
	if (!signs || signing->key_table.line == 0)
		return;
	if (signing->signing_table.line == 0 && signing->setup_script.line == 0)
		tell(faults, FAULT_CONFLICT, &signing->key_table, NULL,
			"KeyTable needs a SigningTable, which says whose mail is signed");
	/* the manual forbids them together; the program passes over these three */
	if (signing->domain.line != 0)
		tell(faults, FAULT_AMBIGUOUS, &signing->domain, NULL,
			"Domain is not read where there is a KeyTable: the SigningTable says whose "
			"mail is signed");
	if (signing->key_file.line != 0)
		tell(faults, FAULT_AMBIGUOUS, &signing->key_file, NULL,
			"KeyFile is not read where there is a KeyTable, which names the keys");
	if (signing->selector.line != 0)
		tell(faults, FAULT_AMBIGUOUS, &signing->selector, NULL,
			"Selector is not read where there is a KeyTable, which names the "
			"selectors");
}

/* check_single - Domain, KeyFile and Selector, which belong together */
static void
check_single(struct faults *faults, const struct opendkim_signing *signing)
{
	if (signing->key_file.line != 0 && signing->selector.line == 0)
		tell(faults, FAULT_CONFLICT, &signing->key_file, NULL,
			"KeyFile needs a Selector, under which its public half is published");
	else if (signing->selector.line != 0 && signing->key_file.line == 0)
		tell(faults, FAULT_CONFLICT, &signing->selector, NULL, "Selector needs a KeyFile");
	else if (signing->domain.line != 0 && signing->key_file.line == 0)
		tell(faults, FAULT_CONFLICT, &signing->domain, NULL,
			"Domain needs a KeyFile and a Selector");
	else if (signing->domain.line == 0)
		tell(faults, FAULT_UNSIGNED, &signing->mode, NULL,
			signing->key_file.line != 0
				? "it is said with which key to sign, but not for which Domain"
				: "nothing says with which key to sign: neither KeyTable and "
				  "SigningTable, nor Domain, KeyFile and Selector");
}

void
opendkim_file_check(
	struct faults *faults, const char *text, size_t len, struct opendkim_signing *signing)
{
	struct opendkim_reader reader;
	struct opendkim_line line;
	bool signs;

	memset(signing, 0, sizeof(*signing));
	opendkim_reader_init(&reader, faults->arena, text, len);
	while (opendkim_next(&reader, &line))
		check_line(faults, &line, signing);
	if (signing->includes)
		return;
	/* without a Mode it does both */
	signs = signing->mode.line == 0 || strchr(signing->mode.value, 's') != NULL;
	check_tables(faults, signing, signs);
	if (signs && signing->key_table.line == 0 && signing->signing_table.line == 0 &&
		signing->setup_script.line == 0)
		check_single(faults, signing);
	if (signing->socket.line == 0)
		fault_add(faults, FAULT_CONFLICT, 0, 0, NULL, "there is no Socket");
}
