/* test_compose.c - a service of a compose file as the source of variables and files */
#include "compose_case.h"

#include "settings/interpolate.h"

static void
test_forms(void)
{
	struct node *settings = COMPOSE(GOOD "      MAIL_LIMITS_RECIPIENTS: 0600\n"
					     "      MAIL_LOG_LEVEL: \"${LEVEL:-debug}\"\n"
					     "      UNKNOWN_NAME: x\n",
		"X=1");
	const struct origin *origin = &node_get(settings, "hostname")->origin;

	CHECK_TEXT(node_text(settings, "hostname", ""), "mail.example.com", "a map");
	CHECK_TEXT(place(origin), "compose.yaml:5:22", "the place of the value");
	CHECK(origin->kind == ORIGIN_ENVIRONMENT, "its kind is a variable");
	CHECK_TEXT(origin->name, "MAIL_HOSTNAME", "its name the variable's");
	CHECK_TEXT(node_text(settings, "log.level", ""), "debug", "a default");
	CHECK_TEXT(
		node_text(settings, "limits.recipients", ""), "384", "a number as compose has it");
	check_found("compose-number", "compose.yaml:7:31", "MAIL_LIMITS_RECIPIENTS");
	settings = COMPOSE(HEAD "    environment:\n      - MAIL_HOSTNAME=mail.example.com\n"
				"      - \"MAIL_DOMAINS=$D\"\n      - MAIL_LOG_LEVEL\n",
		"D=example.org", "MAIL_LOG_LEVEL=error", "MAIL_LOG_FORMAT=json");
	CHECK(findings.count == 0, "a good list");
	show_findings();
	CHECK_TEXT(place(&node_get(settings, "hostname")->origin), "compose.yaml:5:23",
		"the place behind the equals sign");
	CHECK_TEXT(place(&node_get(settings, "domains")->origin), "compose.yaml:6:23",
		"in quotes too");
	CHECK_TEXT(node_get(settings, "domains")->items[0]->text, "example.org", "interpolated");
	CHECK_TEXT(node_text(settings, "log.level", ""), "error", "a name alone is the machine's");
	CHECK_TEXT(node_text(settings, "log.format", ""), "text", "no other variable of it is");
}

static void
test_merge(void)
{
	struct node *settings = COMPOSE(
		"x-env: &env {MAIL_LOG_LEVEL: debug, MAIL_DOMAINS: a.example}\n"
		"x-more: &more {MAIL_LOG_LEVEL: error, MAIL_LOG_FORMAT: json}\n"
		"services:\n  base:\n    environment: &b [MAIL_DNS_SPF=x, MAIL_DNS_DMARC=y]\n"
		"  mail:\n    build: ./mailinit\n    extends: {service: base}\n    hostname: mail\n"
		"    domainname: example.com\n    environment:\n      <<: [*env, *more]\n"
		"      MAIL_DOMAINS: b.example\n      MAIL_DNS_SPF: z\n",
		"X=1");

	CHECK(findings.count == 0, "anchors, merge keys, extends");
	show_findings();
	CHECK_TEXT(node_text(settings, "log.level", ""), "debug", "the earlier map counts");
	CHECK_TEXT(node_text(settings, "log.format", ""), "json", "the later one adds");
	CHECK_TEXT(node_get(settings, "domains")->items[0]->text, "b.example", "own keys win");
	CHECK_TEXT(node_text(settings, "dns.spf", ""), "z", "over the extended service too");
	CHECK_TEXT(node_text(settings, "dns.dmarc", ""), "y", "whose others stay");
	CHECK_TEXT(node_text(settings, "hostname", ""), "mail.example.com", "the service's name");
	CHECK_TEXT(
		place(&node_get(settings, "hostname")->origin), "compose.yaml:9:15", "its place");
}

