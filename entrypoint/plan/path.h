#ifndef PLAN_PATH_H
#define PLAN_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * The path that mail takes: who connects where, what looks at the mail, where it
 * waits, how it leaves and where it arrives. check/path.c reads it from the files
 * of a plan, several plans may go into one, and report/map_*.c draws it. Texts are
 * copied into the arena, so that the plan may go. No text is a secret.
 */
enum path_kind {
	PATH_SENDER, /* who hands mail in */
	PATH_LISTENER, /* a port of Postfix's */
	PATH_FILTER, /* a milter */
	PATH_QUEUE,
	PATH_TRANSPORT, /* how mail leaves the queue */
	PATH_STORE, /* where it stays */
	PATH_LOGINS, /* who checks passwords */
	PATH_DOOR, /* a port where people read */
	PATH_READER, /* who does */
	PATH_PARTNER, /* a server that is not of this picture */
};

#define PATH_OUTSIDE ((size_t)-1) /* of no container */
/* The rules of a partner by an unknown name, and of one that has nothing at that port. */
#define PATH_PARTNER_MISSING "compose-partner-missing"
#define PATH_PARTNER_CLOSED "compose-partner-closed"
#define PATH_FACTS 9
#define PATH_NAMES 16
#define PATH_PORTS 4

/* A container. */
struct path_host {
	const char *name; /* that of the service, or of the host */
	const char *detail; /* its host name and domains */
	const char *names[PATH_NAMES]; /* by which others reach it; NAME is not among them */
	size_t name_count;
	unsigned replicas;
	bool has_others; /* services of the user's own run in it, at ports that nobody knows */
};

struct path_box {
	enum path_kind kind;
	size_t host; /* a place in HOSTS, or PATH_OUTSIDE */
	const char *key; /* two boxes of one host are the same when this is */
	const char *title;
	const char *facts[PATH_FACTS];
	size_t fact_count;
	const char *endpoint; /* of a partner: its host; else NULL */
	const char *port; /* by which others reach it, or NULL */
	const char *more_ports[PATH_PORTS]; /* behind PORT, of the same */
	size_t more_port_count;
	const char *finding; /* id of what is wrong with it, or NULL */
	bool gone; /* another one took its place; drawn by nobody */
};

enum path_way { PATH_MAIL, PATH_LOGIN, PATH_READ };

struct path_edge {
	size_t from, to; /* places in BOXES; mail flows that way, and questions about logins */
	enum path_way way;
	const char *finding; /* id of what is wrong between them, or NULL */
};

/* An error that has no place in the picture. */
struct path_trouble {
	size_t host;
	const char *finding;
};

struct path {
	struct arena *arena; /* not owned */
	struct path_host *hosts;
	size_t host_count, host_room;
	struct path_box *boxes;
	size_t box_count, box_room;
	struct path_edge *edges;
	size_t edge_count, edge_room;
	struct path_trouble *troubles;
	size_t trouble_count, trouble_room;
};

void path_init(struct path *path, struct arena *arena);

/* Adds a container and returns its place. */
size_t path_add_host(struct path *path, const char *name, const char *detail);

/* One more name by which others reach it; beyond PATH_NAMES they are left out. */
void path_name_host(struct path *path, size_t host, const char *name);

/* The place of the box of HOST with KEY, which is made when it is not there yet. */
size_t
path_box(struct path *path, enum path_kind kind, size_t host, const char *key, const char *title);

/* One more line about a box; one that it has already is not said again. */
void path_fact(struct path *path, size_t box, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds an edge, once. */
void path_edge(struct path *path, size_t from, size_t to, enum path_way way, const char *finding);

/* An error of a container; one that the picture shows already is passed over. */
void path_trouble(struct path *path, size_t host, const char *finding);

/* One more port by which others reach a box; the first one is its PORT. */
void path_port(struct path *path, size_t box, const char *port);

/* Where a partner is. */
enum path_lead {
	PATH_LEADS_OUT, /* not in the picture, or nobody can tell */
	PATH_LEADS_TO, /* to a box */
	PATH_LEADS_NOWHERE, /* its container is there, and has nothing at that port */
};

/* Follows box PARTNER, a PATH_PARTNER, to a container, and to the box that listens there. */
enum path_lead path_follow(const struct path *path, size_t partner, size_t *host, size_t *with);

/*
 * Joins the containers: a partner by the name of one of them is the box that
 * listens at that port there. Where that container has nothing at the port, the
 * partner stays, and says so. Who checks passwords and is asked by none is left out;
 * who listens for a Postfix, where there is none, is led to by one that is elsewhere.
 */
void path_join(struct path *path);

#endif
