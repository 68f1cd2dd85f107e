/* compat_volume.c - which files of docker-mailserver's config volume are read, and which are not */
#include "settings/compat_volume.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mounts.h"
#include "base/text.h"
#include "settings/input.h"
#include "settings/secret.h"

#define FILE_LIMIT (16 * 1024 * 1024)
#define NAMES_MAX 200 /* of one directory that are told of */
#define STATE "/var/mail-state"

const char *
volume_path(const struct volume *volume, const char *name)
{
	return arena_printf(volume->compat->loading->arena, "%s/%s", volume->directory, name);
}

const char *
volume_word(struct arena *arena, const char *text, const char **rest)
{
	size_t len = strcspn(text, " \t");

	*rest = text + len + strspn(text + len, " \t");
	return arena_strndup(arena, text, len);
}

struct node *
volume_node(struct volume *volume, const struct origin *origin, const char *text)
{
	return node_scalar(volume->compat->loading->arena, text, origin);
}

void
volume_tell(struct volume *volume, const char *id, const struct origin *origin, const char *words)
{
	finding_add(volume->compat->loading->findings, id, origin,
		"%s, a file of docker-mailserver: %s", origin->name, words);
}

static struct origin
origin_of(const struct volume *volume, const char *name, int line)
{
	return (struct origin){.kind = ORIGIN_COMPAT,
		.name = arena_strdup(volume->compat->loading->arena, name),
		.file = volume_path(volume, name),
		.line = line};
}

/* read_file - its content, or NULL when it is not there, or after a finding */
static char *
read_file(struct volume *volume, const char *name)
{
	struct loading *loading = volume->compat->loading;
	const char *path = secret_path(loading, volume_path(volume, name));
	struct origin origin = origin_of(volume, name, 0);
	struct buffer text = {0};
	char *content = NULL;

	watches_add(loading->source->watches, path);
	if (file_read(path, FILE_LIMIT, &text, NULL) == 0)
		content = arena_strndup(loading->arena, buffer_text(&text), text.len);
	else if (errno != ENOENT && errno != ENOTDIR)
		finding_add(loading->findings, "config-unreadable", &origin,
			"unable to read %s: %s", origin.file, input_cause(errno));
	if (text.data != NULL)
		explicit_bzero(text.data, text.len);
	buffer_free(&text);
	return content;
}

struct volume_line *
volume_lines(struct volume *volume, const char *name, size_t *count)
{
	struct arena *arena = volume->compat->loading->arena;
	char *content = read_file(volume, name), *rest;
	struct volume_line *lines;
	size_t room = 1;
	int number = 0;

	*count = 0;
	if (content == NULL)
		return NULL;
	for (const char *c = content; *c != '\0'; c++)
		room += *c == '\n';
	lines = arena_alloc(arena, room * sizeof(*lines));
	for (char *line = content; line != NULL; line = rest) {
		bool indented = line[0] == ' ' || line[0] == '\t';
		const char *text;

		rest = strchr(line, '\n');
		if (rest != NULL)
			*rest++ = '\0';
		line[strcspn(line, "\r")] = '\0';
		text = text_trim(arena, line);
		number++;
		if (text[0] != '\0' && text[0] != '#')
			lines[(*count)++] = (struct volume_line){
				text, indented, origin_of(volume, name, number)};
	}
	return lines;
}

/* What lies in the volume beside the files that are read. A * stands for any text. */
static const struct {
	const char *pattern, *id, *words;
} others[] = {
	{"postfix-aliases.cf", "compat-by-hand",
		"local names are not read: mail for root and postmaster goes by aliases, as in "
		"postmaster@your.domain"},
	{"dovecot-masters.cf", "compat-by-hand", "Dovecot's master users are not set up"},
	{"user-patches.sh", "compat-by-hand",
		"no script is run at the start: set parameters, or build an image of your own"},
	{"ldap-*.cf", "compat-by-hand", "accounts come from mailboxes; LDAP is not read"},
	{"*.dovecot.sieve", "compat-out-of-scope", "Sieve is not in the image"},
	{"sieve-*", "compat-out-of-scope", "Sieve is not in the image"},
	{"fetchmail.cf", "compat-out-of-scope", "mail is not fetched from other servers"},
	{"getmail-*", "compat-out-of-scope", "mail is not fetched from other servers"},
	{"getmailrc*", "compat-out-of-scope", "mail is not fetched from other servers"},
	{"fail2ban-*", "compat-out-of-scope",
		"nobody is locked out after failed logins; do it on the host, by the log"},
	{"rspamd", "compat-out-of-scope",
		"no filter of spam or viruses is in the image; give one as a milter: milters"},
	{"spamassassin-*", "compat-out-of-scope",
		"no filter of spam or viruses is in the image; give one as a milter: milters"},
	{"amavis*", "compat-out-of-scope",
		"no filter of spam or viruses is in the image; give one as a milter: milters"},
	{"whitelist_clients.local", "compat-out-of-scope",
		"nobody is made to try again (greylisting)"},
	{"whitelist_recipients", "compat-out-of-scope",
		"nobody is made to try again (greylisting)"},
};

