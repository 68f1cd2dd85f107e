#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/finding.h"
#include "base/mounts.h"
#include "base/node.h"
#include "base/origin.h"
#include "base/watches.h"
#include "plan/dkim_state.h"
#include "plan/service.h"

/*
 * The plan: one value that says everything a start would do. Settings and
 * templates go in on one side; report/ shows it, apply/ carries it out. All of
 * it belongs to ARENA, but for the content buffers, which plan_free frees.
 *
 * Files of a plan live in a generation, /run/mailinit/gen-N, that the symlink
 * /run/mailinit/current selects; /etc/postfix/main.cf and its like are links
 * into it that the image bakes.
 */
#define PLAN_RUN_DIRECTORY "/run/mailinit"
#define PLAN_CURRENT PLAN_RUN_DIRECTORY "/current"
#define PLAN_MOUNTS_AT_START PLAN_RUN_DIRECTORY "/mounts"
#define PLAN_STATE_DIRECTORY "/var/lib/mailinit"
/* The last good pairs of certificate and key: "…/tls/last-good-HASH.pem". */
#define PLAN_KEPT_DIRECTORY PLAN_STATE_DIRECTORY "/tls"
#define PLAN_KEPT_NAME "last-good-"
#define PLAN_QUEUE_DIRECTORY "/var/spool/postfix"
/* Within a generation: the files that have a link, once more as they were rendered. */
#define PLAN_RENDERED "rendered"
/* Copies of what was changed by hand, and, until the next start, what was told of it. */
#define PLAN_BYHAND_DIRECTORY PLAN_STATE_DIRECTORY "/by-hand"
#define PLAN_BYHAND_RECORDS PLAN_RUN_DIRECTORY "/by-hand"

/*
 * The files of /etc that the C library reads in a process of Postfix: it reads them
 * once, so a change counts for new processes alone. Absolute paths; ended by NULL.
 */
extern const char *const plan_system_files[];

/* One line of a rendered file: where its template line is and what flowed into it. */
struct plan_line {
	const char *template_file; /* "postfix/main.cf.mustache", or NULL */
	const struct origin *origins; /* of the values in it */
	const struct origin *overrode; /* what lost against them */
	int template_line; /* from 1 */
	unsigned origin_count, overrode_count;
	bool secret; /* a secret flowed into this line: its text is never shown */
};

/* Content that only a running container has: apply/ makes it. */
enum plan_late {
	LATE_NOT,
	LATE_DKIM_KEY, /* the key of dkim_keys[late_index] */
	LATE_TLS_PAIR, /* the pair of certificates[late_index] */
	LATE_PASSWORDS, /* CONTENT holds placeholders of passwords[] */
};

struct plan_file {
	const char *name; /* within the generation: "postfix/main.cf" */
	const char *
		link; /* the path that daemon and reader know: "/etc/postfix/main.cf"; NULL when NAME is it */
	struct buffer content;
	struct plan_line *lines; /* one per line of CONTENT, or NULL */
	size_t line_count;
	mode_t mode;
	const char *owner, *group; /* names; "root" */
	bool secret; /* content is never shown */
	enum plan_late late;
	size_t late_index;
	unsigned services; /* bit per service that reads it: whom a change concerns */
	bool needs_restart; /* a reload is not enough when it changes */
};

/* A directory outside the generation that must be there with this mode and owner. */
struct plan_directory {
	const char *path;
	mode_t mode;
	const char *owner, *group;
};

/* The key that mail of a domain is signed with, and what is to follow it. */
struct plan_dkim_key {
	const char *domain, *selector;
	const char *path; /* of the private key, on a volume */
	bool generate; /* missing, and dkim.generate allows it */
	unsigned bits;
	const char *pem; /* private key when it could be read, else NULL */
	const char *public_key; /* base64 of the DER public key (p=), or NULL when deferred */
	struct origin origin;
	const char *configured; /* the selector by the settings: SELECTOR may be another one */
	const struct dkim_state *state; /* what is remembered of the domain; NULL: nothing yet */
	bool state_damaged; /* something is there that cannot be read, and is left alone */
	bool state_unsaved; /* STATE is not on disk: it is of the running daemons */
	/* what the file at PATH holds where that is another key than the one that signs */
	const char *file_pem, *file_public_key;
	/* of the state's next selector, once its file is there */
	const char *next_path, *next_pem, *next_public_key;
};

/*
 * A certificate with its key, as it is served. The first one of a plan is the
 * default; one for the other kind of key (ALTERNATIVE) follows the one that it
 * stands beside.
 */
struct plan_certificate {
	const char *file; /* within the generation: "tls/default.pem" */
	const char *certificate_path, *key_path; /* NULL, NULL: self-signed */
	bool self_signed, alternative;
	const char **names; /* of a self-signed one to make; of a given one: its SANs */
	size_t name_count;
	/* by which clients ask for it (SNI); of the default: those that another would take */
	const char **sni_names;
	size_t sni_count;
	const char *pem; /* key, then chain, when it could be read; NULL when deferred */
	const char *kept_path; /* where it is kept as the last good pair; NULL: self-signed */
	const char *kept_head; /* what stands above it there */
	const char *trouble; /* it is the last good one; what is wrong with the configured one */
	long long not_after;
	/* SHA-256 of its DER public key, hex: what TLSA 3 1 1 shows; NULL when deferred */
	const char *public_key_digest;
	struct origin origin;
};

