#ifndef CRYPTO_PEM_H
#define CRYPTO_PEM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "crypto/error.h"

/*
 * PEM, block by block (RFC 7468), with the line of each block. It takes what
 * OpenSSL takes, hence what Postfix and Dovecot take: text around the blocks,
 * CRLF, blanks at the end of a line, a byte order mark at the start or straight
 * after a block. What OpenSSL would skip in silence is an error here: a BEGIN
 * line that is indented, or behind a byte order mark elsewhere.
 */
#define PEM_LABEL_BYTES 48

struct pem_reader {
	const char *data; /* not owned; need not end in a NUL */
	size_t len, at;
	int line; /* of the next byte, from 1 */
	size_t count; /* blocks seen so far */
};

struct pem_block {
	char label[PEM_LABEL_BYTES]; /* "CERTIFICATE", "RSA PRIVATE KEY" … */
	int line; /* of its BEGIN line */
	bool encrypted; /* then DER is NULL */
	unsigned char *der; /* in the arena */
	size_t der_len;
};

void pem_open(struct pem_reader *reader, const char *text, size_t len);

/*
 * The next block. Returns 1; 0 at the end of the text; -1 with ERROR for a
 * damaged one, after which reading cannot go on.
 */
int pem_next(struct pem_reader *reader, struct arena *arena, struct pem_block *block,
	struct crypto_error *error);

/* Whether the block is any kind of private key. */
bool pem_is_key(const struct pem_block *block);

/* Whether the block is a certificate ("X509 CERTIFICATE" is an old name of it). */
bool pem_is_certificate(const struct pem_block *block);

/* Says what a text without any block is: empty, binary, UTF-16, text. Returns -1. */
int pem_no_block(const char *text, size_t len, struct crypto_error *error);

/* Appends a block in 64 columns with plain line ends. */
void pem_write(struct buffer *buffer, const char *label, const unsigned char *der, size_t len);

/* Overwrites the DER of a block that was a secret. */
void pem_wipe(struct pem_block *block);

#endif
