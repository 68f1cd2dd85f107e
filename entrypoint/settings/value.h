#ifndef SETTINGS_VALUE_H
#define SETTINGS_VALUE_H

#include "settings/loading.h"

/*
 * From what was written to what was meant: every value is checked against its
 * row of the schema and brought into the one form that settings.h describes.
 * What does not fit becomes a finding with the origin of the value, the value
 * itself (never a secret's) and what may be written.
 */

/*
 * The typed value of RAW, or NULL after a finding: RAW itself where it comes from
 * YAML and is in that form already, for a file of a hundred thousand aliases
 * should not cost twice its memory. SHOWN names the value in
 * messages, as in "mailboxes.list.3.quota". A scalar stands for a list (blank-
 * or comma-separated) anywhere, and for a map ("from=to from=to") or for
 * mailboxes unless it comes from YAML.
 */
struct node *value_convert(
	struct loading *loading, const struct schema_row *row, struct node *raw, const char *shown);

/* As value_convert for one scalar of ROW's type, whatever ROW's shape. */
struct node *value_scalar(
	struct loading *loading, const struct schema_row *row, struct node *raw, const char *shown);

/* Adds a value-type finding: SHOWN: "value" WHY. WHY goes on as in "is no size". */
void value_refuse(struct loading *loading, const struct schema_row *row, const struct node *raw,
	const char *shown, const char *why);

/* Refuses line breaks and control characters other than a tab. Returns 0, or -1 after a finding. */
int value_check_line(struct loading *loading, const struct node *raw, const char *shown);

/* Says in a finding value-newline that it is about a character that no file can hold. */
void value_help_control(struct finding *finding);

/* As value_check_line, but line breaks are fine. */
int value_check_lines(struct loading *loading, const struct node *raw, const char *shown);

/* The parts of a blank- or comma-separated text as a raw list with RAW's origin. */
struct node *value_split(struct loading *loading, const struct node *raw, const char *separators);

/* RAW must be a map or, from a variable, "name=value name=value". NULL after a finding. */
struct node *value_pairs(
	struct loading *loading, const struct schema_row *row, struct node *raw, const char *shown);

/* records.c: lists and maps of records. */
struct node *records_convert(
	struct loading *loading, const struct schema_row *row, struct node *raw, const char *shown);

#endif
