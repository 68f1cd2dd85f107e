/* compat_volume_raw.c - parameters of the daemons, and signing, of docker-mailserver's volume */
#include "settings/compat_volume.h"

#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/text.h"
#include "settings/secret.h"

#define MAIN "postfix-main.cf"
#define MASTER "postfix-master.cf"
#define DOVECOT "dovecot.cf"
#define KEY_TABLE "opendkim/KeyTable"
#define SIGNING_TABLE "opendkim/SigningTable"
#define TRUSTED "opendkim/TrustedHosts"

/* split - "name = value"; false when there is none */
static bool
split(struct arena *arena, const char *line, const char **name, const char **value)
{
	const char *equals = strchr(line, '=');

	if (equals == NULL || equals == line)
		return false;
	*name = text_trim(arena, arena_strndup(arena, line, (size_t)(equals - line)));
	*value = text_trim(arena, arena_strdup(arena, equals + 1));
	return strpbrk(*name, " \t{}") == NULL;
}

/* put_parameter - one of Postfix, which may be a setting of ours */
static void
put_parameter(struct volume *volume, const char *name, struct node *node)
{
	struct arena *arena = volume->compat->loading->arena;
	struct compat_row row;

	if (compat_row_find(arena, arena_printf(arena, "POSTFIX_%s", name), &row) &&
		row.act == COMPAT_SET)
		compat_put(volume->compat, row.target, node);
	else
		compat_put(volume->compat, arena_printf(arena, "postfix.main.%s", name), node);
}

/* read_main - the last one of a name counts, as Postfix has it, so they are put from the end on */
static void
read_main(struct volume *volume)
{
	struct arena *arena = volume->compat->loading->arena;
	struct node *seen = node_new(arena, NODE_MAP, NULL);
	size_t count;
	struct volume_line *lines = volume_lines(volume, MAIN, &count);

	for (size_t i = 0, next; i < count; i = next) {
		struct buffer text = {0};
		const char *name, *value;

		/* that image appends the file to main.cf, where indented lines go on */
		buffer_puts(&text, lines[i].text);
		for (next = i + 1; next < count && lines[next].indented; next++)
			buffer_printf(&text, " %s", lines[next].text);
		if (!lines[i].indented && split(arena, buffer_text(&text), &name, &value))
			node_set(arena, seen, name, volume_node(volume, &lines[i].origin, value));
		else
			volume_tell(volume, "compat-by-hand", &lines[i].origin,
				"the line is no parameter = value: set it as POSTFIX_parameter");
		buffer_free(&text);
	}
	for (size_t i = 0; i < seen->count; i++)
		put_parameter(volume, seen->keys[i], seen->items[i]);
}

/* read_master - "submission/inet/parameter=value": what that image gives to postconf -P */
static void
read_master(struct volume *volume)
{
	struct arena *arena = volume->compat->loading->arena;
	size_t count;
	struct volume_line *lines = volume_lines(volume, MASTER, &count);

	for (size_t i = count; i-- > 0;) {
		const char *name, *value;
		struct node *node;

		if (!split(arena, lines[i].text, &name, &value)) {
			volume_tell(volume, "compat-by-hand", &lines[i].origin,
				"the line is no service/type/parameter=value");
			continue;
		}
		node = volume_node(volume, &lines[i].origin, value);
		node->secret = secret_implied(
			arena, strrchr(name, '/') != NULL ? strrchr(name, '/') + 1 : name, value);
		loading_put_key(volume->compat->loading, "postfix.options", name, node);
	}
}

static void
read_dovecot(struct volume *volume)
{
	struct arena *arena = volume->compat->loading->arena;
	struct node *seen = node_new(arena, NODE_MAP, NULL);
	size_t count, depth = 0;
	struct volume_line *lines = volume_lines(volume, DOVECOT, &count);

	for (size_t i = 0; i < count; i++) {
		const char *text = lines[i].text, *name, *value;
		bool block = text_ends(text, "{") || text_starts(text, "!include");

		if (block && depth == 0)
			volume_tell(volume, "compat-by-hand", &lines[i].origin,
				"a block or an include is not taken over: only setting = value is; "
				"a template of your own may have it");
		else if (depth == 0 && split(arena, text, &name, &value))
			node_set(arena, seen, name, volume_node(volume, &lines[i].origin, value));
		else if (depth == 0)
			volume_tell(volume, "compat-by-hand", &lines[i].origin,
				"the line is no setting = value");
		depth += text_ends(text, "{");
		depth -= depth > 0 && strcmp(text, "}") == 0;
	}
	for (size_t i = 0; i < seen->count; i++)
		compat_put(volume->compat,
			arena_printf(arena, "dovecot.settings.%s", seen->keys[i]), seen->items[i]);
}

