#ifndef CRYPTO_ERROR_H
#define CRYPTO_ERROR_H

/*
 * What went wrong with a key, a certificate or a password. The functions of
 * this room return 0, or -1 and fill one of these; the caller makes a finding
 * of it. TEXT is one short sentence without a full stop ("the key is encrypted
 * with a passphrase"), HELP what to do about it (static, never NULL after a
 * failure). Neither ever holds a part of a secret. LINE counts from 1 in the
 * text that was given, 0 when no line is to blame.
 */
enum crypto_code {
	CRYPTO_OK,
	CRYPTO_EMPTY, /* nothing but blanks */
	CRYPTO_NOT_PEM, /* text without a BEGIN line */
	CRYPTO_BINARY, /* DER, PKCS#12 or other binary data */
	CRYPTO_DAMAGED, /* a PEM block that is cut, broken or mangled */
	CRYPTO_ENCRYPTED, /* a key with a passphrase */
	CRYPTO_WRONG_KIND, /* good PEM, but not of what was asked for */
	CRYPTO_SEVERAL, /* more keys or certificates than make sense */
	CRYPTO_UNSUPPORTED, /* an algorithm that this build does not know */
	CRYPTO_MISMATCH, /* key and certificate are not a pair */
	CRYPTO_INVALID, /* a value of the caller is out of range */
	CRYPTO_SYSTEM, /* no randomness, no memory */
};

#define CRYPTO_TEXT_BYTES 240

struct crypto_error {
	enum crypto_code code;
	int line;
	char text[CRYPTO_TEXT_BYTES];
	const char *help;
};

/* "empty", "not-pem", … for tests and logs. */
const char *crypto_code_name(enum crypto_code code);

/* Fills ERROR (which may be NULL) and returns -1. A long text is cut. */
int crypto_fail(struct crypto_error *error, enum crypto_code code, int line, const char *help,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
