#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>

#include "base/buffer.h"
#include "plan/plan.h"

/*
 * A plan, or its findings alone, as text or JSON. Appends to OUT; never shows
 * the content of a secret file, a secret line or a secret value. Only reads.
 */

/* Findings, worst first, each with its origin, effect and help. */
void report_findings_text(const struct plan *plan, bool color, struct buffer *out);

/* The files as a difference against what is on disk, then findings and what is deferred. */
void report_plan_text(const struct plan *plan, bool color, struct buffer *out);

/* The whole plan (docs/json.md); with FINDINGS_ONLY just version, findings and summary. */
void report_plan_json(const struct plan *plan, bool findings_only, struct buffer *out);

/* What would happen to FILE: "create", "change" or "keep". */
const char *report_action(const struct plan *plan, const struct plan_file *file);

#endif
