/*
 * decode.c - what is in an answer
 *
 * The C library finds the records (ns_parserr) and unpacks names (dn_expand); the
 * lengths that it hands out lie within the message. Here they are checked
 * against what the type needs.
 */
#include "dns/lookup.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/text.h"

#define ALIASES_MAX 16 /* in a row; more is a loop, or somebody plays with us */
#define RECORDS_MAX 1000 /* of one answer: each costs a look per alias */

/* One record's data. */
struct data {
	const unsigned char *message, *end; /* the whole message: names may point anywhere in it */
	const unsigned char *at;
	size_t len;
};

/* take_name - a name at the beginning of the data, which is then behind it; -1: none is there */
static int
take_name(struct data *data, char name[NS_MAXDNAME])
{
	int used = dn_expand(data->message, data->end, data->at, name, NS_MAXDNAME);

	if (used < 0 || (size_t)used > data->len)
		return -1;
	data->at += used;
	data->len -= (size_t)used;
	return 0;
}

static unsigned
number16(const unsigned char *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static uint32_t
number32(const unsigned char *at)
{
	return (uint32_t)number16(at) << 16 | number16(at + 2);
}

/* put_hex - the rest of the data */
static void
put_hex(const struct data *data, struct buffer *out)
{
	for (size_t i = 0; i < data->len; i++)
		buffer_printf(out, "%02x", data->at[i]);
}

static int
put_address(const struct data *data, int family, size_t len, struct buffer *out)
{
	char text[INET6_ADDRSTRLEN];

	if (data->len != len || inet_ntop(family, data->at, text, sizeof(text)) == NULL)
		return -1;
	buffer_puts(out, text);
	return 0;
}

/* put_strings - character-strings, each with its length before it, in one piece */
static int
put_strings(const struct data *data, struct buffer *out)
{
	size_t at = 0;

	if (data->len == 0)
		return -1;
	while (at < data->len) {
		size_t len = data->at[at];

		if (at + 1 + len > data->len)
			return -1;
		buffer_append(out, data->at + at + 1, len);
		at += 1 + len;
	}
	return 0;
}

static int
put_mx(struct data *data, struct buffer *out)
{
	char name[NS_MAXDNAME];
	unsigned preference;

	if (data->len < 3)
		return -1;
	preference = number16(data->at);
	data->at += 2;
	data->len -= 2;
	if (take_name(data, name) != 0)
		return -1;
	buffer_printf(out, "%u %s", preference, name);
	return 0;
}

static int
put_soa(struct data *data, struct buffer *out)
{
	char server[NS_MAXDNAME], person[NS_MAXDNAME];

	if (take_name(data, server) != 0 || take_name(data, person) != 0 || data->len != 20)
		return -1;
	buffer_printf(out, "%s %s", server, person);
	for (size_t i = 0; i < 20; i += 4)
		buffer_printf(out, " %u", number32(data->at + i));
	return 0;
}

static int
put_tlsa(struct data *data, struct buffer *out)
{
	if (data->len < 4)
		return -1;
	buffer_printf(out, "%u %u %u ", data->at[0], data->at[1], data->at[2]);
	data->at += 3;
	data->len -= 3;
	put_hex(data, out);
	return 0;
}

/* put_caa - RFC 8659 section 4.1: flags, tag with its length, value */
static int
put_caa(const struct data *data, struct buffer *out)
{
	size_t tag = data->len >= 2 ? data->at[1] : 0;

	if (data->len < 2 || tag == 0 || 2 + tag > data->len)
		return -1;
	buffer_printf(out, "%u ", data->at[0]);
	buffer_append(out, data->at + 2, tag);
	buffer_puts(out, " \"");
	buffer_append(out, data->at + 2 + tag, data->len - 2 - tag);
	buffer_putc(out, '"');
	return 0;
}

static int
put_name(struct data *data, struct buffer *out)
{
	char name[NS_MAXDNAME];

	if (take_name(data, name) != 0)
		return -1;
	buffer_puts(out, name);
	return 0;
}

/* put_data - a record's data as text; -1: it is malformed */
static int
put_data(struct data *data, int type, struct buffer *out)
{
	switch (type) {
	case ns_t_a:
		return put_address(data, AF_INET, sizeof(struct in_addr), out);
	case ns_t_aaaa:
		return put_address(data, AF_INET6, sizeof(struct in6_addr), out);
	case ns_t_txt:
		return put_strings(data, out);
	case ns_t_mx:
		return put_mx(data, out);
	case ns_t_soa:
		return put_soa(data, out);
	case ns_t_ns:
	case ns_t_cname:
	case ns_t_ptr:
		return put_name(data, out);
	case DNS_TYPE_TLSA:
		return put_tlsa(data, out);
	case DNS_TYPE_CAA:
		return put_caa(data, out);
	default:
		buffer_printf(out, "\\# %zu ", data->len);
		put_hex(data, out);
		return 0;
	}
}

bool
dns_same_name(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b);

	a_len -= a_len > 0 && a[a_len - 1] == '.';
	b_len -= b_len > 0 && b[b_len - 1] == '.';
	return a_len == b_len && strncasecmp(a, b, a_len) == 0;
}

