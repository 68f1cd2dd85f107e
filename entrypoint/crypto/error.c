/* error.c - the one way in which this room says that something is wrong */
#include "crypto/error.h"

#include <stdarg.h>
#include <stdio.h>

const char *
crypto_code_name(enum crypto_code code)
{
	switch (code) {
	case CRYPTO_OK:
		return "ok";
	case CRYPTO_EMPTY:
		return "empty";
	case CRYPTO_NOT_PEM:
		return "not-pem";
	case CRYPTO_BINARY:
		return "binary";
	case CRYPTO_DAMAGED:
		return "damaged";
	case CRYPTO_ENCRYPTED:
		return "encrypted";
	case CRYPTO_WRONG_KIND:
		return "wrong-kind";
	case CRYPTO_SEVERAL:
		return "several";
	case CRYPTO_UNSUPPORTED:
		return "unsupported";
	case CRYPTO_MISMATCH:
		return "mismatch";
	case CRYPTO_INVALID:
		return "invalid";
	case CRYPTO_SYSTEM:
		return "system";
	}
	return "unknown";
}

int
crypto_fail(struct crypto_error *error, enum crypto_code code, int line, const char *help,
	const char *format, ...)
{
	va_list args;

	if (error == NULL)
		return -1;
	error->code = code;
	error->line = line;
	error->help = help;
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return -1;
}
