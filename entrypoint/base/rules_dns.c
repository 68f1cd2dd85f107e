/* rules_dns.c - the catalogue: records in DNS, as check --live finds them */
#include "base/rules.h"

const struct rule rules_dns[] = {
	{"dns-not-checked", SEVERITY_WARNING, false, "A record of DNS could not be checked",
		"Nothing is known of it: it may be right, wrong or absent.",
		"Ask again; if it stays so, see to the name servers of /etc/resolv.conf. Where the "
		"engine answers for the container's own name, give it another `hostname:` in the "
		"compose file than `hostname` here.",
		"",
		"Docker 24.0.0 made SERVFAIL of what is not there, and Mailu broke (Mailu#2827): "
		"an answer that does not come says nothing of the record.",
		"a name server in /etc/resolv.conf that does not answer, or answers SERVFAIL"},
	{"dns-unknown-address", SEVERITY_NOTE, false,
		"The addresses that mail leaves from are not known", "SPF and PTR were not judged.",
		"Set dns.addresses.", "",
		"A container sees the addresses of its bridge alone: the one that the world sees "
		"belongs to the machine, or to its router.",
		"`mailinit check --live` without dns.addresses, and a host name without an "
		"address"},
	{"dns-mx-missing", SEVERITY_ERROR, false, "A domain has no MX record",
		"Mail goes to the address of the domain's own name, if it has one; else it is "
		"returned to its sender.",
		"Publish the MX record that `mailinit dns` prints.", "RFC 5321 section 5.1",
		"Without it servers try the address of the domain's name, often that of a web "
		"server: `Connection refused`, and after days the mail comes back.",
		"a zone without the MX record of the domain"},
	{"dns-mx-other", SEVERITY_WARNING, false, "No MX record of a domain names this server",
		"Mail for the domain goes elsewhere.",
		"Publish the MX record that `mailinit dns` prints; where a gateway stands before "
		"this "
		"server, set checks.dns-mx-other to off.",
		"RFC 5321 section 5.1",
		"The records still name the server that was there before: this one is ready, and "
		"no mail comes.",
		"`example.com. IN MX 10 mx.gmail.test.`"},
	{"dns-mx-alias", SEVERITY_WARNING, false, "An MX record names an alias (CNAME)",
		"Some servers do not deliver there.", "Name the host itself in the MX record.",
		"RFC 2181 section 10.3",
		"Most servers follow the alias; those that hold to the standard look for an "
		"address at this very name, and find none.",
		"`example.com. IN MX 10 alias.test.` and `alias.test. IN CNAME mail.example.com.`"},
	{"dns-mx-address", SEVERITY_ERROR, false, "The host of an MX record has no address",
		"Mail that tries this host waits, and is returned if there is no other.",
		"Publish its A or AAAA record, or correct the MX record.", "RFC 5321 section 5.1",
		"A misspelt host: `Host or domain name not found. Name service error for "
		"name=nowhere.test type=A: Host not found`, in the log of the sender.",
		"`example.com. IN MX 10 nowhere.test.`"},
	{"dns-address-missing", SEVERITY_ERROR, false, "The host name has no address",
		"Nobody reaches this server by its name; receivers refuse its HELO.",
		"Publish the A and AAAA records that `mailinit dns` prints.",
		"RFC 5321 section 4.1.4",
		"Receivers that look for the name of a HELO answer `450 4.7.1 <mail.example.com>: "
		"Helo command rejected: Host not found`.",
		"a zone without A and AAAA of the host name"},
	{"dns-address-other", SEVERITY_WARNING, false,
		"The host name leads to other addresses than dns.addresses",
		"Mail goes to an address that is not this server's, or its HELO is not confirmed.",
		"Correct the A and AAAA records, or dns.addresses.", "RFC 5321 section 4.1.4",
		"After a move the old A record stayed, or the new AAAA record was forgotten: over "
		"IPv6 mail left from an address that the name does not have.",
		"`mail.example.com. IN A 192.0.2.8`, with `MAIL_DNS_ADDRESSES=192.0.2.7`"},
	{"dns-ptr-missing", SEVERITY_ERROR, false, "An address that mail leaves from has no name",
		"Large receivers refuse mail from it.",
		"Ask the provider of the address for the PTR record that `mailinit dns` prints.",
		"RFC 1912 section 2.1",
		"Gmail refuses it with 550 5.7.25; Postfix with reject_unknown_client_hostname "
		"says `450 4.7.25 Client host rejected: cannot find your hostname`.",
		"an address of dns.addresses without a PTR record"},
	{"dns-ptr-unconfirmed", SEVERITY_ERROR, false,
		"The name of an address does not lead back to it",
		"Large receivers take the address for one without a name, and refuse its mail.",
		"Give the name in the PTR record this address, or the address the host name as its "
		"name.",
		"RFC 1912 section 2.1",
		"Postfix at the other end calls the client `unknown[192.0.2.7]`, and logs "
		"`hostname mail.example.com does not resolve to address 192.0.2.7`.",
		"`7.2.0.192.in-addr.arpa. IN PTR nowhere.test.`"},
	{"dns-ptr-mismatch", SEVERITY_WARNING, false,
		"An address has another name than the host name",
		"Some receivers trust mail less whose HELO differs from the name of its address.",
		"Ask the provider for a PTR record with the host name, or change hostname.",
		"RFC 5321 section 4.1.4",
		"The address kept the name that its provider gives to each of its machines: it "
		"leads back, and says that nobody cared for it.",
		"`7.2.0.192.in-addr.arpa. IN PTR other.test.` and `other.test. IN A 192.0.2.7`"},
	{"dns-spf-missing", SEVERITY_ERROR, false,
		"A domain that mail is sent from has no SPF record",
		"Large receivers refuse its mail, or take it for spam.",
		"Publish the SPF record that `mailinit dns` prints.", "RFC 7208 section 3",
		"`550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM`; "
		"earlier it was a 421 (docker-mailserver#2996).",
		"a zone without the SPF record of the domain"},
	{"dns-spf-multiple", SEVERITY_ERROR, false, "A domain has several SPF records",
		"SPF fails for every mail of the domain (permerror).",
		"Merge them into one record.", "RFC 7208 section 3.2",
		"A service asked for a record of its own, which was put beside the first: two of "
		"them are a permerror, and neither counts.",
		"a second TXT record at the domain, `v=spf1 ?all`"},
	{"dns-spf-syntax", SEVERITY_ERROR, false, "An SPF record cannot be used",
		"SPF fails for every mail of the domain (permerror).",
		"Correct the term that is named.", "RFC 7208 section 4.6",
		"`ipv4:` for `ip4:`, or an include of a domain without a record: a permerror for "
		"every mail.",
		"`v=spf1 ipv4:192.0.2.7 -all`"},
	{"dns-spf-lookups", SEVERITY_ERROR, false, "An SPF record takes more than ten look-ups",
		"SPF fails for mail from this server (permerror).",
		"Name addresses with ip4 and ip6 instead of a, mx and include; put this server "
		"first.",
		"RFC 7208 section 4.6.4",
		"Each include of a service has includes of its own: what stands behind the tenth "
		"look-up is never read.",
		"`v=spf1 a a a a a a a a a a mx -all`, where a does not match"},
	{"dns-spf-void", SEVERITY_ERROR, false,
		"An SPF record names more than two things that are not in DNS",
		"SPF fails for mail from this server (permerror).",
		"Take out the names that have no such records any more.", "RFC 7208 section 4.6.4",
		"Names of machines that are gone stay in the record: the third of them is a "
		"permerror.",
		"`v=spf1 a:n1.test a:n2.test a:n3.test -all`, of which none is in DNS"},
	{"dns-spf-denies", SEVERITY_ERROR, false,
		"SPF does not allow an address that mail is sent from",
		"Receivers refuse its mail, or take it for spam.",
		"Add the address to the SPF record, as the one that `mailinit dns` prints has it.",
		"RFC 7208 section 2.6",
		"The record names the IPv4 address, and mail leaves over IPv6. Where DKIM fails "
		"too: `550-5.7.26 Your email has been blocked because the sender is "
		"unauthenticated`.",
		"`v=spf1 mx:gmail.test -all`"},
	{"dns-spf-open", SEVERITY_WARNING, false, "An SPF record allows every address (+all)",
		"Anybody may send in the domain's name; receivers trust it less.",
		"End the record with -all or ~all.", "RFC 7208 section 5.1",
		"With `+all` SPF passes for each machine of the world, also for those that forge "
		"the domain.",
		"`v=spf1 +all`"},
	{"dns-spf-differs", SEVERITY_WARNING, false, "The SPF record is not the one of dns.spf",
		"Receivers judge by what is published.",
		"Publish the record of dns.spf, or correct the setting.", "",
		"The setting was changed and the record was not: receivers went on with the old "
		"one.",
		"`MAIL_DNS_SPF='v=spf1 a -all'`, and another record in DNS"},
	{"dns-spf-helo-missing", SEVERITY_NOTE, false, "The host name has no SPF record",
		"Bounces, which have no sender, are judged by the host name: SPF says nothing for "
		"them.",
		"Publish the SPF record of the host name that `mailinit dns` prints.",
		"RFC 7208 section 2.4",
		"The sender of a bounce is empty: SPF is then asked for postmaster at the name of "
		"the HELO, and gives none.",
		"a zone without the SPF record of the host name"},
	{"dns-dkim-missing", SEVERITY_ERROR, false, "The public key of a selector is not in DNS",
		"Signatures cannot be verified; with DMARC the mail may be refused.",
		"Publish the DKIM record that `mailinit dns` prints.", "RFC 6376 section 3.6.2",
		"wader/postfix-relay#368, mailcow#5519: after a rotation a key signed that was not "
		"in DNS yet; verifiers find no key for the signature.",
		"a zone without `default._domainkey.example.org`"},
	{"dns-dkim-mismatch", SEVERITY_ERROR, false,
		"The record of a selector is not of the key that signs",
		"Every signature of the domain fails; with DMARC the mail may be refused.",
		"Publish the DKIM record that `mailinit dns` prints.", "RFC 6376 section 3.6.1",
		"The key was lost with its volume and another one made, while the record stayed: "
		"each signature fails.",
		"a record of `default._domainkey.example.com` with another `p=`"},
	{"dns-dkim-multiple", SEVERITY_ERROR, false, "A selector has several records",
		"Verifiers may take any of them: some signatures fail.",
		"Keep the one that `mailinit dns` prints.", "RFC 6376 section 3.6.2.2",
		"The new key was published beside the old one at the same selector: which of them "
		"a verifier takes is not defined.",
		"a second TXT record at `default._domainkey.example.com`"},
	{"dns-dmarc-missing", SEVERITY_WARNING, false, "A domain has no DMARC record",
		"Large receivers refuse mail of senders of many messages a day.",
		"Publish the DMARC record that `mailinit dns` prints.", "RFC 7489 section 6.1",
		"Since 2024 Gmail and Yahoo, since 2025 Microsoft (`550 5.7.515`) ask for it, of "
		"those who send 5000 messages a day.",
		"a zone without `_dmarc.example.com`"},
	{"dns-dmarc-multiple", SEVERITY_ERROR, false, "A domain has several DMARC records",
		"Receivers take it for one without any.", "Keep one of them.",
		"RFC 7489 section 6.6.3",
		"p=reject was published beside an old p=none: of two records neither is applied.",
		"a second record at `_dmarc.example.com`, `v=DMARC1; p=reject`"},
	{"dns-dmarc-syntax", SEVERITY_ERROR, false, "A DMARC record cannot be used",
		"Receivers take the domain for one without DMARC.",
		"Correct the part that is named.", "RFC 7489 section 6.3",
		"A policy that is misspelt: receivers leave the record aside.",
		"`v=DMARC1; p=nothing`"},
	{"dns-dmarc-fails", SEVERITY_ERROR, false,
		"Mail of a domain passes neither SPF nor DKIM as its DMARC policy asks",
		"Receivers do what the policy says: with quarantine or reject the mail is lost.",
		"Correct SPF or DKIM, as the other findings say; until then publish p=none.",
		"RFC 7489 section 4.2",
		"`550-5.7.26 Unauthenticated email from example.com is not accepted due to "
		"domain's DMARC policy`.",
		"`v=DMARC1; p=reject`, with `v=spf1 -all` and an empty `p=` of the DKIM key"},
	{"dns-dmarc-differs", SEVERITY_WARNING, false,
		"The DMARC record is not the one of dns.dmarc",
		"Receivers judge by what is published.",
		"Publish the record of dns.dmarc, or correct the setting.", "",
		"p=reject stood in the settings alone: forged mail was accepted as before.",
		"`MAIL_DNS_DMARC='v=DMARC1; p=reject'`, and another record in DNS"},
	{"dns-dmarc-reports", SEVERITY_WARNING, false,
		"DMARC reports go to a domain that has not agreed to take them",
		"Receivers send no reports there.",
		"Publish the record that is named in the domain of the reports, or use an address "
		"of "
		"the own domain.",
		"RFC 7489 section 7.1",
		"Receivers ask DNS whether the other domain wants the reports. Where it does not "
		"say so they send none, and tell nobody.",
		"`v=DMARC1; p=none; rua=mailto:x@gmail.test`"},
	{"dns-mta-sts-missing", SEVERITY_WARNING, false, "The MTA-STS record is not in DNS",
		"Senders do not know the policy: TLS is not demanded of them.",
		"Publish the record that `mailinit dns` prints, or set dns.mta_sts to none.",
		"RFC 8461 section 3.1",
		"The policy file was served and the record forgotten: senders look for the file "
		"only when there is a record.",
		"`MAIL_DNS_MTA_STS=enforce`, and no record at `_mta-sts.example.com`"},
	{"dns-mta-sts-invalid", SEVERITY_WARNING, false, "An MTA-STS record cannot be used",
		"Senders take the domain for one without a policy.",
		"Publish one record, as `mailinit dns` prints it.", "RFC 8461 section 3.1",
		"An id is letters and digits, at most 32: senders leave the record aside when a "
		"date with hyphens is given.",
		"`v=STSv1; id=a-b` at `_mta-sts.example.com`"},
	{"dns-tls-rpt-missing", SEVERITY_WARNING, false, "The TLS-RPT record is not in DNS",
		"Nobody reports that TLS towards this server fails.",
		"Publish the record that `mailinit dns` prints.", "RFC 8460 section 3",
		"A sender that insists on TLS keeps its mail when the certificate does not suit "
		"it: this server's log shows nothing of it, a report does.",
		"`MAIL_DNS_REPORT_TO=post@example.com`, and no record at `_smtp._tls.example.com`"},
	{"dns-tls-rpt-invalid", SEVERITY_WARNING, false, "A TLS-RPT record cannot be used",
		"Nobody reports that TLS towards this server fails.",
		"Publish one record, as `mailinit dns` prints it.", "RFC 8460 section 3",
		"An address without mailto: or https: in front of it, and no report comes.",
		"`v=TLSRPTv1; rua=post`"},
	{"dns-tlsa-mismatch", SEVERITY_ERROR, false,
		"No TLSA record of the host fits the certificate that is served",
		"Servers that look at DANE deliver nothing here.",
		"Publish the TLSA record that `mailinit dns` prints, before the key changes; or "
		"remove all of them.",
		"RFC 7672 section 2.2",
		"The certificate was renewed with a new key, and the record was not: a Postfix "
		"that looks at DANE keeps its mail, `dsn=4.7.5, status=deferred (Server "
		"certificate not verified)`.",
		"a TLSA record of another key at `_25._tcp.mail.example.com`"},
	{0},
};
