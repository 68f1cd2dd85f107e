/*
 * driver.c - the real PID 1 with a service table out of a few lines of text
 *
 * The tests of 05-pid1.bats run it as PID 1 of a container, with fake.c in the
 * place of mail daemons. The table is the environment's TABLE, or the file
 * /tmp/table once there is one (what a reload then sees). One word and its
 * values a line; `service NAME` begins a service, what stands before the first
 * one concerns all.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/watch_list.h"
#include "plan/service.h"
#include "supervise/signals.h"
#include "supervise/supervise.h"

#define DRIVER_WORDS 24
#define DRIVER_TABLE "/tmp/table"
#define DRIVER_LIST "/run/mailinit/" WATCH_LIST_NAME

struct job {
	struct service_table table;
	struct service_spec *service; /* the newest; NULL before the first */
	enum prepare_mode mode;
	struct arena arena;
	struct watches watches;
	int code;
};

static _Noreturn void
reject(const char *word)
{
	fprintf(stderr, "driver: cannot use \"%s\"\n", word);
	_exit(99);
}

static uint32_t
number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 0);

	if (*text == '\0' || *end != '\0')
		reject(text);
	return (uint32_t)value;
}

static void
set_text(char *room, unsigned size, const char *text)
{
	if (service_set_text(room, size, text) == -1)
		reject(text);
}

static void
pause_ms(uint32_t ms)
{
	struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

	while (nanosleep(&pause, &pause) == -1 && errno == EINTR)
		;
}

static void
begin_service(struct job *job, const char *name)
{
	struct service_spec *service = &job->table.services[job->table.count];

	if (job->table.count == SERVICE_MAX)
		reject(name);
	set_text(service->name, sizeof(service->name), name);
	service->place = (uint8_t)job->table.count++;
	service->required = true;
	service->stop_signal = SIGTERM;
	service->reload_signal = SIGHUP;
	service->start_timeout_ms = 10000;
	service->stop_timeout_ms = 4000;
	service->capabilities = ~UINT64_C(0);
	job->service = service;
}

static void
add_probe(struct service_spec *service, const char *kind, const char *address)
{
	static const char *const kinds[] = {
		"none", "unix", "milter", "tcp", "smtp", "imap", "pop3", "notify", "fd", "exec"};
	int place = 0;

	while (place < SERVICE_PROBES && service->probes[place].kind != PROBE_NONE)
		place++;
	for (uint8_t i = 1; i < sizeof(kinds) / sizeof(kinds[0]) && place < SERVICE_PROBES; i++)
		if (strcmp(kind, kinds[i]) == 0) {
			service->probes[place].kind = i;
			set_text(service->probes[place].address, SERVICE_PATH_BYTES, address);
			return;
		}
	reject(kind);
}

static void
add_stale(struct service_spec *service, const char *path)
{
	for (int i = 0; i < SERVICE_STALE; i++)
		if (service->stale[i][0] == '\0') {
			set_text(service->stale[i], SERVICE_PATH_BYTES, path);
			return;
		}
	reject(path);
}

static void
add_final(struct service_spec *service, uint32_t code)
{
	int place = 0;

	while (place < SERVICE_FINAL_EXITS && service->final_exits[place] != 0)
		place++;
	if (place == SERVICE_FINAL_EXITS)
		reject("final");
	service->final_exits[place] = (uint8_t)code;
}

static void
add_needs(struct job *job, char **words, int count)
{
	for (int i = 1; i < count; i++) {
		int place = service_find(&job->table, words[i]);
		if (place < 0)
			reject(words[i]);
		job->service->needs |= UINT32_C(1) << place;
	}
}

/* A list of the service among the table's texts; the words are copied. */
static void
add_list(struct job *job, char **words, int count, service_list *list)
{
	const char *strings[DRIVER_WORDS + 1] = {NULL};

	memcpy(strings, words, (size_t)count * sizeof(strings[0]));
	if (service_add_list(&job->table, strings, list) == -1)
		reject(words[0]);
}

