/*
 * control.c - PID 1's side of the control socket
 *
 * One packet in, one packet out, nothing waited for. There is room for a few
 * clients; each has a deadline, and only root is heard (by the kernel's word,
 * SO_PEERCRED), so that a silent, slow or hostile client harms nobody.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fatal.h"
#include "supervise/say.h"
#include "supervise/socket.h"
#include "supervise/supervisor.h"

#define CONTROL_BACKLOG 16
#define CONTROL_REQUEST_MS 2000 /* to say what is wanted */
#define CONTROL_OUTCOME_MS 120000 /* to wait for what comes of it */
#define CONTROL_PAUSE_MS 200 /* without accepting, when descriptors are short */

int
control_open(struct supervisor *supervisor)
{
	char path[SERVICE_PATH_BYTES];
	int len = snprintf(
		path, sizeof(path), "%s/%s", supervisor->run_directory, STATUS_CONTROL_NAME);

	for (int i = 0; i < SUPERVISOR_CLIENTS; i++)
		supervisor->clients[i].fd = -1;
	if (len < 0 || len >= (int)sizeof(path)) {
		say(LOG_LEVEL_ERROR, "the path of the control socket is too long");
		return -1;
	}
	/* As from `docker exec`: taking over its sockets would cut off the one that runs. */
	if (socket_answers(path, SOCK_SEQPACKET)) {
		say(LOG_LEVEL_ERROR, "another mailinit runs here already (it answers on %s)", path);
		return -1;
	}
	supervisor->control_fd = socket_bind(path, SOCK_SEQPACKET, 0600, false);
	if (supervisor->control_fd == -1 || listen(supervisor->control_fd, CONTROL_BACKLOG) == -1) {
		say(LOG_LEVEL_ERROR,
			"unable to bind the control socket %s: %s (it takes root, and a /run that "
			"can be written to)",
			path, strerror(errno));
		return -1;
	}
	return 0;
}

/*
 * A start that was refused leaves nothing behind: the directory goes too, unless
 * files of an earlier plan are in it. When the container that ran ends, its socket
 * may stay: the next start takes it over, and to remove it would take a wait for
 * the disk, a third of the time of the stop.
 */
void
control_close(struct supervisor *supervisor)
{
	char path[SERVICE_PATH_BYTES];

	close(supervisor->control_fd);
	supervisor->control_fd = -1;
	if (supervisor->is_init && supervisor->fleet.count > 0)
		return;
	snprintf(path, sizeof(path), "%s/%s", supervisor->run_directory, STATUS_CONTROL_NAME);
	if (unlink(path) == -1 && errno != ENOENT)
		say(LOG_LEVEL_WARNING, "unable to remove %s: %s", path, strerror(errno));
	if (rmdir(supervisor->run_directory) == -1 && errno != ENOTEMPTY && errno != EEXIST &&
		errno != ENOENT && errno != EBUSY)
		say(LOG_LEVEL_WARNING, "unable to remove %s: %s", supervisor->run_directory,
			strerror(errno));
}

static void
drop(struct control_client *client)
{
	close(client->fd);
	client->fd = -1;
}

