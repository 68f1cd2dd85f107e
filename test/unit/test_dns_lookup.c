/* test_dns_lookup.c - questions to name servers that fail in their several ways */
#include "unit.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "dns/lookup.h"

#include "dns_message.h"

#define AA 0x0400
#define TC 0x0200
#define LONG_STRINGS 10 /* of 200 bytes: more than UDP without EDNS takes */

static void
put_long(struct dns_message *message, const char *name)
{
	struct dns_message data = {.len = 0};

	for (int i = 0; i < LONG_STRINGS; i++) {
		put8(&data, 200);
		memset(data.bytes + data.len, 'a' + i, 200);
		data.len += 200;
	}
	put_record(message, 1, name, ns_t_txt, data.bytes, data.len);
}

/* answer - by the first label of the name: how the server behaves. False: it says nothing. */
static bool
answer(const unsigned char *question, bool tcp, struct dns_message *message)
{
	static int served;
	char name[256];
	unsigned type;
	size_t at = 12, len = 0;

	while (question[at] != 0) {
		memcpy(name + len, question + at + 1, question[at]);
		len += question[at];
		name[len++] = '.';
		at += question[at] + 1U;
	}
	name[len - 1] = '\0';
	type = (unsigned)question[at + 1] << 8 | question[at + 2];
	begin(message, AA, name, type);
	memcpy(message->bytes, question, 2);
	served++;
	if (strncmp(name, "silent.", 7) == 0 || (strncmp(name, "lossy.", 6) == 0 && served % 2))
		return false;
	if (strncmp(name, "servfail.", 9) == 0)
		message->bytes[3] |= ns_r_servfail;
	else if (strncmp(name, "refused.", 8) == 0)
		message->bytes[3] |= ns_r_refused;
	else if (strncmp(name, "gone.", 5) == 0)
		message->bytes[3] |= ns_r_nxdomain;
	else if (strncmp(name, "long.", 5) == 0 && !tcp)
		message->bytes[2] |= TC >> 8;
	else if (strncmp(name, "long.", 5) == 0)
		put_long(message, name);
	else if (type == DNS_TYPE_CAA)
		put_record(message, 1, name, type, "\x00\x05issueca.test", 14);
	else
		put_record(message, 1, name, type, "\x02ok", 3);
	if (strncmp(name, "other.", 6) == 0)
		message->bytes[13] ^= 1; /* another question */
	return true;
}

static void
serve_udp(int fd)
{
	unsigned char question[512];
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	struct dns_message message, forged;

	if (recvfrom(fd, question, sizeof(question), 0, (struct sockaddr *)&from, &size) < 12 ||
		!answer(question, false, &message))
		return;
	/* somebody who guesses is faster than the server */
	forged = message;
	forged.bytes[1] ^= 1;
	sendto(fd, forged.bytes, forged.len, 0, (struct sockaddr *)&from, size);
	sendto(fd, message.bytes, message.len, 0, (struct sockaddr *)&from, size);
}

static void
serve_tcp(int fd)
{
	unsigned char question[514];
	struct dns_message message;
	int peer = accept(fd, NULL, NULL);
	unsigned char length[2];

	if (peer < 0 || recv(peer, question, sizeof(question), 0) < 14)
		_exit(1);
	answer(question + 2, true, &message);
	length[0] = (unsigned char)(message.len >> 8);
	length[1] = (unsigned char)message.len;
	/* in pieces, as a network may bring it */
	if (send(peer, length, 1, 0) != 1 || send(peer, length + 1, 1, 0) != 1 ||
		send(peer, message.bytes, 100, 0) != 100 ||
		send(peer, message.bytes + 100, message.len - 100, 0) < 0)
		_exit(1);
	close(peer);
}

/* start_server - a name server of its own on a port of 127.0.0.1 */
static pid_t
start_server(struct dns_servers *servers)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);
	int udp = socket(AF_INET, SOCK_DGRAM, 0), tcp = socket(AF_INET, SOCK_STREAM, 0);
	pid_t pid;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(tcp, (struct sockaddr *)&address, size) != 0 || listen(tcp, 5) != 0 ||
		getsockname(tcp, (struct sockaddr *)&address, &size) != 0 ||
		bind(udp, (struct sockaddr *)&address, size) != 0)
		exit(1);
	pid = fork();
	while (pid == 0) {
		struct pollfd ready[] = {{udp, POLLIN, 0}, {tcp, POLLIN, 0}};

		poll(ready, 2, -1);
		if (ready[0].revents != 0)
			serve_udp(udp);
		if (ready[1].revents != 0)
			serve_tcp(tcp);
	}
	close(udp);
	close(tcp);
	CHECK(dns_servers_add(servers, "127.0.0.1", ntohs(address.sin_port)) == 0,
		"a server by its address");
	return pid;
}

