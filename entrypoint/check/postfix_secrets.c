/* postfix_secrets.c - passwords in main.cf, which every process of the container reads */
#include <string.h>

#include "base/text.h"
#include "check/postfix.h"

/* holds_password - by the parameter, and a value that is the password and no file that has it */
static bool
holds_password(const struct postfix_setting *setting)
{
	const char *value = setting->value;

	if (value[0] == '\0' || strchr(value, '$') == value)
		return false;
	if (text_ends(setting->name, "_password_maps"))
		return strstr(value, "inline:") != NULL || strstr(value, "static:") != NULL;
	/* of a table such as ldap_bind_pw (ldap_table(5)), mysql_password (mysql_table(5)) */
	return text_ends(setting->name, "_bind_pw") || text_ends(setting->name, "sql_password");
}

void
postfix_check_secrets(struct postfix_check *check)
{
	for (size_t i = 0; i < check->setting_count; i++) {
		const struct postfix_setting *setting = &check->settings[i];

		if (holds_password(setting) && (setting->file->mode & 0004) != 0)
			postfix_say(check, "secret-in-main-cf", setting, setting->value_at,
				"%s holds a password, and every user of the container can read %s",
				setting->name, plan_shown_path(check->plan, setting->file));
	}
}
