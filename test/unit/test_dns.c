/* test_dns.c - the records to publish */
#include "unit.h"

#include "dns/records.h"

static struct node *
list_of(struct arena *arena, const char *a, const char *b)
{
	struct node *list = node_new(arena, NODE_LIST, NULL);

	node_add(arena, list, node_scalar(arena, a, NULL));
	if (b != NULL)
		node_add(arena, list, node_scalar(arena, b, NULL));
	return list;
}

static const char *
value_of(const struct dns_records *records, const char *name, const char *type)
{
	for (size_t i = 0; i < records->count; i++)
		if (strcmp(records->items[i].name, name) == 0 &&
			strcmp(records->items[i].type, type) == 0)
			return records->items[i].value != NULL ? records->items[i].value : "(none)";
	return "(absent)";
}

/* test_smarthost - a record that leaves the smarthost out would have all mail refused */
static void
test_smarthost(struct plan *plan)
{
	struct arena *arena = plan->arena;
	struct node *by_sender = node_new(arena, NODE_MAP, NULL);
	struct dns_records records;
	struct buffer zone = {0};

	node_set_path(arena, plan->settings, "domains", list_of(arena, "example.com", "b.test"));
	node_set_path(arena, plan->settings, "relay.by_sender", by_sender);
	node_set(arena, by_sender, "@b.test", node_new(arena, NODE_MAP, NULL));
	records = dns_records_of(plan, 0);
	CHECK(strstr(value_of(&records, "example.com", "TXT"), "-all") != NULL,
		"a smarthost of another domain changes nothing");
	CHECK_TEXT(value_of(&records, "b.test", "TXT"), "(none)",
		"SPF of a domain with a smarthost of its own is not known");
	node_set_path(arena, plan->settings, "relay.host",
		node_scalar(arena, "[smtp.example.net]:587", NULL));
	records = dns_records_of(plan, 0);
	CHECK_TEXT(value_of(&records, "example.com", "TXT"), "(none)",
		"with relay.host none is known");
	dns_print_zone(&records, &zone);
	CHECK(strstr(zone.data, "v=spf1 mx -all") == NULL, "and none is printed");
	CHECK(strstr(zone.data, "; example.com. IN TXT (not known) SPF: ") != NULL,
		"but a comment says what to set");
	node_set_path(arena, plan->settings, "dns.spf",
		node_scalar(arena, "v=spf1 include:spf.example.net -all", NULL));
	records = dns_records_of(plan, 0);
	CHECK_TEXT(value_of(&records, "b.test", "TXT"), "v=spf1 include:spf.example.net -all",
		"what is set is printed");
	buffer_free(&zone);
}

/* test_rotation - the next key stands beside the present one, the old one until its time is over */
static void
test_rotation(struct plan *plan)
{
	struct dkim_state state = {.active = "s1", .next = "s2"};
	struct plan_dkim_key *key = &plan->dkim_keys[0];
	struct dns_records records;
	struct buffer zone = {0};

	dkim_state_add_old(
		&state, &(struct dkim_old){.selector = "s0", .public_key = "OLD", .until = 1000});
	key->state = &state;
	key->next_public_key = NULL;
	records = dns_records_of(plan, 999);
	CHECK_TEXT(value_of(&records, "s2._domainkey.example.com", "TXT"), "(none)",
		"a next key that was not made yet");
	key->next_public_key = "NEXT";
	records = dns_records_of(plan, 999);
	CHECK_TEXT(value_of(&records, "s2._domainkey.example.com", "TXT"),
		"v=DKIM1; h=sha256; k=rsa; p=NEXT", "the next key is to be published");
	dns_print_zone(&records, &zone);
	CHECK(strstr(zone.data, "\ns0._domainkey.example.com. IN TXT ") != NULL,
		"the old one while it is needed");
	buffer_clear(&zone);
	records = dns_records_of(plan, 1000);
	dns_print_zone(&records, &zone);
	CHECK(strstr(zone.data, "\n; may be removed: s0._domainkey.example.com. IN TXT ") != NULL,
		"and then it may be removed");
	buffer_clear(&zone);
	state.next = "s1";
	records = dns_records_of(plan, 1000);
	dns_print_zone(&records, &zone);
	CHECK(strstr(zone.data,
		      "\n; s1._domainkey.example.com. IN TXT \"v=DKIM1; h=sha256; k=rsa; "
		      "p=NEXT\"") != NULL,
		"another key under the same selector cannot stand beside the present one");
	buffer_free(&zone);
	key->state = NULL;
}

/* test_roles - who only receives is no sender, and who only sends takes no mail */
static void
test_roles(struct plan *plan)
{
	struct arena *arena = plan->arena;
	struct dns_records records;

	node_set_path(arena, plan->settings, "domains", list_of(arena, "example.com", NULL));
	node_set_path(arena, plan->settings, "roles", list_of(arena, "mx", NULL));
	records = dns_records_of(plan, 0);
	CHECK_TEXT(value_of(&records, "example.com", "TXT"), "(none)",
		"of a pure mx it is not known who sends");
	CHECK_TEXT(value_of(&records, "example.com", "MX"), "10 mail.example.com", "it has an MX");
	CHECK_TEXT(value_of(&records, "mail.example.com", "TXT"), "(absent)",
		"and no SPF of its name");
	node_set_path(arena, plan->settings, "roles", list_of(arena, "submission", "dkim"));
	records = dns_records_of(plan, 0);
	CHECK_TEXT(value_of(&records, "example.com", "TXT"),
		"v=spf1 ip4:192.0.2.7 ip6:2001:db8::1 -all", "who only sends is no mx in SPF");
	CHECK_TEXT(value_of(&records, "example.com", "MX"), "(absent)", "and has no MX");
	CHECK_TEXT(value_of(&records, "mail.example.com", "TXT"), "v=spf1 a -all",
		"but SPF of its name, by which bounces are judged");
	node_set_path(arena, plan->settings, "dns.addresses", node_new(arena, NODE_LIST, NULL));
	records = dns_records_of(plan, 0);
	CHECK_TEXT(value_of(&records, "example.com", "TXT"), "(none)",
		"without addresses nothing is known");
}

