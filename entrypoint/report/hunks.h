#ifndef REPORT_HUNKS_H
#define REPORT_HUNKS_H

#include <stdbool.h>

#include "base/buffer.h"
#include "plan/plan.h"

/*
 * The difference between what is on disk (THERE) and what FILE wants, as
 * unified hunks: "-" lines go, "+" lines come, each of these with its origin
 * behind it. No more than HUNKS_LINES changed lines are shown: ten thousand
 * mailboxes are nobody's reading. Lines that hold or may hold a secret are
 * named and not shown. TEMPLATE: see origins.h.
 */
#define HUNKS_LINES 200
#define HUNKS_CONTEXT 3

void hunks_put(const struct plan *plan, const struct plan_file *file, const struct buffer *there,
	const char *template_file, bool color, struct buffer *out);

#endif
