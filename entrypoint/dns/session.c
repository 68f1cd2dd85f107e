/* session.c - questions under one deadline, none of them twice */
#include "dns/session.h"

#include <arpa/nameser.h>
#include <string.h>
#include <strings.h>

#include "base/deadline.h"
#include "dns/exchange.h"

struct dns_asked {
	struct dns_asked *next;
	const char *name;
	int type;
	struct dns_answer answer;
};

void
dns_session_init(struct dns_session *session, struct arena *arena)
{
	memset(session, 0, sizeof(*session));
	session->arena = arena;
}

static void
ask(struct dns_session *session, struct dns_asked *asked)
{
	int64_t left = session->deadline_ms - deadline_now();

	if (session->ask != NULL) {
		session->ask(session->context, asked->name, asked->type, &asked->answer);
		return;
	}
	if (left > DNS_SESSION_QUESTION_MS)
		left = DNS_SESSION_QUESTION_MS;
	if (left > 0)
		dns_lookup(session->arena, &session->servers, asked->name, asked->type, (int)left,
			&asked->answer);
	else
		asked->answer = (struct dns_answer){.status = DNS_TIMED_OUT,
			.name = asked->name,
			.why = "no time was left (--timeout)"};
}

static bool
is_own(const struct dns_session *session, const struct dns_answer *answer)
{
	for (size_t i = 0; i < answer->count; i++)
		for (size_t j = 0; j < session->own_count; j++)
			if (strcmp(answer->items[i].text, session->own[j]) == 0)
				return true;
	return false;
}

/* refuse_own - an answer that is meant for this container alone says nothing of the world's */
static void
refuse_own(struct dns_session *session, struct dns_asked *asked)
{
	struct dns_answer *answer = &asked->answer;
	bool own = false;

	if (session->own_count == 0 || !dns_status_known(answer->status))
		return;
	if (asked->type == ns_t_a)
		own = is_own(session, answer);
	else if (asked->type == ns_t_aaaa)
		/* of a name that it knows the engine denies the other family */
		own = is_own(session, answer) ||
			dns_ask(session, asked->name, ns_t_a)->status == DNS_SERVER_FAILED;
	if (!own)
		return;
	answer->status = DNS_SERVER_FAILED;
	answer->why = "it answers with the container's own address, as an engine does for the "
		      "host name of a container";
	answer->items = NULL;
	answer->count = 0;
}

const struct dns_answer *
dns_ask(struct dns_session *session, const char *name, int type)
{
	struct dns_asked *asked;

	for (asked = session->asked; asked != NULL; asked = asked->next)
		if (asked->type == type && strcasecmp(asked->name, name) == 0)
			return &asked->answer;
	asked = arena_alloc(session->arena, sizeof(*asked));
	asked->name = arena_strdup(session->arena, name);
	asked->type = type;
	ask(session, asked);
	refuse_own(session, asked);
	asked->next = session->asked;
	session->asked = asked;
	return &asked->answer;
}

const char *
dns_type_name(int type)
{
	switch (type) {
	case ns_t_a:
		return "A";
	case ns_t_aaaa:
		return "AAAA";
	case ns_t_mx:
		return "MX";
	case ns_t_txt:
		return "TXT";
	case ns_t_ptr:
		return "PTR";
	case ns_t_cname:
		return "CNAME";
	case DNS_TYPE_TLSA:
		return "TLSA";
	default:
		return "?";
	}
}
