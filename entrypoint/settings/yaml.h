#ifndef SETTINGS_YAML_H
#define SETTINGS_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/finding.h"
#include "base/node.h"

/*
 * YAML as a tree with positions. Scalars stay text as written; `null`, `~` and
 * nothing become NODE_NULL unless quoted. What can turn a small file into a
 * large tree (anchors, aliases, merge keys), or hides what is meant (a key
 * twice, several documents, tags, keys that are no text), is refused.
 *
 * Lines and columns count from 1; columns are characters, a tab is one.
 * Strings and nodes belong to the arena; FILE must live as long as it.
 */
#define YAML_FILE_BYTES (16 * 1024 * 1024)
#define YAML_DEPTH 64
#define YAML_NODES 400000 /* keys and values: what fits into 64 MB beside the text */
#define YAML_SCALAR_BYTES (1024 * 1024)
#define YAML_FINDINGS 100 /* then the reader stops: the rest is of the same kind */

struct yaml_text {
	const char *file; /* the name for messages */
	const char *data;
	size_t len;
	/*
	 * Compose files: anchors are followed (an alias is the very node, not a copy of
	 * it), << is merged, and values are not looked at for traps.
	 */
	bool compose;
	/*
	 * Of a text within FILE: where its first line begins there, in a block (|) whose
	 * lines stand under each other; FLAT: in quotes, so that all of it has that one
	 * place. 0: the text is the whole file.
	 */
	int first_line, first_column;
	bool flat;
};

/* Puts the place in its file of LINE and COLUMN of TEXT, both from 1, into ORIGIN. */
void yaml_place(const struct yaml_text *text, int line, int column, struct origin *origin);

/*
 * The tree of TEXT; NULL when it cannot be read as YAML, and an empty map when
 * there is nothing in it. What is wrong is in FINDINGS: yaml-syntax,
 * yaml-alias, yaml-duplicate-key, yaml-limit, yaml-number-lookalike,
 * yaml-comment-in-value, value-newline (for a NUL).
 */
struct node *
yaml_parse(struct arena *arena, struct findings *findings, const struct yaml_text *text);

/* As yaml_parse, but the whole may also be a list or a scalar: the data of a template. */
struct node *
yaml_parse_any(struct arena *arena, struct findings *findings, const struct yaml_text *text);

/*
 * "\n    source line\n    ^" for a message, the caret under COLUMN. A line that
 * may hold a secret is left out, the caret with it: a typing error must not
 * carry a password into a log. FROM_LINE, when not 0, is where the construct
 * began that LINE belongs to. Lines and columns are those of the file.
 */
const char *yaml_excerpt(
	struct arena *arena, const struct yaml_text *text, int from_line, int line, int column);

/* As yaml_excerpt, but the line ends with the SHOWN characters at COLUMN: for keys. */
const char *yaml_excerpt_key(
	struct arena *arena, const struct yaml_text *text, int line, int column, size_t shown);

#endif
