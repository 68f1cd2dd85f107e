/* dns.c - mailinit dns: the records to publish */
#include <unistd.h>

#include "base/fatal.h"
#include "command/build.h"
#include "command/command.h"
#include "daemon/target.h"
#include "dns/records.h"
#include "report/report.h"

int
command_dns(int argc, char **argv)
{
	struct build build = {0};
	struct buffer text = {0};
	struct dns_records records;
	struct options options;
	int code;

	if (options_read(&options, argc, argv, NULL) != 0)
		return EXIT_USAGE;
	build_plan(&build, &options,
		options.target == NULL && target_is_here() ? BUILD_HERE : BUILD_ELSEWHERE);
	code = findings_refuse(&build.findings) ? EXIT_FINDINGS : EXIT_DONE;
	if (code != EXIT_DONE) {
		report_findings_text(&build.plan, options.color, &text);
	} else {
		records = dns_records_of(&build.plan);
		if (options.zone)
			dns_print_zone(&records, &text);
		else
			dns_print_text(&records, &text);
	}
	if (build_print(code == EXIT_DONE ? STDOUT_FILENO : STDERR_FILENO, &text) != 0)
		fatal_system("write", "standard output");
	buffer_free(&text);
	build_free(&build);
	return code;
}
