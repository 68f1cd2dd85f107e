#ifndef BASE_FINDING_H
#define BASE_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/origin.h"

/*
 * What is wrong, or worth knowing. Every finding names a rule of the one
 * catalogue (rules.h), whose id is fixed for ever: other people's pipelines
 * depend on it. All findings of a run are collected; nothing stops at the
 * first. No message may hold the text of a secret.
 */
enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

struct rule {
	const char *id; /* kebab-case */
	enum severity severity;
	bool refuses; /* a start (or a reload) does not happen */
	const char *title; /* what the rule looks for */
	const char *effect; /* what happens to mail if it stays so */
	const char *help; /* what to change */
	const char *source; /* RFC section, Postfix manual, … or "" */
};

struct finding {
	const struct rule *rule;
	enum severity severity; /* after checks.ID */
	bool refuses;
	bool waived; /* it would refuse, but MAIL_START_ANYWAY names it */
	const char *message;
	struct origin origin;
	const char *effect, *help; /* the rule's, unless the finder knew better */
};

struct findings {
	struct arena *arena; /* not owned */
	struct finding *items;
	size_t count, room;
	struct finding *silenced; /* taken out again, for checks.ID is off; told by reports alone */
	size_t silenced_count, silenced_room;
};

void findings_init(struct findings *findings, struct arena *arena);

/*
 * Adds a finding of rule ID. ORIGIN may be NULL (then "default"). The result
 * may be refined (help, effect) until the next call. An ID that is not in the
 * catalogue is a broken invariant and aborts: the tests visit every caller.
 */
struct finding *finding_add(struct findings *findings, const char *id, const struct origin *origin,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Puts a finding that is not among the items among the silenced ones. */
void finding_silence(struct findings *findings, const struct finding *finding);

/* How many have this severity. */
size_t findings_count(const struct findings *findings, enum severity severity);

/* Whether any of them refuses a start. */
bool findings_refuse(const struct findings *findings);

const char *severity_name(enum severity severity);

/* The catalogue: rules_count rows, sorted by nothing in particular. */
extern const struct rule rules[];
extern const size_t rules_count;

/* The rule of that id, or NULL. */
const struct rule *rule_find(const char *id);

#endif
