/* rules_container.c - the catalogue: services, capabilities, mounts, and what was changed in the container */
#include "base/rules.h"

const struct rule rules_container[] = {
	{"service-table-full", SEVERITY_ERROR, true,
		"A service does not fit into the table of PID 1", "It could not be supervised.",
		"Use shorter paths, or fewer services.", "",
		"PID 1 has a table of fixed size, so that it never needs memory while it "
		"supervises.",
		"`services:` with more than 7 of them beside the mail daemons"},
	{"service-name", SEVERITY_ERROR, true, "A further service has a name that is taken",
		"It is undecided which of the two is meant by status, needs and restart.",
		"Give it a name of its own; postfix, dovecot, opendkim and mailinit are taken.", "",
		"Status, needs and restart go by the name: of two services with one name it is "
		"undecided which is meant.",
		"`services: [{name: dovecot, command: /bin/true}]` in mailinit.yaml"},
	{"service-command", SEVERITY_ERROR, true,
		"A further service's program is not there, or is none",
		"It could never start, and what needs it would wait for ever.",
		"Correct the path, or add the program to the image or as a mount, executable.", "",
		"A supervisor that tries for ever shows a service as starting, and what needs it "
		"never starts.",
		"`services: [{name: filter, command: /usr/bin/fliter}]` in mailinit.yaml"},
	{"service-user", SEVERITY_ERROR, true,
		"A further service's user or group is not in the image",
		"It could not be started as that user.",
		"Correct the name, give its number, or add the user to the image.", "",
		"Without the user the program would run as root, or never.",
		"`services: [{name: filter, command: /bin/true, user: fliter}]`, in the container"},
	{"service-needs-unknown", SEVERITY_ERROR, true,
		"needs or needed_by names no service of this container",
		"What was to wait would start too early, or never.",
		"Correct the name; `mailinit status` lists the services of a running container.",
		"",
		"A dependency with a typing error is none: Postfix starts before its filter, and "
		"answers 451.",
		"`services: [{name: filter, command: /bin/true, needs: [redis]}]` in "
		"mailinit.yaml"},
	{"service-needs-circle", SEVERITY_ERROR, true, "Services need each other in a circle",
		"None of them could ever start.", "Take one of them out of needs or needed_by.", "",
		"Each waits for the other: nothing starts, and nothing fails.",
		"`services: [{name: filter, command: /bin/true, needs: [postfix], needed_by: "
		"[postfix]}]` in mailinit.yaml"},
	{"capability-missing", SEVERITY_ERROR, true,
		"The container lacks a capability that a service cannot do without",
		"The service would not start, or its processes would end one after the other.",
		"Start the container with --cap-add and the name that is told.", "capabilities(7)",
		"Podman and CRI-O drop SYS_CHROOT: `imap-login: Fatal: chroot(/run/dovecot/login) "
		"failed` (docker-mailserver#3174, Mailu#1714).",
		"`docker run --cap-drop CHOWN`"},
	{"capability-wanted", SEVERITY_WARNING, false,
		"The container lacks a capability, and something works worse without it",
		"Mail flows; what the message names does not.",
		"Start the container with --cap-add and the name that is told.", "capabilities(7)",
		"Without KILL, root may not signal a process of another user (EPERM): a stop waits "
		"for its time-out, and then cuts.",
		"`docker run --cap-drop KILL`"},
	{"path-read-only", SEVERITY_ERROR, true, "A path that a daemon writes to is read-only",
		"The daemon would not start.",
		"Mount a tmpfs or a volume there; a read-only root needs tmpfs at /run, /tmp, "
		"/var/lib/postfix and /var/lib/dovecot.",
		"",
		"With --read-only each daemon stops at another path, one restart after the other: "
		"bokysan/docker-postfix#195 and #258 needed several releases to find them all.",
		"`docker run --read-only --tmpfs /run`"},
	{"target-is-mounted", SEVERITY_ERROR, true, "A file that mailinit renders is mounted over",
		"The daemon would run with the mounted file and none of your settings would count.",
		"Remove the mount, and put what it changes into postfix.main, dovecot.settings, "
		"opendkim.settings or a template under /etc/mailinit/templates.",
		"",
		"DMS and wader edit main.cf in place; over a mount that fails with `Device or "
		"resource busy`, and the settings of the environment do nothing.",
		"`- ./main.cf:/etc/postfix/main.cf` in a compose file"},
	{"mount-stale", SEVERITY_WARNING, false,
		"The other side of a mount was replaced, or moved away",
		"The container keeps the old file for ever, and no event tells of the new one: a "
		"renewed certificate, say, never arrives.",
		"Mount the directory that holds it, not the file or directory itself. Until then a "
		"restart of the container brings the new one.",
		"",
		"An editor or certbot on the host renames a new file over the mounted one; the "
		"container keeps the old inode, and the old certificate is served until it expires "
		"(moby#22627).",
		"`mv new.pem cert.pem` on the host, where cert.pem alone is mounted"},
	{"changed-by-hand", SEVERITY_WARNING, false,
		"A rendered file was changed inside the container",
		"The change is in effect until the next start or reload, which renders the file "
		"anew; then whatever it had mended is broken again.",
		"Set what makes the change last; then remove the copy that is kept, or let the "
		"next start forget it.",
		"",
		"`postconf -e` in a running container mends an outage until the next start. An "
		"edited master.cf that was overwritten by an update is mailcow#7355.",
		"`docker exec mail postconf -e smtpd_banner=x`"},
	{"key-off-volume", SEVERITY_WARNING, false,
		"A DKIM key would be made outside of any volume",
		"The next container makes another key, the published record no longer fits, and "
		"receivers "
		"see broken signatures.",
		"Mount a volume at /var/lib/mailinit.", "",
		"A key that is made inside the container is another one in the next: receivers see "
		"`dkim=fail (bad signature)` until DNS has the new record.",
		"`- state:/var/lib/mailint` in a compose file"},
	{"volume-missing", SEVERITY_WARNING, false,
		"What must be kept lies on no volume of the service",
		"The next container begins without it: mail that waited, or that was delivered, is "
		"lost.",
		"Give the service volumes at /var/spool/postfix, /var/mail and /var/lib/mailinit.",
		"Compose specification, volumes",
		"The next container begins with an empty queue: what waited for a server that was "
		"down is gone without a bounce.",
		"`- queue:/var/spool/postfx` in a compose file"},
	{"resolver-missing", SEVERITY_WARNING, false, "The container has no name server",
		"Every look-up fails: all mail to outside waits, and clients have no names.",
		"Let the engine write /etc/resolv.conf, or give --dns.", "resolv.conf(5)",
		"`Host or domain name not found. Name service error for name=gmail.test type=MX: "
		"Host not found, try again`, with an empty copy in the chroot "
		"(bokysan/docker-postfix#102, panubo/docker-postfix#16).",
		"an /etc/resolv.conf without a line `nameserver`"},
	{0},
};
