#ifndef DNS_MESSAGE_H
#define DNS_MESSAGE_H

/* Messages of DNS, byte by byte, for tests: what a server could say, right or wrong. */
#include <stdint.h>
#include <string.h>

struct dns_message {
	unsigned char bytes[4096];
	size_t len;
};

static void
put8(struct dns_message *message, unsigned value)
{
	message->bytes[message->len++] = (unsigned char)value;
}

static void
put16(struct dns_message *message, unsigned value)
{
	put8(message, value >> 8);
	put8(message, value & 255);
}

static void
put32(struct dns_message *message, uint32_t value)
{
	put16(message, value >> 16);
	put16(message, value & 65535);
}

/* put_name - "a.b" as labels; "" is the root */
static void
put_name(struct dns_message *message, const char *name)
{
	while (*name != '\0') {
		size_t len = strcspn(name, ".");

		put8(message, (unsigned)len);
		memcpy(message->bytes + message->len, name, len);
		message->len += len;
		name += len + (name[len] == '.');
	}
	put8(message, 0);
}

/* begin - an answer with the flags ("aa" 0x0400, "tc" 0x0200, "ra" 0x0080) and code, and a question */
static void
begin(struct dns_message *message, unsigned flags, const char *name, unsigned type)
{
	memset(message, 0, sizeof(*message));
	put16(message, 0x1234);
	put16(message, 0x8000 | flags);
	put16(message, 1);
	put16(message, 0);
	put16(message, 0);
	put16(message, 0);
	put_name(message, name);
	put16(message, type);
	put16(message, 1);
}

/* put_record - one of section 1 (answer) or 2 (authority) */
static void
put_record(struct dns_message *message, int section, const char *name, unsigned type,
	const void *data, size_t len)
{
	message->bytes[5 + 2 * section]++;
	put_name(message, name);
	put16(message, type);
	put16(message, 1);
	put32(message, 300);
	put16(message, (unsigned)len);
	memcpy(message->bytes + message->len, data, len);
	message->len += len;
}

#endif
