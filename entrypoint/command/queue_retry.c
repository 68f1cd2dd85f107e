/* queue_retry.c - what waited for a service is tried when that is back */
#include "command/queue_retry.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/fatal.h"
#include "command/queue_list.h"
#include "command/queue_print.h"
#include "command/queue_tool.h"

/* What was under way when the service came may be put aside a moment later. */
#define RETRY_PAUSE_MS 1000
/* One message costs one process; for more than this the whole queue is tried. */
#define RETRY_MOST 1000

struct retry {
	struct arena *arena;
	const char *word;
	const char *ids[RETRY_MOST];
	size_t count; /* may be larger: then not all are among IDS */
};

static void
look(void *context, const struct queue_message *message)
{
	struct retry *retry = context;

	if (message->queue != QUEUE_DEFERRED)
		return;
	for (size_t i = 0; i < message->recipients->count; i++) {
		const char *reason = node_text(message->recipients->items[i], "delay_reason", "");

		if (strstr(reason, retry->word) == NULL)
			continue;
		if (retry->count < RETRY_MOST)
			retry->ids[retry->count] = arena_strdup(retry->arena, message->id);
		retry->count++;
		return;
	}
}

/* run - postqueue; what it says is told. Returns whether it did what was asked. */
static bool
run(const char *const argv[])
{
	struct buffer errors = {0}, line = {0};
	int code = queue_tool(argv, NULL, NULL, &errors);

	if (code != 0) {
		queue_print_safe(buffer_text(&errors), &line);
		fprintf(stderr, "mailinit: queue: postqueue ended with %d: %s\n", code,
			buffer_text(&line));
	}
	buffer_free(&errors);
	buffer_free(&line);
	return code == 0;
}

static bool
try_all(const struct retry *retry)
{
	static const char *const all[] = {QUEUE_POSTQUEUE, "-f", NULL};

	if (retry->count > RETRY_MOST)
		return run(all);
	for (size_t i = 0; i < retry->count; i++) {
		const char *const argv[] = {QUEUE_POSTQUEUE, "-i", retry->ids[i], NULL};

		if (!run(argv))
			return false;
	}
	return true;
}

void
queue_retry(const char *word, const char *who)
{
	static const struct timespec pause = {
		.tv_sec = RETRY_PAUSE_MS / 1000, .tv_nsec = RETRY_PAUSE_MS % 1000 * 1000000L};
	struct arena arena;
	struct retry retry = {.arena = &arena, .word = word};
	bool down = false;

	nanosleep(&pause, NULL);
	arena_init(&arena);
	/* with Postfix down there is nobody to try them; it does so when it starts */
	if (queue_list(look, &retry, &down) == EXIT_DONE && !down && retry.count > 0 &&
		try_all(&retry))
		printf("mailinit: %s is back: %zu %s that waited for it will be tried now\n", who,
			retry.count, retry.count == 1 ? "message" : "messages");
	arena_free(&arena);
}
