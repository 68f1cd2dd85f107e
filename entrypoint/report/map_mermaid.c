/*
 * map_mermaid.c - the way that mail takes, as a flowchart of Mermaid
 *
 * A label stands in quotes; what would end it, or be taken for HTML or for an
 * entity, is written as an entity: "#quot;", "#35;" (mermaid.js.org, flowchart syntax,
 * "Entity codes to escape characters").
 */
#include <string.h>

#include "report/map.h"

static void
put_label(struct buffer *out, const char *text)
{
	static const struct {
		char byte;
		const char *entity;
	} entities[] = {{'"', "#quot;"}, {'#', "#35;"}, {'&', "#amp;"}, {'<', "#lt;"},
		{'>', "#gt;"}, {'`', "#96;"}, {'*', "#42;"}, {'\\', "#92;"}};

	for (const char *at = text; *at != '\0'; at++) {
		size_t i = 0;

		while (i < sizeof(entities) / sizeof(entities[0]) && entities[i].byte != *at)
			i++;
		if (i < sizeof(entities) / sizeof(entities[0]))
			buffer_puts(out, entities[i].entity);
		else if ((unsigned char)*at < ' ')
			buffer_putc(out, ' ');
		else
			buffer_putc(out, *at);
	}
}

static void
put_box(const struct path *path, size_t place, struct buffer *out)
{
	static const char *const shapes[][2] = {
		[PATH_SENDER] = {"([\"", "\"])"},
		[PATH_LISTENER] = {"[\"", "\"]"},
		[PATH_FILTER] = {"{{\"", "\"}}"},
		[PATH_QUEUE] = {"[(\"", "\")]"},
		[PATH_TRANSPORT] = {"[\"", "\"]"},
		[PATH_STORE] = {"[(\"", "\")]"},
		[PATH_LOGINS] = {"[\"", "\"]"},
		[PATH_DOOR] = {"[\"", "\"]"},
		[PATH_READER] = {"([\"", "\"])"},
		[PATH_PARTNER] = {"([\"", "\"])"},
	};
	const struct path_box *box = &path->boxes[place];

	buffer_printf(out, "  b%zu%s", place, shapes[box->kind][0]);
	put_label(out, box->title);
	for (size_t i = 0; i < box->fact_count; i++) {
		buffer_puts(out, "<br/>");
		put_label(out, box->facts[i]);
	}
	if (box->finding != NULL)
		buffer_printf(out, "<br/>! %s", box->finding);
	buffer_printf(out, "%s%s\n", shapes[box->kind][1], box->finding != NULL ? ":::wrong" : "");
}

static void
put_boxes(const struct path *path, size_t host, struct buffer *out)
{
	for (size_t i = 0; i < path->box_count; i++)
		if (path->boxes[i].host == host && !path->boxes[i].gone)
			put_box(path, i, out);
}

static void
put_host(const struct path *path, size_t host, struct buffer *out)
{
	const struct path_host *named = &path->hosts[host];

	buffer_printf(out, "  subgraph h%zu[\"", host);
	put_label(out, named->name);
	if (named->replicas > 1)
		buffer_printf(out, " (%u of them)", named->replicas);
	if (named->detail[0] != '\0') {
		buffer_puts(out, ": ");
		put_label(out, named->detail);
	}
	for (size_t i = 0; i < path->trouble_count; i++)
		if (path->troubles[i].host == host)
			buffer_printf(out, "<br/>! %s", path->troubles[i].finding);
	buffer_puts(out, "\"]\n");
	put_boxes(path, host, out);
	buffer_puts(out, "  end\n");
}

void
map_mermaid(const struct path *path, struct buffer *out)
{
	buffer_puts(out, "flowchart TB\n");
	put_boxes(path, PATH_OUTSIDE, out);
	for (size_t i = 0; i < path->host_count; i++)
		put_host(path, i, out);
	for (size_t i = 0; i < path->edge_count; i++) {
		const struct path_edge *edge = &path->edges[i];
		const char *line = edge->way == PATH_LOGIN ? "-.->" : "-->";

		buffer_printf(out, "  b%zu %s", edge->from, line);
		if (edge->finding != NULL)
			buffer_printf(out, "|\"! %s\"|", edge->finding);
		else if (edge->way == PATH_LOGIN)
			buffer_puts(out, "|login|");
		buffer_printf(out, " b%zu\n", edge->to);
	}
	buffer_puts(out, "  classDef wrong stroke:#c62828,stroke-width:2px,color:#c62828\n");
}
