/* test_opendkim_language.c - opendkim.conf and its tables as OpenDKIM reads them */
#include "unit.h"

#include "language/opendkim.h"
#include "language/opendkim_file.h"
#include "language/opendkim_table.h"
#include "language/table.h"
#include "faults_case.h"

#define SIGNS "KeyTable /k\nSigningTable refile:/s\nSocket inet:1@localhost\n"

static const char *
words(struct arena *arena, const char *text, size_t len)
{
	struct opendkim_reader reader;
	struct opendkim_line line;
	const char *all = "";

	opendkim_reader_init(&reader, arena, text, len);
	while (opendkim_next(&reader, &line))
		all = arena_printf(arena, "%s%d %s|%s;", all, line.line, line.name, line.value);
	return all;
}

static void
test_lines(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"Mode s\n", "1 Mode|s;"},
		{"  Mode\t s v \n", "1 Mode|s v;"},
		{"Mode s", "1 Mode|s;"},
		{"# x\n\n\t\nMode s # x\n", "4 Mode|s;"},
		{"Mode s\r\n", "1 Mode|s;"},
		{"Mode \"a#b\"\n", "1 Mode|\"a;"},
		{"Mode\n", "1 Mode|;"},
		{"Mode s\\\nv\n", "1 Mode|s\\;2 v|;"},
	};
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_TEXT(words(&arena, cases[i].text, strlen(cases[i].text)), cases[i].want,
			"%zu: a line as OpenDKIM reads it", i);
	CHECK_TEXT(words(&arena, "Mode s\0x\nUMask 7\n", 17), "1 Mode|s;2 UMask|7;",
		"a NUL ends a line");
	arena_free(&arena);
}

static void
test_values(void)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
		{"mode s", ""},
		{"SYSLOG yellow", ""},
		{"Syslog on", "value:4"},
		{"Syslog", "syntax:4"},
		{"Sylsog yes", "unknown:4"},
		{"Nonsense yes", "unknown:4"},
		{"RateLimits x", "unknown:4"},
		{"ADSPAction x", "unknown:4"},
		{"UMask 007", ""},
		{"UMask 0x1f", ""},
		{"UMask 008", "value:4"},
		{"UMask 99999999999", "value:4"},
		{"SignatureTTL 10m", "value:4"},
		{"Mode sv", ""},
		{"Mode SV", "value:4"},
		{"Canonicalization RELAXED/Simple", ""},
		{"Canonicalization relaxed", ""},
		{"Canonicalization relaxed/", "value:4"},
		{"Canonicalization relax/simple", "value:4"},
		{"SignatureAlgorithm rsa-sha256", ""},
		{"SignatureAlgorithm rsa-sha512", "value:4"},
		{"On-Default tempfail", ""},
		{"On-Default maybe", "ambiguous:4"},
		{"SyslogFacility mail", ""},
		{"SyslogFacility maybe", "ambiguous:4"},
		{"Minimum 10%", ""},
		{"Minimum 101%", "value:4"},
		{"Minimum x", "value:4"},
		{"InternalHosts 127.0.0.1,::1", ""},
		{"InternalHosts csl:::1", ""},
		{"InternalHosts ::1", "value:4"},
		{"InternalHosts nosuch:/x", "value:4"},
		{"Socket inet:8891@127.0.0.1", ""},
		{"Socket inet6:8891@[::1]", ""},
		{"Socket local:/x", ""},
		{"Socket /x", ""},
		{"Socket foo:bar", "value:4"},
		{"Socket inet:99999@localhost", "value:4"},
		{"Socket 8891", "value:4"},
		{"Socket local:", "value:4"},
	};
	struct opendkim_signing signing;
	struct faults faults;
	struct arena arena;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text;

		arena_init(&arena);
		faults_init(&faults, &arena);
		text = arena_printf(&arena, SIGNS "%s\n", cases[i].line);
		opendkim_file_check(&faults, text, strlen(text), &signing);
		CHECK_TEXT(told(&faults), cases[i].want, "%s", cases[i].line);
		arena_free(&arena);
	}
}

