/*
 * sarif.c - findings as SARIF
 *
 * Static Analysis Results Interchange Format 2.1.0, OASIS Standard. GitHub
 * refuses a whole upload for one result without a location, so each has one.
 */
#include "report/report.h"

#include <stdint.h>
#include <string.h>

#include "report/json.h"
#include "report/place.h"

#define SARIF_SCHEMA \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/" \
	"sarif-schema-2.1.0.json"
#define SARIF_RESULTS_MAX 25000 /* of a run: GitHub takes no more */

struct sarif {
	const struct plan *plan;
	const struct report_place *place;
	size_t *places; /* by rule of the catalogue: 1 + its place among those told, or 0 */
	size_t results;
	struct buffer *out;
};

static const char *
level_of(enum severity severity)
{
	return severity_name(severity); /* SARIF 3.27.10 has the same three words */
}

/* put_uri - a path as a relative reference: what is not unreserved is %XX (RFC 3986 section 2) */
static void
put_uri(struct buffer *out, const char *path)
{
	static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					 "0123456789-._~/";

	buffer_putc(out, '"');
	for (; *path != '\0'; path++) {
		if (strchr(unreserved, *path) != NULL)
			buffer_putc(out, *path);
		else
			buffer_printf(out, "%%%02X", (unsigned char)*path);
	}
	buffer_putc(out, '"');
}

static void
put_text(struct buffer *out, const char *key, const char *text)
{
	buffer_printf(out, ", \"%s\": {\"text\": ", key);
	json_string(out, text);
	buffer_putc(out, '}');
}

static void
put_rule(struct sarif *sarif, const struct rule *rule)
{
	const char *help = rule->help;

	if (rule->source[0] != '\0')
		help = arena_printf(
			sarif->plan->arena, "%s\nSource: %s.", rule->help, rule->source);
	buffer_puts(sarif->out, "{\"id\": ");
	json_string(sarif->out, rule->id);
	put_text(sarif->out, "shortDescription", rule->title);
	put_text(sarif->out, "fullDescription", rule->effect);
	put_text(sarif->out, "help", help);
	buffer_printf(sarif->out, ", \"defaultConfiguration\": {\"level\": \"%s\"}}",
		level_of(rule->severity));
}

static void
note_rules(struct sarif *sarif, const struct finding *findings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sarif->places[rule_index(findings[i].rule)] = 1;
}

/* put_rules - those that results refer to, in the catalogue's order */
static void
put_rules(struct sarif *sarif)
{
	const struct findings *findings = sarif->plan->findings;
	size_t told = 0;

	sarif->places = arena_alloc(sarif->plan->arena, rule_count() * sizeof(*sarif->places));
	note_rules(sarif, findings->items, findings->count);
	note_rules(sarif, findings->silenced, findings->silenced_count);
	for (size_t i = 0; i < rule_count(); i++) {
		if (sarif->places[i] == 0)
			continue;
		buffer_puts(sarif->out, told > 0 ? ",\n     " : "\n     ");
		put_rule(sarif, rule_at(i));
		sarif->places[i] = ++told;
	}
}

/* first_line - without the excerpt of the source line: a consumer shows the file itself */
static const char *
first_line(struct sarif *sarif, const struct finding *finding)
{
	return arena_strndup(sarif->plan->arena, finding->message, strcspn(finding->message, "\n"));
}

/* message_of - the message, and what the rule's own help does not say */
static const char *
message_of(struct sarif *sarif, const struct finding *finding)
{
	const char *text = first_line(sarif, finding);

	if (finding->effect != finding->rule->effect && finding->effect[0] != '\0')
		text = arena_printf(sarif->plan->arena, "%s\n%s", text, finding->effect);
	if (finding->help != finding->rule->help && finding->help[0] != '\0')
		text = arena_printf(sarif->plan->arena, "%s\n%s", text, finding->help);
	return text;
}

static uint64_t
mix(uint64_t hash, const char *text)
{
	/* FNV-1a, 64 bits; the NUL counts, so that "ab" "c" is not "a" "bc" */
	do
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
	while (*text++ != '\0');
	return hash;
}

