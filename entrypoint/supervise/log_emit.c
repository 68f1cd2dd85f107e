/* log_emit.c - records become lines, or are counted */
#include "supervise/log_emit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "supervise/log_fact.h"
#include "supervise/log_format.h"
#include "supervise/log_output.h"

static void
count_dropped(struct log_emitter *emitter, uint64_t lines)
{
	emitter->kept->dropped += lines;
	emitter->config->share->dropped += lines;
}

static bool
write_record(struct log_emitter *emitter, const struct log_record *record)
{
	const struct log_config *config = emitter->config;
	struct log_output *output = &emitter->kept->output;
	char *room =
		log_output_room(output, LOG_LINE_BYTES(record->message.len + record->fields.len));

	if (room == NULL)
		return false;
	log_output_add(
		output, log_write_record(room, record, config->format, config->mask, emitter->now));
	config->share->lines++;
	return true;
}

/* Loss is told as soon as there is room, before the next line. */
void
log_emit_loss(struct log_emitter *emitter)
{
	struct log_kept *kept = emitter->kept;
	char text[96];
	struct log_record record;
	int len;

	count_dropped(emitter, kept->output.lost_lines);
	kept->output.lost_lines = 0;
	if (kept->dropped == 0)
		return;
	len = snprintf(text, sizeof(text),
		"<%d>%llu log lines were dropped: standard output was not read",
		(int)LOG_LEVEL_WARNING, (unsigned long long)kept->dropped);
	log_read_own(&record, text, (size_t)len, getppid());
	if (write_record(emitter, &record))
		kept->dropped = 0;
}

void
log_emit(struct log_emitter *emitter, const struct log_record *record)
{
	if (record->level < emitter->config->level || record->message.len + record->cut == 0)
		return;
	log_emit_loss(emitter);
	if (emitter->kept->dropped > 0 || !write_record(emitter, record))
		count_dropped(emitter, 1);
}

/* The service's main process, or 0. */
static pid_t
main_process(const struct log_config *config, const struct log_piece *service)
{
	for (unsigned i = 0; i < config->count; i++) {
		const struct log_source *source = &config->sources[i];

		if (source->kind == LOG_LINES && strlen(source->name) == service->len &&
			memcmp(source->name, service->text, service->len) == 0)
			return config->share->pids[source->slot];
	}
	return 0;
}

void
log_note_fact(struct log_emitter *emitter, const struct log_record *record, pid_t sender)
{
	const struct log_config *config = emitter->config;
	int fact = log_fact_of(record);
	struct log_seen *seen;
	pid_t group;

	if (fact == FACT_NONE || sender <= 0)
		return;
	group = main_process(config, &record->service);
	if (group <= 0 || getpgid(sender) != group)
		return;
	if ((fact == FACT_THROTTLED || fact == FACT_POSTFIX_BEGINS) && sender != group)
		return;
	if (fact == FACT_POSTFIX_BEGINS) {
		config->share->facts[FACT_THROTTLED].over = emitter->now;
		return;
	}
	seen = &config->share->facts[fact];
	seen->count++;
	seen->last = emitter->now;
}
