#ifndef SETTINGS_SETTINGS_H
#define SETTINGS_SETTINGS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/finding.h"
#include "base/mounts.h"
#include "base/node.h"
#include "base/watches.h"

/*
 * One way in: defaults, YAML, environment and secrets become one tree of typed
 * values, each with its origin and with what it overrode.
 *
 * In the tree, after loading:
 *   yes/no      NODE_BOOL
 *   list        NODE_LIST of scalars
 *   size        NODE_SCALAR, decimal bytes
 *   time        NODE_SCALAR, decimal milliseconds
 *   restart.give_up_after       NODE_SCALAR, "8 in 120000": count in milliseconds
 *   networks    NODE_LIST; IPv6 in the square brackets of Postfix; the words
 *               loopback, container and connected as they are
 *   mailboxes   mailboxes.list is a NODE_LIST of maps {address, password or
 *               password_file, quota, aliases}; uid, gid, format, path, file beside it
 *   aliases, sender_logins      NODE_MAP of NODE_LIST of scalars
 *   transports, postfix.main, postfix.master, dovecot.settings,
 *   opendkim.settings, checks   NODE_MAP of scalars
 *   services    NODE_LIST of maps, as they were written
 *   tls.sni, relay.by_sender    NODE_MAP of maps; their keys hold dots: node_get, not node_at
 * A setting with a default is always there; one without is absent when unset.
 * hostname is always there too: "{deferred:hostname}", marked deferred, when only
 * the container knows it or the one given is wrong. A secret whose file is not on
 * this machine is "{deferred:SETTING}", marked deferred and secret. A value that
 * was wrong leaves its default; the finding refuses the start.
 * Every MAIL_* and POSTFIX_* variable is also at the root under its own name,
 * for templates.
 */
struct settings_source {
	/*
	 * Configuration files, the later ones over the earlier ones; each must exist.
	 * None: those of MAIL_CONFIG, else the default, which may be absent.
	 */
	const char *const *configs;
	size_t config_count;
	/*
	 * Files of variables, taken instead of ENVIRONMENT; a later one wins. With
	 * COMPOSE they are what `docker compose --env-file` is: read instead of .env.
	 */
	const char *const *env_files;
	size_t env_file_count;
	const char *compose; /* FILE or FILE:SERVICE, taken instead of ENVIRONMENT, or NULL */
	struct mounts *mounts; /* empty; filled from COMPOSE. NULL: paths are this machine's */
	char *const *environment; /* NULL-ended "NAME=value"; NULL: none */
	struct watches *watches; /* every file that is read is added; NULL: nobody wants to know */
	struct node
		*variables; /* empty map, to be filled: name to text, of all; NULL: nobody asks */
	const char *root; /* "" or the directory that stands for / */
	bool live; /* in the container: absent secrets are errors, the host name is known */
};

/* Never NULL; what is wrong is in FINDINGS. All of it belongs to ARENA. */
struct node *
settings_load(struct arena *arena, struct findings *findings, const struct settings_source *source);

#endif
