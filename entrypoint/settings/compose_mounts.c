/* compose_mounts.c - which files of this machine a service sees, and where */
#include "settings/compose_room.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "settings/yaml_lint.h"

#define IN_MEMORY_MAX 64 /* secrets and configs whose text is no file */

/* put - a mount of that KIND, written at PLACE */
static struct mount *
put(struct compose *compose, const struct node *place, enum mount_kind kind, const char *target,
	const char *source)
{
	struct mount *mount =
		mounts_add(compose->arena, compose->loading->source->mounts, target, source);

	mount->kind = kind;
	mount->origin = place->origin;
	mount->origin.kind = ORIGIN_ENVIRONMENT;
	return mount;
}

/*
 * place_text - where TEXT stands in the compose file, for messages about what is in it:
 * a block (|) has a line there for each of its own, further to the right
 */
static void
place_text(struct compose *compose, struct mount *mount, const struct node *where, const char *text)
{
	struct yaml_cursor cursor = {0};
	size_t line = (size_t)where->origin.line, column = 0, blanks;

	mount->text = where->origin;
	if (yaml_char_at(&compose->text, &cursor, line - 1, where->origin.column - 1) != '|')
		return;
	for (; *text == '\n'; text++)
		line++;
	blanks = strspn(text, " ");
	while (yaml_char_at(&compose->text, &cursor, line, column) == ' ')
		column++;
	if (column < blanks)
		return;
	mount->lines = true;
	mount->text.line++;
	mount->text.column = (unsigned)(column - blanks) + 1;
}

/* put_text - a file that only the container would have, with TEXT in it, mounted at TARGET */
static void
put_text(struct compose *compose, const struct node *place, const char *target,
	const struct node *where, const char *text)
{
	struct mounts *mounts = compose->loading->source->mounts;
	size_t len = strlen(text), in_memory = 0;
	struct mount *mount;
	int fd;

	for (size_t i = 0; i < mounts->count; i++)
		in_memory += mounts->items[i].fd != 0;
	if (in_memory >= IN_MEMORY_MAX) {
		compose_pass_over(compose, place,
			"more than 64 secrets and configs without a file: this one is not read");
		put(compose, place, MOUNT_GRANT, target, NULL);
		return;
	}
	fd = memfd_create("compose", MFD_CLOEXEC);
	if (fd < 0 || write(fd, text, len) != (ssize_t)len) {
		compose_refuse(
			compose, place, "unable to keep %s in memory: %s", target, strerror(errno));
		if (fd >= 0)
			close(fd);
		return;
	}
	mount = put(compose, place, MOUNT_GRANT, target,
		arena_printf(compose->arena, "/proc/self/fd/%d", fd));
	mount->fd = fd;
	place_text(compose, mount, where, text);
}

/* put_definition - what the top level says of a secret or config that goes to TARGET */
static void
put_definition(struct compose *compose, const struct node *place, const struct node *definition,
	const char *target)
{
	const char *file = compose_text_at(compose, definition, "file", NULL);
	const char *variable = compose_text_at(compose, definition, "environment", NULL);
	const char *text = compose_text_at(compose, definition, "content", NULL);
	const struct node *where = node_get(definition, "content");

	if (variable != NULL) {
		text = env_scope_outside(&compose->scope, variable);
		where = node_get(definition, "environment");
	}
	if (file != NULL)
		put(compose, place, MOUNT_GRANT, target, compose_path(compose, file));
	else if (text != NULL)
		put_text(compose, place, target, where, text);
	else /* external, or of a variable that this machine does not have */
		put(compose, place, MOUNT_GRANT, target, NULL);
}

/* take_grant - one entry of `secrets` or `configs` of the service: KIND */
static void
take_grant(
	struct compose *compose, const char *kind, const char *directory, const struct node *item)
{
	size_t number = compose->number;
	const struct node *definition;
	const char *name, *target;

	if (item->type == NODE_MAP)
		name = compose_text_at(compose, item, "source", NULL);
	else
		name = compose_text(compose, item, kind, true);
	if (name == NULL) {
		if (item->type == NODE_MAP)
			compose_refuse(compose, item, "an entry of %s must have a source", kind);
		return;
	}
	definition = node_get(node_get(compose->root, kind), name);
	if (definition == NULL && node_get(compose->root, "include") == NULL) {
		compose_refuse(compose, item, "there is no \"%.64s\" among the %s of the file",
			name, kind);
		return;
	}
	target = item->type == NODE_MAP ? compose_text_at(compose, item, "target", name) : name;
	if (target[0] != '/')
		target = arena_printf(compose->arena, "%s/%s", directory, target);
	/* its paths are meant from the first file, whatever file the service stands in */
	compose_read_from(compose, 0);
	put_definition(compose, item, definition, target);
	compose_read_from(compose, number);
}

