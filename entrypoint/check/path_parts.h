#ifndef CHECK_PATH_PARTS_H
#define CHECK_PATH_PARTS_H

/* What the parts of check/path.c share. Private to them. */
#include "check/dovecot_view.h"
#include "check/path.h"
#include "check/postfix.h"
#include "language/opendkim_file.h"

struct path_reader {
	struct plan *plan;
	struct path *path;
	size_t host; /* the container */
	struct postfix_check *postfix; /* NULL: there is no Postfix in it */
	struct dovecot_view dovecot;
	struct opendkim_signing opendkim;
	bool signs; /* OPENDKIM was read */
	size_t queue, store, logins; /* boxes; PATH_OUTSIDE where there is none */
};

/* The value of NAME as SERVICE sees it, with placeholders of what only the container knows. */
const char *
path_value(struct path_reader *reader, const struct master_cf_service *service, const char *name);

/* ID when there is an error of that rule, else NULL. */
const char *path_error(const struct path_reader *reader, const char *id);

/* The partner at HOST and PORT, outside of this container. */
size_t path_partner(struct path_reader *reader, const char *host, const char *port);

/* Splits "HOST:PORT" or "[HOST]:PORT"; PORT becomes OTHERWISE where it has none. */
void path_split(struct path_reader *reader, const char *text, const char *otherwise,
	const char **host, const char **port);

/* The absolute path that a service of Postfix opens for the socket PATH. */
const char *path_socket(struct path_reader *reader, const char *path);

/* The parts, one file each, in this order: stores and signer, listeners, transports. */
void path_dovecot(struct path_reader *reader);
void path_signer(struct path_reader *reader);
void path_listeners(struct path_reader *reader);
void path_transports(struct path_reader *reader);

/* check/path_filters.c: the chain from LISTENER through its milters to the queue. */
void
path_filters(struct path_reader *reader, const struct master_cf_service *service, size_t listener);

#endif
