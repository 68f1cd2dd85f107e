/* dkim_record.c - whether the record of a selector is the one that is meant */
#include "dns/dkim_record.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "dns/tags.h"

#define SHOWN_MAX 60 /* bytes of a stranger's text in a message */

/* has_word - whether WORD is among the words of a list parted by colons, or a tag is absent */
static bool
has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = list; at != NULL; at = strchr(at, ':')) {
		const char *end;

		at += strspn(at, ": \t\r\n");
		end = at + strcspn(at, ": \t\r\n");
		if ((size_t)(end - at) == len && strncmp(at, word, len) == 0)
			return true;
		at = end;
	}
	return list == NULL;
}

/* unfolded - a key without the white space that may stand in it */
static const char *
unfolded(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text), *to = copy;

	for (const char *at = text; *at != '\0'; at++)
		if (!isspace((unsigned char)*at))
			*to++ = *at;
	*to = '\0';
	return copy;
}

static void
judge(struct dkim_published *published, enum dkim_verdict verdict, const char *text)
{
	published->verdict = verdict;
	published->text = text;
}

/* refused_for - why a verifier would not use the record, but for its key; NULL: it would */
static const char *
refused_for(const struct dns_tags *tags)
{
	const char *version = dns_tag(tags, "v");

	if (version != NULL &&
		(strcmp(version, "DKIM1") != 0 || strcmp(tags->items[0].name, "v") != 0))
		return "it does not begin with v=DKIM1";
	if (strcmp(dns_tag(tags, "k") != NULL ? dns_tag(tags, "k") : "rsa", "rsa") != 0)
		return "its k= is not rsa";
	if (!has_word(dns_tag(tags, "h"), "sha256"))
		return "its h= lacks sha256";
	if (dns_tag(tags, "s") != NULL && !has_word(dns_tag(tags, "s"), "*") &&
		!has_word(dns_tag(tags, "s"), "email"))
		return "its s= is not for mail";
	return NULL;
}

/* judge_key - the p= of a record that is good besides */
static void
judge_key(
	struct arena *arena, const char *theirs, const char *ours, struct dkim_published *published)
{
	size_t len = strlen(theirs);

	if (len == 0)
		judge(published, DKIM_REVOKED, "its p= is empty: the key is revoked");
	else if (strcmp(theirs, ours) == 0)
		judge(published, DKIM_RIGHT, "DNS shows the key");
	else if (strncmp(theirs, ours, len) == 0)
		judge(published, DKIM_CUT,
			arena_printf(arena,
				"its p= is cut off after %zu of %zu characters: a string of a TXT "
				"record holds 255, the rest belongs into a second one of the same "
				"record",
				len, strlen(ours)));
	else
		judge(published, DKIM_OTHER_KEY, "its p= is that of another key");
}

static void
judge_record(struct arena *arena, const struct dns_item *item, const char *public_key,
	struct dkim_published *published)
{
	struct dns_tags tags;
	const char *wrong = strlen(item->text) != item->len
		? "it has a NUL byte"
		: dns_tags_read(arena, item->text, &tags);

	if (wrong == NULL && dns_tag(&tags, "p") == NULL)
		wrong = "it has no p=";
	if (wrong == NULL)
		wrong = refused_for(&tags);
	if (wrong == NULL) {
		judge_key(arena, unfolded(arena, dns_tag(&tags, "p")), public_key, published);
		return;
	}
	judge(published, DKIM_MALFORMED,
		arena_printf(arena, "verifiers refuse the record: %s (\"%s\")", wrong,
			text_mask_controls(arena_strndup(arena, item->text,
				strlen(item->text) < SHOWN_MAX ? strlen(item->text) : SHOWN_MAX))));
}

void
dkim_record_judge(struct arena *arena, const struct dns_answer *answer, const char *public_key,
	struct dkim_published *published)
{
	*published = (struct dkim_published){.negative_ttl = answer->negative_ttl};
	if (answer->status == DNS_NO_NAME || answer->status == DNS_NO_DATA) {
		judge(published, DKIM_MISSING, "DNS does not show it");
	} else if (answer->status != DNS_FOUND) {
		judge(published, DKIM_UNKNOWN,
			answer->server != NULL
				? arena_printf(arena, "DNS could not be asked: %s: %s",
					  answer->server, answer->why)
				: arena_printf(arena, "DNS could not be asked: %s", answer->why));
	} else {
		published->ttl = answer->items[0].ttl;
		if (answer->count > 1)
			judge(published, DKIM_SEVERAL,
				arena_printf(arena,
					"there are %zu records, and there must be one: verifiers "
					"may "
					"take any of them",
					answer->count));
		else
			judge_record(arena, &answer->items[0], public_key, published);
	}
}

const char *
dkim_verdict_name(enum dkim_verdict verdict)
{
	static const char *const names[] = {
		[DKIM_RIGHT] = "right",
		[DKIM_MISSING] = "missing",
		[DKIM_SEVERAL] = "several",
		[DKIM_OTHER_KEY] = "other-key",
		[DKIM_CUT] = "cut-off",
		[DKIM_REVOKED] = "revoked",
		[DKIM_MALFORMED] = "malformed",
		[DKIM_UNKNOWN] = "unknown",
	};

	return names[verdict];
}
