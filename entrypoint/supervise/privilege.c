/*
 * privilege.c - users and capabilities of a child
 *
 * The kernel's own interface is used: two system calls on plain sets. The order
 * matters: first the bounding set, which needs SETPCAP, then the user, then the
 * permitted set, from which there is no way back.
 */
#include "supervise/privilege.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PRIVILEGE_ABI 0x20080522u /* _LINUX_CAPABILITY_VERSION_3: two words a set */
#define PRIVILEGE_SETGID 6
#define PRIVILEGE_SETUID 7
#define PRIVILEGE_SETPCAP 8
#define PRIVILEGE_LAST 63

struct privilege_header {
	uint32_t version;
	int pid;
};

struct privilege_word {
	uint32_t effective, permitted, inheritable;
};

uint64_t
privilege_permitted(void)
{
	struct privilege_header header = {.version = PRIVILEGE_ABI};
	struct privilege_word words[2] = {{0, 0, 0}, {0, 0, 0}};

	if (syscall(SYS_capget, &header, words) == -1)
		return 0;
	return words[0].permitted | (uint64_t)words[1].permitted << 32;
}

bool
privilege_can_bound(void)
{
	return privilege_permitted() >> PRIVILEGE_SETPCAP & 1;
}

static int
set_capabilities(uint64_t set)
{
	struct privilege_header header = {.version = PRIVILEGE_ABI};
	struct privilege_word words[2];

	for (int i = 0; i < 2; i++) {
		uint32_t word = (uint32_t)(set >> (32 * i));
		words[i] = (struct privilege_word){word, word, word};
	}
	return (int)syscall(SYS_capset, &header, words);
}

/* The kernel knows fewer than 64 capabilities: EINVAL marks the end of them. */
static int
bound(uint64_t keep)
{
	for (int i = 0; i <= PRIVILEGE_LAST; i++) {
		if (keep >> i & 1)
			continue;
		if (prctl(PR_CAPBSET_DROP, i, 0, 0, 0) == -1)
			return errno == EINVAL ? 0 : -1;
	}
	return 0;
}

static int
raise_ambient(uint64_t set)
{
	for (int i = 0; i <= PRIVILEGE_LAST; i++)
		if ((set >> i & 1) && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0) == -1)
			return -1;
	return 0;
}

static int
set_groups(uid_t uid, gid_t gid)
{
	const struct passwd *user;

	errno = 0;
	user = getpwuid(uid);
	if (user != NULL)
		return initgroups(user->pw_name, gid);
	return setgroups(0, NULL);
}

int
privilege_become(uid_t uid, gid_t gid, uint64_t keep)
{
	if (privilege_can_bound() && bound(keep) == -1)
		return -1;
	keep &= privilege_permitted();
	/* Kernels before 4.3 have no ambient set, hence nothing in it to clear. */
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == -1 && errno != EINVAL)
		return -1;
	if (uid == 0 && gid == 0)
		return set_capabilities(keep);
	if (set_groups(uid, gid) == -1 || setgid(gid) == -1)
		return -1;
	if (uid == 0)
		return set_capabilities(keep);
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == -1 || setuid(uid) == -1 ||
		set_capabilities(keep) == -1)
		return -1;
	return raise_ambient(keep);
}

int
privilege_drop(uid_t uid, gid_t gid)
{
	const uint64_t to_change = 1u << PRIVILEGE_SETGID | 1u << PRIVILEGE_SETUID;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return -1;
	/*
	 * Without root, or without what it takes to change the user (a container that
	 * has too few capabilities needs a log most of all); capabilities still go.
	 */
	if (geteuid() != 0 || (privilege_permitted() & to_change) != to_change)
		return set_capabilities(0);
	if (setgroups(0, NULL) == -1 || setgid(gid) == -1 || setuid(uid) == -1)
		return -1;
	return set_capabilities(0);
}
