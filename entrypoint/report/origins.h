#ifndef REPORT_ORIGINS_H
#define REPORT_ORIGINS_H

#include "base/buffer.h"
#include "plan/plan.h"

/*
 * Where a rendered line came from, for people: "MAIL_HOSTNAME; instead of
 * mailinit.yaml:1:11; template:6". A value of mailinit's own choice has no more
 * than its template line. TEMPLATE is the file that "template" stands for; a line
 * of another one names it. Appends nothing when there is nothing to say: for
 * what no template and no setting made, and for comments and empty lines (TEXT).
 */
void origins_note(const struct plan_line *line, const char *text, size_t len,
	const char *template_file, struct buffer *out);

#endif
