/*
 * tls_scan.c - the layouts in which others leave certificates
 *
 * A directory of one pair: certbot's live/NAME, a Kubernetes secret, Tailscale's
 * NAME.crt. A directory of many: certbot's live, Caddy's storage, Traefik's
 * acme.json. All that a layout may have is gathered; tls_choose.c takes the best.
 * Each directory that is listed is also watched: what is missing may come.
 */
#include "daemon/tls_pair.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

#define SCAN_ENTRIES_MAX 1024 /* of one directory; in byte order */
#define SCAN_SOURCES_MAX 256

struct scan {
	struct plan *plan;
	const struct tls_wish *wish;
	const struct tls_source *like;
	struct tls_sources *sources;
};

struct tls_source *
tls_sources_add(struct plan *plan, struct tls_sources *sources, const struct tls_source *like)
{
	if (sources->count == sources->room) {
		size_t room = sources->room == 0 ? 8 : sources->room * 2;

		sources->items = arena_grow(plan->arena, sources->items,
			sources->room * sizeof(*like), room * sizeof(*like));
		sources->room = room;
	}
	sources->items[sources->count] = *like;
	return &sources->items[sources->count++];
}

static bool
is_there(struct plan *plan, const char *path)
{
	return access(plan_path(plan, path), F_OK) == 0;
}

void
tls_scan_pair(struct plan *plan, struct tls_sources *sources, const struct tls_source *like,
	const char *certificate, const char *key)
{
	struct tls_source *source;

	watches_add(plan->watches, plan_path(plan, certificate));
	if (sources->count >= SCAN_SOURCES_MAX || !is_there(plan, certificate))
		return;
	source = tls_sources_add(plan, sources, like);
	source->certificate = source->place = certificate;
	source->key = key;
}

/* list - the names in a directory, in byte order, without hidden ones; ended by NULL */
static const char **
list(struct plan *plan, const char *path)
{
	struct dirent **entries = NULL;
	const char *real = plan_path(plan, path), **names;
	size_t kept = 0;
	int count;

	watches_add(plan->watches, real);
	count = scandir(real, &entries, NULL, alphasort);
	names = arena_alloc(plan->arena, (SCAN_ENTRIES_MAX + 1) * sizeof(*names));
	for (int i = 0; i < count; i++) {
		if (entries[i]->d_name[0] != '.' && kept < SCAN_ENTRIES_MAX)
			names[kept++] = arena_strdup(plan->arena, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return names;
}

static bool
is_directory(struct plan *plan, const char *path)
{
	struct stat status;

	return stat(plan_path(plan, path), &status) == 0 && S_ISDIR(status.st_mode);
}

/* fits - whether a store's name for a certificate, "wildcard_.example.com", is one that is asked for */
static bool
fits(const struct scan *scan, const char *host)
{
	const char *pattern = host;

	if (text_starts(host, "wildcard_."))
		pattern = arena_printf(scan->plan->arena, "*%s", host + strlen("wildcard_"));
	for (size_t i = 0; i < scan->wish->name_count; i++)
		if (certificate_name_matches(pattern, scan->wish->names[i]))
			return true;
	return false;
}

/* scan_files - X.crt beside X.key: Tailscale, lego */
static void
scan_files(const struct scan *scan, const char *directory, const char *const *names)
{
	for (; *names != NULL; names++) {
		const char *base = *names, *key;
		struct tls_source like = *scan->like;

		if (!text_ends(base, ".crt") || strcmp(base, "tls.crt") == 0)
			continue;
		like.name = arena_strndup(scan->plan->arena, base, strlen(base) - strlen(".crt"));
		key = arena_printf(scan->plan->arena, "%s/%s.key", directory, like.name);
		if (is_there(scan->plan, key))
			tls_scan_pair(scan->plan, scan->sources, &like,
				arena_printf(scan->plan->arena, "%s/%s", directory, base), key);
	}
}

/* scan_lineages - certbot's `live`, with a directory of links for each certificate */
static void
scan_lineages(const struct scan *scan, const char *directory, const char *const *names)
{
	for (; *names != NULL; names++) {
		const char *below = arena_printf(scan->plan->arena, "%s/%s", directory, *names);
		struct tls_source like = *scan->like;

		if (!is_directory(scan->plan, below))
			continue;
		like.name = *names;
		tls_scan_pair(scan->plan, scan->sources, &like,
			arena_printf(scan->plan->arena, "%s/fullchain.pem", below),
			arena_printf(scan->plan->arena, "%s/privkey.pem", below));
	}
}

/* scan_hosts - HOST/HOST.crt of one authority in Caddy's storage */
static void
scan_hosts(const struct scan *scan, const char *directory)
{
	for (const char **host = list(scan->plan, directory); *host != NULL; host++) {
		const char *base;
		struct tls_source like = *scan->like;

		if (!fits(scan, *host))
			continue;
		like.name = *host;
		base = arena_printf(scan->plan->arena, "%s/%s/%s", directory, *host, *host);
		tls_scan_pair(scan->plan, scan->sources, &like,
			arena_printf(scan->plan->arena, "%s.crt", base),
			arena_printf(scan->plan->arena, "%s.key", base));
	}
}

/* scan_authorities - Caddy keeps a directory for each authority that it ever asked */
static void
scan_authorities(const struct scan *scan, const char *directory, const char *const *names)
{
	for (; *names != NULL; names++) {
		const char *below = arena_printf(scan->plan->arena, "%s/%s", directory, *names);

		if (is_directory(scan->plan, below))
			scan_hosts(scan, below);
	}
}

/* scan_own - what a directory of one pair has */
static void
scan_own(const struct scan *scan, const char *directory)
{
	static const char *const layouts[][2] = {
		{"fullchain.pem", "privkey.pem"}, {"tls.crt", "tls.key"}};
	struct tls_source like = *scan->like;

	like.own = true;
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)
		tls_scan_pair(scan->plan, scan->sources, &like,
			arena_printf(scan->plan->arena, "%s/%s", directory, layouts[i][0]),
			arena_printf(scan->plan->arena, "%s/%s", directory, layouts[i][1]));
}

void
tls_scan(struct plan *plan, const struct tls_wish *wish, const struct node *directory,
	struct tls_sources *sources)
{
	static const char *const storages[] = {"certificates", "caddy/certificates"};
	const struct tls_source like = {
		.name = "", .origin = &directory->origin, .key_origin = &directory->origin};
	const struct scan scan = {plan, wish, &like, sources};
	const char *path = directory->text, *acme, **names;

	watches_add(plan->watches, plan_path(plan, path));
	if (!is_directory(plan, path)) {
		if (is_there(plan, path))
			tls_scan_acme(plan, path, &like, sources);
		return;
	}
	names = list(plan, path);
	scan_own(&scan, path);
	scan_files(&scan, path, names);
	scan_lineages(&scan, path, names);
	scan_authorities(&scan, path, names);
	for (size_t i = 0; i < sizeof(storages) / sizeof(storages[0]); i++) {
		const char *below = arena_printf(plan->arena, "%s/%s", path, storages[i]);

		if (is_directory(plan, below))
			scan_authorities(&scan, below, list(plan, below));
	}
	acme = arena_printf(plan->arena, "%s/acme.json", path);
	if (is_there(plan, acme))
		tls_scan_acme(plan, acme, &like, sources);
}
