#ifndef REPORT_FINDING_JSON_H
#define REPORT_FINDING_JSON_H

#include "base/buffer.h"
#include "base/finding.h"

/* An origin as a JSON object: kind, name, file, line, column; what is not known is null. */
void finding_json_origin(const struct origin *origin, struct buffer *out);

/* A finding as a JSON object (docs/json.md). */
void finding_json(const struct finding *finding, struct buffer *out);

#endif
