/* test_opendkim_keys.c - which key signs, by settings, files and what is remembered */
#include "unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/key.h"
#include "daemon/opendkim.h"

#include "plan_fixture.h"

#define DOMAIN "example.com"

static char root[] = "/tmp/test_opendkim_keys.XXXXXX";
static const char *keys[3]; /* three keys, of 1024 bits for they are made quickly */
static const char *publics[3];

/* write_file - at PATH below the root; "" removes it */
static void
write_file(const char *path, const char *text)
{
	char whole[512];
	FILE *file;

	snprintf(whole, sizeof(whole), "%s%s", root, path);
	unlink(whole);
	if (text[0] == '\0')
		return;
	file = fopen(whole, "w");
	if (file == NULL || fputs(text, file) == EOF || fclose(file) != 0)
		exit(1);
}

static void
write_key(const char *selector, const char *pem)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/" DOMAIN "/%s.private", DKIM_STATE_DIRECTORY, selector);
	write_file(path, pem);
}

/* write_state - one copy, or both, from lines after the title and the domain; "" removes */
static void
write_state(const char *name, const char *lines, const char *pem)
{
	char path[256], text[8192];

	snprintf(path, sizeof(path), "%s/" DOMAIN "/%s", DKIM_STATE_DIRECTORY, name);
	snprintf(text, sizeof(text), "mailinit-dkim 1\ndomain " DOMAIN "\n%s%s", lines, pem);
	write_file(path, lines[0] != '\0' ? text : "");
}

static void
clean(void)
{
	static const char *const selectors[] = {"default", "other", "new", "old"};

	for (size_t i = 0; i < sizeof(selectors) / sizeof(selectors[0]); i++)
		write_key(selectors[i], "");
	write_state(DKIM_STATE_NAME, "", "");
	write_state(DKIM_STATE_BACKUP, "", "");
}

static void
make(struct fixture *fixture, const char *selector)
{
	struct plan *plan = &fixture->plan;
	struct node *list;

	arena_init(&fixture->arena);
	findings_init(&fixture->findings, &fixture->arena);
	plan_init(plan, &fixture->arena, &fixture->findings);
	plan->root = root;
	plan->live = true;
	plan->settings = node_new(plan->arena, NODE_MAP, NULL);
	list = node_new(plan->arena, NODE_LIST, NULL);
	node_add(plan->arena, list, node_scalar(plan->arena, DOMAIN, NULL));
	node_set_path(plan->arena, plan->settings, "dkim.domains", list);
	node_set_path(plan->arena, plan->settings, "dkim.selector",
		node_scalar(plan->arena, selector, NULL));
}

static const struct plan_dkim_key *
plan_keys(struct fixture *fixture, const char *selector)
{
	make(fixture, selector);
	opendkim_add_keys(&fixture->plan, 1);
	return &fixture->plan.dkim_keys[0];
}

static bool
is_key(const struct plan_dkim_key *key, int number)
{
	return key->public_key != NULL && strcmp(key->public_key, publics[number]) == 0;
}

/* copy_of - the key that OpenDKIM will find under SELECTOR; "" when there is none */
static const char *
copy_of(const struct fixture *fixture, const char *selector)
{
	char name[128];
	const struct plan_file *file;

	snprintf(name, sizeof(name), "opendkim/keys/" DOMAIN ".%s.private", selector);
	file = plan_find_file(&fixture->plan, name);
	return file != NULL ? buffer_text(&file->content) : "";
}

static void
test_first(void)
{
	struct fixture fixture;
	const struct plan_dkim_key *key;

	clean();
	key = plan_keys(&fixture, "default");
	CHECK(key->generate && key->state == NULL, "nothing is there: a key is made");
	drop(&fixture);
	write_key("default", keys[0]);
	key = plan_keys(&fixture, "default");
	CHECK(is_key(key, 0) && !key->generate && key->state == NULL, "a given key is taken");
	CHECK_TEXT(copy_of(&fixture, "default"), keys[0], "and copied");
	drop(&fixture);
}

static void
test_remembered(void)
{
	static const char lines[] = "configured default\nactive default 100 made\n";
	struct fixture fixture;
	const struct plan_dkim_key *key;

	clean();
	write_key("default", keys[0]);
	write_state(DKIM_STATE_NAME, lines, keys[0]);
	key = plan_keys(&fixture, "default");
	CHECK(is_key(key, 0) && key->state != NULL && fixture.findings.count == 1,
		"all as it was: nothing but the key's size is told");
	drop(&fixture);

	write_key("other", keys[1]);
	key = plan_keys(&fixture, "other");
	CHECK_TEXT(key->selector, "default", "another selector in the settings signs nothing");
	CHECK(is_key(key, 0) && found(&fixture, "dkim-selector-waits") == 1, "and is told");
	drop(&fixture);

	write_key("default", keys[2]);
	key = plan_keys(&fixture, "default");
	CHECK(is_key(key, 0) && found(&fixture, "dkim-key-kept") == 1,
		"a swapped file is told, and the kept key signs");
	CHECK(key->file_public_key != NULL && strcmp(key->file_public_key, publics[2]) == 0,
		"what the file holds is known");
	CHECK_TEXT(copy_of(&fixture, "default"), keys[0], "OpenDKIM has the kept one");
	drop(&fixture);

	write_key("default", "garbage");
	key = plan_keys(&fixture, "default");
	CHECK(is_key(key, 0) && found(&fixture, "dkim-key-kept") == 1, "a damaged file too");
	drop(&fixture);
	write_key("default", "");
	key = plan_keys(&fixture, "default");
	CHECK(is_key(key, 0) && !key->generate && found(&fixture, "dkim-key-kept") == 1,
		"a lost file too: no other key is made");
	drop(&fixture);
}

