/* selfsigned.c - a certificate of our own, for want of a better one */
#include "crypto/selfsigned.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mbedtls/ecp.h>
#include <mbedtls/oid.h>
#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>

#include "crypto/random.h"

#define COMMON_NAME_CHARS 64
#define NAME_CHARS 253 /* RFC 1035 section 2.3.4, as text */
#define LABEL_CHARS 63
#define KEY_PEM_BYTES 1024 /* P-256 needs about 230 */
#define SERIAL_BYTES 16 /* RFC 5280 section 4.1.2.2: at most 20, positive */
#define TIME_TEXT 16 /* YYYYMMDDhhmmss */
#define DAY_SECONDS 86400

/* Room for a certificate with names of the greatest length, and for its base64. */
#define CERTIFICATE_PEM_BYTES ((2048 + SELFSIGNED_NAMES_MAX * (NAME_CHARS + 8)) / 3 * 4 + 2048)

/* One subject alternative name with room for an address in binary. */
struct name {
	mbedtls_x509_san_list entry;
	unsigned char address[sizeof(struct in6_addr)];
};

/* All that is freed together. */
struct making {
	mbedtls_pk_context key;
	mbedtls_x509write_cert certificate;
	struct name *names;
	unsigned char *pem;
};

static bool
is_name_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		c == '-' || c == '_';
}

/* A host name of letters, digits, '-' and '_'; the first label may be "*". */
static bool
is_host_name(const char *name)
{
	size_t len = strlen(name), label = 0;

	if (len == 0 || len > NAME_CHARS)
		return false;
	if (strncmp(name, "*.", 2) == 0)
		name += 2;
	for (; *name != '\0'; name++) {
		if (*name == '.' && label == 0)
			return false;
		if (*name != '.' && (!is_name_character(*name) || label == LABEL_CHARS))
			return false;
		label = *name == '.' ? 0 : label + 1;
	}
	return label > 0;
}

static bool
set_name(struct name *room, const char *name)
{
	mbedtls_x509_subject_alternative_name *node = &room->entry.node;
	mbedtls_x509_buf *value = &node->san.unstructured_name;

	node->type = MBEDTLS_X509_SAN_IP_ADDRESS;
	value->p = room->address;
	if (inet_pton(AF_INET, name, room->address) == 1) {
		value->len = sizeof(struct in_addr);
		return true;
	}
	if (inet_pton(AF_INET6, name, room->address) == 1) {
		value->len = sizeof(struct in6_addr);
		return true;
	}
	node->type = MBEDTLS_X509_SAN_DNS_NAME;
	/* only read; mbedTLS has no const here */
	memcpy(&value->p, &name, sizeof(name));
	value->len = strlen(name);
	return is_host_name(name);
}

static int
set_names(
	struct making *making, const struct selfsigned_request *request, struct crypto_error *error)
{
	for (size_t i = 0; i < request->name_count; i++) {
		if (!set_name(&making->names[i], request->names[i]))
			return crypto_fail(error, CRYPTO_INVALID, 0,
				"Use the full name that clients connect to, in ASCII, without a "
				"final dot.",
				"name %zu of the self-signed certificate is no host name", i + 1);
		if (i > 0)
			making->names[i - 1].entry.next = &making->names[i].entry;
	}
	return 0;
}

/* "CN=" and the first name that may stand there. Names hold no character that a DN escapes. */
static void
make_subject(const struct selfsigned_request *request, char text[COMMON_NAME_CHARS + 4])
{
	snprintf(text, COMMON_NAME_CHARS + 4, "CN=self-signed");
	for (size_t i = 0; i < request->name_count; i++) {
		if (strlen(request->names[i]) <= COMMON_NAME_CHARS) {
			snprintf(text, COMMON_NAME_CHARS + 4, "CN=%s", request->names[i]);
			return;
		}
	}
}

static int
make_time(int64_t seconds, char text[TIME_TEXT])
{
	time_t when = (time_t)seconds;
	struct tm parts;

	if (gmtime_r(&when, &parts) == NULL || parts.tm_year < 0 || parts.tm_year + 1900 > 9999)
		return MBEDTLS_ERR_X509_INVALID_DATE;
	/* strftime would bring 7 kB of time zones and names of months along */
	snprintf(text, TIME_TEXT, "%04u%02u%02u%02u%02u%02u", (parts.tm_year + 1900u) % 10000,
		(parts.tm_mon + 1u) % 100, parts.tm_mday % 100u, parts.tm_hour % 100u,
		parts.tm_min % 100u, parts.tm_sec % 100u);
	return 0;
}

static int
set_validity(mbedtls_x509write_cert *certificate, const struct selfsigned_request *request)
{
	/* a clock that stands at 1970 must not make a date before it */
	int64_t start = request->now > DAY_SECONDS ? request->now - DAY_SECONDS : 0;
	char not_before[TIME_TEXT], not_after[TIME_TEXT];
	int result = make_time(start, not_before);

	if (result == 0)
		result = make_time(request->now + (int64_t)request->days * DAY_SECONDS, not_after);
	if (result == 0)
		result = mbedtls_x509write_crt_set_validity(certificate, not_before, not_after);
	return result;
}

static int
set_serial(mbedtls_x509write_cert *certificate)
{
	unsigned char serial[SERIAL_BYTES];
	int result = random_for_mbedtls(NULL, serial, sizeof(serial));

	if (result != 0)
		return result;
	/* positive, and never shorter than it should be */
	serial[0] = (serial[0] & 0x7f) | 0x40;
	return mbedtls_x509write_crt_set_serial_raw(certificate, serial, sizeof(serial));
}