static void
test_one(struct arena *arena, const struct dns_servers *servers)
{
	static const struct {
		const char *name;
		int type;
		enum dns_status status;
		const char *text;
	} rows[] = {
		{"ok.test", ns_t_txt, DNS_FOUND, "ok"},
		{"ok.test.", ns_t_txt, DNS_FOUND, "ok"},
		{"ok.test", DNS_TYPE_CAA, DNS_FOUND, "0 issue \"ca.test\""},
		{"lossy.test", ns_t_txt, DNS_FOUND, "ok"},
		{"gone.test", ns_t_txt, DNS_NO_NAME, NULL},
		{"servfail.test", ns_t_txt, DNS_SERVER_FAILED, NULL},
		{"refused.test", ns_t_txt, DNS_REFUSED, NULL},
		{"silent.test", ns_t_txt, DNS_TIMED_OUT, NULL},
		{"other.test", ns_t_txt, DNS_TIMED_OUT, NULL},
		{"a..test", ns_t_txt, DNS_BAD_NAME, NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dns_answer got;

		dns_lookup(arena, servers, rows[i].name, rows[i].type,
			rows[i].status == DNS_TIMED_OUT ? 300 : 20000, &got);
		CHECK(got.status == rows[i].status, "%s: %s", rows[i].name,
			dns_status_name(got.status));
		CHECK((got.why == NULL) == dns_status_known(got.status),
			"%s: a reason where nothing is known", rows[i].name);
		if (rows[i].text != NULL)
			CHECK_TEXT(got.count == 1 ? got.items[0].text : "", rows[i].text,
				"%s: the record", rows[i].name);
	}
}

static void
test_long(struct arena *arena, const struct dns_servers *servers)
{
	struct dns_answer got;

	dns_lookup(arena, servers, "long.test", ns_t_txt, 20000, &got);
	CHECK(got.status == DNS_FOUND && got.count == 1, "what UDP cuts off comes over TCP: %s",
		got.why != NULL ? got.why : "found");
	CHECK(got.count == 1 && got.items[0].len == 200 * LONG_STRINGS, "all of it");
}

static void
test_several(struct arena *arena, const struct dns_servers *server)
{
	struct dns_servers servers = {.count = 0};
	struct dns_answer got;

	/* port 1 of this machine: nobody listens there */
	dns_servers_add(&servers, "127.0.0.1", 1);
	dns_lookup(arena, &servers, "ok.test", ns_t_txt, 2000, &got);
	CHECK(got.status == DNS_UNREACHABLE, "nobody listens: %s", got.why);
	servers.items[servers.count++] = server->items[0];
	dns_lookup(arena, &servers, "ok.test", ns_t_txt, 20000, &got);
	CHECK(got.status == DNS_FOUND, "then the next server is asked");
	dns_lookup(arena, &servers, "servfail.test", ns_t_txt, 2000, &got);
	CHECK(got.status == DNS_SERVER_FAILED, "the failure that tells most is told");
	CHECK_TEXT(got.server, server->items[0].text, "with who said so");
	dns_lookup(arena, &servers, "ok.test", ns_t_txt, 0, &got);
	CHECK(got.status == DNS_TIMED_OUT, "without any time left: %s", got.why);
	servers.count = 0;
	dns_lookup(arena, &servers, "ok.test", ns_t_txt, 2000, &got);
	CHECK(got.status == DNS_UNREACHABLE && got.server == NULL, "without any server: %s",
		got.why);
}

static void
test_resolv_conf(void)
{
	static const char text[] = "# a comment\nsearch example.com\nnameserver 192.0.2.1\n"
				   "nameserver\t2001:db8::53  \nnameserver not-an-address\n"
				   "nameserverx 192.0.2.9\nnameserver 192.0.2.2\n"
				   "nameserver 192.0.2.3\noptions ndots:0\n";
	struct dns_servers servers;
	char path[] = "/tmp/test_dns_lookup.XXXXXX";
	int fd = mkstemp(path);

	CHECK(fd >= 0 && write(fd, text, sizeof(text) - 1) == sizeof(text) - 1, "a resolv.conf");
	close(fd);
	dns_servers_read(&servers, path);
	unlink(path);
	CHECK(servers.count == 3, "three servers at most are taken (%zu)", servers.count);
	CHECK_TEXT(servers.items[1].text, "2001:db8::53", "IPv6 too");
	CHECK_TEXT(servers.items[2].text, "192.0.2.2", "what is no address is passed over");
	dns_servers_read(&servers, path);
	CHECK(servers.count == 1, "without a file the machine itself is asked");
	CHECK_TEXT(servers.items[0].text, "127.0.0.1", "as resolv.conf(5) says");
}

int
main(void)
{
	struct dns_servers servers = {.count = 0};
	struct arena arena;
	pid_t server = start_server(&servers);

	arena_init(&arena);
	test_one(&arena, &servers);
	test_long(&arena, &servers);
	test_several(&arena, &servers);
	test_resolv_conf();
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	arena_free(&arena);
	DONE();
}