static void answer(struct control_client *client, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Sends the one reply and takes leave. A client that does not take it goes without. */
static void
answer(struct control_client *client, int code, const char *format, ...)
{
	struct status_reply reply = {.magic = STATUS_REPLY_MAGIC, .code = code};
	va_list args;

	va_start(args, format);
	vsnprintf(reply.text, sizeof(reply.text), format, args);
	va_end(args);
	send(client->fd, &reply, sizeof(reply), MSG_DONTWAIT | MSG_NOSIGNAL);
	drop(client);
}

static bool
may_ask(int fd)
{
	struct ucred who;
	socklen_t size = sizeof(who);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 &&
		(who.uid == 0 || who.uid == geteuid());
}

/*
 * A client that cannot be accepted stays in the queue and keeps the socket
 * readable: asking again at once would be a busy loop. So nobody looks at it for
 * a moment; then the client is served, if there is room again.
 */
static void
pause_accepting(struct supervisor *supervisor)
{
	if (!supervisor->accept_short)
		say(LOG_LEVEL_WARNING,
			"unable to take a client of the control socket: %s; tried again until it "
			"works",
			strerror(errno));
	supervisor->accept_short = true;
	supervisor->accept_at = supervisor->now + CONTROL_PAUSE_MS;
}

void
control_accept(struct supervisor *supervisor)
{
	struct control_client stranger = {.fd = -1}, *client = NULL;
	int fd = accept4(supervisor->control_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd == -1) {
		/* Those other than these mean that it went away again: nothing is owed. */
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
			pause_accepting(supervisor);
		return;
	}
	supervisor->accept_short = false;
	for (int i = 0; i < SUPERVISOR_CLIENTS && client == NULL; i++)
		if (supervisor->clients[i].fd == -1)
			client = &supervisor->clients[i];
	if (!may_ask(fd) || client == NULL) {
		stranger.fd = fd;
		answer(&stranger, EXIT_SYSTEM,
			client == NULL ? "too many clients ask at once; try again"
				       : "only root may ask");
		return;
	}
	client->fd = fd;
	client->wait = WAIT_REQUEST;
	client->deadline = supervisor->now + CONTROL_REQUEST_MS;
}

static void
await(struct supervisor *supervisor, struct control_client *client, enum control_wait wait,
	const char *name)
{
	client->wait = wait;
	client->deadline = supervisor->now + CONTROL_OUTCOME_MS;
	service_set_text(client->name, sizeof(client->name), name);
}

static void
send_snapshot(struct supervisor *supervisor, struct control_client *client)
{
	struct status_snapshot snapshot;

	snapshot_take(supervisor, &snapshot);
	send(client->fd, &snapshot, sizeof(snapshot), MSG_DONTWAIT | MSG_NOSIGNAL);
	drop(client);
}

static void
take_reload(struct supervisor *supervisor, struct control_client *client)
{
	/* One that is under way may have read the old files: the one after it answers. */
	bool busy = supervisor->planning.pid != 0 || supervisor->planning.adopting;

	client->serial = supervisor->planning.serial + (busy ? 2 : 1);
	await(supervisor, client, WAIT_RELOAD, "");
	planning_request(supervisor);
}

/*
 * Whether SERVICE could not come up, for what it needs stays down: a restart would
 * only take it away, and both would wait in silence. The client is told.
 */
static bool
refuse_halted(struct supervisor *supervisor, struct control_client *client, uint32_t service,
	enum state_event event)
{
	const struct fleet *fleet = &supervisor->fleet;
	enum state state = fleet->machines[service].state;
	uint32_t halted = fleet_halted(fleet, service);

	if (event == EVENT_STOP || halted == 0 ||
		(event == EVENT_START && (state == STATE_STARTING || state == STATE_READY)))
		return false;
	for (uint32_t i = 0; i < fleet->count; i++)
		if (halted >> i & 1) {
			answer(client, EXIT_FINDINGS,
				"%s needs %s, which is %s: `mailinit start %s` first",
				supervisor->table.services[service].name,
				supervisor->table.services[i].name,
				state_name(fleet->machines[i].state),
				supervisor->table.services[i].name);
			return true;
		}
	return false;
}

static void
take_verb(struct supervisor *supervisor, struct control_client *client, const char *verb,
	enum state_event event, const char *name)
{
	int service = service_find(&supervisor->table, name);

	if (service < 0) {
		answer(client, EXIT_USAGE, "no service is called \"%s\"; see `mailinit status`",
			name);
		return;
	}
	if (refuse_halted(supervisor, client, (uint32_t)service, event))
		return;
	say(LOG_LEVEL_INFO, "%s: %s, as asked", name, verb);
	await(supervisor, client, event == EVENT_STOP ? WAIT_DOWN : WAIT_UP, name);
	fleet_event(&supervisor->fleet, (uint32_t)service, event, supervisor->now);
}

static void
take_request(struct supervisor *supervisor, struct control_client *client, const char *request)
{
	static const struct {
		const char *verb;
		enum state_event event;
	} verbs[] = {{"start", EVENT_START}, {"stop", EVENT_STOP}, {"restart", EVENT_RESTART}};

	if (strcmp(request, "status") == 0) {
		send_snapshot(supervisor, client);
		return;
	}
	if (supervisor->phase != PHASE_RUNNING) {
		answer(client, EXIT_SYSTEM, "%s: nothing can be changed now",
			supervisor->phase == PHASE_STOPPING ? "the container is stopping"
							    : "the start is still under way");
		return;
	}
	if (strcmp(request, "reload") == 0) {
		take_reload(supervisor, client);
		return;
	}
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		size_t len = strlen(verbs[i].verb);

		if (strncmp(request, verbs[i].verb, len) == 0 && request[len] == ' ') {
			take_verb(supervisor, client, verbs[i].verb, verbs[i].event,
				request + len + 1);
			return;
		}
	}
	answer(client, EXIT_USAGE, "not understood");
}