/* One line about a service. Returns whether it was one. */
static bool
read_service_line(struct job *job, char **words, int count)
{
	struct service_spec *service = job->service;
	const char *word = words[0], *value = words[1];

	if (strcmp(word, "command") == 0) {
		const char *argv[DRIVER_WORDS + 1] = {NULL};
		memcpy(argv, words + 1, (size_t)(count - 1) * sizeof(argv[0]));
		if (service_set_argv(service, argv) == -1)
			reject(value);
	} else if (strcmp(word, "needs") == 0) {
		add_needs(job, words, count);
	} else if (strcmp(word, "also-needs") == 0) {
		/* of an earlier service too, which makes circles possible */
		struct service_spec *kept = job->service;
		int place = service_find(&job->table, value);

		if (place < 0)
			reject(value);
		job->service = &job->table.services[place];
		add_needs(job, words + 1, count - 1);
		job->service = kept;
	} else if (strcmp(word, "probe") == 0) {
		add_probe(service, value, words[2]);
		if (strcmp(value, "exec") == 0)
			add_list(job, words + 2, count - 2, &service->ready_argv);
	} else if (strcmp(word, "environment") == 0) {
		add_list(job, words + 1, count - 1, &service->environment);
	} else if (strcmp(word, "directory") == 0) {
		add_list(job, words + 1, count - 1, &service->directory);
	} else if (strcmp(word, "stale") == 0) {
		add_stale(service, value);
	} else if (strcmp(word, "final") == 0) {
		add_final(service, number(value));
	} else if (strcmp(word, "place") == 0) {
		service->place = (uint8_t)number(value);
	} else if (strcmp(word, "start-timeout") == 0) {
		service->start_timeout_ms = number(value);
	} else if (strcmp(word, "stop-timeout") == 0) {
		service->stop_timeout_ms = number(value);
	} else if (strcmp(word, "stop-signal") == 0) {
		service->stop_signal = (int32_t)number(value);
	} else if (strcmp(word, "reload-signal") == 0) {
		service->reload_signal = (int32_t)number(value);
	} else if (strcmp(word, "user") == 0) {
		service->uid = number(value);
		service->gid = number(words[2]);
	} else if (strcmp(word, "capabilities") == 0) {
		service->capabilities = number(value);
	} else if (strcmp(word, "no-new-privs") == 0) {
		service->no_new_privs = true;
	} else if (strcmp(word, "kill-to-stop") == 0) {
		service->kill_to_stop = true;
	} else if (strcmp(word, "drain") == 0) {
		set_text(service->drain, sizeof(service->drain), value);
	} else if (strcmp(word, "optional") == 0) {
		service->required = false;
	} else if (strcmp(word, "changed") == 0) {
		service->changed = true;
	} else if (strcmp(word, "flush") == 0) {
		service->flush = true;
	} else if (strcmp(word, "flush-command") == 0) {
		add_list(job, words + 1, count - 1, &service->flush_argv);
	} else if (strcmp(word, "flush-after") == 0) {
		set_text(service->flush_after, sizeof(service->flush_after), value);
	} else if (strcmp(word, "restart") == 0) {
		service->restart = true;
	} else {
		return false;
	}
	return true;
}

