/* finding_json.c - findings for other programs */
#include "report/finding_json.h"

#include "report/json.h"

static void
put_number(int number, struct buffer *out)
{
	if (number > 0)
		buffer_printf(out, "%d", number);
	else
		buffer_puts(out, "null");
}

void
finding_json_origin(const struct origin *origin, struct buffer *out)
{
	buffer_puts(out, "{\"kind\": ");
	json_string(out, origin_kind_name(origin->kind));
	buffer_puts(out, ", \"name\": ");
	json_string(out, origin->name);
	buffer_puts(out, ", \"file\": ");
	json_string(out, origin->file);
	buffer_puts(out, ", \"line\": ");
	put_number(origin->line, out);
	buffer_puts(out, ", \"column\": ");
	put_number(origin->line > 0 ? origin->column : 0, out);
	buffer_putc(out, '}');
}

void
finding_json(const struct finding *finding, struct buffer *out)
{
	buffer_puts(out, "{\"id\": ");
	json_string(out, finding->rule->id);
	buffer_printf(out, ", \"severity\": \"%s\", \"refuses\": %s, \"waived\": %s, \"message\": ",
		severity_name(finding->severity), finding->refuses ? "true" : "false",
		finding->waived ? "true" : "false");
	json_string(out, finding->message);
	buffer_puts(out, ", \"origin\": ");
	finding_json_origin(&finding->origin, out);
	buffer_puts(out, ", \"effect\": ");
	json_string(out, finding->effect);
	buffer_puts(out, ", \"help\": ");
	json_string(out, finding->help);
	buffer_putc(out, '}');
}
