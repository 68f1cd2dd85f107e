/*
 * generation.c - one set of files, selected by one symlink
 *
 * Nothing here is synced to disk: a generation is made anew at every start, so
 * a crash of the machine cannot leave half of one in use.
 */
#include "apply/generation.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/byhand.h"
#include "apply/owner.h"
#include "apply/place.h"
#include "apply/unable.h"
#include "base/file.h"
#include "base/text.h"

#define GENERATION_FILE_LIMIT (64 * 1024 * 1024)

/* current_number - the N of the gen-N in use, 0 when there is none */
static unsigned
current_number(void)
{
	char target[64];
	ssize_t len = readlink(PLAN_CURRENT, target, sizeof(target) - 1);

	if (len <= 0)
		return 0;
	target[len] = '\0';
	return text_starts(target, "gen-") ? (unsigned)strtoul(target + 4, NULL, 10) : 0;
}

/* same_on_disk - whether PATH is what FILE wants: content, mode and owner */
static bool
same_on_disk(const char *path, const struct plan_file *file, uid_t uid, gid_t gid)
{
	struct buffer there = {0};
	struct stat status;
	bool same = file_read(path, GENERATION_FILE_LIMIT, &there, &status) == 0 &&
		there.len == file->content.len &&
		memcmp(buffer_text(&there), buffer_text(&file->content), there.len) == 0 &&
		(status.st_mode & 07777) == file->mode && status.st_uid == uid &&
		status.st_gid == gid;

	buffer_free(&there);
	return same;
}

static void
mark_changed(struct plan *plan, const struct plan_file *file)
{
	for (uint32_t i = 0; i < plan->services.count; i++) {
		if ((file->services & (1u << i)) == 0)
			continue;
		plan->services.services[i].changed = true;
		if (file->needs_restart)
			plan->services.services[i].restart = true;
	}
}

static int
make_parents(const char *path)
{
	char parent[PATH_MAX];
	char *slash;

	snprintf(parent, sizeof(parent), "%s", path);
	slash = strrchr(parent, '/');
	*slash = '\0';
	/* 0755 and root's: RequireSafeKeys wants every parent so, and OpenDKIM must pass through */
	return file_make_directories(parent, 0755) == 0 ? 0 : unable("make directory", parent);
}

static int
stage_file(struct plan *plan, struct generation *generation, const struct plan_file *file)
{
	char old[PATH_MAX], new[PATH_MAX];
	struct placement how = {.mode = file->mode};

	if (owner_find(file->owner, file->group, &how.uid, &how.gid) != 0)
		return -1;
	snprintf(old, sizeof(old), "%s/%s", PLAN_CURRENT, file->name);
	snprintf(new, sizeof(new), "%s/%s", generation->staged, file->name);
	if (make_parents(new) != 0)
		return -1;
	if (same_on_disk(old, file, how.uid, how.gid) && link(old, new) == 0)
		return 0;
	generation->same = false;
	mark_changed(plan, file);
	return place_file(new, buffer_text(&file->content), file->content.len, &how);
}

/*
 * stage_rendered - once more where no editor comes to: what people change by hand is
 * compared with it. Only what has a link is changed so.
 */
static int
stage_rendered(const struct generation *generation, const struct plan_file *file)
{
	char path[PATH_MAX];

	if (file->link == NULL)
		return 0;
	snprintf(path, sizeof(path), "%s/" PLAN_RENDERED, generation->staged);
	if (place_directory(path, 0700, 0, 0) != 0)
		return -1;
	snprintf(path, sizeof(path), "%s/" PLAN_RENDERED "/%s", generation->staged, file->name);
	if (make_parents(path) != 0)
		return -1;
	return place_file(path, buffer_text(&file->content), file->content.len,
		&(struct placement){.mode = 0600});
}

