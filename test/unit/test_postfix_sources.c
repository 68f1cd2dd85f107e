/* test_postfix_sources.c - text tables that main.cf and master.cf name by their path */
#include "unit.h"

#include "daemon/postfix.h"

static void
sources_of(const char *text, const char *want, const char *what)
{
	struct arena arena;
	struct findings findings;
	struct plan plan;
	struct buffer got = {0};
	struct plan_file *file;

	arena_init(&arena);
	findings_init(&findings, &arena);
	plan_init(&plan, &arena, &findings);
	plan.root = "";
	file = plan_add_file(&plan, "postfix/main.cf", NULL);
	buffer_puts(&file->content, text);
	postfix_add_sources(&plan, file);
	for (size_t i = 0; i < plan.text_table_count; i++)
		buffer_printf(&got, "%s\n", plan.text_tables[i]);
	CHECK_TEXT(buffer_text(&got), want, "%s", what);
	buffer_free(&got);
	plan_free(&plan);
	arena_free(&arena);
}

int
main(void)
{
	sources_of("", "", "nothing");
	sources_of("header_checks = regexp:/a\n", "/a\n", "one table");
	sources_of("x = texthash:/a, cidr:/b/c pcre:/d,regexp:/e\n", "/a\n/b/c\n/d\n/e\n",
		"one of each type");
	sources_of("x = proxy:cidr:/a\n  { check_client_access cidr:/b }\ny=regexp:/c\n",
		"/a\n/b\n/c\n", "behind a proxy, in braces, without blanks");
	sources_of("x = regexp:/a\ny = regexp:/a\n", "/a\n", "a table that is named twice");
	sources_of("x = hash:/a lmdb:/b unix:/c inet:/d xregexp:/e\n", "",
		"what Postfix looks after itself, and what is no table");
	sources_of("x = texthash:/run/mailinit/current/postfix/virtual\n", "", "tables of ours");
	sources_of("x = regexp:relative regexp:\n", "", "no path");
	DONE();
}
