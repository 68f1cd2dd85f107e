/* syntax_name.c - names, addresses, networks and sockets */
#include "settings/syntax_name.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

#define NAME_BYTES 253 /* RFC 1035 section 2.3.4, without the root's dot */
#define LABEL_BYTES 63
#define LOCAL_PART_BYTES 64 /* RFC 5321 section 4.5.3.1.1 */
#define CONTAINER_ID_DIGITS 12

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool
is_label(const char *label, size_t len)
{
	if (len == 0 || len > LABEL_BYTES || !is_alnum(label[0]) || !is_alnum(label[len - 1]))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_alnum(label[i]) && label[i] != '-')
			return false;
	return true;
}

static bool
is_ip(const char *text)
{
	unsigned char address[16];

	return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

bool
syntax_is_domain(const char *text)
{
	if (strlen(text) > NAME_BYTES || text[0] == '\0' || is_ip(text))
		return false;
	for (;;) {
		size_t len = strcspn(text, ".");

		if (!is_label(text, len))
			return false;
		if (text[len] == '\0')
			return true;
		text += len + 1;
	}
}

static bool
is_container_id(const char *text)
{
	size_t digits = strspn(text, "0123456789abcdef");

	return digits == CONTAINER_ID_DIGITS && (text[digits] == '\0' || text[digits] == '.');
}

static bool
is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

const char *
syntax_full_name(const char *text)
{
	if (is_ip(text) || text[0] == '[')
		return "is an address; a name is wanted, as in mail.example.com";
	if (!is_ascii(text))
		return "has letters beyond ASCII; write its xn-- form";
	if (is_container_id(text))
		return "is a container's id, which no other server can look up";
	if (strchr(text, '.') == NULL)
		return "has no dot: the full name is wanted, as in mail.example.com";
	if (!syntax_is_domain(text))
		return "is no host name: labels of letters, digits and hyphens, dots between them";
	if (text_starts(text, "localhost.") || text_ends(text, ".localdomain"))
		return "names every machine; the name that others look up is wanted";
	return NULL;
}

static const char *
read_full_name(struct arena *arena, const char *text, const char **why)
{
	const char *name = text_lower(arena, text);

	*why = syntax_full_name(name);
	return *why == NULL ? name : NULL;
}

static const char *
read_domain(struct arena *arena, const char *text, const char **why)
{
	*why = is_ascii(text) ? "is no domain name: labels of letters, digits and hyphens, as in "
				"example.com"
			      : "has letters beyond ASCII; write its xn-- form";
	return syntax_is_domain(text) ? text_lower(arena, text) : NULL;
}

/* host_bits - whether bits right of the first PREFIX ones are set */
static bool
host_bits(const unsigned char *address, unsigned prefix, unsigned bits)
{
	for (unsigned i = prefix; i < bits; i++)
		if ((address[i / 8] >> (7 - i % 8)) & 1)
			return true;
	return false;
}

/* read_prefix - the number behind the slash; BITS when there is none; -1 when it is wrong */
static int
read_prefix(const char *slash, int bits)
{
	char *end;
	long prefix;

	if (slash == NULL)
		return bits;
	if (slash[1] < '0' || slash[1] > '9')
		return -1;
	prefix = strtol(slash + 1, &end, 10);
	return *end != '\0' || prefix > bits ? -1 : (int)prefix;
}

/* bare_address - what stands before the slash, without square brackets; NULL when unbalanced */
static const char *
bare_address(struct arena *arena, const char *text, const char *slash)
{
	size_t len = slash != NULL ? (size_t)(slash - text) : strlen(text);

	if (text[0] != '[')
		return arena_strndup(arena, text, len);
	return text[len - 1] == ']' ? arena_strndup(arena, text + 1, len - 2) : NULL;
}

/*
 * read_network - Postfix's mynetworks, postconf(5): IPv6 stands in brackets, and
 * an address with host bits behind its prefix is an error that stops smtpd; !
 * before one leaves it out.
 */
static const char *
read_network(struct arena *arena, const char *text, const char **why)
{
	static const char *const words[] = {"loopback", "container", "connected"};
	const char *except = text[0] == '!' ? "!" : "", *start = text + strlen(except);
	const char *slash = strrchr(start, '/'), *address;
	unsigned char bytes[16];
	int prefix, bits = 32;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(text, words[i]) == 0)
			return text;
	*why = "is no network: an address, address/bits, or loopback, container, connected";
	address = bare_address(arena, start, slash);
	if (address == NULL)
		return NULL;
	if (inet_pton(AF_INET, address, bytes) != 1) {
		bits = 128;
		if (inet_pton(AF_INET6, address, bytes) != 1)
			return NULL;
	}
	prefix = read_prefix(slash, bits);
	if (prefix < 0)
		return NULL;
	if (host_bits(bytes, (unsigned)prefix, (unsigned)bits)) {
		*why = arena_printf(arena,
			"is one address with bits behind its first %d: a network has zeros there",
			prefix);
		return NULL;
	}
	if (bits == 32)
		return text;
	return arena_printf(arena, "%s[%s]%s", except, address, slash != NULL ? slash : "");
}