static void
tell_name(struct volume *volume, const char *name)
{
	struct origin origin = origin_of(volume, name, 0);
	struct stat status;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (fnmatch(others[i].pattern, name, 0) != 0)
			continue;
		/* that image makes some of them, and leaves them empty */
		if (stat(secret_path(volume->compat->loading, origin.file), &status) != 0 ||
			!S_ISREG(status.st_mode) || status.st_size > 0)
			volume_tell(volume, others[i].id, &origin, others[i].words);
		return;
	}
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* tell_others - in the order of their names: a directory has none */
static void
tell_others(struct volume *volume)
{
	struct arena *arena = volume->compat->loading->arena;
	DIR *directory = opendir(secret_path(volume->compat->loading, volume->directory));
	const char *names[NAMES_MAX];
	struct dirent *entry;
	size_t count = 0;

	if (directory == NULL)
		return;
	while (count < NAMES_MAX && (entry = readdir(directory)) != NULL)
		if (entry->d_name[0] != '.')
			names[count++] = arena_strdup(arena, entry->d_name);
	closedir(directory);
	qsort(names, count, sizeof(*names), by_text);
	for (size_t i = 0; i < count; i++)
		tell_name(volume, names[i]);
}

/* tell_state - the queue of that image lies there, and is not looked at */
static void
tell_state(struct volume *volume)
{
	struct loading *loading = volume->compat->loading;
	struct origin origin = {.kind = ORIGIN_COMPAT, .name = STATE};
	bool there = loading->source->mounts != NULL
		? mounts_find(loading->source->mounts, STATE) != NULL
		: access(secret_path(loading, STATE), F_OK) == 0;

	if (there)
		finding_add(loading->findings, "compat-by-hand", &origin,
			STATE
			", a volume of docker-mailserver: mail in its queue is not taken "
			"over: empty it there before the change; here the queue is a volume of "
			"its own at /var/spool/postfix");
}

/* tell_senders - there a login may send as anybody, unless SPOOF_PROTECTION says otherwise */
static void
tell_senders(struct volume *volume)
{
	struct origin origin = origin_of(volume, "postfix-accounts.cf", 0);

	if (volume->accounts->count > 0 &&
		compat_variable(volume->compat, "SPOOF_PROTECTION") == NULL)
		volume_tell(volume, "compat-differs", &origin,
			"a login sends as its own address and as the aliases that end in its "
			"mailbox, as with SPOOF_PROTECTION=1; more are told in sender_logins");
}

/* is_mounted - whether a compose file mounts something at that very place */
static bool
is_mounted(const struct volume *volume)
{
	const struct mounts *mounts = volume->compat->loading->source->mounts;
	const struct mount *mount = mounts != NULL ? mounts_find(mounts, volume->directory) : NULL;

	return mount != NULL && mount->kind != MOUNT_EMPTY &&
		strcmp(mount->target, volume->directory) == 0;
}

/* is_there - whether the directory can be looked at; what is wrong with one that was named is told */
static bool
is_there(struct volume *volume, const struct node *setting)
{
	struct loading *loading = volume->compat->loading;
	const char *path = secret_path(loading, volume->directory);
	const struct settings_source *source = loading->source;
	struct stat status;

	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		/* a laptop's own /tmp is no container's */
		return source->mounts != NULL || source->live ||
			(source->root != NULL && source->root[0] != '\0') ||
			setting->origin.kind != ORIGIN_DEFAULT;
	if (setting->origin.kind == ORIGIN_DEFAULT && !is_mounted(volume))
		return false;
	if (source->live)
		finding_add(loading->findings, "config-unreadable", &setting->origin,
			"compat.directory: %s is no directory", volume->directory);
	else
		finding_add(loading->findings, "not-checked", &setting->origin,
			"compat.directory: %s is not on this machine, and what it says is not "
			"known",
			volume->directory);
	return false;
}

static void
put_domains(struct volume *volume)
{
	struct buffer text = {0};

	if (volume->domains->count == 0)
		return;
	for (size_t i = 0; i < volume->domains->count; i++)
		buffer_printf(&text, "%s%s", i > 0 ? " " : "", volume->domains->keys[i]);
	compat_put(volume->compat, "domains",
		volume_node(volume, &volume->domains->items[0]->origin, buffer_text(&text)));
	buffer_free(&text);
}

/* relay_of - the smarthost of that image's variables, as they become relay.host */
static const char *
relay_of(struct compat *compat)
{
	const char *host = compat_text(compat, "RELAY_HOST"), *port;

	if (compat_text(compat, "DEFAULT_RELAY_HOST")[0] != '\0')
		return compat_text(compat, "DEFAULT_RELAY_HOST");
	if (host[0] == '\0')
		return NULL;
	port = compat_text(compat, "RELAY_PORT");
	return arena_printf(compat->loading->arena, "[%s]:%s", host, port[0] != '\0' ? port : "25");
}

void
compat_volume(struct compat *compat)
{
	struct loading *loading = compat->loading;
	const struct node *setting = node_at(loading->settings, "compat.directory");
	struct volume volume = {.compat = compat, .directory = setting->text};

	if (!node_true(loading->settings, "compat.read") || !is_there(&volume, setting))
		return;
	compat->volume = volume.directory;
	volume.accounts = node_new(loading->arena, NODE_MAP, NULL);
	volume.domains = node_new(loading->arena, NODE_MAP, NULL);
	volume.relay = relay_of(compat);
	volume_mail(&volume);
	put_domains(&volume);
	volume_relays(&volume);
	volume_raw(&volume);
	volume_keys(&volume);
	tell_senders(&volume);
	tell_others(&volume);
	tell_state(&volume);
}
