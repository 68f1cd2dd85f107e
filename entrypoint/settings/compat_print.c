/* compat_print.c - the table of other images' variables as docs/variables.md */
#include "settings/compat_table.h"

#include <string.h>

#include "base/text.h"

/* put_word_row - "`log.format`: plain is text, json is json" */
static void
put_word_row(struct buffer *buffer, const char *target)
{
	size_t len = strcspn(target, " ");
	const char *between = ": ";

	buffer_printf(buffer, "`%.*s`", (int)len, target);
	for (target += len; *target == ' ';) {
		size_t word = strcspn(++target, " "), old = strcspn(target, "=");
		int new = (int)(word - old - 1);
		const char *value = target + old + 1;

		target += word;
		if (old == 1 && value[-2] == '*' && new == 1 && value[0] == '*')
			continue; /* everything else as it stands */
		buffer_puts(buffer, between);
		between = "; ";
		if (old == 1 && value[-2] == '*' && memchr(value, '*', (size_t) new) != NULL)
			buffer_puts(buffer, "a value * is ");
		else if (old == 1 && value[-2] == '*')
			buffer_puts(buffer, "any other value is ");
		else
			buffer_printf(buffer, "%.*s is ", (int)old, value - old - 1);
		if (new == 0)
			buffer_puts(buffer, "unset");
		else
			buffer_printf(buffer, "`%.*s`", new, value);
	}
}

void
compat_print_becomes(struct buffer *buffer, const struct compat_row *row)
{
	switch (row->act) {
	case COMPAT_SET:
		buffer_printf(buffer, "`%s`", row->target);
		break;
	case COMPAT_WORD:
		put_word_row(buffer, row->target);
		break;
	case COMPAT_SCOPE:
		buffer_puts(buffer, "nothing, a note: ");
		break;
	case COMPAT_HAND:
		buffer_puts(buffer, "nothing, a warning: ");
		break;
	case COMPAT_OWN:
	case COMPAT_QUIET:
		break;
	}
	if (row->act == COMPAT_WORD && row->words[0] != '\0')
		buffer_puts(buffer, "; ");
	buffer_puts(buffer, row->words);
}

static void
put_row(struct buffer *buffer, const struct compat_row *row)
{
	buffer_puts(buffer, "| ");
	for (const char *at = row->names; *at != '\0'; at += *at == ' ') {
		size_t len = strcspn(at, " ");

		buffer_printf(buffer, "%s`%.*s`", at == row->names ? "" : ", ", (int)len, at);
		at += len;
	}
	buffer_printf(buffer, "%s | ", row->weak ? " ¹" : "");
	compat_print_becomes(buffer, row);
	buffer_puts(buffer, " |\n");
}

static const char introduction[] =
	"# Variables that you already have\n\n"
	"This page is what `mailinit schema --format=variables` prints. The variables of other "
	"images are\nunderstood, so that a compose file of theirs starts with this image; "
	"`mailinit --dry-run` shows each\nas the setting that it became, and `mailinit explain "
	"NAME` says what one of them does.\n\n"
	"The variables of other images count where neither `mailinit.yaml` nor a `MAIL_*` variable "
	"says otherwise; when "
	"both are set and\ndiffer, `setting-overridden` tells. Each may end in `_FILE` or "
	"`__FILE`: the value is that file's\ncontent. What Docker and Kubernetes set for links "
	"between containers (`*_SERVICE_HOST`,\n`*_SERVICE_PORT*`, `*_PORT=tcp://…`, "
	"`*_PORT_25_TCP*`) never configures anything.\n\n"
	"| Variable | Becomes |\n|---|---|\n"
	"| `POSTFIX_parameter` (small letters, or a digit) | `postfix.main`: that parameter, over "
	"everything else; empty removes it. Those that the tables below turn into a setting "
	"(`POSTFIX_myhostname` and the like) are that setting, and lose as all of them do |\n"
	"| `POSTFIX_PARAMETER` | the same, when Postfix has such a parameter, and where nothing "
	"else says otherwise; else the error `env-unknown` |\n"
	"| `POSTFIXMASTER_service__type` | `postfix.master`: that line of master.cf, whole "
	"(`submission inet n - y - - smtpd`) or from behind its type; empty removes it |\n"
	"| `POSTMAP_file` | `postfix.tables`: a lookup table; `hash:/etc/postfix/file` in a "
	"parameter means it |\n"
	"| `DOVECOT_setting`, `OPENDKIM_Key` | `dovecot.settings`, `opendkim.settings`; names "
	"without a small letter are other images' |\n\n"
	"¹ A name that programs of all kinds use: it counts only beside another variable of the "
	"same image.\n\n[import.md](import.md) has the files of docker-mailserver's config volume, "
	"and `mailinit import`, which\nprints a `mailinit.yaml` for all of it.\n";

void
compat_print_table(struct buffer *buffer)
{
	static const char letters[] = "bdwjmyt";
	struct compat_row row;
	struct arena arena;

	arena_init(&arena);
	buffer_puts(buffer, introduction);
	for (const char *letter = letters; *letter != '\0'; letter++) {
		const char *at = NULL;

		buffer_printf(buffer, "\n## %s\n\n| Variable | Becomes |\n|---|---|\n",
			compat_peer(*letter));
		while (compat_row_next(&arena, &at, &row))
			if (strchr(row.peers, *letter) != NULL)
				put_row(buffer, &row);
	}
	arena_free(&arena);
}