/* names_of - the manifest: which files there are, so that one that went away is a change too */
static int
stage_manifest(const struct plan *plan, struct generation *generation)
{
	struct plan_file manifest = {.name = "manifest", .mode = 0600};
	char old[PATH_MAX], new[PATH_MAX];
	int result = 0;

	byhand_manifest(plan, &manifest.content);
	snprintf(old, sizeof(old), "%s/%s", PLAN_CURRENT, manifest.name);
	snprintf(new, sizeof(new), "%s/%s", generation->staged, manifest.name);
	if (!same_on_disk(old, &manifest, 0, 0))
		generation->same = false;
	result = place_file(new, buffer_text(&manifest.content), manifest.content.len,
		&(struct placement){.mode = 0600});
	buffer_free(&manifest.content);
	return result;
}

int
generation_stage(struct plan *plan, struct generation *generation)
{
	unsigned current = current_number();

	memset(generation, 0, sizeof(*generation));
	generation->number = current + 1;
	generation->same = current != 0;
	snprintf(generation->staged, sizeof(generation->staged), "%s/.gen-%u.new",
		PLAN_RUN_DIRECTORY, generation->number);
	snprintf(generation->final, sizeof(generation->final), "%s/gen-%u", PLAN_RUN_DIRECTORY,
		generation->number);
	if (place_remove_tree(generation->staged) != 0 ||
		place_directory(generation->staged, 0755, 0, 0) != 0)
		return -1;
	for (size_t i = 0; i < plan->file_count; i++)
		if (stage_file(plan, generation, &plan->files[i]) != 0 ||
			stage_rendered(generation, &plan->files[i]) != 0)
			return -1;
	return stage_manifest(plan, generation);
}

/* remove_old - keeps the generation in use and the one before, for a reader in the middle of it */
static int
remove_old(unsigned in_use)
{
	DIR *dir = opendir(PLAN_RUN_DIRECTORY);
	struct dirent *entry;
	int result = 0;

	if (dir == NULL)
		return unable("read", PLAN_RUN_DIRECTORY);
	while (result == 0 && (entry = readdir(dir)) != NULL) {
		char path[PATH_MAX];
		unsigned long number;

		if (!text_starts(entry->d_name, "gen-"))
			continue;
		number = strtoul(entry->d_name + 4, NULL, 10);
		if (number == in_use || number + 1 == in_use)
			continue;
		snprintf(path, sizeof(path), "%s/%s", PLAN_RUN_DIRECTORY, entry->d_name);
		result = place_remove_tree(path);
	}
	closedir(dir);
	return result;
}

int
generation_switch(struct plan *plan, const struct generation *generation)
{
	char target[64];

	/* a directory of that name can only be the rest of an interrupted switch */
	if (place_remove_tree(generation->final) != 0)
		return -1;
	if (rename(generation->staged, generation->final) != 0)
		return unable("rename", generation->staged);
	snprintf(target, sizeof(target), "gen-%u", generation->number);
	if (place_link(PLAN_CURRENT, target) != 0)
		return -1;
	plan->services.generation = generation->number;
	return remove_old(generation->number);
}

void
generation_drop(const struct generation *generation)
{
	if (generation->staged[0] != '\0')
		place_remove_tree(generation->staged);
}

/* link_one - LINK points to TARGET already, or does so now: then it had been REPLACED */
static int
link_one(const char *link, const char *target, bool *replaced)
{
	char now[PATH_MAX];
	ssize_t len = readlink(link, now, sizeof(now) - 1);

	if (len > 0) {
		now[len] = '\0';
		if (strcmp(now, target) == 0)
			return 0;
	}
	if (len < 0 && errno == ENOENT && make_parents(link) != 0)
		return -1;
	*replaced = true;
	return place_link(link, target);
}

int
generation_link(struct plan *plan)
{
	char target[PATH_MAX];

	for (size_t i = 0; i < plan->file_count; i++) {
		bool replaced = false;

		if (plan->files[i].link == NULL)
			continue;
		snprintf(target, sizeof(target), "%s/%s", PLAN_CURRENT, plan->files[i].name);
		if (link_one(plan->files[i].link, target, &replaced) != 0)
			return -1;
		/* its daemon has read what stood there */
		if (replaced) {
			mark_changed(plan, &plan->files[i]);
			plan->services.changed_nothing = false;
		}
	}
	return 0;
}
