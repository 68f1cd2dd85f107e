/*
 * exchange.c - one question to one name server, over UDP, then TCP
 *
 * The socket is connected, so that the kernel drops what comes from elsewhere;
 * its port and the question's id are random (RFC 5452), and an answer must repeat
 * the question. What fits none of this is passed over, as if it had not come.
 */
#include "dns/exchange.h"
#include "base/deadline.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEADER_BYTES 12
#define FLAG_RESPONSE 0x80 /* of byte 2 */
#define FLAG_CUT_OFF 0x02
#define MASK_OPCODE 0x78

/* connect_to - a socket that is connected to SERVER, or -1 with errno */
static int
connect_to(const struct dns_server *server, int type, int64_t deadline_ms)
{
	int fd = socket(server->address.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int cause = 0;
	socklen_t len = sizeof(cause);

	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)&server->address, server->len) == 0)
		return fd;
	if (errno == EINPROGRESS && deadline_wait(fd, POLLOUT, deadline_ms) == 0 &&
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &cause, &len) == 0) {
		if (cause == 0)
			return fd;
		errno = cause;
	}
	cause = errno;
	close(fd);
	errno = cause;
	return -1;
}

/* is_ours - whether the answer is one to the question: same id, same name, type and class */
static int
is_ours(const struct exchange *exchange)
{
	const unsigned char *question = exchange->question, *answer = exchange->answer;

	if (exchange->answer_len < exchange->question_len || memcmp(question, answer, 2) != 0 ||
		!(answer[2] & FLAG_RESPONSE) || (answer[2] & MASK_OPCODE) != 0 || answer[4] != 0 ||
		answer[5] != 1)
		return 0;
	/* no length of a label is a letter, so that case can be ignored in all of it */
	for (size_t i = HEADER_BYTES; i < exchange->question_len; i++)
		if (tolower(question[i]) != tolower(answer[i]))
			return 0;
	return 1;
}

/* is_failure - an error may come without the question: FORMERR of an old server does */
static int
is_bare_failure(const struct exchange *exchange)
{
	return exchange->answer_len == HEADER_BYTES &&
		memcmp(exchange->question, exchange->answer, 2) == 0 &&
		(exchange->answer[2] & FLAG_RESPONSE) && (exchange->answer[3] & 15) != 0;
}

static int
ask_udp(struct exchange *exchange, int fd, int64_t deadline_ms)
{
	if (send(fd, exchange->question, exchange->question_len, MSG_NOSIGNAL) < 0)
		return -1;
	while (deadline_wait(fd, POLLIN, deadline_ms) == 0) {
		ssize_t len = recv(fd, exchange->answer, DNS_MESSAGE_MAX, 0);

		if (len < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (len < 0)
			return -1;
		exchange->answer_len = (size_t)len;
		if (is_ours(exchange) || is_bare_failure(exchange))
			return 0;
	}
	return -1;
}

static int
send_all(int fd, const unsigned char *data, size_t len, int64_t deadline_ms)
{
	while (len > 0) {
		ssize_t done = send(fd, data, len, MSG_NOSIGNAL);

		if (done < 0 && errno != EAGAIN && errno != EINTR)
			return -1;
		if (done < 0) {
			if (deadline_wait(fd, POLLOUT, deadline_ms) != 0)
				return -1;
			continue;
		}
		data += done;
		len -= (size_t)done;
	}
	return 0;
}

static int
receive_all(int fd, unsigned char *data, size_t len, int64_t deadline_ms)
{
	while (len > 0) {
		ssize_t done = recv(fd, data, len, 0);

		if (done == 0) {
			errno = ECONNRESET;
			return -1;
		}
		if (done < 0 && errno != EAGAIN && errno != EINTR)
			return -1;
		if (done < 0) {
			if (deadline_wait(fd, POLLIN, deadline_ms) != 0)
				return -1;
			continue;
		}
		data += done;
		len -= (size_t)done;
	}
	return 0;
}

/* ask_tcp - each message has its length in two bytes before it (RFC 1035 section 4.2.2) */
static int
ask_tcp(struct exchange *exchange, int fd, int64_t deadline_ms)
{
	unsigned char framed[2 + DNS_QUESTION_MAX], length[2];
	size_t len = exchange->question_len;

	framed[0] = (unsigned char)(len >> 8);
	framed[1] = (unsigned char)len;
	memcpy(framed + 2, exchange->question, len);
	/* in one piece: there are servers that want it so (RFC 7766 section 8) */
	if (send_all(fd, framed, 2 + len, deadline_ms) != 0 ||
		receive_all(fd, length, sizeof(length), deadline_ms) != 0)
		return -1;
	exchange->answer_len = (size_t)length[0] << 8 | length[1];
	if (receive_all(fd, exchange->answer, exchange->answer_len, deadline_ms) != 0)
		return -1;
	if (is_ours(exchange) || is_bare_failure(exchange))
		return 0;
	errno = EBADMSG;
	return -1;
}

/* ask - over a socket of TYPE */
static int
ask(struct exchange *exchange, const struct dns_server *server, int type, int64_t deadline_ms)
{
	int fd = connect_to(server, type, deadline_ms);
	int result, cause;

	if (fd < 0)
		return -1;
	result = type == SOCK_DGRAM ? ask_udp(exchange, fd, deadline_ms)
				    : ask_tcp(exchange, fd, deadline_ms);
	cause = errno;
	close(fd);
	errno = cause;
	return result;
}

int
exchange_with(struct exchange *exchange, const struct dns_server *server, int64_t deadline_ms)
{
	if (ask(exchange, server, SOCK_DGRAM, deadline_ms) != 0)
		return -1;
	if (!(exchange->answer[2] & FLAG_CUT_OFF))
		return 0;
	return ask(exchange, server, SOCK_STREAM, deadline_ms);
}
