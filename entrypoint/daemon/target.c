/* target.c - which Postfix, Dovecot and OpenDKIM a plan is for */
#include "daemon/target.h"

#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"

#define TARGET_LIMIT 65536

/* Of both images: those that Debian puts into packages of their own are not in them. */
#define DEBIAN_MAP_TYPES \
	"btree,cidr,environ,fail,hash,inline,internal,memcache,nis,pipemap,proxy,randmap,regexp," \
	"socketmap,static,tcp,texthash,unionmap,unix"

/* Where packages that bring a type of lookup table register it (Debian, postfix-add-maps). */
#define DYNAMIC_MAPS "/etc/postfix/dynamicmaps.cf"

static const struct plan_target builtin_targets[] = {
	{
		.name = "debian13",
		.postfix_version = "3.10.13",
		.dovecot_version = "2.4.1",
		.opendkim_version = "2.11.0",
		.postfix_daemon_directory = "/usr/lib/postfix/sbin",
		.postfix_map_types = DEBIAN_MAP_TYPES,
	},
	{
		.name = "debian12",
		.postfix_version = "3.7.11",
		.dovecot_version = "2.3.19",
		.opendkim_version = "2.11.0",
		.postfix_daemon_directory = "/usr/lib/postfix/sbin",
		.postfix_map_types = DEBIAN_MAP_TYPES,
	},
};

/* The releases by Debian's own names, as the tags of our images have them. */
static const struct {
	const char *word;
	const char *name;
} aliases[] = {{"trixie", "debian13"}, {"bookworm", "debian12"}};

/* release_of - debian13 for trixie; WANTED itself when it is no such name */
static const char *
release_of(const char *wanted)
{
	for (size_t i = 0; wanted != NULL && i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (strcmp(aliases[i].word, wanted) == 0)
			return aliases[i].name;
	return wanted;
}

static void
set_key(struct plan *plan, const char *key, const char *value)
{
	struct plan_target *target = &plan->target;
	const struct {
		const char *key;
		const char **room;
	} keys[] = {
		{"name", &target->name},
		{"postfix", &target->postfix_version},
		{"dovecot", &target->dovecot_version},
		{"opendkim", &target->opendkim_version},
		{"daemon_directory", &target->postfix_daemon_directory},
		{"map_types", &target->postfix_map_types},
	};

	/* other keys are for other readers of the file */
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(keys[i].key, key) == 0)
			*keys[i].room = arena_strdup(plan->arena, value);
}

static void
read_keys(struct plan *plan, char *text)
{
	char *rest, *line;

	for (line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
		char *equals = strchr(line, '=');

		if (line[0] == '#' || equals == NULL)
			continue;
		*equals = '\0';
		set_key(plan, line, equals + 1);
	}
}

/*
 * add_dynamic_maps - the types that packages brought since the image's target file
 * was written: an image made from ours may have postfix-ldap
 */
static void
add_dynamic_maps(struct plan *plan)
{
	struct buffer text = {0};
	char *rest, *line;

	if (file_read(plan_path(plan, DYNAMIC_MAPS), TARGET_LIMIT, &text, NULL) != 0 ||
		text.len == 0) {
		buffer_free(&text);
		return;
	}
	for (line = strtok_r(text.data, "\n", &rest); line != NULL;
		line = strtok_r(NULL, "\n", &rest)) {
		size_t len = strcspn(line, " \t");

		if (line[0] != '#' && len > 0)
			plan->target.postfix_map_types = arena_printf(plan->arena, "%s,%.*s",
				plan->target.postfix_map_types, (int)len, line);
	}
	buffer_free(&text);
}

void
target_find(struct plan *plan, const char *wanted)
{
	struct buffer text = {0};
	const char *path = wanted != NULL ? wanted : plan_path(plan, TARGET_FILE);
	const char *release = release_of(wanted);

	plan->target = builtin_targets[0];
	for (size_t i = 0; i < sizeof(builtin_targets) / sizeof(builtin_targets[0]); i++)
		if (release != NULL && strcmp(builtin_targets[i].name, release) == 0) {
			plan->target = builtin_targets[i];
			return;
		}
	if (file_read(path, TARGET_LIMIT, &text, NULL) == 0 && text.len > 0) {
		read_keys(plan, text.data);
		if (wanted == NULL)
			add_dynamic_maps(plan);
	} else if (wanted != NULL) {
		finding_add(plan->findings, "target-unknown",
			&(struct origin){.kind = ORIGIN_ENVIRONMENT, .name = "--target"},
			"\"%s\" is neither debian13 (trixie), nor debian12 (bookworm), nor a file "
			"that can be read",
			wanted);
	}
	buffer_free(&text);
}

bool
target_is_here(void)
{
	return access(TARGET_FILE, R_OK) == 0;
}