static void
test_signing(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"", "unsigned:0 conflict:0"},
		{"Include /x\n", ""},
		{"Socket /x\n", "unsigned:0"},
		{"Socket /x\nMode s\n", "unsigned:2"},
		{"Socket /x\nMode v\n", ""},
		{"Mode v\n", "conflict:0"},
		{"Socket /x\nDomain a\n", "conflict:2"},
		{"Socket /x\nDomain a\nKeyFile /k\n", "conflict:3"},
		{"Socket /x\nDomain a\nSelector s\n", "conflict:3"},
		{"Socket /x\nDomain a\nKeyFile /k\nSelector s\n", ""},
		{"Socket /x\nKeyFile /k\nSelector s\n", "unsigned:0"},
		{"Socket /x\nKeyTable /k\n", "conflict:2"},
		{"Socket /x\nKeyTable /k\nSetupPolicyScript /l\n", ""},
		{"Socket /x\nSigningTable /s\n", "conflict:2"},
		{"Socket /x\nMode v\nSigningTable /s\n", "conflict:3"},
		{"Socket /x\nKeyTable /k\nSigningTable /s\n", ""},
		{"Socket /x\nKeyTable /k\nSigningTable /s\nDomain a\n", "ambiguous:4"},
		{"Socket /x\nKeyTable /k\nSigningTable /s\nKeyFile /f\n", "ambiguous:4"},
	};
	struct opendkim_signing signing;
	struct faults faults;
	struct arena arena;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		arena_init(&arena);
		faults_init(&faults, &arena);
		opendkim_file_check(&faults, cases[i].text, strlen(cases[i].text), &signing);
		CHECK_TEXT(told(&faults), cases[i].want, "%zu: parameters that belong together", i);
		arena_free(&arena);
	}
	arena_init(&arena);
	faults_init(&faults, &arena);
	opendkim_file_check(&faults, "Mode s\nMode v\n", 14, &signing);
	CHECK(signing.mode.line == 2 && strcmp(signing.mode.value, "v") == 0,
		"the last line of a name counts");
	arena_free(&arena);
}

static void
test_tables(void)
{
	static const char keys[] = "a x.test:s:/k\nb x.test:s:/k\n";
	static const struct {
		const char *text;
		bool patterns;
		const char *want;
	} cases[] = {
		{"*@x.test a\n", true, ""},
		{"*@x.test a:me@x.test\n", true, ""},
		{"*@x.test  # nothing\n", true, "refusing:1"},
		{"*@x.test c\n", true, "refusing:1"},
		{"*@x.test %\n", true, ""},
		{"x.test a\n", true, "unsigned:1"},
		{"* a\n", true, ""},
		{"x.test a\n", false, ""},
		{"me@x.test b\n", false, ""},
		{".x.test b\n", false, ""},
		{"* b\n", false, ""},
		{"me@* b\n", false, ""},
		{"# x\n*@x.test a\n", false, "unsigned:2"},
		{"*.x.test a\n", false, "unsigned:1"},
	};
	struct faults faults;
	struct arena arena;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		arena_init(&arena);
		faults_init(&faults, &arena);
		opendkim_signingtable_check(&faults, cases[i].text, strlen(cases[i].text),
			cases[i].patterns, keys, strlen(keys));
		CHECK_TEXT(told(&faults), cases[i].want, "%zu: a row of a SigningTable", i);
		arena_free(&arena);
	}
	arena_init(&arena);
	faults_init(&faults, &arena);
	opendkim_signingtable_check(&faults, "*@x c\n", 6, true, NULL, 0);
	CHECK(faults.count == 0, "where the KeyTable is not known, no key is missed");
	opendkim_signingtable_check(&faults, "*@x c\n", 6, true, "", 0);
	CHECK(faults.count == 1, "where it is empty, each is");
	arena_free(&arena);
}

