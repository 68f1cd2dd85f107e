/* secret.c - values that stand in files */
#include "settings/secret.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "settings/input.h"
#include "settings/value.h"

#define GRANTS_SHOWN 10
#define PASSWORD_BYTES 511 /* as PASSWORD_BYTES_MAX of crypto/password.h */

const char *
secret_path(const struct loading *loading, const char *path)
{
	return mounts_path(loading->arena, loading->source->mounts, loading->source->root, path);
}

/* must_be_there - in the container, or when someone said where its files are */
static bool
must_be_there(const struct loading *loading)
{
	const char *root = loading->source->root;

	return loading->source->live || (root != NULL && root[0] != '\0');
}

static const char *
cause(int error)
{
	return error == EFBIG ? "it is larger than 1 MB" : input_cause(error);
}

static struct origin
file_origin(const char *path, const struct origin *origin)
{
	struct origin result = *origin;

	result.kind = ORIGIN_SECRET;
	if (origin->file == NULL)
		result.file = path;
	return result;
}

static void
tell_unreadable(struct loading *loading, const char *path, const char *setting,
	const struct origin *origin, int error)
{
	finding_add(loading->findings, "secret-unreadable", origin, "%s: unable to read %s: %s",
		setting, path, cause(error));
}

static void
tell_empty(
	struct loading *loading, const char *path, const char *setting, const struct origin *origin)
{
	finding_add(
		loading->findings, "secret-unreadable", origin, "%s: %s is empty", setting, path)
		->help = "Write the value into the file, or name the one that has it.";
}

/* drop_line_break - an editor's last line break is no part of a secret; a second one is */
static size_t
drop_line_break(const struct buffer *content)
{
	size_t len = content->len;

	if (len > 0 && content->data[len - 1] == '\n')
		len--;
	if (len > 0 && len < content->len && content->data[len - 1] == '\r')
		len--;
	return len;
}

static struct node *
take_content(struct loading *loading, const char *path, const char *setting,
	const struct origin *origin, const struct buffer *content)
{
	struct origin place = file_origin(path, origin);
	size_t len = drop_line_break(content);
	struct node *node;

	if (len != 0 && memchr(content->data, '\0', len) != NULL) {
		value_help_control(finding_add(loading->findings, "value-newline", origin,
			"%s: %s holds a NUL byte", setting, path));
		return NULL;
	}
	if (len == 0) {
		tell_empty(loading, path, setting, origin);
		return NULL;
	}
	node = node_new(loading->arena, NODE_SCALAR, &place);
	node->text = arena_strndup(loading->arena, content->data, len);
	node->secret = true;
	return node;
}

/* granted - the secrets and configs of the service, for a message */
static const char *
granted(const struct loading *loading, const char **paths, size_t max, size_t *count)
{
	const struct mounts *mounts = loading->source->mounts;
	const char *text = "";

	*count = 0;
	for (size_t i = 0; i < mounts->count && *count < max; i++) {
		if (mounts->items[i].kind != MOUNT_GRANT)
			continue;
		text = arena_printf(loading->arena, "%s%s%s", text, *count > 0 ? ", " : "",
			mounts->items[i].target);
		paths[(*count)++] = mounts->items[i].target;
	}
	return text;
}

bool
secret_is_unmounted(const struct loading *loading, const char *path)
{
	return !mounts_bring(loading->source->mounts, path);
}

/* tell_unmounted - a compose file that forgets a secret starts nothing, however CI looks */
static void
tell_unmounted(
	struct loading *loading, const char *path, const char *setting, const struct origin *origin)
{
	const char *paths[GRANTS_SHOWN] = {NULL}, *nearest, *all;
	struct finding *finding;
	size_t count;

	if (++loading->unmounted > UNMOUNTED_SHOWN)
		return;
	all = granted(loading, paths, GRANTS_SHOWN, &count);
	nearest = text_nearest(path, paths, count);
	finding = finding_add(loading->findings, "compose-file-unmounted", origin,
		"%s: no secret, config or volume of the service brings %s into the container%s%s%s",
		setting, path, nearest != NULL ? "; did you mean " : "",
		nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
	finding->help = arena_printf(loading->arena,
		"Add it to secrets, configs or volumes of the service, or correct the path; the "
		"service has %s.",
		count > 0 ? all : "no secrets and no configs");
}

/* tell_misspelt - a file that is not where its mount leads; false when nothing speaks for a mistake */
static bool
tell_misspelt(
	struct loading *loading, const char *path, const char *setting, const struct origin *origin)
{
	struct mounts_guess guess;

