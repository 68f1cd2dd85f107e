/*
 * compose_keys.c - what else a service says of its container
 *
 * A key that compose does not know is refused by it; here it would be passed over,
 * and `enviroment:` would look like a mail server without a setting.
 */
#include "settings/compose_room.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "settings/value.h"

#define KEYS_MAX 128
#define GRACE_DEFAULT_MS 10000

/* Of the Compose specification; build and deploy have more below them, which says nothing to us. */
static const char service_keys[] =
	"annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command "
	"configs container_name cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period "
	"cpu_rt_runtime cpu_shares cpus cpuset credential_spec depends_on deploy develop "
	"device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint env_file "
	"environment expose extends external_links extra_hosts gpus group_add healthcheck "
	"hostname image init ipc isolation label_file labels links logging mac_address "
	"mem_limit mem_reservation mem_swappiness memswap_limit models network_mode networks "
	"oom_kill_disable oom_score_adj pid pids_limit platform ports post_start pre_stop "
	"privileged profiles provider pull_policy pull_refresh_after read_only restart runtime "
	"scale secrets security_opt shm_size stdin_open stop_grace_period stop_signal "
	"storage_opt sysctls tmpfs tty ulimits use_api_socket user userns_mode uts volumes "
	"volumes_from working_dir";

static const char top_keys[] =
	"version name services networks volumes secrets configs include models";

/* check_keys - those of MAP, which is SHOWN, against the WORDS that there are */
static void
check_keys(struct compose *compose, const struct node *map, const char *words, const char *shown)
{
	struct node list = {.type = NODE_SCALAR, .text = words};
	const struct node *known = value_split(compose->loading, &list, " ");
	const char *names[KEYS_MAX], *nearest;
	size_t count = 0;

	for (; count < known->count && count < KEYS_MAX; count++)
		names[count] = known->items[count]->text;
	for (size_t i = 0; i < map->count && !compose_is_full(compose, map, NULL); i++) {
		struct node place = {.origin = map->key_origins[i]};
		size_t at = 0;

		while (at < count && strcmp(map->keys[i], names[at]) != 0)
			at++;
		if (at < count || text_starts(map->keys[i], "x-"))
			continue;
		nearest = text_nearest(map->keys[i], names, count);
		if (nearest != NULL)
			compose_refuse(compose, &place,
				"%s knows no key \"%.64s\"; did you mean \"%s\"?", shown,
				map->keys[i], nearest);
		else
			compose_pass_over(compose, &place,
				"the key \"%.64s\" of %s is not known here", map->keys[i], shown);
	}
}

/* last_of - KEY of the service, or of what it extends */
static const struct node *
last_of(const struct compose *compose, const char *key)
{
	const struct node *found = NULL;

	for (size_t i = 0; i < compose->chain_count; i++)
		if (node_get(compose->chain[i], key) != NULL)
			found = node_get(compose->chain[i], key);
	return found != NULL && found->type == NODE_SCALAR ? found : NULL;
}

/* check_user - "1000:1000", "0:1000": the name or number before the colon counts */
static void
check_user(struct compose *compose)
{
	const struct node *node = last_of(compose, "user");
	const char *user = node != NULL ? compose_text(compose, node, "user", true) : NULL;
	struct origin origin;
	size_t len;

	if (user == NULL || user[0] == '\0')
		return;
	len = strcspn(user, ":");
	if ((len == 4 && strncmp(user, "root", len) == 0) || strspn(user, "0") == len)
		return;
	origin = node->origin;
	origin.kind = ORIGIN_ENVIRONMENT;
	finding_add(compose->loading->findings, "user-not-root", &origin,
		"the service runs as the user \"%.64s\"; mailinit must be started as root", user);
}

/* unit_ms - what the letters at *AT stand for, in milliseconds; 0: less than one; -1: nothing */
static long long
unit_ms(const char **at)
{
	static const struct {
		const char *name;
		long long ms;
	} units[] = {{"ms", 1}, {"us", 0}, {"ns", 0}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (text_starts(*at, units[i].name)) {
			*at += strlen(units[i].name);
			return units[i].ms;
		}
	return -1;
}

/* read_duration - "1m30s", "1.5s"; milliseconds, or -1 when it is none */
static long long
read_duration(const char *text)
{
	long long total = 0;

	for (const char *at = text; *at != '\0' || at == text;) {
		long long whole = 0, tenths = 0, unit;

		if (*at < '0' || *at > '9')
			return -1;
		for (; *at >= '0' && *at <= '9'; at++)
			if (whole < INT_MAX)
				whole = whole * 10 + (*at - '0');
		/* finer than a tenth is finer than any time that a stop is given */
		if (*at == '.') {
			tenths = at[1] >= '0' && at[1] <= '9' ? at[1] - '0' : 0;
			at += 1 + strspn(at + 1, "0123456789");
		}
		unit = unit_ms(&at);
		if (unit < 0)
			return -1;
		total += whole * unit + tenths * unit / 10;
	}
	return total;
}

static void
take_grace(struct compose *compose)
{
	const struct node *node = last_of(compose, "stop_grace_period");
	const char *text =
		node != NULL ? compose_text(compose, node, "stop_grace_period", true) : NULL;
	long long ms = text != NULL ? read_duration(text) : -1;

	if (text != NULL && ms < 0)
		compose_refuse(compose, node,
			"stop_grace_period: \"%.64s\" is no time, as in 30s or 1m30s", text);
	compose->loading->stop_grace_ms = ms >= 0 ? ms : GRACE_DEFAULT_MS;
	compose->loading->stop_grace = ms >= 0 ? node : NULL;
}

void
compose_keys(struct compose *compose)
{
	check_keys(compose, compose->root, top_keys, "a compose file");
	for (size_t i = 0; i < compose->chain_count; i++)
		check_keys(compose, compose_enter(compose, i), service_keys, "a service");
	check_user(compose);
	take_grace(compose);
}

void
compose_compare(struct loading *loading)
{
	const struct node *timeout = node_at(loading->settings, "stop.timeout");
	const struct node *grace = loading->stop_grace;
	struct origin origin;
	long long ms;

	compose_compare_networks(loading);
	if (loading->stop_grace_ms == 0 || timeout == NULL)
		return;
	ms = strtoll(timeout->text, NULL, 10);
	if (loading->stop_grace_ms >= ms)
		return;
	origin = grace != NULL ? grace->origin : timeout->origin;
	origin.kind = grace != NULL ? ORIGIN_ENVIRONMENT : timeout->origin.kind;
	finding_add(loading->findings, "stop-grace-short", &origin,
		"stop.timeout is %lld.%lld s, and the engine kills the container %lld.%lld s "
		"after it asked for the stop (stop_grace_period%s)",
		ms / 1000, ms % 1000 / 100, loading->stop_grace_ms / 1000,
		loading->stop_grace_ms % 1000 / 100, grace != NULL ? "" : ", by default");
}
