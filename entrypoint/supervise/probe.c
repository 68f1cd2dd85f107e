/*
 * probe.c - asks a service whether it works
 *
 * Each answer is the first that the protocol itself gives: a greeting, or the
 * milter's half of the negotiation. Probes take their leave (QUIT, LOGOUT), so
 * that no daemon logs a lost connection.
 */
#include "supervise/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "supervise/signals.h"
#include "supervise/spawn.h"

#define PROBE_FIRST_PAUSE_MS 2
#define PROBE_MAX_PAUSE_MS 50
#define PROBE_MAX_EXEC_PAUSE_MS 500 /* a command costs more than a connection */
#define PROBE_ANSWER_MS 10000 /* per read; then the connection is tried anew */
#define PROBE_LINE_BYTES 512

/* Told by the service itself: there is nothing to ask. */
static bool
is_told(uint8_t kind)
{
	return kind == PROBE_NOTIFY || kind == PROBE_FD;
}

bool
probe_wanted(const struct service_spec *spec)
{
	for (int i = 0; i < SERVICE_PROBES; i++)
		if (spec->probes[i].kind != PROBE_NONE && !is_told(spec->probes[i].kind))
			return true;
	return false;
}

bool
probe_told_by(const struct service_spec *spec, enum probe_kind kind)
{
	for (int i = 0; i < SERVICE_PROBES; i++)
		if (spec->probes[i].kind == kind)
			return true;
	return false;
}

bool
probe_told(const struct service_spec *spec)
{
	return probe_told_by(spec, PROBE_NOTIFY) || probe_told_by(spec, PROBE_FD);
}

static const char *
kind_name(uint8_t kind)
{
	static const char *const names[] = {"", "socket", "milter", "TCP", "SMTP", "IMAP", "POP3",
		"notification", "line break on descriptor", "command"};

	return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "probe";
}

char *
probe_text(const struct service_spec *spec, char *text, size_t size)
{
	size_t len = 0;

	text[0] = '\0';
	for (int i = 0; i < SERVICE_PROBES; i++) {
		const struct service_probe *probe = &spec->probes[i];
		int more;

		if (probe->kind == PROBE_NONE)
			continue;
		more = snprintf(text + len, size - len, "%s%s%s%s", len > 0 ? ", " : "",
			kind_name(probe->kind), probe->address[0] != '\0' ? " " : "",
			probe->address);
		if (more < 0 || (size_t)more >= size - len)
			break; /* cut; what stands there is still true */
		len += (size_t)more;
	}
	return text;
}

static int
connect_unix(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd;

	memcpy(address.sun_path, path, strnlen(path, sizeof(address.sun_path) - 1));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return -1;
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

static int
connect_first(const struct addrinfo *found)
{
	for (; found != NULL; found = found->ai_next) {
		int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (fd == -1)
			continue;
		if (connect(fd, found->ai_addr, found->ai_addrlen) == 0)
			return fd;
		close(fd);
	}
	return -1;
}

/* "host:port" or "[address]:port" */
static int
connect_tcp(const char *address)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	struct addrinfo *found;
	const char *port = strrchr(address, ':');
	char host[SERVICE_PATH_BYTES];
	size_t len;
	int fd;

	if (port == NULL)
		return -1;
	len = (size_t)(port - address);
	if (len >= 2 && address[0] == '[' && address[len - 1] == ']') {
		address++;
		len -= 2;
	}
	memcpy(host, address, len);
	host[len] = '\0';
	if (getaddrinfo(host, port + 1, &hints, &found) != 0)
		return -1;
	fd = connect_first(found);
	freeaddrinfo(found);
	return fd;
}

/* Reads at least WANTED bytes, or up to a line break when WANTED is 0. Returns the count, or -1. */
static ssize_t
read_answer(int fd, char *answer, size_t size, size_t wanted)
{
	size_t len = 0;

	for (;;) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		ssize_t got;

		if (wanted > 0 ? len >= wanted : memchr(answer, '\n', len) != NULL)
			return (ssize_t)len;
		if (len == size || poll(&ready, 1, PROBE_ANSWER_MS) != 1)
			return -1;
		got = read(fd, answer + len, size - len);
		if (got <= 0)
			return -1;
		len += (size_t)got;
	}
}

static bool
send_all(int fd, const void *data, size_t len)
{
	return send(fd, data, len, MSG_NOSIGNAL) == (ssize_t)len;
}

static bool
greets(int fd, const char *greeting, const char *farewell)
{
	char line[PROBE_LINE_BYTES] = "";
	ssize_t len = read_answer(fd, line, sizeof(line), 0);

	if (len < (ssize_t)strlen(greeting) || strncmp(line, greeting, strlen(greeting)) != 0)
		return false;
	/* The answer to the farewell is waited for: leaving before it counts as a lost connection. */
	if (send_all(fd, farewell, strlen(farewell)))
		(void)read_answer(fd, line, sizeof(line), 0);
	return true;
}