	if (!mounts_guess(loading->arena, loading->source->mounts, path, &guess))
		return false;
	finding_add(loading->findings, "compose-file-misspelt", origin,
		"%s: %s: there is no %s; did you mean %s?", setting, path, guess.missing,
		guess.near);
	return true;
}

/* tell_elsewhere - it is mounted, and not on this machine, or not for who asks */
static void
tell_elsewhere(struct loading *loading, const char *path, const char *setting,
	const struct origin *origin, int error)
{
	const struct mount *mount = mounts_find(loading->source->mounts, path);
	const char *why = "is not on this machine";

	if (error == EACCES || error == EPERM)
		why = arena_printf(loading->arena, "cannot be read by uid %u, who runs mailinit",
			(unsigned)geteuid());

	if (mount == NULL || mount->source == NULL)
		finding_add(loading->findings, "not-checked", origin,
			"%s: %s %s; a placeholder stands for its content", setting, path, why);
	else
		finding_add(loading->findings, "not-checked", origin,
			"%s: %s, mounted as %s, %s; a placeholder stands for its content", setting,
			secret_path(loading, path), path, why)
			->help = "Put the file there, as the machine that runs the container must; "
				 "or leave it to the container to check.";
}

static struct node *
defer(struct loading *loading, const char *path, const char *setting, const struct origin *origin,
	int error)
{
	struct origin place = file_origin(path, origin);
	struct node *node = node_new(loading->arena, NODE_SCALAR, &place);

	if (secret_is_unmounted(loading, path))
		tell_unmounted(loading, path, setting, origin);
	else if (!tell_misspelt(loading, path, setting, origin))
		tell_elsewhere(loading, path, setting, origin, error);
	node->text = arena_printf(loading->arena, "{deferred:%s}", setting);
	node->secret = node->deferred = true;
	return node;
}

/* holds_login - "//user:password@host", as in a URL, whose password may be written as it is */
static bool
holds_login(const char *value)
{
	for (const char *at = strstr(value, "//"); at != NULL; at = strstr(at, "//")) {
		size_t len;

		at += 2;
		len = strcspn(at, " \t@");
		if (at[len] == '@' && memchr(at, ':', len) != NULL)
			return true;
	}
	return false;
}

bool
secret_implied(struct arena *arena, const char *name, const char *value)
{
	static const char *const endings[] = {"password", "api_key", "secret"};
	bool in_table = strstr(value, "static:") != NULL || strstr(value, "inline:") != NULL;

	name = text_lower(arena, name);
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (text_ends(name, endings[i]))
			return true;
	/* the connect strings of SQL, URLs, and Postfix's tables within a parameter */
	return strstr(value, "password=") != NULL || holds_login(value) ||
		(in_table && (strstr(name, "passw") != NULL || strstr(value, "passw") != NULL));
}

/* check_open - in the container alone: elsewhere a file has the mode of a working copy */
static void
check_open(struct loading *loading, const char *path, const char *setting,
	const struct origin *origin, const struct stat *status)
{
	const char *root = loading->source->root;

	if (!loading->source->live || (root != NULL && root[0] != '\0') ||
		(status->st_mode & S_IROTH) == 0 || loading->told_open)
		return;
	loading->told_open = true; /* the others are most likely of the same kind */
	finding_add(loading->findings, "secret-open", origin,
		"%s: every user of the container can read %s: its mode is %04o", setting, path,
		(unsigned)status->st_mode & 07777);
}

struct node *
secret_read(
	struct loading *loading, const char *path, const char *setting, const struct origin *origin)
{
	struct buffer content = {0};
	struct node *node = NULL;
	struct stat status;

	watches_add(loading->source->watches, secret_path(loading, path));
	if (file_read(secret_path(loading, path), SECRET_BYTES, &content, &status) == 0) {
		check_open(loading, path, setting, origin, &status);
		node = take_content(loading, path, setting, origin, &content);
	} else if (must_be_there(loading) || errno == EISDIR || errno == EINVAL || errno == EFBIG) {
		tell_unreadable(loading, path, setting, origin, errno);
	} else {
		node = defer(loading, path, setting, origin, errno);
	}
	if (content.data != NULL)
		explicit_bzero(content.data, content.size);
	buffer_free(&content);
	return node;
}

/* check_password - what hashing it at the start would refuse, or nobody could type */
static void
check_password(struct loading *loading, const char *path, const char *setting,
	const struct origin *origin, const struct buffer *content)
{
	size_t len = drop_line_break(content);

	if (len == 0)
		tell_empty(loading, path, setting, origin);
	else if (memchr(content->data, '\n', len) != NULL)
		finding_add(loading->findings, "value-newline", origin,
			"%s: %s holds a line break inside", setting, path);
	else if (memchr(content->data, '\0', len) != NULL)
		value_help_control(finding_add(loading->findings, "value-newline", origin,
			"%s: %s holds a NUL byte", setting, path));
	else if (len > PASSWORD_BYTES)
		finding_add(loading->findings, "value-type", origin,
			"%s: the password in %s has %zu bytes; Dovecot can check at most %d",
			setting, path, len, PASSWORD_BYTES);
}

/* count_unchecked - one note tells of them all: they may be a thousand */
static void
count_unchecked(
	struct loading *loading, const char *path, const char *setting, const struct origin *origin)
{
	if (loading->unchecked_files++ == 0) {
		loading->unchecked_origin = *origin;
		loading->unchecked_paths = arena_printf(loading->arena, "%s, %s", path, setting);
	} else if (loading->unchecked_files <= UNCHECKED_SHOWN) {
		loading->unchecked_paths = arena_printf(
			loading->arena, "%s; %s, %s", loading->unchecked_paths, path, setting);
	}
}

void
secret_probe(
	struct loading *loading, const char *path, const char *setting, const struct origin *origin)
{
	struct buffer content = {0};
	struct stat status;

	watches_add(loading->source->watches, secret_path(loading, path));
	if (file_read(secret_path(loading, path), SECRET_BYTES, &content, &status) != 0) {
		if (must_be_there(loading))
			tell_unreadable(loading, path, setting, origin, errno);
		else if (secret_is_unmounted(loading, path))
			tell_unmounted(loading, path, setting, origin);
		else if (!tell_misspelt(loading, path, setting, origin))
			count_unchecked(loading, path, setting, origin);
	} else {
		check_open(loading, path, setting, origin, &status);
		check_password(loading, path, setting, origin, &content);
	}
	if (content.data != NULL)
		explicit_bzero(content.data, content.size);
	buffer_free(&content);
}
