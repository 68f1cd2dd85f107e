/* postfix_parameter.c - the rows of tables/postfix, and names that Postfix derives */
#include "language/postfix_parameter.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "language/table.h"

#define TABLE "postfix"

/* The columns of the table, as tools/postfix-parameters prints them. */
enum column {
	COLUMN_NAME,
	COLUMN_TYPE,
	COLUMN_MIN,
	COLUMN_MAX,
	COLUMN_SINCE,
	COLUMN_UNTIL,
	COLUMN_FLAGS,
	COLUMN_DEFAULT,
	COLUMN_EARLIER,
	COLUMN_CHOICES,
	COLUMN_INSTEAD,
};

int
postfix_version(const char *text)
{
	char *end;
	long major = strtol(text, &end, 10), minor;

	if (end == text || *end != '.' || major < 1 || major > 99)
		return 0;
	text = end + 1;
	if (*text < '0' || *text > '9')
		return 0;
	minor = strtol(text, &end, 10);
	if (minor > 99)
		return 0;
	return (int)(major * 100 + minor);
}

/* form_of - the few texts whose form Postfix checks when it reads them (mail_params.c, tls_misc.c) */
static enum postfix_form
form_of(const char *name)
{
	static const struct {
		const char *name;
		enum postfix_form form;
	} forms[] = {
		{"compatibility_level", POSTFIX_LEVEL},
		{"daemon_directory", POSTFIX_PATH},
		{"data_directory", POSTFIX_PATH},
		{"default_privs", POSTFIX_USER},
		{"inet_interfaces", POSTFIX_INTERFACES},
		{"lmtp_lhlo_name", POSTFIX_HOSTNAME},
		{"mail_owner", POSTFIX_USER},
		{"mydomain", POSTFIX_HOSTNAME},
		{"myhostname", POSTFIX_HOSTNAME},
		{"myorigin", POSTFIX_SINGLE},
		{"queue_directory", POSTFIX_PATH},
		{"relayhost", POSTFIX_NEXTHOPS},
		{"smtp_helo_name", POSTFIX_HOSTNAME},
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strcmp(name, forms[i].name) == 0)
			return forms[i].form;
	if (text_ends(name, "tls_protocols") || text_ends(name, "tls_mandatory_protocols"))
		return POSTFIX_PROTOCOLS;
	return POSTFIX_ANY;
}

static void
read_type(struct postfix_parameter *parameter, const char *type)
{
	switch (type[0]) {
	case 'r':
		parameter->type = POSTFIX_RAW;
		break;
	case 'b':
		parameter->type = POSTFIX_BOOL;
		break;
	case 'l':
		parameter->is_long = true;
		/* FALLTHROUGH */
	case 'i':
		parameter->type = POSTFIX_INTEGER;
		break;
	case 't':
		parameter->type = POSTFIX_TIME;
		parameter->unit = type[1];
		break;
	case 'e':
		parameter->type = POSTFIX_CHOICE;
		break;
	case 'c':
		parameter->type = POSTFIX_CHOICES;
		break;
	default:
		parameter->type = POSTFIX_TEXT;
	}
}

