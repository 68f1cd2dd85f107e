/* test_services.c - services that the user adds, and the capabilities that are there for them */
#include "unit.h"

#include "daemon/daemon.h"
#include "daemon/services.h"
#include "daemon/supervised.h"
#include "daemon/target.h"
#include "settings_case.h"

#define HEAD "hostname: mail.example.com\ndomains: [example.com]\nservices:\n"

static struct plan made;

static void
make(struct node *settings)
{
	plan_free(&made);
	plan_init(&made, &arena, &findings);
	made.settings = settings;
	target_find(&made, "debian13");
}

/* plan - a plan of the settings that stand behind HEAD; CAPABILITIES of the container */
static struct plan *
plan(const char *yaml, uint64_t capabilities)
{
	make(load(arena_printf(&arena, HEAD "%s", yaml), NULL, true));
	made.capabilities = capabilities;
	daemons_contribute(&made);
	return &made;
}

static const struct finding *
said(const char *id)
{
	for (size_t i = 0; i < findings.count; i++)
		if (strcmp(findings.items[i].rule->id, id) == 0)
			return &findings.items[i];
	return NULL;
}

static void
test_full(void)
{
	const struct service_table *table = &plan(
		"- name: scanner\n  command: /usr/bin/scan --listen a,b --listen\n"
		"  user: '1000'\n  needs: [helper]\n  needed_by: [postfix]\n"
		"  ready: milter:/run/scan.sock\n  required: no\n  stop_signal: QUIT\n"
		"  reload_signal: HUP\n  start_timeout: 5s\n  stop_timeout: 2s\n"
		"  capabilities: [net_raw]\n  no_new_privs: no\n  directory: /var/tmp\n"
		"  environment: {A: 'b c'}\n"
		"- {name: helper, command: [/bin/h, 'x y'], ready: [exec:/bin/t, '-e', 'a b'],\n"
		"   stop_signal: KILL}\n",
		~UINT64_C(0))
						     ->services;
	int place = service_find(table, "scanner"), other = service_find(table, "helper");
	const struct service_spec *scanner = &table->services[place];
	const struct service_spec *helper = &table->services[other];
	char *words[8];

	CHECK(!findings_refuse(&findings), "two services more");
	show_findings();
	CHECK(place == 3 && other == 4, "stand behind the daemons");
	CHECK(service_get_argv(scanner, words, 8) == 4, "a command as a text is split");
	CHECK_TEXT(words[2], "a,b", "at blanks alone");
	CHECK(scanner->uid == 1000 && scanner->gid == 1000, "a number is a user and his group");
	CHECK(scanner->needs == 1u << other, "needs may name what comes later");
	CHECK((table->services[service_find(table, "postfix")].needs >> place & 1) != 0,
		"Postfix waits for it");
	CHECK(scanner->probes[0].kind == PROBE_MILTER && scanner->probes[1].kind == PROBE_NONE,
		"a milter is asked as one");
	CHECK_TEXT(scanner->probes[0].address, "/run/scan.sock", "at its path");
	CHECK_TEXT(scanner->stale[0], "/run/scan.sock", "which is removed before a start");
	CHECK(!scanner->required && !scanner->no_new_privs && helper->required &&
			helper->no_new_privs,
		"yes and no, and their defaults");
	CHECK(scanner->place == 9, "its failure is exit code 19");
	CHECK(scanner->stop_signal == 3 && scanner->reload_signal == 1 &&
			helper->reload_signal == 0,
		"signals");
	CHECK(helper->kill_to_stop && !scanner->kill_to_stop, "KILL is no signal to wait for");
	CHECK(scanner->start_timeout_ms == 5000 && scanner->stop_timeout_ms == 2000, "times");
	CHECK(helper->start_timeout_ms == 30000 && helper->stop_timeout_ms == 8000,
		"and theirs where none is said");
	CHECK(scanner->capabilities == 1u << 13 && helper->capabilities == 0, "capabilities");
	CHECK(service_get_list(table, scanner->directory, words, 8) == 1, "a directory");
	CHECK_TEXT(words[0], "/var/tmp", "as it was written");
	CHECK(service_get_list(table, scanner->environment, words, 8) == 1, "a variable");
	CHECK_TEXT(words[0], "A=b c", "as a program gets it");
	CHECK(helper->probes[0].kind == PROBE_EXEC, "a command may be the probe");
	CHECK(service_get_list(table, helper->ready_argv, words, 8) == 3, "with arguments");
	CHECK_TEXT(words[2], "a b", "blanks and all");
	CHECK(service_table_valid(table, sizeof(*table)), "PID 1 takes the table");
}

