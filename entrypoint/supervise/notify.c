/* notify.c - "READY=1", from those who may say so */
#include "supervise/notify.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "supervise/socket.h"

#define NOTIFY_BYTES 512
#define NOTIFY_ROUND 32 /* messages a call, so that a flood cannot keep us here */

static bool
says_ready(const char *text)
{
	static const char word[] = "READY=1";

	while (text != NULL) {
		size_t len = strcspn(text, "\n");

		if (len == sizeof(word) - 1 && memcmp(text, word, len) == 0)
			return true;
		text = strchr(text, '\n');
		if (text != NULL)
			text++;
	}
	return false;
}

/* 1: there was a message; 0: none, or one with nothing in it for us. */
static int
read_one(int fd, pid_t group, bool *ready)
{
	char text[NOTIFY_BYTES + 1];
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct ucred)) + 64];
	} control;
	struct iovec vector = {text, NOTIFY_BYTES};
	struct msghdr header = {
		.msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	/* A message may carry descriptors: they must not become ours. */
	ssize_t len = recvmsg(fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	pid_t sender;

	if (len < 0)
		return 0;
	for (struct cmsghdr *at = CMSG_FIRSTHDR(&header); at != NULL; at = CMSG_NXTHDR(&header, at))
		if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SCM_RIGHTS) {
			size_t count = (at->cmsg_len - CMSG_LEN(0)) / sizeof(int);
			for (size_t i = 0; i < count; i++) {
				int passed;
				memcpy(&passed, CMSG_DATA(at) + i * sizeof(int), sizeof(passed));
				close(passed);
			}
		}
	text[len] = '\0';
	sender = socket_sender(&header);
	if (sender > 0 && group > 0 && getpgid(sender) == group && says_ready(text))
		*ready = true;
	return 1;
}

bool
notify_read(int fd, pid_t group)
{
	bool ready = false;

	for (int i = 0; i < NOTIFY_ROUND && read_one(fd, group, &ready) == 1; i++)
		;
	return ready;
}
