/* compose.c - a service of a compose file, instead of the process's own environment */
#include "settings/compose_room.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "settings/environment.h"
#include "settings/input.h"
#include "settings/yaml.h"

static struct origin
origin_of(const struct compose *compose, const struct node *node)
{
	struct origin origin = {.kind = ORIGIN_ENVIRONMENT, .file = compose->file};

	if (node != NULL && node->origin.line != 0)
		origin = node->origin;
	origin.kind = ORIGIN_ENVIRONMENT;
	return origin;
}

void
compose_refuse(struct compose *compose, const struct node *node, const char *format, ...)
{
	struct origin origin = origin_of(compose, node);
	va_list args;

	va_start(args, format);
	finding_add(compose->loading->findings, "compose-invalid", &origin, "%s",
		arena_vprintf(compose->arena, format, args));
	va_end(args);
}

void
compose_pass_over(struct compose *compose, const struct node *node, const char *format, ...)
{
	struct origin origin = origin_of(compose, node);
	va_list args;

	va_start(args, format);
	finding_add(compose->loading->findings, "compose-unsupported", &origin, "%s",
		arena_vprintf(compose->arena, format, args));
	va_end(args);
}

bool
compose_is_full(struct compose *compose, const struct node *node, const char *why)
{
	struct origin origin = origin_of(compose, node);
	size_t count = compose->loading->findings->count - compose->first_finding;

	if (why == NULL && count > COMPOSE_FINDINGS_MAX)
		why = "more than 100 findings up to here; the rest was not read";
	if (why == NULL && compose->loading->value_bytes > ENV_VALUES_BYTES)
		why = "more than 4 MB of variables up to here; the rest was not read";
	if (why != NULL && !compose->full) {
		compose->full = true;
		finding_add(compose->loading->findings, "yaml-limit", &origin, "%s", why);
	}
	return compose->full;
}

const char *
compose_split(struct compose *compose, const char *wanted)
{
	const char *colon = strrchr(wanted, ':');

	compose->file = wanted;
	if (colon != NULL && colon[1] != '\0' && strchr(colon, '/') == NULL &&
		access(wanted, F_OK) != 0) {
		compose->file = arena_strndup(compose->arena, wanted, (size_t)(colon - wanted));
	} else {
		colon = NULL;
	}
	return colon != NULL ? colon + 1 : NULL;
}

static const char *
directory_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == path)
		return "";
	return slash != NULL ? arena_strndup(arena, path, (size_t)(slash - path)) : ".";
}

struct compose_file *
compose_open(struct compose *compose, const char *path, const struct node *place)
{
	struct loading *loading = compose->loading;
	struct origin origin = origin_of(compose, place);
	struct compose_file *file;

	for (size_t i = 0; i < compose->file_count; i++)
		if (strcmp(compose->files[i].file, path) == 0)
			return &compose->files[i];
	if (compose->file_count == COMPOSE_EXTENDS_MAX) {
		compose_is_full(compose, place, "more than 16 files that services extend");
		return NULL;
	}
	file = &compose->files[compose->file_count];
	file->file = path;
	file->directory = directory_of(compose->arena, path);
	if (input_read(path, YAML_FILE_BYTES, !loading->source->live, &file->content) != 0) {
		finding_add(loading->findings, errno == EFBIG ? "yaml-limit" : "config-unreadable",
			&origin, "unable to read the compose file %s: %s", path,
			errno == EFBIG ? "it is larger than 16 MB" : input_cause(errno));
		buffer_free(&file->content);
		return NULL;
	}
	file->text = (struct yaml_text){.file = path,
		.data = buffer_text(&file->content),
		.len = file->content.len,
		.compose = true};
	compose->file_count++;
	file->root = yaml_parse(compose->arena, loading->findings, &file->text);
	return file->root != NULL ? file : NULL;
}

void
compose_read_from(struct compose *compose, size_t number)
{
	compose->number = number;
	compose->file = compose->files[number].file;
	compose->directory = compose->files[number].directory;
	compose->text = compose->files[number].text;
}

struct node *
compose_enter(struct compose *compose, size_t place)
{
	compose_read_from(compose, compose->chain_files[place]);
	return compose->chain[place];
}

