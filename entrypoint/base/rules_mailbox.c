/* rules_mailbox.c - the catalogue: recipients, aliases, passwords, and where mail is kept */
#include "base/rules.h"

const struct rule rules_mailbox[] = {
	{"delivery-missing", SEVERITY_ERROR, true,
		"Mail is accepted for the domains, but nothing stores it",
		"Accepted mail would wait in the queue and be bounced after five days.",
		"Add the role mailstore, or set delivery.lmtp to the mail store elsewhere.", "",
		"virtual_transport led to a Dovecot that was not there: `status=deferred (connect "
		"to mail.example.test[private/dovecot-lmtp]: Connection refused)`, then bounces "
		"after five days.",
		"`MAIL_ROLES=mx`"},
	{"delivery-unverified", SEVERITY_WARNING, false,
		"Mail is handed to another machine whose certificate nobody looks at",
		"Whoever sits on the way, or answers in its place, reads and keeps all incoming "
		"mail.",
		"Set delivery.tls: secure; delivery.tls_name and delivery.tls_ca where the "
		"certificate has another name or an authority of your own.",
		"RFC 3207 section 6",
		"With a self-signed certificate at the other end: `Untrusted TLS connection "
		"established "
		"to store[…]:24`, and status=sent all the same.",
		"`MAIL_DELIVERY_LMTP=inet:store.example.com:24`"},
	{"sasl-in-clear", SEVERITY_WARNING, false, "Passwords go to another machine in clear",
		"Whoever sits on the way reads them.",
		"Reach the authentication by a container's name in a network of their own, or by a "
		"private address of a VPN.",
		"Dovecot's manual, \"Authentication Protocol\"",
		"Dovecot's auth protocol over TCP has no TLS: the base64 of AUTH PLAIN is there to "
		"read.",
		"`MAIL_DELIVERY_SASL=inet:store.example.com:12345`"},
	{"mailboxes-none", SEVERITY_WARNING, false, "There is no recipient",
		"Every mail for the domains is refused with 550.",
		"Set mailboxes, or mailboxes.file, or aliases.", "",
		"Each recipient is refused: `550 5.1.1 User unknown in virtual mailbox table`.",
		"neither mailboxes nor aliases in the settings"},
	{"postmaster-assumed", SEVERITY_NOTE, false, "Nobody was named as postmaster",
		"Mail for postmaster, abuse and root goes to whom the message names.",
		"Add an alias postmaster@ the first domain.", "RFC 5321 section 4.5.1",
		"Every server that receives mail must have this address; other servers complain "
		"there.",
		"a mailbox, and no alias postmaster@"},
	{"postmaster-missing", SEVERITY_WARNING, false, "Nobody answers for postmaster",
		"Mail for postmaster, abuse and root is refused: complaints and bounces of system "
		"mail are lost.",
		"Add an alias postmaster@ the first domain.", "RFC 5321 section 4.5.1",
		"Complaints are refused with 550, and the next step of those who complain is a "
		"block list.",
		"`MAIL_ALIASES=sales@example.com=jane@example.net`"},
	{"mailbox-outside-domains", SEVERITY_WARNING, false,
		"A mailbox whose domain is not among domains",
		"Its owner can log in, but mail for it is refused or sent elsewhere.",
		"Add its domain to domains, or correct the address.", "",
		"The user logs in, and no mail ever comes.",
		"`mailboxes: [{address: info@example.com, password: \"HASH\"}, {address: "
		"info@exmaple.com, password: \"HASH\"}]` in mailinit.yaml"},
	{"mailbox-duplicate", SEVERITY_ERROR, true, "Two mailboxes have the same address",
		"Only one of the two passwords would work.", "Keep one of them.", "",
		"The second password is never looked at: its owner is told that it is wrong.",
		"`mailboxes: [{address: info@example.com, password: \"HASH\"}, {address: "
		"INFO@example.com, password: \"HASH\"}]` in mailinit.yaml"},
	{"alias-dangling", SEVERITY_WARNING, false,
		"An alias leads to an address of ours that does not exist",
		"Mail for it is accepted and then bounced, often to somebody who never wrote it.",
		"Correct the target, or make the mailbox.", "",
		"Mail is accepted and then bounced, often to a sender who was forged: backscatter.",
		"`aliases: {sales@example.com: nobody@example.com}` in mailinit.yaml"},
	{"alias-outside-domains", SEVERITY_WARNING, false,
		"An alias whose domain is not among domains",
		"Nobody outside sends mail for it here; mail from here to that address goes to the "
		"alias's target instead.",
		"Correct the address, or add its domain to domains.", "virtual(5)",
		"An alias in a misspelt domain does nothing for the world, and redirects mail of "
		"our own users.",
		"`aliases: {sales@exmaple.com: info@example.com}` in mailinit.yaml"},
	{"alias-unused", SEVERITY_NOTE, false, "Aliases in a container without Postfix",
		"They do nothing here: the server that takes the mail must know them, or it "
		"refuses "
		"these addresses with 550.",
		"Give the aliases to the container with Postfix; a mailinit.yaml that both have is "
		"fine.",
		"",
		"A mail store was asked for an alias of one of its mailboxes: `550 5.1.1 "
		"<shop@example.com> User doesn't exist`.",
		"`MAIL_ALIASES=shop@example.com=info@example.com` with `MAIL_ROLES=mailstore`"},
	{"alias-loop", SEVERITY_ERROR, true, "Aliases lead to each other in a circle",
		"Mail for any of them is answered with 451, until its sender gives up.",
		"Take one of them out of the circle; an alias may lead to itself and to others.",
		"postconf(5), virtual_alias_recursion_limit",
		"`virtual_alias_maps map lookup problem`, `mail forwarding loop`: 451 until the "
		"sender gives up.",
		"`aliases: {a@example.com: b@example.com, b@example.com: a@example.com}` in "
		"mailinit.yaml"},
	{"alias-duplicate", SEVERITY_ERROR, true, "An alias is given twice",
		"Only one of the two would get the mail.",
		"Remove one, or give one alias several targets.", "",
		"Of two equal keys in a table Postfix takes the first and warns `duplicate entry`.",
		"`mailboxes: [{address: info@example.com, password: \"HASH\", aliases: "
		"[postmaster@example.com]}]` in mailinit.yaml"},
	{"password-not-hashed", SEVERITY_ERROR, true, "A mailbox's password is not a hash",
		"The password itself would lie in a file, and might be taken for a hash that "
		"nothing matches.",
		"Give what `mailinit hash-password` prints, in quotes; or use password_file.", "",
		"A plain text in the place of a hash matches nothing, or stands readable in a "
		"file.",
		"`mailboxes: [{address: info@example.com, password: \"correct horse\"}]` in "
		"mailinit.yaml"},
	{"password-scheme-unknown", SEVERITY_ERROR, true,
		"A password names a scheme that Dovecot does not have",
		"Its owner could never log in.",
		"Correct the word in braces, as in {SHA512-CRYPT}; `mailinit hash-password` makes "
		"one.",
		"",
		"{SHA512CRYPT} instead of {SHA512-CRYPT}: `Unknown scheme`, and the user is told "
		"that the password is wrong.",
		"`mailboxes: [{address: info@example.com, password: \"{SHA512CRYPT}x\"}]` in "
		"mailinit.yaml"},
	{"password-hash-damaged", SEVERITY_WARNING, false,
		"A stored password is no whole hash of its scheme",
		"Its owner can probably never log in.",
		"Write it in quotes, and in a compose file each $ as $$.", "",
		"compose took the $6$… of a hash for variables: what arrived was cut, and nobody "
		"could log in.",
		"`mailboxes: [{address: info@example.com, password: "
		"\"{SHA512-CRYPT}$6$abcdefgh\"}]` in mailinit.yaml"},
	{"password-scheme-weak", SEVERITY_WARNING, false,
		"A password's scheme is one that Dovecot 2.4 refuses",
		"Its owner cannot log in, unless auth_allow_weak_schemes is set.",
		"Hash the password anew, as `mailinit hash-password` does.", "",
		"After the upgrade to Debian 13, `Weak password scheme MD5-CRYPT used and "
		"refused`.",
		"`mailboxes: [{address: info@example.com, password: "
		"\"{MD5-CRYPT}$1$abcdefgh$irWbblnpmw.5z7wgBnprh0\"}]` in mailinit.yaml"},
	{"mailbox-address-invalid", SEVERITY_ERROR, true, "A mailbox's name is no mail address",
		"Mail for it could not be told from other mail.",
		"Begin the line with the full address.", "",
		"Accounts without a domain, taken over from system users, cannot be told apart "
		"between two domains.",
		"a line `info:{SHA512-CRYPT}…` in mailboxes.file"},
	{"mailbox-path", SEVERITY_ERROR, true, "mailboxes.path cannot be used by this Dovecot",
		"Mail would lie in one place for all users, or nowhere.",
		"Use an absolute path with %{user | domain} and %{user | username}.", "",
		"Dovecot 2.4 has neither %d nor %n: as plain text they name one directory for all "
		"users.",
		"`mailboxes: {path: '/var/mail/%{home | sha1}'}` in mailinit.yaml, with `--target "
		"debian12`"},
	{"mail-format", SEVERITY_ERROR, true,
		"All mail that is there is in another format than the one that Dovecot reads",
		"Logins would work, every mailbox would look empty, and new mail would be written "
		"beside the old.",
		"Set mailboxes.format to the format that is there, or convert the mail: "
		"docs/mailboxes.md says how.",
		"",
		"Dovecot's default read mbox where the mail was Maildir: logins worked, and every "
		"mailbox was empty.",
		"a store with `info/cur` and `info/new`, and `MAIL_MAILBOXES_FORMAT=sdbox`"},
	{"mail-format-mixed", SEVERITY_WARNING, false,
		"A mailbox has mail in another format than the one that Dovecot reads",
		"Its owner does not see that mail.",
		"Convert it, as docs/mailboxes.md says, and move the old form away.", "",
		"One mailbox was copied from an older server in its own format.",
		"two mailboxes, one of them a file of mbox where Maildir is set"},
	{0},
};
