/* rules_postfix.c - the catalogue: main.cf and master.cf, as Postfix reads them */
#include "base/rules.h"

const struct rule rules_postfix[] = {
	{"postfix-syntax", SEVERITY_ERROR, true, "A line of main.cf or master.cf is malformed",
		"Postfix, or the service that the line is about, dies when it reads it: no mail is "
		"taken.",
		"Correct the line; where a template of yours wrote it, correct the template.",
		"postconf(5), master(5)",
		"master ends with `fatal: /etc/postfix/master.cf: line N: …`; `postfix check` had "
		"said nothing of it.",
		"`postfix: {master: {2525/inet: \"y - n - - smtpd\"}}` in mailinit.yaml"},
	{"postfix-line-ignored", SEVERITY_WARNING, false,
		"Postfix passes over a line, or over a part of it",
		"What the line asks for does not happen, and every process of Postfix warns of it.",
		"Begin the line in its first column, and remove NUL bytes.", "postconf(5)",
		"A parameter that begins with a blank continues the one before it, or is dropped "
		"with a warning.",
		"a template main.cf whose first line begins with a blank"},
	{"postfix-parameter-duplicate", SEVERITY_WARNING, false,
		"A parameter stands twice in main.cf, with different values",
		"The last one counts, and every process of Postfix logs a warning.",
		"Keep one of the two.", "postconf(5)",
		"`overriding earlier entry` from every process of Postfix, twenty lines a start.",
		"a template main.cf with a second biff"},
	{"postfix-service-duplicate", SEVERITY_WARNING, false,
		"A service stands twice in master.cf",
		"The last line counts; what the other one says does not happen.",
		"Keep one of the two.", "master(5)",
		"master takes the later of two lines without a word: the options of the other one, "
		"such as TLS, are not in effect.",
		"a template master.cf with a second anvil"},
	{"postfix-parameter-unknown", SEVERITY_ERROR, true,
		"A name in main.cf, or of an -o option, is like that of a parameter, and is none",
		"Postfix takes it without a word: the parameter that was meant keeps its default.",
		"Correct the name; `mailinit parameters` lists those that there are.",
		"postconf(1), unused parameter",
		"smtpd_recipient_restriction, without its s, is no restriction at all.",
		"`POSTFIX_smtpd_recipient_restriction=reject_unauth_destination`"},
	{"postfix-parameter-unused", SEVERITY_WARNING, false,
		"A name in main.cf, or of an -o option, is no parameter, and no value refers to it",
		"Postfix takes it without a word, and nothing happens.",
		"Remove it, or refer to it as $name in a value, or list it in "
		"smtpd_restriction_classes.",
		"postconf(1), unused parameter",
		"`postconf: warning: /etc/postfix/main.cf: unused parameter: log_verbose_level=2`: "
		"from a forum, set while looking for another fault; docker-mailserver#362 and "
		"#4145.",
		"`POSTFIX_log_verbose_level=2`"},
	{"postfix-parameter-undefined", SEVERITY_WARNING, false,
		"A value refers to a $name that nothing defines",
		"Nothing stands in its place: restrictions that it was to hold are not asked.",
		"Define the name, or write $$ for a dollar sign.",
		"postconf(1), undefined parameter",
		"Debian's master.cf with its comment signs removed: `undefined parameter: "
		"mua_client_restrictions`, 26 lines a start, and the restriction is empty.",
		"`POSTFIX_smtpd_client_restrictions='$mua_client_restrictions'`"},
	{"postfix-parameter-deprecated", SEVERITY_WARNING, false,
		"A parameter that Postfix is about to drop",
		"It still works; with a later Postfix it will not, without a word.",
		"See DEPRECATION_README of Postfix for what to use.",
		"postconf(1), deprecated parameter",
		"smtp_use_tls and its like are to be removed: then the mail that they were to "
		"encrypt leaves in clear.",
		"`POSTFIX_smtp_use_tls=yes`"},
	{"postfix-parameter-removed", SEVERITY_WARNING, false,
		"A parameter that this Postfix has no more",
		"Postfix takes it without a word, and nothing happens.",
		"Remove it; see DEPRECATION_README of Postfix for what to use.",
		"postconf(1), removed parameter",
		"`support for parameter … has been removed`, on standard error of postconf alone.",
		"`POSTFIX_sender_based_routing=yes`"},
	{"postfix-parameter-version", SEVERITY_WARNING, false,
		"A parameter that only a later Postfix has",
		"Postfix takes it without a word, and nothing happens.",
		"Remove it, or use an image with that Postfix.", "postconf(5)",
		"Postfix 3.7 passes over a line that is meant for 3.10, but for one warning of "
		"postconf.",
		"`POSTFIX_smtp_tlsrpt_enable=yes`, with `--target debian12`"},
	{"postfix-value", SEVERITY_ERROR, true, "A value is not of its parameter's type",
		"Each process of Postfix that reads it dies at once: clients connect and never get "
		"an answer, or mail stays in the queue.",
		"Write it as postconf(5) says: yes or no, a number without a unit, a time such as "
		"30s, or one of the choices.",
		"postconf(5)",
		"`smtpd_delay_reject = maybe`: `postfix check` says 0, master listens, clients "
		"connect, and no greeting ever comes; `bad command startup -- throttling` stands "
		"in the log.",
		"`POSTFIX_smtp_dns_support_level=bogus`"},
	{"postfix-expression", SEVERITY_ERROR, true, "A \"$\" in a value begins nothing",
		"Each process of Postfix that reads it dies at once: clients connect and never get "
		"an answer, or mail stays in the queue.",
		"Write $$ for a dollar sign, $name or ${name} for a parameter, and close each "
		"bracket.",
		"postconf(5), $name",
		"`fatal: macro processing error` from each process; `postfix check` had said 0.",
		"`POSTFIX_smtpd_banner='${myhostname ESMTP'`"},
	{"postfix-map-type", SEVERITY_ERROR, true,
		"A lookup table is of a type that this Postfix lacks",
		"Postfix starts, and answers 451 wherever it would look into the table: no mail "
		"passes there.",
		"Use texthash, hash, regexp or cidr; or make an image with the package that has "
		"the type, such as postfix-pcre, and give its target file to --target.",
		"DATABASE_README of Postfix",
		"`error: unsupported dictionary type: pcre`: 451 for each recipient, for the "
		"package is one of its own.",
		"`POSTFIX_header_checks=pcre:/etc/postfix/header_checks`"},
	{"map-copied", SEVERITY_NOTE, false,
		"A lookup table that postmap would compile is read from a copy of its source",
		"None: the copy is made anew whenever the source changes, and needs no .db beside "
		"it.",
		"Nothing; texthash: in place of the type says the same.", "postmap(1)",
		"A `hash:` table on a read-only mount: postmap could not write its .db.",
		"`POSTFIX_sender_canonical_maps=hash:/etc/postfix/canonical`"},
	{"map-line", SEVERITY_ERROR, true, "A line of a lookup table is none",
		"Postfix would pass over the line: what it says of its key would not happen.",
		"Correct the line; one that is to say nothing begins with a #.", "postmap(1)",
		"A line of sasl_passwd that began with a blank went to the line above it, and the "
		"login failed.",
		"a table with a key and no value, under `hash:`"},
	{"map-duplicate", SEVERITY_WARNING, false, "A key stands twice in a lookup table",
		"Only one of the two lines counts.", "Remove one of them.", "postmap(1)",
		"Of two lines for one address the older one counted.",
		"a table with one key twice, under `hash:`"},
	{"map-unreadable", SEVERITY_ERROR, true, "A file that a lookup table names cannot be read",
		"Postfix starts and greets; then mail that the table is asked for gets 451, or "
		"waits.",
		"Mount the file, or correct its path.", "DATABASE_README",
		"sasl_passwd never went through postmap: `open database "
		"/etc/postfix/sasl_passwd.db: No such file or directory`, and all mail waited.",
		"`POSTFIX_smtp_sasl_password_maps=hash:/etc/postfix/absent`"},
	{"postfix-map-form", SEVERITY_ERROR, true,
		"A parameter that takes lookup tables holds something else",
		"The process that needs the table dies whenever it is started: mail is accepted, "
		"and never leaves.",
		"Write TYPE:TABLE, as in texthash:/etc/postfix/NAME, or remove the parameter.",
		"DATABASE_README of Postfix",
		"`smtp_dns_reply_filter = dns_sortlist`: `fatal: open dictionary: expecting "
		"\"type:name\" form instead of \"dns_sortlist\"` at each delivery; mail was "
		"accepted, stayed in the active queue and had no status line.",
		"`POSTFIX_smtp_dns_reply_filter=dns_sortlist`"},
	{"postfix-restrictions", SEVERITY_ERROR, true,
		"A list of restrictions holds what smtpd does not know, or refuses nobody",
		"smtpd answers 451 to each command that meets it, and takes no mail.",
		"Correct the word; postconf(5) lists the restrictions under "
		"smtpd_client_restrictions "
		"and its like.",
		"postconf(5), smtpd_relay_restrictions",
		"An empty smtpd_relay_restrictions: `fatal: in parameter smtpd_relay_restrictions "
		"or smtpd_recipient_restrictions, specify at least one working instance of: "
		"reject_unauth_destination, …`, and the client gets no greeting.",
		"`POSTFIX_smtpd_recipient_restrictions=permit_mynetworks,reject_unlisted_"
		"recipent`"},
	{"postfix-networks", SEVERITY_ERROR, true, "A pattern in mynetworks is no network",
		"smtpd answers 451 to every client that it would have to compare with it.",
		"Write the first address of the network and its bits, IPv6 in brackets: "
		"10.0.0.0/8 [2001:db8::]/32.",
		"postconf(5), mynetworks",
		"`warning: mynetworks: bad network value`, and every RCPT gets `451 4.3.0 "
		"Temporary lookup failure`.",
		"`postfix: {main: {mynetworks: 127.0.0.1/8}}` in mailinit.yaml"},
	{"postfix-service-unknown", SEVERITY_ERROR, true,
		"A value needs a service that master.cf lacks",
		"Mail that would go there waits in the queue and is bounced after five days, or "
		"clients wait for an answer.",
		"Correct the name, or add the service with POSTFIXMASTER_ or postfix.master.",
		"master(5)",
		"`warning: connect to transport private/…: No such file or directory`, and mail "
		"stays in the queue.",
		"`POSTFIX_content_filter=amavis:[127.0.0.1]:10024`"},
	{"postfix-policy-missing", SEVERITY_WARNING, false,
		"A policy server is asked that nothing seems to run",
		"smtpd answers 451 4.3.5 where the list is asked, unless a program of yours makes "
		"the socket.",
		"Add the service, such as `policyd-spf unix - n n - 0 spawn user=… argv=…`, or "
		"correct the name.",
		"SMTPD_POLICY_README of Postfix",
		"`warning: connect to private/policyd-spf: No such file or directory`, `451 4.3.5 "
		"Server configuration problem`.",
		"`POSTFIX_smtpd_recipient_restrictions=check_policy_service "
		"unix:private/policyd-spf`"},
	{"postfix-port-unknown", SEVERITY_ERROR, true,
		"A service listens at a port without a number",
		"master ends when it starts: no mail is taken.",
		"Correct the name, or write the number; /etc/services has the names.",
		"master(5), services(5)",
		"`fatal: submision: Servname not supported for ai_socktype`: master ends, and no "
		"mail is taken at all.",
		"`POSTFIXMASTER_submision__inet=n - y - - smtpd`"},
	{"postfix-domain-twice", SEVERITY_ERROR, false, "A domain is in two classes of addresses",
		"One of the two counts: users of the other one are unknown, and their mail is "
		"refused or bounced.",
		"Keep it in one of mydestination, virtual_alias_domains, virtual_mailbox_domains "
		"and relay_domains.",
		"ADDRESS_CLASS_README of Postfix",
		"`do not list domain example.com in BOTH mydestination and "
		"virtual_mailbox_domains`, once a mail, and users that are unknown.",
		"`POSTFIX_relay_domains=example.com`"},
	{"postfix-milter", SEVERITY_ERROR, true, "A milter's place is none that Postfix can go to",
		"Mail is answered with 451, or passes unfiltered, as milter_default_action says.",
		"Write inet:HOST:PORT, or unix:PATH below the queue directory.",
		"postconf(5), smtpd_milters",
		"smtpd_milters = foo: `warning: unknown milter type`, each command 451; or, with "
		"accept, no filter.",
		"`POSTFIX_non_smtpd_milters=localhost:11332`"},
	{"postfix-comment-in-value", SEVERITY_WARNING, false,
		"A \"#\" behind other text, where Postfix knows no comments",
		"It is part of the value: a list has words more, a number is none.",
		"Put the comment on a line of its own.", "postconf(5)",
		"`relayhost = [h]:587 # ours` looks up the MX of \"#\".",
		"`POSTFIX_smtpd_banner='$myhostname ESMTP # ours'`"},
	{"postfix-service-limit", SEVERITY_ERROR, true,
		"A service has a process limit, or lacks privileges, that its program cannot have",
		"The program dies whenever it is started, and mail that needs it waits.",
		"Leave these fields as Postfix ships them.", "master(5)",
		"qmgr with a maxproc of 5: `fatal: … this service must be configured with a "
		"process limit of 1`.",
		"`POSTFIXMASTER_qmgr__unix=n - n 300 5 qmgr`"},
	{"postfix-service-missing", SEVERITY_ERROR, true,
		"A service that all mail needs is not there",
		"Mail is not taken, or stays in the queue.",
		"Put the service back: remove the POSTFIXMASTER_ variable, or the key of "
		"postfix.master, that took it away.",
		"master(5)",
		"`warning: connect #1 to subsystem public/cleanup: No such file or directory`, and "
		"smtpd waits.",
		"`POSTFIXMASTER_cleanup__unix=`"},
	{"postfix-command", SEVERITY_ERROR, true,
		"A service of pipe or spawn is not told what they need",
		"The program dies whenever it is started, and mail that needs it waits.",
		"Write user=NAME, which is not root, and argv=COMMAND as the last of its words.",
		"pipe(8), spawn(8)",
		"`fatal: missing user= command-line attribute`, at each mail, again after a "
		"minute.",
		"`POSTFIXMASTER_maildrop__unix=- n n - - pipe argv=/usr/bin/maildrop`"},
	{"postfix-command-unknown", SEVERITY_ERROR, true, "A service's program is misspelt",
		"master cannot start it: clients of the service wait, and mail that needs it too.",
		"Correct the name, the eighth field of the service.", "master(5)",
		"`warning: process /usr/lib/postfix/sbin/smptd … exit status 1` and a client that "
		"waits.",
		"`POSTFIXMASTER_2525__inet=n - y - - smptd`"},
	{"postfix-sasl-socket", SEVERITY_ERROR, true,
		"Dovecot is not where Postfix asks it for passwords",
		"smtpd dies at each connection: clients connect, and no greeting ever comes.",
		"Leave smtpd_sasl_path at private/auth, or set delivery.sasl to the Dovecot "
		"elsewhere, as inet:HOST:PORT.",
		"SASL_README of Postfix, smtpd_sasl_path",
		"`SASL: Connect to Dovecot auth socket 'private/auth' failed: No such file or "
		"directory`, `fatal: no SASL authentication mechanisms`, throttled for a minute: "
		"clients connect and get nothing (docker-mailserver#3376, #526, #1597; with a "
		"wrong mode #3110).",
		"`POSTFIX_smtpd_sasl_path=/run/dovecot/auth-client`"},
	{"postfix-lmtp-socket", SEVERITY_ERROR, true,
		"Dovecot is not where Postfix hands mail over",
		"Accepted mail waits in the queue, and is bounced after five days.",
		"Leave virtual_transport as the template has it, or set delivery.lmtp.",
		"lmtp(8), postconf(5), virtual_transport",
		"`status=deferred (connect to mail.example.com[private/dovecot-lmtp]: No such file "
		"or directory)`: mail is accepted, and delivered to nobody.",
		"`POSTFIX_virtual_transport=lmtp:unix:private/dovecot-lmpt`"},
	{"postfix-chroot-path", SEVERITY_ERROR, true,
		"A chrooted process of Postfix is told of a path outside of its chroot",
		"It finds nothing there: a filter does not answer, or no certificate of others is "
		"trusted.",
		"Put the socket below /var/spool/postfix and name it by its path from there, or "
		"use inet:HOST:PORT; for authorities, smtp_tls_CAfile. Or set postfix.chroot to "
		"no.",
		"postconf(5), smtp_tls_CApath; MILTER_README of Postfix",
		"With smtp_tls_CApath in a chroot, `certificate verification failed for "
		"smtp.sendgrid.test: untrusted issuer`; with a filter's socket in /run, `connect "
		"to Milter service unix:/run/…: No such file or directory`.",
		"`POSTFIX_smtp_tls_CApath=/etc/ssl/certs`"},
	{"postfix-compatibility-level", SEVERITY_WARNING, false,
		"compatibility_level is none of this Postfix",
		"Old defaults count: below 2, every host of the container's networks may relay "
		"without a password.",
		"Leave it as the template has it.", "COMPATIBILITY_README of Postfix",
		"Unset, mynetworks_style is subnet: every host of the Docker network, its gateway "
		"included, may relay.",
		"`POSTFIX_compatibility_level=1`"},
	{"limits-contradict", SEVERITY_WARNING, false,
		"A message may be larger than what is to hold it",
		"A large message is accepted and then bounced, or the program that stores it ends.",
		"Raise limits.mailbox, the quota or the parameter, or lower limits.message.",
		"postconf(5), message_size_limit, queue_minfree; local(8); virtual(8)",
		"A mailbox smaller than a message: local(8) ends with `fatal: main.cf "
		"configuration error: mailbox_size_limit is smaller than message_size_limit`, and "
		"all mail to it waits.",
		"`MAIL_LIMITS_MAILBOX=20M`"},
	{"port-twice", SEVERITY_ERROR, true, "Two services listen at one port",
		"One of the two does not start, or each gets a part of the connections.",
		"Give one of them another port, or remove it.",
		"master(5), socket(7), SO_REUSEPORT",
		"Two listeners at port 25 after a crash: 13 of 30 connections hung, then were "
		"reset.",
		"`POSTFIXMASTER_25__inet=n - y - - smtpd`"},
	{"postfix-maillog", SEVERITY_ERROR, true,
		"maillog_file is a place that Postfix does not write to",
		"Postfix's programs end when they begin to log.",
		"Remove maillog_file: mailinit takes the log of Postfix as it is.",
		"MAILLOG_README of Postfix; postconf(5), maillog_file_prefixes",
		"`fatal: … maillog_file … must match a prefix of maillog_file_prefixes`; on a "
		"socket as standard output, /dev/stdout cannot be opened, and all lines are lost.",
		"`POSTFIX_maillog_file=/tmp/mail.log`"},
	{0},
};
