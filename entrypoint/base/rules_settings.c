/* rules_settings.c - the catalogue: what the environment and the YAML file say */
#include "base/rules.h"

const struct rule rules_settings[] = {
	{"env-unknown", SEVERITY_ERROR, true, "A MAIL_ variable that mailinit does not know",
		"The setting that was meant would keep its default.",
		"Correct the name, or remove the variable.", "",
		"Images take what they know and pass over the rest: the container starts, and the "
		"misspelt variable does nothing.",
		"`MAIL_HOSTNAM=mail.example.com`"},
	{"env-both-forms", SEVERITY_ERROR, true, "A variable and its _FILE form are both set",
		"It is undecided which of the two values mail would run with.",
		"Keep one of the two.", "",
		"Where one of the two silently counts, a password that is changed in the file is "
		"never used: `535 5.7.8` at the smarthost.",
		"`MAIL_RELAY_PASSWORD=one`, with `MAIL_RELAY_HOST=[smtp.example.net]:587` and "
		"`MAIL_RELAY_USERNAME=us` and `MAIL_RELAY_PASSWORD_FILE=/run/secrets/relay`"},
	{"env-ignored", SEVERITY_NOTE, false,
		"A variable of another image that mailinit has no use for", "It has no effect.",
		"Remove it, or use the setting that does what it did.", "",
		"Who changes the image keeps the variables; what the old image did with them "
		"silently stops.",
		"`OPENDKIM_SOMETHING=1`"},
	{"secret-unreadable", SEVERITY_ERROR, true,
		"A file named by a _FILE variable or setting cannot be read",
		"The secret is missing: authentication with it would fail.",
		"Mount the file, or correct its path and mode.", "",
		"docker-mailserver warns of a missing __FILE and goes on: the relay has no "
		"password, and each mail waits with `dsn=4.7.8 (SASL authentication failed)` for "
		"five days.",
		"`MAIL_RELAY_PASSWORD_FILE=/run/secrets/rely`, with "
		"`MAIL_RELAY_HOST=[smtp.example.net]:587` and `MAIL_RELAY_USERNAME=us`"},
	{"not-checked", SEVERITY_NOTE, false, "A file that only the container has was not checked",
		"Nothing yet: the container itself checks it at its start.",
		"Use --root to check against a file system that has it.", "",
		"A check that is green because it could not look says nothing; so what was not "
		"looked at is named.",
		"`MAIL_MAILBOXES_FILE=/etc/mail/users`"},
	{"value-newline", SEVERITY_ERROR, true, "A value holds a line break or a control character",
		"It would start a new line, hence a new parameter, in a configuration file.",
		"Remove the line break; a file's last one is dropped for you.", "",
		"Written into main.cf as it is, a value with a line break begins a parameter of "
		"its own, such as `mynetworks = 0.0.0.0/0`.",
		"`postfix: {main: {relay_clientcerts: \"a\\nmynetworks = 0.0.0.0/0\"}}` in "
		"mailinit.yaml"},
	{"value-type", SEVERITY_ERROR, true, "A value is not of the setting's type",
		"The value cannot be used, so what it asks for would not happen.",
		"Write it as `mailinit schema` and `mailinit explain` say for this setting.", "",
		"Shells make 8x to 0, or take the first word: a value is then in effect that "
		"nobody wrote.",
		"`MAIL_STOP_TIMEOUT=8x`"},
	{"setting-required", SEVERITY_ERROR, true, "A setting that the roles need is missing",
		"Mail cannot be accepted without it.", "Set it.", "",
		"With the image changed alone, the variables of Mailu or mailcow name no domain "
		"that is known here: `554 5.7.1 Relay access denied` for every mail.",
		"`MAIL_DOMAINS=`"},
	{"setting-overridden", SEVERITY_NOTE, false,
		"Two sources give different values for one setting",
		"One of them counts, and the other does nothing; the message says which.",
		"Keep one of them.", "",
		"Mailu#1378, bokysan/docker-postfix#62: which of two places counts was found out "
		"by trying.",
		"`POSTFIX_relayhost=[smtp.example.org]:587`, with "
		"`MAIL_RELAY_HOST=[smtp.example.net]:587`"},
	{"hostname-invalid", SEVERITY_ERROR, true, "The host name is no full domain name",
		"Other servers refuse mail whose HELO is no full name; certificates cannot name "
		"it.",
		"Set MAIL_HOSTNAME to the full name of this server, as in mail.example.com.",
		"RFC 5321 section 4.1.1.1",
		"An image built with `docker build` freezes the name of its build container, as in "
		"`myhostname = c11b8524ccaf`: other servers answer `504 5.5.2 Helo command "
		"rejected: need fully-qualified hostname`. See docker-mailserver-helm#168.",
		"`MAIL_HOSTNAME=c11b8524ccaf`"},
	{"yaml-syntax", SEVERITY_ERROR, true, "The YAML file cannot be read as YAML",
		"No setting of the file is known.", "Correct the place that is shown.", "",
		"A reader that takes what it can of a broken file starts with half of the "
		"settings.",
		"`log: {format: json` in mailinit.yaml"},
	{"yaml-unknown-key", SEVERITY_ERROR, true, "A key that mailinit does not know",
		"The setting that was meant would keep its default.",
		"Correct the name, or remove the line.", "",
		"A key with two letters swapped keeps its default, which for a restriction means: "
		"open.",
		"`domians: [example.org]` in mailinit.yaml"},
	{"yaml-duplicate-key", SEVERITY_ERROR, true, "A key stands twice in one map",
		"Only one of the two values would count.", "Keep one of them.", "",
		"YAML readers differ in which of two equal keys counts: most take the last, some "
		"the first, none says so.",
		"`hostname: mx.example.com` in mailinit.yaml"},
	{"yaml-alias", SEVERITY_ERROR, true, "An alias or merge key",
		"Aliases can make a small file large; they are not followed.",
		"Write the value out where it is needed.", "",
		"Nine lines of aliases to aliases become gigabytes in readers that follow them "
		"(\"billion laughs\").",
		"`domains: &ours [example.com]` in mailinit.yaml"},
	{"yaml-limit", SEVERITY_ERROR, true, "The YAML file is too large or nested too deep",
		"It is not read.", "Keep it under 16 MB and 64 levels.", "",
		"A configuration generated in a loop, or a wrong file mounted at its place, would "
		"fill the memory of the container before the first line of the log.",
		"`networks: [[[[…]]]]`, more than 64 levels deep"},
	{"yaml-number-lookalike", SEVERITY_WARNING, false,
		"A value that YAML readers take for different numbers",
		"None here: it stays the text that it is. Other tools read 0600 as 384, 25:30 as "
		"1530.",
		"Write it in quotes.", "YAML 1.1, int type",
		"YAML 1.1 reads 0600 as 384 and 25:30 as 1530; YAML 1.2 does not. What a file "
		"means depends on the tool.",
		"`limits: {recipients: 0100}` in mailinit.yaml"},
	{"yaml-comment-in-value", SEVERITY_WARNING, false,
		"A # directly before a word, behind a value",
		"If it was meant as part of the value, the value is cut before it.",
		"Write the value in quotes, or put a blank behind the #.", "YAML 1.2 section 6.6",
		"`password: abc #1` is \"abc\" for every YAML reader.",
		"`relay: {host: smtp.example.net #587` in mailinit.yaml"},
	{"config-unreadable", SEVERITY_ERROR, true, "The configuration file cannot be read",
		"No setting of the file is known.", "Correct its path and mode.", "",
		"Docker makes an empty directory where the source of a mount is missing: the "
		"settings are gone, and the image starts with its defaults.",
		"`--config absent.yaml`"},
	{"config-twice", SEVERITY_ERROR, true, "A configuration file is named twice",
		"It is undecided which place in the order was meant.",
		"Name it once; of two files the later one wins.", "",
		"An override that is named twice changes places with what it was to override.",
		"`--config x.yaml --config x.yaml`"},
	{"networks-unknown", SEVERITY_ERROR, true,
		"The container's own networks cannot be found out",
		"The clients that `container` or `connected` stand for could not relay.",
		"List the networks in `networks` by their addresses.", "",
		"Without its own addresses the list would lack the clients that were meant: `554 "
		"5.7.1 Relay access denied`.",
		"a container in which no socket can be made, with `MAIL_NETWORKS=connected`"},
	{"passthrough-name", SEVERITY_ERROR, true,
		"A raw setting's name is none that its file can have",
		"The daemon would refuse the file.",
		"Correct the name: POSTFIX_<parameter>, POSTFIXMASTER_<service>__<type>, "
		"DOVECOT_<setting>, OPENDKIM_<Key>.",
		"postconf(5), master(5)",
		"A name with a blank or = in it ends up as a line of its own, and Postfix dies "
		"with `missing '=' after attribute name`.",
		"`postfix: {main: {\"smtp banner\": x}}` in mailinit.yaml"},
	{"target-unknown", SEVERITY_ERROR, true, "--target names no image that is known",
		"The files cannot be rendered for it.",
		"Use debian13 (or trixie), debian12 (or bookworm), or an image's target file.", "",
		"Files made for Dovecot 2.3 end Dovecot 2.4 with `The first setting must be "
		"dovecot_config_version`, exit 89, and the other way round with `Unknown setting`.",
		"`--target debian10`"},
	{"secret-in-environment", SEVERITY_NOTE, false,
		"A password stands in the environment, or among the settings",
		"None to mail. `docker inspect`, and every file that sets it, shows the password.",
		"Put it into a file, and name that: MAIL_RELAY_PASSWORD_FILE.",
		"Compose specification, secrets",
		"bokysan/docker-postfix unsets RELAYHOST_PASSWORD in its shell: `docker inspect`, "
		"/proc/1/environ and the compose file in the repository show it all the same.",
		"`MAIL_RELAY_PASSWORD=secret`, with `MAIL_RELAY_HOST=[smtp.example.net]:587` and "
		"`MAIL_RELAY_USERNAME=us`"},
	{"secret-open", SEVERITY_NOTE, false, "A file with a password can be read by every user",
		"None to mail. Any program in the container can read the password.",
		"Give the file mode 0400; mailinit reads it as root.", "",
		"With mode 0644 every program of the container can read it, those that talk to "
		"strangers included.",
		"`chmod 0644` of a file that a _FILE variable names"},
	{"secret-in-main-cf", SEVERITY_WARNING, false, "A password stands in main.cf",
		"Every user of the container reads it there, and postconf shows it.",
		"Put it into a file of postfix.tables, or use relay.username and "
		"MAIL_RELAY_PASSWORD_FILE.",
		"SASL_README of Postfix, smtp_sasl_password_maps",
		"main.cf has mode 0644, for all of Postfix reads it; `postconf -n`, which people "
		"post when they ask for help, prints the password.",
		"`POSTFIX_smtp_sasl_password_maps=inline:{smtp.example.net=us:secret}`"},
	{0},
};
