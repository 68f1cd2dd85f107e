#ifndef REPORT_MAP_H
#define REPORT_MAP_H

#include "base/buffer.h"
#include "plan/path.h"

/*
 * The way that mail takes, drawn. Appends to OUT. The same path gives the same bytes.
 */

/* Plain ASCII, a table for each container. */
void map_text(const struct path *path, struct buffer *out);

/* A flowchart of Mermaid, which GitHub, GitLab and others draw in Markdown. */
void map_mermaid(const struct path *path, struct buffer *out);

/*
 * An SVG file: no scripts, no fonts and no files but itself, its own ground under it, so
 * that it is readable wherever it stands; dark where the reader's system is.
 */
void map_svg(const struct path *path, struct buffer *out);

#endif
