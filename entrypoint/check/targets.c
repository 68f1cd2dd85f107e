/* targets.c - places that the plan would write to and must not */
#include "check/rooms.h"

#include <stdbool.h>

#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "daemon/daemon.h"

#define MOUNTINFO "/proc/self/mountinfo"
#define MOUNTINFO_LIMIT (4 * 1024 * 1024)

/* mount_point - field 5 of a line of mountinfo (proc(5)); spaces in it are \040 */
static char *
mount_point(char *line)
{
	char *rest, *field = strtok_r(line, " ", &rest);

	for (int i = 1; field != NULL && i < 5; i++)
		field = strtok_r(NULL, " ", &rest);
	return field;
}

static bool
under(const char *path, const char *directory)
{
	size_t len = strlen(directory);

	return strncmp(path, directory, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

/*
 * check_mount - the engine follows the links that the image bakes: a mount over
 * /etc/postfix/main.cf shows at the link's end. A mounted directory around the
 * link hides the link itself.
 */
static void
check_mount(struct plan *plan, const char *point, const struct origin *origin)
{
	for (size_t i = 0; i < plan->file_count; i++) {
		const char *link = plan->files[i].link;
		const char *end =
			arena_printf(plan->arena, "%s/%s", PLAN_CURRENT, plan->files[i].name);

		if (strcmp(point, end) != 0 && (link == NULL || !under(link, point)))
			continue;
		finding_add(plan->findings, "target-is-mounted",
			origin != NULL ? origin
				       : &(struct origin){.kind = ORIGIN_SYSTEM,
						 .file = link != NULL ? link : end},
			"%s is a mount of yours, or lies in one; mailinit renders this file and "
			"never writes over a mount",
			link != NULL ? link : end);
	}
}

/* check_volumes - a key made outside of any volume dies with the container */
static void
check_volumes(struct plan *plan, const struct node *points)
{
	for (size_t i = 0; i < plan->dkim_key_count; i++) {
		const struct plan_dkim_key *key = &plan->dkim_keys[i];
		bool kept = false;

		for (size_t k = 0; k < points->count; k++)
			kept = kept || under(key->path, points->items[k]->text);
		if (key->generate && !kept)
			finding_add(plan->findings, "key-off-volume", &key->origin,
				"the DKIM key %s would be made outside of any volume", key->path);
	}
}

/* check_kept - the queue and the mail of a service: what nobody mounts is nowhere kept */
static void
check_kept(struct plan *plan)
{
	const struct node *roles = node_at(plan->settings, "roles");
	const struct origin *from = roles != NULL ? &roles->origin : NULL;
	char *store = arena_strdup(
		plan->arena, node_text(plan->settings, "mailboxes.path", "/var/mail/"));

	/* up to the first part that each mailbox has of its own */
	store[strcspn(store, "%")] = '\0';
	if (daemon_postfix.wanted(plan) && !mounts_stay(plan->mounts, PLAN_QUEUE_DIRECTORY))
		finding_add(plan->findings, "volume-missing", from,
			"the service has no volume at " PLAN_QUEUE_DIRECTORY
			", where mail waits that could not be delivered yet");
	if (daemon_role(plan, "mailstore") && !mounts_stay(plan->mounts, store))
		finding_add(plan->findings, "volume-missing", from,
			"the service has no volume at %s, where mail is kept", store);
}

/*
 * check_service - the same for the service of a compose file. The image's own volumes
 * have no name there: they are left behind when the container is removed.
 */
static void
check_service(struct plan *plan)
{
	for (size_t i = 0; i < plan->mounts->count; i++)
		check_mount(plan, plan->mounts->items[i].target, &plan->mounts->items[i].origin);
	for (size_t i = 0; i < plan->dkim_key_count; i++) {
		const struct plan_dkim_key *key = &plan->dkim_keys[i];

		if (key->generate && !mounts_stay(plan->mounts, key->path))
			finding_add(plan->findings, "key-off-volume", &key->origin,
				"the service has no volume for the DKIM key %s, which would be "
				"left behind with the container",
				key->path);
	}
	check_kept(plan);
}

/* check_targets - where the mounts are known: in the container, and of a compose file */
void
check_targets(struct plan *plan)
{
	struct buffer text = {0};
	struct node *points = node_new(plan->arena, NODE_LIST, NULL);
	char *rest, *line;

	if (plan->mounts != NULL) {
		check_service(plan);
		return;
	}
	if (!plan->live || plan->root[0] != '\0')
		return;
	if (file_read(MOUNTINFO, MOUNTINFO_LIMIT, &text, NULL) != 0) {
		finding_add(plan->findings, "not-checked", NULL,
			MOUNTINFO " cannot be read, so mounted targets were not looked for");
		buffer_free(&text);
		return;
	}
	for (line = strtok_r(text.data, "\n", &rest); line != NULL;
		line = strtok_r(NULL, "\n", &rest)) {
		char *point = mount_point(line);

		if (point == NULL || strcmp(point, "/") == 0)
			continue;
		check_mount(plan, point, NULL);
		node_add(plan->arena, points, node_scalar(plan->arena, point, NULL));
	}
	check_volumes(plan, points);
	buffer_free(&text);
}
