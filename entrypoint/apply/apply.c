/*
 * apply.c - a checked plan becomes files
 *
 * The order matters. First what may fail for want of space or permission, all of it
 * beside what is in use; the chroot with it, which is to equal /etc whatever the plan;
 * then the one rename.
 */
#include "apply/apply.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "apply/byhand.h"
#include "apply/chroot.h"
#include "apply/dkim.h"
#include "apply/generation.h"
#include "apply/kept.h"
#include "apply/late.h"
#include "apply/mounts.h"
#include "apply/owner.h"
#include "apply/place.h"
#include "apply/queue.h"
#include "apply/resolver.h"
#include "apply/unable.h"
#include "base/fatal.h"

#define APPLY_LOCK PLAN_RUN_DIRECTORY "/apply.lock"

/* lock - one apply at a time; the lock goes with the process */
static int
lock(void)
{
	int fd = open(APPLY_LOCK, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return unable("open", APPLY_LOCK);
	while (flock(fd, LOCK_EX) != 0)
		if (errno != EINTR)
			return unable("lock", APPLY_LOCK);
	return 0;
}

static int
make_directories(const struct plan *plan)
{
	for (size_t i = 0; i < plan->directory_count; i++) {
		const struct plan_directory *directory = &plan->directories[i];
		uid_t uid;
		gid_t gid;

		if (owner_find(directory->owner, directory->group, &uid, &gid) != 0 ||
			place_directory(directory->path, directory->mode, uid, gid) != 0)
			return -1;
	}
	return 0;
}

static int
switch_over(struct plan *plan, struct generation *generation)
{
	if (!generation->same)
		return generation_switch(plan, generation);
	plan->services.generation = generation->number - 1;
	plan->services.changed_nothing = true;
	generation_drop(generation);
	return 0;
}

static bool
has_postfix(const struct plan *plan)
{
	return service_find(&plan->services, "postfix") >= 0;
}

/* check_queue - the queue, and Postfix's own opinion of its main.cf, before it is in use */
static int
check_queue(const struct generation *generation)
{
	char config_directory[sizeof(generation->staged) + sizeof("/postfix")];
	bool refused;

	snprintf(config_directory, sizeof(config_directory), "%s/postfix", generation->staged);
	if (queue_repair(config_directory, &refused) == 0)
		return EXIT_DONE;
	return refused ? EXIT_DAEMON : EXIT_SYSTEM;
}

/* stage - all that may fail, beside what is in use */
static int
stage(struct plan *plan, struct generation *generation, bool first)
{
	bool with_queue = first && has_postfix(plan);
	int code;

	if (byhand_keep(plan) != 0 || make_directories(plan) != 0 || late_make(plan) != 0)
		return EXIT_SYSTEM;
	dkim_keep(plan);
	code = generation_stage(plan, generation) != 0 ? EXIT_SYSTEM
		: with_queue                           ? check_queue(generation)
						       : EXIT_DONE;
	if (code != EXIT_DONE)
		generation_drop(generation);
	return code;
}

/*
 * tell_postfix - a running smtp(8) reads resolv.conf once: only a reload brings processes
 * with the new one. What was put off for want of a name is then tried once.
 */
static void
tell_postfix(struct plan *plan)
{
	int place = service_find(&plan->services, "postfix");

	if (place < 0)
		return;
	plan->services.services[place].changed = plan->services.services[place].flush = true;
	plan->services.changed_nothing = false;
}

/* follow_system - what Postfix's processes read of /etc; CHANGED: those that run have it no more */
static int
follow_system(const struct plan *plan, bool first, bool *changed)
{
	bool in_chroot = false, outside = false;

	if (plan->chroot && chroot_sync(PLAN_QUEUE_DIRECTORY, &in_chroot) != 0)
		return -1;
	if (has_postfix(plan) && resolver_sync(first, &outside) != 0)
		return -1;
	*changed = (in_chroot || outside) && !first;
	return 0;
}

int
apply_plan(struct plan *plan, bool first)
{
	struct generation generation;
	bool changed = false;
	int code;

	if (place_directory(PLAN_RUN_DIRECTORY, 0755, 0, 0) != 0 || lock() != 0)
		return EXIT_SYSTEM;
	if (first && has_postfix(plan) && queue_is_free(PLAN_QUEUE_DIRECTORY) != 0)
		return EXIT_SYSTEM;
	code = stage(plan, &generation, first);
	if (code != EXIT_DONE)
		return code;
	if ((first && mounts_keep() != 0) || follow_system(plan, first, &changed) != 0) {
		generation_drop(&generation);
		return EXIT_SYSTEM;
	}
	if (switch_over(plan, &generation) != 0 || generation_link(plan) != 0)
		return EXIT_SYSTEM;
	if (changed)
		tell_postfix(plan);
	kept_store(plan);
	return EXIT_DONE;
}
