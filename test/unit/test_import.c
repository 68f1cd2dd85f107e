/* What `mailinit import` prints of secrets: never one, and a way to keep each. */
#include "settings_case.h"

#include <string.h>

#include "command/import.h"

static struct buffer printed;

/* import - of these variables, into PRINTED */
static void
import(const char *const *environment)
{
	struct import run = {.arena = &arena, .out = &printed};
	struct settings_source source = {.root = ""};
	char **list = arena_alloc(&arena, 8 * sizeof(*list));

	for (size_t i = 0; environment[i] != NULL; i++)
		list[i] = arena_strdup(&arena, environment[i]);
	source.environment = list;
	source.variables = node_new(&arena, NODE_MAP, NULL);
	findings_init(&findings, &arena);
	run.settings = settings_load(&arena, &findings, &source);
	run.variables = source.variables;
	run.carried = node_new(&arena, NODE_MAP, NULL);
	run.files = node_new(&arena, NODE_MAP, NULL);
	buffer_clear(&printed);
	import_settings(&run);
}

#define IMPORT(...) import((const char *const[]){__VA_ARGS__, NULL})

static bool
has(const char *text)
{
	return strstr(buffer_text(&printed), text) != NULL;
}

static void
test_logins(void)
{
	const char *path =
		write_file("secret", "a.b@example.com:hidden1,a-b@example.com:hidden2\n");

	IMPORT("MAIL_HOSTNAME=mail.example.com",
		"SMTPD_SASL_USERS=a.b@example.com:hidden1,a-b@example.com:hidden2");
	CHECK(has("password_file: /run/secrets/mailbox_a_b_example_com_password  #") &&
			has("password_file: /run/secrets/mailbox_a_b_example_com_password_2  #"),
		"two logins never share the file of a password");
	CHECK(!has("hidden"), "and no password is shown");
	IMPORT("MAIL_HOSTNAME=mail.example.com",
		arena_printf(&arena, "SMTPD_SASL_USERS_FILE=%s", path));
	CHECK(has("address: a.b@example.com") && !has(path),
		"a file of all logins is no file of one password");
	CHECK(has("write the password alone, of SMTPD_SASL_USERS_FILE,"), "what it holds is told");
}

/* with "read: no" nothing of the volume's files counts any more */
static void
test_volume(void)
{
	write_file("postfix-main.cf", "smtp_sasl_password_maps = static:u:hidden\n");
	write_file("postfix-master.cf", "smtp/unix/smtp_sasl_password_maps=static:u:hidden\n");
	IMPORT("MAIL_HOSTNAME=mail.example.com",
		arena_printf(&arena, "MAIL_COMPAT_DIRECTORY=%s", directory));
	CHECK(has("\n  read: no  #"), "the volume is read no more");
	CHECK(has("# environment: POSTFIX_smtp_sasl_password_maps_FILE="
		  "/run/secrets/postfix_smtp_sasl_password_maps  #"),
		"a secret parameter becomes a variable");
	CHECK(has("write here what ") && has("postfix.options.smtp/unix/smtp_sasl_password_maps"),
		"what has no variable is told");
	CHECK(!has("stays as") && !has("hidden"), "nothing is said to stay, or shown");
	unlink(arena_printf(&arena, "%s/postfix-main.cf", directory));
	unlink(arena_printf(&arena, "%s/postfix-master.cf", directory));
}

int
main(void)
{
	settings_case_start();
	test_logins();
	test_volume();
	buffer_free(&printed);
	settings_case_end();
	DONE();
}
