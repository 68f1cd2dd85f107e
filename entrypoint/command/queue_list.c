/* queue_list.c - what postqueue knows, message by message */
#include "command/queue_list.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fatal.h"
#include "command/queue_print.h"
#include "command/queue_tool.h"

struct listing {
	queue_visitor *visit;
	void *context;
	const char *why; /* the line that is not as it should be; NULL: none */
	unsigned line;
};

static bool
take_line(void *context, const char *line, size_t len)
{
	struct listing *listing = context;
	struct queue_message message;
	struct arena arena;

	listing->line++;
	arena_init(&arena);
	if (queue_read(&arena, line, len, &message, &listing->why) == 0)
		listing->visit(listing->context, &message);
	arena_free(&arena);
	return listing->why == NULL;
}

static int
complain(const struct listing *listing, int code, const struct buffer *errors)
{
	struct buffer text = {0};

	if (listing->why != NULL) {
		fprintf(stderr,
			"mailinit: queue: line %u of postqueue -j is not what its manual "
			"describes: %s\n",
			listing->line, listing->why);
		return EXIT_SYSTEM;
	}
	queue_print_safe(buffer_text(errors), &text);
	fprintf(stderr, "mailinit: queue: postqueue ended with %d: %s\n", code, buffer_text(&text));
	buffer_free(&text);
	return EXIT_SYSTEM;
}

int
queue_list(queue_visitor *visit, void *context, bool *down)
{
	static const char *const argv[] = {QUEUE_POSTQUEUE, "-j", NULL};
	struct listing listing = {.visit = visit, .context = context};
	struct buffer errors = {0};
	int code = queue_tool(argv, take_line, &listing, &errors), result = EXIT_DONE;

	if (code == -1)
		result = EXIT_SYSTEM;
	else if (listing.why != NULL || code != 0)
		result = complain(&listing, code, &errors);
	*down = strstr(buffer_text(&errors), "Mail system is down") != NULL;
	buffer_free(&errors);
	return result;
}

void
queue_count_files(const char *directory, struct queue_part *part)
{
	DIR *stream = opendir(directory);
	const struct dirent *entry;

	if (stream == NULL) {
		fprintf(stderr, "mailinit: queue: unable to look into %s: %s\n", directory,
			strerror(errno));
		return;
	}
	while ((entry = readdir(stream)) != NULL) {
		struct stat status;

		if (fstatat(dirfd(stream), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == -1 ||
			!S_ISREG(status.st_mode))
			continue;
		part->messages++;
		part->bytes += (uint64_t)status.st_size;
		if (part->oldest == 0 || status.st_mtime < part->oldest)
			part->oldest = status.st_mtime;
	}
	closedir(stream);
}
