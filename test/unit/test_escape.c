/* test_escape.c - what a value becomes in each kind of file, and what is refused */
#include "unit.h"

#include "template/escape.h"

struct escaped {
	const char *before; /* what the file holds so far */
	const char *text;
	const char *want; /* NULL: refused */
	enum escape_result result;
};

#define CONTROL NULL, ESCAPE_CONTROL
#define UNSAFE NULL, ESCAPE_UNSAFE

static const struct escaped none[] = {
	{"", "a\nb$\"#", "a\nb$\"#", ESCAPE_DONE},
	{"", "", "", ESCAPE_DONE},
};

static const struct escaped html[] = {
	{"", "<a href=\"x\">'&amp;'", "&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;&#39;",
		ESCAPE_DONE},
};

static const struct escaped line[] = {
	{"x = ", "$y ${z?{a}:{b}} # \"", "$y ${z?{a}:{b}} # \"", ESCAPE_DONE},
	{"x =", " y ", " y ", ESCAPE_DONE},
	{"x = ", "a\nb", CONTROL},
	{"x = ", "a\r", CONTROL},
	{"x\n", " y", UNSAFE},
};

static const struct escaped maincf[] = {
	{"x = ", "mail.example.com", "mail.example.com", ESCAPE_DONE},
	{"x = ", "", "", ESCAPE_DONE},
	{"x = ", "$a$$b$", "$$a$$$$b$$", ESCAPE_DONE},
	{"x = ", "${a}", "$${a}", ESCAPE_DONE},
	{"x = ", "a  b\tc", "a  b\tc", ESCAPE_DONE},
	{"x = ", "#a", "#a", ESCAPE_DONE},
	{"x = ", "\xc3\xa4\"\\%", "\xc3\xa4\"\\%", ESCAPE_DONE},
	{"x = ", "a\nrelayhost = evil", CONTROL},
	{"x = ", "a\n", CONTROL},
	{"x = ", "a\r", CONTROL},
	{"x = ", "a\v", CONTROL},
	{"x = ", "a\f b", CONTROL},
	{"x = ", "\033[0m", CONTROL},
	{"x = ", "a\177", CONTROL},
	{"x = ", " a", UNSAFE},
	{"x = ", "a ", UNSAFE},
	{"x = ", "\ta", UNSAFE},
	{"x = ", " ", UNSAFE},
	{"", "#a", UNSAFE},
	{"x\n", "#a", UNSAFE},
	{"x\n \t", "#a", UNSAFE},
};

static const struct escaped mastercf[] = {
	{"smtp inet n - ", "y", "y", ESCAPE_DONE},
	{"  -o x=", "$a", "$$a", ESCAPE_DONE},
	{"  -o x=", "a{b}c{d{e}}", "a{b}c{d{e}}", ESCAPE_DONE},
	{"  -o x=", "a b", UNSAFE},
	{"  -o x=", "a\tb", UNSAFE},
	{"  -o x=", "a{b", UNSAFE},
	{"  -o x=", "a}b", UNSAFE},
	{"  -o x=", "a}b{", UNSAFE},
	{"  -o ", "{a}", UNSAFE},
	{"x\n", "#smtp", UNSAFE},
	{"  -o x=", "a\n-o y=b", CONTROL},
};

static const struct escaped dovecot[] = {
	{"x = \"", "a \"b\" \\c #d $e <f", "a \\\"b\\\" \\\\c #d $e <f", ESCAPE_DONE},
	{"x = \"", " a ", " a ", ESCAPE_DONE},
	{"x = \"", "a\\", "a\\\\", ESCAPE_DONE},
	{"x = \"", "%{user}", UNSAFE},
	{"x = \"", "%u", UNSAFE},
	{"x = \"", "a\nb", CONTROL},
	{"x = \"", "a\r", CONTROL},
};

static const struct escaped opendkim[] = {
	{"Domain ", "example.com", "example.com", ESCAPE_DONE},
	{"X ", "$a \"b\"", "$a \"b\"", ESCAPE_DONE},
	{"X ", "a#b", UNSAFE},
	{"X ", " a", UNSAFE},
	{"X ", "a ", UNSAFE},
	{"X ", "a\nMode v", CONTROL},
	{"X ", "a\r", CONTROL},
};

static const struct escaped passwd[] = {
	{"", "a@example.com", "a@example.com", ESCAPE_DONE},
	{"a:", "{CRYPT}$6$x/y.", "{CRYPT}$6$x/y.", ESCAPE_DONE},
	{"a:", "", "", ESCAPE_DONE},
	{"a:", "#", "#", ESCAPE_DONE},
	{"a:", "b:c", UNSAFE},
	{"a:", "{PLAIN}p q%{user}", "{PLAIN}p q%{user}", ESCAPE_DONE},
	{"b:x::::::\na:x:1:1::", "/h i", "/h i", ESCAPE_DONE},
	{"a:x:::::q=", "100%", "100%", ESCAPE_DONE},
	{"a:x::::::q=", "1G", "1G", ESCAPE_DONE},
	{"a:x::::::q=", "1G userdb_mail=/", UNSAFE},
	{"a:x::::::q=", "%u", UNSAFE},
	{"", "a b", UNSAFE},
	{"x:\n", "a b", UNSAFE},
	{"a:x\n", "#b", UNSAFE},
	{"", "", UNSAFE},
	{"a:", "b\nc:d", CONTROL},
};

static const struct escaped table[] = {
	{"", "a@example.com", "a@example.com", ESCAPE_DONE},
	{"k ", "user:pass word$1#", "user:pass word$1#", ESCAPE_DONE},
	{"k ", "#x", "#x", ESCAPE_DONE},
	{"k ", "", "", ESCAPE_DONE},
	{"", "a b", UNSAFE},
	{"k v\n", "#a", UNSAFE},
	{"k v\n", "\"a", UNSAFE},
	{"k v\n", "", UNSAFE},
	{"k ", " v", UNSAFE},
	{"k ", "v\t", UNSAFE},
	{"k ", "v\nk2 w", CONTROL},
};

static void
run(const char *name, escape_function *escape, const struct escaped *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct buffer out = {0};
		const char *why = NULL;
		size_t before = strlen(cases[i].before);
		enum escape_result result;

		buffer_puts(&out, cases[i].before);
		result = escape(&out, cases[i].text, &why);
		CHECK(result == cases[i].result, "%s %zu: taken or refused", name, i);
		if (result == ESCAPE_DONE && cases[i].want != NULL)
			CHECK_TEXT(buffer_text(&out) + before, cases[i].want, "%s %zu: its text",
				name, i);
		else
			CHECK(why != NULL && why[0] != '\0', "%s %zu: says why", name, i);
		buffer_free(&out);
	}
}

int
main(void)
{
#define RUN(kind) run(#kind, escape_##kind, kind, sizeof(kind) / sizeof(kind[0]))
	RUN(none);
	RUN(html);
	RUN(line);
	RUN(maincf);
	RUN(mastercf);
	RUN(dovecot);
	RUN(opendkim);
	RUN(passwd);
	RUN(table);
	DONE();
}
