/*
 * queue_act.c - flush, hold, release and delete
 *
 * Postfix's own tools do it: postsuper knows how to take a message away while
 * Postfix has it in its hands. They say nothing about an id that is not there,
 * so the queue is asked first.
 */
#include "command/queue_act.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/fatal.h"
#include "command/queue_list.h"
#include "command/queue_print.h"
#include "command/queue_tool.h"

#define ACT_BATCH 64 /* ids that one run of postsuper gets */

static const struct {
	const char *verb, *flag;
} verbs[] = {{"hold", "-h"}, {"release", "-H"}, {"delete", "-d"}};

/* Which messages are meant. */
struct choice {
	struct arena *arena;
	const char *domain; /* those for it; NULL: those of WORDS */
	char **words;
	int count;
	bool *seen; /* beside WORDS */
	const char **ids; /* what was found, in the arena */
	size_t found, size;
};

static void
keep(struct choice *choice, const char *id)
{
	if (choice->found == choice->size) {
		size_t size = choice->size == 0 ? 64 : 2 * choice->size;

		choice->ids = arena_grow(choice->arena, choice->ids,
			choice->size * sizeof(choice->ids[0]), size * sizeof(choice->ids[0]));
		choice->size = size;
	}
	choice->ids[choice->found++] = arena_strdup(choice->arena, id);
}

static void
look_for(void *context, const struct queue_message *message)
{
	struct choice *choice = context;

	for (int i = 0; i < choice->count; i++)
		if (strcmp(choice->words[i], message->id) == 0 && !choice->seen[i]) {
			choice->seen[i] = true;
			keep(choice, message->id);
		}
	for (size_t i = 0; choice->domain != NULL && i < message->recipients->count; i++) {
		const char *address = node_text(message->recipients->items[i], "address", "");

		if (queue_address_in(address, choice->domain)) {
			keep(choice, message->id);
			return;
		}
	}
}

/* Runs a tool; what it says goes on to who asked. */
static int
run(const char *const argv[])
{
	struct buffer errors = {0}, line = {0};
	int code = queue_tool(argv, NULL, NULL, &errors);
	char *rest = errors.data, *one;

	while (rest != NULL && (one = strsep(&rest, "\n")) != NULL) {
		if (*one == '\0')
			continue;
		buffer_clear(&line);
		queue_print_safe(one, &line);
		fprintf(code == 0 ? stdout : stderr, "%s\n", buffer_text(&line));
	}
	buffer_free(&errors);
	buffer_free(&line);
	return code == 0 ? EXIT_DONE : EXIT_SYSTEM;
}

static int
find(struct choice *choice, bool *down)
{
	int missing = 0, code;

	choice->seen = arena_alloc(choice->arena, (size_t)(choice->count + 1) * sizeof(bool));
	code = queue_list(look_for, choice, down);
	if (code != EXIT_DONE)
		return code;
	for (int i = 0; i < choice->count; i++)
		if (!choice->seen[i]) {
			fprintf(stderr, "mailinit: queue: no message %s is in the queue\n",
				choice->words[i]);
			missing++;
		}
	return missing > 0 ? EXIT_FINDINGS : EXIT_DONE;
}

/* ---- flush ---- */

static int
flush_found(const struct choice *choice)
{
	for (size_t i = 0; i < choice->found; i++) {
		const char *const argv[] = {QUEUE_POSTQUEUE, "-i", choice->ids[i], NULL};
		int code = run(argv);

		if (code != EXIT_DONE)
			return code;
	}
	printf("%zu %s will be tried now\n", choice->found,
		choice->found == 1 ? "message" : "messages");
	return EXIT_DONE;
}

