/*
 * replay.c - a fuzz target without a fuzzer: its corpus again, and changes of it
 *
 *     build/asan-N/fuzz/NAME [EXECUTIONS [FILE]]
 *
 * First every file of test/fuzz/corpus/NAME as it is, in the order of their
 * names; then EXECUTIONS inputs (default 10000) that are made of these by a few
 * random changes. The random numbers are always the same, so that a run can be
 * repeated. It needs no clang, for `make test` runs where there is none; what it
 * cannot do is to learn, which is what `make fuzz` is for.
 *
 * Speaks TAP. A finding ends the program, by the sanitizers or by the target's
 * own abort; the input is then in build/fuzz/NAME.input, and the same program
 * with 0 and that FILE repeats it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sanitizer/common_interface_defs.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"

#define EXECUTIONS 10000
#define CHANGES_MAX 6 /* to one input */
#define INPUT_BYTES_MAX 4096 /* larger ones are cut: time is better spent on more of them */
#define FILE_BYTES_MAX (1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	uint8_t *data; /* owned */
	size_t len;
};

static struct {
	const char *name; /* of the target */
	struct input *corpus;
	size_t count;
	uint64_t random;
	const uint8_t *running; /* the input at work, for when it fails */
	size_t running_len;
} replay = {.random = 0x9e3779b97f4a7c15};

/* below - a number less than LIMIT, by xorshift: the same ones in every run */
static size_t
below(size_t limit)
{
	replay.random ^= replay.random << 13;
	replay.random ^= replay.random >> 7;
	replay.random ^= replay.random << 17;
	return limit > 0 ? (size_t)((replay.random >> 11) % limit) : 0;
}

static void
fail(const char *what, const char *name)
{
	fprintf(stderr, "replay: unable to %s %s: %s\n", what, name, strerror(errno));
	exit(3);
}

/* keep_input - the sanitizers' last call, and ours on SIGABRT: what was it? */
static void
keep_input(void)
{
	char path[256];
	int fd;

	if (replay.running == NULL)
		return;
	snprintf(path, sizeof(path), "build/fuzz/%s.input", replay.name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, replay.running, replay.running_len) != (ssize_t)replay.running_len)
		perror(path);
	else
		fprintf(stderr, "replay: the input is in %s\n", path);
	replay.running = NULL;
}

static void
on_abort(int number)
{
	keep_input();
	signal(number, SIG_DFL);
	raise(number);
}

/* run - one input, in memory of just its size, so that a byte too far is seen */
static void
run(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	if (copy == NULL)
		abort();
	if (len > 0)
		memcpy(copy, data, len);
	replay.running = copy;
	replay.running_len = len;
	(void)LLVMFuzzerTestOneInput(copy, len);
	replay.running = NULL;
	free(copy);
}

static void
add_file(const char *path)
{
	struct buffer content = {0};
	struct input *input;

	if (file_read(path, FILE_BYTES_MAX, &content, NULL) != 0)
		fail("read", path);
	replay.corpus = realloc(replay.corpus, (replay.count + 1) * sizeof(*replay.corpus));
	if (replay.corpus == NULL)
		abort();
	input = &replay.corpus[replay.count++];
	input->len = content.len;
	input->data = malloc(content.len + 1);
	if (input->data == NULL)
		abort();
	memcpy(input->data, buffer_text(&content), content.len);
	buffer_free(&content);
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int
by_bytes(const struct dirent **left, const struct dirent **right)
{
	return strcmp((*left)->d_name, (*right)->d_name);
}

/* load - the corpus in the order of its names, which no file system changes */
static void
load(const char *directory)
{
	struct dirent **entries;
	int count = scandir(directory, &entries, is_visible, by_bytes);
	char path[512];

	if (count < 0)
		fail("read the corpus", directory);
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, entries[i]->d_name);
		add_file(path);
		free(entries[i]);
	}
	free(entries);
}

/* ---- changes ---- */

/* put - LEN bytes of FROM stand at AT of INPUT, in front of what was there */
static void
put(struct input *input, size_t at, const uint8_t *from, size_t len)
{
	uint8_t copy[INPUT_BYTES_MAX];

	if (len > INPUT_BYTES_MAX - input->len)
		len = INPUT_BYTES_MAX - input->len;
	memcpy(copy, from, len); /* FROM may be a part of INPUT */
	memmove(input->data + at + len, input->data + at, input->len - at);
	memcpy(input->data + at, copy, len);
	input->len += len;
}

static void
cut(struct input *input, size_t at, size_t len)
{
	memmove(input->data + at, input->data + at + len, input->len - at - len);
	input->len -= len;
}

/* change - one random change; the bytes of other inputs are the words of the language */
static void
change(struct input *input)
{
	static const uint8_t edges[] = {0, 1, 0x7f, 0x80, 0xff, '\n', '\r', '\t', ' ', '"'};
	const struct input *other = &replay.corpus[below(replay.count)];
	size_t at = below(input->len), left = input->len - at;
	size_t from = below(other->len), most = other->len - from;

	switch (below(6)) {
	case 0:
		if (left > 0)
			input->data[at] ^= (uint8_t)(1U << below(8));
		break;
	case 1:
		if (left > 0)
			input->data[at] = edges[below(sizeof(edges))];
		break;
	case 2:
		cut(input, at, below(left < 16 ? left + 1 : 16));
		break;
	case 3: /* a part of itself, once more */
		put(input, below(input->len + 1), input->data + at, below(left + 1));
		break;
	case 4: /* a part of another one */
		put(input, below(input->len + 1), other->data + from,
			below(most < 64 ? most + 1 : 64));
		break;
	case 5: /* the end of another one instead of its own */
		input->len = at;
		put(input, at, other->data + from, most);
		break;
	}
}

static void
run_changed(size_t executions)
{
	uint8_t bytes[INPUT_BYTES_MAX];

	for (size_t i = 0; i < executions; i++) {
		const struct input *seed = &replay.corpus[below(replay.count)];
		struct input input = {bytes, seed->len};

		if (input.len > INPUT_BYTES_MAX)
			input.len = INPUT_BYTES_MAX;
		memcpy(bytes, seed->data, input.len);
		for (size_t changes = 1 + below(CHANGES_MAX); changes > 0; changes--)
			change(&input);
		run(input.data, input.len);
	}
}

int
main(int argc, char **argv)
{
	size_t executions = argc > 1 ? strtoul(argv[1], NULL, 10) : EXECUTIONS;
	const char *slash = strrchr(argv[0], '/');
	char directory[256];

	replay.name = slash != NULL ? slash + 1 : argv[0];
	if (mkdir("build/fuzz", 0755) != 0 && errno != EEXIST)
		fail("make", "build/fuzz (run this in the top directory of the tree)");
	__sanitizer_set_death_callback(keep_input);
	signal(SIGABRT, on_abort);
	snprintf(directory, sizeof(directory), "test/fuzz/corpus/%s", replay.name);
	if (argc > 2)
		add_file(argv[2]);
	else
		load(directory);
	if (replay.count == 0) {
		fprintf(stderr, "replay: %s holds no input\n", directory);
		return 1;
	}
	printf("1..2\n");
	for (size_t i = 0; i < replay.count; i++)
		run(replay.corpus[i].data, replay.corpus[i].len);
	printf("ok 1 - %s: %zu kept inputs\n", replay.name, replay.count);
	run_changed(executions);
	printf("ok 2 - %s: %zu changed ones\n", replay.name, executions);
	for (size_t i = 0; i < replay.count; i++)
		free(replay.corpus[i].data);
	free(replay.corpus);
	return 0;
}
