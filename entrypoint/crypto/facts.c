/* facts.c - from mbedTLS's certificate to ours */
#include "crypto/facts.h"

#include <arpa/inet.h>
#include <string.h>

#include <mbedtls/md.h>
#include <mbedtls/oid.h>

#include "crypto/digest.h"
#include "crypto/parse.h"

#define NAME_BYTES 1024 /* of a subject or issuer as text */

/* Tags of the names in a subject alternative name (RFC 5280 section 4.2.1.6). */
#define SAN_DNS 2
#define SAN_ADDRESS 7

/*
 * id-ad-caIssuers (RFC 5280 section 4.2.2.1) as DER. Public authorities put it into
 * all that an intermediate issued; mbedTLS does not read that extension.
 */
static const char ca_issuers[] = "\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x02";

/* The bytes as printable ASCII: what could disturb a log line or JSON becomes '?'. */
static const char *
take_text(struct arena *arena, const unsigned char *data, size_t len)
{
	char *text = arena_strndup(arena, (const char *)data, len);

	for (size_t i = 0; i < len; i++) {
		if (data[i] < ' ' || data[i] > '~')
			text[i] = '?';
	}
	return text;
}

static const char *
take_name(struct arena *arena, const mbedtls_x509_name *name)
{
	char text[NAME_BYTES];
	int len = mbedtls_x509_dn_gets(text, sizeof(text), name);

	if (len < 0)
		return "(a name too long to show)";
	return take_text(arena, (const unsigned char *)text, (size_t)len);
}

static const char *
take_common_name(struct arena *arena, const mbedtls_x509_name *name)
{
	for (; name != NULL; name = name->next) {
		if (MBEDTLS_OID_CMP(MBEDTLS_OID_AT_CN, &name->oid) == 0)
			return take_text(arena, name->val.p, name->val.len);
	}
	return "";
}