static void
test_env_files(void)
{
	struct node *settings;

	write_file(".env", "NAME=dot\nLEVEL=debug\n");
	write_file("m.env",
		"MAIL_HOSTNAME=\"$NAME.example.com\" # c\nMAIL_LOG_LEVEL=info\n"
		"MAIL_DNS_SPF='a$b'\n");
	settings =
		COMPOSE(HEAD "    env_file:\n      - m.env\n"
			     "      - {path: none.env, required: false}\n"
			     "    environment: {MAIL_DOMAINS: a.example, MAIL_LOG_LEVEL: $LEVEL}\n",
			"NAME=mail");
	CHECK(findings.count == 0, "env_file and .env");
	show_findings();
	CHECK_TEXT(node_text(settings, "hostname", ""), "mail.example.com", "the process wins");
	CHECK_TEXT(place(&node_get(settings, "hostname")->origin), "m.env:1", "with its place");
	CHECK_TEXT(node_text(settings, "log.level", ""), "debug", "environment over env_file");
	CHECK_TEXT(node_text(settings, "dns.spf", ""), "a$b", "single quotes");
	COMPOSE(HEAD "    env_file: none.env\n", "X=1");
	check_found("config-unreadable", "compose.yaml:4:15", "none.env");
	CHECK(findings.count == 1, "and no follow-up");
	write_file(".env", "A=\nSPF=x$NOT\nOTHER=x$NOT\n");
	COMPOSE(GOOD "      MAIL_DNS_SPF: ${SPF}\n      MAIL_DNS_DMARC: ${SPF}\n", "X=1");
	check_found("env-file-dollar", ".env:2", "SPF holds a $ with a name");
	CHECK(findings.count == 1, "once, and only of what is used");
	show_findings();
	COMPOSE(GOOD "      MAIL_DNS_SPF: ${SPF}\n", "SPF=1");
	CHECK(findings.count == 0, "unless the process says otherwise");
	write_file(".env", "");
	write_file("m.env", "MAIL_DNS_SPF=\"a$b\" # raw\n");
	settings = COMPOSE(GOOD "    env_file: [{path: m.env, format: raw}]\n", "b=c");
	CHECK_TEXT(node_text(settings, "dns.spf", ""), "\"a$b\" # raw", "a raw file");
}

static void
test_secrets(void)
{
	static const char text[] =
		GOOD "      MAIL_RELAY_HOST: smtp.example.net\n      MAIL_RELAY_USERNAME: u\n"
		     "      MAIL_RELAY_PASSWORD_FILE: /run/secrets/%s\n"
		     "    secrets: [pw, {source: other, target: there}, given, far]\n"
		     "    configs: [{source: set, target: /etc/mailinit/mailinit.yaml}]\n"
		     "    volumes: ['.:/data:ro', 'v:/data/v']\n"
		     "secrets:\n  pw: {file: ./pw}\n  other: {file: ./secret}\n"
		     "  given: {environment: GIVEN}\n  far: {external: true}\n"
		     "volumes: {v: }\nconfigs:\n  set: {content: \"log: {level: $$x}\"}\n";
	static const struct {
		const char *name, *value;
	} secrets[] = {
		{"pw", "of a file"}, {"there", "under another name"}, {"given", "of a variable"}};
	struct node *settings;

	write_file("pw", "of a file\n");
	write_file("secret", "under another name\n");
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		settings =
			COMPOSE(arena_printf(&arena, text, secrets[i].name), "GIVEN=of a variable");
		CHECK_TEXT(node_text(settings, "relay.password", ""), secrets[i].value, "secret %s",
			secrets[i].name);
		CHECK(node_at(settings, "relay.password")->secret, "is one");
	}
	CHECK(found("value-type") != NULL, "the mounted configuration file is read");
	CHECK(strstr(found("value-type")->message, "$x") != NULL, "with $$ as $");
	COMPOSE(arena_printf(&arena, text, "far"), "GIVEN=x");
	CHECK(found("not-checked") != NULL, "an external secret cannot be checked");
	COMPOSE(arena_printf(&arena, text, "nowhere"), "GIVEN=x");
	check_found("compose-file-unmounted", "compose.yaml:9:33", "/run/secrets/nowhere");
	CHECK(strstr(found("compose-file-unmounted")->help, "/run/secrets/there") != NULL,
		"those that there are are named: %s", found("compose-file-unmounted")->help);
	CHECK_TEXT(place(&(struct origin){.file = mounts_path(&arena, &mounts, "", "/data/pw")}),
		"./pw", "a bind mount");
	CHECK_TEXT(mounts_path(&arena, &mounts, "", "/data/v/x"), "", "a volume above it");
	CHECK_TEXT(mounts_path(&arena, &mounts, "", "/etc/passwd"), "", "what is the image's");
	CHECK_TEXT(
		mounts_path(&arena, &mounts, "/r", "/etc/passwd"), "/r/etc/passwd", "with a root");
	CHECK_TEXT(mounts_path(&arena, NULL, "", "/etc/passwd"), "/etc/passwd", "without compose");
}

struct bad {
	const char *yaml, *id, *place, *says;
};