/* A client has sent something, or has left. */
void
control_read(struct supervisor *supervisor, struct control_client *client)
{
	char request[STATUS_REQUEST_BYTES + 1];
	ssize_t len = recv(client->fd, request, STATUS_REQUEST_BYTES, MSG_DONTWAIT | MSG_TRUNC);

	if (len == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	/* Who waits for an outcome has nothing more to say; if he leaves, nobody waits. */
	if (len <= 0 || len > STATUS_REQUEST_BYTES || client->wait != WAIT_REQUEST) {
		drop(client);
		return;
	}
	request[len] = '\0';
	take_request(supervisor, client, request);
}

static void
answer_reload(struct supervisor *supervisor, struct control_client *client)
{
	struct planning *planning = &supervisor->planning;

	/* Serial numbers wrap around; their difference does not. */
	if ((int32_t)(planning->serial - client->serial) < 0)
		return;
	/*
	 * Who changed a file and asks for a reload wants to hear that his change counts, also
	 * when the watches were quicker than he.
	 */
	if (planning->result == RELOAD_UNCHANGED && supervisor->now < planning->hear_until)
		planning->result = RELOAD_APPLIED;
	planning->hear_until = 0;
	if (planning->result == RELOAD_APPLIED)
		answer(client, EXIT_DONE, "applied: generation %u", supervisor->table.generation);
	else if (planning->result == RELOAD_UNCHANGED)
		answer(client, EXIT_DONE, "unchanged: nothing to do");
	else
		answer(client, EXIT_FINDINGS,
			"refused: everything stays as it was; `mailinit check` and the log say "
			"why");
}

static void
answer_service(struct supervisor *supervisor, struct control_client *client)
{
	int service = service_find(&supervisor->table, client->name);
	enum state state;

	if (service < 0) {
		answer(client, EXIT_FINDINGS, "%s is no longer a service", client->name);
		return;
	}
	state = supervisor->fleet.machines[service].state;
	if (state == STATE_FAILED || (state == STATE_STOPPED && client->wait == WAIT_UP))
		answer(client, client->wait == WAIT_UP ? EXIT_FINDINGS : EXIT_DONE,
			"%s is %s; the log says why", client->name, state_name(state));
	else if (state == STATE_READY && client->wait == WAIT_UP)
		answer(client, EXIT_DONE, "%s is ready", client->name);
	else if (state == STATE_STOPPED)
		answer(client, EXIT_DONE, "%s is stopped, until `mailinit start %s`", client->name,
			client->name);
	else if (client->wait == WAIT_DOWN && state == STATE_READY)
		answer(client, EXIT_FINDINGS, "%s was started again meanwhile", client->name);
}

static void
time_out(struct supervisor *supervisor, struct control_client *client)
{
	if (client->wait == WAIT_REQUEST)
		drop(client);
	else
		answer(client, EXIT_FINDINGS, "no outcome after %d s; see `mailinit status`",
			CONTROL_OUTCOME_MS / 1000);
	(void)supervisor;
}

/* Answers those whose outcome has come, and ends those whose time has. */
void
control_tick(struct supervisor *supervisor)
{
	for (int i = 0; i < SUPERVISOR_CLIENTS; i++) {
		struct control_client *client = &supervisor->clients[i];

		if (client->fd != -1 && client->wait == WAIT_RELOAD)
			answer_reload(supervisor, client);
		else if (client->fd != -1 && client->wait != WAIT_REQUEST)
			answer_service(supervisor, client);
		if (client->fd != -1 && client->deadline <= supervisor->now)
			time_out(supervisor, client);
	}
}

int64_t
control_deadline(const struct supervisor *supervisor)
{
	int64_t nearest =
		supervisor->accept_at > supervisor->now ? supervisor->accept_at : STATE_NEVER;

	for (int i = 0; i < SUPERVISOR_CLIENTS; i++)
		if (supervisor->clients[i].fd != -1 && supervisor->clients[i].deadline < nearest)
			nearest = supervisor->clients[i].deadline;
	return nearest;
}
