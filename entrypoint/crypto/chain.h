#ifndef CRYPTO_CHAIN_H
#define CRYPTO_CHAIN_H

/* Private to crypto/: whether each certificate was issued by the one after it. */
#include "base/arena.h"
#include "crypto/certificate.h"

/*
 * Sets broken, broken_after, broken_why and right_order of CHAIN, whose items have their
 * facts. A self-signed root at the end is fine. Returns 0, or -1 with ERROR when
 * memory is gone.
 */
int chain_check(struct arena *arena, struct certificate_chain *chain, struct crypto_error *error);

#endif
