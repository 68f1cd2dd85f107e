/* text.c - the few things about strings that C lacks */
#include "base/text.h"

#include <limits.h>
#include <string.h>

#define NAME_LIMIT 64
#define WORD_BEGUN 3 /* letters of a word that tell which one was begun */

bool
text_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
text_ends(const char *text, const char *suffix)
{
	size_t len = strlen(text), tail = strlen(suffix);

	return len >= tail && strcmp(text + len - tail, suffix) == 0;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

char *
text_trim(struct arena *arena, const char *text)
{
	size_t len;

	while (is_blank(*text))
		text++;
	len = strlen(text);
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	return arena_strndup(arena, text, len);
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

char *
text_lower(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);

	for (char *c = copy; *c != '\0'; c++)
		*c = lower(*c);
	return copy;
}

/* mask - those of KEPT stay; a C1 character is 0xc2 and a byte from 0x80 to 0x9f */
static char *
mask(char *text, const char *kept)
{
	for (char *c = text; *c != '\0'; c++) {
		unsigned char byte = (unsigned char)*c, next = (unsigned char)c[1];

		if ((byte < ' ' && strchr(kept, *c) == NULL) || byte == 0x7f)
			*c = '?';
		else if (byte == 0xc2 && next >= 0x80 && next < 0xa0)
			c[0] = c[1] = '?';
	}
	return text;
}

char *
text_mask_controls(char *text)
{
	return mask(text, "");
}

char *
text_mask_lines(char *text)
{
	return mask(text, "\n\t");
}

static char
folded(char c)
{
	return c == '-' ? '_' : lower(c);
}

static int
least(int a, int b, int c)
{
	int least = a < b ? a : b;

	return least < c ? least : c;
}

int
text_distance(const char *a, const char *b)
{
	int rows[3][NAME_LIMIT];
	size_t a_len = strlen(a), b_len = strlen(b);

	if (a_len >= NAME_LIMIT || b_len >= NAME_LIMIT)
		return INT_MAX;
	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = (int)j;
	for (size_t i = 1; i <= a_len; i++) {
		int *row = rows[i % 3], *above = rows[(i - 1) % 3], *before = rows[(i + 1) % 3];

		row[0] = (int)i;
		for (size_t j = 1; j <= b_len; j++) {
			bool same = folded(a[i - 1]) == folded(b[j - 1]);

			row[j] = least(above[j] + 1, row[j - 1] + 1, above[j - 1] + !same);
			if (i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) &&
				folded(a[i - 2]) == folded(b[j - 1]) && before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
	}
	return rows[a_len % 3][b_len];
}

static bool
parts_words(char c)
{
	return c == '_' || c == '-' || c == '.' || c == '/';
}

/* is_short_for - "tls_cert" is for "tls_certificate": its last word is begun, and not ended */
static bool
is_short_for(const char *name, const char *whole)
{
	size_t len = strlen(name), word = 0;

	for (size_t i = 0; i < len; i++) {
		if (folded(name[i]) != folded(whole[i]))
			return false;
		word = parts_words(name[i]) ? 0 : word + 1;
	}
	return word >= WORD_BEGUN && whole[len] != '\0' && !parts_words(whole[len]);
}

/* whole_of - the shortest of NAMES that NAME is short for, or NULL */
static const char *
whole_of(const char *name, const char *const *names, size_t count)
{
	const char *whole = NULL;

	for (size_t i = 0; i < count; i++)
		if (is_short_for(name, names[i]) &&
			(whole == NULL || strlen(names[i]) < strlen(whole)))
			whole = names[i];
	return whole;
}

const char *
text_nearest(const char *name, const char *const *names, size_t count)
{
	size_t len = strlen(name);
	int allowed = len > 5 ? 3 : len > 2 ? 1 : 0;
	const char *nearest = whole_of(name, names, count);

	if (nearest != NULL)
		return nearest;
	for (size_t i = 0; i < count; i++) {
		int distance = text_distance(name, names[i]);

		if (distance < allowed || (distance == allowed && nearest == NULL)) {
			allowed = distance;
			nearest = names[i];
		}
	}
	return nearest;
}
