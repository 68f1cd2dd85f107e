/* test_service.c - the table that PID 1 believes */
#include "unit.h"

#include "plan/service.h"

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
	DONE();
}
