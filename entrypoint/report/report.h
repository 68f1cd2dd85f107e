#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>

#include "base/buffer.h"
#include "plan/plan.h"

/*
 * A plan, or its findings alone, in each output format. Appends to OUT; never
 * shows the content of a secret file, a secret line or a secret value. Only
 * reads. The same plan gives the same bytes.
 */

/* Findings, worst first, each with its origin, effect and help; then their number. */
void report_findings_text(const struct plan *plan, bool color, struct buffer *out);

/* "1 error, 2 warnings, 0 notes", with what else there is to say of them, as a line. */
void report_counts_text(const struct plan *plan, struct buffer *out);

/*
 * "; off by checks: ID (2 silenced), ID (0 silenced)": every rule that checks.ID turns
 * off, whether it had anything to say or not. Returns whether there are any.
 */
bool report_off_text(const struct plan *plan, struct buffer *out);

/* The files as a difference against what is on disk, what is deferred, then the findings. */
void report_plan_text(const struct plan *plan, bool color, struct buffer *out);

/* The whole plan (docs/json.md); with FINDINGS_ONLY just version, findings and summary. */
void report_plan_json(const struct plan *plan, bool findings_only, struct buffer *out);

/* What a place in a file is told by, where a consumer wants one of the repository. */
struct report_place {
	const char *input; /* the file that the user named and that settings come from, or NULL */
	const char
		*base; /* absolute: what lies below it is told relative to it; NULL: nothing is */
};

/* The findings as SARIF 2.1.0 (OASIS), of the tool's VERSION. */
void report_sarif(const struct plan *plan, const struct report_place *place, const char *version,
	struct buffer *out);

/* The findings as workflow commands of GitHub Actions, at most ten a type, then a summary. */
void report_github(const struct plan *plan, const struct report_place *place, struct buffer *out);

#endif
