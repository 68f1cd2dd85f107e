#ifndef DAEMON_OPENDKIM_KEYS_H
#define DAEMON_OPENDKIM_KEYS_H

/* Private to the opendkim files: a key file, and the state of a domain's keys. */
#include <sys/stat.h>

#include "crypto/key.h"
#include "plan/plan.h"

enum opendkim_key_found { OPENDKIM_KEY_READ, OPENDKIM_KEY_ABSENT, OPENDKIM_KEY_UNUSABLE };

struct opendkim_key_file {
	enum opendkim_key_found found;
	const char *pem; /* a secret; NULL unless read */
	struct key_facts facts;
	struct stat status;
	const char *why; /* of an unusable one: a sentence without a full stop */
	bool foreign; /* a good key, of an algorithm that the signer lacks */
};

/* Reads the private key at PATH, which is below the plan's root, and watches it. */
void opendkim_read_key(struct plan *plan, const char *path, struct opendkim_key_file *file);

/* Adds what is wrong with a key that could be read. */
void opendkim_check_key(
	struct plan *plan, const struct plan_dkim_key *key, const struct key_facts *facts);

/* Adds what owner and modes of a key file that was read, and of the directories above, tell. */
void opendkim_check_exposed(
	struct plan *plan, const struct plan_dkim_key *key, const struct opendkim_key_file *file);

/*
 * Where the key is: DIRECTORY/DOMAIN/SELECTOR.private, or DIRECTORY/DOMAIN.private when
 * that one alone is there.
 */
const char *opendkim_key_path(struct plan *plan, const char *domain, const char *selector);

/*
 * Reads what is remembered of KEY's domain. When there is a state, KEY becomes
 * the key that it says signs, and true is returned: all of KEY is filled in.
 */
bool opendkim_use_state(struct plan *plan, struct plan_dkim_key *key);

/*
 * A state made from the files of the running daemons, where all else is gone: the
 * key that they sign with now. NULL: none runs here, or it has no key of the domain.
 */
struct dkim_state *opendkim_running_state(struct plan *plan, const struct plan_dkim_key *key);

#endif
