/* queue_sum.c - what postqueue says, message by message, and the sum of it */
#include "command/queue_sum.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json_read.h"

#define QUEUE_ID_MIN 5
#define QUEUE_ID_MAX 31
#define QUEUE_TIME_MAX INT64_C(253402300799) /* the last second of 9999 */

const char *
queue_part_name(enum queue_name name)
{
	static const char *const names[QUEUE_COUNT] = {
		"maildrop", "incoming", "active", "deferred", "hold", "corrupt"};

	return names[name];
}

bool
queue_is_id(const char *text)
{
	size_t len = strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

	return text[len] == '\0' && len >= QUEUE_ID_MIN && len <= QUEUE_ID_MAX;
}

/* A string of the object, or NULL. */
static const char *
string_of(const struct node *object, const char *key)
{
	const struct node *node = node_get(object, key);

	return node != NULL && node->type == NODE_SCALAR && node->quoted ? node->text : NULL;
}

static bool
number_of(const struct node *object, const char *key, int64_t *number)
{
	const struct node *node = node_get(object, key);
	char *end;

	if (node == NULL || node->type != NODE_SCALAR || node->quoted)
		return false;
	errno = 0;
	*number = strtoll(node->text, &end, 10);
	return *end == '\0' && errno == 0 && *number >= 0;
}

static bool
find_queue(const char *name, enum queue_name *queue)
{
	for (int i = 0; name != NULL && i < QUEUE_COUNT; i++)
		if (strcmp(name, queue_part_name((enum queue_name)i)) == 0) {
			*queue = (enum queue_name)i;
			return true;
		}
	return false;
}

static bool
recipients_are_sound(const struct node *recipients)
{
	if (recipients == NULL || recipients->type != NODE_LIST)
		return false;
	for (size_t i = 0; i < recipients->count; i++) {
		const struct node *one = recipients->items[i];
		const struct node *reason = node_get(one, "delay_reason");

		if (string_of(one, "address") == NULL)
			return false;
		if (reason != NULL && string_of(one, "delay_reason") == NULL)
			return false;
	}
	return true;
}

int
queue_read(struct arena *arena, const char *line, size_t len, struct queue_message *message,
	const char **why)
{
	size_t at;
	const struct node *object = json_read(arena, line, len, why, &at);

	if (object == NULL)
		return -1;
	*why = NULL;
	if (object->type != NODE_MAP)
		*why = "no object";
	else if (!find_queue(string_of(object, "queue_name"), &message->queue))
		*why = "queue_name is none of Postfix's queues";
	else if ((message->id = string_of(object, "queue_id")) == NULL || !queue_is_id(message->id))
		*why = "queue_id is no queue id";
	else if (!number_of(object, "arrival_time", &message->arrival) ||
		message->arrival > QUEUE_TIME_MAX)
		*why = "arrival_time is no time";
	else if (!number_of(object, "message_size", &message->size))
		*why = "message_size is no size";
	else if (!recipients_are_sound(message->recipients = node_get(object, "recipients")))
		*why = "recipients are no list of addresses";
	return *why == NULL ? 0 : -1;
}

void
queue_sum_init(struct queue_sum *sum, struct arena *arena)
{
	memset(sum, 0, sizeof(*sum));
	sum->arena = sum->reasons.arena = sum->domains.arena = arena;
}

/* Behind the last @, for one may stand within quotes before it. NULL: no domain. */
static const char *
domain_of(const char *address)
{
	const char *at = strrchr(address, '@');

	return at != NULL && at[1] != '\0' ? at + 1 : NULL;
}

bool
queue_address_in(const char *address, const char *domain)
{
	const char *own = domain_of(address);

	return own != NULL && strcasecmp(own, domain) == 0;
}

static void
add_domain(struct tally *domains, const char *address, struct buffer *room)
{
	const char *domain = domain_of(address);

	buffer_clear(room);
	if (domain == NULL)
		domain = "(none)";
	for (; *domain != '\0'; domain++)
		buffer_putc(
			room, (char)(*domain >= 'A' && *domain <= 'Z' ? *domain + 32 : *domain));
	tally_add(domains, buffer_text(room));
}

void
queue_sum_add(struct queue_sum *sum, const struct queue_message *message)
{
	struct queue_part *part = &sum->parts[message->queue];
	struct buffer room = {0};

	part->messages++;
	part->bytes += (uint64_t)message->size;
	if (part->oldest == 0 || message->arrival < part->oldest)
		part->oldest = message->arrival;
	for (size_t i = 0; i < message->recipients->count; i++) {
		const struct node *one = message->recipients->items[i];
		const char *reason = string_of(one, "delay_reason");

		add_domain(&sum->domains, string_of(one, "address"), &room);
		if (reason == NULL)
			continue;
		buffer_clear(&room);
		queue_fold(reason, &room);
		tally_add(&sum->reasons, buffer_text(&room));
	}
	buffer_free(&room);
}
