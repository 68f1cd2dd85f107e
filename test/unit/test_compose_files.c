/* test_compose_files.c - what a service extends elsewhere, starts with, and has inline */
#include "compose_case.h"

#define OTHER \
	"services:\n  base:\n    env_file: m.env\n    environment:\n" \
	"      MAIL_DOMAINS: example.com\n      MAIL_DNS_SPF: $SPF\n" \
	"  x:\n    extends: base\n    environment: {MAIL_DNS_REPORT_TO: a@example.com}\n"

static void
test_extends(void)
{
	const struct node *settings;

	write_file("m.env", "MAIL_HOSTNAME=of.example.com\n");
	write_file("n.yaml", OTHER);
	settings = COMPOSE(HEAD "    extends: {file: n.yaml, service: x}\n", "SPF=v=spf1 -all");
	show_findings();
	CHECK(findings.count == 0, "extends of another file");
	CHECK_TEXT(node_text(settings, "hostname", ""), "of.example.com", "its env_file");
	CHECK_TEXT(node_text(settings, "dns.spf", ""), "v=spf1 -all", "and its variables");
	CHECK_TEXT(place(&node_at(settings, "dns.spf")->origin), "n.yaml:6:21", "with their place");
	COMPOSE(HEAD "    extends: {file: n.yaml, service: y}\n", "X=1");
	check_found("compose-invalid", "compose.yaml:4:38", "there are: base, x");
	COMPOSE(HEAD "    extends: {file: none.yaml, service: y}\n", "X=1");
	check_found("config-unreadable", "compose.yaml:4:21", "none.yaml: No such file");
	write_file("n.yaml", "services:\n  a: {extends: {file: compose.yaml, service: mail}}\n");
	COMPOSE(HEAD "    extends: {file: n.yaml, service: a}\n", "X=1");
	CHECK(found("compose-invalid") != NULL &&
			strstr(found("compose-invalid")->message, "in a circle") != NULL,
		"two files that extend each other");
	write_file("n.yaml", "x: 1\n");
	COMPOSE(HEAD "    extends: {file: n.yaml, service: a}\n", "X=1");
	check_found("compose-invalid", "compose.yaml:4:38", "has no services");
}

#define MOUNTED HEAD "    volumes: ['./n.yaml:/cfg/a.yaml', './m.yaml:/cfg/b.yaml']\n"

static void
test_command(void)
{
	static const char *const commands[] = {
		"    command: [--config, /cfg/a.yaml, --config=/cfg/b.yaml]\n",
		"    command: [run, --config=/cfg/a.yaml, --config, /cfg/b.yaml]\n",
		"    command: --config '/cfg/a.yaml' --conf\"ig\"=/cfg/b.yaml\n",
		"    entrypoint: [/usr/sbin/mailinit, --config, /cfg/a.yaml]\n"
		"    command: ['--config', '/cfg/b$${X}.yaml']\n",
	};
	const struct node *settings;

	write_file("n.yaml", "hostname: a.example.com\ndomains: a.example\n");
	write_file("m.yaml", "domains: b.example\n");
	for (size_t i = 0; i < 3; i++) {
		settings = COMPOSE(arena_printf(&arena, "%s%s", MOUNTED, commands[i]), "X=1");
		show_findings();
		CHECK(findings_count(&findings, SEVERITY_ERROR) == 0 &&
				findings_count(&findings, SEVERITY_WARNING) == 0,
			"nothing is wrong with %s", commands[i]);
		CHECK_TEXT(node_text(settings, "hostname", ""), "a.example.com", "the first file");
		CHECK_TEXT(node_at(settings, "domains")->items[0]->text, "b.example",
			"the last one wins");
	}
	COMPOSE(arena_printf(&arena, "%s%s", MOUNTED, commands[3]), "X=1");
	CHECK(found("config-unreadable") != NULL &&
			strstr(found("config-unreadable")->message, "/cfg/b${X}.yaml") != NULL,
		"a file that is not mounted is told with the container's path");
}

