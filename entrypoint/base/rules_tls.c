/* rules_tls.c - the catalogue: the certificate and its key */
#include "base/rules.h"

const struct rule rules_tls[] = {
	{"tls-file-unreadable", SEVERITY_ERROR, true,
		"A configured certificate or key cannot be read",
		"Postfix would offer STARTTLS and then answer 454; Dovecot would not start.",
		"Mount the file, correct its path, or remove the setting.", "",
		"A dangling link into certbot's archive, which was not mounted: Postfix answers "
		"`454 4.7.0 TLS not available due to local problem`, port 465 resets, Dovecot ends "
		"with exit 89 (certbot#7880).",
		"`MAIL_TLS_CERTIFICATE=/tls/cert.pme`, with `MAIL_TLS_KEY=/tls/key.pem`"},
	{"tls-certificate-invalid", SEVERITY_ERROR, true,
		"The certificate file holds no usable certificate",
		"No TLS connection would succeed.",
		"Give the certificate as PEM, its issuers after it.", "",
		"smtpd disables TLS with a warning at each connection: EHLO offers STARTTLS, and "
		"`454 4.7.0 TLS not available due to local problem` follows.",
		"a tls.certificate that holds a text"},
	{"tls-key-invalid", SEVERITY_ERROR, true, "The key file holds no usable private key",
		"No TLS connection would succeed.",
		"Give the private key as PEM, without a passphrase.", "",
		"Nobody types a passphrase when a container starts: smtpd disables TLS, `454 4.7.0 "
		"TLS not available due to local problem`.",
		"a tls.key that holds a text"},
	{"tls-key-mismatch", SEVERITY_ERROR, true,
		"The private key does not belong to the certificate",
		"Postfix would offer STARTTLS and then answer 454; Dovecot would hang up.",
		"Give the key with which this certificate was requested.", "",
		"The certificate was renewed and the old key mounted: EHLO offers STARTTLS, "
		"STARTTLS gives 454, `x509 certificate routines::key values mismatch` stands in "
		"the log, and `doveconf -n` says 0.",
		"`openssl ecparam -name prime256v1 -genkey -noout -out key.pem` beside the old "
		"certificate"},
	{"tls-name-mismatch", SEVERITY_ERROR, false,
		"The certificate does not carry a name that clients connect to",
		"Clients that check names refuse to connect; others warn their users.",
		"Get a certificate with that name among its subject alternative names, or correct "
		"tls.names.",
		"RFC 6125 section 6.4",
		"Roundcube reports a peer name that it did not expect, phones stop to fetch mail, "
		"the server logs `SSL alert number 42` at most (mailcow#3144, "
		"docker-mailserver#1439).",
		"`MAIL_TLS_NAMES=imap.example.com`, with `MAIL_TLS_CERTIFICATE=/tls/cert.pem` and "
		"`MAIL_TLS_KEY=/tls/key.pem`"},
	{"tls-store-unreadable", SEVERITY_ERROR, true,
		"A store of certificates of another program cannot be read",
		"The certificate in it is not known, so none could be served.",
		"Let the program that writes it finish, or correct the path and the mode.", "",
		"Traefik rewrites acme.json in place: read half-written, a dumper of its "
		"certificates said `unexpected EOF` and never tried again.",
		"an acme.json that is cut off in the middle, as `tls.directory`"},
	{"tls-kept-last-good", SEVERITY_ERROR, false,
		"The configured certificate cannot be used, and the last good one is served",
		"None yet; once the last good one has expired, clients refuse to connect.",
		"Put certificate and key of one renewal there; the message says what is wrong.", "",
		"A renewal that wrote the key before the certificate: who reloaded between the two "
		"served a pair that no client could use.",
		"a running container whose `tls.key` is replaced by another key; `mailinit "
		"reload`"},
	{"tls-directory-empty", SEVERITY_WARNING, false,
		"tls.directory holds no certificate for tls.names yet",
		"A self-signed certificate is served until there is one; mail clients warn their "
		"users or refuse.",
		"Wait for the first issue, or correct the path; a directory must be mounted with "
		"what its links lead to (certbot: all of /etc/letsencrypt).",
		"",
		"Only certbot's live directory was mounted: its links lead to ../../archive, which "
		"was not there.",
		"`MAIL_TLS_DIRECTORY=/etc/letsencrypt/live/mail.example.com`, where nothing was "
		"issued yet"},
	{"tls-directory-choice", SEVERITY_NOTE, false, "tls.directory holds several certificates",
		"None: the one with most of tls.names and the latest end is served.",
		"Name another by tls.certificate and tls.key, or by a directory of its own.", "",
		"Caddy keeps the certificates of two authorities after one of them failed; which "
		"is served was a matter of luck.",
		"a Caddy storage with two issuers of one name, as `tls.directory`"},
	{"tls-alternative-unused", SEVERITY_WARNING, false,
		"The certificate of tls.alternative adds no other kind of key",
		"It is not served: a daemon takes one certificate for each kind of key.",
		"Give one with an RSA key and one with an EC key, or remove tls.alternative.",
		"postconf(5), smtpd_tls_chain_files",
		"Two RSA certificates were given as if one were a fallback of the other: Postfix "
		"takes the first, and warns of the second.",
		"`tls.alternative` with a second RSA certificate"},
	{"tls-chain-broken", SEVERITY_WARNING, false, "The certificates of the file are no chain",
		"Clients that do not know the issuer already refuse to connect.",
		"Give the certificate first, then each issuer after what it issued.",
		"RFC 5246 section 7.4.2",
		"The certificate alone, without its issuer: browsers know the issuer, and other "
		"mail servers do not.",
		"two certificates in one file, the second of which did not issue the first"},
	{"tls-chain-incomplete", SEVERITY_WARNING, false,
		"The certificate stands without its intermediate certificates",
		"Clients that do not know the issuer already refuse to connect.",
		"Give the file with the whole chain: fullchain.pem, not cert.pem.",
		"RFC 5246 section 7.4.2",
		"cert.pem was given for fullchain.pem: browsers knew the issuer, other mail "
		"servers and phones did not.",
		"a certificate of an intermediate authority, alone in its file"},
	{"tls-chain-has-root", SEVERITY_NOTE, false, "The chain ends with its root certificate",
		"None, but some hundred bytes more in each connection: clients use the root that "
		"they have.",
		"Leave the root out of the file.", "RFC 5246 section 7.4.2",
		"A provider's bundle with its root in it.",
		"a file of certificate, intermediate and root"},
	{"tls-leaf-is-ca", SEVERITY_WARNING, false, "The certificate is that of an authority",
		"Clients that look at its purpose refuse it; who trusts it trusts all that its key "
		"signs.",
		"Give the server's certificate first; make one of your own with CA:FALSE.",
		"RFC 5280 section 4.2.1.9",
		"A certificate of `openssl req -x509` without further words is that of an "
		"authority.",
		"`openssl req -x509 -addext basicConstraints=critical,CA:TRUE`"},
	{"tls-key-readable", SEVERITY_WARNING, false,
		"The private key can be read by every user of the container",
		"A program that is broken into, of whatever user, could take it.",
		"Set the mode of the file to 0600 (of a secret: mode: 0400, defaultMode: 0400).",
		"",
		"A key mounted with the modes of the host, 0644, was open to each user of the "
		"container.",
		"a key of mode 0644 as `tls.key`"},
	{"tls-files-writable", SEVERITY_WARNING, false,
		"Certificate or key can be replaced by every user of the container",
		"A program that is broken into could have another certificate served.",
		"Take the right to write from others, of the file and of the directories above it.",
		"",
		"A directory of certificates of mode 0777, so that the program that renews them "
		"could write there: so could each other one.",
		"a certificate in a directory of mode 0777"},
	{"tls-expired", SEVERITY_ERROR, false, "The certificate has expired",
		"Clients refuse to connect.", "Renew it.", "",
		"Nobody renewed it, or nobody reloaded: clients stop at once, and Postfix logs "
		"nothing (docker-mailserver#2239).",
		"a certificate that ended in 2021"},
	{"tls-expires-soon", SEVERITY_WARNING, false,
		"Less than a third of the certificate's life is left",
		"Clients will refuse to connect.", "See why it was not renewed.", "",
		"Certificates of 47 and of 6 days make a warning of 30 days useless: what is left "
		"of the whole life counts.",
		"a certificate of 90 days of which 20 are left"},
	{"tls-expires-shortly", SEVERITY_ERROR, false,
		"Less than a tenth of the certificate's life is left",
		"Clients will refuse to connect.", "Renew it now; see why it was not renewed.", "",
		"Renewal had failed for weeks, and nobody read that log.",
		"a certificate that began in 2020 and ends in three days"},
	{"tls-not-yet-valid", SEVERITY_ERROR, false, "The certificate is not valid yet",
		"Clients refuse to connect.", "Check the clock, or wait.", "",
		"A clock that stands in 1970 after a boot, or a certificate that is made for "
		"tomorrow: clients refuse it.",
		"a certificate that begins in 2098"},
	{"tls-key-short", SEVERITY_WARNING, false,
		"The certificate's RSA key is shorter than 2048 bits", "Current clients refuse it.",
		"Get a certificate for a key of 2048 bits, or for an EC key.", "",
		"OpenSSL 3 at its default security level ends the handshake with `ee key too "
		"small`.",
		"a certificate of `openssl genrsa 1024`"},
	{"tls-signature-weak", SEVERITY_WARNING, false,
		"The certificate is signed with a hash that is broken",
		"Current clients refuse it.", "Get a certificate that is signed with SHA-256.", "",
		"OpenSSL 3 ends the handshake with `ca md too weak`.",
		"a certificate signed with `openssl ca -md sha1`"},
	{"tls-not-for-servers", SEVERITY_WARNING, false, "The certificate is not meant for servers",
		"Clients that look at its purpose refuse it.",
		"Get one with the purpose serverAuth.", "RFC 5280 section 4.2.1.12",
		"A client certificate from an internal authority: `unsuitable certificate purpose` "
		"at every client that verifies.",
		"a certificate with extendedKeyUsage=clientAuth"},
	{"tls-missing", SEVERITY_ERROR, true, "No certificate is given and none may be made",
		"No TLS, hence no passwords and no submission.",
		"Set tls.certificate and tls.key, or tls.directory, or tls.self_signed: "
		"when-missing.",
		"", "Without TLS no password is taken on 587: clients are offered no login.",
		"`MAIL_TLS_SELF_SIGNED=never`"},
	{"tls-self-signed", SEVERITY_WARNING, false, "A self-signed certificate is served",
		"Mail clients warn their users or refuse; other servers that verify send in clear "
		"or not at all.",
		"Set tls.certificate and tls.key, or tls.directory; or write tls.self_signed: "
		"when-missing "
		"to say that it is meant.",
		"",
		"bokysan/docker-postfix#160 and #206: STARTTLS was offered with a certificate that "
		"no client trusts, and strict clients did not send.",
		"no tls.certificate, and nothing said of tls.self_signed"},
	{"tls-self-signed-chosen", SEVERITY_NOTE, false,
		"A self-signed certificate is served, as it was chosen",
		"Mail clients warn their users until they trust it.",
		"Set tls.certificate and tls.key when you have them.", "",
		"Other servers send in spite of it, and people's clients ask whether they trust "
		"it.",
		"`MAIL_TLS_SELF_SIGNED=when-missing`, without a certificate"},
	{"tls-required-on-25", SEVERITY_ERROR, false, "Port 25 asks the whole world for TLS",
		"Servers that speak no TLS, or stumble over the certificate, cannot deliver here: "
		"their users' mail comes back.",
		"Leave tls.level_25 at may; encrypt belongs to 587 and 465.", "RFC 3207 section 4",
		"Set while looking for another fault, and left: a server without STARTTLS gets "
		"`530 5.7.0 Must issue a STARTTLS command first`, and the only trace is `mail=0/1` "
		"in a disconnect line.",
		"`POSTFIX_smtpd_tls_security_level=encrypt`"},
	{"auth-without-tls", SEVERITY_ERROR, false, "Passwords are taken without TLS",
		"Whoever sees the traffic reads them, and then sends in your users' names.",
		"Set smtpd_tls_auth_only to yes, and ssl to required in Dovecot.",
		"RFC 4954 section 4; RFC 8314 section 3",
		"`AUTH PLAIN` is the password in base64: whoever is on the way reads it.",
		"`POSTFIXMASTER_2525__inet=n - y - - smtpd -o smtpd_sasl_auth_enable=yes -o "
		"smtpd_tls_auth_only=no`"},
	{"auth-on-25", SEVERITY_WARNING, false, "Passwords are taken on port 25, too",
		"Port 25 hangs with Dovecot: mail from other servers waits whenever it is down. "
		"And it is the port where passwords are guessed.",
		"Leave smtpd_sasl_auth_enable at no in main.cf: 587 and 465 have it as an option "
		"of their own.",
		"RFC 6409 section 3.1; SASL_README of Postfix",
		"With AUTH on 25, Dovecot's death closes that port too: smtpd ends with `fatal: no "
		"SASL authentication mechanisms`, and other servers wait for a greeting that never "
		"comes.",
		"`POSTFIX_smtpd_sasl_auth_enable=yes`"},
	{0},
};
