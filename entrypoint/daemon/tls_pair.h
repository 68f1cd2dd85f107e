#ifndef DAEMON_TLS_PAIR_H
#define DAEMON_TLS_PAIR_H

/*
 * Private to tls*.c: from the files that settings name to one pair that can be
 * served. All belongs to the plan's arena. A pair is read and judged whole before
 * anything of it reaches the plan, so what is wrong with it can still be a reason to
 * go on with the last good one.
 */
#include "crypto/certificate.h"
#include "plan/plan.h"

/* Who will be served: which certificate a setting asks for. */
struct tls_wish {
	const char *setting; /* "tls.certificate", "tls.directory", "tls.sni.NAME" */
	const char *const *names; /* that clients connect to */
	size_t name_count;
};

/* Gives WISH the names of tls.names, as far as they are known. */
void tls_wish_names(struct plan *plan, struct tls_wish *wish);

/* What makes a pair unusable, before it is a finding. */
struct tls_fault {
	const char *id; /* of its rule; NULL: none */
	const char *message, *help; /* HELP may be NULL: the rule's */
	const struct origin *origin;
};

/* Two texts that may be a pair. */
struct tls_source {
	const char *certificate, *key; /* paths, as the user knows them */
	const char *place; /* for messages: a path, or a place within acme.json */
	/* the texts, where they are no files of their own; else NULL */
	const char *certificate_text, *key_text;
	size_t certificate_len, key_len;
	bool own; /* the only pair of its directory: it was meant, whatever its names are */
	const char *name; /* that the store has it under, or "" */
	struct tls_fault fault; /* the store itself cannot be read */
	const struct origin *origin, *key_origin;
};

struct tls_sources {
	struct tls_source *items;
	size_t count, room;
};

/* What lessens a pair that can be served; bits. */
enum tls_flaw {
	TLS_FLAW_NAMES = 1,
	TLS_FLAW_EXPIRED = 2,
	TLS_FLAW_TOO_EARLY = 4,
	TLS_FLAW_CHAIN = 8,
	TLS_FLAW_CA = 16,
	TLS_FLAW_PURPOSE = 32,
	TLS_FLAW_WEAK = 64,
};

#define TLS_FAULTS_MAX 2 /* the certificate and the key */

struct tls_pair {
	const struct tls_source *source;
	struct certificate_chain chain; /* COUNT 0: it could not be read */
	const char *pem; /* key, then chain; NULL: it cannot be served, FAULTS say why */
	bool keyless; /* away from the container: CHAIN was read, and the key is not here */
	unsigned flaws; /* of enum tls_flaw */
	bool key_open; /* its key can be read by every user of the container */
	const char *replaceable; /* a file of it that every user can replace; or NULL */
	struct tls_fault faults[TLS_FAULTS_MAX];
	size_t fault_count;
};

/* ---- tls_read.c ---- */

/* Reads SOURCE and compares key and certificate. Adds no finding. */
void tls_read(struct plan *plan, const struct tls_source *source, struct tls_pair *pair);

/* Makes findings of the faults. */
void tls_tell_faults(struct plan *plan, const struct tls_pair *pair);

/* ---- tls_scan.c, tls_store.c: the layouts of directories ---- */

/* Adds a pair of files below PATH when its certificate is there. */
void tls_scan_pair(struct plan *plan, struct tls_sources *sources, const struct tls_source *like,
	const char *certificate, const char *key);

/* A new source like LIKE. Good until the next call. */
struct tls_source *
tls_sources_add(struct plan *plan, struct tls_sources *sources, const struct tls_source *like);

/* All pairs that a directory, or an acme.json, may have for WISH. */
void tls_scan(struct plan *plan, const struct tls_wish *wish, const struct node *directory,
	struct tls_sources *sources);

/* Those in Traefik's file PATH. */
void tls_scan_acme(struct plan *plan, const char *path, const struct tls_source *like,
	struct tls_sources *sources);

/* ---- tls_choose.c ---- */

/* The best pair of each algorithm (enum key_type); NULL: none. */
struct tls_choice {
	struct tls_pair *best[2];
	struct tls_pair *faulty; /* one that was meant and cannot be served; or NULL */
	size_t good; /* how many would have done */
};

void tls_choose(struct plan *plan, const struct tls_wish *wish, const struct tls_sources *sources,
	struct tls_choice *choice);

/* Whether A is the better one of two that can be served: names, valid dates, the later end. */
bool tls_is_better(const struct tls_wish *wish, const struct tls_pair *a, const struct tls_pair *b);

/* How many of the names the certificate covers. */
size_t tls_covered(const struct tls_wish *wish, const struct certificate *leaf);

/* ---- tls_kept.c: the last good pair ---- */

struct tls_kept {
	const char *path; /* where it is, or will be, kept */
	const char *head; /* what stands above it there */
	struct tls_pair pair; /* PEM NULL: there is none that may be used */
	const char *why_not; /* then, when there is a file: why; else "" */
};

/*
 * The last good pair of WISH, from LOCATION: the path that the setting gives. PART
 * tells two pairs of one setting apart ("", "RSA", "EC").
 */
void tls_kept_find(struct plan *plan, const struct tls_wish *wish, const char *location,
	const char *part, struct tls_kept *kept);

/* Whether KEPT is to be served on in place of PAIR, which may be NULL: nothing is there. */
bool tls_kept_is_better(const struct tls_kept *kept, const struct tls_pair *pair);

/* The finding about it; returns its message, for the status. */
const char *tls_kept_tell(struct plan *plan, const struct tls_wish *wish,
	const struct tls_kept *kept, const struct tls_pair *pair, const struct origin *origin);

/* ---- tls_sni.c ---- */

/*
 * Gives each certificate of tls.sni the names that clients ask for it by: its own name
 * there, and those that it carries, as far as no other one has them already. The first
 * certificate of the plan is the default; it gets those of its names that a "*." of
 * another one would take.
 */
void tls_sni_name(struct plan *plan);

#endif
