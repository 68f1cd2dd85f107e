/* unsupported.c - settings of the design that this version does not carry out */
#include "base/node.h"
#include "check/rooms.h"

void
check_unsupported(struct plan *plan)
{
	static const char *const paths[] = {"tls.sni"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const struct node *node = node_at(plan->settings, paths[i]);

		if (node != NULL && node->count > 0)
			finding_add(plan->findings, "setting-unsupported", &node->origin,
				"%s is set, but this version of mailinit does not act on it",
				paths[i]);
	}
}
