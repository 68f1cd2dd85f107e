/* queue.c - a sound queue that is ours alone */
#include "apply/queue.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#include "apply/unable.h"

#define POSTSUPER "/usr/sbin/postsuper"

/*
 * held_by_another - master holds an flock on pid/master.pid as long as it lives,
 * whatever number the file holds, and the kernel drops it with the process
 */
static int
held_by_another(const char *queue_directory)
{
	char path[512];
	int fd, held;

	snprintf(path, sizeof(path), "%s/pid/master.pid", queue_directory);
	fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT ? 0 : unable("open", path);
	held = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	close(fd); /* and with it our lock */
	return held;
}

int
queue_repair(const char *config_directory, bool *refused)
{
	char config[256];
	char *argv[] = {(char[]){POSTSUPER}, NULL};
	char *environment[] = {
		(char[]){"PATH=/usr/sbin:/usr/bin:/sbin:/bin"}, (char[]){"LANG=C"}, config, NULL};
	int status = 0;
	pid_t pid;

	*refused = false;
	if (snprintf(config, sizeof(config), "MAIL_CONFIG=%s", config_directory) >=
		(int)sizeof(config)) {
		errno = ENAMETOOLONG;
		return unable("use", config_directory);
	}
	pid = fork();

	if (pid < 0)
		return unable("start", POSTSUPER);
	if (pid == 0) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		execve(argv[0], argv, environment);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return unable("wait for", POSTSUPER);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	*refused = true;
	fprintf(stderr,
		"mailinit: Postfix's own %s, the first program to read main.cf, ended with %s %d; "
		"its reason stands above\n"
		"    effect: Postfix would not start; the configuration was not put into use\n"
		"    help: correct the parameter that it names: see `mailinit --dry-run` for where "
		"its value comes from\n",
		POSTSUPER, WIFEXITED(status) ? "exit code" : "signal",
		WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	return -1;
}

int
queue_is_free(const char *queue_directory)
{
	int held = held_by_another(queue_directory);

	if (held > 0)
		fprintf(stderr,
			"mailinit: another running Postfix uses the queue %s\n"
			"    hint: give each container a queue volume of its own, or stop the "
			"other "
			"one first\n",
			queue_directory);
	return held == 0 ? 0 : -1;
}