/* check_declared - compose starts nothing while a volume of that name is not declared */
static void
check_declared(struct compose *compose, const struct node *item, const char *name)
{
	const struct node *volumes = node_get(compose->root, "volumes");
	const char *nearest;

	/* what is included may declare it */
	if (name[0] == '\0' || node_get(compose->root, "include") != NULL)
		return;
	for (size_t i = 0; volumes != NULL && i < volumes->count; i++)
		if (volumes->type == NODE_MAP && strcmp(volumes->keys[i], name) == 0)
			return;
	nearest = volumes != NULL && volumes->type == NODE_MAP
		? text_nearest(name, volumes->keys, volumes->count)
		: NULL;
	compose_refuse(compose, item,
		"there is no volume \"%.64s\" among the volumes of the file%s%.64s%s", name,
		nearest != NULL ? "; did you mean \"" : "", nearest != NULL ? nearest : "",
		nearest != NULL ? "\"?" : "; a directory begins with ./ or /");
}

/* take_short - "SOURCE:TARGET:mode", "TARGET" */
static void
take_short(struct compose *compose, const struct node *item)
{
	const char *text = compose_text(compose, item, "volumes", true), *colon, *target;
	size_t len;

	if (text == NULL)
		return;
	colon = strchr(text, ':');
	if (colon == NULL) {
		put(compose, item, MOUNT_VOLUME, text, NULL);
		return;
	}
	len = strcspn(colon + 1, ":");
	target = arena_strndup(compose->arena, colon + 1, len);
	text = arena_strndup(compose->arena, text, (size_t)(colon - text));
	/* a name without a slash or dot in front is that of a volume */
	if (text[0] != '\0' && strchr("./~", text[0]) != NULL) {
		put(compose, item, MOUNT_DIRECTORY, target, compose_path(compose, text));
		return;
	}
	check_declared(compose, item, text);
	put(compose, item, MOUNT_VOLUME, target, NULL);
}

static void
take_volume(struct compose *compose, const struct node *item)
{
	const char *type, *source, *target;

	if (item->type != NODE_MAP) {
		take_short(compose, item);
		return;
	}
	type = compose_text_at(compose, item, "type", "volume");
	source = compose_text_at(compose, item, "source", NULL);
	target = compose_text_at(compose, item, "target", NULL);
	if (target == NULL) {
		compose_refuse(compose, item, "an entry of volumes must have a target");
		return;
	}
	if (strcmp(type, "bind") == 0) {
		put(compose, item, MOUNT_DIRECTORY, target,
			source != NULL ? compose_path(compose, source) : NULL);
		return;
	}
	if (strcmp(type, "volume") == 0 && source != NULL)
		check_declared(compose, item, source);
	put(compose, item, strcmp(type, "tmpfs") == 0 ? MOUNT_EMPTY : MOUNT_VOLUME, target, NULL);
}

/* take_tmpfs - "/run:mode=755", or a list of such */
static void
take_tmpfs(struct compose *compose, const struct node *item)
{
	const char *text = compose_text(compose, item, "tmpfs", true);

	if (text != NULL)
		put(compose, item, MOUNT_EMPTY,
			arena_strndup(compose->arena, text, strcspn(text, ":")), NULL);
}

static bool
has_enough(struct compose *compose, const struct node *list)
{
	bool many = compose->loading->source->mounts->count >= COMPOSE_MOUNTS_MAX;

	return compose_is_full(
		compose, list, many ? "more than 1000 volumes, secrets and configs" : NULL);
}

static void
take_item(struct compose *compose, const char *key, const struct node *item)
{
	if (strcmp(key, "volumes") == 0)
		take_volume(compose, item);
	else if (strcmp(key, "tmpfs") == 0)
		take_tmpfs(compose, item);
	else
		take_grant(compose, key, strcmp(key, "secrets") == 0 ? "/run/secrets" : "", item);
}

void
compose_mounts(struct compose *compose)
{
	static const char *const keys[] = {"tmpfs", "secrets", "configs", "volumes"};

	for (size_t i = 0; i < compose->chain_count; i++)
		for (size_t j = 0; j < sizeof(keys) / sizeof(keys[0]); j++) {
			const struct node *list = node_get(compose_enter(compose, i), keys[j]);

			if (list == NULL || list->type == NODE_NULL)
				continue;
			if (j == 0 && list->type == NODE_SCALAR)
				take_tmpfs(compose, list);
			else if (list->type != NODE_LIST)
				compose_refuse(compose, list, "%s must be a list", keys[j]);
			for (size_t k = 0; list->type == NODE_LIST && k < list->count &&
				!has_enough(compose, list);
				k++)
				take_item(compose, keys[j], list->items[k]);
		}
}
