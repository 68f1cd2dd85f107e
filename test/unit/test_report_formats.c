/* test_report_formats.c - findings as SARIF and as workflow commands, and the places they name */
#include "unit.h"

#include "plan_fixture.h"
#include "report/place.h"
#include "report/report.h"

#include <string.h>

static void
begin(struct fixture *fixture)
{
	memset(fixture, 0, sizeof(*fixture));
	arena_init(&fixture->arena);
	findings_init(&fixture->findings, &fixture->arena);
	plan_init(&fixture->plan, &fixture->arena, &fixture->findings);
}

static size_t
occurrences(const char *text, const char *what)
{
	size_t count = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		count++;
	return count;
}

static const char *
shown_file(struct report_place place, struct origin origin)
{
	struct shown_place shown;

	place_find(&place, &origin, &shown);
	return shown.file;
}

static void
test_places(void)
{
	struct report_place none = {0},
			    some = {.input = "deploy/compose.yaml", .base = "/checkout"};
	struct origin variable = {.kind = ORIGIN_ENVIRONMENT, .name = "MAIL_X"};
	struct origin yaml = {
		.kind = ORIGIN_YAML, .file = "/checkout/a b/m.yaml", .line = 3, .column = 4};
	struct origin secret = {.kind = ORIGIN_SECRET, .name = "MAIL_X_FILE", .file = "/run/x"};
	struct shown_place shown;

	CHECK_TEXT(shown_file(none, variable), PLACE_NOWHERE, "a variable stands in no file");
	CHECK_TEXT(shown_file(some, variable), "deploy/compose.yaml",
		"it is shown in the file that was named");
	CHECK_TEXT(shown_file(some, yaml), "a b/m.yaml", "a path is relative to the base");
	CHECK_TEXT(shown_file(none, yaml), "checkout/a b/m.yaml", "and always relative");
	CHECK_TEXT(shown_file(some, secret), "deploy/compose.yaml",
		"a secret's file is mounted from elsewhere");
	place_find(&some, &yaml, &shown);
	CHECK(shown.line == 3 && shown.column == 4 && !shown.nowhere, "with line and column");
	place_find(&none, &variable, &shown);
	CHECK(shown.line == 1 && shown.column == 0 && shown.nowhere, "or at the first line");
	yaml.file = "./x/../m.yaml";
	CHECK_TEXT(shown_file(none, yaml), "x/../m.yaml", "without a ./ in front");
	yaml.file = "/checkouts/m.yaml";
	CHECK_TEXT(shown_file(some, yaml), "checkouts/m.yaml",
		"a directory that only begins like the base is another one");
}

static void
test_github_escapes(void)
{
	struct report_place place = {0};
	struct origin origin = {.kind = ORIGIN_YAML, .file = "a:b,c%.yaml", .line = 2, .column = 7};
	struct buffer text = {0};
	struct fixture fixture;

	begin(&fixture);
	finding_add(
		&fixture.findings, "yaml-syntax", &origin, "100%% of it: a, b\r::x\nan excerpt");
	report_github(&fixture.plan, &place, &text);
	CHECK(strncmp(text.data,
		      "::error file=a%3Ab%2Cc%25.yaml,line=2,col=7,title=yaml-syntax::"
		      "100%25 of it: a, b?::x%0A",
		      strlen("::error file=a%3Ab%2Cc%25.yaml,line=2,col=7,title=yaml-syntax::"
			     "100%25 of it: a, b?::x%0A")) == 0,
		"properties and message are escaped, each in its way, and a control byte is none");
	CHECK(strstr(text.data, "an excerpt") == NULL, "the excerpt is left to the file itself");
	CHECK(strstr(text.data, "\n1 error, 0 warnings, 0 notes; a start would be refused\n") !=
			NULL,
		"a summary ends it");
	buffer_clear(&text);
	fixture.findings.items[0].origin = (struct origin){.name = "MAIL_X"};
	report_github(&fixture.plan, &place, &text);
	CHECK(strncmp(text.data, "::error title=yaml-syntax::MAIL_X: ", 35) == 0,
		"what stands in no file is told without one");
	buffer_free(&text);
	drop(&fixture);
}

static void
test_github_limit(void)
{
	struct report_place place = {0};
	struct buffer text = {0};
	struct fixture fixture;

	begin(&fixture);
	for (int i = 0; i < 12; i++)
		finding_add(&fixture.findings, "networks-public", NULL, "one %d", i);
	for (int i = 0; i < 11; i++)
		finding_add(&fixture.findings, "env-unknown", NULL, "one %d", i);
	finding_add(&fixture.findings, "env-ignored", NULL, "a note");
	report_github(&fixture.plan, &place, &text);
	CHECK(occurrences(text.data, "::error ") == 10, "ten errors are annotated");
	CHECK(occurrences(text.data, "::warning ") == 10, "and ten warnings");
	CHECK(occurrences(text.data, "::notice ") == 1, "a note is a notice");
	CHECK(strncmp(text.data, "::error ", 8) == 0, "the worst come first");
	CHECK(strstr(text.data, "\n3 more findings are not annotated") != NULL,
		"the others are counted");
	buffer_free(&text);
	drop(&fixture);
}

static void
test_sarif(void)
{
	struct report_place place = {.input = "mail dir/m.yaml"};
	struct origin variable = {.kind = ORIGIN_ENVIRONMENT, .name = "MAIL_X"};
	struct buffer text = {0}, again = {0};
	struct finding *finding;
	struct finding silenced;
	struct fixture fixture;

	begin(&fixture);
	finding_add(&fixture.findings, "env-ignored", &variable, "a note");
	finding = finding_add(&fixture.findings, "open-relay", &variable, "an error\n    excerpt");
	finding->waived = true;
	finding = finding_add(&fixture.findings, "tls-expired", NULL, "out of date");
	silenced = *finding;
	fixture.findings.count--;
	finding_silence(&fixture.findings, &silenced);
	CHECK(found(&fixture, "tls-expired") == 0, "a silenced finding is none of the findings");
	report_sarif(&fixture.plan, &place, "9.9", &text);
	CHECK(strstr(text.data, "\"version\": \"9.9\"") != NULL, "the tool tells its version");
	CHECK(occurrences(text.data, "\"ruleId\": ") == 3, "silenced findings are there too");
	CHECK(occurrences(text.data, "\"suppressions\": ") == 2,
		"and count as suppressed, as waived ones do");
	CHECK(strstr(text.data, "\"checks.tls-expired is off\"") != NULL, "each says by what");
	CHECK(occurrences(text.data, "{\"uri\": \"mail%20dir/m.yaml\"}") == 3,
		"each result has a location");
	CHECK(strstr(text.data,
		      "{\"ruleId\": \"open-relay\", \"ruleIndex\": 2, \"level\": "
		      "\"error\", \"message\": {\"text\": \"an error\"}") != NULL,
		"a result has its rule's place, its level, and no excerpt");
	CHECK(strstr(text.data, "ruleId\": \"open-relay") <
			strstr(text.data, "ruleId\": \"env-ignored"),
		"the worst come first");
	report_sarif(&fixture.plan, &place, "9.9", &again);
	CHECK_TEXT(again.data, text.data, "the same plan gives the same bytes");
	buffer_free(&text);
	buffer_free(&again);
	drop(&fixture);
}

int
main(void)
{
	struct arena arena;

	arena_init(&arena);
	test_places();
	test_github_escapes();
	test_github_limit();
	test_sarif();
	arena_free(&arena);
	DONE();
}
