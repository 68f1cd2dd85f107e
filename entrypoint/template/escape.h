#ifndef TEMPLATE_ESCAPE_H
#define TEMPLATE_ESCAPE_H

#include "base/buffer.h"

/*
 * How a value is written so that a daemon reads back that same value, and
 * nothing else: one function for each kind of file. It appends TEXT to OUT, or
 * refuses it; a refusal sets WHY to a static clause that begins with a verb ("holds
 * a line break, …") and leaves in OUT what it likes, for the renderer cuts it off.
 *
 * OUT is the file as written so far. Some rules depend on it: a "#" is harmful
 * at the start of a line only. No function looks further back than one line.
 *
 * All but none and html refuse control characters (bytes below 0x20 but for the
 * tab, and 0x7f) as ESCAPE_CONTROL. Bytes from 0x80 on pass unchanged.
 */
enum escape_result {
	ESCAPE_DONE,
	ESCAPE_CONTROL, /* a line break or control character: finding value-newline */
	ESCAPE_UNSAFE, /* nothing in this kind of file can stand for it: finding value-unsafe */
};

typedef enum escape_result escape_function(struct buffer *out, const char *text, const char **why);

/* The text as it is, whatever it holds. */
escape_function escape_none;

/* & < > " ' as character references. */
escape_function escape_html;

/*
 * The text as it is, provided that it stays within its line. For values that
 * are written in the file's own language, as POSTFIX_x passthrough is ("$" and
 * all): the "raw" of a renderer, where "none" would let a value add lines.
 */
escape_function escape_line;

/*
 * A value in Postfix main.cf: "$" is doubled (postconf(5), "$$"; not for the few
 * parameters that Postfix does not expand when it reads them, such as
 * forward_path: use {{{x}}} there). A blank at either end is refused, for
 * Postfix would strip it, and at the start of a line it would continue the
 * parameter before; so is "#" at the start of a line.
 */
escape_function escape_maincf;

/*
 * A field in Postfix master.cf, or the value in "-o name=value": as in main.cf,
 * and blanks anywhere (they end the field), braces that do not balance (they
 * swallow the blanks behind them) and a leading brace are refused.
 */
escape_function escape_mastercf;

/*
 * A value between double quotes in dovecot.conf, 2.3 and 2.4: "\" and the quote
 * get a backslash; "#", "$", "<" and blanks mean nothing there. "%" is refused, for
 * whether it is expanded, and whether "%%" turns back into "%", depends on the
 * setting and on the release (2.3 expands "%u" and drops a last "%", 2.4 only
 * knows "%{user}"). Where a variable is wanted, use {{{x}}}.
 */
escape_function escape_dovecot;

/*
 * A value in opendkim.conf or a field in its tables and host lists, which have
 * no quoting at all: "#" and blanks at either end are refused.
 */
escape_function escape_opendkim;

/*
 * One field of a Dovecot passwd-file, 2.3 and 2.4: ":" is refused (the next
 * field begins); in the user name also blanks, a leading "#" and the empty text
 * (Dovecot skips such lines); behind the seventh ":" also blanks (the next extra
 * field) and "%", for extra fields alone have their variables expanded.
 */
escape_function escape_passwd;

/*
 * A source of a Postfix lookup table (postmap(1), texthash). At the start of a
 * line the text is a key: no blank in it (it would end), no leading "#" or
 * double quote, and not empty. Elsewhere it is a value, or a part of it: no
 * blank at either end. Nothing is expanded here, so "$" stays.
 */
escape_function escape_table;

/* The names of all of these, as a person types them, for escape_by_name. */
#define ESCAPE_NAMES "none, html, line, main.cf, master.cf, dovecot, opendkim, passwd or table"

/* The function of that name, or NULL. */
escape_function *escape_by_name(const char *name);

/*
 * The function for the file that a template FILE makes, by its last name less
 * ".mustache": main.cf, master.cf, dovecot.conf, opendkim.conf and its tables.
 * Any other file gets escape_line.
 */
escape_function *escape_by_file(const char *file);

#endif