static int
set_extensions(struct making *making)
{
	mbedtls_x509write_cert *certificate = &making->certificate;
	mbedtls_asn1_sequence usage = {0};
	static const char server_auth[] = MBEDTLS_OID_SERVER_AUTH;
	const char *oid = server_auth;
	int result;

	usage.buf.tag = MBEDTLS_ASN1_OID;
	usage.buf.len = MBEDTLS_OID_SIZE(MBEDTLS_OID_SERVER_AUTH);
	memcpy(&usage.buf.p, &oid, sizeof(oid)); /* only read, as above */
	result = mbedtls_x509write_crt_set_basic_constraints(certificate, 0, -1);
	if (result == 0)
		result = mbedtls_x509write_crt_set_key_usage(
			certificate, MBEDTLS_X509_KU_DIGITAL_SIGNATURE);
	if (result == 0)
		result = mbedtls_x509write_crt_set_ext_key_usage(certificate, &usage);
	if (result == 0)
		result = mbedtls_x509write_crt_set_subject_alternative_name(
			certificate, &making->names[0].entry);
	if (result == 0)
		result = mbedtls_x509write_crt_set_subject_key_identifier(certificate);
	return result;
}

static int
make_key(mbedtls_pk_context *key)
{
	int result = mbedtls_pk_setup(key, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY));

	if (result != 0)
		return result;
	return mbedtls_ecp_gen_key(
		MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(*key), random_for_mbedtls, NULL);
}

static int
fill_certificate(struct making *making, const struct selfsigned_request *request)
{
	mbedtls_x509write_cert *certificate = &making->certificate;
	char subject[COMMON_NAME_CHARS + 4];
	int result;

	make_subject(request, subject);
	mbedtls_x509write_crt_set_version(certificate, MBEDTLS_X509_CRT_VERSION_3);
	mbedtls_x509write_crt_set_md_alg(certificate, MBEDTLS_MD_SHA256);
	mbedtls_x509write_crt_set_subject_key(certificate, &making->key);
	mbedtls_x509write_crt_set_issuer_key(certificate, &making->key);
	result = mbedtls_x509write_crt_set_subject_name(certificate, subject);
	if (result == 0)
		result = mbedtls_x509write_crt_set_issuer_name(certificate, subject);
	if (result == 0)
		result = set_serial(certificate);
	if (result == 0)
		result = set_validity(certificate, request);
	if (result == 0)
		result = set_extensions(making);
	return result;
}

/* Key, then certificate, into PEM. Returns an mbedTLS code. */
static int
write_pem(struct making *making, unsigned char *pem, size_t size)
{
	int result = mbedtls_pk_write_key_pem(&making->key, pem, KEY_PEM_BYTES);
	size_t len;

	if (result != 0)
		return result;
	len = strlen((const char *)pem);
	return mbedtls_x509write_crt_pem(
		&making->certificate, pem + len, size - len, random_for_mbedtls, NULL);
}

static int
make(struct making *making, const struct selfsigned_request *request, struct crypto_error *error)
{
	int result;

	if (set_names(making, request, error) < 0)
		return -1;
	result = make_key(&making->key);
	if (result == 0)
		result = fill_certificate(making, request);
	if (result == 0)
		result = write_pem(making, making->pem, KEY_PEM_BYTES + CERTIFICATE_PEM_BYTES);
	if (result != 0)
		return crypto_fail(error, CRYPTO_SYSTEM, 0,
			"Check the clock, and that the container may call getrandom(2).",
			"unable to make a self-signed certificate (mbedTLS -0x%04x)",
			(unsigned)-result);
	return 0;
}

static int
check_request(const struct selfsigned_request *request, struct crypto_error *error)
{
	if (request->name_count == 0 || request->name_count > SELFSIGNED_NAMES_MAX)
		return crypto_fail(error, CRYPTO_INVALID, 0, "Set tls.names to what clients use.",
			"a self-signed certificate is asked for %zu names; it must have 1 to %d",
			request->name_count, SELFSIGNED_NAMES_MAX);
	if (request->days == 0 || request->days > SELFSIGNED_DAYS_MAX || request->now < 0)
		return crypto_fail(error, CRYPTO_INVALID, 0, "Check the clock.",
			"a self-signed certificate is asked for %u days from %lld; it must be 1 to "
			"%d days from a time after 1970",
			request->days, (long long)request->now, SELFSIGNED_DAYS_MAX);
	return 0;
}

int
selfsigned_make(struct arena *arena, const struct selfsigned_request *request, const char **pem,
	struct crypto_error *error)
{
	const size_t size = KEY_PEM_BYTES + CERTIFICATE_PEM_BYTES;
	struct making making;
	int result;

	if (check_request(request, error) < 0)
		return -1;
	mbedtls_pk_init(&making.key);
	mbedtls_x509write_crt_init(&making.certificate);
	making.names = arena_alloc(arena, request->name_count * sizeof(*making.names));
	making.pem = arena_alloc(arena, size);
	result = make(&making, request, error);
	if (result == 0)
		*pem = arena_strdup(arena, (const char *)making.pem);
	explicit_bzero(making.pem, size);
	mbedtls_x509write_crt_free(&making.certificate);
	mbedtls_pk_free(&making.key);
	return result;
}
