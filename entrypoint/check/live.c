/* live.c - what DNS shows, beside what the plan needs */
#include "check/live.h"

#include <stdarg.h>
#include <string.h>

#include "dns/records.h"

const struct dns_answer *
live_ask(struct live *live, const char *name, int type)
{
	const struct dns_answer *answer = dns_ask(live->session, name, type);
	struct arena *arena = live->plan->arena;

	if (dns_status_known(answer->status))
		return answer;
	live_unknown(live, arena_printf(arena, "%s %s", name, dns_type_name(type)),
		arena_printf(arena, "%s%s%s", answer->server != NULL ? answer->server : "",
			answer->server != NULL ? ": " : "", answer->why));
	return NULL;
}

void
live_unknown(struct live *live, const char *what, const char *why)
{
	struct live_unasked *unasked;

	plan_add_looked(live->plan, LOOKED_NOT, what, why);
	for (unasked = live->unasked; unasked != NULL; unasked = unasked->next)
		if (strcmp(unasked->why, why) == 0)
			break;
	if (unasked == NULL) {
		unasked = arena_alloc(live->plan->arena, sizeof(*unasked));
		unasked->why = why;
		unasked->next = live->unasked;
		live->unasked = unasked;
	}
	buffer_printf(&unasked->names, "%s%s", unasked->count++ > 0 ? ", " : "", what);
}

void
live_tell(struct live *live, enum plan_outcome outcome, const char *what, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	plan_add_looked(live->plan, outcome, what, arena_vprintf(live->plan->arena, format, args));
	va_end(args);
}

void
live_find(struct live *live, enum plan_outcome outcome, const char *id, const struct origin *origin,
	const char *what, const char *format, ...)
{
	const char *text;
	va_list args;

	va_start(args, format);
	text = arena_vprintf(live->plan->arena, format, args);
	va_end(args);
	plan_add_looked(live->plan, outcome, what, text);
	finding_add(live->plan->findings, id, origin, "%s: %s", what, text);
}

bool
live_is_set(const struct node *node)
{
	return node != NULL && node->origin.kind != ORIGIN_DEFAULT &&
		(node->text == NULL || node->text[0] != '\0');
}

static void
tell_unasked(struct live *live)
{
	for (struct live_unasked *unasked = live->unasked; unasked != NULL;
		unasked = unasked->next) {
		finding_add(live->plan->findings, "dns-not-checked", NULL, "not known (%s): %s",
			unasked->why, buffer_text(&unasked->names));
		buffer_free(&unasked->names);
	}
}

static void
look(struct live *live)
{
	const struct node *domains = node_at(live->plan->settings, "domains");
	size_t count = domains != NULL ? domains->count : 0;

	live_hostname(live);
	if (live->sends) {
		live_reverse(live);
		live_helo(live);
	}
	live_keys(live);
	for (size_t i = 0; i < count; i++) {
		if (live->receives)
			live_mx(live, domains->items[i]);
		live_sender(live, domains->items[i]);
		if (live->receives)
			live_policies(live, domains->items[i]);
	}
	if (live->receives)
		live_tlsa(live);
}

void
check_live_dns(struct plan *plan, struct dns_session *session)
{
	struct live live = {.plan = plan, .session = session};

	live.hostname = node_text(plan->settings, "hostname", "");
	live.addresses = node_at(plan->settings, "dns.addresses");
	if (live.addresses != NULL && live.addresses->count == 0)
		live.addresses = NULL;
	live.receives = dns_has_role(plan->settings, "mx");
	live.sends =
		dns_sends(plan->settings) && node_text(plan->settings, "relay.host", "")[0] == '\0';
	if (live.sends && live.addresses == NULL) {
		const char *why = "dns.addresses is not set, so SPF and PTR cannot be judged";

		finding_add(plan->findings, "dns-unknown-address", NULL, "%s", why);
		plan_add_looked(plan, LOOKED_NOT, "SPF and PTR", why);
	}
	look(&live);
	tell_unasked(&live);
}