/* read_project - .env beside the file, or what --env-file names instead of it */
static void
read_project(struct compose *compose)
{
	struct origin origin = {.kind = ORIGIN_ENVIRONMENT};
	struct env_scope scope = {.loading = compose->loading,
		.values = node_new(compose->arena, NODE_MAP, &origin),
		.dollars = node_new(compose->arena, NODE_MAP, &origin)};
	const char *path = compose_path(compose, ".env");

	compose->scope = (struct env_scope){.loading = compose->loading,
		.project = scope.values,
		.values = scope.values,
		.dollars = scope.dollars};
	if (compose->loading->source->env_file_count > 0) {
		environment_read_files(&scope);
	} else if (env_file_read(&scope, path, false, false) != 0 && errno != ENOENT &&
		errno != ENOTDIR) {
		origin.file = path;
		finding_add(compose->loading->findings, "config-unreadable", &origin,
			"unable to read %s: %s", path, input_cause(errno));
	}
}

/* tell_override - a file beside this one that `docker compose up` would read with it */
static void
tell_override(struct compose *compose)
{
	static const char *const names[] = {
		"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"};
	const char *base = strrchr(compose->file, '/');

	base = base != NULL ? base + 1 : compose->file;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *dot = strrchr(names[i], '.'), *beside;

		if (strcmp(base, names[i]) != 0)
			continue;
		beside = compose_path(compose,
			arena_printf(compose->arena, "%.*s.override%s", (int)(dot - names[i]),
				names[i], dot));
		if (access(beside, F_OK) == 0)
			compose_pass_over(compose, NULL,
				"%s is not read; without -f, compose reads it over %s", beside,
				compose->file);
	}
}

/* take_host_name - what the service's container will be called */
static void
take_host_name(struct compose *compose)
{
	struct loading *loading = compose->loading;
	const struct node *found[3] = {NULL};
	static const char *const keys[] = {"hostname", "domainname", "network_mode"};
	const char *host, *domain;
	struct node *name;

	for (size_t i = 0; i < compose->chain_count; i++)
		for (size_t j = 0; j < 3; j++)
			if (node_get(compose->chain[i], keys[j]) != NULL)
				found[j] = node_get(compose->chain[i], keys[j]);
	if (found[2] != NULL && strcmp(found[2]->text, "host") == 0)
		return; /* the name of a machine that we do not know */
	loading->host_name_known = true;
	if (found[0] == NULL)
		return;
	host = compose_text(compose, found[0], "hostname", true);
	domain = found[1] != NULL ? compose_text(compose, found[1], "domainname", true) : "";
	if (host == NULL || domain == NULL || host[0] == '\0')
		return;
	name = node_scalar(compose->arena, host, &found[0]->origin);
	if (strchr(host, '.') == NULL && domain[0] != '\0')
		name->text = arena_printf(compose->arena, "%s.%s", host, domain);
	name->origin.kind = ORIGIN_SYSTEM;
	name->origin.name = "the service's hostname";
	loading->host_name = name;
}

void
compose_collect(struct loading *loading)
{
	struct compose compose = {.loading = loading,
		.arena = loading->arena,
		.first_finding = loading->findings->count};
	const char *wanted = compose_split(&compose, loading->source->compose);

	if (compose_open(&compose, compose.file, NULL) != NULL) {
		compose_read_from(&compose, 0);
		compose.root = compose.files[0].root;
		read_project(&compose);
		if (node_get(compose.root, "include") != NULL)
			compose_pass_over(&compose, node_get(compose.root, "include"),
				"include is not followed: services, secrets and configs of those "
				"files are not known here");
		tell_override(&compose);
		if (compose_choose(&compose, wanted) == 0) {
			compose_keys(&compose);
			compose_health(&compose);
			compose_ports(&compose);
			compose_command(&compose);
			compose_environment(&compose);
			compose_mounts(&compose);
			compose_networks(&compose);
			take_host_name(&compose);
			compose_partners_remember(&compose);
		} else {
			compose.root = NULL;
		}
	}
	if (compose.root == NULL)
		loading->incomplete = true;
	for (size_t i = 0; i < compose.file_count; i++)
		buffer_free(&compose.files[i].content);
}
