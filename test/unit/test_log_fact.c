/*
 * test_log_fact.c - lines that are facts about health, and those that only look so
 */
#include <stdlib.h>

#include "supervise/log_fact.h"
#include "unit.h"

static int
fact_of(const char *datagram)
{
	struct log_record record;

	log_read_syslog(&record, datagram, strlen(datagram), 42);
	return log_fact_of(&record);
}

struct fact_case {
	const char *name, *line;
	int fact;
};

static void
facts(void)
{
	static const struct fact_case cases[] = {
		{"a service that Postfix throttles",
			"<20>postfix/master[1]: warning: /usr/lib/postfix/sbin/smtpd: bad command "
			"startup -- throttling",
			FACT_THROTTLED},
		{"Postfix starts", "<22>postfix/master[1]: daemon started -- version 3.10.13, conf",
			FACT_POSTFIX_BEGINS},
		{"Postfix reloads", "<22>postfix/master[1]: reload -- version 3.10.13, conf",
			FACT_POSTFIX_BEGINS},
		{"a table without its file",
			"<19>postfix/smtp[1]: error: open database /etc/x.db: No such file",
			FACT_TABLE},
		{"a table that is not there",
			"<20>postfix/smtp[1]: warning: hash:/etc/x is unavailable. open database",
			FACT_TABLE},
		{"a table that cannot be asked",
			"<20>postfix/cleanup[1]: warning: texthash:/etc/x lookup error for \"a@b\"",
			FACT_TABLE},
		{"no authentication",
			"<20>postfix/submission/smtpd[1]: warning: SASL: Connect to Dovecot auth "
			"socket 'private/auth' failed: No such file or directory",
			FACT_SASL},
		{"no signer",
			"<20>postfix/smtpd[1]: warning: connect to Milter service "
			"unix:opendkim/o.sock: Connection refused",
			FACT_MILTER},
		{"a key that cannot be used",
			"<20>postfix/smtpd[1]: warning: cannot get RSA private key from file "
			"\"/tls/key.pem\": disabling TLS support",
			FACT_TLS_UNUSABLE},
		{"alert 42, OpenSSL 3.0",
			"<20>postfix/smtpd[1]: warning: TLS library problem: error:0A000412:SSL "
			"routines::sslv3 alert bad certificate:../ssl/record/rec_layer_s3.c:1601:"
			"SSL alert number 42:",
			FACT_TLS_REFUSED},
		{"alert 46",
			"<20>postfix/submissions/smtpd[1]: warning: TLS library problem: "
			"error:0A000416:SSL routines::ssl/tls alert certificate unknown:x.c:1:"
			"SSL alert number 46:",
			FACT_TLS_REFUSED},
		{"alert 48",
			"<20>postfix/smtpd[1]: warning: TLS library problem: error:0A000418:SSL "
			"routines::tlsv1 alert unknown ca:../ssl/record/rec_layer_s3.c:918:SSL "
			"alert number 48:",
			FACT_TLS_UNKNOWN_CA},
		{"alert 42 to Dovecot 2.4",
			"<22>dovecot: imap-login: Login aborted: Connection closed: SSL_accept() "
			"failed: error:0A000412:SSL routines::ssl/tls alert bad certificate: SSL "
			"alert number 42 (disconnected during TLS handshake): user=<>, "
			"rip=192.0.2.1",
			FACT_TLS_REFUSED},
		{"alert 48 to Dovecot 2.3",
			"<22>dovecot: pop3-login: Disconnected: Connection closed: SSL_accept() "
			"failed: error:0A000418:SSL routines::tlsv1 alert unknown ca: SSL alert "
			"number 48 (no auth attempts in 0 secs): user=<>, rip=192.0.2.1",
			FACT_TLS_UNKNOWN_CA},
		{"Dovecot's key is another's",
			"<19>dovecot: imap-login: Error: Failed to initialize SSL connection: "
			"Couldn't initialize SSL server context: Can't load SSL private key",
			FACT_TLS_UNUSABLE},
		{"Dovecot's passwords cannot be read",
			"<19>dovecot: auth: Error: passwd-file /etc/x: open(/etc/x) failed: No "
			"such",
			FACT_DOVECOT_AUTH},
		{"a key that others can read",
			"<19>opendkim[9]: default._domainkey.example.com: key data is not secure: "
			"/k can be read or written by other users",
			FACT_DKIM_KEY},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK(fact_of(cases[i].line) == cases[i].fact, "a fact: %s", cases[i].name);
}

/* Each of them is what a client, or a program that is not the daemon's, might bring about. */
static void
what_only_looks_so(void)
{
	static const struct fact_case cases[] = {
		{"throttling, by another than master",
			"<20>postfix/smtpd[1]: warning: /x: bad command startup -- throttling",
			FACT_NONE},
		{"throttling in the middle",
			"<20>postfix/master[1]: warning: /x: bad command startup -- throttling it",
			FACT_NONE},
		{"throttling, of another service",
			"<20>smtpd[1]: warning: /x: bad command startup -- throttling", FACT_NONE},
		{"a client's name in front",
			"<20>postfix/smtpd[1]: warning: hash:x[192.0.2.1]: SASL PLAIN "
			"authentication failed: lookup error for \"x\"",
			FACT_NONE},
		{"an address like an error",
			"<20>postfix/smtpd[1]: warning: Illegal address syntax from x[192.0.2.1] "
			"in RCPT command: <\"hash:/x is unavailable. \"@x>",
			FACT_NONE},
		{"a table that is only spoken of",
			"<22>postfix/smtp[1]: hash:/etc/x is unavailable. open database",
			FACT_NONE},
		{"a sender that holds an alert",
			"<20>postfix/smtpd[1]: warning: bad <SSL alert number 42:> TLS library "
			"problem: error:",
			FACT_NONE},
		{"an alert of another kind",
			"<20>postfix/smtpd[1]: warning: TLS library problem: error:0A00042E:SSL "
			"routines::tlsv1 alert protocol version:x.c:918:SSL alert number 70:",
			FACT_NONE},
		{"an alert with three digits",
			"<20>postfix/smtpd[1]: warning: TLS library problem: error:x:SSL alert "
			"number 480:",
			FACT_NONE},
		{"an alert that was cut",
			"<20>postfix/smtpd[1]: warning: TLS library problem: error:x:SSL alert "
			"number 4",
			FACT_NONE},
		{"an alert to us as a client",
			"<20>postfix/smtp[1]: warning: TLS library problem: error:x:SSL alert "
			"number 42:",
			FACT_NONE},
		{"a user called like an alert",
			"<22>dovecot: imap-login: Login aborted: Connection closed: x: user=<: "
			"SSL_accept() failed: error:SSL alert number 48>, rip=192.0.2.1",
			FACT_NONE},
		{"a user called like an alert, after a handshake that failed",
			"<22>dovecot: imap-login: Login aborted: Connection closed: SSL_accept() "
			"failed: error:x: user=<SSL alert number 48>, rip=192.0.2.1",
			FACT_NONE},
		{"a user called like an error",
			"<22>dovecot: imap-login: Login aborted: user=<auth: Error: x>", FACT_NONE},
		{"a selector called like an error",
			"<22>opendkim[9]: 4jX: s=: key data is not secure: d=x SSL", FACT_NONE},
		{"an empty message", "<20>postfix/master[1]: ", FACT_NONE},
		{"only a blank", "<20>dovecot:  ", FACT_NONE},
		{"a type without a name", "<20>postfix/smtp[1]: warning: : lookup error for \"",
			FACT_NONE},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK(fact_of(cases[i].line) == cases[i].fact, "no fact: %s", cases[i].name);
}

/* Lines are cut anywhere; AddressSanitizer sees a look behind the end. */
static void
every_beginning_of_a_line(void)
{
	static const char line[] = "dovecot: imap-login: Login aborted: : SSL_accept() failed: "
				   "error:x: SSL alert number 48 user=<>";
	int found = 0;

	for (size_t len = 0; len < sizeof(line); len++) {
		char *copy = strndup(line, len);
		struct log_record record;

		log_read_syslog(&record, copy, len, 0);
		found += log_fact_of(&record) == FACT_TLS_UNKNOWN_CA;
		free(copy);
	}
	CHECK(found == 2, "it is a fact from user=< on, and not before (%d)", found);
}

int
main(void)
{
	facts();
	what_only_looks_so();
	every_beginning_of_a_line();
	DONE();
}
