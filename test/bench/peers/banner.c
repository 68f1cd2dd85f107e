/*
 * banner.c - from the exec of PID 1 to the banner, measured inside the container
 *
 * banner FILE PROGRAM…: becomes PROGRAM, and leaves a child behind that asks port
 * 25 every millisecond until it says 220, and then writes the microseconds since
 * the exec to FILE.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BANNER_PATIENCE_US 60000000

static long long
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static int
is_greeted(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons(25), .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), greeted;
	char code[4] = "";

	if (fd == -1)
		return 0;
	greeted = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
		read(fd, code, 3) == 3 && strcmp(code, "220") == 0;
	close(fd);
	return greeted;
}

static int
watch(const char *file, long long began)
{
	FILE *out;

	while (!is_greeted()) {
		if (now_us() - began > BANNER_PATIENCE_US)
			return 1;
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	}
	began = now_us() - began;
	out = fopen(file, "w");
	if (out == NULL || fprintf(out, "%lld\n", began) < 0)
		return 1;
	return fclose(out) != 0;
}

int
main(int argc, char **argv)
{
	long long began = now_us();

	if (argc < 3) {
		fprintf(stderr, "banner FILE PROGRAM…\n");
		return 2;
	}
	if (fork() == 0)
		return watch(argv[1], began);
	execvp(argv[2], argv + 2);
	fprintf(stderr, "banner: %s: %s\n", argv[2], strerror(errno));
	return 127;
}
