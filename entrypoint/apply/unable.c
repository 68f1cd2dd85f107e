/* unable.c - one voice for all that the system may refuse us */
#include "apply/unable.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *
hint_for(int cause)
{
	switch (cause) {
	case ENOSPC:
	case EDQUOT:
		return "\n    hint: the disk or volume is full; nothing was switched over";
	case EROFS:
		return "\n    hint: the root is read-only; /run, /var/spool/postfix, "
		       "/var/lib/postfix, "
		       "/var/lib/mailinit and /var/mail must be volumes or tmpfs";
	case EPERM:
	case EACCES:
		return "\n    hint: mailinit needs root and the capabilities CHOWN, DAC_OVERRIDE, "
		       "SETGID, SETUID, SYS_CHROOT and KILL";
	default:
		return "";
	}
}

int
unable(const char *verb, const char *path)
{
	int saved = errno;

	fprintf(stderr, "mailinit: unable to %s %s: %s%s\n", verb, path, strerror(saved),
		hint_for(saved));
	errno = saved;
	return -1;
}
