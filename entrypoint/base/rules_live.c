/* rules_live.c - the catalogue: the running system, as check --live finds it */
#include "base/rules.h"

const struct rule rules_live[] = {
	{"live-elsewhere", SEVERITY_NOTE, false, "The running system was not looked at",
		"Nothing is known of its ports, services and disks.",
		"Run `mailinit check --live` in the container, as in docker exec mail mailinit "
		"check --live.",
		"",
		"Away from the container, the ports and the processes of the machine are those of "
		"somebody else.",
		"`mailinit check --live` on the machine where the settings lie"},
	{"live-not-checked", SEVERITY_WARNING, false,
		"A part of the running system could not be looked at",
		"Nothing is known of it: it may work or not.",
		"Ask again, with a longer --timeout if there was no time left.", "",
		"A PID 1 that stands still answers nobody: whether its services are well is then "
		"not known.",
		"`docker kill --signal STOP` for the container, then `mailinit check --live` in "
		"it"},
	{"live-service-down", SEVERITY_ERROR, false, "A service is not ready",
		"What it does for mail does not happen.",
		"See `mailinit status`, and the log for the reason; one that was stopped by hand "
		"comes back with `mailinit start NAME`.",
		"",
		"Dovecot's master was killed, and a container without supervision stayed "
		"`running`: IMAP was refused, and mail deferred.",
		"`mailinit stop dovecot`"},
	{"live-port-closed", SEVERITY_ERROR, false, "Nothing answers at a port that should",
		"Clients and servers that connect there get nothing.",
		"See the log of the service that listens there.", "",
		"docker-mailserver#3376: without the SASL socket smtpd ends with `fatal: no SASL "
		"authentication mechanisms`; a client is connected, and gets no byte for a minute.",
		"`mailinit stop dovecot`: its own ports, and 587"},
	{"live-banner", SEVERITY_ERROR, false, "A port greets in a wrong way",
		"Clients hang up, and servers keep their mail.",
		"See the log of the service that listens there.", "RFC 5321 section 4.2",
		"A program of somebody else holds the port, or the server refuses everybody.",
		"a server that greets with `554 go away`"},
	{"live-banner-name", SEVERITY_WARNING, false,
		"A port greets with another name than the host name",
		"Other servers log another name; some tests of mail servers complain.",
		"Begin a smtpd_banner of your own with $myhostname.", "RFC 5321 section 4.2",
		"smtpd_banner was set to a text without the host name.",
		"a server that greets with `220 elsewhere.test ESMTP`"},
	{"live-starttls-missing", SEVERITY_ERROR, false, "A port offers no STARTTLS",
		"Mail and passwords go in clear, or not at all.",
		"See the log for the certificate that could not be loaded.", "RFC 3207",
		"smtpd_tls_security_level was set to none for one service: EHLO offers no "
		"STARTTLS, and mail goes in clear.",
		"a server whose EHLO does not offer STARTTLS"},
	{"live-tls-failed", SEVERITY_ERROR, false, "TLS cannot be begun at a port",
		"Clients cannot connect; servers that demand TLS keep their mail.",
		"See the log for the certificate or key that could not be used.", "RFC 3207",
		"A key of another certificate: EHLO offers STARTTLS, then comes `454 4.7.0 TLS not "
		"available due to local problem`; the container looks healthy.",
		"a server that answers STARTTLS with 454"},
	{"live-tls-stale", SEVERITY_ERROR, false,
		"A port serves another certificate than the configured one",
		"Clients see the old one: they refuse to connect once it has expired.",
		"Run `mailinit reload`; see its findings if it is refused.", "",
		"docker-mailserver#2239: the certificate was renewed on the disk, and Postfix and "
		"Dovecot served the old one until they were reloaded.",
		"a new certificate at tls.certificate while PID 1 is stopped with SIGSTOP"},
	{"live-sasl-failed", SEVERITY_ERROR, false, "Passwords cannot be checked",
		"Nobody can log in to send mail.",
		"See the log of Postfix and Dovecot, and `mailinit status`.", "RFC 4954 section 6",
		"Dovecot's socket is there but may not be opened (docker-mailserver#3110): "
		"`warning: SASL: Connect to Dovecot auth socket 'private/auth' failed`.",
		"`mailinit stop dovecot`, or a server that answers AUTH with 454"},
	{"live-sasl-open", SEVERITY_ERROR, false, "A made-up password is accepted",
		"Anybody may send mail through this server.",
		"Stop the container, and see what checks the passwords.", "",
		"A static passdb with nopassword, left over from an experiment, takes any "
		"password: ports, certificate and processes all look well.",
		"a server that answers any AUTH with 235"},
	{"live-milter-failed", SEVERITY_ERROR, false, "A milter does not answer",
		"Mail is answered with 451, or leaves unsigned, as dkim.on_failure says.",
		"See the log of the milter.", "",
		"OpenDKIM was killed, with milter_default_action = accept: `250 2.0.0 Ok: queued`, "
		"and `warning: connect to Milter service inet:localhost:8891: Connection refused` "
		"as the only trace of mail without a signature.",
		"`mailinit stop opendkim`"},
	{"live-relay-unreachable", SEVERITY_ERROR, false, "The smarthost cannot be reached",
		"All mail to outside waits, and comes back to its senders after days.",
		"See whether name and port in relay.host are right, whether the name is known "
		"here, "
		"and whether a firewall lets connections to that port out.",
		"",
		"Clouds and home connections block port 25 to the world; the provider's port 587 "
		"was meant, and `:587` forgotten: `Connection timed out`.",
		"`MAIL_RELAY_HOST=[smarthost.test]:588`, where nobody listens"},
	{"live-relay-tls", SEVERITY_ERROR, false,
		"The smarthost is not, by its certificate, the one that was meant",
		"All mail to outside waits; neither it nor the password is sent there.",
		"Write the name of the provider's certificate into relay.host. For an authority of "
		"your own name its file in POSTFIX_smtp_tls_CAfile.",
		"postconf(5), smtp_tls_security_level; RFC 3207",
		"relay.host was the name of a CNAME or an address: `status=deferred (Server "
		"certificate not verified)` for each message.",
		"a smarthost with the certificate of another name"},
	{"live-relay-login", SEVERITY_ERROR, false, "The smarthost refuses the login",
		"All mail to outside waits: Postfix takes a wrong password for something that will "
		"pass.",
		"Correct relay.username or relay.password, or the file of it, and run `mailinit "
		"queue flush`. Some providers want a password made for the application.",
		"RFC 4954 section 6",
		"The provider's password was changed in its web interface: `dsn=4.7.8, "
		"status=deferred (SASL authentication failed; server … said: 535 5.7.8 …)`, and "
		"nobody looked for days.",
		"a wrong password in the file of MAIL_RELAY_PASSWORD_FILE"},
	{"live-partner-down", SEVERITY_ERROR, false,
		"A mail store or an authentication in another container does not answer",
		"Mail waits in the queue and recipients that are not known yet are put off with "
		"450; without the authentication nobody can log in at 587 and 465.",
		"See whether that container runs, and whether its name and port are reached from "
		"here.",
		"",
		"The store's machine was down: `status=deferred (connect to "
		"store.example.com[…]:24: No route to host)`, with the container healthy.",
		"`MAIL_DELIVERY_LMTP=inet:store:24`, and the container store is stopped"},
	{"live-queue-stuck", SEVERITY_WARNING, false, "New mail waits without being looked at",
		"It is not delivered, nor tried.",
		"See the log of Postfix's pickup, cleanup and qmgr.", "qmgr(8)",
		"Mailu/helm-charts#282: Postfix greeted while the processes behind it were dead, "
		"and the probe stayed green.",
		"`mailinit stop postfix`, and a message of an hour ago in maildrop"},
	{"live-queue-growing", SEVERITY_WARNING, false,
		"More mail comes into the queue than leaves it",
		"Mail is late, and fills the disk in the end.",
		"See `mailinit queue`, which sums up why mail waits.", "qmgr(8)",
		"smtp(8) died at each delivery, `bad command startup -- throttling`: mail was "
		"accepted, and stayed in the queue without a line with status=.",
		"a hundred messages into the hold of a slow next hop, while `mailinit check "
		"--live` runs"},
	{"live-queue-old", SEVERITY_WARNING, false, "Mail waits for hours",
		"Its senders are told of the delay, and get it back after days.",
		"See `mailinit queue`, which sums up why mail waits.", "qmgr(8)",
		"A wrong password for the smarthost is a temporary error: `dsn=4.7.8, "
		"status=deferred (SASL authentication failed`, and mail waits for five days if "
		"nobody looks.",
		"a deferred message that came more than six hours ago"},
	{"live-disk-full", SEVERITY_ERROR, false, "There is no room for a message",
		"Mail is refused with 452, or cannot be stored.", "Make room on the volume.",
		"postconf(5), queue_minfree",
		"`452 4.3.1 Insufficient system storage` to each MAIL FROM, while all processes "
		"run.",
		"`MAIL_LIMITS_MESSAGE=900G`"},
	{"live-disk-low", SEVERITY_WARNING, false, "A volume is nearly full",
		"Mail is refused once it is full.", "Make room on the volume.", "",
		"Mailboxes grow until `No space left on device`; the day before nothing told it.",
		"a volume with less than 1 GB and 5 % of room"},
	{0},
};
