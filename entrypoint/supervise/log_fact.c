/*
 * log_fact.c - which lines are facts about health
 *
 * This looks at every line: the program decides first, so that most lines cost
 * a comparison or two.
 */
#include "supervise/log_fact.h"

#include <string.h>

static bool
is(const struct log_piece *piece, const char *text)
{
	return piece->len == strlen(text) && memcmp(piece->text, text, piece->len) == 0;
}

static bool
starts(const struct log_piece *piece, const char *text)
{
	size_t len = strlen(text);

	return piece->len >= len && memcmp(piece->text, text, len) == 0;
}

static bool
ends(const struct log_piece *piece, const char *text)
{
	size_t len = strlen(text);

	return piece->len >= len && memcmp(piece->text + piece->len - len, text, len) == 0;
}

static struct log_piece
after(const struct log_piece *piece, size_t len)
{
	return (struct log_piece){piece->text + len, piece->len - len};
}

/* The place of TEXT in PIECE, or NULL. */
static const char *
find(const struct log_piece *piece, const char *text)
{
	return memmem(piece->text, piece->len, text, strlen(text));
}

/* What stands behind the first blank; nothing when there is none. */
static struct log_piece
second_word(const struct log_piece *piece)
{
	const char *blank = memchr(piece->text, ' ', piece->len);

	return blank == NULL ? (struct log_piece){piece->text + piece->len, 0}
			     : after(piece, (size_t)(blank + 1 - piece->text));
}

/* ---- Postfix ---- */

/* master speaks of itself and of its configuration alone. */
static int
fact_of_master(const struct log_piece *message)
{
	if (starts(message, "/") && ends(message, ": bad command startup -- throttling"))
		return FACT_THROTTLED;
	if (starts(message, "daemon started -- version ") || starts(message, "reload -- version "))
		return FACT_POSTFIX_BEGINS;
	return FACT_NONE;
}

/*
 * "hash:/etc/x is unavailable. …", "texthash:/etc/x lookup error for "key"", "open
 * database /etc/x.db: …". The key is the client's, and stands behind.
 */
static bool
is_about_a_table(const struct log_piece *message)
{
	struct log_piece rest = second_word(message);
	const char *colon = memchr(message->text, ':', message->len);

	if (starts(message, "open database "))
		return true;
	if (colon == NULL || colon >= rest.text || rest.len == 0)
		return false;
	for (const char *at = message->text; at < colon; at++)
		if (*at < 'a' || *at > 'z')
			return false; /* types of tables are small letters */
	return colon > message->text &&
		(starts(&rest, "is unavailable. ") || starts(&rest, "lookup error for \""));
}

/*
 * "…:SSL alert number 48:": as the last words of OpenSSL, whose text it is. The
 * number is the client's.
 */
static int
fact_of_alert(const char *number, const char *end)
{
	if (end - number < 2 || (end - number > 2 && number[2] >= '0' && number[2] <= '9'))
		return FACT_NONE;
	if (number[0] != '4')
		return FACT_NONE;
	if (number[1] == '8')
		return FACT_TLS_UNKNOWN_CA;
	/* bad, unsupported, revoked, expired, unknown certificate */
	return number[1] >= '2' && number[1] <= '6' ? FACT_TLS_REFUSED : FACT_NONE;
}

static const char alert_words[] = "SSL alert number ";

static int
fact_of_smtpd(const struct log_piece *message)
{
	const char *alert;

	if (starts(message, "SASL: Connect to Dovecot auth socket '"))
		return FACT_SASL;
	if (starts(message, "cannot get ") && ends(message, ": disabling TLS support"))
		return FACT_TLS_UNUSABLE;
	if (!starts(message, "TLS library problem: error:"))
		return FACT_NONE;
	alert = find(message, alert_words);
	if (alert == NULL)
		return FACT_NONE;
	return fact_of_alert(alert + sizeof(alert_words) - 1, message->text + message->len);
}

static int
fact_of_postfix(const struct log_record *record)
{
	int fact = FACT_NONE;

	if (is(&record->program, "postfix/master"))
		return fact_of_master(&record->message);
	if (record->level < LOG_LEVEL_WARNING)
		return FACT_NONE;
	if (ends(&record->program, "/smtpd"))
		fact = fact_of_smtpd(&record->message);
	if (fact != FACT_NONE)
		return fact;
	if (starts(&record->message, "connect to Milter service "))
		return FACT_MILTER;
	return is_about_a_table(&record->message) ? FACT_TABLE : FACT_NONE;
}

/* ---- Dovecot and OpenDKIM ---- */

/* "imap-login: …: SSL_accept() failed: …: SSL alert number 42 (…): user=<…>, …" */
static int
fact_of_login(const struct log_piece *message, const struct log_piece *words)
{
	struct log_piece before = *words;
	const char *user = find(message, "user=<"), *alert;

	if (starts(words, "Error: Failed to initialize SSL"))
		return FACT_TLS_UNUSABLE;
	if (user == NULL || user < words->text)
		return FACT_NONE;
	before.len = (size_t)(user - words->text); /* what the client calls itself comes behind */
	if (find(&before, ": SSL_accept() failed: error:") == NULL)
		return FACT_NONE;
	alert = find(&before, alert_words);
	if (alert == NULL)
		return FACT_NONE;
	return fact_of_alert(alert + sizeof(alert_words) - 1, user);
}

static int
fact_of_dovecot(const struct log_piece *message)
{
	struct log_piece words = second_word(message);
	struct log_piece process = {message->text, (size_t)(words.text - message->text)};

	if (starts(message, "auth: Error: ") || starts(message, "auth: Fatal: "))
		return FACT_DOVECOT_AUTH;
	if (ends(&process, "-login: "))
		return fact_of_login(message, &words);
	return FACT_NONE;
}

/* "default._domainkey.example.com: key data is not secure: /path …": the name is of the KeyTable. */
static int
fact_of_opendkim(const struct log_piece *message)
{
	struct log_piece words = second_word(message);

	return starts(&words, "key data is not secure: ") ||
			starts(&words, "can't load key from ") ||
			starts(message, "can't load key from ")
		? FACT_DKIM_KEY
		: FACT_NONE;
}

int
log_fact_of(const struct log_record *record)
{
	if (is(&record->service, "postfix"))
		return fact_of_postfix(record);
	if (is(&record->service, "dovecot"))
		return fact_of_dovecot(&record->message);
	if (is(&record->service, "opendkim"))
		return fact_of_opendkim(&record->message);
	return FACT_NONE;
}