static const struct {
	const char *yaml, *id, *place, *says;
} bads[] = {
	{"- {name: postfix, command: /x}\n", "service-name", "m.yaml:4:10", "postfix"},
	{"- {name: mailinit, command: /x}\n", "service-name", "m.yaml:4:10", "mailinit"},
	{"- {name: a, command: /x, needs: [b]}\n", "service-needs-unknown", "m.yaml:4:34",
		"needs names b"},
	{"- {name: a, command: /x, needed_by: [postfx]}\n", "service-needs-unknown", "m.yaml:4:38",
		"postfx"},
	{"- {name: a, command: /x, needs: [a]}\n", "service-needs-circle", "m.yaml:4:3",
		"a needs itself"},
	{"- {name: a, command: /x, needs: [b]}\n- {name: b, command: /x, needs: [a]}\n",
		"service-needs-circle", "m.yaml:4:3", "each other: a, b"},
	{"- {name: a, command: /x, needs: [postfix], needed_by: [dovecot]}\n",
		"service-needs-circle", "m.yaml:4:3", "dovecot, postfix, a"},
};

static void
test_bads(void)
{
	for (size_t i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		const struct finding *finding;

		(void)plan(bads[i].yaml, ~UINT64_C(0));
		finding = said(bads[i].id);
		CHECK(finding != NULL && finding->refuses, "bad %zu: %s", i, bads[i].id);
		if (finding == NULL) {
			show_findings();
			continue;
		}
		CHECK(strstr(finding->message, bads[i].says) != NULL, "bad %zu says what", i);
		CHECK_TEXT(place(&finding->origin), bads[i].place, "bad %zu: place", i);
	}
	(void)plan("- {name: a, command: /x, needs: [b]}\n- {name: b, command: /x, needs: [a]}\n",
		~UINT64_C(0));
	CHECK(findings_count(&findings, SEVERITY_ERROR) == 1, "a circle is told once");
}

static void
test_table_full(void)
{
	struct buffer yaml = {0};

	for (int i = 0; i < SERVICE_MAX - 2; i++)
		buffer_printf(&yaml, "- {name: s%d, command: /x}\n", i);
	CHECK(plan(buffer_text(&yaml), ~UINT64_C(0))->services.count == SERVICE_MAX,
		"the table is full");
	CHECK(said("service-table-full") != NULL, "and the one too many is told");
	CHECK_TEXT(place(&said("service-table-full")->origin), "m.yaml:11:10", "with its place");
	buffer_clear(&yaml);
	buffer_puts(&yaml, "- {name: a, command: /x, environment: {A: '");
	for (int i = 0; i < SERVICE_TEXTS_BYTES; i++)
		buffer_putc(&yaml, 'x');
	buffer_puts(&yaml, "'}}\n");
	(void)plan(buffer_text(&yaml), ~UINT64_C(0));
	CHECK(said("service-table-full") != NULL, "so is an environment that does not fit");
	buffer_free(&yaml);
}

