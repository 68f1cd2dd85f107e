/* test_compose_service.c - what a service says of its container: name, user, mounts */
#include "compose_case.h"

/* test_fine - what is right, and could look wrong */
static void
test_fine(void)
{
	static const char *const fine[] = {
		"    user: root\n",
		"    user: '0:0'\n",
		"    user: ''\n",
		"    x-mine: 1\n",
		"    stop_grace_period: 8s\n",
		"    stop_grace_period: 1m0.5s\n",
		"    volumes: ['v:/var/mail', '/srv:/srv', './t:/etc/mailinit/templates']\n"
		"volumes: {v: }\n",
		"    volumes: ['v:/v']\nvolumes:\n  v:\n",
		"    healthcheck: {interval: 5s, start_period: 30s}\n",
		"    healthcheck: {test: mailinit health}\n",
		"    healthcheck: {test: [CMD, /usr/sbin/mailinit, health, '--quick']}\n",
		"    healthcheck: {test: [CMD-SHELL, 'mailinit health || exit 1']}\n",
		"    healthcheck: {test: [NONE]}\n",
		"    healthcheck: {disable: true}\n",
		"    healthcheck: {test: }\n",
		"    healthcheck: {test: []}\n",
		"    healthcheck:\n",
		"    extends: {service: base}\n    healthcheck: {test: [NONE]}\n"
		"  base: {image: x, healthcheck: {test: nc -z localhost 25}}\n",
		"    extends: {service: base}\n    healthcheck: {disable: true}\n"
		"  base: {image: x, healthcheck: {test: nc -z localhost 25}}\n",
		"    tmpfs: [/run, '/tmp:mode=1777']\n",
		"    tmpfs: /run\n",
		"x-top: 1\nname: mail\n",
	};

	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		COMPOSE(arena_printf(&arena, "%s%s", GOOD, fine[i]), "X=1");
		CHECK(findings.count == 0, "nothing is wrong with %s", fine[i]);
		show_findings();
	}
}

/* test_mounts - of what kind they are, and what they bring and keep */
static void
test_mounts(void)
{
	COMPOSE(GOOD "    volumes: [/anonymous, 'v:/volume', './d:/directory',\n"
		     "      {type: tmpfs, target: /empty}]\n    tmpfs: /run\n"
		     "    secrets: [s]\nsecrets: {s: {external: true}}\nvolumes: {v: }\n",
		"X=1");
	show_findings();
	CHECK(mounts_stay(&mounts, "/anonymous/x") && mounts_stay(&mounts, "/volume") &&
			mounts_stay(&mounts, "/directory/x"),
		"volumes and directories stay");
	CHECK(!mounts_stay(&mounts, "/empty/x") && !mounts_stay(&mounts, "/run/x") &&
			!mounts_stay(&mounts, "/var/lib"),
		"a tmpfs and the image's own files do not");
	CHECK(mounts_bring(&mounts, "/run/secrets/s") && mounts_bring(&mounts, "/volume/x"),
		"a secret and a volume may bring a file");
	CHECK(!mounts_bring(&mounts, "/run/secrets/t") && !mounts_bring(&mounts, "/etc/x"),
		"a tmpfs and the image bring none");
	CHECK(mounts_bring(NULL, "/etc/x"), "without a compose file all may be there");
	CHECK_TEXT(place(&mounts_find(&mounts, "/directory")->origin), "compose.yaml:7:40",
		"the place of a mount");
}

/* test_passwords - mailboxes' files: one that nothing mounts is no file that is elsewhere */
static void
test_passwords(void)
{
	static const char text[] =
		GOOD "    secrets: [jane]\n    configs: [{source: set, "
		     "target: /etc/mailinit/mailinit.yaml}]\n"
		     "secrets: {jane: {file: ./nowhere}}\nconfigs: {set: {content: \"{mailboxes: "
		     "[{address: jane@example.com, password_file: /run/secrets/%s}]}\"}}\n";
	const struct finding *finding;

	COMPOSE(arena_printf(&arena, text, "jane"), "X=1");
	finding = found("not-checked");
	CHECK(finding != NULL && strstr(finding->message, "/run/secrets/jane") != NULL &&
			strstr(finding->message, "jane@example.com") != NULL,
		"%s", finding != NULL ? finding->message : "nothing is said of the file");
	CHECK(found("compose-file-unmounted") == NULL, "a file that is mounted is elsewhere");
	COMPOSE(arena_printf(&arena, text, "jan"), "X=1");
	finding = found("compose-file-unmounted");
	CHECK(finding != NULL && strstr(finding->message, "of jane@example.com") != NULL &&
			strstr(finding->message, "did you mean /run/secrets/jane?") != NULL,
		"%s", finding != NULL ? finding->message : "nothing is said of the file");
	CHECK(found("not-checked") == NULL, "and one that is not would never be there");
}

