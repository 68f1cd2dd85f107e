/*
 * watch_list.c - the watched paths as a file
 *
 * A head, then one row a path: its mark, the length of the path, the path and
 * a NUL. Rows are copied out byte by byte, so they need no alignment.
 */
#include "base/watch_list.h"

#include <stdint.h>
#include <string.h>

#define MAGIC 0x4d575401u /* "MWT", version 1 */

struct head {
	uint32_t magic, row_bytes;
};

struct row {
	struct watch_mark mark;
	uint32_t path_bytes; /* with its NUL */
};

size_t
watch_list_write(const struct watched *items, size_t count, struct buffer *out)
{
	const struct head head = {.magic = MAGIC, .row_bytes = sizeof(struct row)};
	size_t left_out = 0;

	buffer_append(out, &head, sizeof(head));
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(items[i].path) + 1;
		struct row row;

		if (items[i].path[0] != '/' || len > WATCH_PATH_BYTES ||
			out->len + sizeof(row) + len > WATCH_LIST_BYTES) {
			left_out++;
			continue;
		}
		memset(&row, 0, sizeof(row)); /* the padding too: same list, same bytes */
		row.mark = items[i].mark;
		row.path_bytes = (uint32_t)len;
		buffer_append(out, &row, sizeof(row));
		buffer_append(out, items[i].path, len);
	}
	return left_out;
}

int
watch_list_begin(struct watch_list *list, const void *data, size_t size)
{
	struct head head;

	if (size < sizeof(head) || size > WATCH_LIST_BYTES)
		return -1;
	memcpy(&head, data, sizeof(head));
	if (head.magic != MAGIC || head.row_bytes != sizeof(struct row))
		return -1;
	list->data = data;
	list->size = size;
	list->at = sizeof(head);
	return 0;
}

int
watch_list_next(struct watch_list *list, struct watched *item)
{
	struct row row;
	const char *path;

	if (list->at == list->size)
		return 0;
	if (list->size - list->at < sizeof(row))
		return -1;
	memcpy(&row, list->data + list->at, sizeof(row));
	path = list->data + list->at + sizeof(row);
	if (row.path_bytes < 2 || row.path_bytes > WATCH_PATH_BYTES ||
		row.path_bytes > list->size - list->at - sizeof(row) || path[0] != '/' ||
		memchr(path, '\0', row.path_bytes) != path + row.path_bytes - 1)
		return -1;
	item->path = path;
	item->mark = row.mark;
	list->at += sizeof(row) + row.path_bytes;
	return 1;
}