static struct data
data_of(const ns_msg *message, const ns_rr *record)
{
	return (struct data){ns_msg_base(*message), ns_msg_end(*message), ns_rr_rdata(*record),
		ns_rr_rdlen(*record)};
}

static int
count_of(const ns_msg *message, ns_sect section)
{
	int count = ns_msg_count(*message, section);

	return count < RECORDS_MAX ? count : RECORDS_MAX;
}

/* follow - the alias that NAME is, in the arena; NULL: none */
static const char *
follow(struct arena *arena, ns_msg *message, const char *name)
{
	char target[NS_MAXDNAME];

	for (int i = 0; i < count_of(message, ns_s_an); i++) {
		struct data data;
		ns_rr record;

		if (ns_parserr(message, ns_s_an, i, &record) != 0)
			return NULL;
		if (ns_rr_type(record) != ns_t_cname || !dns_same_name(ns_rr_name(record), name))
			continue;
		data = data_of(message, &record);
		return take_name(&data, target) == 0 ? arena_strdup(arena, target) : NULL;
	}
	return NULL;
}

/* add - one record at the end of the aliases; -1: it is malformed */
static int
add(struct arena *arena, const ns_msg *message, const ns_rr *record, struct dns_answer *answer)
{
	struct data data = data_of(message, record);
	struct buffer text = {0};
	int result = put_data(&data, ns_rr_type(*record), &text);

	if (result == 0)
		answer->items[answer->count++] = (struct dns_item){
			.text = arena_strndup(arena, buffer_text(&text), text.len),
			.len = text.len,
			.ttl = ns_rr_ttl(*record),
		};
	buffer_free(&text);
	return result;
}

static int
collect(struct arena *arena, ns_msg *message, int type, struct dns_answer *answer)
{
	int count = count_of(message, ns_s_an);

	answer->items = arena_alloc(arena, ((size_t)count + 1) * sizeof(*answer->items));
	for (int i = 0; i < count; i++) {
		ns_rr record;

		if (ns_parserr(message, ns_s_an, i, &record) != 0)
			return -1;
		if ((int)ns_rr_type(record) == type && ns_rr_class(record) == ns_c_in &&
			dns_same_name(ns_rr_name(record), answer->name) &&
			add(arena, message, &record, answer) != 0)
			return -1;
	}
	return 0;
}

/* negative_ttl - MINIMUM of the first SOA of a section; 0: none */
static uint32_t
negative_ttl(ns_msg *message, ns_sect section)
{
	for (int i = 0; i < count_of(message, section); i++) {
		char name[NS_MAXDNAME];
		struct data data;
		ns_rr record;

		if (ns_parserr(message, section, i, &record) != 0)
			return 0;
		if (ns_rr_type(record) != ns_t_soa)
			continue;
		data = data_of(message, &record);
		if (take_name(&data, name) == 0 && take_name(&data, name) == 0 && data.len == 20)
			return number32(data.at + 16);
	}
	return 0;
}

static void
fail(struct dns_answer *answer, enum dns_status status, const char *why)
{
	answer->status = status;
	answer->why = why;
	answer->items = NULL;
	answer->count = 0;
}

/* decide - what an answer without records means */
static void
decide(ns_msg *message, int code, struct dns_answer *answer)
{
	bool authoritative = ns_msg_getflag(*message, ns_f_aa) != 0;
	bool recursive = ns_msg_getflag(*message, ns_f_ra) != 0;

	answer->negative_ttl = negative_ttl(message, ns_s_ns);
	if (code == ns_r_nxdomain)
		answer->status = DNS_NO_NAME;
	else if (authoritative || recursive)
		answer->status = DNS_NO_DATA;
	else
		fail(answer, DNS_SERVER_FAILED, "it looks nothing up for others (no recursion)");
}

void
dns_decode(struct arena *arena, const unsigned char *bytes, size_t len, const char *name, int type,
	struct dns_answer *answer)
{
	ns_msg message;
	int code;

	*answer = (struct dns_answer){.name = name};
	if (len < NS_HFIXEDSZ) {
		fail(answer, DNS_SERVER_FAILED, "its answer cannot be read");
		return;
	}
	code = bytes[3] & 15;
	if (code == ns_r_refused) {
		fail(answer, DNS_REFUSED, "REFUSED");
		return;
	}
	if (code != ns_r_noerror && code != ns_r_nxdomain) {
		fail(answer, DNS_SERVER_FAILED,
			code == ns_r_servfail ? "SERVFAIL"
					      : arena_printf(arena, "error code %d", code));
		return;
	}
	if (ns_initparse(bytes, (int)len, &message) != 0) {
		fail(answer, DNS_SERVER_FAILED, "its answer cannot be read");
		return;
	}
	answer->authenticated = ns_msg_getflag(message, ns_f_ad) != 0;
	for (int i = 0; i < ALIASES_MAX && type != ns_t_cname; i++) {
		const char *alias = follow(arena, &message, answer->name);

		if (alias == NULL)
			break;
		answer->name = alias;
	}
	if (collect(arena, &message, type, answer) != 0)
		fail(answer, DNS_SERVER_FAILED, "its answer cannot be read");
	else if (answer->count > 0)
		answer->negative_ttl = negative_ttl(&message, ns_s_an);
	else
		decide(&message, code, answer);
}
