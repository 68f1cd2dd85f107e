#ifndef SUPERVISE_SUPERVISOR_H
#define SUPERVISE_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "plan/service.h"
#include "supervise/fleet.h"
#include "supervise/logger.h"
#include "supervise/spawn.h"
#include "supervise/status.h"
#include "supervise/supervise.h"
#include "supervise/watcher.h"

/*
 * All state of the long-lived process, in one static struct: nothing is
 * allocated. Only the files of this room include this header. Times are
 * milliseconds of the monotonic clock; STATE_NEVER is a time that never comes.
 */
#define SUPERVISOR_CLIENTS 8

/* What a service has under way while it drains. */
struct drain {
	bool over;
	uint64_t newest; /* processes that were made later are not waited for */
	unsigned looks, quiet; /* in all; those in a row that found nobody */
	int64_t look_at;
};

/* A service's process and all that hangs on it. */
struct runner {
	pid_t pid; /* main process; 0: none */
	pid_t group; /* its process group, until nobody is left in it; 0: none */
	pid_t probe; /* the child that asks whether it works; 0: none */
	pid_t flush; /* the child that has it try at once what it has put off; 0: none */
	bool flush_wanted; /* as soon as it was told to reload, or is ready */
	int64_t probe_at; /* when a probe that could not be made is tried again */
	int64_t started_at;
	int output[2]; /* its stdout and stderr; kept over restarts */
	int notify_fd; /* -1: it does not tell */
	int failure_fd; /* -1 once its program runs */
	int ready_fd; /* where it says that it is ready (PROBE_FD); -1: it said so, or does not */
	bool runs; /* exec has worked */
	bool told, answered; /* by itself (notification, descriptor); by the probe */
	struct drain drain;
	struct spawn_failure failure; /* error 0: none */
	uint8_t exit_kind; /* enum status_exit */
	int32_t exit_value;
};

/* A child that plans. */
struct planning {
	pid_t pid; /* 0: none */
	enum prepare_mode mode;
	int fd; /* the table comes here; -1: none */
	size_t got;
	int64_t deadline; /* of its work; once it was killed, for its end */
	int64_t review_at; /* when all is planned anew, for what time alone has changed */
	bool overdue; /* its work took too long */
	bool killed; /* its end is awaited */
	bool again; /* asked for once more while it was running */
	bool by_watch; /* only the watches asked for it */
	bool again_by_watch; /* of what is asked for once more */
	int64_t hear_until; /* until then, whoever asks first hears that the watches' was applied */
	bool adopting; /* NEXT waits for services that it no longer has to be down */
	uint32_t serial; /* how many plannings have ended */
	uint8_t result; /* enum status_reload, of the newest one that ended */
	int64_t result_at; /* wall clock */
	int32_t findings; /* -1: not known */
};

/* The child that looks after what waited for a service. */
struct returning {
	pid_t pid; /* 0: none */
	uint32_t services; /* bits of those that are back and have had no child yet */
	int64_t deadline;
};

enum ending {
	ENDING_SERVICES,
	ENDING_TERM, /* whoever else is in the container was told */
	ENDING_KILL,
	ENDING_LOGGER,
	ENDING_DONE,
};

enum control_wait { WAIT_REQUEST, WAIT_RELOAD, WAIT_UP, WAIT_DOWN };

struct control_client {
	int fd; /* -1: free */
	enum control_wait wait;
	int64_t deadline;
	uint32_t serial; /* WAIT_RELOAD: the planning that answers it */
	char name[SERVICE_NAME_BYTES]; /* WAIT_UP, WAIT_DOWN */
};

