/*
 * queue.c - what waits in Postfix's queue, why, and what to do about it
 *
 * For `docker exec CONTAINER mailinit queue`: it asks Postfix's own tools, and not
 * PID 1, so it works whatever state PID 1 is in, and while Postfix is down.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/text.h"
#include "command/command.h"
#include "command/queue_act.h"
#include "command/queue_list.h"
#include "command/queue_print.h"
#include "plan/plan.h"

static int
usage(void)
{
	fprintf(stderr,
		"mailinit: usage: mailinit queue [--format text|json]\n"
		"                 mailinit queue flush [ID|DOMAIN]\n"
		"                 mailinit queue hold|release|delete ID…|all\n");
	return EXIT_USAGE;
}

static void
add_to_sum(void *context, const struct queue_message *message)
{
	queue_sum_add(context, message);
}

static int
show(bool json)
{
	struct arena arena;
	struct queue_sum sum;
	struct buffer out = {0};
	int code;

	arena_init(&arena);
	queue_sum_init(&sum, &arena);
	code = queue_list(add_to_sum, &sum, &sum.down);
	if (code == EXIT_DONE) {
		queue_count_files(PLAN_QUEUE_DIRECTORY "/corrupt", &sum.parts[QUEUE_CORRUPT]);
		if (json)
			queue_print_json(&sum, &out);
		else
			queue_print_text(&sum, time(NULL), &out);
		if (fputs(buffer_text(&out), stdout) == EOF || fflush(stdout) == EOF) {
			fprintf(stderr, "mailinit: unable to write the queue: %s\n",
				strerror(errno));
			code = EXIT_SYSTEM;
		}
	}
	buffer_free(&out);
	arena_free(&arena);
	return code;
}

/* "--format=json", "--format text": 1 and 0; -1 for anything else. */
static int
wants_json(int argc, char **argv)
{
	const char *word = NULL;

	if (argc == 1)
		return 0;
	if (argc == 2 && text_starts(argv[1], "--format="))
		word = argv[1] + strlen("--format=");
	else if (argc == 3 && strcmp(argv[1], "--format") == 0)
		word = argv[2];
	if (word == NULL || (strcmp(word, "text") != 0 && strcmp(word, "json") != 0))
		return -1;
	return strcmp(word, "json") == 0;
}

int
command_queue(int argc, char **argv)
{
	static const char *const verbs[] = {"flush", "hold", "release", "delete"};
	bool acts = false;
	int json = -1;

	for (size_t i = 0; argc > 1 && i < sizeof(verbs) / sizeof(verbs[0]); i++)
		acts |= strcmp(argv[1], verbs[i]) == 0;
	if (!acts && (json = wants_json(argc, argv)) == -1)
		return usage();
	if (geteuid() != 0) {
		fprintf(stderr,
			"mailinit: queue: only root may look into the queue; `docker exec` "
			"runs it as root\n");
		return EXIT_SYSTEM;
	}
	return acts ? queue_act(argc - 1, argv + 1) : show(json == 1);
}