/*
 * SMFIC_OPTNEG and SMFIC_QUIT of the milter protocol, version 6: a length in
 * network order, the command's letter, then version, actions and protocol
 * steps. All are offered: a milter refuses a partner that offers too little.
 */
static bool
negotiates(int fd)
{
	static const unsigned char offer[] = {
		0, 0, 0, 13, 'O', 0, 0, 0, 6, 0, 0, 0x01, 0xff, 0, 0x1f, 0xff, 0xff};
	static const unsigned char quit[] = {0, 0, 0, 1, 'Q'};
	char answer[PROBE_LINE_BYTES] = "";

	if (!send_all(fd, offer, sizeof(offer)))
		return false;
	if (read_answer(fd, answer, sizeof(answer), 5) < 5 || answer[4] != 'O')
		return false;
	/* It works already; whether it also hears the farewell changes nothing. */
	(void)send_all(fd, quit, sizeof(quit));
	return true;
}

/*
 * In a process of its own between us and the command: it waits for one signal
 * only, and the command gets an environment where nothing of us is left.
 */
static _Noreturn void
become_command(const struct service_table *table, const struct service_spec *spec)
{
	char *argv[SERVICE_LIST_MAX];
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null == -1 || dup2(null, STDIN_FILENO) == -1 || dup2(null, STDOUT_FILENO) == -1 ||
		dup2(null, STDERR_FILENO) == -1)
		_exit(1);
	service_get_list(table, spec->ready_argv, argv, SERVICE_LIST_MAX);
	(void)spawn_become(table, spec, argv, NULL);
	_exit(1);
}

/* Whether the command of PROBE_EXEC ends with code 0. One that hangs ends us, see probe.h. */
static bool
succeeds(const struct service_table *table, const struct service_spec *spec)
{
	static const struct timespec patience = {.tv_sec = PROBE_EXEC_MS / 1000};
	sigset_t child;
	pid_t pid;
	int status;

	/* Blocked, and not ignored: sigtimedwait sees a CHLD that came before it. */
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	pid = fork();
	if (pid == -1)
		return false;
	if (pid == 0) {
		supervise_reset_signals();
		become_command(table, spec);
	}
	while (sigtimedwait(&child, NULL, &patience) == -1)
		if (errno != EINTR)
			_exit(1);
	if (waitpid(pid, &status, 0) != pid)
		return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool
answers(const struct service_probe *probe)
{
	bool path = probe->kind == PROBE_UNIX ||
		(probe->kind == PROBE_MILTER && probe->address[0] == '/');
	int fd = path ? connect_unix(probe->address) : connect_tcp(probe->address);
	bool works = true;

	if (fd == -1)
		return false;
	switch (probe->kind) {
	case PROBE_MILTER:
		works = negotiates(fd);
		break;
	case PROBE_SMTP:
		works = greets(fd, "220", "QUIT\r\n");
		break;
	case PROBE_IMAP:
		works = greets(fd, "* OK", "a LOGOUT\r\n");
		break;
	case PROBE_POP3:
		works = greets(fd, "+OK", "QUIT\r\n");
		break;
	default:
		break; /* it accepted: that was the question */
	}
	close(fd);
	return works;
}

static bool
asks_well(const struct service_table *table, const struct service_spec *spec,
	const struct service_probe *probe)
{
	if (probe->kind == PROBE_NONE || is_told(probe->kind))
		return true;
	return probe->kind == PROBE_EXEC ? succeeds(table, spec) : answers(probe);
}

static _Noreturn void
ask_until_answered(const struct service_table *table, const struct service_spec *spec)
{
	long pause_ms = PROBE_FIRST_PAUSE_MS;

	for (int i = 0; i < SERVICE_PROBES;) {
		const struct service_probe *probe = &spec->probes[i];
		struct timespec pause = {.tv_nsec = pause_ms * 1000000};
		long most =
			probe->kind == PROBE_EXEC ? PROBE_MAX_EXEC_PAUSE_MS : PROBE_MAX_PAUSE_MS;

		if (asks_well(table, spec, probe)) {
			i++;
			continue;
		}
		nanosleep(&pause, NULL);
		if (pause_ms < most)
			pause_ms *= 2;
	}
	_exit(0);
}

pid_t
probe_start(const struct service_table *table, const struct service_spec *spec)
{
	pid_t parent = getpid(), pid = fork();

	if (pid > 0) /* the child does the same; whoever comes first, a kill finds the group */
		(void)setpgid(pid, pid);
	if (pid != 0)
		return pid;
	if (spawn_helper(parent, -1) == -1)
		_exit(1);
	spawn_close_from(STDERR_FILENO + 1);
	ask_until_answered(table, spec);
}