static void
test_other_commands(void)
{
	static const struct {
		const char *text, *place, *says;
	} cases[] = {
		{"    entrypoint: [tini, --, mailinit]\n", "compose.yaml:7:17", "\"tini\""},
		{"    entrypoint: ''\n", "compose.yaml:7:17", "entrypoint is \"\""},
		{"    command: sh -c 'sleep 1'\n", "compose.yaml:7:14", "\"sh\""},
		{"    command: [check]\n", "compose.yaml:7:15", "\"check\""},
		{"    command: [--config, /x, --dry-run]\n", "compose.yaml:7:29", "\"--dry-run\""},
		{"    command: [--strict]\n", "compose.yaml:7:15", "\"--strict\""},
		{"    command: [--env-file, /x.env]\n", "compose.yaml:7:15", "\"--env-file\""},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		COMPOSE(arena_printf(&arena, "%s%s", GOOD, cases[i].text), "X=1");
		check_found("compose-unsupported", cases[i].place, cases[i].says);
	}
	COMPOSE(GOOD "    entrypoint:\n    command: []\n", "X=1");
	CHECK(findings.count == 0, "those of the image itself");
}

#define INLINE \
	GOOD "    configs: [{source: c, target: /etc/mailinit/mailinit.yaml}]\n" \
	     "configs:\n  c:\n    content: "

static void
test_inline(void)
{
	const struct node *settings =
		COMPOSE(INLINE "|\n\n      dns:\n        spf: v=spf1 -all\n", "X=1");

	CHECK_TEXT(place(&node_at(settings, "dns.spf")->origin), "compose.yaml:13:14",
		"a value of an inline config has its place in the compose file");
	COMPOSE(INLINE "|\n      dns:\n        spff: x\n", "X=1");
	check_found("yaml-unknown-key", "compose.yaml:12:9", "spff\n");
	COMPOSE(INLINE "|\n      dns:\n       spf: x\n      a: b: c\n", "X=1");
	check_found("yaml-syntax", "compose.yaml:13:11", "a: b: c\n");
	COMPOSE(INLINE "\"dns:\\n  spff: x\\n\"\n", "X=1");
	check_found("yaml-unknown-key", "compose.yaml:10:14", "spff");
	COMPOSE(GOOD "    configs: [{source: c, target: /etc/mailinit/mailinit.yaml}]\n"
		     "configs:\n  c:\n    environment: C\n",
		"C=dns: {spff: 1}");
	check_found("yaml-unknown-key", "compose.yaml:10:18", "spff");
}

/* test_include - what may stand in a file that is not read is not said to be missing */
static void
test_include(void)
{
	COMPOSE(GOOD "    secrets: [s]\ninclude: [x.yaml]\n", "X=1");
	CHECK(found("compose-invalid") == NULL, "a secret may be declared in an included file");
	COMPOSE("include: [x.yaml]\n", "X=1");
	check_found("compose-invalid", "compose.yaml", "what it includes is not read");
}

/* test_bytes - no name and no value speaks to a terminal */
static void
test_bytes(void)
{
	char text[256];

	COMPOSE(GOOD "      \"MAIL_\\e[31mX\\u009bX\": 1\n", "X=1");
	CHECK(found("env-unknown") != NULL &&
			strpbrk(found("env-unknown")->message, "\x1b\x9b") == NULL,
		"a name with control characters");
	if (found("env-unknown") != NULL)
		CHECK(strpbrk(origin_text(&found("env-unknown")->origin, text, sizeof(text)),
			      "\x1b\x9b") == NULL,
			"nor does its origin show them");
	COMPOSE(HEAD "    environment:\n      MAIL_HOSTNAME: \"mail\\0.example.com\"\n", "X=1");
	check_found("value-newline", "compose.yaml:5:22", "a NUL");
	CHECK(findings.count == 1 && strstr(findings.items[0].help, "line break") == NULL,
		"a NUL is told alone, and as what it is");
	COMPOSE(HEAD "    environment:\n      MAIL_DOMAINS: example.com\n"
		     "      MAIL_HOSTNAME: \"mail\\e.example.com\"\n",
		"X=1");
	check_found("value-newline", "compose.yaml:6:22", "0x1b (escape)");
	CHECK(strstr(found("value-newline")->help, "line break") == NULL,
		"and so is a control character");
}

int
main(void)
{
	settings_case_start();
	test_extends();
	test_command();
	test_other_commands();
	test_inline();
	test_include();
	test_bytes();
	mounts_close(&mounts);
	settings_case_end();
	DONE();
}