static int
flush(struct choice *choice, const char *word)
{
	static const char *const all[] = {QUEUE_POSTQUEUE, "-f", NULL};
	bool down = false;
	int code;

	if (word != NULL && !queue_is_id(word)) {
		choice->domain = word;
		choice->count = 0;
	}
	code = find(choice, &down);
	if (code != EXIT_DONE)
		return code;
	if (down) {
		fprintf(stderr,
			"mailinit: queue: Postfix does not run, so nothing can be tried; it "
			"tries what is due when it starts (mailinit start postfix)\n");
		return EXIT_FINDINGS;
	}
	if (word != NULL)
		return flush_found(choice);
	code = run(all);
	if (code == EXIT_DONE)
		puts("all deferred messages will be tried now");
	return code;
}

/* ---- hold, release, delete ---- */

static int
treat_found(const struct choice *choice, const char *flag)
{
	for (size_t at = 0; at < choice->found;) {
		const char *argv[2 * ACT_BATCH + 2] = {QUEUE_POSTSUPER};
		size_t count = 1;
		int code;

		for (; at < choice->found && count < 2 * ACT_BATCH; at++) {
			argv[count++] = flag;
			argv[count++] = choice->ids[at];
		}
		code = run(argv);
		if (code != EXIT_DONE)
			return code;
	}
	return EXIT_DONE;
}

static int
treat_all(const char *flag)
{
	const char *const argv[] = {QUEUE_POSTSUPER, flag, "ALL", NULL};

	return run(argv);
}

static int
treat(struct choice *choice, const char *flag)
{
	bool down;
	int found = find(choice, &down), code;

	if (found == EXIT_SYSTEM)
		return found;
	code = treat_found(choice, flag);
	return code != EXIT_DONE ? code : found;
}

/* ---- arguments ---- */

static int
usage(const char *verb)
{
	if (strcmp(verb, "flush") == 0)
		fprintf(stderr, "mailinit: usage: mailinit queue flush [ID|DOMAIN]\n");
	else
		fprintf(stderr, "mailinit: usage: mailinit queue %s ID…|all%s\n", verb,
			strcmp(verb, "delete") == 0 ? " (all only with --yes)" : "");
	return EXIT_USAGE;
}

/* Takes --yes out of the words. Returns whether it was there. */
static bool
take_yes(struct choice *choice)
{
	bool yes = false;
	int kept = 0;

	for (int i = 0; i < choice->count; i++)
		if (strcmp(choice->words[i], "--yes") == 0)
			yes = true;
		else
			choice->words[kept++] = choice->words[i];
	choice->count = kept;
	return yes;
}

static int
act_on(struct choice *choice, const char *verb, const char *flag, bool yes)
{
	bool deletes = strcmp(verb, "delete") == 0;

	if (choice->count == 0 || (yes && !deletes))
		return usage(verb);
	if (choice->count == 1 && strcasecmp(choice->words[0], "all") == 0) {
		if (!deletes || yes)
			return treat_all(flag);
		fprintf(stderr,
			"mailinit: queue: this would delete every message, for good; add --yes if "
			"you mean it\n");
		return EXIT_USAGE;
	}
	for (int i = 0; i < choice->count; i++)
		/* "ALL" would be a word of postsuper's own. */
		if (!queue_is_id(choice->words[i])) {
			fprintf(stderr,
				"mailinit: queue: \"%s\" is no queue id; `postqueue -p` shows "
				"them\n",
				choice->words[i]);
			return EXIT_USAGE;
		}
	return treat(choice, flag);
}

int
queue_act(int argc, char **argv)
{
	struct arena arena;
	struct choice choice = {.arena = &arena, .words = argv + 1, .count = argc - 1};
	const char *verb = argv[0], *flag = NULL;
	bool yes = take_yes(&choice);
	int code;

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verb, verbs[i].verb) == 0)
			flag = verbs[i].flag;
	arena_init(&arena);
	if (flag != NULL)
		code = act_on(&choice, verb, flag, yes);
	else if (yes || choice.count > 1 || (choice.count == 1 && choice.words[0][0] == '-'))
		code = usage(verb);
	else
		code = flush(&choice, choice.count == 1 ? choice.words[0] : NULL);
	arena_free(&arena);
	return code;
}