static const char *
or_null(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

static void
read_row(const struct table_row *row, struct postfix_parameter *parameter)
{
	const char *flags = row->fields[COLUMN_FLAGS];
	char *end;

	*parameter = (struct postfix_parameter){
		.name = row->fields[COLUMN_NAME],
		.form = form_of(row->fields[COLUMN_NAME]),
		.has_min = row->fields[COLUMN_MIN][0] != '\0',
		.has_max = row->fields[COLUMN_MAX][0] != '\0',
		.min = strtol(row->fields[COLUMN_MIN], NULL, 10),
		.max = strtol(row->fields[COLUMN_MAX], NULL, 10),
		.since = (int)strtol(row->fields[COLUMN_SINCE], NULL, 10),
		.until = (int)strtol(row->fields[COLUMN_UNTIL], NULL, 10),
		.exact = strchr(flags, 'x') != NULL,
		.restart = strchr(flags, 'r') != NULL,
		.deprecated = strchr(flags, 'd') != NULL,
		.legacy = strchr(flags, 'l') != NULL,
		.varies = strchr(flags, 'b') != NULL,
		.fallback = row->fields[COLUMN_DEFAULT],
		.choices = or_null(row->fields[COLUMN_CHOICES]),
		.instead = or_null(row->fields[COLUMN_INSTEAD]),
	};
	read_type(parameter, row->fields[COLUMN_TYPE]);
	parameter->earlier_until = (int)strtol(row->fields[COLUMN_EARLIER], &end, 10);
	if (*end == '=')
		parameter->earlier = end + 1;
}

bool
postfix_parameter_find(struct arena *arena, const char *name, struct postfix_parameter *parameter)
{
	struct table_row row;

	if (!table_find(arena, TABLE, name, &row))
		return false;
	read_row(&row, parameter);
	return true;
}

bool
postfix_parameter_next(struct arena *arena, const char **at, struct postfix_parameter *parameter)
{
	struct table_row row;

	if (!table_next(arena, at, &row))
		return false;
	read_row(&row, parameter);
	return true;
}

const char *
postfix_parameter_table(void)
{
	return table_text(TABLE);
}

const char *
postfix_parameter_default(const struct postfix_parameter *parameter, int version)
{
	if (version != 0 && version <= parameter->earlier_until && parameter->earlier != NULL)
		return parameter->earlier;
	return parameter->fallback;
}

bool
postfix_parameter_in(const struct postfix_parameter *parameter, int version)
{
	return version == 0 ||
		(version >= parameter->since &&
			(parameter->until == 0 || version <= parameter->until));
}

/* What the queue manager reads for each transport (qmgr_transport.c), and its default. */
static const struct {
	const char *suffix, *type, *fallback;
} derived[] = {
	{"_delivery_slot_cost", "i", "$default_delivery_slot_cost"},
	{"_delivery_slot_discount", "i", "$default_delivery_slot_discount"},
	{"_delivery_slot_loan", "i", "$default_delivery_slot_loan"},
	{"_destination_concurrency_failed_cohort_limit", "i",
		"$default_destination_concurrency_failed_cohort_limit"},
	{"_destination_concurrency_limit", "i", "$default_destination_concurrency_limit"},
	{"_destination_concurrency_negative_feedback", "s",
		"$default_destination_concurrency_negative_feedback"},
	{"_destination_concurrency_positive_feedback", "s",
		"$default_destination_concurrency_positive_feedback"},
	{"_destination_rate_delay", "ts", "$default_destination_rate_delay"},
	{"_destination_recipient_limit", "i", "$default_destination_recipient_limit"},
	{"_extra_recipient_limit", "i", "$default_extra_recipient_limit"},
	{"_initial_destination_concurrency", "i", "$initial_destination_concurrency"},
	{"_minimum_delivery_slots", "i", "$default_minimum_delivery_slots"},
	{"_recipient_limit", "i", "$default_recipient_limit"},
	{"_recipient_refill_delay", "ts", "$default_recipient_refill_delay"},
	{"_recipient_refill_limit", "i", "$default_recipient_refill_limit"},
	{"_transport_rate_delay", "ts", "$default_transport_rate_delay"},
	{"_time_limit", "ts", "$command_time_limit"},
};

/* is_one_of - whether WORD is one of WORDS, which blanks part */
static bool
is_one_of(const char *word, const char *words)
{
	size_t wanted = strlen(word);

	while (*words != '\0') {
		size_t len = strcspn(words, " ");

		if (len == wanted && memcmp(word, words, len) == 0)
			return true;
		words += len + (words[len] == ' ');
	}
	return false;
}

bool
postfix_service_parameter(struct arena *arena, const char *name, const char *service,
	const char *command, struct postfix_parameter *parameter)
{
	size_t len = strlen(service);

	if (strncmp(name, service, len) != 0)
		return false;
	for (size_t i = 0; i < sizeof(derived) / sizeof(derived[0]); i++) {
		bool limits_time = strcmp(derived[i].suffix, "_time_limit") == 0;

		if (strcmp(name + len, derived[i].suffix) != 0)
			continue;
		if (!is_one_of(command,
			    limits_time ? "pipe spawn" : "error lmtp local pipe smtp virtual"))
			return false;
		*parameter = (struct postfix_parameter){
			.name = arena_strdup(arena, name),
			.fallback = derived[i].fallback,
		};
		read_type(parameter, derived[i].type);
		return true;
	}
	return false;
}

/* accept - names of the version that are not on their way out */
static bool
accept(const struct table_row *row, const void *context)
{
	const int *version = context;
	struct postfix_parameter parameter;

	read_row(row, &parameter);
	return postfix_parameter_in(&parameter, *version) && !parameter.legacy;
}

const char *
postfix_parameter_nearest(struct arena *arena, const char *name, int version)
{
	return table_nearest(arena, TABLE, name, accept, &version);
}

bool
postfix_map_type_known(const char *type)
{
	/* DATABASE_README and dict_open.c, 3.7 to 3.11 */
	return is_one_of(type,
		"btree cdb cidr dbm debug environ fail hash inline internal ldap lmdb memcache "
		"mongodb mysql netinfo nis nisplus pcre pgsql pipemap proxy randmap regexp sdbm "
		"socketmap sqlite static tcp texthash unionmap unix");
}
