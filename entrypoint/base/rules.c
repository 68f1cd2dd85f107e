/*
 * rules.c - the one catalogue of what can be wrong
 *
 * From its tables, one a subject, come the findings, `mailinit explain ID` and
 * the page of rules. Each ends with a row without an id.
 */
#include "base/rules.h"

#include <string.h>

<<<<<<< HEAD
static const struct rule *const tables[] = {
	rules_settings,
	rules_compose,
	rules_template,
	rules_tls,
	rules_container,
	rules_mailbox,
	rules_dkim,
	rules_relay,
	rules_postfix,
	rules_dovecot,
	rules_dns,
	rules_live,
=======
	{"settings-not-mounted", SEVERITY_WARNING, false,
		"A mount looks like the settings, and is not where they are read",
		"The file is not read: what it sets keeps its default.",
		"Mount the directory at /etc/mailinit, or the file at /etc/mailinit/mailinit.yaml.",
		""},
	{"stop-grace-short", SEVERITY_WARNING, false,
		"The engine's time for a stop is shorter than stop.timeout",
		"The container is killed in the middle of its stop: mail under way may be "
		"delivered twice.",
		"Set stop_grace_period of the service to more than stop.timeout, or lower the "
		"latter.",
		"Compose specification, stop_grace_period"},
	{"user-not-root", SEVERITY_ERROR, true, "The container runs as a user other than root",
		"PID 1 could start no daemon as its own user: the container ends at once.",
		"Remove `user:`; mailinit itself gives each daemon its user, and takes away what "
		"it "
		"need not have.",
		""},

	/* template: rendering */
	{"template-error", SEVERITY_ERROR, true, "A template cannot be rendered",
		"The daemon's file cannot be made.",
		"Correct the template at the place that is shown.", ""},
	{"template-unknown-name", SEVERITY_ERROR, true,
		"A template uses a name that nothing defines",
		"An empty value would stand in the daemon's file.", "Correct the name.", ""},
	{"template-untaken-name", SEVERITY_WARNING, false,
		"A section of a template that is not in use holds a name that nothing defines",
		"None now; a start is refused once a setting brings the section into use.",
		"Correct the name.", ""},
	{"template-unused", SEVERITY_WARNING, false,
		"A file among the templates that replaces no template, nor is a partial of one",
		"None: the built-in template is in use.",
		"`mailinit template --list` prints the names that count, folder and all.", ""},
	{"value-unsafe", SEVERITY_ERROR, true, "A value holds what its file has no way to write",
		"The daemon would read another value, or another setting.",
		"Change the value; the message says what cannot stand there.",
		"postconf(5), master(5), opendkim.conf(5)"},

	/* tls: the certificate and its key */
	{"tls-file-unreadable", SEVERITY_ERROR, true,
		"A configured certificate or key cannot be read",
		"Postfix would offer STARTTLS and then answer 454; Dovecot would not start.",
		"Mount the file, correct its path, or remove the setting.", ""},
	{"tls-certificate-invalid", SEVERITY_ERROR, true,
		"The certificate file holds no usable certificate",
		"No TLS connection would succeed.",
		"Give the certificate as PEM, its issuers after it.", ""},
	{"tls-key-invalid", SEVERITY_ERROR, true, "The key file holds no usable private key",
		"No TLS connection would succeed.",
		"Give the private key as PEM, without a passphrase.", ""},
	{"tls-key-mismatch", SEVERITY_ERROR, true,
		"The private key does not belong to the certificate",
		"Postfix would offer STARTTLS and then answer 454; Dovecot would hang up.",
		"Give the key with which this certificate was requested.", ""},
	{"tls-name-mismatch", SEVERITY_ERROR, false,
		"The certificate does not carry a name that clients connect to",
		"Clients that check names refuse to connect; others warn their users.",
		"Get a certificate with that name among its subject alternative names, or correct "
		"tls.names.",
		"RFC 6125 section 6.4"},
	{"tls-store-unreadable", SEVERITY_ERROR, true,
		"A store of certificates of another program cannot be read",
		"The certificate in it is not known, so none could be served.",
		"Let the program that writes it finish, or correct the path and the mode.", ""},
	{"tls-kept-last-good", SEVERITY_ERROR, false,
		"The configured certificate cannot be used, and the last good one is served",
		"None yet; once the last good one has expired, clients refuse to connect.",
		"Put certificate and key of one renewal there; the message says what is wrong.",
		""},
	{"tls-directory-empty", SEVERITY_WARNING, false,
		"tls.directory holds no certificate for tls.names yet",
		"A self-signed certificate is served until there is one; mail clients warn their "
		"users or refuse.",
		"Wait for the first issue, or correct the path; a directory must be mounted with "
		"what its links lead to (certbot: all of /etc/letsencrypt).",
		""},
	{"tls-directory-choice", SEVERITY_NOTE, false, "tls.directory holds several certificates",
		"None: the one with most of tls.names and the latest end is served.",
		"Name another by tls.certificate and tls.key, or by a directory of its own.", ""},
	{"tls-alternative-unused", SEVERITY_WARNING, false,
		"The certificate of tls.alternative adds no other kind of key",
		"It is not served: a daemon takes one certificate for each kind of key.",
		"Give one with an RSA key and one with an EC key, or remove tls.alternative.",
		"postconf(5), smtpd_tls_chain_files"},
	{"tls-chain-broken", SEVERITY_WARNING, false, "The certificates of the file are no chain",
		"Clients that do not know the issuer already refuse to connect.",
		"Give the certificate first, then each issuer after what it issued.",
		"RFC 5246 section 7.4.2"},
	{"tls-chain-incomplete", SEVERITY_WARNING, false,
		"The certificate stands without its intermediate certificates",
		"Clients that do not know the issuer already refuse to connect.",
		"Give the file with the whole chain: fullchain.pem, not cert.pem.",
		"RFC 5246 section 7.4.2"},
	{"tls-chain-has-root", SEVERITY_NOTE, false, "The chain ends with its root certificate",
		"None, but some hundred bytes more in each connection: clients use the root that "
		"they have.",
		"Leave the root out of the file.", "RFC 5246 section 7.4.2"},
	{"tls-leaf-is-ca", SEVERITY_WARNING, false, "The certificate is that of an authority",
		"Clients that look at its purpose refuse it; who trusts it trusts all that its key "
		"signs.",
		"Give the server's certificate first; make one of your own with CA:FALSE.",
		"RFC 5280 section 4.2.1.9"},
	{"tls-key-readable", SEVERITY_WARNING, false,
		"The private key can be read by every user of the container",
		"A program that is broken into, of whatever user, could take it.",
		"Set the mode of the file to 0600 (of a secret: mode: 0400, defaultMode: 0400).",
		""},
	{"tls-files-writable", SEVERITY_WARNING, false,
		"Certificate or key can be replaced by every user of the container",
		"A program that is broken into could have another certificate served.",
		"Take the right to write from others, of the file and of the directories above it.",
		""},
	{"tls-expired", SEVERITY_ERROR, false, "The certificate has expired",
		"Clients refuse to connect.", "Renew it.", ""},
	{"tls-expires-soon", SEVERITY_WARNING, false,
		"Less than a third of the certificate's life is left",
		"Clients will refuse to connect.", "See why it was not renewed.", ""},
	{"tls-expires-shortly", SEVERITY_ERROR, false,
		"Less than a tenth of the certificate's life is left",
		"Clients will refuse to connect.", "Renew it now; see why it was not renewed.", ""},
	{"tls-not-yet-valid", SEVERITY_ERROR, false, "The certificate is not valid yet",
		"Clients refuse to connect.", "Check the clock, or wait.", ""},
	{"tls-key-short", SEVERITY_WARNING, false,
		"The certificate's RSA key is shorter than 2048 bits", "Current clients refuse it.",
		"Get a certificate for a key of 2048 bits, or for an EC key.", ""},
	{"tls-signature-weak", SEVERITY_WARNING, false,
		"The certificate is signed with a hash that is broken",
		"Current clients refuse it.", "Get a certificate that is signed with SHA-256.", ""},
	{"tls-not-for-servers", SEVERITY_WARNING, false, "The certificate is not meant for servers",
		"Clients that look at its purpose refuse it.",
		"Get one with the purpose serverAuth.", "RFC 5280 section 4.2.1.12"},
	{"tls-missing", SEVERITY_ERROR, true, "No certificate is given and none may be made",
		"No TLS, hence no passwords and no submission.",
		"Set tls.certificate and tls.key, or tls.directory, or tls.self_signed: "
		"when-missing.",
		""},
	{"tls-self-signed", SEVERITY_WARNING, false, "A self-signed certificate is served",
		"Mail clients warn their users or refuse; other servers that verify send in clear "
		"or not at all.",
		"Set tls.certificate and tls.key, or tls.directory; or write tls.self_signed: "
		"when-missing "
		"to say that it is meant.",
		""},
	{"tls-self-signed-chosen", SEVERITY_NOTE, false,
		"A self-signed certificate is served, as it was chosen",
		"Mail clients warn their users until they trust it.",
		"Set tls.certificate and tls.key when you have them.", ""},

	/* postfix, dovecot, opendkim: what the daemons' own files find */
	{"service-table-full", SEVERITY_ERROR, true,
		"A service does not fit into the table of PID 1", "It could not be supervised.",
		"Use shorter paths, or fewer services.", ""},
	{"service-name", SEVERITY_ERROR, true, "A further service has a name that is taken",
		"It is undecided which of the two is meant by status, needs and restart.",
		"Give it a name of its own; postfix, dovecot, opendkim and mailinit are taken.",
		""},
	{"service-command", SEVERITY_ERROR, true,
		"A further service's program is not there, or is none",
		"It could never start, and what needs it would wait for ever.",
		"Correct the path, or add the program to the image or as a mount, executable.", ""},
	{"service-user", SEVERITY_ERROR, true,
		"A further service's user or group is not in the image",
		"It could not be started as that user.",
		"Correct the name, give its number, or add the user to the image.", ""},
	{"service-needs-unknown", SEVERITY_ERROR, true,
		"needs or needed_by names no service of this container",
		"What was to wait would start too early, or never.",
		"Correct the name; `mailinit status` lists the services of a running container.",
		""},
	{"service-needs-circle", SEVERITY_ERROR, true, "Services need each other in a circle",
		"None of them could ever start.", "Take one of them out of needs or needed_by.",
		""},
	{"capability-missing", SEVERITY_ERROR, true,
		"The container lacks a capability that a service cannot do without",
		"The service would not start, or its processes would end one after the other.",
		"Start the container with --cap-add and the name that is told.", "capabilities(7)"},
	{"capability-wanted", SEVERITY_WARNING, false,
		"The container lacks a capability, and something works worse without it",
		"Mail flows; what the message names does not.",
		"Start the container with --cap-add and the name that is told.", "capabilities(7)"},
	{"networks-unknown", SEVERITY_ERROR, true,
		"The container's own networks cannot be found out",
		"The clients that `container` or `connected` stand for could not relay.",
		"List the networks in `networks` by their addresses.", ""},
	{"passthrough-name", SEVERITY_ERROR, true,
		"A raw setting's name is none that its file can have",
		"The daemon would refuse the file.",
		"Correct the name: POSTFIX_<parameter>, POSTFIXMASTER_<service>__<type>, "
		"DOVECOT_<setting>, OPENDKIM_<Key>.",
		"postconf(5), master(5)"},
	{"delivery-missing", SEVERITY_ERROR, true,
		"Mail is accepted for the domains, but nothing stores it",
		"Accepted mail would wait in the queue and be bounced after five days.",
		"Add the role mailstore, or set delivery.lmtp to the mail store elsewhere.", ""},
	{"mailboxes-none", SEVERITY_WARNING, false, "There is no recipient",
		"Every mail for the domains is refused with 550.",
		"Set mailboxes, or mailboxes.file, or aliases.", ""},
	{"postmaster-assumed", SEVERITY_NOTE, false, "Nobody was named as postmaster",
		"Mail for postmaster, abuse and root goes to whom the message names.",
		"Add an alias postmaster@ the first domain.", "RFC 5321 section 4.5.1"},
	{"postmaster-missing", SEVERITY_WARNING, false, "Nobody answers for postmaster",
		"Mail for postmaster, abuse and root is refused: complaints and bounces of system "
		"mail are lost.",
		"Add an alias postmaster@ the first domain.", "RFC 5321 section 4.5.1"},
	{"alias-dangling", SEVERITY_WARNING, false,
		"An alias leads to an address of ours that does not exist",
		"Mail for it is accepted and then bounced, often to somebody who never wrote it.",
		"Correct the target, or make the mailbox.", ""},
	{"alias-outside-domains", SEVERITY_WARNING, false,
		"An alias whose domain is not among domains",
		"Nobody outside sends mail for it here; mail from here to that address goes to the "
		"alias's target instead.",
		"Correct the address, or add its domain to domains.", "virtual(5)"},
	{"alias-loop", SEVERITY_ERROR, true, "Aliases lead to each other in a circle",
		"Mail for any of them is answered with 451, until its sender gives up.",
		"Take one of them out of the circle; an alias may lead to itself and to others.",
		"postconf(5), virtual_alias_recursion_limit"},
	{"alias-duplicate", SEVERITY_ERROR, true, "An alias is given twice",
		"Only one of the two would get the mail.",
		"Remove one, or give one alias several targets.", ""},
	{"dkim-key-missing", SEVERITY_ERROR, true, "A DKIM key is missing and may not be made",
		"Mail of the domain would be refused with 451 or leave unsigned.",
		"Put the key there, or set dkim.generate to when-missing.", ""},
	{"dkim-key-unreadable", SEVERITY_ERROR, true, "A DKIM key cannot be read",
		"Every mail of the domain would be answered with 451.",
		"Give an RSA private key as PEM, without a passphrase.", ""},
	{"dkim-key-type", SEVERITY_ERROR, true, "A DKIM key is not of a kind that the signer knows",
		"Every mail of the domain would be answered with 451.", "Give an RSA key.",
		"RFC 6376 section 3.3"},
	{"dkim-key-short", SEVERITY_ERROR, true, "A DKIM key has less than 1024 bits",
		"Verifiers take its signatures for none.",
		"Make a new key of 2048 bits under a new selector.", "RFC 8301 section 3.2"},
	{"dkim-key-weak", SEVERITY_WARNING, false, "A DKIM key has less than 2048 bits",
		"Some verifiers trust its signatures less.",
		"Make a new key of 2048 bits under a new selector.", "RFC 8301 section 3.2"},

	/* mailboxes */
	{"password-not-hashed", SEVERITY_ERROR, true, "A mailbox's password is not a hash",
		"The password itself would lie in a file, and might be taken for a hash that "
		"nothing matches.",
		"Give what `mailinit hash-password` prints, in quotes; or use password_file.", ""},
	{"password-scheme-unknown", SEVERITY_ERROR, true,
		"A password names a scheme that Dovecot does not have",
		"Its owner could never log in.",
		"Correct the word in braces, as in {SHA512-CRYPT}; `mailinit hash-password` makes "
		"one.",
		""},
	{"password-hash-damaged", SEVERITY_WARNING, false,
		"A stored password is no whole hash of its scheme",
		"Its owner can probably never log in.",
		"Write it in quotes, and in a compose file each $ as $$.", ""},
	{"password-scheme-weak", SEVERITY_WARNING, false,
		"A password's scheme is one that Dovecot 2.4 refuses",
		"Its owner cannot log in, unless auth_allow_weak_schemes is set.",
		"Hash the password anew, as `mailinit hash-password` does.", ""},
	{"mailbox-address-invalid", SEVERITY_ERROR, true, "A mailbox's name is no mail address",
		"Mail for it could not be told from other mail.",
		"Begin the line with the full address.", ""},
	{"mailbox-path", SEVERITY_ERROR, true, "mailboxes.path cannot be used by this Dovecot",
		"Mail would lie in one place for all users, or nowhere.",
		"Use an absolute path with %{user | domain} and %{user | username}.", ""},

	/* check: what a plan as a whole shows */
	{"open-relay", SEVERITY_ERROR, true,
		"Strangers could send mail to anywhere through this server",
		"Spammers would find it within hours, and its address would be on block lists.",
		"Name the networks of your own clients alone; others log in on 587 or 465.",
		"RFC 5321 section 7.8"},
	{"networks-public", SEVERITY_WARNING, false,
		"A large public network may relay without a password",
		"Every host in it can send as anybody.", "Name single hosts, or let them log in.",
		""},
	{"target-unknown", SEVERITY_ERROR, true, "--target names no image that is known",
		"The files cannot be rendered for it.",
		"Use debian13, debian12, or an image's target file.", ""},
	{"path-read-only", SEVERITY_ERROR, true, "A path that a daemon writes to is read-only",
		"The daemon would not start.",
		"Mount a tmpfs or a volume there; a read-only root needs tmpfs at /run, /tmp, "
		"/var/lib/postfix and /var/lib/dovecot.",
		""},
	{"target-is-mounted", SEVERITY_ERROR, true, "A file that mailinit renders is mounted over",
		"The daemon would run with the mounted file and none of your settings would count.",
		"Remove the mount, and put what it changes into postfix.main, dovecot.settings, "
		"opendkim.settings or a template under /etc/mailinit/templates.",
		""},
	{"key-off-volume", SEVERITY_WARNING, false,
		"A DKIM key would be made outside of any volume",
		"The next container makes another key, the published record no longer fits, and "
		"receivers "
		"see broken signatures.",
		"Mount a volume at /var/lib/mailinit.", ""},

	/* check: main.cf and master.cf, as Postfix reads them */
	{"postfix-syntax", SEVERITY_ERROR, true, "A line of main.cf or master.cf is malformed",
		"Postfix, or the service that the line is about, dies when it reads it: no mail is "
		"taken.",
		"Correct the line; where a template of yours wrote it, correct the template.",
		"postconf(5), master(5)"},
	{"postfix-line-ignored", SEVERITY_WARNING, false,
		"Postfix passes over a line, or over a part of it",
		"What the line asks for does not happen, and every process of Postfix warns of it.",
		"Begin the line in its first column, and remove NUL bytes.", "postconf(5)"},
	{"postfix-parameter-duplicate", SEVERITY_WARNING, false,
		"A parameter stands twice in main.cf, with different values",
		"The last one counts, and every process of Postfix logs a warning.",
		"Keep one of the two.", "postconf(5)"},
	{"postfix-service-duplicate", SEVERITY_WARNING, false,
		"A service stands twice in master.cf",
		"The last line counts; what the other one says does not happen.",
		"Keep one of the two.", "master(5)"},
	{"postfix-parameter-unknown", SEVERITY_ERROR, true,
		"A name in main.cf, or of an -o option, is like that of a parameter, and is none",
		"Postfix takes it without a word: the parameter that was meant keeps its default.",
		"Correct the name; `mailinit parameters` lists those that there are.",
		"postconf(1), unused parameter"},
	{"postfix-parameter-unused", SEVERITY_WARNING, false,
		"A name in main.cf, or of an -o option, is no parameter, and no value refers to it",
		"Postfix takes it without a word, and nothing happens.",
		"Remove it, or refer to it as $name in a value, or list it in "
		"smtpd_restriction_classes.",
		"postconf(1), unused parameter"},
	{"postfix-parameter-undefined", SEVERITY_WARNING, false,
		"A value refers to a $name that nothing defines",
		"Nothing stands in its place: restrictions that it was to hold are not asked.",
		"Define the name, or write $$ for a dollar sign.",
		"postconf(1), undefined parameter"},
	{"postfix-parameter-deprecated", SEVERITY_WARNING, false,
		"A parameter that Postfix is about to drop",
		"It still works; with a later Postfix it will not, without a word.",
		"See DEPRECATION_README of Postfix for what to use.",
		"postconf(1), deprecated parameter"},
	{"postfix-parameter-removed", SEVERITY_WARNING, false,
		"A parameter that this Postfix has no more",
		"Postfix takes it without a word, and nothing happens.",
		"Remove it; see DEPRECATION_README of Postfix for what to use.",
		"postconf(1), removed parameter"},
	{"postfix-parameter-version", SEVERITY_WARNING, false,
		"A parameter that only a later Postfix has",
		"Postfix takes it without a word, and nothing happens.",
		"Remove it, or use an image with that Postfix.", "postconf(5)"},
	{"postfix-value", SEVERITY_ERROR, true, "A value is not of its parameter's type",
		"Each process of Postfix that reads it dies at once: clients connect and never get "
		"an answer, or mail stays in the queue.",
		"Write it as postconf(5) says: yes or no, a number without a unit, a time such as "
		"30s, or one of the choices.",
		"postconf(5)"},
	{"postfix-expression", SEVERITY_ERROR, true, "A \"$\" in a value begins nothing",
		"Each process of Postfix that reads it dies at once: clients connect and never get "
		"an answer, or mail stays in the queue.",
		"Write $$ for a dollar sign, $name or ${name} for a parameter, and close each "
		"bracket.",
		"postconf(5), $name"},
	{"postfix-map-type", SEVERITY_ERROR, true,
		"A lookup table is of a type that this Postfix lacks",
		"Postfix starts, and answers 451 wherever it would look into the table: no mail "
		"passes there.",
		"Use texthash, hash, regexp or cidr; or make an image with the package that has "
		"the type, such as postfix-pcre, and give its target file to --target.",
		"DATABASE_README of Postfix"},
	{"postfix-restrictions", SEVERITY_ERROR, true,
		"A list of restrictions holds what smtpd does not know, or refuses nobody",
		"smtpd answers 451 to each command that meets it, and takes no mail.",
		"Correct the word; postconf(5) lists the restrictions under "
		"smtpd_client_restrictions "
		"and its like.",
		"postconf(5), smtpd_relay_restrictions"},
	{"postfix-networks", SEVERITY_ERROR, true, "A pattern in mynetworks is no network",
		"smtpd answers 451 to every client that it would have to compare with it.",
		"Write the first address of the network and its bits, IPv6 in brackets: "
		"10.0.0.0/8 [2001:db8::]/32.",
		"postconf(5), mynetworks"},
	{"postfix-service-unknown", SEVERITY_ERROR, true,
		"A value needs a service that master.cf lacks",
		"Mail that would go there waits in the queue and is bounced after five days, or "
		"clients wait for an answer.",
		"Correct the name, or add the service with POSTFIXMASTER_ or postfix.master.",
		"master(5)"},
	{"postfix-policy-missing", SEVERITY_WARNING, false,
		"A policy server is asked that nothing seems to run",
		"smtpd answers 451 4.3.5 where the list is asked, unless a program of yours makes "
		"the socket.",
		"Add the service, such as `policyd-spf unix - n n - 0 spawn user=… argv=…`, or "
		"correct the name.",
		"SMTPD_POLICY_README of Postfix"},
	{"postfix-port-unknown", SEVERITY_ERROR, true,
		"A service listens at a port without a number",
		"master ends when it starts: no mail is taken.",
		"Correct the name, or write the number; /etc/services has the names.",
		"master(5), services(5)"},
	{"postfix-domain-twice", SEVERITY_ERROR, false, "A domain is in two classes of addresses",
		"One of the two counts: users of the other one are unknown, and their mail is "
		"refused or bounced.",
		"Keep it in one of mydestination, virtual_alias_domains, virtual_mailbox_domains "
		"and relay_domains.",
		"ADDRESS_CLASS_README of Postfix"},
	{"postfix-milter", SEVERITY_ERROR, true, "A milter's place is none that Postfix can go to",
		"Mail is answered with 451, or passes unfiltered, as milter_default_action says.",
		"Write inet:HOST:PORT, or unix:PATH below the queue directory.",
		"postconf(5), smtpd_milters"},
	{"postfix-comment-in-value", SEVERITY_WARNING, false,
		"A \"#\" behind other text, where Postfix knows no comments",
		"It is part of the value: a list has words more, a number is none.",
		"Put the comment on a line of its own.", "postconf(5)"},
	{"postfix-service-limit", SEVERITY_ERROR, true,
		"A service has a process limit, or lacks privileges, that its program cannot have",
		"The program dies whenever it is started, and mail that needs it waits.",
		"Leave these fields as Postfix ships them.", "master(5)"},
	{"postfix-service-missing", SEVERITY_ERROR, true,
		"A service that all mail needs is not there",
		"Mail is not taken, or stays in the queue.",
		"Put the service back: remove the POSTFIXMASTER_ variable, or the key of "
		"postfix.master, that took it away.",
		"master(5)"},
	{"postfix-command", SEVERITY_ERROR, true,
		"A service of pipe or spawn is not told what they need",
		"The program dies whenever it is started, and mail that needs it waits.",
		"Write user=NAME, which is not root, and argv=COMMAND as the last of its words.",
		"pipe(8), spawn(8)"},
	{"postfix-command-unknown", SEVERITY_ERROR, true, "A service's program is misspelt",
		"master cannot start it: clients of the service wait, and mail that needs it too.",
		"Correct the name, the eighth field of the service.", "master(5)"},

	/* dovecot: what dovecot.conf would be for it */
	{"dovecot-syntax", SEVERITY_ERROR, true, "A line of dovecot.conf is none for Dovecot",
		"Dovecot does not start: nobody can log in, and mail waits in the queue.",
		"Correct the template or the value that the line was made of.",
		"Dovecot's manual, \"Settings syntax\""},
	{"dovecot-ambiguous", SEVERITY_WARNING, false,
		"A line of dovecot.conf that Dovecot reads otherwise than it looks",
		"Dovecot starts with another value than was meant, or without the setting.",
		"Put the value in double quotes, or write it as the message says.",
		"Dovecot's manual, \"Settings syntax\""},
	{"dovecot-setting-unknown", SEVERITY_ERROR, true, "A setting of Dovecot is misspelt",
		"Dovecot does not start: nobody can log in, and mail waits in the queue.",
		"Correct the name: DOVECOT_<setting>, dovecot.settings or the template.",
		"Dovecot's manual, \"Settings\""},
	{"dovecot-setting-unverified", SEVERITY_WARNING, false,
		"A setting that Dovecot itself does not have",
		"Dovecot does not start, unless the image was given a plugin that has it.",
		"Correct the name, or add the package with the plugin to the image.",
		"Dovecot's manual, \"Settings\""},
	{"dovecot-setting-renamed", SEVERITY_ERROR, true,
		"A setting that Dovecot 2.4 no longer has",
		"Dovecot does not start: nobody can log in, and mail waits in the queue.",
		"Use what the message names, or build the image on bookworm, which has 2.3.",
		"Dovecot's manual, \"Upgrading Dovecot v2.3 to v2.4\""},
	{"dovecot-setting-version", SEVERITY_ERROR, true,
		"A setting that Dovecot 2.3 does not have yet",
		"Dovecot does not start: nobody can log in, and mail waits in the queue.",
		"Use what the message names, or build the image on trixie, which has 2.4.",
		"Dovecot's manual, \"Upgrading Dovecot v2.3 to v2.4\""},
	{"dovecot-value", SEVERITY_ERROR, true, "A value that a setting of Dovecot cannot have",
		"Dovecot does not start, or refuses connections: nobody can log in.",
		"Write the value as the message says.", "Dovecot's manual, \"Settings types\""},

	/* opendkim: what opendkim.conf and its tables would be for it */
	{"opendkim-syntax", SEVERITY_ERROR, true, "A parameter of opendkim.conf has no value",
		"OpenDKIM does not start, and mail is answered with 451.",
		"Give it a value, or remove the line.", "opendkim.conf(5)"},
	{"opendkim-setting-unknown", SEVERITY_ERROR, true,
		"A parameter that this OpenDKIM does not know",
		"OpenDKIM does not start, and mail is answered with 451.",
		"Correct the name: OPENDKIM_<Key>, opendkim.settings or the template.",
		"opendkim.conf(5)"},
	{"opendkim-value", SEVERITY_ERROR, true, "A value that a parameter of OpenDKIM cannot have",
		"OpenDKIM does not start, and mail is answered with 451.",
		"Write the value as the message says.", "opendkim.conf(5)"},
	{"opendkim-ambiguous", SEVERITY_WARNING, false, "A parameter that OpenDKIM passes over",
		"OpenDKIM starts, and does what it does without the parameter.",
		"Correct it, or remove it.", "opendkim.conf(5)"},
	{"opendkim-conflict", SEVERITY_ERROR, true,
		"Parameters of OpenDKIM that exclude or need each other",
		"OpenDKIM does not start, and mail is answered with 451.",
		"Keep KeyTable and SigningTable, or Domain, KeyFile and Selector.",
		"opendkim.conf(5), Mode"},
	{"opendkim-unsigned", SEVERITY_ERROR, true, "OpenDKIM would sign nothing",
		"All mail leaves unsigned; receivers that ask for DMARC refuse it.",
		"Keep the KeyTable and SigningTable of the template, or set Mode to v.",
		"opendkim.conf(5), Mode"},
	{"opendkim-socket", SEVERITY_ERROR, true, "Postfix cannot reach OpenDKIM at its Socket",
		"Mail is answered with 451, or leaves unsigned, as dkim.on_failure says.",
		"Leave Socket and UMask as the template has them; or set "
		"postfix.main.smtpd_milters "
		"and non_smtpd_milters to the same place.",
		"opendkim.conf(5), Socket"},
	{"opendkim-keytable", SEVERITY_ERROR, true, "A row of the KeyTable leads to no key",
		"Mail that this key would sign is answered with 451.",
		"Write rows as NAME DOMAIN:SELECTOR:/path/of/key.", "opendkim.conf(5), KeyTable"},
	{"opendkim-signingtable", SEVERITY_ERROR, true,
		"A row of the SigningTable matches no mail, or names no key",
		"Mail of the sender is answered with 451, or leaves unsigned.",
		"Give SigningTable as refile:PATH where senders are patterns, and name keys of the "
		"KeyTable.",
		"opendkim.conf(5), SigningTable"},
	{"opendkim-hosts", SEVERITY_ERROR, true,
		"An entry of InternalHosts matches no client as it is written",
		"Mail from there leaves unsigned.",
		"Write a network with its first address, and IPv6 in its shortest form.",
		"opendkim.conf(5), PeerList"},
>>>>>>> 69da00f4ffc04240a8406ff661973dd789825bd2
};

#define TABLES (sizeof(tables) / sizeof(tables[0]))

const struct rule *
rule_at(size_t index)
{
	for (size_t i = 0; i < TABLES; i++)
		for (const struct rule *rule = tables[i]; rule->id != NULL; rule++)
			if (index-- == 0)
				return rule;
	return NULL;
}

size_t
rule_count(void)
{
	size_t count = 0;

	for (size_t i = 0; i < TABLES; i++)
		for (const struct rule *rule = tables[i]; rule->id != NULL; rule++)
			count++;
	return count;
}

size_t
rule_index(const struct rule *rule)
{
	size_t index = 0;

	for (const struct rule *at; (at = rule_at(index)) != NULL && at != rule;)
		index++;
	return index;
}

const struct rule *
rule_find(const char *id)
{
	for (size_t i = 0; i < TABLES; i++)
		for (const struct rule *rule = tables[i]; rule->id != NULL; rule++)
			if (strcmp(rule->id, id) == 0)
				return rule;
	return NULL;
}