static void
test_key_table(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"a x.test:s:/k\n", ""},
		{"a %:s:./k\n", ""},
		{"a\n", "refusing:1"},
		{"a x.test\n", "refusing:1"},
		{"a x.test:s\n", "refusing:1"},
		{"a x.test::/k\n", "refusing:1"},
		{"a :s:/k\n", "refusing:1"},
		{"a x.test:s:\n", "refusing:1"},
		{"a x.test:s:k.private\n", "refusing:1"},
		{"# a\n\n  a   x.test:s:/k # b\r\n", ""},
	};
	struct faults faults;
	struct arena arena;
	char *key;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		arena_init(&arena);
		faults_init(&faults, &arena);
		opendkim_keytable_check(&faults, cases[i].text, strlen(cases[i].text));
		CHECK_TEXT(told(&faults), cases[i].want, "%zu: a row of a KeyTable", i);
		arena_free(&arena);
	}
	arena_init(&arena);
	faults_init(&faults, &arena);
	key = arena_alloc(&arena, 2001);
	memset(key, 'A', 2000);
	memcpy(key, "a x.test:s:", 11);
	key[900] = '\0';
	opendkim_keytable_check(&faults, key, 900);
	CHECK(faults.count == 0, "a key may stand in the table itself");
	key[900] = 'A';
	opendkim_keytable_check(&faults, key, 2000);
	CHECK(faults.count == 1, "but not one that is longer than OpenDKIM reads of a line");
	arena_free(&arena);
}

static void
test_hosts(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"127.0.0.0/8\n::1\n::ffff:127.0.0.0/104\nexample.test\n.example.test\n", ""},
		{"!10.0.0.1\n[::1]\n0.0.0.0/0\n::/0\n", ""},
		{"10.1.2.3/8\n", "unsigned:1"},
		{"10.0.0.0/33\n", "unsigned:1"},
		{"10/8\n", "unsigned:1"},
		{"10.0.0.0/255.0.0.0\n", "unsigned:1"},
		{"2001:db8::/32\n", ""},
		{"2001:DB8::/32\n", ""},
		{"2001:db8:0::/32\n", "unsigned:1"},
		{"2001:db8::1/32\n", "unsigned:1"},
		{"0:0:0:0:0:0:0:1\n", "unsigned:1"},
		{"a b\n", "unsigned:1"},
		{"a:b:c\n", "unsigned:1"},
	};
	struct faults faults;
	struct arena arena;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		arena_init(&arena);
		faults_init(&faults, &arena);
		opendkim_hosts_check(&faults, cases[i].text, strlen(cases[i].text), FAULT_UNSIGNED);
		CHECK_TEXT(told(&faults), cases[i].want, "%zu: entries of a list of hosts", i);
		arena_free(&arena);
	}
}

static void
test_table(void)
{
	const char *at = table_text("opendkim"), *before = "";
	struct opendkim_parameter parameter;
	struct table_row row;
	struct arena arena;
	size_t rows = 0, wrong = 0;

	arena_init(&arena);
	while (table_next(&arena, &at, &row)) {
		rows++;
		wrong += strcmp(before, row.fields[0]) >= 0;
		before = row.fields[0];
		wrong += !opendkim_parameter_find(&arena, before, &parameter) ||
			strcmp(parameter.name, before) != 0;
	}
	CHECK(rows > 150 && wrong == 0, "the table is sorted, and every row is found");
	CHECK(opendkim_parameter_find(&arena, "oversignheaders", &parameter) &&
			strcmp(parameter.name, "OverSignHeaders") == 0,
		"names are found in any case");
	CHECK_TEXT(opendkim_parameter_nearest(&arena, "Canonicalisation"), "Canonicalization",
		"the name that was meant is found");
	arena_free(&arena);
}

int
main(void)
{
	test_lines();
	test_values();
	test_signing();
	test_tables();
	test_key_table();
	test_hosts();
	test_table();
	DONE();
}