/*
 * put_fingerprint - what makes a finding the same one in the next run: rule,
 * file, name and words, but not the line, which moves when others come before
 */
static void
put_fingerprint(struct sarif *sarif, const struct finding *finding, const struct shown_place *shown)
{
	uint64_t hash = 0xcbf29ce484222325u;

	hash = mix(hash, finding->rule->id);
	hash = mix(hash, shown->file);
	hash = mix(hash, finding->origin.name != NULL ? finding->origin.name : "");
	hash = mix(hash, first_line(sarif, finding));
	buffer_printf(sarif->out, ", \"partialFingerprints\": {\"mailinit/v1\": \"%016llx\"}",
		(unsigned long long)hash);
}

static void
put_location(struct sarif *sarif, const struct finding *finding, const struct shown_place *shown)
{
	struct buffer *out = sarif->out;

	buffer_puts(out,
		", \"locations\": [{\"physicalLocation\": {\"artifactLocation\": "
		"{\"uri\": ");
	put_uri(out, shown->file);
	buffer_printf(out, "}, \"region\": {\"startLine\": %d", shown->line);
	if (shown->column > 0)
		buffer_printf(out, ", \"startColumn\": %d", shown->column);
	buffer_puts(out, "}}");
	if (finding->origin.name != NULL) {
		buffer_puts(out, ", \"logicalLocations\": [{\"name\": ");
		json_string(out, finding->origin.name);
		buffer_puts(out, ", \"kind\": ");
		json_string(out, origin_kind_name(finding->origin.kind));
		buffer_puts(out, "}]");
	}
	buffer_puts(out, "}]");
}

static void
put_suppression(struct buffer *out, const char *justification)
{
	buffer_puts(out,
		", \"suppressions\": [{\"kind\": \"external\", \"status\": \"accepted\", "
		"\"justification\": ");
	json_string(out, justification);
	buffer_puts(out, "}]");
}

static void
put_result(struct sarif *sarif, const struct finding *finding, bool silenced)
{
	struct buffer *out = sarif->out;
	struct shown_place shown;

	if (sarif->results == SARIF_RESULTS_MAX)
		return;
	place_find(sarif->place, &finding->origin, &shown);
	buffer_puts(out, sarif->results++ > 0 ? ",\n   " : "\n   ");
	buffer_puts(out, "{\"ruleId\": ");
	json_string(out, finding->rule->id);
	buffer_printf(out, ", \"ruleIndex\": %zu, \"level\": \"%s\", \"message\": {\"text\": ",
		sarif->places[rule_index(finding->rule)] - 1, level_of(finding->severity));
	json_string(out, message_of(sarif, finding));
	buffer_putc(out, '}');
	put_location(sarif, finding, &shown);
	put_fingerprint(sarif, finding, &shown);
	if (silenced)
		put_suppression(out,
			arena_printf(sarif->plan->arena, "checks.%s is off", finding->rule->id));
	else if (finding->waived)
		put_suppression(out, "MAIL_START_ANYWAY names it");
	buffer_putc(out, '}');
}

static void
put_results(struct sarif *sarif)
{
	const struct findings *findings = sarif->plan->findings;

	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--)
		for (size_t i = 0; i < findings->count; i++)
			if (findings->items[i].severity == (enum severity)severity)
				put_result(sarif, &findings->items[i], false);
	for (size_t i = 0; i < findings->silenced_count; i++)
		put_result(sarif, &findings->silenced[i], true);
}

void
report_sarif(const struct plan *plan, const struct report_place *place, const char *version,
	struct buffer *out)
{
	struct sarif sarif = {.plan = plan, .place = place, .out = out};

	buffer_puts(out,
		"{\"$schema\": \"" SARIF_SCHEMA "\",\n \"version\": \"2.1.0\",\n"
		" \"runs\": [{\n"
		"  \"tool\": {\"driver\": {\"name\": \"mailinit\", \"version\": ");
	json_string(out, version);
	buffer_puts(out, ", \"rules\": [");
	put_rules(&sarif);
	buffer_puts(out, "]}},\n  \"columnKind\": \"unicodeCodePoints\",\n  \"results\": [");
	put_results(&sarif);
	buffer_puts(out, "]\n }]}\n");
}