/* Days from 1970-01-01 to a day of the Gregorian calendar. */
static int64_t
days_since_1970(int year, int month, int day)
{
	/* years begin in March here, so that the leap day is the last of its year */
	int64_t y = month > 2 ? year : year - 1;
	int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

static int64_t
take_time(const mbedtls_x509_time *time)
{
	return days_since_1970(time->year, time->mon, time->day) * 86400 + time->hour * 3600 +
		time->min * 60 + time->sec;
}

/* Leading zero bytes only keep the number positive: they are no part of it. */
static const char *
take_serial(struct arena *arena, const mbedtls_x509_buf *serial)
{
	const unsigned char *data = serial->p;
	size_t len = serial->len;

	while (len > 1 && data[0] == 0) {
		data++;
		len--;
	}
	return digest_hex(arena, data, len);
}

static void
add_address(struct arena *arena, const mbedtls_x509_buf *value, struct certificate *certificate)
{
	char text[INET6_ADDRSTRLEN];
	int family = value->len == 4 ? AF_INET : AF_INET6;

	if (value->len != 4 && value->len != 16)
		return; /* no client can match it: the same as not being there */
	if (inet_ntop(family, value->p, text, sizeof(text)) == NULL)
		return;
	certificate->addresses[certificate->address_count++] = arena_strdup(arena, text);
}

static void
take_alternative_names(
	struct arena *arena, const mbedtls_x509_crt *parsed, struct certificate *certificate)
{
	const mbedtls_x509_sequence *entry;
	size_t count = 0;

	for (entry = &parsed->subject_alt_names; entry != NULL; entry = entry->next)
		count++;
	certificate->dns_names = arena_alloc(arena, count * sizeof(*certificate->dns_names));
	certificate->addresses = arena_alloc(arena, count * sizeof(*certificate->addresses));
	for (entry = &parsed->subject_alt_names; entry != NULL; entry = entry->next) {
		int tag = entry->buf.tag & MBEDTLS_ASN1_TAG_VALUE_MASK;
		if (entry->buf.p == NULL)
			continue; /* the list of a certificate without names has one empty entry */
		if (tag == SAN_DNS)
			certificate->dns_names[certificate->dns_count++] =
				take_text(arena, entry->buf.p, entry->buf.len);
		else if (tag == SAN_ADDRESS)
			add_address(arena, &entry->buf, certificate);
	}
}

static const char *
hash_name(mbedtls_md_type_t hash)
{
	switch (hash) {
	case MBEDTLS_MD_SHA1:
		return "SHA1";
	case MBEDTLS_MD_SHA224:
		return "SHA224";
	case MBEDTLS_MD_SHA256:
		return "SHA256";
	case MBEDTLS_MD_SHA384:
		return "SHA384";
	case MBEDTLS_MD_SHA512:
		return "SHA512";
	default:
		return "another hash";
	}
}

bool
facts_same_name(const mbedtls_x509_buf *a, const mbedtls_x509_buf *b)
{
	return a->len == b->len && memcmp(a->p, b->p, a->len) == 0;
}

/*
 * The signature fields are private in mbedTLS 3, and its own mbedtls_x509_crt_verify
 * mixes the signature with dates, key sizes and the right to sign, all of which
 * are other findings here. Hence MBEDTLS_PRIVATE.
 */
bool
facts_signed_by(const mbedtls_x509_crt *certificate, const mbedtls_x509_crt *issuer)
{
	mbedtls_md_type_t type = certificate->MBEDTLS_PRIVATE(sig_md);
	const mbedtls_md_info_t *info = mbedtls_md_info_from_type(type);
	const mbedtls_x509_buf *signature = &certificate->MBEDTLS_PRIVATE(sig);
	unsigned char hash[MBEDTLS_MD_MAX_SIZE];
	/* verifying only reads the key, but says so in no prototype */
	mbedtls_pk_context key = issuer->pk;

	if (info == NULL || !mbedtls_pk_can_do(&key, certificate->MBEDTLS_PRIVATE(sig_pk)))
		return false;
	if (mbedtls_md(info, certificate->tbs.p, certificate->tbs.len, hash) != 0)
		return false;
	return mbedtls_pk_verify_ext(certificate->MBEDTLS_PRIVATE(sig_pk),
		       certificate->MBEDTLS_PRIVATE(sig_opts), &key, type, hash,
		       mbedtls_md_get_size(info), signature->p, signature->len) == 0;
}

void
facts_take(struct arena *arena, const struct pem_block *block, const mbedtls_x509_crt *parsed,
	struct certificate *certificate)
{
	char fingerprint[DIGEST_SHA256_TEXT]; /* of one thing, then of the other */

	digest_sha256(block->der, block->der_len, fingerprint);
	certificate->line = block->line;
	certificate->der = block->der;
	certificate->der_len = block->der_len;
	certificate->fingerprint = arena_strdup(arena, fingerprint);
	digest_sha256(parsed->pk_raw.p, parsed->pk_raw.len, fingerprint);
	certificate->key_digest = arena_strdup(arena, fingerprint);
	certificate->common_name = take_common_name(arena, &parsed->subject);
	certificate->subject = take_name(arena, &parsed->subject);
	certificate->issuer = take_name(arena, &parsed->issuer);
	certificate->serial = take_serial(arena, &parsed->serial);
	take_alternative_names(arena, parsed, certificate);
	certificate->not_before = take_time(&parsed->valid_from);
	certificate->not_after = take_time(&parsed->valid_to);
	certificate->key_type = parse_key_type(&parsed->pk);
	certificate->key_bits = (unsigned)mbedtls_pk_get_bitlen(&parsed->pk);
	certificate->signature_hash = hash_name(parsed->MBEDTLS_PRIVATE(sig_md));
	certificate->weak_signature = parsed->MBEDTLS_PRIVATE(sig_md) == MBEDTLS_MD_SHA1;
	certificate->is_ca = mbedtls_x509_crt_get_ca_istrue(parsed) == 1;
	certificate->self_signed = facts_same_name(&parsed->issuer_raw, &parsed->subject_raw) &&
		facts_signed_by(parsed, parsed);
	certificate->issuer_online =
		memmem(block->der, block->der_len, ca_issuers, sizeof(ca_issuers) - 1) != NULL;
	certificate->server_auth =
		mbedtls_x509_crt_check_extended_key_usage(parsed, MBEDTLS_OID_SERVER_AUTH,
			MBEDTLS_OID_SIZE(MBEDTLS_OID_SERVER_AUTH)) == 0;
}
