/* tls_view.c - what the files of Postfix and Dovecot say of the certificates */
#include <string.h>

#include "daemon/lines.h"
#include "daemon/tls.h"
#include "daemon/view.h"

static const char *
path_of(struct plan *plan, const struct plan_certificate *certificate)
{
	return arena_printf(plan->arena, "%s/%s", PLAN_CURRENT, certificate->file);
}

/* alternative_of - the path of the one beside certificate number AT, or "" */
static const char *
alternative_of(struct plan *plan, size_t at)
{
	if (at + 1 >= plan->certificate_count || !plan->certificates[at + 1].alternative)
		return "";
	return path_of(plan, &plan->certificates[at + 1]);
}

static bool
has_sni(const struct plan *plan)
{
	for (size_t i = 0; i < plan->certificate_count; i++)
		if (plan->certificates[i].sni_count > 0)
			return true;
	return false;
}

void
tls_fill_postfix(struct plan *plan, struct node *group)
{
	view_text(plan, group, "tls_alternative", alternative_of(plan, 0),
		node_at(plan->settings, "tls.alternative.certificate"));
	view_bool(plan, group, "sni", has_sni(plan), node_at(plan->settings, "tls.sni"));
}

static void
add_names(struct plan *plan, struct node *list, bool wildcards)
{
	for (size_t i = 0; i < plan->certificate_count; i++) {
		const struct plan_certificate *certificate = &plan->certificates[i];

		for (size_t j = 0; j < certificate->sni_count; j++) {
			struct node *row = node_new(plan->arena, NODE_MAP, &certificate->origin);
			const struct node from = {.origin = certificate->origin};

			if ((certificate->sni_names[j][0] == '*') != wildcards)
				continue;
			view_text(plan, row, "name", certificate->sni_names[j], &from);
			view_text(plan, row, "certificate", path_of(plan, certificate), &from);
			view_text(plan, row, "alternative", alternative_of(plan, i), &from);
			node_add(plan->arena, list, row);
		}
	}
}

void
tls_fill_dovecot(struct plan *plan, struct node *group, bool first_counts)
{
	struct node *list = node_new(plan->arena, NODE_LIST, view_origin(NULL));

	/* an exact name is to win over "*.": 2.3 takes the first block that fits, 2.4 the last */
	add_names(plan, list, !first_counts);
	add_names(plan, list, first_counts);
	view_text(plan, group, "tls_alternative", alternative_of(plan, 0),
		node_at(plan->settings, "tls.alternative.certificate"));
	node_set(plan->arena, group, "sni", list);
}

/*
 * add_table - names to files of certificates, for tls_server_sni_maps: smtpd opens it as
 * root and takes the content of the files in; ".example.com" is any name below
 */
static void
add_table(struct plan *plan, unsigned services)
{
	struct plan_file *file;
	struct lines lines;

	lines_init(&lines, plan);
	for (size_t i = 0; i < plan->certificate_count; i++) {
		const struct plan_certificate *certificate = &plan->certificates[i];
		const char *alternative = alternative_of(plan, i);

		for (size_t j = 0; j < certificate->sni_count; j++) {
			const char *name = certificate->sni_names[j];

			lines_add(&lines,
				arena_printf(plan->arena, "%s %s%s%s",
					name[0] == '*' ? name + 1 : name,
					path_of(plan, certificate),
					alternative[0] != '\0' ? ", " : "", alternative),
				&certificate->origin);
		}
	}
	file = plan_add_file(plan, TLS_SNI_TABLE, NULL);
	lines_finish(&lines, file);
	file->services = services;
}

static void
add_file(struct plan *plan, size_t at, unsigned services)
{
	const struct plan_certificate *certificate = &plan->certificates[at];
	struct plan_file *file = plan_add_file(plan, certificate->file, NULL);

	file->mode = 0600; /* both read it as root */
	file->secret = true;
	file->late = LATE_TLS_PAIR;
	file->late_index = at;
	if (certificate->pem != NULL) {
		buffer_puts(&file->content, certificate->pem);
		file->late = LATE_NOT;
	}
	file->services = services;
}

static void
tell_status(struct plan *plan, const struct plan_certificate *certificate,
	struct service_certificate *row)
{
	struct buffer names = {0};

	for (size_t i = 0; i < certificate->name_count; i++)
		if (names.len + strlen(certificate->names[i]) + 1 < sizeof(row->names))
			buffer_printf(&names, "%s%s", i > 0 ? " " : "", certificate->names[i]);
	service_set_text(row->path, sizeof(row->path), path_of(plan, certificate));
	service_set_text(row->names, sizeof(row->names), buffer_text(&names));
	if (certificate->trouble != NULL)
		service_set_text(row->trouble, sizeof(row->trouble),
			arena_strndup(plan->arena, certificate->trouble,
				strnlen(certificate->trouble, sizeof(row->trouble) - 1)));
	row->not_after = certificate->not_after;
	buffer_free(&names);
}

/* tell_all - the default, then those that end first: all of them may be more than there is room for */
static void
tell_all(struct plan *plan)
{
	struct service_table *table = &plan->services;
	bool *told = arena_alloc(plan->arena, plan->certificate_count * sizeof(*told));
	size_t rows = plan->certificate_count;

	if (rows > SERVICE_CERTIFICATES)
		rows = SERVICE_CERTIFICATES;
	table->certificates_more = (uint32_t)(plan->certificate_count - rows);
	for (size_t row = 0; row < rows; row++) {
		size_t next = plan->certificate_count;

		for (size_t i = 0; i < plan->certificate_count; i++)
			if (!told[i] &&
				(next == plan->certificate_count ||
					(row > 0 &&
						plan->certificates[i].not_after <
							plan->certificates[next].not_after)))
				next = i;
		told[next] = true;
		tell_status(plan, &plan->certificates[next], &table->certificates[row]);
	}
}

static unsigned
bit_of(const struct plan *plan, const char *service)
{
	int place = service_find(&plan->services, service);

	return place >= 0 ? 1u << place : 0;
}

void
tls_contribute(struct plan *plan)
{
	unsigned postfix = bit_of(plan, "postfix");

	for (size_t i = 0; i < plan->certificate_count; i++)
		add_file(plan, i, postfix | bit_of(plan, "dovecot"));
	if (postfix != 0 && has_sni(plan))
		add_table(plan, postfix);
	tell_all(plan);
}
