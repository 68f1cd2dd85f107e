/*
 * fake.c - a daemon that does what its arguments say, one after the other
 *
 * Each argument is WORD or WORD=VALUE. What it writes to its files is what the
 * tests look at. After the last one it serves: it waits for signals, and TERM
 * ends it with code 0.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static _Noreturn void
give_up(const char *what)
{
	fprintf(stderr, "fake: %s: %s\n", what, strerror(errno));
	_exit(97);
}

static void
pause_ms(long ms)
{
	struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	while (nanosleep(&pause, &pause) == -1 && errno == EINTR)
		;
}

static int
open_socket(int type, const char *path, struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, type, 0);

	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	strncpy(address->sun_path, path, sizeof(address->sun_path) - 1);
	if (fd == -1)
		give_up("socket");
	return fd;
}

static int
listen_at(const char *path)
{
	struct sockaddr_un address;
	int fd = open_socket(SOCK_STREAM, path, &address);

	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == -1 || listen(fd, 8) == -1)
		give_up(path);
	return fd;
}

/* Answers each milter negotiation by agreeing to it. */
static void
milter_at(const char *path)
{
	int fd = listen_at(path);

	if (fork() != 0)
		return;
	for (;;) {
		char packet[64];
		int peer = accept(fd, NULL, NULL);
		ssize_t len = peer == -1 ? -1 : read(peer, packet, sizeof(packet));

		if (len > 0 && write(peer, packet, (size_t)len) != len)
			_exit(96);
		close(peer);
	}
}

static void
notify(const char *text)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address;
	int fd;

	if (path == NULL)
		give_up("NOTIFY_SOCKET");
	fd = open_socket(SOCK_DGRAM, path, &address);
	if (sendto(fd, text, strlen(text), 0, (struct sockaddr *)&address, sizeof(address)) == -1)
		give_up(path);
	close(fd);
}

/* What s6 calls a notification: one line break on a descriptor that the service was told. */
static void
tell_ready(int fd)
{
	if (write(fd, "\n", 1) != 1 || close(fd) != 0)
		give_up("ready");
}

static void
listen_tcp(const char *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)atoi(port)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd == -1 || bind(fd, (struct sockaddr *)&address, sizeof(address)) == -1 ||
		listen(fd, 8) == -1)
		give_up("tcp");
}

/* FILE:TEXT, TEXT appended with a line break */
static void
mark(const char *value)
{
	const char *colon = strchr(value, ':');
	char file[256];
	FILE *out;

	snprintf(file, sizeof(file), "%.*s", (int)(colon - value), value);
	out = fopen(file, "a");
	if (out == NULL)
		give_up(file);
	fprintf(out, "%s\n", colon + 1);
	fclose(out);
}

static char marked_at_signal[256], exit_at_term;

static void
take_signal(int number)
{
	char text[300];

	if (marked_at_signal[0] != '\0') {
		snprintf(text, sizeof(text), "%s%s", marked_at_signal,
			number == SIGHUP            ? " HUP"
				: number == SIGUSR1 ? " USR1"
						    : " TERM");
		mark(text);
	}
	if (number == SIGTERM)
		_exit(exit_at_term);
}

static void
fork_children(int count, const char *kind)
{
	bool endless = count == 0;

	/* Those between us and the orphans are ours: a live parent's zombies are not init's to reap. */
	if (strcmp(kind, "orphans") == 0)
		signal(SIGCHLD, SIG_IGN);
	for (int i = 0; i < count || endless; i++) {
		if (fork() != 0)
			continue;
		if (strcmp(kind, "stray") == 0)
			setsid();
		if (strcmp(kind, "orphans") == 0) {
			/* its parent goes first, so that it ends as nobody's child */
			pid_t parent = getpid();

			if (fork() != 0)
				_exit(0);
			while (getppid() == parent)
				pause_ms(1);
			_exit(0);
		}
		signal(SIGTERM,
			strcmp(kind, "stubborn") == 0 || strcmp(kind, "stray") == 0 ? SIG_IGN
										    : SIG_DFL);
		for (;;)
			pause();
	}
}

/* A child called "worker" that has something to do until FILE is there. */
static void
work_until(const char *file)
{
	if (fork() != 0)
		return;
	prctl(PR_SET_NAME, "worker");
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	while (access(file, F_OK) == -1)
		pause_ms(10);
	_exit(0);
}

static void
show_files(void)
{
	DIR *directory = opendir("/proc/self/fd");
	const struct dirent *entry;

	if (directory == NULL)
		give_up("/proc/self/fd");
	while ((entry = readdir(directory)) != NULL)
		if (entry->d_name[0] != '.' && atoi(entry->d_name) != dirfd(directory))
			printf("fd %s\n", entry->d_name);
	closedir(directory);
}

