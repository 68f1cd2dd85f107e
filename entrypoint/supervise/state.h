#ifndef SUPERVISE_STATE_H
#define SUPERVISE_STATE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * One service's life as a table: (state, event, now) -> (state, actions). Pure:
 * it makes no system call, reads no clock and allocates nothing, so that a
 * simulator can drive it through any history. Times are milliseconds of the
 * monotonic clock.
 *
 * What always holds between two events:
 *   - waiting, starting, stopping and backoff have a deadline; ready, stopped
 *     and failed have none. So nothing is ever forgotten half-way.
 *   - a process of the service may exist in starting, ready and stopping only.
 *   - after give_up_count failures within give_up_window, or as many starts in a
 *     row that never became ready, the state is failed.
 */
enum state {
	STATE_WAITING, /* for what it needs */
	STATE_STARTING, /* its process runs, its probes have not answered yet */
	STATE_READY, /* it works */
	STATE_STOPPING, /* its process, or some process of its group, is being ended */
	STATE_STOPPED, /* asked for */
	STATE_BACKOFF, /* it failed and will be tried again */
	STATE_FAILED, /* given up */
	STATE_COUNT,
};

enum state_event {
	EVENT_GO, /* all that it needs is ready */
	EVENT_READY, /* all its probes answered */
	EVENT_EXIT, /* its main process is gone, or could not be made */
	EVENT_EXIT_FINAL, /* … with an exit code that says "configuration" */
	EVENT_EMPTY, /* no process of its group is left */
	EVENT_DRAINED, /* what was under way when it was to drain has ended */
	EVENT_DEADLINE, /* the deadline has passed */
	EVENT_HOPELESS, /* the deadline has passed, and what it needs was given up */
	EVENT_STOP, /* it is to stop, and to stay so */
	EVENT_HURRY, /* it is to stop without any grace */
	EVENT_START, /* a person wants it up */
	EVENT_RESTART, /* it is to stop and to start again */
	EVENT_COUNT,
};

/* What the holder has to do, in the order of the bits; any number at once. */
enum state_action {
	ACTION_END_PROBE = 1 << 0, /* nobody waits for the probes any more */
	ACTION_STOP = 1 << 1, /* the stop signal to the main process */
	ACTION_TERM_GROUP = 1 << 2, /* TERM to whoever is left of the group */
	ACTION_KILL_GROUP = 1 << 3,
	ACTION_START = 1 << 4, /* start the process and its probes */
	ACTION_RELOAD = 1 << 5, /* the reload signal (set by the fleet alone) */
	ACTION_DRAIN = 1 << 6, /* let what is under way end, and tell by EVENT_DRAINED */
	/* what people should read */
	ACTION_TELL_READY = 1 << 8,
	ACTION_TELL_WAITED = 1 << 9, /* waited in vain for what it needs */
	ACTION_TELL_LATE = 1 << 10, /* started, and never got ready */
	ACTION_TELL_RETRY = 1 << 11, /* failed; tried again after DELAY */
	ACTION_TELL_GIVEN_UP = 1 << 12,
	ACTION_TELL_STOPPED = 1 << 13,
	ACTION_TELL_OVERDUE = 1 << 14, /* did not stop in time: killed */
	ACTION_TELL_LEFT = 1 << 15, /* not even KILL ended it */
	ACTION_TELL_CUT = 1 << 16, /* its time to drain is over, and something was under way */
};

/* What a stop leads to. */
enum state_then {
	THEN_STOPPED,
	THEN_AGAIN, /* started again, at once */
	THEN_RETRY, /* it was a failure: the rule of backoff and giving up */
	THEN_FAILED, /* a failure that a new try cannot mend */
};

#define STATE_NEVER INT64_MAX /* a deadline that never comes */
#define STATE_FAILURES 32 /* give_up_count is at most this */
#define STATE_PROVEN_MS 10000 /* ready for so long, its configuration is good enough */
#define STATE_KILL_GRACE_MS 1000 /* from KILL until we go on without it */
#define STATE_DRAIN_LEAST_MS 500 /* with less time to stop, nothing is waited for */
#define STATE_DRAIN_REST 8 /* this part of the time to stop is kept for the end that follows */

struct state_rules {
	uint32_t start_timeout_ms, stop_timeout_ms;
	uint32_t restart_delay_ms, restart_max_delay_ms;
	uint32_t give_up_count; /* 0: never */
	uint32_t give_up_window_ms;
	bool kill_to_stop;
	bool drains; /* in a stop of all, what is under way may end before the stop signal */
};

struct state_machine {
	enum state state;
	enum state_then then; /* in stopping */
	bool main_gone, killed; /* in stopping */
	bool draining; /* in stopping: not yet asked to end */
	int64_t since; /* when STATE was entered */
	int64_t deadline;
	int64_t stop_limit; /* no stop may last longer than this; STATE_NEVER usually */
	int64_t stop_by; /* in stopping: when it is killed */
	uint32_t restarts; /* after failures, since the machine began */
	uint32_t unready; /* starts in a row that never became ready */
	uint32_t delay_ms; /* of the newest backoff */
	int64_t failures[STATE_FAILURES]; /* when; a ring of FAILURE_COUNT entries */
	uint32_t failure_count;
};

/* Begins in waiting. */
void state_init(struct state_machine *machine, const struct state_rules *rules, int64_t now);

/* Takes one event and returns the actions it leads to (enum state_action). */
unsigned state_take(struct state_machine *machine, const struct state_rules *rules,
	enum state_event event, int64_t now);

/* "waiting", "ready", … as status and JSON spell them. */
const char *state_name(enum state state);

/* Whether no process of the service can exist and none will be made unasked. */
bool state_down(enum state state);

#endif