static const struct bad bads[] = {
	{"a: b\n", "compose-invalid", "compose.yaml", "has no services"},
	{"services:\n  a: {image: x}\n  b: {image: y}\n", "compose-invalid", "compose.yaml:2:3",
		"with one of: a, b"},
	{"services:\n  a: {image: mailinit}\n  b: {image: x/mailinit}\n  c: {image: y}\n",
		"compose-invalid", "compose.yaml:2:3", "with one of: a, b"},
	{GOOD "    extends: {file: other.yaml, service: x}\n", "config-unreadable",
		"compose.yaml:7:21", "other.yaml"},
	{GOOD "    extends: {service: mail}\n", "compose-invalid", "compose.yaml:3:5",
		"in a circle"},
	{GOOD "    extends: nobody\n", "compose-invalid", "compose.yaml:7:14", "no service"},
	{HEAD "    environment: [MAIL_DOMAINS: x]\n", "compose-invalid", "compose.yaml:4:19",
		"must be a text"},
	{HEAD "    environment: [5]\n", "compose-invalid", "compose.yaml:4:19", "must be a text"},
	{HEAD "    environment: {MAIL_DOMAINS: [x]}\n", "compose-invalid", "compose.yaml:4:33",
		"single text"},
	{GOOD "      MAIL_DNS_SPF: 2026-01-02\n", "compose-invalid", "compose.yaml:7:21", "a date"},
	{GOOD "      MAIL_DNS_SPF: ${A\n", "compose-interpolation", "compose.yaml:7:21",
		"nothing closes"},
	{GOOD "      MAIL_DNS_SPF: ${A:?set it}\n", "compose-interpolation", "compose.yaml:7:21",
		"A: set it"},
	{GOOD "      MAIL_DNS_SPF: a$b\n", "compose-variable-unset", "compose.yaml:7:21", "$b"},
	{GOOD "      MAIL_RELAY_PASSWORD: a$b\n", "compose-variable-unset", "compose.yaml:7:28",
		"PASSWORD holds a $ with a name behind it that is not set (not shown"},
	{GOOD "      MAIL_RELAY_PASSWORD: ${PW}\n", "compose-variable-unset", "compose.yaml:7:28",
		"holds $PW, which"},
	{GOOD "      MAIL_RELAY_PASSWORD: ${PW:?set it}\n", "compose-interpolation",
		"compose.yaml:7:28", "not set: PW"},
	{GOOD "      MAIL_RELAY_PASSWORD: x${PW:?set it}\n", "compose-interpolation",
		"compose.yaml:7:28", "not set (not shown"},
	{GOOD "      MAIL_RELAY_HOST: smtp://me:pw@h.test\n", "value-type", "compose.yaml:7:24",
		"\"smtp://...@h.test\" holds a login"},
	{GOOD "      MAIL_RELAY_PASSWORD: a$1x\n", "compose-dollar", "compose.yaml:7:28",
		"MAIL_RELAY_PASSWORD holds a $ that no name follows"},
	{GOOD "      MAIL_DNS_SPF: a$-b\n", "compose-dollar", "compose.yaml:7:21", ""},
	{GOOD "      MAIL_DNS_SPF: a$\n", "compose-dollar", "compose.yaml:7:21", ""},
	{GOOD "    ports: ['25:25', '587:587', '25:25']\n", "compose-invalid", "compose.yaml:7:33",
		"\"25:25\" twice"},
	{GOOD "    volumes: ['./init:/docker-init.d:ro']\n", "compat-by-hand", "compose.yaml:7:15",
		"/docker-init.d, where bokysan/docker-postfix looks"},
	{HEAD "    environment: ['MAIL_RELAY_PASSWORD: a=b']\n", "env-unknown", "compose.yaml:4:43",
		"an entry is no NAME=value"},
	{GOOD "      MAIL_DNS_SPF: a #b\n", "yaml-comment-in-value", "compose.yaml:7:21",
		"comment"},
	{GOOD "    secrets: [pw]\n", "compose-invalid", "compose.yaml:7:15", "\"pw\""},
	{GOOD "    volumes: [{type: bind, source: x}]\n", "compose-invalid", "compose.yaml:7:15",
		"a target"},
	{GOOD "    volumes: ['data:/data']\n", "compose-invalid", "compose.yaml:7:15",
		"no volume \"data\""},
	{GOOD "    volumes: [{type: volume, source: dat, target: /d}]\nvolumes: {data: }\n",
		"compose-invalid", "compose.yaml:7:15", "did you mean \"data\"?"},
	{GOOD "    secret: [pw]\n", "compose-invalid", "compose.yaml:7:5", "\"secrets\"?"},
	{GOOD "    zygote: 1\n", "compose-unsupported", "compose.yaml:7:5", "\"zygote\""},
	{GOOD "volume: {a: }\n", "compose-invalid", "compose.yaml:7:1", "\"volumes\"?"},
	{GOOD "    user: '1000'\n", "user-not-root", "compose.yaml:7:11", "\"1000\""},
	{GOOD "    healthcheck: {test: \"ss --listening --tcp | grep -P ':smtp'\"}\n",
		"compose-healthcheck", "compose.yaml:7:25", "asks \"ss\" in place"},
	{GOOD "    healthcheck:\n      test: [CMD-SHELL, 'netstat -an | fgrep :587']\n",
		"compose-healthcheck", "compose.yaml:8:13", "asks \"netstat\" in place"},
	{GOOD "    healthcheck: {test: [CMD, nc, -z, localhost, '25'], disable: false}\n",
		"compose-healthcheck", "compose.yaml:7:25", "asks \"nc\" in place"},
	{GOOD "    extends: {service: base}\n    healthcheck: {interval: 5s}\n"
	      "  base: {image: x, healthcheck: {test: nc -z localhost 25}}\n",
		"compose-healthcheck", "compose.yaml:9:40", "asks \"nc\" in place"},
	{GOOD "    healthcheck: {test: 'PASS=canary curl smtp://localhost'}\n",
		"compose-healthcheck", "compose.yaml:7:25", "asks a program in place"},
	{GOOD "    stop_grace_period: 7s900ms\n", "stop-grace-short", "compose.yaml:7:24", "7.9 s"},
	{GOOD "      MAIL_STOP_TIMEOUT: 11s\n", "stop-grace-short", "compose.yaml:7:26", "10.0 s"},
	{GOOD "    stop_grace_period: soon\n", "compose-invalid", "compose.yaml:7:24", "no time"},
	{GOOD "    volumes: ['./x:/etc/mailint:ro']\n", "settings-not-mounted", "compose.yaml:7:15",
		"/etc/mailint "},
	{GOOD "include: [x.yaml]\n", "compose-unsupported", "compose.yaml:7:10", "include"},
	{GOOD "    ports: !override []\n", "compose-unsupported", "compose.yaml:7:12", "a tag"},
	{HEAD "    environment: {MAIL_DOMAINS: x.example}\n", "hostname-invalid",
		"compose.yaml:2:3", "its id"},
	{"services: {mail: &m {image: mailinit, environment: [*m]}}\n", "yaml-alias",
		"compose.yaml:1:53", "an alias"},
	{GOOD "    <<: text\n", "yaml-syntax", "compose.yaml:7:5", "must name a map"},
};

