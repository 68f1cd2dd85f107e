/* name.c - which names a certificate is good for */
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "crypto/certificate.h"

/* Length without one final dot: "example.com." is the same name. */
static size_t
name_length(const char *name)
{
	size_t len = strlen(name);

	return len > 1 && name[len - 1] == '.' ? len - 1 : len;
}

static bool
same_text(const char *a, size_t a_len, const char *b, size_t b_len)
{
	return a_len == b_len && strncasecmp(a, b, a_len) == 0;
}

bool
certificate_name_matches(const char *pattern, const char *name)
{
	size_t pattern_len = name_length(pattern), name_len = name_length(name), label;
	const char *dot = memchr(name, '.', name_len);

	if (pattern_len == 0 || name_len == 0)
		return false;
	if (pattern_len < 2 || pattern[0] != '*' || pattern[1] != '.')
		return same_text(pattern, pattern_len, name, name_len);
	/* "*.com" would be good for every company: OpenSSL refuses it as well */
	if (memchr(pattern + 2, '.', pattern_len - 2) == NULL)
		return false;
	if (dot == NULL || dot == name)
		return false;
	label = (size_t)(dot - name);
	return same_text(pattern + 1, pattern_len - 1, dot, name_len - label);
}

/* Writes NAME as inet_ntop would, if it is an IP address. */
static bool
take_address(const char *name, char text[INET6_ADDRSTRLEN])
{
	unsigned char address[sizeof(struct in6_addr)];

	if (inet_pton(AF_INET, name, address) == 1)
		return inet_ntop(AF_INET, address, text, INET6_ADDRSTRLEN) != NULL;
	if (inet_pton(AF_INET6, name, address) == 1)
		return inet_ntop(AF_INET6, address, text, INET6_ADDRSTRLEN) != NULL;
	return false;
}

bool
certificate_covers(const struct certificate *certificate, const char *name)
{
	char address[INET6_ADDRSTRLEN];

	if (take_address(name, address)) {
		for (size_t i = 0; i < certificate->address_count; i++) {
			if (strcmp(certificate->addresses[i], address) == 0)
				return true;
		}
		return false;
	}
	for (size_t i = 0; i < certificate->dns_count; i++) {
		if (certificate_name_matches(certificate->dns_names[i], name))
			return true;
	}
	return false;
}
