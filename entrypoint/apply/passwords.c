/*
 * passwords.c - password files become hashes, once
 *
 * The store has a line a mailbox: "address<TAB>identity<TAB>hash".
 */
#include "apply/passwords.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "apply/place.h"
#include "apply/unable.h"
#include "base/file.h"
#include "base/node.h"
#include "base/text.h"
#include "crypto/password.h"

#define STORE_PATH PLAN_STATE_DIRECTORY "/passwords"
#define STORE_LIMIT (16 * 1024 * 1024)
#define PASSWORD_LIMIT 1024

/* load_store - address to "identity<TAB>hash" */
static int
load_store(struct plan *plan, struct node *store)
{
	static const struct origin origin = {.kind = ORIGIN_SYSTEM, .file = STORE_PATH};
	struct buffer text = {0};
	char *rest, *line;

	if (file_read(STORE_PATH, STORE_LIMIT, &text, NULL) != 0) {
		buffer_free(&text);
		return errno == ENOENT ? 0 : unable("read", STORE_PATH);
	}
	for (line = strtok_r(text.data, "\n", &rest); line != NULL;
		line = strtok_r(NULL, "\n", &rest)) {
		char *tab = strchr(line, '\t');

		if (tab == NULL)
			continue;
		*tab = '\0';
		node_set(plan->arena, store, line, node_scalar(plan->arena, tab + 1, &origin));
	}
	buffer_free(&text);
	return 0;
}

/* identity_of - what tells that a password file is still the one that was hashed */
static const char *
identity_of(struct plan *plan, const struct stat *status)
{
	return arena_printf(plan->arena, "%llx:%llx:%llx:%llx.%lx",
		(unsigned long long)status->st_dev, (unsigned long long)status->st_ino,
		(unsigned long long)status->st_size, (unsigned long long)status->st_mtim.tv_sec,
		(unsigned long)status->st_mtim.tv_nsec);
}

/* hash_text - the hash of a file's one line; its line end is the editor's, not the password's */
static const char *
hash_text(struct plan *plan, const char *path, const struct buffer *text)
{
	struct crypto_error error;
	const char *hash = NULL;
	size_t len = text->len;

	if (len > 0 && text->data[len - 1] == '\n')
		len--;
	if (len > 0 && text->data[len - 1] == '\r')
		len--;
	if (password_hash(plan->arena, buffer_text(text), len, 0, &hash, &error) == 0)
		return hash;
	fprintf(stderr, "mailinit: unable to hash the password in %s: %s\n    hint: %s\n", path,
		error.text, error.help);
	return NULL;
}

/*
 * hash_given - of a password that stands in the settings. Nothing of it may be stored
 * beside the hash, so what was kept is verified, and stays while it is the same.
 */
static const char *
hash_given(struct plan *plan, const struct plan_password *password, const struct node *store,
	const char **identity)
{
	const struct node *kept = node_get(store, password->address);
	size_t len = strlen(password->text);
	struct crypto_error error;
	const char *hash = NULL;

	*identity = "given";
	if (kept != NULL && text_starts(kept->text, "given\t") &&
		password_verify(kept->text + strlen("given\t"), password->text, len) ==
			PASSWORD_MATCHES)
		return arena_strdup(plan->arena, kept->text + strlen("given\t"));
	if (password_hash(plan->arena, password->text, len, 0, &hash, &error) == 0)
		return hash;
	fprintf(stderr, "mailinit: unable to hash the password of %s: %s\n    hint: %s\n",
		password->address, error.text, error.help);
	return NULL;
}

/* hash_of - the hash kept for this very file, or a new one; NULL after saying why not */
static const char *
hash_of(struct plan *plan, const struct plan_password *password, const struct node *store,
	const char **identity)
{
	const struct node *kept = node_get(store, password->address);
	struct buffer text = {0};
	struct stat status;
	const char *hash;
	size_t len;

	if (password->text != NULL)
		return hash_given(plan, password, store, identity);
	watches_add(plan->watches, password->path);
	if (file_read(password->path, PASSWORD_LIMIT, &text, &status) != 0) {
		unable("read the password file", password->path);
		buffer_free(&text);
		return NULL;
	}
	*identity = identity_of(plan, &status);
	len = strlen(*identity);
	if (kept != NULL && strncmp(kept->text, *identity, len) == 0 && kept->text[len] == '\t')
		hash = arena_strdup(plan->arena, kept->text + len + 1);
	else
		hash = hash_text(plan, password->path, &text);
	if (text.data != NULL)
		explicit_bzero(text.data, text.len);
	buffer_free(&text);
	return hash;
}

/* replace_all - CONTENT with every placeholder replaced, in one pass over it */
static int
replace_all(struct plan *plan, struct plan_file *file, const struct node *hashes)
{
	static const char mark[] = "{deferred:password:";
	struct buffer filled = {0};
	const char *at = buffer_text(&file->content);

	for (;;) {
		const char *found = strstr(at, mark), *end;
		const struct node *hash;
		char *address;

		if (found == NULL)
			break;
		end = strchr(found, '}');
		if (end == NULL)
			break;
		address = arena_strndup(
			plan->arena, found + strlen(mark), (size_t)(end - found) - strlen(mark));
		hash = node_get(hashes, address);
		if (hash == NULL) {
			fprintf(stderr, "mailinit: no password is known for %s\n", address);
			buffer_free(&filled);
			return -1;
		}
		buffer_append(&filled, at, (size_t)(found - at));
		buffer_puts(&filled, hash->text);
		at = end + 1;
	}
	buffer_puts(&filled, at);
	buffer_free(&file->content);
	file->content = filled;
	return 0;
}

/* is_stored - whether the store is as TEXT already: a full disk is no matter then */
static bool
is_stored(const struct buffer *text)
{
	struct buffer stored = {0};
	bool same = file_read(STORE_PATH, STORE_LIMIT, &stored, NULL) == 0 &&
		stored.len == text->len &&
		memcmp(buffer_text(&stored), buffer_text(text), text->len) == 0;

	if (stored.data != NULL)
		explicit_bzero(stored.data, stored.len);
	buffer_free(&stored);
	return same;
}

int
passwords_fill(struct plan *plan, struct plan_file *file)
{
	static const struct placement how = {.mode = 0600, .durable = true};
	struct node *store = node_new(plan->arena, NODE_MAP, NULL);
	struct node *hashes = node_new(plan->arena, NODE_MAP, NULL);
	struct buffer text = {0};
	int result = load_store(plan, store);

	for (size_t i = 0; result == 0 && i < plan->password_count; i++) {
		const struct plan_password *password = &plan->passwords[i];
		const char *identity = NULL;
		const char *hash = hash_of(plan, password, store, &identity);

		if (hash == NULL) {
			result = -1;
			break;
		}
		node_set(plan->arena, hashes, password->address,
			node_scalar(plan->arena, hash, &password->origin));
		buffer_printf(&text, "%s\t%s\t%s\n", password->address, identity, hash);
	}
	if (result == 0)
		result = replace_all(plan, file, hashes);
	if (result == 0 && !is_stored(&text))
		result = place_file(STORE_PATH, buffer_text(&text), text.len, &how);
	buffer_free(&text);
	file->late = LATE_NOT;
	return result;
}
