/* test_status.c - what the status says of certificates, for people and for programs */
#include "unit.h"

#include "base/arena.h"
#include "base/json_read.h"
#include "command/status_print.h"
#include "supervise/clock.h"

#define DAY_SECONDS 86400

static const struct node none = {.type = NODE_LIST};
static const struct in_force nothing = {
	.used = &none, .refused = &none, .used_json = "[]", .refused_json = "[]"};

static void
make(struct status_snapshot *snapshot)
{
	int64_t now = clock_wall() / 1000;

	memset(snapshot, 0, sizeof(*snapshot));
	snapshot->phase = PHASE_RUNNING;
	snapshot->findings_errors = 1;
	snapshot->findings_warnings = 2;
	snapshot->certificates[0] = (struct service_certificate){.path = "/tls/default.pem",
		.names = "mail.example.com imap.example.com",
		.not_after = now + 84 * DAY_SECONDS + 60};
	snapshot->certificates[1] = (struct service_certificate){.path = "/tls/sni/a.pem",
		.names = "a.example.org",
		.trouble = "/a.key: \"half\" of it",
		.not_after = now - DAY_SECONDS / 2};
}

static void
test_text(const struct status_snapshot *snapshot)
{
	struct buffer out = {0};

	status_print_text(snapshot, &nothing, false, &out);
	CHECK(strstr(buffer_text(&out),
		      "certificate /tls/default.pem: mail.example.com "
		      "imap.example.com; ends ") != NULL,
		"each has its names");
	CHECK(strstr(buffer_text(&out), ", in 84 days\n") != NULL, "and its days");
	CHECK(strstr(buffer_text(&out), ", in -1 days\n    last good: /a.key: \"half\" of it\n") !=
			NULL,
		"and what is wrong with the configured one");
	CHECK((strstr(buffer_text(&out), "and 3 more") != NULL) ==
			(snapshot->certificates_more > 0),
		"%u more", snapshot->certificates_more);
	CHECK(strstr(buffer_text(&out), "; findings: 1 error, 2 warnings, 0 notes\n") != NULL,
		"numbers and their words");
	buffer_free(&out);
}

static void
test_json(struct arena *arena, const struct status_snapshot *snapshot)
{
	const struct node *root, *certificates;
	struct buffer out = {0};
	const char *why;
	size_t at;

	status_print_json(snapshot, &nothing, &out);
	root = json_read(arena, buffer_text(&out), out.len, &why, &at);
	certificates = node_get(root, "certificates");
	CHECK(certificates != NULL && certificates->count == 2, "JSON with both");
	if (certificates != NULL && certificates->count == 2) {
		CHECK_TEXT(node_text(certificates->items[0], "days_left", "-"), "84", "days left");
		CHECK(node_get(certificates->items[0], "trouble")->type == NODE_NULL, "no trouble");
		CHECK_TEXT(node_text(certificates->items[1], "trouble", "-"),
			"/a.key: \"half\" of it", "trouble");
	}
	CHECK_TEXT(node_text(root, "certificates_more", "-"), "3", "how many more");
	buffer_free(&out);
}

static void
test_health(const struct status_snapshot *snapshot)
{
	struct buffer out = {0};

	CHECK(status_healthy(snapshot, &out), "a last good one does not make it unhealthy");
	buffer_clear(&out);
	status_print_prometheus(snapshot, &nothing, &out);
	CHECK(strstr(buffer_text(&out),
		      "mailinit_certificate_kept_last_good{path=\"/tls/default.pem\"} 0\n"
		      "mailinit_certificate_kept_last_good{path=\"/tls/sni/a.pem\"} 1\n") != NULL,
		"a metric for each");
	buffer_free(&out);
}

int
main(void)
{
	struct status_snapshot snapshot;
	struct arena arena;

	arena_init(&arena);
	make(&snapshot);
	test_text(&snapshot);
	snapshot.certificates_more = 3;
	test_text(&snapshot);
	test_json(&arena, &snapshot);
	test_health(&snapshot);
	arena_free(&arena);
	DONE();
}
