/* plan.c - the value that all rooms pass around */
#include "plan/plan.h"

#include <string.h>

#include "base/text.h"

const char *const plan_system_files[] = {
	"/etc/resolv.conf",
	"/etc/hosts",
	"/etc/nsswitch.conf",
	"/etc/services",
	"/etc/localtime",
	"/etc/host.conf",
	"/etc/gai.conf",
	NULL,
};

void
plan_init(struct plan *plan, struct arena *arena, struct findings *findings)
{
	memset(plan, 0, sizeof(*plan));
	plan->arena = arena;
	plan->findings = findings;
	plan->root = "";
	plan->capabilities = ~UINT64_C(0);
	service_table_init(&plan->services);
}

void
plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->file_count; i++)
		buffer_free(&plan->files[i].content);
	plan->file_count = 0;
}

/* make_room - ARRAY, or a larger copy of it when it is full */
static void *
make_room(struct plan *plan, void *array, size_t count, size_t *room, size_t size)
{
	size_t larger = *room != 0 ? *room * 2 : 8;

	if (count < *room)
		return array;
	*room = larger;
	return arena_grow(plan->arena, array, count * size, larger * size);
}

struct plan_file *
plan_add_file(struct plan *plan, const char *name, const char *link)
{
	struct plan_file *file;

	plan->files =
		make_room(plan, plan->files, plan->file_count, &plan->file_room, sizeof(*file));
	file = &plan->files[plan->file_count++];
	file->name = arena_strdup(plan->arena, name);
	file->link = link;
	file->mode = 0644;
	file->owner = file->group = "root";
	return file;
}

void
plan_add_directory(
	struct plan *plan, const char *path, mode_t mode, const char *owner, const char *group)
{
	struct plan_directory *directory;

	plan->directories = make_room(plan, plan->directories, plan->directory_count,
		&plan->directory_room, sizeof(*directory));
	directory = &plan->directories[plan->directory_count++];
	directory->path = arena_strdup(plan->arena, path);
	directory->mode = mode;
	directory->owner = owner;
	directory->group = group;
}

struct plan_certificate *
plan_add_certificate(struct plan *plan)
{
	struct plan_certificate *certificate;

	plan->certificates = make_room(plan, plan->certificates, plan->certificate_count,
		&plan->certificate_room, sizeof(*plan->certificates));
	certificate = &plan->certificates[plan->certificate_count++];
	/* one that was taken back may have been there */
	memset(certificate, 0, sizeof(*certificate));
	return certificate;
}

struct plan_password *
plan_add_password(struct plan *plan)
{
	plan->passwords = make_room(plan, plan->passwords, plan->password_count,
		&plan->password_room, sizeof(*plan->passwords));
	return &plan->passwords[plan->password_count++];
}

void
plan_add_deferred(struct plan *plan, const char *name, const char *reason)
{
	struct plan_deferred *deferred;

	plan->deferred = make_room(plan, plan->deferred, plan->deferred_count, &plan->deferred_room,
		sizeof(*deferred));
	deferred = &plan->deferred[plan->deferred_count++];
	deferred->name = arena_strdup(plan->arena, name);
	deferred->reason = reason;
}

struct plan_byhand *
plan_add_byhand(struct plan *plan)
{
	plan->byhand = make_room(
		plan, plan->byhand, plan->byhand_count, &plan->byhand_room, sizeof(*plan->byhand));
	memset(&plan->byhand[plan->byhand_count], 0, sizeof(*plan->byhand));
	return &plan->byhand[plan->byhand_count++];
}

void
plan_add_looked(
	struct plan *plan, enum plan_outcome outcome, const char *subject, const char *detail)
{
	struct plan_looked *looked;

	plan->looked = make_room(
		plan, plan->looked, plan->looked_count, &plan->looked_room, sizeof(*looked));
	looked = &plan->looked[plan->looked_count++];
	looked->outcome = outcome;
	looked->subject = text_mask_controls(arena_strdup(plan->arena, subject));
	looked->detail = text_mask_controls(arena_strdup(plan->arena, detail));
}

const char *
plan_outcome_name(enum plan_outcome outcome)
{
	static const char *const names[] = {
		[LOOKED_RIGHT] = "right",
		[LOOKED_WRONG] = "wrong",
		[LOOKED_ABSENT] = "absent",
		[LOOKED_NOT] = "not-checked",
	};

	return names[outcome];
}

void
plan_add_view(struct plan *plan, const char *template_name, const struct node *view)
{
	plan->views = make_room(
		plan, plan->views, plan->view_count, &plan->view_room, sizeof(*plan->views));
	plan->views[plan->view_count++] = (struct plan_view){template_name, view};
}

struct service_spec *
plan_add_service(struct plan *plan, const char *name)
{
	struct service_spec *service;

	if (plan->services.count == SERVICE_MAX)
		return NULL;
	service = &plan->services.services[plan->services.count];
	memset(service, 0, sizeof(*service));
	if (service_set_text(service->name, sizeof(service->name), name) != 0)
		return NULL;
	plan->services.count++;
	service->required = true;
	return service;
}

struct plan_file *
plan_find_file(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->file_count; i++)
		if (strcmp(plan->files[i].name, name) == 0)
			return &plan->files[i];
	return NULL;
}

const struct plan_line *
plan_line_at(const struct plan_file *file, int line)
{
	if (file->lines == NULL || line < 1 || (size_t)line > file->line_count)
		return NULL;
	return &file->lines[line - 1];
}

bool
plan_is_secret(const struct plan_file *file, int first, int last)
{
	if (file->secret)
		return true;
	for (int i = first; i <= last; i++) {
		const struct plan_line *line = plan_line_at(file, i);

		if (line != NULL && line->secret)
			return true;
	}
	return false;
}

const char *
plan_path(const struct plan *plan, const char *path)
{
	return mounts_path(plan->arena, plan->mounts, plan->root, path);
}

const char *
plan_shown_path(const struct plan *plan, const struct plan_file *file)
{
	if (file->link != NULL)
		return file->link;
	return arena_printf(plan->arena, "%s/%s", PLAN_CURRENT, file->name);
}
