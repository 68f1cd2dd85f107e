#ifndef CHECK_POSTFIX_H
#define CHECK_POSTFIX_H

#include <stdbool.h>
#include <stddef.h>

#include "check/name_set.h"
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

/* A word of a list: not NUL-terminated. */
struct postfix_word {
	const char *text;
	size_t len;
};

/* How many findings of one rule there were. */
struct postfix_tally {
	const char *id;
	size_t count;
};

#define POSTFIX_TALLIES 64 /* more rules than the catalogue has for Postfix */
#define POSTFIX_TOLD_MAX 100 /* findings of one rule: more of them help nobody, their number does */

struct postfix_check {
	struct plan *plan;
	const struct plan_file *main_file, *master_file;
	struct main_cf main_cf;
	struct master_cf master_cf;
	int version; /* as in postfix_parameter.h; 0: unknown, so any */
	bool broken; /* services could not be read: names made from theirs would look unknown */
	struct postfix_setting *settings; /* those that count: no overridden ones */
	size_t setting_count;
	/* for bisection: by name, then by service, main.cf first; and the services by name */
	const struct postfix_setting **by_name;
	const struct master_cf_service **by_service;
	size_t service_count; /* of those that are not overridden */
	bool has_secret; /* one of them has: what a $name comes to is not shown */
	struct postfix_reference *references;
	size_t reference_count, reference_room;
	const struct postfix_reference **by_reference; /* by name, then by service */
	/* check/postfix_used.c: filled when they are first asked for */
	bool collected;
	struct name_set in_defaults, tables, classes;
	struct name_set types; /* of lookup tables that were told of in one setting */
	struct postfix_tally tallies[POSTFIX_TALLIES];
	struct finding surplus; /* what a finder refines when enough of its rule were told */
	bool stressed; /* which of its two values $stress has just now */
};

/*
 * check/postfix.c: reads the plan's main.cf and master.cf; false when there are none.
 * What cannot be read is in the faults.
 */
bool postfix_read(struct postfix_check *check, struct plan *plan, struct faults *of_main,
	struct faults *of_master);

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

/* Whether so many findings of rule ID were told that the next one is only counted. */
bool postfix_told_enough(const struct postfix_check *check, const char *id);

/* Tells of each rule how many findings were only counted. */
void postfix_say_surplus(struct postfix_check *check);

/* " = VALUE", cut to what people read, or "" when the value is a secret. */
const char *postfix_shown(struct postfix_check *check, const struct postfix_setting *setting);

/* check/postfix_index.c: orders settings and services, once they are all there; and references. */
void postfix_index(struct postfix_check *check);
void postfix_index_references(struct postfix_check *check);

/* Whether main.cf or any service sets NAME. */
bool postfix_is_set(const struct postfix_check *check, const char *name);

/* Whether a value that is set has $NAME, where the setting can be seen from it. */
bool postfix_is_referred(const struct postfix_check *check, const struct postfix_setting *setting);

/* The services whose name is the first LEN bytes of NAME: returns the first, *COUNT how many. */
const struct master_cf_service *const *
postfix_services_of(const struct postfix_check *check, const char *name, size_t len, size_t *count);

/* check/postfix_word.c: words end at blanks and commas outside of braces; false at the end. */
bool postfix_word_next(const char **at, struct postfix_word *word);

/* The length of TYPE in "type:name"; 0 when the word has none. */
size_t postfix_word_type(const struct postfix_word *word);

/* Whether the word is TEXT, in any case of letters. */
bool postfix_word_is(const struct postfix_word *word, const char *text);

/* Where WORD of the expanded value stands in the setting's line; the value's place if elsewhere. */
size_t postfix_word_place(const struct postfix_setting *setting, const char *word);

/* WORD for a message: not that of a secret, and no more than people read. */
const char *postfix_word_shown(
	struct postfix_check *check, const struct postfix_setting *setting, const char *word);

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

/* The setting's value, expanded, with what is known of it only: placeholders stay in it. */
const char *postfix_expand_part(struct postfix_check *check, const struct postfix_setting *setting);

/* The value of parameter NAME as SERVICE sees it, expanded; "" where it is not known here. */
const char *postfix_value_of(
	struct postfix_check *check, const struct master_cf_service *service, const char *name);

/*
 * check/postfix_used.c: whether something gives a name that is no parameter a
 * meaning: a $name, a class of restrictions, a table's options.
 */
bool postfix_used(struct postfix_check *check, const struct postfix_setting *setting);

/* Whether the default of a parameter that nobody has set refers to NAME. */
bool postfix_in_default(struct postfix_check *check, const char *name);

/* Whether smtpd_restriction_classes lists NAME, for SERVICE. */
bool postfix_is_class(
	struct postfix_check *check, const struct master_cf_service *service, const char *name);

/* The rules, one file each. */
void postfix_check_form(
	struct postfix_check *check, const struct faults *of_main, const struct faults *of_master);
void postfix_check_values(struct postfix_check *check);
void postfix_check_names(struct postfix_check *check);
void postfix_check_references(struct postfix_check *check);
void postfix_check_maps(struct postfix_check *check);
void postfix_check_services(struct postfix_check *check);
void postfix_check_networks(struct postfix_check *check);
void postfix_check_relay(struct postfix_check *check);
void postfix_check_restrictions(struct postfix_check *check);
void postfix_check_partners(struct postfix_check *check);
void postfix_check_listeners(struct postfix_check *check);
void postfix_check_domains(struct postfix_check *check);
void postfix_check_milters(struct postfix_check *check);
void postfix_check_commands(struct postfix_check *check);
void postfix_check_gateway(struct postfix_check *check);
void postfix_check_map_form(struct postfix_check *check);
void postfix_check_limits(struct postfix_check *check);
void postfix_check_secrets(struct postfix_check *check);
void postfix_check_signer(struct postfix_check *check);
void postfix_check_sockets(struct postfix_check *check);
void postfix_check_tls(struct postfix_check *check);

#endif