static void
test_bads(void)
{
	for (size_t i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		const struct finding *finding;

		COMPOSE(bads[i].yaml, "X=1");
		finding = found(bads[i].id);
		CHECK(finding != NULL, "bad %zu: %s", i, bads[i].id);
		if (finding == NULL) {
			show_findings();
			continue;
		}
		if (strcmp(bads[i].id, "hostname-invalid") != 0)
			CHECK_TEXT(place(&finding->origin), bads[i].place, "bad %zu: place", i);
		CHECK(strstr(finding->message, bads[i].says) != NULL, "bad %zu: says why", i);
		if (strstr(finding->message, bads[i].says) == NULL)
			show_findings();
	}
}

static void
test_choice(void)
{
	static const char two[] = "services:\n"
				  "  web: {image: x, environment: {MAIL_HOST: smtp}}\n"
				  "  mx: {image: y, environment: {MAIL_HOSTNAME: a.example.com,\n"
				  "    MAIL_DOMAINS: a.example}}\n";

	CHECK_TEXT(node_text(COMPOSE(two, "X=1"), "hostname", ""), "a.example.com",
		"the one with our variables");
	compose(two, "xm", NULL);
	check_found("compose-invalid", "compose.yaml:2:3", "there are: web, mx");
	CHECK(findings.count == 1, "and no follow-up");
	compose(two, "wbe", NULL);
	check_found("compose-invalid", "compose.yaml:2:3", "did you mean \"web\"?");
	compose("services:\n  web: {image: nginx}\n", "web", NULL);
	CHECK(found("setting-required") != NULL, "a service that was named is taken");
}

