#ifndef DNS_LOOKUP_H
#define DNS_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/arena.h"

/*
 * Questions to the system's resolver: the name servers of resolv.conf. The C
 * library's own functions do not do here: musl's take SERVFAIL and REFUSED for
 * silence, so that "could not be asked" cannot be told from "is not there", and
 * refuse types above 255 (CAA); glibc's differ again. So the question is made and
 * the answer taken apart by the library, and what is between is in exchange.c:
 * UDP, then TCP when the answer is cut off (RFC 7766), each server in turn.
 */
enum dns_status {
	DNS_FOUND, /* at least one record of the type */
	DNS_NO_NAME, /* there is no such name (NXDOMAIN) */
	DNS_NO_DATA, /* the name has no record of the type */
	/* could not be asked: it says nothing about what is in DNS */
	DNS_SERVER_FAILED, /* SERVFAIL, or an answer that is none */
	DNS_REFUSED, /* the server does not answer us */
	DNS_TIMED_OUT, /* no answer within the time */
	DNS_UNREACHABLE, /* no server can be reached at all, or none is known */
	DNS_BAD_NAME, /* NAME cannot be asked for */
};

struct dns_item {
	/*
	 * As in a zone file: "10 mx.example.com", "192.0.2.1", names without the last
	 * dot. Of TXT the strings in one piece, as they are (RFC 6376 section 3.6.2.2).
	 * Types that are not known: RFC 3597's form. It comes from a stranger: mask it
	 * (base/text.h) before showing it.
	 */
	const char *text;
	size_t len; /* of a TXT that has NUL bytes in it */
	uint32_t ttl; /* seconds */
};

struct dns_answer {
	enum dns_status status;
	const char *server; /* that said so: its address; NULL: none */
	const char *why; /* of what could not be asked: a few words; else NULL */
	struct dns_item *items; /* of DNS_FOUND */
	size_t count;
	const char *name; /* where they are: the end of the aliases (CNAME), or the name itself */
	/*
	 * How long others may remember that the name, or the type, is not there: MINIMUM
	 * of the zone's SOA, in seconds (RFC 2308 section 5). 0: not told.
	 */
	uint32_t negative_ttl;
	bool authenticated; /* the server says that DNSSEC vouches for it (AD) */
};

/* Types that <arpa/nameser.h> lacks in some C libraries. */
#define DNS_TYPE_TLSA 52
#define DNS_TYPE_CAA 257

#define DNS_SERVERS_MAX 3 /* resolv.conf(5) */
#define DNS_ADDRESS_BYTES 64

struct dns_server {
	struct sockaddr_storage address;
	socklen_t len;
	char text[DNS_ADDRESS_BYTES];
};

struct dns_servers {
	struct dns_server items[DNS_SERVERS_MAX];
	size_t count;
};

/* The name servers of a resolv.conf; without any, the machine itself (resolv.conf(5)). */
void dns_servers_read(struct dns_servers *servers, const char *path);

/* Adds one by its numeric address and port. Returns 0, or -1: no address, or no room. */
int dns_servers_add(struct dns_servers *servers, const char *address, uint16_t port);

/*
 * Asks for the records of TYPE (ns_t_txt, …) at NAME, which is absolute with or
 * without its last dot. Takes TIMEOUT_MS at most, in all. Always fills ANSWER;
 * what it holds is in the arena.
 */
void dns_lookup(struct arena *arena, const struct dns_servers *servers, const char *name, int type,
	int timeout_ms, struct dns_answer *answer);

/* Whether two names of DNS are the same: case does not count, nor does the last dot. */
bool dns_same_name(const char *a, const char *b);

/* Whether STATUS says what is in DNS; else nobody could be asked. */
bool dns_status_known(enum dns_status status);

/* "found", "no-name", "no-data", "server-failed", "refused", "timed-out", … */
const char *dns_status_name(enum dns_status status);

/*
 * Takes a message apart: the answer to a question for TYPE at NAME. LEN bytes of
 * anything. Sets all of ANSWER but SERVER. Used by dns_lookup, and by its tests.
 */
void dns_decode(struct arena *arena, const unsigned char *message, size_t len, const char *name,
	int type, struct dns_answer *answer);

#endif
