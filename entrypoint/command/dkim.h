#ifndef COMMAND_DKIM_H
#define COMMAND_DKIM_H

/* Private to the dkim commands: what they share. */
#include <stdbool.h>
#include <stdint.h>

#include "command/build.h"
#include "dns/dkim_record.h"

#define DKIM_LOOKUP_MS 5000 /* one question, all servers and tries of it together */
#define DKIM_POLL_MS 5000 /* between two looks at DNS */

struct dkim_options {
	struct options shared;
	const char *const *domains; /* operands; none: all domains */
	size_t domain_count;
	const char *selector; /* --selector, or NULL */
	int64_t timeout_ms; /* --timeout */
	bool no_wait, force, again;
};

/* What a command found out or did for one domain. Strings are in the arena of struct dkim_run. */
struct dkim_progress {
	const char *domain;
	bool asked; /* DNS, for the active key (status) or the next one (rotate) */
	struct dkim_published active, next;
	const char *told; /* the last line that was printed of it: each is printed once */
	bool printed; /* the record to publish was printed */
	bool done; /* nothing is left to do in this run */
	int code; /* an exit code: why it ended */
	bool switched; /* this run changed over */
	bool hold_known;
	uint32_t hold; /* seconds that DNS must show the next key for */
};

struct dkim_run {
	const struct dkim_options *options;
	struct arena arena;
	struct dns_servers servers;
	int64_t deadline_ms; /* of the monotonic clock: DNS is asked no longer than that */
	struct dkim_progress *items;
	size_t count;
};

/* The plan's key of a domain, or NULL. */
struct plan_dkim_key *dkim_find_key(const struct plan *plan, const char *domain);

/*
 * Builds the plan as it is now. Returns EXIT_DONE, or says why not and returns
 * another code; build_free either way.
 */
int dkim_build(struct build *build, const struct options *options);

/* The lock of the states and the plan as it is under it: *FD is closed by the caller, if not -1. */
int dkim_build_locked(struct build *build, const struct options *options, int *fd);

/*
 * Fills run->items with the domains that were asked for; DNS may be asked for
 * LIMIT_MS in all. Returns an exit code.
 */
int dkim_run_begin(struct dkim_run *run, const struct dkim_options *options, int64_t limit_ms);
void dkim_run_end(struct dkim_run *run);

/* Asks for the record of SELECTOR, and judges it; what it says is in the run's arena. */
void dkim_ask(struct dkim_run *run, const char *domain, const char *selector,
	const char *public_key, struct dkim_published *published);

/* How long the zone lets others remember that the record was not there, seconds. */
uint32_t dkim_ask_negative_ttl(struct dkim_run *run, const char *domain, const char *selector);

enum dkim_in_use { DKIM_IN_USE, DKIM_NOT_IN_USE, DKIM_NOT_RUNNING };

/* Whether the files of the running daemons have the key that the state says. */
enum dkim_in_use dkim_in_use(const struct plan *plan, const struct plan_dkim_key *key);

/* Prints STATE of all domains of RUN, on standard output. Returns an exit code. */
int dkim_report(const struct plan *plan, const struct dkim_run *run);

int dkim_rotate(const struct dkim_options *options);

#endif
