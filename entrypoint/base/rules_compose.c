/* rules_compose.c - the catalogue: variables of other images, env-files and compose files */
#include "base/rules.h"

const struct rule rules_compose[] = {
	{"compat-out-of-scope", SEVERITY_NOTE, false,
		"A variable of another image whose work is not done here, or not needed",
		"It has no effect.",
		"Remove it; the message says what there is instead, docs/variables.md has them "
		"all.",
		"",
		"What the old image did besides mail, such as filtering spam, is not done here.",
		"`ENABLE_CLAMAV=1`"},
	{"listener-published", SEVERITY_WARNING, false,
		"A port that asks for no password is published on all addresses of the machine",
		"Everybody who reaches the machine can put mail into the mailboxes, try passwords, "
		"or have mail signed.",
		"Begin the port with an address that only the partner reaches, as in "
		"\"10.8.0.2:24:24\", or remove it: containers of one network need no published "
		"port.",
		"Docker's manual, \"Packet filtering and firewalls\"",
		"A port published on 0.0.0.0 is open although ufw denies it: the engine's own "
		"rules "
		"come first.",
		"`ports: [\"24:24\"]` in a compose file"},
	{"port-unheard", SEVERITY_WARNING, false,
		"A port is published at which nothing of the container listens",
		"Whoever connects is refused: other servers keep their mail, or people cannot "
		"read.",
		"Add the role that listens there to roles (mx: 25; submission: 465 and 587; "
		"mailstore: IMAP and POP3), or remove the port.",
		"",
		"A mail store whose compose file still published 25 and 587 from the time when it "
		"did "
		"all: the edge was forgotten in DNS, and senders saw `Connection refused`.",
		"`ports: [\"143:143\"]` in a compose file, with `MAIL_ROLES: mx`"},
	{"compat-by-hand", SEVERITY_WARNING, false,
		"A variable of another image asks for what must be said in another way",
		"What it asks for does not happen.",
		"Do as the message says, and remove the variable, or the file.", "",
		"bokysan/docker-postfix takes its host name from the address record of the "
		"address that it is seen by; here nobody outside is asked.",
		"`AUTOSET_HOSTNAME=1`"},
	{"compat-differs", SEVERITY_NOTE, false,
		"A variable of another image means something a little different here",
		"What the message says.",
		"Nothing need be done, unless the difference matters: the message names the "
		"setting.",
		"",
		"bokysan/docker-postfix sends the password to whatever certificate the smarthost "
		"shows; here mail waits (`certificate verification failed`) until the name is "
		"right.",
		"`RELAYHOST=[smtp.example.net]:587`, with `RELAYHOST_USERNAME=apikey` and "
		"`RELAYHOST_PASSWORD=secret`"},
	{"compat-keys-left", SEVERITY_WARNING, false,
		"The DKIM keys of another image are not taken over",
		"New keys are made: the published records do not fit, and receivers see broken "
		"signatures.",
		"Put each key at DIRECTORY/DOMAIN/SELECTOR.private, as in "
		"example.com/mail.private, "
		"and set dkim.keys to DIRECTORY and dkim.selector; or set dkim.keys to its default "
		"to say that new keys are meant.",
		"",
		"DKIM keys that lie in another layout are not found: a new one is made, and "
		"receivers see `dkim=fail (bad signature)` until DNS has its record.",
		"`DKIM_AUTOGENERATE=1`, with `ALLOWED_SENDER_DOMAINS=example.com`"},
	{"compat-mailboxes-left", SEVERITY_WARNING, false,
		"The accounts of another image are not taken over",
		"Nobody can log in, and mail for the domains is refused with 550.",
		"Mount its config volume at /tmp/docker-mailserver (compat.directory): "
		"postfix-accounts.cf and postfix-virtual.cf are read there; or set mailboxes.file "
		"to postfix-accounts.cf, and aliases.",
		"",
		"docker-mailserver keeps accounts in postfix-accounts.cf: with the image changed "
		"alone, every recipient is unknown and answered with 550.",
		"`SSL_TYPE=letsencrypt`"},
	{"env-file-syntax", SEVERITY_ERROR, true, "A line of the env-file cannot be read",
		"The variable of that line is not known.",
		"Write NAME=value; quote a value with ' when it has blanks at its ends, # or $.",
		"Compose specification, env_file",
		"A quote that never ends makes the lines behind it a part of the value: the "
		"settings after it are gone.",
		"`MAIL_LOG_FORMAT=\"json`"},
	{"env-file-dollar", SEVERITY_WARNING, false, "A $ outside single quotes in an env-file",
		"Compose replaces $NAME by a variable: a password with $ in it changes.",
		"Put the value in single quotes.", "Compose specification, interpolation",
		"compose puts nothing in the place of $NAME: a password with a $ arrives shorter, "
		"and the smarthost answers `535 5.7.8`.",
		"`MAIL_RELAY_HOST=${SMARTHOST}`"},
	{"compose-invalid", SEVERITY_ERROR, true, "Something that compose would refuse",
		"`docker compose up` would not start the service, or mailinit cannot tell which.",
		"Correct the place; `docker compose config` shows what compose makes of it.",
		"Compose specification",
		"`docker compose up` ends with an error, and the old container goes on with the "
		"old settings.",
		"`enviroment: {}` in a compose file"},
	{"compose-unsupported", SEVERITY_WARNING, false,
		"A part of a compose file that mailinit does not follow",
		"What is reported here may differ from what the container is given.",
		"Give mailinit the output of `docker compose config` instead: `docker compose "
		"config | mailinit check --compose -`.",
		"Compose specification",
		"An entrypoint such as tini in front takes the signals: PID 1 is then not "
		"mailinit, and a stop cuts sessions.",
		"`entrypoint: [\"/usr/bin/tini\", \"--\", \"/usr/sbin/mailinit\"]` in a compose "
		"file"},
	{"compose-interpolation", SEVERITY_ERROR, true, "A ${NAME} that cannot be replaced",
		"Compose would stop before it starts anything.",
		"Set the variable in .env or the environment; write $$ for a dollar sign.",
		"Compose specification, interpolation",
		"`docker compose up` ends before it starts anything: `required variable … is "
		"missing a value`.",
		"`MAIL_LOG_FORMAT: ${FORMAT:?say which}` in a compose file"},
	{"compose-healthcheck", SEVERITY_WARNING, false,
		"A health check in a compose file that does not ask mailinit",
		"Its programs (ss, netstat, nc, curl) are not in the image: Docker calls the "
		"container unhealthy for good, `depends_on` with `service_healthy` is never met, "
		"and an orchestrator restarts it.",
		"Remove `test:` of the healthcheck: the image's own asks `mailinit health "
		"--quick`. interval and start_period may stay.",
		"Compose specification, healthcheck",
		"A compose file kept docker-mailserver's check when the image changed: mail went "
		"through, and the container was `unhealthy`, with `ss: not found` in its health "
		"log.",
		"`healthcheck: {test: \"ss --listening --tcp | grep -q :smtp\"}` in a compose "
		"file"},
	{"compose-networks-shared", SEVERITY_WARNING, false,
		"Another service reaches this one over two networks, and may relay from one of "
		"them",
		"The name of the mail server has two addresses there: by one of them the service's "
		"mail is taken, by the other it is refused with 554.",
		"Let the two share one network alone; give the mail server a network of its own as "
		"its way out.",
		"",
		"An application and its relay were both in `default` and in a network of their "
		"own: "
		"a mail now and then was answered with `554 5.7.1 … Access denied`.",
		"`networks: [default, mail]` for both services, and the addresses of `mail` in "
		"MAIL_NETWORKS"},
	{"compose-partner-missing", SEVERITY_WARNING, false,
		"A partner by a name that no service of the compose file has",
		"Mail for it waits, clients are put off with 451, or nobody logs in: it depends on "
		"what the partner is for.",
		"Write the name of a service of the file, or one of its aliases; a server outside "
		"has a full name.",
		"Compose specification, networks",
		"`status=deferred (unable to look up host dovecott: Name or service not known)`: "
		"one "
		"letter too many, and each look-up fails.",
		"`MAIL_MILTERS: inet:mial:11332` in a compose file"},
	{"compose-partner-closed", SEVERITY_WARNING, false,
		"A partner of the compose file has nothing at the port that it is asked at",
		"Connections are refused: mail for it waits, clients are put off with 451, or "
		"nobody "
		"logs in: it depends on what the partner is for.",
		"Correct the port here; or have the partner listen there, by its role and its "
		"listen.lmtp, listen.sasl or listen.milter.",
		"",
		"`warning: connect to Milter service inet:mail:8892: Connection refused`: each "
		"mail "
		"is answered with 451, and the signer next to it is well.",
		"`MAIL_MILTERS: inet:mail:8892` in a compose file, where `mail` has nothing at "
		"that "
		"port"},
	{"compose-variable-unset", SEVERITY_WARNING, false,
		"A $NAME in a compose file that nothing sets",
		"Compose puts nothing in its place: a password with a $ in it changes.",
		"Write $$ for a dollar sign; or set the variable in .env or the environment.",
		"Compose specification, interpolation",
		"`The \"myhostname\" variable is not set. Defaulting to a blank string`: the "
		"banner is empty, and a password with $ in it loses its end.",
		"`POSTFIX_smtpd_banner: $myhostname ESMTP` in a compose file"},
	{"compose-dollar", SEVERITY_WARNING, false, "A $ in a compose file with no name behind it",
		"docker-compose 1.29, `docker stack deploy` and older releases of docker compose "
		"refuse the whole file; newer ones keep the $.",
		"Write $$ for a dollar sign.", "Compose specification, interpolation",
		"A password with `$1` in it: docker-compose ends with `Invalid interpolation "
		"format`, "
		"and prints the value with the password; the old container goes on.",
		"`MAIL_DNS_SPF: 'v=spf1 exp=a$1.example.com -all'` in a compose file"},
	{"compose-number", SEVERITY_WARNING, false,
		"A value that compose writes otherwise than it stands",
		"The container is given another text: 0600 becomes 384, 1.10 becomes 1.1.",
		"Put the value in quotes.", "YAML 1.2 section 10.3",
		"A mode written as 0600 arrives as 384, a version 1.10 as 1.1.",
		"`MAIL_LIMITS_RECIPIENTS: 0144` in a compose file"},
	{"compose-file-unmounted", SEVERITY_WARNING, false,
		"A file that nothing of the service brings into the container",
		"The start is refused unless the image itself has the file.",
		"Add it to secrets, configs or volumes of the service, or correct the path.",
		"Compose specification, secrets",
		"The file is on the developer's machine and not in the container: the start is "
		"refused there, after CI was green.",
		"`MAIL_MAILBOXES_FILE: /run/secrets/users` in a compose file"},
	{"compose-file-misspelt", SEVERITY_WARNING, false,
		"A file that is not where its mount leads, beside one with nearly its name",
		"The container will not have the file either: the start is refused.",
		"Correct the name in the setting, or the source of the mount.", "",
		"The certificate was to be fulchain.pem, in a directory that had fullchain.pem: CI "
		"took it for a file that it lacked, and the start was refused.",
		"`MAIL_MAILBOXES_FILE: /lists/mailboxs`, with `./lists:/lists:ro` and a file "
		"lists/mailboxes"},
	{"settings-not-mounted", SEVERITY_WARNING, false,
		"A mount looks like the settings, and is not where they are read",
		"The file is not read: what it sets keeps its default.",
		"Mount the directory at /etc/mailinit, or the file at /etc/mailinit/mailinit.yaml.",
		"",
		"A mount at /etc/mailint leaves /etc/mailinit empty: the settings are not read, "
		"and that looks like defaults.",
		"`- ./mailinit:/etc/mailint:ro`"},
	{"stop-grace-short", SEVERITY_WARNING, false,
		"The engine's time for a stop is shorter than stop.timeout",
		"The container is killed in the middle of its stop: mail under way may be "
		"delivered twice.",
		"Set stop_grace_period of the service to more than stop.timeout, or lower the "
		"latter.",
		"Compose specification, stop_grace_period",
		"docker-mailserver#1047, #1521: `docker stop` ends in SIGKILL after ten seconds; "
		"mail under way is delivered twice, and a stale pid file was left behind.",
		"`stop_grace_period: 5s` in a compose file"},
	{"user-not-root", SEVERITY_ERROR, true, "The container runs as a user other than root",
		"PID 1 could start no daemon as its own user: the container ends at once.",
		"Remove `user:`; mailinit itself gives each daemon its user, and takes away what "
		"it "
		"need not have.",
		"",
		"docker-mailserver#2627: `--user` makes supervisord fail; Postfix's master needs "
		"root to give its processes their users.",
		"`user: \"1000:1000\"` in a compose file"},
	{0},
};