/* test_tls - what is optional is a comment in the zone, until it is asked for */
static void
test_tls(struct plan *plan)
{
	static const struct origin given = {.kind = ORIGIN_YAML};
	struct arena *arena = plan->arena;
	struct plan_certificate certificate = {.public_key_digest = "ab12"};
	struct dns_records records;
	struct buffer zone = {0};
	const char *id;

	plan->certificates = &certificate;
	plan->certificate_count = 1;
	node_set_path(arena, plan->settings, "dns.mta_sts", node_scalar(arena, "testing", NULL));
	records = dns_records_of(plan, 0);
	CHECK_TEXT(value_of(&records, "_25._tcp.mail.example.com", "TLSA"), "3 1 1 ab12",
		"TLSA is of the key");
	CHECK_TEXT(value_of(&records, "_smtp._tls.example.com", "TXT"), "(none)",
		"TLS-RPT needs an address");
	CHECK(records.file_count == 1 &&
			strcmp(records.files[0].url,
				"https://mta-sts.example.com/.well-known/mta-sts.txt") == 0,
		"the policy has its place");
	CHECK_TEXT(records.files[0].content,
		"version: STSv1\nmode: testing\nmx: mail.example.com\nmax_age: 604800\n",
		"and its lines");
	dns_print_zone(&records, &zone);
	CHECK(strstr(zone.data, "\n_mta-sts") == NULL &&
			strstr(zone.data, "\n; optional: _mta-sts") != NULL &&
			strstr(zone.data, "\n; optional: _25._tcp") != NULL,
		"optional records are comments");
	id = value_of(&records, "_mta-sts.example.com", "TXT");
	node_set_path(arena, plan->settings, "dns.mta_sts", node_scalar(arena, "enforce", &given));
	records = dns_records_of(plan, 0);
	CHECK(strcmp(value_of(&records, "_mta-sts.example.com", "TXT"), id) != 0,
		"another policy has another id");
	buffer_clear(&zone);
	dns_print_zone(&records, &zone);
	CHECK(strstr(zone.data, "\n_mta-sts.example.com. IN TXT \"v=STSv1; id=") != NULL,
		"what is set is published");
	node_set_path(arena, plan->settings, "dns.mta_sts", node_scalar(arena, "none", &given));
	records = dns_records_of(plan, 0);
	CHECK(records.file_count == 0, "none is none");
	buffer_free(&zone);
	plan->certificate_count = 0;
}

int
main(void)
{
	struct arena arena;
	struct findings findings;
	struct plan plan;
	struct dns_records records;
	struct buffer zone = {0};
	struct plan_dkim_key key = {.domain = "example.com", .selector = "s1"};
	char public_key[401];

	arena_init(&arena);
	findings_init(&findings, &arena);
	plan_init(&plan, &arena, &findings);
	plan.settings = node_new(&arena, NODE_MAP, NULL);
	node_set_path(
		&arena, plan.settings, "hostname", node_scalar(&arena, "mail.example.com", NULL));
	node_set_path(&arena, plan.settings, "domains", list_of(&arena, "example.com", NULL));
	node_set_path(&arena, plan.settings, "dns.addresses",
		list_of(&arena, "192.0.2.7", "2001:db8::1"));
	memset(public_key, 'A', sizeof(public_key) - 1);
	public_key[sizeof(public_key) - 1] = '\0';
	key.public_key = public_key;
	plan.dkim_keys = &key;
	plan.dkim_key_count = 1;
	records = dns_records_of(&plan, 0);

	CHECK_TEXT(
		value_of(&records, "example.com", "MX"), "10 mail.example.com", "MX is the host");
	CHECK_TEXT(value_of(&records, "mail.example.com", "AAAA"), "2001:db8::1", "IPv6 is AAAA");
	CHECK_TEXT(value_of(&records, "7.2.0.192.in-addr.arpa", "PTR"), "mail.example.com",
		"PTR leads back to the host name");
	CHECK_TEXT(
		value_of(&records,
			"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
			"PTR"),
		"mail.example.com", "for IPv6, nibble by nibble");
	CHECK_TEXT(value_of(&records, "example.com", "TXT"),
		"v=spf1 mx ip4:192.0.2.7 ip6:2001:db8::1 -all", "SPF lists the addresses");
	CHECK_TEXT(value_of(&records, "_dmarc.example.com", "TXT"), "v=DMARC1; p=none",
		"DMARC starts with p=none");
	dns_print_zone(&records, &zone);
	CHECK(strstr(zone.data, "AAAA\" \"AAAA") != NULL, "a long TXT is cut in two strings");
	CHECK(strstr(zone.data, "; 7.2.0.192.in-addr.arpa. IN PTR mail.example.com.\n") != NULL,
		"PTR is a comment: it belongs to another zone");
	for (char *line = strtok(zone.data, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		char *open = strchr(line, '"'),
		     *close = open != NULL ? strchr(open + 1, '"') : NULL;

		if (close != NULL)
			CHECK(close - open - 1 <= 255, "a string has at most 255 bytes");
	}
	buffer_free(&zone);
	test_rotation(&plan);
	test_tls(&plan);
	test_roles(&plan);
	node_set_path(&arena, plan.settings, "roles", list_of(&arena, "mx", "submission"));
	test_smarthost(&plan);
	arena_free(&arena);
	DONE();
}
