/*
 * compose_command.c - what the service starts: `entrypoint` and `command`
 *
 * The flags that stand there decide which settings the container reads, so
 * those are read here too; what cannot be followed is told.
 */
#include "settings/compose_room.h"

#include <string.h>

#include "base/text.h"

#define WORDS_MAX 200 /* of a command; mailinit itself takes a few dozen files at most */

/* word_end - behind the word that starts at AT, whose text without its quotes goes to OUT */
static const char *
word_end(const char *at, struct buffer *out)
{
	char quote = '\0';

	for (; *at != '\0' && (quote != '\0' || strchr(" \t\n\r", *at) == NULL); at++) {
		if (quote == '\0' && (*at == '\'' || *at == '"'))
			quote = *at;
		else if (*at == quote)
			quote = '\0';
		else if (*at == '\\' && quote != '\'' && at[1] != '\0')
			buffer_putc(out, *++at);
		else
			buffer_putc(out, *at);
	}
	return at;
}

static void
add_word(struct compose *compose, struct node *words, const char *text, const struct node *place)
{
	if (words->count < WORDS_MAX)
		node_add(compose->arena, words, node_scalar(compose->arena, text, &place->origin));
	else
		compose_is_full(compose, place, "a command of more than 200 words");
}

/* split - the words of a command that is one text, as a shell has them */
static void
split(struct compose *compose, struct node *words, const char *text, const struct node *place)
{
	struct buffer word = {0};

	for (text += strspn(text, " \t\n\r"); *text != '\0' && !compose->full;
		text += strspn(text, " \t\n\r")) {
		buffer_clear(&word);
		text = word_end(text, &word);
		add_word(compose, words, arena_strdup(compose->arena, buffer_text(&word)), place);
	}
	buffer_free(&word);
}

/* take_words - adds the words of KEY, of the last of the chain that has it; NULL: none has it */
static const struct node *
take_words(struct compose *compose, const char *key, struct node *words)
{
	const struct node *found = NULL;

	for (size_t i = 0; i < compose->chain_count; i++) {
		const struct node *node = node_get(compose_enter(compose, i), key);

		if (node != NULL)
			found = node->type != NODE_NULL ? node : NULL;
	}
	if (found != NULL && found->type == NODE_SCALAR) {
		const char *text = compose_text(compose, found, key, true);

		split(compose, words, text != NULL ? text : "", found);
	} else if (found != NULL && found->type == NODE_MAP) {
		compose_refuse(compose, found, "%s must be a text or a list", key);
	}
	for (size_t i = 0; found != NULL && found->type == NODE_LIST && i < found->count; i++) {
		const char *text = compose_text(compose, found->items[i], key, true);

		if (text != NULL)
			add_word(compose, words, text, found->items[i]);
	}
	return found;
}

/* tell_other - WHAT is started, and it is not the mail server */
static void
tell_other(struct compose *compose, const struct node *place, const char *key, const char *what)
{
	struct finding *finding;

	compose_pass_over(compose, place,
		"the service's %s is \"%.64s\", which starts no mail server", key, what);
	finding = &compose->loading->findings->items[compose->loading->findings->count - 1];
	finding->effect = "What is reported here is what mailinit would do, were it started.";
	finding->help = "Remove entrypoint, and leave nothing but flags of mailinit in command.";
}

/* starts_us - whether the first of WORDS is our program, as PID 1 */
static bool
starts_us(const struct node *words)
{
	const char *first = words->items[0]->text, *slash = strrchr(first, '/');

	return strcmp(slash != NULL ? slash + 1 : first, "mailinit") == 0;
}

/* value_of - the value of FLAG at *AT, as "--flag value" or "--flag=value"; NULL if it is another */
static const char *
value_of(const char *flag, const struct node *words, size_t *at)
{
	const char *word = words->items[*at]->text;
	size_t len = strlen(flag);

	if (strncmp(word, flag, len) != 0)
		return NULL;
	if (word[len] == '=')
		return word + len + 1;
	if (word[len] != '\0' || *at + 1 >= words->count)
		return NULL;
	return words->items[++*at]->text;
}

/* take_flags - those from FROM on: configuration files are read, others are told */
static void
take_flags(struct compose *compose, const struct node *words, size_t from)
{
	struct loading *loading = compose->loading;

	for (size_t i = from; i < words->count && !compose_is_full(compose, words->items[i], NULL);
		i++) {
		const struct node *word = words->items[i];
		const char *file = value_of("--config", words, &i);

		if (file != NULL) {
			if (loading->container_configs == NULL)
				loading->container_configs =
					node_new(compose->arena, NODE_LIST, &word->origin);
			node_add(compose->arena, loading->container_configs,
				node_scalar(compose->arena, file, &word->origin));
			continue;
		}
		if (strcmp(word->text, "--dry-run") == 0) {
			tell_other(compose, word, "command", word->text);
			continue;
		}
		compose_pass_over(compose, word,
			"\"%.64s\" of the service's command is not followed", word->text);
		loading->findings->items[loading->findings->count - 1].help =
			"Give the flag to this command too, with the path that its file has here.";
		if (word->text[0] == '-' && strchr(word->text, '=') == NULL &&
			i + 1 < words->count && words->items[i + 1]->text[0] != '-')
			i++; /* its value */
	}
}

void
compose_command(struct compose *compose)
{
	struct node *words = node_new(compose->arena, NODE_LIST, NULL);
	const struct node *entrypoint = take_words(compose, "entrypoint", words);
	size_t from = entrypoint != NULL ? 1 : 0;

	if (entrypoint != NULL && (words->count == 0 || !starts_us(words))) {
		tell_other(compose, entrypoint, "entrypoint",
			words->count > 0 ? words->items[0]->text : "");
		return;
	}
	take_words(compose, "command", words);
	if (words->count > from && strcmp(words->items[from]->text, "run") == 0)
		from++;
	if (words->count > from && words->items[from]->text[0] != '-')
		tell_other(compose, words->items[from], "command", words->items[from]->text);
	else
		take_flags(compose, words, from);
}
