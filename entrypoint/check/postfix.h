#ifndef CHECK_POSTFIX_H
#define CHECK_POSTFIX_H

#include <stdbool.h>
#include <stddef.h>

#include "language/main_cf.h"
#include "language/master_cf.h"
#include "language/postfix_parameter.h"
#include "plan/plan.h"

/*
 * The rules over the rendered main.cf and master.cf, as Postfix will read them:
 * behind templates, settings and passthrough. All of it belongs to the plan's
 * arena.
 */

/* One name and value: an entry of main.cf, or an -o option of a service. */
struct postfix_setting {
	const char *name, *value;
	const struct master_cf_service *service; /* NULL: in main.cf */
	const struct plan_file *file;
	const struct logical_line *line;
	size_t name_at, value_at; /* offsets in the line's text */
	bool secret; /* its value is never shown */
};

/* A name behind a "$" in a setting's value. */
struct postfix_reference {
	const char *name;
	const struct postfix_setting *from;
	size_t at; /* offset in the value */
};

struct postfix_check {
	struct plan *plan;
	const struct plan_file *main_file, *master_file;
	struct main_cf main_cf;
	struct master_cf master_cf;
	int version; /* as in postfix_parameter.h; 0: unknown, so any */
	bool broken; /* services could not be read: names made from theirs would look unknown */
	struct postfix_setting *settings; /* those that count: no overridden ones */
	size_t setting_count;
	bool has_secret; /* one of them has: what a $name comes to is not shown */
	struct postfix_reference *references;
	size_t reference_count, reference_room;
	bool stressed; /* which of its two values $stress has just now */
};

/* check/postfix_say.c: adds a finding about byte AT of the setting's line, with its origin. */
struct finding *
postfix_say(struct postfix_check *check, const char *id, const struct postfix_setting *setting,
	size_t at, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The same for a line and column of a file, and for a service. */
struct finding *
postfix_say_at(struct postfix_check *check, const char *id, const struct plan_file *file, int line,
	int column, const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Where byte AT of a logical line came from. */
struct origin postfix_origin(const struct plan *plan, const struct plan_file *file,
	const struct logical_line *line, size_t at);

/* " = VALUE", cut to what people read, or "" when the value is a secret. */
const char *postfix_shown(struct postfix_check *check, const struct postfix_setting *setting);

/* check/postfix_lookup.c: what NAME is; false when no parameter of this Postfix is called so. */
bool
postfix_known(struct postfix_check *check, const char *name, struct postfix_parameter *parameter);

/* The setting of NAME that SERVICE (NULL: main.cf alone) sees, or NULL. */
const struct postfix_setting *postfix_setting_of(
	struct postfix_check *check, const struct master_cf_service *service, const char *name);

/*
 * Expands VALUE as SERVICE would. Returns whether it could be: not where a value
 * is known only in the container. *CIRCLE tells of a value that refers to itself.
 */
bool postfix_expand(struct postfix_check *check, const struct master_cf_service *service,
	const char *value, const char **expanded, bool *circle);

/* The rules, one file each. */
void postfix_check_form(struct postfix_check *check, const struct flaws *main_flaws,
	const struct flaws *master_flaws);
void postfix_check_values(struct postfix_check *check);
void postfix_check_names(struct postfix_check *check);
void postfix_check_references(struct postfix_check *check);
void postfix_check_maps(struct postfix_check *check);
void postfix_check_services(struct postfix_check *check);

#endif
