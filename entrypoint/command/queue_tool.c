/* queue_tool.c - runs Postfix's own tools */
#include "command/queue_tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fatal.h"

#define TOOL_ERRORS_BYTES 65536 /* of what it says on standard error */

static _Noreturn void
become_tool(const char *const argv[], int output, int errors)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin", language[] = "LANG=C";
	char *environment[] = {path, language, NULL};
	int null = open("/dev/null", O_RDONLY);

	if (null == -1 || dup2(null, STDIN_FILENO) == -1 || dup2(errors, STDERR_FILENO) == -1 ||
		(output != -1 && dup2(output, STDOUT_FILENO) == -1))
		_exit(EXIT_NOT_EXECUTABLE);
	/* execve takes the strings as they are, its type is older than const. */
	execve(argv[0], (char *const *)(size_t)argv, environment);
	_exit(errno == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE);
}

static int
cannot(const char *what, const char *tool)
{
	fprintf(stderr, "mailinit: queue: unable to %s %s: %s\n", what, tool, strerror(errno));
	return -1;
}

static void
read_lines(int fd, queue_line *line, void *context)
{
	FILE *stream = fdopen(fd, "r");
	char *text = NULL;
	size_t size = 0;
	ssize_t len;

	if (stream == NULL)
		fatal_system("read from", "a pipe");
	while ((len = getline(&text, &size, stream)) > 0) {
		if (text[len - 1] == '\n')
			len--;
		if (!line(context, text, (size_t)len))
			break;
	}
	free(text);
	fclose(stream);
}

static void
read_errors(int fd, struct buffer *errors)
{
	char text[4096];
	ssize_t len;

	if (lseek(fd, 0, SEEK_SET) == -1)
		fatal_system("read", "what a tool said");
	while (errors->len < TOOL_ERRORS_BYTES && (len = read(fd, text, sizeof(text))) > 0)
		buffer_append(errors, text, (size_t)len);
}

static int
await(pid_t pid, const char *tool)
{
	int status;

	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return cannot("wait for", tool);
	if (WIFSIGNALED(status))
		return EXIT_BY_SIGNAL + WTERMSIG(status);
	if (WEXITSTATUS(status) != EXIT_NOT_FOUND)
		return WEXITSTATUS(status);
	fprintf(stderr,
		"mailinit: queue: there is no %s here; this command runs inside the mail "
		"container\n",
		tool);
	return -1;
}

/* Its errors go to a file in memory: two pipes could fill up behind each other's back. */
int
queue_tool(const char *const argv[], queue_line *line, void *context, struct buffer *errors)
{
	int ends[2] = {-1, -1}, said = memfd_create("mailinit-queue", MFD_CLOEXEC), code;
	pid_t pid;

	if (said == -1 || (line != NULL && pipe2(ends, O_CLOEXEC) == -1))
		fatal_system("set up", "a pipe");
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		become_tool(argv, ends[1], said);
	if (ends[1] != -1)
		close(ends[1]);
	if (pid > 0 && line != NULL)
		read_lines(ends[0], line, context);
	else if (ends[0] != -1)
		close(ends[0]);
	code = pid == -1 ? cannot("start", argv[0]) : await(pid, argv[0]);
	read_errors(said, errors);
	close(said);
	return code;
}
