/* control_client.c - asks PID 1 */
#include "supervise/control_client.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define CONTROL_PATH STATUS_RUN_DIRECTORY "/" STATUS_CONTROL_NAME

static int
connect_control(char why[CONTROL_WHY_BYTES])
{
	const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = CONTROL_PATH};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd != -1 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	snprintf(why, CONTROL_WHY_BYTES, "unable to reach mailinit at " CONTROL_PATH ": %s%s",
		strerror(errno),
		errno == ENOENT || errno == ECONNREFUSED ? "; is it PID 1 of this container?"
			: errno == EACCES                ? "; only root may ask"
							 : "");
	if (fd != -1)
		close(fd);
	return -1;
}

/* One packet out, one packet in. Returns the length of the reply, or -1. */
static ssize_t
exchange(int fd, const char *request, void *reply, size_t size, int timeout_ms,
	char why[CONTROL_WHY_BYTES])
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	ssize_t len;

	/* A refusal is sent before anything is asked: then sending fails and the reply is there. */
	if (send(fd, request, strlen(request), MSG_NOSIGNAL) == -1 && errno != EPIPE) {
		snprintf(why, CONTROL_WHY_BYTES, "unable to ask mailinit: %s", strerror(errno));
		return -1;
	}
	if (poll(&ready, 1, timeout_ms) != 1) {
		snprintf(why, CONTROL_WHY_BYTES, "mailinit did not answer within %d s",
			timeout_ms / 1000);
		return -1;
	}
	len = recv(fd, reply, size, MSG_DONTWAIT);
	/* It closed with our request unread; the kernel tells that first, then gives its reply. */
	if (len == -1 && errno == ECONNRESET)
		len = recv(fd, reply, size, MSG_DONTWAIT);
	if (len <= 0)
		snprintf(why, CONTROL_WHY_BYTES, "mailinit left without an answer");
	return len;
}

int
control_ask(const char *request, struct status_reply *reply, int timeout_ms,
	char why[CONTROL_WHY_BYTES])
{
	int fd = connect_control(why);
	ssize_t len;

	if (fd == -1)
		return -1;
	len = exchange(fd, request, reply, sizeof(*reply), timeout_ms, why);
	close(fd);
	if (len <= 0)
		return -1;
	reply->text[sizeof(reply->text) - 1] = '\0';
	if (len == sizeof(*reply) && reply->magic == STATUS_REPLY_MAGIC)
		return 0;
	snprintf(why, CONTROL_WHY_BYTES, "PID 1 is another version of mailinit");
	return -1;
}

int
control_status(struct status_snapshot *snapshot, int timeout_ms, char why[CONTROL_WHY_BYTES])
{
	union {
		struct status_snapshot snapshot;
		struct status_reply reply;
	} answer;
	int fd = connect_control(why);
	ssize_t len;

	if (fd == -1)
		return -1;
	len = exchange(fd, "status", &answer, sizeof(answer), timeout_ms, why);
	close(fd);
	if (len <= 0)
		return -1;
	if (len == sizeof(answer.reply) && answer.reply.magic == STATUS_REPLY_MAGIC) {
		answer.reply.text[sizeof(answer.reply.text) - 1] = '\0';
		snprintf(why, CONTROL_WHY_BYTES, "%s", answer.reply.text);
		return -1;
	}
	if (len != sizeof(answer.snapshot) || answer.snapshot.magic != STATUS_SNAPSHOT_MAGIC ||
		answer.snapshot.size != sizeof(answer.snapshot) ||
		answer.snapshot.service_count > SERVICE_MAX) {
		snprintf(why, CONTROL_WHY_BYTES, "PID 1 is another version of mailinit");
		return -1;
	}
	*snapshot = answer.snapshot;
	return 0;
}
