/* test_networks.c - the words of networks that only the container itself can fill in */
#include <sys/resource.h>

#include "daemon/networks.h"
#include "plan_fixture.h"
#include "settings/settings.h"
#include "unit.h"

static void
build(struct fixture *fixture)
{
	char *environment[] = {"MAIL_HOSTNAME=mail.example.test", "MAIL_DOMAINS=example.test",
		"MAIL_NETWORKS=connected", NULL};
	const struct settings_source source = {.environment = environment};

	arena_init(&fixture->arena);
	findings_init(&fixture->findings, &fixture->arena);
	plan_init(&fixture->plan, &fixture->arena, &fixture->findings);
	fixture->plan.live = true;
	fixture->plan.settings = settings_load(&fixture->arena, &fixture->findings, &source);
}

int
main(void)
{
	struct rlimit before, none = {0, 0};
	struct fixture fixture;

	build(&fixture);
	(void)networks_list(&fixture.plan, NETWORKS_POSTFIX);
	CHECK(found(&fixture, "networks-unknown") == 0, "with one they are known");
	drop(&fixture);

	/* the addresses come through a socket, which then cannot be made */
	build(&fixture);
	CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0, "the limit is known");
	none.rlim_max = before.rlim_max;
	CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0, "no descriptor is left");
	(void)networks_list(&fixture.plan, NETWORKS_POSTFIX);
	CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0, "and there are some again");
	CHECK(found(&fixture, "networks-unknown") == 1,
		"without a descriptor the container's networks are unknown");
	drop(&fixture);
	DONE();
}
