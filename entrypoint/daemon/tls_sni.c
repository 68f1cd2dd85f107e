/* tls_sni.c - which certificate for which name that a client asks for */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "daemon/tls_pair.h"

#define NAME_CHARS 253 /* RFC 1035 section 2.3.4, as text */

/* is_name - "mail.example.com" or "*.example.com"; else no line of a daemon could hold it */
static bool
is_name(const char *name)
{
	const char *plain = text_starts(name, "*.") ? name + 2 : name;
	size_t len = strlen(plain);

	return len > 0 && len <= NAME_CHARS && plain[0] != '.' && plain[0] != '-' &&
		strspn(plain, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == len;
}

static bool
has(const struct plan_certificate *certificate, const char *name)
{
	for (size_t i = 0; i < certificate->sni_count; i++)
		if (strcmp(certificate->sni_names[i], name) == 0)
			return true;
	return false;
}

static bool
is_taken(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->certificate_count; i++)
		if (has(&plan->certificates[i], name))
			return true;
	return false;
}

static void
add(struct plan *plan, struct plan_certificate *certificate, const char *name)
{
	certificate->sni_names = arena_grow(plan->arena, certificate->sni_names,
		certificate->sni_count * sizeof(*certificate->sni_names),
		(certificate->sni_count + 1) * sizeof(*certificate->sni_names));
	certificate->sni_names[certificate->sni_count++] = name;
}

/* is_default - whether the default certificate is the one for NAME */
static bool
is_default(const struct plan *plan, const char *name)
{
	const struct plan_certificate *certificate = &plan->certificates[0];

	if (node_has_text(node_at(plan->settings, "tls.names"), name))
		return true;
	for (size_t i = 0; !certificate->self_signed && i < certificate->name_count; i++)
		if (strcasecmp(certificate->names[i], name) == 0)
			return true;
	return false;
}

static void
add_carried(struct plan *plan, struct plan_certificate *certificate)
{
	for (size_t i = 0; i < certificate->name_count; i++) {
		const char *name = text_lower(plan->arena, certificate->names[i]);

		if (is_name(name) && !is_default(plan, name) && !is_taken(plan, name))
			add(plan, certificate, name);
	}
}

/* would_lose - whether some "*." name would take NAME; Postfix takes it for all levels */
static bool
would_lose(const struct plan *plan, const char *name)
{
	for (size_t i = 1; i < plan->certificate_count; i++)
		for (size_t j = 0; j < plan->certificates[i].sni_count; j++) {
			const char *other = plan->certificates[i].sni_names[j];

			if (other[0] == '*' && text_ends(name, other + 1))
				return true;
		}
	return false;
}

static void
defend(struct plan *plan, const char *name)
{
	if (is_name(name) && name[0] != '*' && !is_taken(plan, name) && would_lose(plan, name))
		add(plan, &plan->certificates[0], name);
}

void
tls_sni_name(struct plan *plan)
{
	const struct node *names = node_at(plan->settings, "tls.names");
	struct plan_certificate *certificate = &plan->certificates[0];

	for (size_t i = 1; i < plan->certificate_count; i++)
		if (!plan->certificates[i].alternative)
			add_carried(plan, &plan->certificates[i]);
	for (size_t i = 0; names != NULL && i < names->count; i++)
		defend(plan, names->items[i]->text);
	for (size_t i = 0; !certificate->self_signed && i < certificate->name_count; i++)
		defend(plan, text_lower(plan->arena, certificate->names[i]));
}