static const char *
read_address(struct arena *arena, const char *text, const char **why)
{
	static const char special[] = "!#$%&'*+-/=?^_`{|}~.";
	const char *at = strrchr(text, '@');
	size_t len;

	*why = "is no mail address, as in jane@example.com";
	if (at == NULL || !syntax_is_domain(at + 1))
		return NULL;
	len = (size_t)(at - text);
	if (len == 0 || len > LOCAL_PART_BYTES || text[0] == '.' || at[-1] == '.')
		return NULL;
	for (size_t i = 0; i < len; i++) {
		bool beyond_ascii = (unsigned char)text[i] >= 0x80;

		if (!is_alnum(text[i]) && strchr(special, text[i]) == NULL && !beyond_ascii)
			return NULL;
		if (text[i] == '.' && text[i + 1] == '.')
			return NULL;
	}
	return text_lower(arena, text);
}

/* is_host - a name as a container network may have it, or an address */
static bool
is_host(const char *text, size_t len)
{
	if (len == 0 || len > NAME_BYTES)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_alnum(text[i]) && strchr("-_.:", text[i]) == NULL)
			return false;
	return is_alnum(text[0]) || text[0] == ':';
}

/* is_in_brackets - what "[host]" has inside: a name, or an IPv6 address, but no port */
static bool
is_in_brackets(struct arena *arena, const char *text, size_t len)
{
	const char *inside = arena_strndup(arena, text, len);

	if (strncasecmp(inside, "ipv6:", strlen("ipv6:")) == 0)
		return is_ip(inside + strlen("ipv6:"));
	return is_host(text, len) && (strchr(inside, ':') == NULL || is_ip(inside));
}

/* is_service - a name of /etc/services, as Postfix takes it */
static bool
is_service(const char *text)
{
	return text[0] >= 'a' && text[0] <= 'z' && is_label(text, strlen(text));
}

static bool
is_port(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	long port = digits > 0 && digits < 6 ? strtol(text, NULL, 10) : 0;

	return text[digits] == '\0' && port > 0 && port < 65536;
}

/* is_host_port - "host:port" or "[host]:port"; the port may be left out unless NEEDS_PORT */
static bool
is_host_port(struct arena *arena, const char *text, bool needs_port)
{
	const char *end, *colon;

	if (text[0] == '[') {
		end = strchr(text, ']');
		if (end == NULL || !is_in_brackets(arena, text + 1, (size_t)(end - text) - 1))
			return false;
		if (end[1] == '\0')
			return !needs_port;
		return end[1] == ':' && (is_port(end + 2) || is_service(end + 2));
	}
	colon = strchr(text, ':');
	if (colon == NULL)
		return !needs_port && is_host(text, strlen(text));
	return is_host(text, (size_t)(colon - text)) &&
		(is_port(colon + 1) || is_service(colon + 1));
}

static const char *
read_host_port(struct arena *arena, const char *text, const char **why)
{
	size_t host = strcspn(text, ":]"), end = strcspn(text, "]");

	*why = "is no host: smtp.example.com, [smtp.example.com]:587 and the like are";
	if (is_host_port(arena, text, false))
		return text;
	/* a typing error that Postfix takes for a host's name, which it then cannot find */
	if (text[0] == '[' && host < end && text[end] == ']' &&
		strchr(text + host + 1, ':') == NULL)
		*why = arena_printf(arena,
			"has its port inside the square brackets; write %.*s]%.*s", (int)host, text,
			(int)(end - host), text + host);
	return NULL;
}

static const char *
read_endpoint(struct arena *arena, const char *text, const char **why)
{
	*why = "is no socket: inet:host:port or unix:/path";
	if (text_starts(text, "inet:") && is_host_port(arena, text + 5, true))
		return text;
	if (text_starts(text, "unix:") && text[5] != '\0' && strchr(text, ' ') == NULL)
		return text;
	return NULL;
}

/* read_listen - where to listen: at a port of all addresses, or of one */
static const char *
read_listen(struct arena *arena, const char *text, const char **why)
{
	const char *colon = strrchr(text, ':'), *port = colon != NULL ? colon + 1 : text;
	size_t len = colon != NULL ? (size_t)(colon - text) : 0;
	bool brackets = len > 2 && text[0] == '[' && text[len - 1] == ']';
	const char *address = brackets ? arena_strndup(arena, text + 1, len - 2)
				       : arena_strndup(arena, text, len);

	*why = "is no place to listen at: a port (24), an address and a port (10.8.0.2:24, "
	       "[fd00::2]:24), or none";
	if (strcmp(text, "none") == 0)
		return text;
	/* YAML may read 024 as an octal number */
	if (!is_port(port) || port[0] == '0')
		return NULL;
	if (colon == NULL)
		return text;
	return is_ip(address) && brackets == (strchr(address, ':') != NULL) ? text : NULL;
}

const char *
syntax_read_name(
	struct arena *arena, const struct schema_row *row, const char *text, const char **why)
{
	switch (row->type) {
	case SCHEMA_FULL_NAME:
		return read_full_name(arena, text, why);
	case SCHEMA_DOMAIN:
		return read_domain(arena, text, why);
	case SCHEMA_NETWORK:
		return read_network(arena, text, why);
	case SCHEMA_ADDRESS:
		return read_address(arena, text, why);
	case SCHEMA_HOST_PORT:
		return read_host_port(arena, text, why);
	case SCHEMA_ENDPOINT:
		return read_endpoint(arena, text, why);
	case SCHEMA_LISTEN:
		return read_listen(arena, text, why);
	case SCHEMA_IP:
		*why = "is neither an IPv4 nor an IPv6 address";
		return is_ip(text) ? text : NULL;
	case SCHEMA_LABEL:
		*why = "is no DNS label: letters, digits and hyphens, 63 at most";
		return is_label(text, strlen(text)) ? text : NULL;
	default:
		*why = "is of no known type";
		return NULL;
	}
}
