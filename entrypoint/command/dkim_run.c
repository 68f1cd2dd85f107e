/* dkim_run.c - what the dkim commands share: the plan, the lock, questions to DNS */
#include <arpa/nameser.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "apply/dkim.h"
#include "base/deadline.h"
#include "base/fatal.h"
#include "base/file.h"
#include "base/text.h"
#include "command/dkim.h"
#include "dns/exchange.h"
#include "report/report.h"

#define RESOLV_CONF "/etc/resolv.conf"
#define IN_USE_LIMIT (4 * 1024 * 1024)

struct plan_dkim_key *
dkim_find_key(const struct plan *plan, const char *domain)
{
	for (size_t i = 0; i < plan->dkim_key_count; i++)
		if (strcasecmp(plan->dkim_keys[i].domain, domain) == 0)
			return &plan->dkim_keys[i];
	return NULL;
}

int
dkim_build(struct build *build, const struct options *options)
{
	struct buffer text = {0};

	build_plan(build, options, BUILD_HERE);
	if (!findings_refuse(&build->findings))
		return EXIT_DONE;
	report_findings_text(&build->plan, options->color, &text);
	if (build_print(STDERR_FILENO, &text) != 0)
		fatal_system("write", "standard error");
	buffer_free(&text);
	return EXIT_FINDINGS;
}

int
dkim_build_locked(struct build *build, const struct options *options, int *fd)
{
	*fd = dkim_lock(true);
	if (*fd < 0)
		return EXIT_SYSTEM;
	return dkim_build(build, options);
}

/* unknown_domain - a domain that nothing is signed for */
static int
unknown_domain(const struct plan *plan, const char *domain)
{
	const char **names = arena_alloc(plan->arena, (plan->dkim_key_count + 1) * sizeof(*names));
	const char *near;

	for (size_t i = 0; i < plan->dkim_key_count; i++)
		names[i] = plan->dkim_keys[i].domain;
	near = text_nearest(domain, names, plan->dkim_key_count);
	fprintf(stderr, "mailinit: \"%s\" is not among dkim.domains%s%s%s\n", domain,
		near != NULL ? "; did you mean " : "", near != NULL ? near : "",
		near != NULL ? "?" : "");
	return EXIT_USAGE;
}

static int
choose_domains(struct dkim_run *run, const struct plan *plan)
{
	const struct dkim_options *options = run->options;
	size_t room = options->domain_count + plan->dkim_key_count;

	run->items = arena_alloc(&run->arena, room * sizeof(*run->items));
	for (size_t i = 0; i < options->domain_count; i++) {
		const struct plan_dkim_key *key = dkim_find_key(plan, options->domains[i]);

		if (key == NULL)
			return unknown_domain(plan, options->domains[i]);
		run->items[run->count++].domain = arena_strdup(&run->arena, key->domain);
	}
	for (size_t i = 0; options->domain_count == 0 && i < plan->dkim_key_count; i++)
		run->items[run->count++].domain =
			arena_strdup(&run->arena, plan->dkim_keys[i].domain);
	return EXIT_DONE;
}

int
dkim_run_begin(struct dkim_run *run, const struct dkim_options *options, int64_t limit_ms)
{
	struct build build = {0};
	int code;

	memset(run, 0, sizeof(*run));
	run->options = options;
	run->deadline_ms = deadline_now() + limit_ms;
	arena_init(&run->arena);
	dns_servers_read(&run->servers, RESOLV_CONF);
	code = dkim_build(&build, &options->shared);
	if (code == EXIT_DONE && build.plan.dkim_key_count == 0) {
		fprintf(stderr,
			"mailinit: this container signs no mail: role dkim and "
			"dkim.domains are missing\n");
		code = EXIT_USAGE;
	}
	if (code == EXIT_DONE)
		code = choose_domains(run, &build.plan);
	build_free(&build);
	return code;
}

void
dkim_run_end(struct dkim_run *run)
{
	arena_free(&run->arena);
}

/* ask - one question in an arena of its own: a rotation may wait for days */
static void
ask(struct dkim_run *run, struct arena *arena, const char *domain, const char *selector, int type,
	struct dns_answer *answer)
{
	int64_t left = run->deadline_ms - deadline_now();

	dns_lookup(arena, &run->servers, arena_printf(arena, "%s._domainkey.%s", selector, domain),
		type, left < DKIM_LOOKUP_MS ? (int)left : DKIM_LOOKUP_MS, answer);
}

void
dkim_ask(struct dkim_run *run, const char *domain, const char *selector, const char *public_key,
	struct dkim_published *published)
{
	struct dns_answer answer;
	struct arena arena;
	const char *before = published->text;

	arena_init(&arena);
	ask(run, &arena, domain, selector, ns_t_txt, &answer);
	dkim_record_judge(&arena, &answer, public_key, published);
	if (before == NULL || strcmp(before, published->text) != 0)
		before = arena_strdup(&run->arena, published->text);
	published->text = before;
	arena_free(&arena);
}

uint32_t
dkim_ask_negative_ttl(struct dkim_run *run, const char *domain, const char *selector)
{
	struct dns_answer answer;
	struct arena arena;

	arena_init(&arena);
	ask(run, &arena, domain, selector, ns_t_soa, &answer);
	arena_free(&arena);
	return answer.negative_ttl;
}

/* has_text - whether the file at PATH begins with (WHOLE: is) TEXT, or has it in it */
static bool
has_text(const char *path, const char *text, bool whole, bool *there)
{
	struct buffer content = {0};
	bool has = false;

	*there = file_read(path, IN_USE_LIMIT, &content, NULL) == 0;
	if (*there)
		has = whole ? strcmp(buffer_text(&content), text) == 0
			    : strstr(buffer_text(&content), text) != NULL;
	if (content.data != NULL)
		explicit_bzero(content.data, content.len);
	buffer_free(&content);
	return has;
}

enum dkim_in_use
dkim_in_use(const struct plan *plan, const struct plan_dkim_key *key)
{
	bool there;
	const char *copy = arena_printf(plan->arena, PLAN_CURRENT "/opendkim/keys/%s.%s.private",
		key->domain, key->selector);
	const char *row =
		arena_printf(plan->arena, " %s:%s:%s\n", key->domain, key->selector, copy);

	if (!has_text(PLAN_CURRENT "/opendkim/KeyTable", row, false, &there))
		return there ? DKIM_NOT_IN_USE : DKIM_NOT_RUNNING;
	if (key->pem == NULL || !has_text(copy, key->pem, true, &there))
		return DKIM_NOT_IN_USE;
	return DKIM_IN_USE;
}