static bool
read_general_line(struct job *job, char **words)
{
	struct service_table *table = &job->table;
	const char *word = words[0], *value = words[1];

	if (strcmp(word, "service") == 0)
		begin_service(job, value);
	else if (strcmp(word, "whole-stop-timeout") == 0)
		table->stop_timeout_ms = number(value);
	else if (strcmp(word, "give-up") == 0)
		table->give_up_count = number(value);
	else if (strcmp(word, "stay") == 0)
		table->give_up_stay = true;
	else if (strcmp(word, "restart-delay") == 0)
		table->restart_delay_ms = number(value);
	else if (strcmp(word, "restart-max-delay") == 0)
		table->restart_max_delay_ms = number(value);
	else if (strcmp(word, "json") == 0)
		table->log_format = LOG_FORMAT_JSON;
	else if (strcmp(word, "mask") == 0)
		table->log_mask = LOG_MASK_ADDRESSES;
	else if (strcmp(word, "syslog") == 0)
		set_text(table->syslog_sockets[0], SERVICE_PATH_BYTES, value);
	else if (strcmp(word, "watch") == 0)
		watches_add(&job->watches, value);
	else if (strcmp(word, "generation") == 0)
		table->generation = number(value);
	else if (strcmp(word, "unchanged") == 0)
		table->changed_nothing = true;
	else if (strcmp(word, "say") == 0)
		fprintf(stderr, "%s\n", value);
	else if (strcmp(word, "wait") == 0)
		pause_ms(number(value));
	else if (strcmp(word, "end") == 0)
		job->code = (int)number(value);
	else if (strcmp(word, "crash") == 0)
		raise(SIGKILL);
	else
		return false;
	return true;
}

static void
read_line(struct job *job, char *line)
{
	char *words[DRIVER_WORDS + 1], *rest, nothing[] = "";
	int count = 0;

	for (char *word = strtok_r(line, " \t", &rest); word != NULL && count < DRIVER_WORDS;
		word = strtok_r(NULL, " \t", &rest))
		words[count++] = word;
	if (count == 0)
		return;
	for (int i = count; i <= DRIVER_WORDS; i++)
		words[i] = nothing;
	if (read_general_line(job, words) ||
		(job->service != NULL && read_service_line(job, words, count)))
		return;
	reject(words[0]);
}

/* What the table was made from, for the process that watches. */
static void
write_list(const struct job *job)
{
	const char *fresh = DRIVER_LIST ".new";
	struct buffer text = {0};
	FILE *file;

	if (job->watches.count == 0)
		return;
	watch_list_write(job->watches.items, job->watches.count, &text);
	file = fopen(fresh, "w");
	if (file == NULL || fwrite(text.data, 1, text.len, file) != text.len ||
		fclose(file) == EOF || rename(fresh, DRIVER_LIST) == -1)
		reject(DRIVER_LIST);
	buffer_free(&text);
}

static int
prepare(void *context, enum prepare_mode mode, int table_fd)
{
	const char *given = getenv("TABLE");
	static struct job job;
	struct buffer text = {0};
	char *line, *rest;

	(void)context;
	service_table_init(&job.table);
	arena_init(&job.arena);
	watches_init(&job.watches, &job.arena);
	job.mode = mode;
	job.table.generation = 1;
	job.table.stop_timeout_ms = 8000;
	job.table.restart_delay_ms = 50;
	job.table.restart_max_delay_ms = 400;
	job.table.give_up_count = 4;
	job.table.give_up_window_ms = 60000;
	if (file_read(DRIVER_TABLE, 65536, &text, NULL) == -1)
		buffer_puts(&text, given != NULL ? given : "");
	for (line = strtok_r(text.data, "\n", &rest); line != NULL;
		line = strtok_r(NULL, "\n", &rest))
		read_line(&job, line);
	buffer_free(&text);
	write_list(&job);
	if (job.code == 0 && write(table_fd, &job.table, sizeof(job.table)) != sizeof(job.table))
		return 3;
	return job.code;
}

/* returned - says so; with /tmp/hang there it takes its time, and hears no TERM */
static void
returned(void *context, const char *service)
{
	(void)context;
	printf("returned: %s\n", service);
	fflush(stdout);
	if (access("/tmp/hang", F_OK) != 0)
		return;
	signal(SIGTERM, SIG_IGN);
	pause_ms(600000);
}

int
main(int argc, char **argv)
{
	struct supervise_options options = {.prepare = prepare, .returned = returned};

	supervise_block_signals();
	if (argc > 1)
		options.prepare_timeout_ms = number(argv[1]);
	if (argc > 2)
		options.review_ms = number(argv[2]);
	return supervise_run(&options);
}
