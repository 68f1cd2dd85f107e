/*
 * embed.c - write the files of a directory as one C source
 *
 *     embed ROOM DIRECTORY > FILE.c
 *
 * Runs on the machine that builds. The result defines ROOM_builtins[] and
 * ROOM_builtins_count as entrypoint/ROOM/builtin.h declares them, with the
 * names sorted by byte, so that one tree always gives the same bytes.
 * A file name that begins with a dot is passed over: editors leave such files.
 * Nothing is freed: the program ends when it is done.
 */
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct names {
	char **list;
	size_t count, room;
};

__attribute__((format(printf, 1, 2))) static void
fail(const char *format, ...)
{
	va_list arguments;
	int saved = errno;

	fputs("embed: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, ": %s\n", strerror(saved));
	exit(1);
}

static void *
resize(void *old, size_t size)
{
	void *new = realloc(old, size);

	if (new == NULL)
		fail("unable to get %zu bytes", size);
	return new;
}

/* LEFT/RIGHT, or RIGHT alone when LEFT is empty. */
static char *
join(const char *left, const char *right)
{
	size_t size = strlen(left) + strlen(right) + 2;
	char *path = resize(NULL, size);

	snprintf(path, size, "%s%s%s", left, *left == '\0' ? "" : "/", right);
	return path;
}

static void
names_add(struct names *names, char *name)
{
	if (names->count == names->room) {
		names->room = names->room * 2 + 16;
		names->list = resize(names->list, names->room * sizeof(*names->list));
	}
	names->list[names->count++] = name;
}

/* Adds the regular files below TOP/SUB, named from TOP on. */
static void
names_collect(struct names *names, const char *top, const char *sub)
{
	char *path = *sub == '\0' ? join("", top) : join(top, sub);
	DIR *directory = opendir(path);
	struct dirent *entry;

	if (directory == NULL)
		fail("unable to read directory %s", path);
	while (errno = 0, (entry = readdir(directory)) != NULL) {
		char *name, *file;
		struct stat status;

		if (entry->d_name[0] == '.')
			continue;
		name = join(sub, entry->d_name);
		file = join(top, name);
		if (stat(file, &status) != 0)
			fail("unable to look at %s", file);
		if (S_ISDIR(status.st_mode))
			names_collect(names, top, name);
		else
			names_add(names, name);
		free(file);
	}
	if (errno != 0)
		fail("unable to read directory %s", path);
	closedir(directory);
	free(path);
}

static int
names_order(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static char *
file_read(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	char *data = NULL;
	size_t room = 0, got;

	if (file == NULL)
		fail("unable to open %s", path);
	*len = 0;
	do {
		room += 65536;
		data = resize(data, room);
		got = fread(data + *len, 1, room - *len, file);
		*len += got;
	} while (got != 0);
	if (ferror(file))
		fail("unable to read %s", path);
	fclose(file);
	return data;
}

/*
 * Escapes are octal and always of three digits: a hexadecimal one would go on
 * into a digit that follows. '?' is escaped because of trigraphs.
 */
static void
literal_print(const char *data, size_t len)
{
	putchar('"');
	for (size_t at = 0; at < len; at++) {
		unsigned char c = (unsigned char)data[at];

		if (c == '\n') {
			fputs(at + 1 < len ? "\\n\"\n\t\"" : "\\n", stdout);
		} else if (c == '\t') {
			fputs("\\t", stdout);
		} else if (c == '"' || c == '\\' || c == '?') {
			printf("\\%c", c);
		} else if (c < 0x20 || c > 0x7e) {
			printf("\\%03o", c);
		} else {
			putchar(c);
		}
	}
	putchar('"');
}

int
main(int argc, char **argv)
{
	struct names names = {0};

	const char *room, *top;

	if (argc != 3) {
		fputs("usage: embed ROOM DIRECTORY > FILE.c\n", stderr);
		return 2;
	}
	room = argv[1];
	top = argv[2];
	names_collect(&names, top, "");
	if (names.count == 0) {
		fprintf(stderr, "embed: %s holds no file: there is nothing to build in\n", top);
		return 1;
	}
	qsort(names.list, names.count, sizeof(*names.list), names_order);

	printf("/* Made by tools/embed.c from %s/; not for editing. */\n", top);
	printf("#include \"%s/builtin.h\"\n\n", room);
	printf("const struct %s_builtin %s_builtins[] = {\n", room, room);
	for (size_t at = 0; at < names.count; at++) {
		size_t len;
		char *data = file_read(join(top, names.list[at]), &len);

		printf("\t{");
		literal_print(names.list[at], strlen(names.list[at]));
		printf(",\n\t");
		literal_print(data, len);
		printf(",\n\t%zu},\n", len);
		free(data);
	}
	printf("};\n\nconst size_t %s_builtins_count = %zu;\n", room, names.count);
	if (fflush(stdout) != 0 || ferror(stdout))
		fail("unable to write");
	return 0;
}