static void
test_rotation(void)
{
	char lines[4096];
	struct fixture fixture;
	const struct plan_dkim_key *key;

	clean();
	snprintf(lines, sizeof(lines),
		"configured default\nactive default 100 made\nnext new 200 0 made\n"
		"old old 300 made %s\n",
		publics[2]);
	write_key("default", keys[0]);
	write_key("old", keys[2]);
	write_state(DKIM_STATE_NAME, lines, keys[0]);
	key = plan_keys(&fixture, "default");
	CHECK(is_key(key, 0) && key->next_public_key == NULL, "a next key that was not made yet");
	drop(&fixture);
	write_key("new", keys[1]);
	key = plan_keys(&fixture, "default");
	CHECK(is_key(key, 0) && strcmp(key->next_public_key, publics[1]) == 0,
		"a next key is known, and does not sign");
	CHECK(found(&fixture, "dkim-rotation-pending") == 1, "that it waits is told");
	CHECK_TEXT(copy_of(&fixture, "new"), "", "OpenDKIM has no copy of it");
	CHECK_TEXT(copy_of(&fixture, "old"), keys[2], "of an old one it has, for what has begun");
	drop(&fixture);
}

static void
test_damaged(void)
{
	static const char lines[] = "configured default\nactive other 100 made\n";
	struct fixture fixture;
	const struct plan_dkim_key *key;

	clean();
	write_key("default", keys[0]);
	write_key("other", keys[1]);
	write_state(DKIM_STATE_NAME, "active nonsense\n", keys[1]);
	write_state(DKIM_STATE_BACKUP, lines, keys[1]);
	key = plan_keys(&fixture, "default");
	CHECK(is_key(key, 1) && found(&fixture, "dkim-state-damaged") == 1,
		"the second copy says which key signs");
	drop(&fixture);
	write_state(DKIM_STATE_NAME, lines, "-----BEGIN RSA PRIVATE KEY-----\nnonsense\n");
	key = plan_keys(&fixture, "default");
	CHECK(is_key(key, 1) && found(&fixture, "dkim-state-damaged") == 1,
		"also when only the kept key is damaged");
	drop(&fixture);
	write_state(DKIM_STATE_BACKUP, "nonsense\n", "");
	key = plan_keys(&fixture, "default");
	CHECK(is_key(key, 0) && key->state_damaged && found(&fixture, "dkim-state-damaged") == 1,
		"with both damaged it is the settings' key");
	drop(&fixture);
	write_key("default", "");
	key = plan_keys(&fixture, "default");
	CHECK(!key->generate && found(&fixture, "dkim-key-missing") == 1, "which is not made anew");
	drop(&fixture);
}

static void
test_selectors(void)
{
	struct fixture fixture;
	struct node *selectors;

	clean();
	make(&fixture, "default");
	selectors = node_new(fixture.plan.arena, NODE_MAP, NULL);
	node_set(fixture.plan.arena, selectors, "EXAMPLE.com",
		node_scalar(fixture.plan.arena, "own", NULL));
	node_set(fixture.plan.arena, selectors, "example.con",
		node_scalar(fixture.plan.arena, "own", NULL));
	node_set_path(fixture.plan.arena, fixture.plan.settings, "dkim.selectors", selectors);
	opendkim_add_keys(&fixture.plan, 1);
	CHECK_TEXT(fixture.plan.dkim_keys[0].selector, "own", "a domain has a selector of its own");
	CHECK(found(&fixture, "dkim-selector-unused") == 1, "one of no domain is told");
	drop(&fixture);
}

int
main(void)
{
	struct arena arena;
	struct crypto_error error;
	struct key_facts facts;
	char path[512];

	arena_init(&arena);
	for (int i = 0; i < 3; i++) {
		if (key_generate_rsa(&arena, 1024, &keys[i], &error) != 0 ||
			key_read(&arena, keys[i], strlen(keys[i]), &facts, &error) != 0)
			return 1;
		publics[i] = facts.public_key;
	}
	if (mkdtemp(root) == NULL)
		return 1;
	snprintf(path, sizeof(path), "mkdir -p %s%s/" DOMAIN, root, DKIM_STATE_DIRECTORY);
	if (system(path) != 0)
		return 1;
	test_first();
	test_remembered();
	test_rotation();
	test_damaged();
	test_selectors();
	snprintf(path, sizeof(path), "rm -r %s", root);
	CHECK(system(path) == 0, "it is tidied up");
	arena_free(&arena);
	DONE();
}
