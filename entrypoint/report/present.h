#ifndef REPORT_PRESENT_H
#define REPORT_PRESENT_H

#include "base/buffer.h"
#include "plan/plan.h"

/*
 * What is on disk now, under the plan's root or in the directory that it is held
 * against, beside what a start would write. Nothing here is ever written.
 */
enum present_action { PRESENT_CREATE, PRESENT_CHANGE, PRESENT_KEEP };

struct present {
	enum present_action action;
	struct buffer content; /* what is there; freed by present_free */
	int error; /* it is there but cannot be read: errno; else 0 */
	mode_t mode; /* of what is there */
	bool mode_differs;
};

/* "create", "change", "keep" */
const char *present_action_name(enum present_action action);

/* Follows the links that the image bakes. PRESENT is overwritten. */
void present_find(const struct plan *plan, const struct plan_file *file, struct present *present);

/* What would happen to FILE, for who needs no more. */
enum present_action present_action(const struct plan *plan, const struct plan_file *file);

void present_free(struct present *present);

/*
 * The files of the present generation that the plan no longer has, by the
 * path below PLAN_CURRENT, in the arena, in the manifest's order, or by name where a
 * directory without one is compared with. Sets *NAMES and returns how many: none when
 * nothing can be read there, or when nothing was rendered because the settings are wrong.
 */
size_t present_removed(const struct plan *plan, const char ***names);

#endif