/* A password that is hashed at apply: never in a dry run. */
struct plan_password {
	const char *address;
	const char *path; /* the file with the plain password; NULL: it is TEXT */
	const char *text; /* a secret */
	const char *placeholder; /* stands for the hash in dovecot/users */
	struct origin origin;
};

/* A value that exists only at run time, shown by its placeholder in a dry run. */
struct plan_deferred {
	const char *name, *reason;
};

/* A rendered file that somebody changed inside the container; all of it in the arena. */
struct plan_byhand {
	const char *path; /* as people know it */
	const char *copy; /* where what they made of it is kept */
	const char *content; /* what that is; may be a secret */
	size_t len;
	const char *difference; /* as diff -u has it, secrets hidden; "" where nothing is shown */
	const char *message, *help; /* of the finding */
};

/* What `check --live` looked at, and what came of it: also what was right, and what was not asked. */
enum plan_outcome { LOOKED_RIGHT, LOOKED_WRONG, LOOKED_ABSENT, LOOKED_NOT };

struct plan_looked {
	const char *subject; /* "example.com MX" */
	enum plan_outcome outcome;
	const char *detail; /* "10 mail.example.com"; "" when there is nothing to say */
};

/* What a template of a daemon is rendered with: kept for who asks for its names. */
struct plan_view {
	const char *template_name; /* "postfix/main.cf.mustache" */
	const struct node *view;
};

/* What the daemons of the image are: from its own target file or --target. */
struct plan_target {
	const char *name; /* "debian13" */
	const char *postfix_version, *dovecot_version, *opendkim_version;
	const char *postfix_daemon_directory; /* "/usr/lib/postfix/sbin" */
	const char *postfix_map_types; /* "btree,cidr,hash": what `postconf -m` says */
};

struct plan {
	struct arena *arena;
	struct findings *findings;
	struct node *settings;
	struct plan_target target;
	const char *root; /* "" or the directory looked at instead of / */
	const char
		*against; /* files of an earlier dry run that stand for the present ones; or NULL */
	struct mounts *mounts; /* of the compose file; NULL without one */
	/* what it was made from: whoever reads a file for it adds it; NULL when nobody keeps it */
	struct watches *watches;
	bool live; /* inside the container: absent secrets are errors, run-time values are known */
	bool applied; /* it will be carried out, not only shown */
	/* what this process may give to services (base/capability.h); all, where none is started */
	uint64_t capabilities;
	bool chroot; /* some service of master.cf is chrooted */
	struct plan_file *files;
	size_t file_count, file_room;
	struct plan_directory *directories;
	size_t directory_count, directory_room;
	struct plan_dkim_key *dkim_keys;
	size_t dkim_key_count;
	struct plan_certificate *certificates;
	size_t certificate_count, certificate_room;
	struct plan_password *passwords;
	size_t password_count, password_room;
	struct plan_deferred *deferred;
	size_t deferred_count, deferred_room;
	struct plan_view *views;
	size_t view_count, view_room;
	struct plan_byhand *byhand;
	size_t byhand_count, byhand_room;
	struct plan_looked *looked;
	size_t looked_count, looked_room;
	struct service_table services;
};

void plan_init(struct plan *plan, struct arena *arena, struct findings *findings);
void plan_free(struct plan *plan);

/* Adds an empty file, mode 0644 root:root. The pointer is good until the next call. */
struct plan_file *plan_add_file(struct plan *plan, const char *name, const char *link);

void plan_add_directory(
	struct plan *plan, const char *path, mode_t mode, const char *owner, const char *group);
/* Adds a zeroed certificate. The pointer is good until the next call. */
struct plan_certificate *plan_add_certificate(struct plan *plan);

struct plan_password *plan_add_password(struct plan *plan);
void plan_add_deferred(struct plan *plan, const char *name, const char *reason);

/* Adds an empty one. The pointer is good until the next call. */
struct plan_byhand *plan_add_byhand(struct plan *plan);

/* SUBJECT and DETAIL are copied, and made safe to show. */
void plan_add_looked(
	struct plan *plan, enum plan_outcome outcome, const char *subject, const char *detail);

/* "right", "wrong", "absent", "not-checked". */
const char *plan_outcome_name(enum plan_outcome outcome);

/* NAME is static; VIEW belongs to the arena. */
void plan_add_view(struct plan *plan, const char *template_name, const struct node *view);

/* Adds a service with usual time-outs and returns it; NULL when the table is full. */
struct service_spec *plan_add_service(struct plan *plan, const char *name);

/* The file of that name within the generation, or NULL. */
struct plan_file *plan_find_file(const struct plan *plan, const char *name);

/* What is known of line LINE of the file, from 1; NULL when nothing is. */
const struct plan_line *plan_line_at(const struct plan_file *file, int line);

/* Whether what stands in the lines FIRST to LAST may not be shown. */
bool plan_is_secret(const struct plan_file *file, int first, int last);

/* PATH under the plan's root, in the arena. */
const char *plan_path(const struct plan *plan, const char *path);

/* The path by which people know a file: its link, or its place below PLAN_CURRENT. */
const char *plan_shown_path(const struct plan *plan, const struct plan_file *file);

#endif