/* test_name - the service's own name: for other images' paths, and where it loses */
static void
test_name(void)
{
	struct node *settings =
		COMPOSE(HEAD "    hostname: Mail.example.com\n    environment:\n"
			     "      MAIL_DOMAINS: example.com\n      SSL_TYPE: letsencrypt\n",
			"X=1");

	CHECK_TEXT(node_text(settings, "tls.directory", "(none)"),
		"/etc/letsencrypt/live/mail.example.com", "a certificate by the service's name");
	COMPOSE(HEAD "    hostname: a.example.com\n    environment:\n"
		     "      POSTFIX_myhostname: b.example.com\n      MAIL_DOMAINS: b.example\n",
		"X=1");
	check_found("setting-overridden", "compose.yaml:6:27", "compose.yaml:4:15");
	COMPOSE(HEAD "    hostname: mail\n    environment:\n"
		     "      MAIL_HOSTNAME: b.example.com\n      MAIL_DOMAINS: b.example\n",
		"X=1");
	CHECK(found("setting-overridden") == NULL, "a short name says nothing else");
	COMPOSE(HEAD "    hostname: mail.example.com\n    environment: [MAIL_DOMAINS: x]\n", "X=1");
	COMPOSE(HEAD "    hostname: mail.example.com\n    environment: {MAIL_DOMAINS: [x]}\n",
		"X=1");
	CHECK(found("setting-required") == NULL, "a value that was refused is not missing");
}

/* test_ports - those that lead from everywhere to what asks for no password */
static void
test_ports(void)
{
	static const struct {
		const char *ports;
		bool told;
	} cases[] = {
		{"'24:24'", true},
		{"'24'", true},
		{"24", true},
		{"'2424:24/tcp'", true},
		{"'20-24:20-24'", true},
		{"'20-23:20-23'", false},
		{"'0.0.0.0:24:24'", true},
		{"'[::]:24:24'", true},
		{"'192.0.2.1:24:24'", true},
		{"'${NOWHERE:-0.0.0.0}:24:24'", true},
		{"{target: 24, published: 24}", true},
		{"{target: 24, published: 24, host_ip: 192.0.2.1}", true},
		{"'12345:12345'", true},
		{"'24:993'", false},
		{"'8891:8891'", false},
		{"'127.0.0.1:24:24'", false},
		{"'127.0.0.1::24'", false},
		{"'10.8.0.2:24:24'", false},
		{"'172.31.0.1:24:24'", false},
		{"'172.32.0.1:24:24'", true},
		{"'[fd00::2]:24:24'", false},
		{"'[::1]:24:24'", false},
		{"{target: 24, published: 24, host_ip: 10.8.0.2}", false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		COMPOSE(arena_printf(&arena,
				GOOD "      MAIL_ROLES: mailstore\n      MAIL_LISTEN_SASL: 12345\n"
				     "    ports: [%s]\n",
				cases[i].ports),
			"X=1");
		CHECK((found("listener-published") != NULL) == cases[i].told, "ports: [%s] is %s",
			cases[i].ports, cases[i].told ? "told" : "fine");
		CHECK(findings.count == (size_t)cases[i].told, "and nothing else");
	}
	COMPOSE(GOOD "    ports: ['24:24', '8891:8891']\n", "X=1");
	CHECK(findings.count == 0, "beside Postfix neither listens there");
	COMPOSE(GOOD "      MAIL_ROLES: dkim\n    ports: ['8891:8891']\n", "X=1");
	CHECK(found("listener-published") != NULL, "without it OpenDKIM does");
	COMPOSE(GOOD "      MAIL_ROLES: mailstore\n      MAIL_LISTEN_LMTP: 10.8.0.2:2424\n"
		     "    ports: ['2424:2424', '24:24']\n",
		"X=1");
	check_found("listener-published", "compose.yaml:9:13", "2424");
	CHECK(findings.count == 1, "the port that is set, and not the usual one");
}

/* a container's name may come from the machine that it starts on: then it may be any */
static void
test_partner_names(void)
{
	static const char form[] =
		GOOD "      MAIL_ROLES: mx\n      MAIL_DELIVERY_LMTP: inet:store:24\n"
		     "  other:\n    image: dovecot\n    container_name: %s\n";

	COMPOSE(arena_printf(&arena, form, "away"), "X=1");
	check_found("compose-partner-missing", "compose.yaml:8:27", "store");
	COMPOSE(arena_printf(&arena, form, "store"), "X=1");
	CHECK(found("compose-partner-missing") == NULL, "a container's name is one");
	COMPOSE(arena_printf(&arena, form, "${STORE:-store}"), "X=1");
	CHECK(found("compose-partner-missing") == NULL, "and one that is filled in may be");
}

/* test_several - to name one is all that there is to do: the file itself is right */
static void
test_several(void)
{
	const struct finding *finding;

	COMPOSE(GOOD "  other:\n    image: mailinit:trixie\n", "X=1");
	finding = found("compose-invalid");
	CHECK(finding != NULL && strstr(finding->message, "with one of: mail, other") != NULL,
		"several services");
	CHECK(finding != NULL && strstr(finding->help, "compose.yaml:SERVICE") != NULL,
		"the help says how to name one");
	CHECK(finding != NULL && strstr(finding->effect, "would not start") == NULL,
		"and that nothing is wrong with it");
}

int
main(void)
{
	settings_case_start();
	test_fine();
	test_mounts();
	test_passwords();
	test_name();
	test_ports();
	test_several();
	mounts_close(&mounts);
	test_partner_names();
	settings_case_end();
	DONE();
}