/* test_bombs - what grows when it is followed; each ends in a finding, and soon */
static void
test_bombs(void)
{
	struct buffer text = {0};

	buffer_puts(&text, "x0: &x0 {a: 1}\n");
	for (int i = 1; i < 600; i++) {
		buffer_printf(&text, "x%d: &x%d {k%d: 1, <<: [", i, i, i);
		for (int j = 0; j < i; j++)
			buffer_printf(&text, "*x%d,", j);
		buffer_puts(&text, "]}\n");
	}
	buffer_puts(&text, "services: {mail: {image: mailinit, environment: *x599}}\n");
	COMPOSE(buffer_text(&text), "X=1");
	CHECK(found("yaml-limit") != NULL, "merges of merges");
	buffer_clear(&text);
	buffer_puts(&text, "x0: &x0 [x,x,x,x,x,x,x,x,x]\n");
	for (int i = 1; i < 60; i++)
		buffer_printf(&text, "x%d: &x%d [*x%d,*x%d,*x%d,*x%d,*x%d,*x%d]\n", i, i, i - 1,
			i - 1, i - 1, i - 1, i - 1, i - 1);
	buffer_puts(&text,
		"services: {mail: {image: mailinit, environment: *x59, env_file: *x59,"
		" volumes: *x59, secrets: *x59}}\n");
	COMPOSE(buffer_text(&text), "X=1");
	CHECK(found("compose-invalid") != NULL, "a billion laughs");
	buffer_clear(&text);
	buffer_puts(&text, GOOD "    volumes:\n");
	for (int i = 0; i < 5000; i++)
		buffer_printf(&text, "    - ./a%d:/b%d\n", i, i);
	COMPOSE(buffer_text(&text), "X=1");
	CHECK(found("yaml-limit") != NULL, "5000 volumes");
	buffer_clear(&text);
	buffer_puts(&text, "A0=xxxxxxxxxx\n");
	for (int i = 1; i < 1000; i++)
		buffer_printf(&text, "A%d=$A%d$A%d\n", i, i - 1, i - 1);
	write_file(".env", buffer_text(&text));
	COMPOSE(GOOD "      MAIL_DNS_SPF: $A999$A14\n", "X=1");
	CHECK(found("compose-interpolation") != NULL, "variables that double");
	CHECK(unlink(arena_printf(&arena, "%s/.env", directory)) == 0, ".env goes");
	buffer_free(&text);
}

static const char *
no_variable(void *context, const char *name)
{
	(void)context;
	if (strcmp(name, "SET") == 0)
		return "set";
	return strcmp(name, "EMPTY") == 0 ? "" : NULL;
}

static void
count_unset(void *context, const char *name)
{
	(void)name;
	++*(int *)context;
}

/* test_interpolation - as docker compose answers; "!" stands for its refusal */
static void
test_interpolation(void)
{
	static const char *const cases[][2] = {
		{"$SET", "set"},
		{"${SET}x", "setx"},
		{"$SETx", ""},
		{"$$SET", "$SET"},
		{"$$$SET", "$set"},
		{"$1", "$1"},
		{"a $ b", "a $ b"},
		{"end$", "end$"},
		{"${SET", "!"},
		{"${}", "!"},
		{"${1}", "!"},
		{"${SET b}", "!"},
		{"${SET:=x}", "!"},
		{"${NO:-a${SET}b}", "asetb"},
		{"${NO:-{x}}", "{x}"},
		{"${SET:-{x}}", "set"},
		{"${NO:-a}b}", "ab}"},
		{"${NO:-}}", "}"},
		{"${NO-}", ""},
		{"${EMPTY-x}", ""},
		{"${EMPTY:-x}", "x"},
		{"${EMPTY+x}", "x"},
		{"${EMPTY:+x}", ""},
		{"${SET:+x}", "x"},
		{"${NO:+${SET}}", ""},
		{"${NO:?why}", "!"},
		{"${EMPTY?why}", ""},
		{"${EMPTY:?}", "!"},
		{"${NO:-$$}", "$"},
		{"${NO:-$1}", "$1"},
		{"${NO:-a\nb}", "!"},
		{"{${SET}}", "{set}"},
		{"${NO:-{\"a\":\"${SET}\"}}", "{\"a\":\"set\"}"},
	};
	int unset = 0;
	const struct interpolation how = {
		.find = no_variable, .unset = count_unset, .context = &unset};
	struct interpolation_error error;
	struct buffer out = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buffer_clear(&out);
		CHECK_TEXT(
			interpolate(&how, cases[i][0], &out, &error) == 0 ? buffer_text(&out) : "!",
			cases[i][1], "interpolation %zu", i);
	}
	CHECK(unset == 1, "one was not set and had no default, %d told", unset);
	buffer_free(&out);
}

int
main(void)
{
	settings_case_start();
	test_interpolation();
	test_forms();
	test_merge();
	test_bads();
	test_choice();
	test_env_files();
	test_secrets();
	test_bombs();
	mounts_close(&mounts);
	settings_case_end();
	DONE();
}
