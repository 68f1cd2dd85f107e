/*
 * resolver.c - whether the container has a name server at all
 *
 * Without one the C library asks 127.0.0.1, where nobody answers: each look-up fails, and
 * all mail to outside waits. What Postfix's chroot has is a copy of this file.
 */
#include "check/rooms.h"

#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "daemon/daemon.h"

#define RESOLVER "/etc/resolv.conf"
#define RESOLVER_LIMIT (64 * 1024)

static bool
has_server(const char *text)
{
	for (const char *at = text; *at != '\0'; at += strcspn(at, "\n"), at += *at == '\n')
		if (text_starts(at, "nameserver ") || text_starts(at, "nameserver\t"))
			return true;
	return false;
}

void
check_resolver(struct plan *plan)
{
	struct origin origin = {.kind = ORIGIN_SYSTEM, .file = RESOLVER};
	struct buffer text = {0};

	/* daemon/postfix.c has the file watched */
	if ((!plan->live && plan->root[0] == '\0') || !daemon_postfix.wanted(plan))
		return;
	if (file_read(plan_path(plan, RESOLVER), RESOLVER_LIMIT, &text, NULL) != 0) {
		if (plan->live && errno == ENOENT)
			finding_add(plan->findings, "resolver-missing", &origin,
				"there is no " RESOLVER);
	} else if (!has_server(buffer_text(&text))) {
		finding_add(plan->findings, "resolver-missing", &origin,
			RESOLVER " names no name server");
	}
	buffer_free(&text);
}
