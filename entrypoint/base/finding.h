#ifndef BASE_FINDING_H
#define BASE_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/origin.h"
#include "base/rules.h"

/*
 * What is wrong, or worth knowing. Every finding names a rule of the one
 * catalogue (rules.h). All findings of a run are collected; nothing stops at
 * the first. No message may hold the text of a secret.
 */
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

#endif