void
volume_raw(struct volume *volume)
{
	read_main(volume);
	read_master(volume);
	read_dovecot(volume);
}

/* key_of - "NAME DOMAIN:SELECTOR:PATH" of KeyTable; false after a finding */
static bool
key_of(struct volume *volume, const struct volume_line *line, const char **domain,
	const char **selector)
{
	struct arena *arena = volume->compat->loading->arena;
	const char *value, *wanted;
	size_t len, second;

	volume_word(arena, line->text, &value);
	len = strcspn(value, ":");
	second = value[len] == ':' ? strcspn(value + len + 1, ":") : 0;
	if (second == 0 || value[len + 1 + second] != ':') {
		volume_tell(volume, "compat-by-hand", &line->origin,
			"the line is not name and domain:selector:path");
		return false;
	}
	*domain = arena_strndup(arena, value, len);
	*selector = arena_strndup(arena, value + len + 1, second);
	wanted = arena_printf(arena, "keys/%s/%s.private", *domain, *selector);
	if (text_ends(value, wanted))
		return true;
	volume_tell(volume, "compat-by-hand", &line->origin,
		arena_printf(arena, "the key is looked for at %s/%s",
			volume_path(volume, "opendkim"), wanted));
	return true;
}

/* tell_tables - what people wrote into the other two by hand, beyond what setup makes */
static void
tell_tables(struct volume *volume)
{
	struct arena *arena = volume->compat->loading->arena;
	size_t count;
	struct volume_line *lines = volume_lines(volume, SIGNING_TABLE, &count);

	for (size_t i = 0; i < count; i++) {
		const char *key, *sender = volume_word(arena, lines[i].text, &key);
		const char *domain = strstr(key, "._domainkey.");

		if (domain == NULL || !text_starts(sender, "*@") ||
			strcmp(sender + 2, domain + strlen("._domainkey.")) != 0)
			volume_tell(volume, "compat-by-hand", &lines[i].origin,
				"each domain is signed with its own key; other pairs are not taken "
				"over");
	}
	lines = volume_lines(volume, TRUSTED, &count);
	for (size_t i = 0; i < count; i++)
		if (strcmp(lines[i].text, "127.0.0.1") != 0 && strcmp(lines[i].text, "::1") != 0 &&
			strcmp(lines[i].text, "localhost") != 0)
			volume_tell(volume, "compat-by-hand", &lines[i].origin,
				"whose mail is signed is whose mail is relayed: set networks");
}

/* put_unsigned - without a KeyTable that image signs nothing */
static void
put_unsigned(struct volume *volume)
{
	struct loading *loading = volume->compat->loading;
	struct origin origin = {
		.kind = ORIGIN_COMPAT, .name = KEY_TABLE, .file = volume_path(volume, KEY_TABLE)};

	if (loading_chosen(loading, "dkim.domains") != NULL ||
		loading_chosen(loading, "dkim.keys") != NULL ||
		loading_chosen(loading, "roles") != NULL ||
		compat_no(volume->compat, "ENABLE_OPENDKIM") ||
		compat_yes(volume->compat, "SMTP_ONLY"))
		return;
	compat_put(
		volume->compat, "roles", volume_node(volume, &origin, "mx submission mailstore"));
	volume_tell(volume, "compat-differs", &origin,
		"it is not there, so nothing is signed, as with that image; to have a key made, "
		"set roles to mx, submission, mailstore and dkim");
}

void
volume_keys(struct volume *volume)
{
	struct arena *arena = volume->compat->loading->arena;
	const char *domains = "", *selectors = "", *first = NULL;
	size_t count;
	struct volume_line *lines = volume_lines(volume, KEY_TABLE, &count);

	if (count == 0) {
		put_unsigned(volume);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const char *domain, *selector;

		if (!key_of(volume, &lines[i], &domain, &selector))
			continue;
		domains = arena_printf(
			arena, "%s%s%s", domains, domains[0] != '\0' ? " " : "", domain);
		if (first == NULL)
			first = selector;
		if (strcmp(first, selector) != 0)
			selectors = arena_printf(arena, "%s%s%s=%s", selectors,
				selectors[0] != '\0' ? " " : "", domain, selector);
	}
	tell_tables(volume);
	if (first == NULL)
		return;
	compat_put(volume->compat, "dkim.domains", volume_node(volume, &lines[0].origin, domains));
	compat_put(volume->compat, "dkim.selector", volume_node(volume, &lines[0].origin, first));
	if (selectors[0] != '\0')
		compat_put(volume->compat, "dkim.selectors",
			volume_node(volume, &lines[0].origin, selectors));
	compat_put(volume->compat, "dkim.keys",
		volume_node(volume, &lines[0].origin, volume_path(volume, "opendkim/keys")));
	compat_put(volume->compat, "dkim.generate", volume_node(volume, &lines[0].origin, "never"));
}