struct supervisor {
	const struct supervise_options *options;
	const char *run_directory;
	bool is_init; /* PID 1 of its namespace */
	bool cannot_bound;
	uint64_t capabilities; /* our own, after giving up what nobody needs */
	enum status_phase phase;
	int64_t now;
	int signal_fd, control_fd;
	struct service_table table, next;
	struct fleet fleet;
	struct runner runners[SERVICE_MAX];
	struct planning planning;
	struct returning returning;
	struct logger logger;
	struct watcher watcher;
	struct control_client clients[SUPERVISOR_CLIENTS];
	int64_t accept_at; /* no client is accepted before this */
	bool accept_short; /* the newest try to accept one failed */
	uint64_t orphans; /* reaped, and none of ours */
	unsigned stop_requests;
	bool at_once; /* no grace for anybody */
	int64_t trim_at; /* when memory is given back; every event puts it off */
	enum ending ending;
	int64_t ending_at;
	int exit_code;
};

/* supervise.c */
void supervisor_stop(struct supervisor *supervisor, int exit_code);
void supervisor_start_logger(struct supervisor *supervisor);
void supervisor_start_watcher(struct supervisor *supervisor);

/* runner_files.c: the descriptors between the services and us */
int runner_open(struct supervisor *supervisor, uint32_t service);
int runner_open_notify(struct supervisor *supervisor, uint32_t service);
void runner_close(struct runner *runner);
pid_t runner_spawn(struct supervisor *supervisor, uint32_t service);
void runner_read(struct supervisor *supervisor, uint32_t service);

/* runner.c: the services' processes */
bool runner_reaped(struct supervisor *supervisor, pid_t pid, int status);
bool runner_settle(struct supervisor *supervisor);
void runner_tick(struct supervisor *supervisor);
int64_t runner_deadline(const struct supervisor *supervisor);
void runner_kill_all(struct supervisor *supervisor);

/* runner_tell.c: what people read about them */
void runner_tell(struct supervisor *supervisor, uint32_t service, unsigned actions);

/* planning.c */
void planning_start(struct supervisor *supervisor, enum prepare_mode mode);
void planning_request(struct supervisor *supervisor);
void planning_request_by_watch(struct supervisor *supervisor);
void planning_read(struct supervisor *supervisor);
void planning_reaped(struct supervisor *supervisor, int status);
void planning_tick(struct supervisor *supervisor);
void planning_settle(struct supervisor *supervisor);
void planning_applied(struct supervisor *supervisor);
void planning_kill(struct supervisor *supervisor);

/* returned.c: what waited for a service that is back */
void returned_settle(struct supervisor *supervisor);
void returned_reaped(struct supervisor *supervisor);
void returned_tick(struct supervisor *supervisor);
void returned_kill(struct supervisor *supervisor);

/* adopt.c: going over to a new table */
bool adopt_first(struct supervisor *supervisor);
void adopt_begin(struct supervisor *supervisor);
void adopt_settle(struct supervisor *supervisor);

/* control.c */
int control_open(struct supervisor *supervisor);
void control_close(struct supervisor *supervisor);
void control_accept(struct supervisor *supervisor);
void control_read(struct supervisor *supervisor, struct control_client *client);
void control_tick(struct supervisor *supervisor);
int64_t control_deadline(const struct supervisor *supervisor);

/* drain.c: what is under way may end before a stop */
void drain_begin(struct supervisor *supervisor, uint32_t service);
void drain_end(struct drain *drain);
void drain_tick(struct supervisor *supervisor, uint32_t service);

/* flush.c: after a reload */
uint64_t flush_newest(const struct supervisor *supervisor, uint32_t service);
void flush_start(struct supervisor *supervisor, uint32_t service, uint64_t newest);
void flush_end(struct runner *runner);
void flush_gone(struct supervisor *supervisor, uint32_t service, int status);

/* snapshot.c */
void snapshot_take(const struct supervisor *supervisor, struct status_snapshot *snapshot);

/* ending.c */
void ending_settle(struct supervisor *supervisor);
int64_t ending_deadline(const struct supervisor *supervisor);

/* leftover.c: processes of the container that belong to nobody */
int leftover_signal(pid_t spare, pid_t other, int signal);

#endif
