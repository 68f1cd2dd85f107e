#ifndef COMMAND_EXPLAIN_H
#define COMMAND_EXPLAIN_H

#include <stdbool.h>

#include "base/node.h"
#include "plan/plan.h"
#include "settings/schema.h"

/*
 * What is known of one name, gathered as a map in the order in which it is shown
 * (docs/json.md, "explain"): name, kind, about, then facts of all sorts. A value
 * stands there as {value, origin}; a secret's is null. All of it belongs to the
 * plan's arena.
 */
struct explain {
	const struct plan *plan;
	struct node *facts;
	bool by_file; /* it was asked for the variable that names a file */
};

void explain_begin(struct explain *explain, const char *name, const char *kind);
void explain_text(struct explain *explain, const char *key, const char *text);

/* Adds one more item to the list KEY. */
void explain_item(struct explain *explain, const char *key, struct node *item);
void explain_word(struct explain *explain, const char *key, const char *text);

/* {value, origin} of a text, or of a setting; VALUE NULL: it is a secret. */
struct node *explain_value(struct explain *explain, const char *value, const struct origin *origin);
struct node *explain_node(struct explain *explain, const struct node *node);

/* Where a value came from, {text, kind, file, line, column}. */
struct node *explain_origin(struct explain *explain, const struct origin *origin);

/*
 * Each returns whether NAME is one of its kind, and has filled the facts then.
 * explain_setting also knows names below maps: aliases.info@example.com.
 */
bool explain_rule(struct explain *explain, const char *name);
bool explain_setting(struct explain *explain, const char *name);
bool explain_group(struct explain *explain, const char *name);
bool explain_variable(struct explain *explain, const char *name);
bool explain_parameter(struct explain *explain, const char *name);
bool explain_service(struct explain *explain, const char *name);
bool explain_line(struct explain *explain, const char *name); /* of Dovecot's or OpenDKIM's file */

/* Lines FIRST to LAST (from 1) of a rendered file: their origins, template and settings. */
void explain_made_of(struct explain *explain, const struct plan_file *file, int first, int last);

/* A row of the schema: what it is, how it is written, its variables and default. */
void explain_row(struct explain *explain, const struct schema_row *row);

/* The value in effect, and what lost against it. ROW may be NULL, and so may NODE: not set. */
void explain_chain(struct explain *explain, const struct schema_row *row, const struct node *node);

/* PATH, which is KEY below the list or map of records ROW: a record, or a field of one. */
bool explain_record(
	struct explain *explain, const struct schema_row *row, const char *path, const char *key);

/* The name that is nearest to one that nothing is called, or NULL. */
const char *explain_nearest(struct explain *explain, const char *name);

/* Prints the facts. */
void explain_print_text(const struct explain *explain, struct buffer *out);
void explain_print_json(const struct explain *explain, struct buffer *out);

#endif
