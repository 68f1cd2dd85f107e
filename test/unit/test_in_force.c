/* test_in_force.c - the findings in force, from who plans to who asks */
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "command/in_force.h"
#include "command/status_findings.h"
#include "plan_fixture.h"

static char directory[] = "/tmp/test_in_force.XXXXXX";

static void
begin(struct fixture *fixture)
{
	arena_init(&fixture->arena);
	findings_init(&fixture->findings, &fixture->arena);
	plan_init(&fixture->plan, &fixture->arena, &fixture->findings);
}

static const char *
path_of(struct fixture *fixture, const char *name)
{
	return arena_printf(&fixture->arena, "%s/%s", directory, name);
}

static void
put(struct fixture *fixture, const char *name, const char *text)
{
	FILE *out = fopen(path_of(fixture, name), "w");

	CHECK(out != NULL && fputs(text, out) >= 0 && fclose(out) == 0, "%s is written", name);
}

static const char *
shown(struct fixture *fixture, bool refused)
{
	struct in_force in_force;
	struct buffer text = {0};
	const char *kept;

	in_force_read(&fixture->arena, directory, refused, &in_force);
	status_findings_text(&in_force, false, &text);
	kept = arena_strndup(&fixture->arena, buffer_text(&text), text.len);
	buffer_free(&text);
	return kept;
}

static void
test_nothing(void)
{
	struct fixture fixture;

	begin(&fixture);
	CHECK_TEXT(shown(&fixture, true), "", "before the first plan there is nothing to tell");
	drop(&fixture);
}

static void
test_used(void)
{
	struct fixture fixture;
	struct buffer out = {0};
	struct in_force in_force;

	begin(&fixture);
	finding_add(&fixture.findings, "postmaster-assumed", NULL, "a note");
	finding_add(&fixture.findings, "tls-self-signed", NULL, "it is \"self-signed\"");
	finding_add(&fixture.findings, "tls-self-signed", NULL, "another");
	finding_add(&fixture.findings, "open-relay", NULL, "everybody may relay\nsecond line")
		->waived = true;
	CHECK(found(&fixture, "tls-self-signed") == 2, "two of a kind");
	in_force_write(&fixture.plan, directory, false);
	CHECK_TEXT(shown(&fixture, false),
		"error: everybody may relay; started all the same: MAIL_START_ANYWAY names it "
		"(mailinit explain open-relay)\n"
		"warning: it is \"self-signed\" (mailinit explain tls-self-signed)\n"
		"warning: another (mailinit explain tls-self-signed)\n",
		"worst first, one line each, and no notes");
	in_force_read(&fixture.arena, directory, false, &in_force);
	status_findings_json(&in_force, &out);
	CHECK(strstr(buffer_text(&out),
		      "\"in_force\": [\n  {\"id\": \"open-relay\", "
		      "\"severity\": \"error\", ") == buffer_text(&out),
		"JSON has them as the dry run has them");
	CHECK(strstr(buffer_text(&out), "], \"refused\": []") != NULL, "and nothing was refused");
	buffer_clear(&out);
	status_findings_prometheus(&in_force, &out);
	CHECK(strstr(buffer_text(&out),
		      "\nmailinit_finding{id=\"tls-self-signed\",severity=\"warning\"} 2\n") !=
			NULL,
		"metrics count by id");
	CHECK(strstr(buffer_text(&out), "\nmailinit_refused_finding{") == NULL,
		"and have none of a refused reload");
	buffer_free(&out);
	drop(&fixture);
}

static void
test_refused(void)
{
	struct fixture fixture;

	begin(&fixture);
	finding_add(&fixture.findings, "setting-required", NULL, "domains is missing");
	in_force_write(&fixture.plan, directory, true);
	CHECK(strstr(shown(&fixture, true),
		      "warning: another (mailinit explain tls-self-signed)\n"
		      "the newest reload was refused, so what ran before it runs on:\n"
		      "error: domains is missing (mailinit explain setting-required)\n") != NULL,
		"what was refused stands behind what runs");
	CHECK(strstr(shown(&fixture, false), "domains") == NULL,
		"and is passed over when the newest reload was not refused");
	fixture.findings.count = 0;
	in_force_write(&fixture.plan, directory, false);
	CHECK_TEXT(shown(&fixture, true), "", "an applied plan ends both");
	CHECK(access(path_of(&fixture, IN_FORCE_REFUSED), F_OK) != 0, "the refused ones are gone");
	drop(&fixture);
}

static void
test_unusable(void)
{
	struct fixture fixture;

	begin(&fixture);
	put(&fixture, IN_FORCE_USED, "[{\"id\": \"x\"");
	CHECK_TEXT(shown(&fixture, false), "", "half a file shows nothing");
	put(&fixture, IN_FORCE_USED, "{}");
	CHECK_TEXT(shown(&fixture, false), "", "nor does what is no list");
	put(&fixture, IN_FORCE_USED, "[1, {\"id\": 3}]");
	CHECK(strstr(shown(&fixture, false), "(mailinit explain 3)") != NULL,
		"nor does what is no finding hurt");
	drop(&fixture);
}

static void
test_many(void)
{
	struct fixture fixture;
	struct in_force in_force;

	begin(&fixture);
	for (int i = 0; i < 2 * IN_FORCE_MOST; i++)
		finding_add(&fixture.findings, "alias-dangling", NULL, "alias %d", i);
	finding_add(&fixture.findings, "open-relay", NULL, "the error");
	in_force_write(&fixture.plan, directory, false);
	in_force_read(&fixture.arena, directory, false, &in_force);
	CHECK(in_force.used->count == IN_FORCE_MOST, "of many as many as anybody reads");
	CHECK_TEXT(node_text(in_force.used->items[0], "id", ""), "open-relay", "the worst first");
	drop(&fixture);
}

int
main(void)
{
	CHECK(mkdtemp(directory) != NULL, "a directory");
	test_nothing();
	test_used();
	test_refused();
	test_unusable();
	test_many();
	DONE();
}
