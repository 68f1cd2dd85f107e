/* test_parameters.c - the table of Postfix's parameters, and what it says of values */
#include "unit.h"

#include "language/postfix_parameter.h"

static struct arena arena;

/* row - a parameter that must be there */
static struct postfix_parameter
row(const char *name)
{
	struct postfix_parameter parameter = {0};

	CHECK(postfix_parameter_find(&arena, name, &parameter), "the table has %s", name);
	return parameter;
}

/* mistake - what is wrong with a value, "" when nothing is */
static const char *
mistake(const char *name, const char *value)
{
	struct postfix_parameter parameter;
	const char *text;

	if (!postfix_parameter_find(&arena, name, &parameter))
		return "no such parameter";
	text = postfix_value_mistake(&arena, &parameter, value);
	return text != NULL ? text : "";
}

static void
takes(const char *name, const char *value)
{
	CHECK_TEXT(mistake(name, value), "", "%s = %s is right", name, value);
}

static void
refuses(const char *name, const char *value, const char *words)
{
	const char *text = mistake(name, value);

	CHECK(strstr(text, words) != NULL, "%s = %s: \"%s\"", name, value, text);
}

static void
test_versions(void)
{
	static const struct {
		const char *text;
		int version;
	} cases[] = {{"3.7.11", 307}, {"3.10", 310}, {"3.11.0-RC1", 311}, {"3", 0}, {"", 0},
		{"3.", 0}, {"x.7", 0}, {"3.-1", 0}, {"-3.7", 0}, {"3.100", 0}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK(postfix_version(cases[i].text) == cases[i].version, "version \"%s\" is %d",
			cases[i].text, postfix_version(cases[i].text));
}

/*
 * test_table - bisection wants order; and every default that can be told without
 * other parameters must pass its own check, or type, range or choices are wrong
 */
static void
test_table(void)
{
	const char *at = postfix_parameter_table(), *last = "";
	struct postfix_parameter parameter, again;
	size_t count = 0, unsorted = 0, lost = 0, wrong = 0;

	while (postfix_parameter_next(&arena, &at, &parameter)) {
		const char *text = strchr(parameter.fallback, '$') == NULL && !parameter.varies
			? postfix_value_mistake(&arena, &parameter, parameter.fallback)
			: NULL;

		count++;
		unsorted += strcmp(last, parameter.name) >= 0;
		lost += !postfix_parameter_find(&arena, parameter.name, &again);
		if (text != NULL && parameter.until == 0)
			printf("# %s = %s: %s\n", parameter.name, parameter.fallback, text);
		wrong += text != NULL && parameter.until == 0;
		last = parameter.name;
	}
	CHECK(count > 880, "the table has %zu parameters", count);
	CHECK(unsorted == 0, "they are in the order of their bytes");
	CHECK(lost == 0, "each is found by its name");
	CHECK(wrong == 0, "no default is against its own type, range or choices");
	CHECK(!postfix_parameter_find(&arena, "", &again), "the empty name is not found");
	CHECK(!postfix_parameter_find(&arena, "relayhos", &again), "nor a part of one");
	CHECK(!postfix_parameter_find(&arena, "zzz", &again), "nor one behind the last");
}

static void
test_rows(void)
{
	struct postfix_parameter parameter = row("message_size_limit");

	CHECK(parameter.type == POSTFIX_INTEGER && parameter.is_long, "a limit of 64 bits");
	CHECK_TEXT(parameter.fallback, "10240000", "with its default");
	parameter = row("maximal_queue_lifetime");
	CHECK(parameter.type == POSTFIX_TIME && parameter.unit == 'd', "a time in days");
	CHECK(parameter.has_max && parameter.max == 8640000 && !parameter.has_min,
		"of at most a hundred of them, told in seconds");
	parameter = row("transport_retry_time");
	CHECK(parameter.unit == 's', "a time in seconds");
	parameter = row("mailbox_command");
	CHECK(parameter.type == POSTFIX_RAW, "a raw text");
	parameter = row("inet_interfaces");
	CHECK(parameter.restart, "master wants a restart for it");
	parameter = row("smtp_use_tls");
	CHECK(parameter.deprecated && !parameter.legacy, "deprecated, and works");
	CHECK_TEXT(parameter.instead, "smtp_tls_security_level", "and what to use instead");
	parameter = row("postscreen_whitelist_interfaces");
	CHECK(parameter.legacy, "an old name");
	parameter = row("myhostname");
	CHECK(parameter.varies, "its default is the machine's");
}

static void
test_rows_of_versions(void)
{
	struct postfix_parameter parameter = row("use_srv_lookup");

	CHECK(parameter.since == 308 && parameter.until == 0, "since 3.8");
	CHECK(!postfix_parameter_in(&parameter, 307), "not in 3.7");
	CHECK(postfix_parameter_in(&parameter, 308) && postfix_parameter_in(&parameter, 0),
		"in 3.8, and in some version");
	parameter = row("tls_legacy_public_key_fingerprints");
	CHECK(postfix_parameter_in(&parameter, 310) && !postfix_parameter_in(&parameter, 311),
		"gone with 3.11");
	parameter = row("smtp_tls_cipherlist");
	CHECK(!postfix_parameter_in(&parameter, 307), "gone long ago");
	CHECK_TEXT(parameter.instead, "smtp_tls_ciphers", "and what to use instead");
	parameter = row("smtpd_forbid_unauth_pipelining");
	CHECK_TEXT(postfix_parameter_default(&parameter, 308), "no", "its default up to 3.8");
	CHECK_TEXT(postfix_parameter_default(&parameter, 309), "yes", "and from 3.9 on");
	CHECK_TEXT(postfix_parameter_default(&parameter, 0), "yes", "which is the newest");
}

static void
test_services(void)
{
	struct postfix_parameter parameter;

	CHECK(postfix_service_parameter(
		      &arena, "smtp-a_destination_recipient_limit", "smtp-a", "smtp", &parameter) &&
			parameter.type == POSTFIX_INTEGER,
		"smtp-a_destination_recipient_limit is of the service smtp-a");
	CHECK_TEXT(parameter.fallback, "$default_destination_recipient_limit", "with its default");
	CHECK(postfix_service_parameter(
		      &arena, "filter_time_limit", "filter", "pipe", &parameter) &&
			parameter.type == POSTFIX_TIME && parameter.unit == 's',
		"pipe has a time limit, in seconds");
	CHECK(postfix_service_parameter(&arena, "policy_time_limit", "policy", "spawn", &parameter),
		"so has spawn");
	CHECK(!postfix_service_parameter(&arena, "slow_time_limit", "slow", "smtp", &parameter),
		"smtp has none");
	CHECK(!postfix_service_parameter(
		      &arena, "policy_recipient_limit", "policy", "spawn", &parameter),
		"spawn delivers nothing");
	CHECK(!postfix_service_parameter(&arena, "in_recipient_limit", "in", "smtpd", &parameter),
		"nor does smtpd");
	CHECK(!postfix_service_parameter(&arena, "a_recipient_limits", "a", "smtp", &parameter),
		"a longer name is another one");
	CHECK(!postfix_service_parameter(&arena, "a_recipient_limit", "b", "smtp", &parameter),
		"and so is that of another service");
	CHECK(!postfix_service_parameter(&arena, "a_recipient_limit", "a", "", &parameter),
		"no command derives nothing");
}

static void
test_words_and_numbers(void)
{
	takes("smtpd_delay_reject", "YES");
	refuses("smtpd_delay_reject", "true", "yes or no");
	refuses("smtpd_delay_reject", "", "yes or no");
	takes("smtpd_helo_required", "no");
	takes("message_size_limit", "0");
	takes("message_size_limit", "5000000000");
	refuses("message_size_limit", "10M", "without a unit");
	refuses("message_size_limit", "0x10", "without a unit");
	refuses("message_size_limit", "", "whole number");
	refuses("message_size_limit", "99999999999999999999", "at most");
	refuses("smtpd_recipient_limit", "5000000000", "at most 2147483647");
	refuses("smtpd_recipient_limit", "0", "at least 1");
	refuses("smtpd_client_ipv4_prefix_length", "33", "at most 32");
	refuses("smtpd_forbid_bare_newline_reject_code", "450", "at least 500");
}

static void
test_times(void)
{
	takes("maximal_queue_lifetime", "5days");
	takes("maximal_queue_lifetime", "100");
	refuses("maximal_queue_lifetime", "101", "at most 8640000s");
	takes("smtp_connect_timeout", "0");
	takes("smtp_connect_timeout", "2147483646s");
	refuses("smtp_connect_timeout", "2147483647s", "longer than");
	refuses("smtp_connect_timeout", "24855d", "longer than");
	takes("smtp_connect_timeout", "24854d");
	refuses("smtp_connect_timeout", "5x", "\"x\" is no unit");
	refuses("smtp_connect_timeout", "5 s", "\" s\" is no unit");
	refuses("smtp_connect_timeout", "-5s", "negative");
	refuses("smtp_connect_timeout", "soon", "a number and one of");
	refuses("smtp_connect_timeout", "", "a number and one of");
	refuses("queue_run_delay", "0", "at least 1s");
}

static void
test_choices(void)
{
	struct postfix_parameter parameter = row("smtpd_forbid_bare_newline");

	parameter.version = 307;
	CHECK(postfix_value_mistake(&arena, &parameter, "note") != NULL, "note is no word of 3.7");
	CHECK_TEXT(postfix_parameter_choices(&arena, &parameter), "normalize, yes, reject or no",
		"nor is it told of");
	parameter.version = 309;
	CHECK(postfix_value_mistake(&arena, &parameter, "note") == NULL, "it is one of 3.9");
	takes("smtpd_forbid_bare_newline", "Normalize");
	takes("smtpd_tls_security_level", "");
	takes("smtpd_tls_security_level", "verify");
	refuses("smtpd_tls_security_level", "mayy", "it must be none, may or encrypt");
	refuses("smtpd_tls_security_level", "dane", "it must be");
	takes("smtp_tls_security_level", "dane-only");
	refuses("smtp_tls_security_level", "dane-", "it must be");
	refuses("smtp_tls_security_level", "may encrypt", "it must be");
	takes("inet_protocols", "ipv4, ipv6");
	refuses("inet_protocols", "ipv5", "\"ipv5\" is none of all, ipv4 or ipv6");
	refuses("inet_protocols", "IPv4", "none of");
	refuses("inet_protocols", "ip", "none of");
	takes("notify_classes", "2bounce,policy resource");
	refuses("milter_default_action", "", "empty");
	refuses("sendmail_fix_line_endings", "ALWAYS", "always, strict or never");
}

static void
test_texts(void)
{
	char label[80] = "", name[300] = "a";

	memset(label, 'a', 64);
	for (size_t i = 1; i + 2 < sizeof(name); i += 2)
		strcat(name, ".a");
	takes("myhostname", "mail_1.example.test");
	refuses("myhostname", label, "at most 63");
	takes("myhostname", label + 1);
	refuses("myhostname", name, "at most 255");
	refuses("myhostname", "-mail.example.test", "begins and ends");
	refuses("myhostname", "mail-.example.test", "begins and ends");
	refuses("myhostname", "mail..test", "begins and ends");
	refuses("myhostname", "mail.test.", "begins and ends");
	refuses("myhostname", "192.0.2", "digits alone");
	refuses("myhostname", "mail.test mail2.test", "one host name");
	refuses("myhostname", "m\xc3\xa4il.test", "letters, digits");
	refuses("mydomain", "", "empty");
	takes("smtp_helo_name", "[192.0.2.1]");
	refuses("smtp_helo_name", "mail!", "letters, digits");
	takes("compatibility_level", "3.6");
	takes("compatibility_level", "2");
	refuses("compatibility_level", "latest", "a version of Postfix");
	refuses("compatibility_level", "3.6.1.2", "a version of Postfix");
	refuses("compatibility_level", "3.", "a version of Postfix");
	refuses("compatibility_level", "3.2000", "a version of Postfix");
	refuses("compatibility_level", "99999999999999999999", "a version of Postfix");
	refuses("myorigin", "a.test, b.test", "one name");
	takes("smtp_sasl_password_result_delimiter", "|");
	refuses("smtp_sasl_password_result_delimiter", "||", "at most 1 character");
	refuses("default_verp_delimiters", "+", "at least 2 characters");
	takes("virtual_mailbox_base", "");
	takes("smtpd_sender_restrictions", "anything, at all");
}

static void
test_hosts_and_protocols(void)
{
	takes("relayhost", "");
	takes("relayhost", "[smtp.example.test]:587");
	takes("relayhost", "[2001:db8::1]:submission, backup.example.test");
	refuses("relayhost", "[smtp.example.test:587", "bracket closed");
	refuses("relayhost", "[smtp.example.test]587", "[host]:port");
	refuses("relayhost", "smtp.example.test]:587", "in front");
	refuses("relayhost", "{{ RELAYHOST }}", "a template left");
	refuses("relayhost", "smtp.example.test:", "no port");
	takes("smtpd_tls_protocols", ">=TLSv1.2");
	takes("smtpd_tls_protocols", "");
	takes("smtpd_tls_mandatory_protocols", "!SSLv2, !sslv3:TLSv1.3");
	takes("smtp_tls_protocols", ">=0303 <=TLSv1.3");
	refuses("smtpd_tls_protocols", "TLS1.2", "\"TLS1.2\" names no protocol");
	refuses("smtpd_tls_protocols", ">=TLSv1.4", "names no protocol");
	refuses("smtpd_tls_protocols", ">TLSv1.2", "names no protocol");
	refuses("smtpd_tls_protocols", "!", "names no protocol");
	refuses("smtpd_tls_protocols", ">=", "names no protocol");
}

static void
test_nearest(void)
{
	const char *near = postfix_parameter_nearest(&arena, "smtpd_tls_security_levl", 310);

	CHECK(near != NULL && strcmp(near, "smtpd_tls_security_level") == 0, "a letter too few");
	near = postfix_parameter_nearest(&arena, "my-hostname", 310);
	CHECK(near != NULL && strcmp(near, "myhostname") == 0, "a character too many");
	near = postfix_parameter_nearest(&arena, "use_srv_lookups", 307);
	CHECK(near == NULL, "what this version lacks is not proposed");
	CHECK(postfix_parameter_nearest(&arena, "frobnicate", 310) == NULL, "nothing is near");
	CHECK(postfix_parameter_nearest(&arena, "virtual_map", 310) == NULL,
		"an old name is not proposed");
	CHECK(postfix_map_type_known("lmdb") && postfix_map_type_known("unix"), "lmdb, unix");
	CHECK(!postfix_map_type_known("has") && !postfix_map_type_known("") &&
			!postfix_map_type_known("lmdb memcache"),
		"has, the empty word and two words are no types");
}

int
main(void)
{
	arena_init(&arena);
	test_versions();
	test_table();
	test_rows();
	test_rows_of_versions();
	test_services();
	test_words_and_numbers();
	test_times();
	test_choices();
	test_texts();
	test_hosts_and_protocols();
	test_nearest();
	arena_free(&arena);
	DONE();
}
