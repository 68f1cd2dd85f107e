/*
 * privilege.c - users and capabilities of a child
 *
 * The order matters: first the bounding set, which needs SETPCAP, then the user,
 * then the permitted set, from which there is no way back.
 */
#include "supervise/privilege.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

/* cap_max_bits is what this kernel knows; a set of ours has room for 64. */
static int
capability_count(void)
{
	int known = cap_max_bits();

	return known < 64 ? known : 64;
}

uint64_t
privilege_permitted(void)
{
	cap_t own = cap_get_proc();
	uint64_t set = 0;

	if (own == NULL)
		return 0;
	for (cap_value_t i = 0; i < capability_count(); i++) {
		cap_flag_value_t value = CAP_CLEAR;

		if (cap_get_flag(own, i, CAP_PERMITTED, &value) == 0 && value == CAP_SET)
			set |= (uint64_t)1 << i;
	}
	cap_free(own);
	return set;
}

bool
privilege_can_bound(void)
{
	return privilege_permitted() >> CAP_SETPCAP & 1;
}

static int
raise_in(cap_t set, cap_value_t capability, bool inheritable)
{
	static const cap_flag_t flags[] = {CAP_PERMITTED, CAP_EFFECTIVE, CAP_INHERITABLE};

	for (size_t i = 0; i < (inheritable ? 3 : 2); i++)
		if (cap_set_flag(set, flags[i], 1, &capability, CAP_SET) == -1)
			return -1;
	return 0;
}

/* INHERITABLE: the ambient set needs it, and nothing else does. */
static int
set_capabilities(uint64_t set, bool inheritable)
{
	cap_t wanted = cap_init();
	int result = 0;

	if (wanted == NULL)
		return -1;
	for (cap_value_t i = 0; i < capability_count() && result == 0; i++)
		if (set >> i & 1)
			result = raise_in(wanted, i, inheritable);
	if (result == 0)
		result = cap_set_proc(wanted);
	cap_free(wanted);
	return result;
}

static int
bound(uint64_t keep)
{
	for (cap_value_t i = 0; i < capability_count(); i++)
		if ((keep >> i & 1) == 0 && cap_drop_bound(i) == -1)
			return -1;
	return 0;
}

int
privilege_reduce(uint64_t keep)
{
	uint64_t permitted = privilege_permitted();

	if (privilege_can_bound() && bound(keep) == -1)
		return -1;
	return (permitted & ~keep) != 0 ? set_capabilities(permitted & keep, false) : 0;
}

static int
raise_ambient(uint64_t set)
{
	for (cap_value_t i = 0; i < capability_count(); i++)
		if ((set >> i & 1) && cap_set_ambient(i, CAP_SET) == -1)
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
	if (CAP_AMBIENT_SUPPORTED() && cap_reset_ambient() == -1)
		return -1;
	if (uid == 0 && gid == 0)
		return set_capabilities(keep, false);
	if (set_groups(uid, gid) == -1 || setgid(gid) == -1)
		return -1;
	if (uid == 0)
		return set_capabilities(keep, false);
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == -1 || setuid(uid) == -1 ||
		set_capabilities(keep, true) == -1)
		return -1;
	return raise_ambient(keep);
}

int
privilege_drop(uid_t uid, gid_t gid)
{
	const uint64_t to_change = 1u << CAP_SETGID | 1u << CAP_SETUID;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return -1;
	/*
	 * Without root, or without what it takes to change the user (a container that
	 * has too few capabilities needs a log most of all); capabilities still go.
	 */
	if (geteuid() != 0 || (privilege_permitted() & to_change) != to_change)
		return set_capabilities(0, false);
	if (setgroups(0, NULL) == -1 || setgid(gid) == -1 || setuid(uid) == -1)
		return -1;
	return set_capabilities(0, false);
}