static void
show_self(void)
{
	char line[256];
	FILE *status = fopen("/proc/self/status", "r");

	if (status == NULL)
		give_up("/proc/self/status");
	while (fgets(line, sizeof(line), status) != NULL)
		if (strncmp(line, "Sig", 3) == 0 || strncmp(line, "Cap", 3) == 0 ||
			strncmp(line, "Uid", 3) == 0 || strncmp(line, "Groups", 6) == 0 ||
			strncmp(line, "NoNew", 5) == 0)
			printf("self %s", line);
	fclose(status);
	printf("self leads its session: %s\n", getsid(0) == getpid() ? "yes" : "no");
	printf("self directory: %s\n", getcwd(line, sizeof(line)));
}

static void
close_output(void)
{
	if (close(STDIN_FILENO) == -1 || close(STDOUT_FILENO) == -1 || close(STDERR_FILENO) == -1)
		_exit(95);
}

static void
flood(long lines)
{
	for (long i = 0; lines == 0 || i < lines; i++)
		printf("flood line %ld of a service that talks too much\n", i);
}

/* Ends with CODE the first TIMES times it is run; FILE counts. */
static void
fail_first(const char *value)
{
	char file[200];
	int times, code;
	long size;
	FILE *out;

	if (sscanf(value, "%d:%d:%199s", &times, &code, file) != 3)
		give_up("fail=TIMES:CODE:FILE");
	out = fopen(file, "a");
	if (out == NULL)
		give_up(file);
	fseek(out, 0, SEEK_END);
	size = ftell(out);
	fputc('x', out);
	fclose(out);
	if (size < times)
		_exit(code);
}

/* Takes the file away, so that the next life waits again. */
static void
wait_for(const char *file)
{
	while (unlink(file) == -1)
		pause_ms(10);
}

static void
obey(const char *word, const char *value)
{
	if (strcmp(word, "listen") == 0)
		listen_at(value);
	else if (strcmp(word, "milter") == 0)
		milter_at(value);
	else if (strcmp(word, "tcp") == 0)
		listen_tcp(value);
	else if (strcmp(word, "ready") == 0)
		tell_ready(atoi(value));
	else if (strcmp(word, "notify") == 0)
		notify(value[0] != '\0' ? value : "STATUS=on its way\nREADY=1\n");
	else if (strcmp(word, "wait") == 0)
		pause_ms(atol(value));
	else if (strcmp(word, "until") == 0)
		wait_for(value);
	else if (strcmp(word, "say") == 0)
		printf("%s\n", value);
	else if (strcmp(word, "part") == 0)
		printf("%s", value);
	else if (strcmp(word, "syslog") == 0)
		syslog(LOG_MAIL | LOG_WARNING, "%s", value);
	else if (strcmp(word, "openlog") == 0)
		openlog(value, LOG_PID, LOG_MAIL);
	else if (strcmp(word, "mark") == 0)
		mark(value);
	else if (strcmp(word, "at-signal") == 0)
		snprintf(marked_at_signal, sizeof(marked_at_signal), "%s", value);
	else if (strcmp(word, "at-term") == 0)
		exit_at_term = (char)atoi(value);
	else if (strcmp(word, "ignore-term") == 0)
		signal(SIGTERM, SIG_IGN);
	else if (strcmp(word, "children") == 0 || strcmp(word, "stubborn") == 0 ||
		strcmp(word, "stray") == 0 || strcmp(word, "orphans") == 0)
		fork_children(atoi(value), word);
	else if (strcmp(word, "worker") == 0)
		work_until(value);
	else if (strcmp(word, "close-output") == 0)
		close_output();
	else if (strcmp(word, "flood") == 0)
		flood(atol(value));
	else if (strcmp(word, "fail") == 0)
		fail_first(value);
	else if (strcmp(word, "files") == 0)
		show_files();
	else if (strcmp(word, "self") == 0)
		show_self();
	else if (strcmp(word, "environment") == 0)
		for (char **at = environ; *at != NULL; at++)
			printf("env %s\n", *at);
	else if (strcmp(word, "exit") == 0)
		exit(atoi(value));
	else if (strcmp(word, "kill") == 0)
		kill(getpid(), atoi(value));
	else
		give_up(word);
}

/* One at a time: of two that come together, the later one must not run, and exit, first. */
static void
listen_to(int number)
{
	struct sigaction action = {.sa_handler = take_signal, .sa_flags = SA_RESTART};

	sigfillset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

int
main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	listen_to(SIGTERM);
	listen_to(SIGHUP);
	listen_to(SIGUSR1);
	for (int i = 1; i < argc; i++) {
		char *equals = strchr(argv[i], '=');

		if (equals != NULL)
			*equals = '\0';
		obey(argv[i], equals != NULL ? equals + 1 : "");
		fflush(stdout);
	}
	for (;;)
		pause();
}
