/* rules_container.c - the catalogue: services, capabilities, mounts, and what was changed in the container */
#include "base/rules.h"

const struct rule rules_container[] = {
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
	{"mount-stale", SEVERITY_WARNING, false,
		"The other side of a mount was replaced, or moved away",
		"The container keeps the old file for ever, and no event tells of the new one: a "
		"renewed certificate, say, never arrives.",
		"Mount the directory that holds it, not the file or directory itself. Until then a "
		"restart of the container brings the new one.",
		""},
	{"changed-by-hand", SEVERITY_WARNING, false,
		"A rendered file was changed inside the container",
		"The change is in effect until the next start or reload, which renders the file "
		"anew; then whatever it had mended is broken again.",
		"Set what makes the change last; then remove the copy that is kept, or let the "
		"next start forget it.",
		""},
	{"key-off-volume", SEVERITY_WARNING, false,
		"A DKIM key would be made outside of any volume",
		"The next container makes another key, the published record no longer fits, and "
		"receivers "
		"see broken signatures.",
		"Mount a volume at /var/lib/mailinit.", ""},
	{"volume-missing", SEVERITY_WARNING, false,
		"What must be kept lies on no volume of the service",
		"The next container begins without it: mail that waited, or that was delivered, is "
		"lost.",
		"Give the service volumes at /var/spool/postfix, /var/mail and /var/lib/mailinit.",
		"Compose specification, volumes"},
	{0},
};
