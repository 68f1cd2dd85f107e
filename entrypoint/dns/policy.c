/* policy.c - records about TLS: MTA-STS, TLS-RPT, TLSA */
#include <stdint.h>
#include <string.h>

#include "dns/records.h"

#define POLICY_SECONDS 604800 /* a week: RFC 8461 section 3.2 wants weeks or greater */

const char *
dns_mta_sts_policy(struct arena *arena, const char *mode, const char *hostname)
{
	return arena_printf(arena, "version: STSv1\nmode: %s\nmx: %s\nmax_age: %d\n", mode,
		hostname, POLICY_SECONDS);
}

/* The id need only differ when the policy does: FNV-1a of 64 bits, as letters and digits. */
const char *
dns_mta_sts_id(struct arena *arena, const char *policy)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *policy != '\0'; policy++)
		hash = (hash ^ (unsigned char)*policy) * UINT64_C(0x100000001b3);
	return arena_printf(arena, "%016llx", (unsigned long long)hash);
}

static void
add_file(struct dns_records *records, const struct dns_file *file)
{
	records->files = arena_grow(records->arena, records->files,
		records->file_count * sizeof(*file), (records->file_count + 1) * sizeof(*file));
	records->files[records->file_count++] = *file;
}

/* add_mta_sts - of a domain that takes mail here */
static void
add_mta_sts(struct dns_records *records, const struct plan *plan, const char *domain)
{
	const struct node *mode = node_at(plan->settings, "dns.mta_sts");
	const char *hostname = node_text(plan->settings, "hostname", "");
	const char *policy;
	bool optional;

	if (mode == NULL || strcmp(mode->text, "none") == 0 || hostname[0] == '\0' ||
		!dns_has_role(plan->settings, "mx"))
		return;
	optional = mode->origin.kind == ORIGIN_DEFAULT;
	policy = dns_mta_sts_policy(records->arena, mode->text, hostname);
	*dns_records_add(records) = (struct dns_record){
		.name = arena_printf(records->arena, "_mta-sts.%s", domain),
		.type = "TXT",
		.value = arena_printf(
			records->arena, "v=STSv1; id=%s", dns_mta_sts_id(records->arena, policy)),
		.why = "MTA-STS: servers that send here must use TLS, and ours must have a "
		       "certificate that they trust. Publish it once a web server serves the "
		       "policy file (RFC 8461).",
		.optional = optional,
	};
	add_file(records,
		&(struct dns_file){
			.url = arena_printf(records->arena,
				"https://mta-sts.%s/.well-known/mta-sts.txt", domain),
			.content = policy,
			.why = "MTA-STS: the policy file, for a web server with a trusted "
			       "certificate "
			       "of that name; the name needs an address, too.",
			.optional = optional,
		});
}

static void
add_tls_rpt(struct dns_records *records, const struct plan *plan, const char *domain)
{
	const char *report_to = node_text(plan->settings, "dns.report_to", "");
	struct dns_record record = {
		.name = arena_printf(records->arena, "_smtp._tls.%s", domain),
		.type = "TXT",
		.why = "TLS-RPT: where others report failed TLS (RFC 8460).",
	};

	if (!dns_has_role(plan->settings, "mx"))
		return;
	if (report_to[0] != '\0')
		record.value = arena_printf(records->arena, "v=TLSRPTv1; rua=mailto:%s", report_to);
	else
		record.why = "TLS-RPT: where others report failed TLS (RFC 8460): set "
			     "dns.report_to to have it here.";
	*dns_records_add(records) = record;
}

void
dns_add_policies(struct dns_records *records, const struct plan *plan, const char *domain)
{
	add_mta_sts(records, plan, domain);
	add_tls_rpt(records, plan, domain);
}

/*
 * 3 1 1: the key itself, by its SHA-256, so that a renewed certificate with the same
 * key changes nothing, and no authority need be trusted (RFC 7672 section 3.1).
 */
void
dns_add_tlsa(struct dns_records *records, const struct plan *plan, const char *hostname)
{
	if (!dns_has_role(plan->settings, "mx") || hostname[0] == '\0')
		return;
	for (size_t i = 0; i < plan->certificate_count; i++) {
		const char *digest = plan->certificates[i].public_key_digest;

		*dns_records_add(records) = (struct dns_record){
			.name = arena_printf(records->arena, "_25._tcp.%s", hostname),
			.type = "TLSA",
			.value = digest != NULL ? arena_printf(records->arena, "3 1 1 %s", digest)
						: NULL,
			.why = digest != NULL
				? "DANE: the key of the certificate. Publish it only where the "
				  "zone "
				  "is signed with DNSSEC, and add the next key's before the key "
				  "changes (RFC 7672)."
				: "DANE: the certificate is not here, or is made at the first "
				  "start; ask again in the container.",
			.optional = true,
		};
	}
}
