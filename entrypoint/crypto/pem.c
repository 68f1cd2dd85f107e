/* pem.c - what stands between BEGIN and END, and why it cannot be read */
#include "crypto/pem.h"

#include <stdlib.h>
#include <string.h>

#include <mbedtls/base64.h>

#define PEM_COLUMNS 64

static const char begin_mark[] = "-----BEGIN ";
static const char end_mark[] = "-----END ";
static const char dashes[] = "-----";
static const char byte_order_mark[] = "\xef\xbb\xbf";

static const char help_copy[] = "Copy the file again, whole and unchanged, in PEM form.";
static const char help_indent[] = "Start the BEGIN line, and all lines of the block, in column 1; "
				  "in YAML use a block scalar (\"|\").";

struct line {
	const char *text;
	size_t len; /* without blanks, CR and LF at its end */
};

static bool
take_line(struct pem_reader *reader, struct line *line)
{
	const char *start = reader->data + reader->at;
	size_t left = reader->len - reader->at, len;
	const char *end;

	if (left == 0)
		return false;
	end = memchr(start, '\n', left);
	len = end != NULL ? (size_t)(end - start) : left;
	reader->at += end != NULL ? len + 1 : len;
	reader->line++;
	while (len > 0 && (unsigned char)start[len - 1] <= ' ')
		len--;
	line->text = start;
	line->len = len;
	return true;
}

static bool
starts_with(const char *text, size_t len, const char *prefix)
{
	size_t prefix_len = strlen(prefix);

	return len >= prefix_len && memcmp(text, prefix, prefix_len) == 0;
}

void
pem_open(struct pem_reader *reader, const char *text, size_t len)
{
	memset(reader, 0, sizeof(*reader));
	reader->data = text;
	reader->len = len;
	reader->line = 1;
}

/* OpenSSL passes over one at the start of a file, and straight after a block. */
static void
skip_byte_order_mark(struct pem_reader *reader)
{
	if (starts_with(reader->data + reader->at, reader->len - reader->at, byte_order_mark))
		reader->at += strlen(byte_order_mark);
}

/* Takes the label between MARK and the last dashes. Returns whether there is one. */
static bool
take_label(const struct line *line, const char *mark, char label[PEM_LABEL_BYTES])
{
	size_t before = strlen(mark), after = strlen(dashes), len;

	if (!starts_with(line->text, line->len, mark) || line->len <= before + after)
		return false;
	if (memcmp(line->text + line->len - after, dashes, after) != 0)
		return false;
	len = line->len - before - after;
	if (len >= PEM_LABEL_BYTES)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = line->text[before + i];
		if (c < ' ' || c > '~')
			return false;
		label[i] = c;
	}
	label[len] = '\0';
	/* an END and a BEGIN line that were joined are no label */
	return strstr(label, dashes) == NULL;
}

/* A BEGIN line that OpenSSL does not see as one. */
static int
check_hidden_begin(const struct line *line, int number, struct crypto_error *error)
{
	const char *text = line->text;
	size_t len = line->len;

	if (starts_with(text, len, byte_order_mark) && starts_with(text + 3, len - 3, begin_mark))
		return crypto_fail(error, CRYPTO_DAMAGED, number,
			"Save each file as plain UTF-8 without a byte order mark before joining "
			"them.",
			"a byte order mark stands before the BEGIN line, which hides it");
	while (len > 0 && (*text == ' ' || *text == '\t')) {
		text++;
		len--;
	}
	if (text != line->text && starts_with(text, len, begin_mark))
		return crypto_fail(error, CRYPTO_DAMAGED, number, help_indent,
			"the BEGIN line is indented, so it is not seen as one");
	return 0;
}

/* The next BEGIN line: 1, 0 at the end, -1. */
static int
find_begin(struct pem_reader *reader, struct pem_block *block, struct crypto_error *error)
{
	struct line line;

	for (;;) {
		int number = reader->line;
		if (!take_line(reader, &line))
			return 0;
		if (take_label(&line, begin_mark, block->label)) {
			block->line = number;
			return 1;
		}
		if (starts_with(line.text, line.len, begin_mark))
			return crypto_fail(error, CRYPTO_DAMAGED, number, help_copy,
				"the BEGIN line does not end in five dashes, or is too long");
		if (check_hidden_begin(&line, number, error) < 0)
			return -1;
	}
}

/* Appends a line of the body to BASE64, or notes that its header says "encrypted". */
static void
take_body_line(const struct line *line, struct pem_block *block, struct buffer *base64)
{
	static const char type[] = "Proc-Type:";

	if (memchr(line->text, ':', line->len) != NULL) {
		if (starts_with(line->text, line->len, type) &&
			memmem(line->text, line->len, "ENCRYPTED", 9) != NULL)
			block->encrypted = true;
		return;
	}
	for (size_t i = 0; i < line->len; i++) {
		if (line->text[i] != ' ' && line->text[i] != '\t')
			buffer_putc(base64, line->text[i]);
	}
}

static int
read_body(struct pem_reader *reader, struct pem_block *block, struct buffer *base64,
	struct crypto_error *error)
{
	char label[PEM_LABEL_BYTES];
	struct line line;