static void
test_live(void)
{
	const char *program = write_file("big", "#!/bin/sh\n");
	struct node *settings = load(
		arena_printf(&arena,
			HEAD "- {name: a, command: /nonexistent/a}\n- {name: b, command: %s,\n"
			     "   user: nobody-knows}\n- {name: c, command: /bin/sh, user: root,\n"
			     "   group: nobody-knows, ready: exec:/}\n",
			program),
		NULL, true);

	make(settings);
	made.live = true;
	services_contribute(&made);
	CHECK(findings.count == 5, "what the image lacks is told where it can be looked at");
	show_findings();
	CHECK(strstr(findings.items[0].message, "No such file") != NULL, "a missing program");
	CHECK_TEXT(place(&findings.items[0].origin), "m.yaml:4:22", "with its place");
	CHECK(strstr(findings.items[1].message, "not executable") != NULL, "one that is none");
	CHECK(strstr(findings.items[2].message, "no user \"nobody-knows\"") != NULL, "a user");
	CHECK(strstr(findings.items[3].message, "no file") != NULL, "a probe that is a directory");
	CHECK(strstr(findings.items[4].message, "no group") != NULL, "a group");
}

static const struct finding *
missing(uint64_t without, const char *yaml)
{
	(void)plan(yaml, ~without);
	return said("capability-missing");
}

static void
test_capabilities(void)
{
	const char *none = "  []\n";
	const struct finding *finding = missing(CAPABILITY_BIT(CAPABILITY_SYS_CHROOT), none);

	CHECK(finding != NULL && finding->refuses, "what the daemons cannot do without is told");
	CHECK_TEXT(finding->message,
		"the container lacks the capability SYS_CHROOT, which is needed by dovecot for the "
		"processes that talk to strangers before a login; by postfix for the services with "
		"y in the chroot column of master.cf",
		"once, with all that need it, and for what");
	CHECK_TEXT(finding->help,
		"Start the container with --cap-add SYS_CHROOT. postfix needs it no more with "
		"postfix.chroot: no (MAIL_POSTFIX_CHROOT=no).",
		"and how one needs it no more");
	finding = missing(
		CAPABILITY_BIT(CAPABILITY_SETUID) | CAPABILITY_BIT(CAPABILITY_SETGID), none);
	CHECK(finding != NULL && findings_count(&findings, SEVERITY_ERROR) == 2,
		"each capability has a finding of its own");
	CHECK(missing(UINT64_C(1) << 21, none) == NULL, "what nobody needs may be missing");
	CHECK(missing(UINT64_C(1) << 13, "- {name: a, command: /x, capabilities: [net_raw]}\n") !=
			NULL,
		"a service's own are needed too");
	CHECK_TEXT(place(&said("capability-missing")->origin), "m.yaml:4:41", "with its place");
	finding = missing(UINT64_C(1) << 13,
		"- {name: a, command: /x, required: no, capabilities: [net_raw]}\n");
	CHECK(finding != NULL && !finding->refuses && finding->severity == SEVERITY_WARNING,
		"of a service that may fail it is a warning");
	finding = missing(CAPABILITY_BIT(CAPABILITY_SETUID) | CAPABILITY_BIT(CAPABILITY_SETGID),
		"- {name: a, command: /x, user: '7'}\n");
	CHECK(finding != NULL, "another user needs SETUID");
}

static void
test_names(void)
{
	char name[CAPABILITY_NAME_BYTES];

	CHECK_TEXT(capability_name(CAPABILITY_SYS_CHROOT, name), "sys_chroot", "a capability");
	CHECK_TEXT(capability_name(0, name), "chown", "the first");
	CHECK_TEXT(capability_name(40, name), "checkpoint_restore", "the last");
	CHECK_TEXT(capability_name(41, name), "41", "one that has no name yet");
	CHECK(capability_find("sys_chroot") == 18 && capability_find("chown") == 0 &&
			capability_find("checkpoint_restore") == 40,
		"by name");
	CHECK(capability_find("sys") == -1 && capability_find("") == -1, "no part of one");
}

int
main(void)
{
	settings_case_start();
	test_full();
	test_bads();
	test_table_full();
	test_live();
	test_capabilities();
	test_names();
	plan_free(&made);
	settings_case_end();
	DONE();
}
