/* lookup.c - a question, to one name server after the other */
#include "dns/lookup.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <resolv.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/file.h"
#include "dns/exchange.h"

#define RESOLV_CONF_LIMIT (64 * 1024)
#define LOOKUP_ROUNDS 2 /* a lost packet, a server that has just failed: once more */
#define QUESTION_BYTES 512
#define TYPE_BYTES_MAX 255 /* res_mkquery of musl takes no larger type */

int
dns_servers_add(struct dns_servers *servers, const char *address, const char *port)
{
	const struct addrinfo numeric = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_DGRAM};
	struct dns_server *server = &servers->items[servers->count];
	struct addrinfo *found;

	if (servers->count == DNS_SERVERS_MAX || getaddrinfo(address, port, &numeric, &found) != 0)
		return -1;
	memcpy(&server->address, found->ai_addr, found->ai_addrlen);
	server->len = found->ai_addrlen;
	snprintf(server->text, sizeof(server->text), "%s", address);
	freeaddrinfo(found);
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
				dns_servers_add(servers, word, "53");
		}
	buffer_free(&text);
	if (servers->count == 0)
		dns_servers_add(servers, "127.0.0.1", "53");
}

/* make_question - a message that asks for TYPE at NAME; its length, or -1 */
static int
make_question(const char *name, int type, unsigned char *question)
{
	int len = res_mkquery(ns_o_query, name, ns_c_in, type <= TYPE_BYTES_MAX ? type : ns_t_txt,
		NULL, 0, NULL, question, QUESTION_BYTES);

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
		int64_t now = exchange_now();

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
	int64_t deadline_ms = exchange_now() + timeout_ms;
	unsigned char question[QUESTION_BYTES];
	struct exchange exchange = {.question = question};
	int len = make_question(name, type, question);

	*answer = (struct dns_answer){
		.status = DNS_UNREACHABLE, .name = name, .why = "no name server is known"};
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
