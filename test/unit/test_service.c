/* test_service.c - the table that PID 1 believes */
#include "unit.h"

#include "plan/service.h"

static void
test_lists(void)
{
	static struct service_table table, other;
	struct service_spec *spec = &table.services[0];
	const char *variables[] = {"A=1", "B=", NULL}, *nothing[] = {NULL};
	const char *empty[] = {"a", "", NULL}, *large[] = {NULL, NULL};
	static char text[SERVICE_TEXTS_BYTES];
	char *back[8];

	service_table_init(&table);
	CHECK(service_add_list(&table, nothing, &spec->directory) == 0 && spec->directory == 0,
		"an empty list takes no room");
	CHECK(service_get_list(&table, spec->directory, back, 8) == 0 && back[0] == NULL,
		"and comes back empty");
	CHECK(service_add_list(&table, variables, &spec->environment) == 0, "a list fits");
	CHECK(service_add_list(&table, variables, &spec->ready_argv) == 0, "another one too");
	CHECK(service_get_list(&table, spec->environment, back, 8) == 2, "two strings come back");
	CHECK_TEXT(back[1], "B=", "the last one too");
	CHECK(service_get_list(&table, spec->environment, back, 2) == 1 && back[1] == NULL,
		"a short list is cut");
	CHECK(service_add_list(&table, empty, &spec->directory) == -1, "an empty string is told");
	memset(text, 'x', sizeof(text) - 1);
	large[0] = text;
	CHECK(service_add_list(&table, large, &spec->directory) == -1, "one too long is told");
	text[sizeof(text) - table.texts_used - 2] = '\0';
	CHECK(service_add_list(&table, large, &spec->directory) == 0, "what fits just so fits");
	CHECK(service_table_valid(&table, sizeof(table)), "and the table is one");
	CHECK(service_add_list(&table, empty, &spec->directory) == -1, "now nothing fits any more");

	memcpy(&other, &table, sizeof(other));
	other.generation = 7;
	other.services[0].changed = other.changed_nothing = true;
	CHECK(service_table_same(&table, &other), "what a planning says of itself does not count");
	other.texts[2] = 'Z';
	CHECK(!service_table_same(&table, &other), "another variable does, of no service though");
	memcpy(&other, &table, sizeof(other));
	table.count = other.count = 1;
	other.services[0].start_timeout_ms = 1;
	CHECK(!service_table_same(&table, &other), "another time-out does");
	table.texts[sizeof(table.texts) - 1] = 'x';
	CHECK(!service_table_valid(&table, sizeof(table)), "unterminated texts are refused");
	table.texts[sizeof(table.texts) - 1] = '\0';
	spec->environment = SERVICE_TEXTS_BYTES;
	CHECK(!service_table_valid(&table, sizeof(table)), "a list outside of them too");
}

static void
test_ready_fd(void)
{
	static const struct {
		const char *text;
		int fd;
	} cases[] = {{"3", 3}, {"63", 63}, {"2", -1}, {"64", -1}, {"99999999999", -1}, {"", -1}};
	struct service_spec spec = {.probes = {{.kind = PROBE_TCP}, {.kind = PROBE_FD}}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		service_set_text(spec.probes[1].address, SERVICE_PATH_BYTES, cases[i].text);
		CHECK(service_ready_fd(&spec) == cases[i].fd, "descriptor \"%s\"", cases[i].text);
	}
	spec.probes[1].kind = PROBE_UNIX;
	CHECK(service_ready_fd(&spec) == -1, "without such a probe there is none");
}

int
main(void)
{
	struct service_table table;
	struct service_spec *spec = &table.services[0];
	const char *argv[] = {"/usr/sbin/opendkim", "-f", "-x", "/etc/opendkim.conf", NULL};
	const char *empty[] = {"/bin/true", "", NULL};
	char *back[8], large[600];
	const char *too_large[] = {large, NULL};

	service_table_init(&table);
	CHECK(service_table_valid(&table, sizeof(table)), "an empty table is one");
	table.count = 1;
	CHECK(!service_table_valid(&table, sizeof(table)), "a service without a name is none");
	CHECK(service_set_text(spec->name, sizeof(spec->name), "opendkim") == 0, "a name fits");
	CHECK(!service_table_valid(&table, sizeof(table)), "nor is one without a command");
	CHECK(service_set_argv(spec, argv) == 0, "a command fits");
	CHECK(service_table_valid(&table, sizeof(table)), "now it is one");
	CHECK(service_get_argv(spec, back, 8) == 4, "four arguments come back");
	CHECK_TEXT(back[3], "/etc/opendkim.conf", "the last one too");
	CHECK(back[4] == NULL, "and the list ends");
	CHECK(service_get_argv(spec, back, 3) == 2 && back[2] == NULL, "a short list is cut");
	CHECK(service_set_argv(spec, empty) == -1,
		"an empty argument cannot be packed, and is told");
	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	CHECK(service_set_argv(spec, too_large) == -1, "a command that is too long is told");
	CHECK(service_set_argv(spec, argv) == 0, "the command again");
	CHECK(service_set_text(spec->name, sizeof(spec->name), large) == -1, "a long name is told");
	CHECK_TEXT(spec->name, "opendkim", "and changes nothing");
	CHECK(service_find(&table, "opendkim") == 0 && service_find(&table, "x") == -1, "by name");
	CHECK(!service_table_valid(&table, sizeof(table) - 1), "a short table is refused");
	spec->needs = 2;
	CHECK(!service_table_valid(&table, sizeof(table)),
		"a need of what is not there is refused");
	spec->needs = 0;
	memset(spec->stale[0], 'x', sizeof(spec->stale[0]));
	CHECK(!service_table_valid(&table, sizeof(table)), "an unterminated path is refused");
	spec->stale[0][0] = '\0';
	table.version++;
	CHECK(!service_table_valid(&table, sizeof(table)), "another version is refused");
	test_lists();
	test_ready_fd();
	DONE();
}
