/*
 * opendkim.c - opendkim.conf and its tables, read as OpenDKIM will read them
 *
 * `opendkim -n` is content with a KeyTable whose files are missing, a SigningTable
 * that names unknown keys, patterns where none are known, and a signer that signs
 * nothing: at run time mail is answered with 451, or leaves unsigned.
 */
#include <string.h>

#include "base/text.h"
#include "check/faults.h"
#include "check/rooms.h"
#include "language/opendkim.h"
#include "language/opendkim_file.h"
#include "language/opendkim_table.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* own_file - the file of the plan that PATH will be, or NULL */
static const struct plan_file *
own_file(const struct plan *plan, const char *path)
{
	if (!text_starts(path, PLAN_CURRENT "/"))
		return NULL;
	return plan_find_file(plan, path + strlen(PLAN_CURRENT "/"));
}

/* dataset_file - the file that a setting's dataset is kept in, if it is the plan's */
static const struct plan_file *
dataset_file(const struct plan *plan, const struct opendkim_setting *setting,
	enum opendkim_dataset *kind)
{
	const char *path;

	*kind = OPENDKIM_DATASET_NONE;
	if (setting->line == 0)
		return NULL;
	*kind = opendkim_dataset_of(setting->value, &path);
	if (*kind != OPENDKIM_DATASET_FILE && *kind != OPENDKIM_DATASET_PATTERNS)
		return NULL;
	return own_file(plan, path);
}

/* check_key_files - keys that the KeyTable looks for among our own files, where they are not */
static void
check_key_files(struct plan *plan, const struct plan_file *file, struct faults *faults)
{
	struct opendkim_rows rows;
	struct opendkim_row row;

	opendkim_rows_init(&rows, plan->arena, buffer_text(&file->content), file->content.len);
	while (opendkim_rows_next(&rows, &row)) {
		const char *path = strstr(row.value, ":" PLAN_CURRENT "/");

		/* % stands for the sender's domain */
		if (path != NULL && strchr(path, '%') == NULL && own_file(plan, path + 1) == NULL)
			fault_add(faults, FAULT_REFUSING, row.line, row.line, row.key,
				"no such key file will be there");
	}
}

static void
check_key_table(struct plan *plan, const struct plan_file *file)
{
	static const struct fault_rule list[] = {{FAULT_REFUSING, "opendkim-keytable"}};
	struct faults faults;

	if (file == NULL)
		return;
	faults_init(&faults, plan->arena);
	opendkim_keytable_check(&faults, buffer_text(&file->content), file->content.len);
	check_key_files(plan, file, &faults);
	faults_report(plan, file, &faults, list, COUNT(list));
}

/* take_patterns - takes the faults of patterns out of a plain table. Returns how many there were. */
static size_t
take_patterns(struct faults *faults)
{
	size_t kept = 0, count = faults->count;

	for (size_t i = 0; i < count; i++)
		if (faults->items[i].kind != FAULT_UNSIGNED)
			faults->items[kept++] = faults->items[i];
	faults->count = kept;
	return count - kept;
}

/* check_signing_table - CONF is opendkim.conf, where LINE says how the table is read */
static void
check_signing_table(struct plan *plan, const struct plan_file *conf, int line,
	const struct plan_file *file, bool patterns, const struct plan_file *keys)
{
	static const struct fault_rule list[] = {
		{FAULT_REFUSING, "opendkim-signingtable"},
		{FAULT_UNSIGNED, "opendkim-signingtable"},
	};
	struct faults faults, of_conf;

	if (file == NULL)
		return;
	faults_init(&faults, plan->arena);
	opendkim_signingtable_check(&faults, buffer_text(&file->content), file->content.len,
		patterns, keys != NULL ? buffer_text(&keys->content) : NULL,
		keys != NULL ? keys->content.len : 0);
	/* it is one mistake, in opendkim.conf, and not one in each row */
	if (!patterns && take_patterns(&faults) > 0) {
		faults_init(&of_conf, plan->arena);
		fault_add(&of_conf, FAULT_UNSIGNED, line, line, NULL,
			"SigningTable has no refile: before its path, but the senders in the table "
			"are patterns, which match nothing without it");
		faults_report(plan, conf, &of_conf, list, COUNT(list));
	}
	faults_report(plan, file, &faults, list, COUNT(list));
}

static void
check_hosts(struct plan *plan, const struct plan_file *file)
{
	static const struct fault_rule list[] = {{FAULT_UNSIGNED, "opendkim-hosts"}};
	struct faults faults;

	if (file == NULL)
		return;
	faults_init(&faults, plan->arena);
	opendkim_hosts_check(
		&faults, buffer_text(&file->content), file->content.len, FAULT_UNSIGNED);
	faults_report(plan, file, &faults, list, COUNT(list));
}

void
check_opendkim(struct plan *plan)
{
	static const struct fault_rule list[] = {
		{FAULT_SYNTAX, "opendkim-syntax"},
		{FAULT_UNKNOWN, "opendkim-setting-unknown"},
		{FAULT_VALUE, "opendkim-value"},
		{FAULT_CONFLICT, "opendkim-conflict"},
		{FAULT_AMBIGUOUS, "opendkim-ambiguous"},
		{FAULT_UNSIGNED, "opendkim-unsigned"},
	};
	const struct plan_file *file = plan_find_file(plan, "opendkim/opendkim.conf"), *keys,
			       *signing_table;
	struct opendkim_signing signing;
	enum opendkim_dataset kind;
	struct faults faults;

	/* one that could not be rendered has a finding already */
	if (file == NULL)
		return;
	faults_init(&faults, plan->arena);
	opendkim_file_check(&faults, buffer_text(&file->content), file->content.len, &signing);
	faults_report(plan, file, &faults, list, COUNT(list));
	keys = dataset_file(plan, &signing.key_table, &kind);
	check_key_table(plan, keys);
	signing_table = dataset_file(plan, &signing.signing_table, &kind);
	check_signing_table(plan, file, signing.signing_table.line, signing_table,
		kind == OPENDKIM_DATASET_PATTERNS, keys);
	check_hosts(plan, dataset_file(plan, &signing.internal_hosts, &kind));
}
