#ifndef DAEMON_TLS_SERVE_H
#define DAEMON_TLS_SERVE_H

/* Private to tls*.c: certificates into the plan, with all that is to be said of them. */
#include "daemon/tls_pair.h"

/* Where the pairs of one setting go. */
struct tls_places {
	const char *main, *alternative; /* within the generation */
};

/*
 * The pair of two settings; KEY may be NULL: one file holds both. The certificate that
 * is added has no PEM when there is nothing to serve; findings say why. Returns it, good
 * until the next is added.
 */
struct plan_certificate *tls_serve_given(struct plan *plan, const struct tls_wish *wish,
	const struct node *certificate, const struct node *key, const char *file);

/*
 * The best pair that a directory has, and with it the best of the other kind of key.
 * Returns false when there is none yet, and nothing is wrong with it either.
 */
bool tls_serve_directory(struct plan *plan, const struct tls_wish *wish,
	const struct node *directory, const struct tls_places *places);

/* tls_self_signed.c: one of our own, for tls.names; that of an earlier start, while it fits. */
void tls_serve_self_signed(struct plan *plan);

/* What is served when the refusal of CERTIFICATE was waived: a self-signed one in its place. */
void tls_fall_back(struct plan *plan, struct plan_certificate *certificate);

#endif