	for (;;) {
		int number = reader->line;
		if (!take_line(reader, &line))
			return crypto_fail(error, CRYPTO_DAMAGED, block->line, help_copy,
				"the block \"%s\" has no END line: the text is cut short",
				block->label);
		if (take_label(&line, end_mark, label)) {
			if (strcmp(label, block->label) == 0)
				return 0;
			return crypto_fail(error, CRYPTO_DAMAGED, number, help_copy,
				"the block begins as \"%s\" and ends as \"%s\"", block->label,
				label);
		}
		if (starts_with(line.text, line.len, dashes))
			return crypto_fail(error, CRYPTO_DAMAGED, number, help_copy,
				"the block \"%s\" does not end before this line of dashes",
				block->label);
		take_body_line(&line, block, base64);
	}
}

static int
decode(struct arena *arena, const struct buffer *base64, struct pem_block *block,
	struct crypto_error *error)
{
	size_t room = base64->len / 4 * 3 + 3;

	if (base64->len == 0)
		return crypto_fail(error, CRYPTO_DAMAGED, block->line, help_copy,
			"nothing stands between BEGIN and END of \"%s\"", block->label);
	block->der = arena_alloc(arena, room);
	if (mbedtls_base64_decode(block->der, room, &block->der_len,
		    (const unsigned char *)base64->data, base64->len) != 0)
		return crypto_fail(error, CRYPTO_DAMAGED, block->line, help_copy,
			"the block \"%s\" is not base64: characters are missing or wrong",
			block->label);
	return 0;
}

int
pem_next(struct pem_reader *reader, struct arena *arena, struct pem_block *block,
	struct crypto_error *error)
{
	struct buffer base64 = {0};
	int found;

	memset(block, 0, sizeof(*block));
	skip_byte_order_mark(reader);
	found = find_begin(reader, block, error);
	if (found <= 0)
		return found;
	reader->count++;
	found = read_body(reader, block, &base64, error);
	if (strcmp(block->label, "ENCRYPTED PRIVATE KEY") == 0)
		block->encrypted = true;
	if (found == 0 && !block->encrypted)
		found = decode(arena, &base64, block, error);
	if (base64.data != NULL)
		explicit_bzero(base64.data, base64.size);
	buffer_free(&base64);
	return found < 0 ? -1 : 1;
}

bool
pem_is_key(const struct pem_block *block)
{
	static const char suffix[] = "PRIVATE KEY";
	size_t len = strlen(block->label), suffix_len = strlen(suffix);

	return len >= suffix_len && strcmp(block->label + len - suffix_len, suffix) == 0;
}

bool
pem_is_certificate(const struct pem_block *block)
{
	return strcmp(block->label, "CERTIFICATE") == 0 ||
		strcmp(block->label, "X509 CERTIFICATE") == 0;
}

static bool
is_blank(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (strchr(" \t\r\n", text[i]) == NULL || text[i] == '\0')
			return false;
	}
	return true;
}

/* Whether the text can be the start of a DER structure: a SEQUENCE with a long length. */
static bool
is_der(const unsigned char *data, size_t len)
{
	return len > 2 && data[0] == 0x30 && (data[1] & 0x80) != 0 && (data[1] & 0x7f) <= 4;
}

int
pem_no_block(const char *text, size_t len, struct crypto_error *error)
{
	if (is_blank(text, len))
		return crypto_fail(error, CRYPTO_EMPTY, 0,
			"Check what writes this file, and that the right file is mounted.",
			"the file is empty");
	if (starts_with(text, len, "\xff\xfe") || starts_with(text, len, "\xfe\xff"))
		return crypto_fail(error, CRYPTO_BINARY, 0, "Save the file as plain text.",
			"the file is UTF-16 text, which no daemon reads");
	if (is_der((const unsigned char *)text, len))
		return crypto_fail(error, CRYPTO_BINARY, 0,
			"Convert it: \"openssl x509 -inform DER\" or \"openssl pkey -inform DER\", "
			"and \"openssl pkcs12 -nodes\" for a .p12 or .pfx file.",
			"the file is binary (DER or PKCS#12), not PEM");
	if (memchr(text, '\0', len) != NULL)
		return crypto_fail(
			error, CRYPTO_BINARY, 0, help_copy, "the file is binary data, not PEM");
	return crypto_fail(error, CRYPTO_NOT_PEM, 0,
		"Give the PEM file itself, not its name or one line of it; a literal \\n is no "
		"line break.",
		"the file has no line \"-----BEGIN …-----\"");
}

void
pem_write(struct buffer *buffer, const char *label, const unsigned char *der, size_t len)
{
	const size_t most = PEM_COLUMNS / 4 * 3;
	unsigned char line[PEM_COLUMNS + 1];
	size_t used;

	buffer_printf(buffer, "-----BEGIN %s-----\n", label);
	/* as many bytes as fill a line: each line is a piece of base64 of its own */
	for (size_t at = 0; at < len; at += most) {
		size_t step = len - at < most ? len - at : most;
		if (mbedtls_base64_encode(line, sizeof(line), &used, der + at, step) != 0)
			abort(); /* the room is right by construction */
		buffer_append(buffer, line, used);
		buffer_putc(buffer, '\n');
	}
	explicit_bzero(line, sizeof(line));
	buffer_printf(buffer, "-----END %s-----\n", label);
}

void
pem_wipe(struct pem_block *block)
{
	if (block->der != NULL)
		explicit_bzero(block->der, block->der_len);
}
