/* dns.c - mailinit dns: the records to publish */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/fatal.h"
#include "command/build.h"
#include "command/command.h"
#include "daemon/target.h"
#include "dns/records.h"
#include "report/json.h"
#include "report/report.h"

/* print_json - the form is in docs/json.md */
static void
print_json(const struct dns_records *records, struct buffer *out)
{
	buffer_puts(out, "{\"version\": 1, \"records\": [");
	for (size_t i = 0; i < records->count; i++) {
		const struct dns_record *record = &records->items[i];

		buffer_puts(out, i > 0 ? ",\n  {\"name\": " : "\n  {\"name\": ");
		json_string(out, record->name);
		buffer_printf(out, ", \"type\": \"%s\", \"value\": ", record->type);
		json_string(out, record->value);
		buffer_puts(out, ", \"why\": ");
		json_string(out, record->why);
		buffer_printf(out, ", \"removable\": %s, \"optional\": %s}",
			record->removable ? "true" : "false", record->optional ? "true" : "false");
	}
	buffer_puts(out, "],\n  \"files\": [");
	for (size_t i = 0; i < records->file_count; i++) {
		const struct dns_file *file = &records->files[i];

		buffer_puts(out, i > 0 ? ",\n  {\"url\": " : "\n  {\"url\": ");
		json_string(out, file->url);
		buffer_puts(out, ", \"content\": ");
		json_string(out, file->content);
		buffer_puts(out, ", \"why\": ");
		json_string(out, file->why);
		buffer_printf(out, ", \"optional\": %s}", file->optional ? "true" : "false");
	}
	buffer_puts(out, "]}\n");
}

static void
print(const struct options *options, const struct dns_records *records, struct buffer *out)
{
	if (options->format == FORMAT_JSON)
		print_json(records, out);
	else if (options->zone)
		dns_print_zone(records, out);
	else {
		dns_print_text(records, out);
		dns_print_files(records, out);
	}
}

int
command_dns(int argc, char **argv)
{
	struct build build = {0};
	struct buffer text = {0};
	struct dns_records records;
	struct options options;
	int code;

	if (options_read(&options, argc, argv, NULL) != 0 ||
		options_allow(&options, "dns", false, "text, json, or a zone file with --zone") !=
			0)
		return EXIT_USAGE;
	if (options.zone && options.format != FORMAT_TEXT) {
		fprintf(stderr, "mailinit: --zone and --format=json are two forms: choose one\n");
		return EXIT_USAGE;
	}
	build_plan(&build, &options,
		options.target == NULL && target_is_here() ? BUILD_HERE : BUILD_ELSEWHERE);
	code = findings_refuse(&build.findings) ? EXIT_FINDINGS : EXIT_DONE;
	if (code != EXIT_DONE) {
		report_findings_text(&build.plan, options.color, &text);
	} else {
		records = dns_records_of(&build.plan, time(NULL));
		print(&options, &records, &text);
	}
	if (build_print(code == EXIT_DONE ? STDOUT_FILENO : STDERR_FILENO, &text) != 0)
		fatal_system("write", "standard output");
	buffer_free(&text);
	build_free(&build);
	return code;
}
