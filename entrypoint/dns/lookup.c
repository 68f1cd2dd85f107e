/* lookup.c - a question, to one name server after the other */
#include "dns/lookup.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/deadline.h"
#include "base/file.h"
#include "dns/exchange.h"

#define DNS_PORT 53
#define RESOLV_CONF_LIMIT (64 * 1024)
#define LOOKUP_ROUNDS 2 /* a lost packet, a server that has just failed: once more */
#define TYPE_BYTES_MAX 255 /* res_mkquery of musl takes no larger type */

/* add_ipv6 - an address that may have "%eth0" behind it, where it is of one link alone */
static int
add_ipv6(struct dns_server *server, const char *address, uint16_t port)
{
	struct sockaddr_in6 *to = (struct sockaddr_in6 *)&server->address;
	size_t len = strcspn(address, "%");
	char plain[INET6_ADDRSTRLEN];

	if (len >= sizeof(plain))
		return -1;
	memcpy(plain, address, len);
	plain[len] = '\0';
	to->sin6_family = AF_INET6;
	to->sin6_port = htons(port);
	if (address[len] == '%')
		to->sin6_scope_id = if_nametoindex(address + len + 1);
	server->len = sizeof(*to);
	return inet_pton(AF_INET6, plain, &to->sin6_addr) == 1 ? 0 : -1;
}

static int
add_ipv4(struct dns_server *server, const char *address, uint16_t port)
{
	struct sockaddr_in *to = (struct sockaddr_in *)&server->address;

	to->sin_family = AF_INET;
	to->sin_port = htons(port);
	server->len = sizeof(*to);
	return inet_pton(AF_INET, address, &to->sin_addr) == 1 ? 0 : -1;
}

int
dns_servers_add(struct dns_servers *servers, const char *address, uint16_t port)
{
	struct dns_server *server = &servers->items[servers->count];

	if (servers->count == DNS_SERVERS_MAX)
		return -1;
	memset(server, 0, sizeof(*server));
	if (add_ipv4(server, address, port) != 0 && add_ipv6(server, address, port) != 0)
		return -1;
	snprintf(server->text, sizeof(server->text), "%s", address);
	servers->count++;
	return 0;
}

void
dns_servers_read(struct dns_servers *servers, const char *path)
{
	struct buffer text = {0};
	char *rest, *line;

	servers->count = 0;
	if (file_read(path, RESOLV_CONF_LIMIT, &text, NULL) == 0 && text.len > 0)
		for (line = strtok_r(text.data, "\n", &rest); line != NULL;
			line = strtok_r(NULL, "\n", &rest)) {
			char *more, *word = strtok_r(line, " \t\r", &more);

			if (word == NULL || strcmp(word, "nameserver") != 0)
				continue;
			word = strtok_r(NULL, " \t\r", &more);
			if (word != NULL)
				dns_servers_add(servers, word, DNS_PORT);
		}
	buffer_free(&text);
	if (servers->count == 0)
		dns_servers_add(servers, "127.0.0.1", DNS_PORT);
}

/* make_question - a message that asks for TYPE at NAME; its length, or -1 */
static int
make_question(const char *name, int type, unsigned char *question)
{
	int len = res_mkquery(ns_o_query, name, ns_c_in, type <= TYPE_BYTES_MAX ? type : ns_t_txt,
		NULL, 0, NULL, question, DNS_QUESTION_MAX);

	if (len < NS_HFIXEDSZ + NS_QFIXEDSZ)
		return -1;
	/* the type stands before the class, at the end */
	question[len - 4] = (unsigned char)(type >> 8);
	question[len - 3] = (unsigned char)type;
	return getrandom(question, 2, 0) == 2 ? len : -1;
}

/* note_failure - of several servers' failures the one that tells most is kept */
static void
note_failure(struct dns_answer *answer, enum dns_status status, const char *server, const char *why)
{
	static const int tells[] = {[DNS_SERVER_FAILED] = 4,
		[DNS_REFUSED] = 3,
		[DNS_TIMED_OUT] = 2,
		[DNS_UNREACHABLE] = 1};

	if (answer->server != NULL && tells[answer->status] >= tells[status])
		return;
	answer->status = status;
	answer->server = server;
	answer->why = why;
}

/* ask_one - whether SERVER said what is in DNS; else its failure is noted in ANSWER */
static bool
ask_one(struct arena *arena, struct exchange *exchange, const struct dns_server *server,
	int64_t deadline_ms, const char *name, int type, struct dns_answer *answer)
{
	struct dns_answer got = {0};

	if (exchange_with(exchange, server, deadline_ms) != 0) {
		bool late = errno == ETIMEDOUT;

		note_failure(answer, late ? DNS_TIMED_OUT : DNS_UNREACHABLE, server->text,
			late ? "no answer" : arena_strdup(arena, strerror(errno)));
		return false;
	}
	dns_decode(arena, exchange->answer, exchange->answer_len, name, type, &got);
	if (!dns_status_known(got.status)) {
		note_failure(answer, got.status, server->text, got.why);
		return false;
	}
	*answer = got;
	answer->server = server->text;
	return true;
}

static void
ask_all(struct arena *arena, const struct dns_servers *servers, struct exchange *exchange,
	int64_t deadline_ms, const char *name, int type, struct dns_answer *answer)
{
	size_t tries = servers->count * LOOKUP_ROUNDS;

	for (size_t i = 0; i < tries; i++) {
		int64_t now = deadline_now();

		if (now >= deadline_ms ||
			ask_one(arena, exchange, &servers->items[i % servers->count],
				now + (deadline_ms - now) / (int64_t)(tries - i), name, type,
				answer))
			break;
	}
	if (answer->server != NULL)
		answer->server = arena_strdup(arena, answer->server);
}

void
dns_lookup(struct arena *arena, const struct dns_servers *servers, const char *name, int type,
	int timeout_ms, struct dns_answer *answer)
{
	int64_t deadline_ms = deadline_now() + timeout_ms;
	unsigned char question[DNS_QUESTION_MAX];
	struct exchange exchange = {.question = question};
	int len = make_question(name, type, question);

	*answer = (struct dns_answer){
		.status = DNS_UNREACHABLE, .name = name, .why = "no name server is known"};
	if (servers->count > 0) {
		answer->status = DNS_TIMED_OUT;
		answer->why = "no time was left for it";
	}
	if (len < 0) {
		answer->status = DNS_BAD_NAME;
		answer->why = "it is no name that DNS can have";
		return;
	}
	exchange.question_len = (size_t)len;
	exchange.answer = arena_alloc(arena, DNS_MESSAGE_MAX);
	ask_all(arena, servers, &exchange, deadline_ms, name, type, answer);
}

bool
dns_status_known(enum dns_status status)
{
	return status == DNS_FOUND || status == DNS_NO_NAME || status == DNS_NO_DATA;
}

const char *
dns_status_name(enum dns_status status)
{
	static const char *const names[] = {
		[DNS_FOUND] = "found",
		[DNS_NO_NAME] = "no-name",
		[DNS_NO_DATA] = "no-data",
		[DNS_SERVER_FAILED] = "server-failed",
		[DNS_REFUSED] = "refused",
		[DNS_TIMED_OUT] = "timed-out",
		[DNS_UNREACHABLE] = "unreachable",
		[DNS_BAD_NAME] = "bad-name",
	};

	return names[status];
}
