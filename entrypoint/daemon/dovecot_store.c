/*
 * dovecot_store.c - in which format the mail is that is there
 *
 * The marks are those that Dovecot 2.3 and 2.4 leave: a Maildir has messages in cur and
 * new; mbox is a file, itself or as "inbox" in a directory, that begins with "From ";
 * sdbox has files u.N in mailboxes/INBOX/dbox-Mails, mdbox has m.N in storage. Traditional
 * spools are looked for at the top of the store too, by the user's name.
 */
#include "daemon/dovecot_store.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "daemon/dovecot.h"
#include "daemon/mailboxes.h"

#define STORE_SECONDS 3 /* a store on a slow network file system holds up no start for longer */
#define STORE_TOLD 10 /* mailboxes that are told one by one */

enum format { FORMAT_MAILDIR, FORMAT_MBOX, FORMAT_SDBOX, FORMAT_MDBOX, FORMAT_COUNT };

static const char *const format_names[] = {"maildir", "mbox", "sdbox", "mdbox"};

/* Mail that Dovecot would not read. */
struct found {
	const struct mailbox *mailbox;
	enum format format;
	const char *place;
};

struct store {
	struct plan *plan;
	const char *path; /* of a mailbox, with variables */
	const char *top; /* of the store, above the first variable; "" when there is none */
	enum format format; /* that Dovecot is told */
	const struct node *said; /* by what setting; NULL: the default */
	size_t good; /* mailboxes with mail in that format */
	struct found *found; /* mail in other ones; of the arena, with room for each mailbox */
	size_t count;
};

static bool
find_format(const char *name, size_t len, enum format *format)
{
	for (int i = 0; i < FORMAT_COUNT; i++)
		if (strlen(format_names[i]) == len && strncmp(format_names[i], name, len) == 0) {
			*format = (enum format)i;
			return true;
		}
	return false;
}

/* has_entry - whether a directory has a name that begins so */
static bool
has_entry(const char *path, const char *prefix)
{
	DIR *directory = opendir(path);
	const struct dirent *entry;
	bool found = false;

	if (directory == NULL)
		return false;
	while (!found && (entry = readdir(directory)) != NULL)
		found = entry->d_name[0] != '.' && text_starts(entry->d_name, prefix);
	closedir(directory);
	return found;
}

/* is_mbox - whether a file begins as an mbox with a message in it does (RFC 4155) */
static bool
is_mbox(const char *path)
{
	static const char mark[] = "From ";
	char start[sizeof(mark) - 1];
	struct stat status;
	bool is = false;
	int fd;

	/* a FIFO would wait for somebody, a device may do anything */
	if (stat(path, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0)
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return false;
	is = read(fd, start, sizeof(start)) == (ssize_t)sizeof(start) &&
		memcmp(start, mark, sizeof(start)) == 0;
	close(fd);
	return is;
}

static const char *
below(struct store *store, const char *path, const char *name)
{
	return arena_printf(store->plan->arena, "%s/%s", path, name);
}

/* spool - the traditional file of a user at the top of the store, or NULL */
static const char *
spool(struct store *store, const char *address, const char *path)
{
	const char *user = arena_strndup(store->plan->arena, address, strcspn(address, "@"));
	const char *const names[] = {address, user};

	for (size_t i = 0; store->top[0] != '\0' && i < 2; i++) {
		const char *file = below(store, store->top, names[i]);

		if (strcmp(file, path) != 0 && is_mbox(file))
			return file;
	}
	return NULL;
}

/* place_of - where a mailbox at PATH has mail in FORMAT; NULL when it has none */
static const char *
place_of(struct store *store, enum format format, const char *address, const char *path)
{
	const char *inbox = below(store, path, "inbox");

	switch (format) {
	case FORMAT_MAILDIR:
		return has_entry(below(store, path, "cur"), "") ||
				has_entry(below(store, path, "new"), "")
			? path
			: NULL;
	case FORMAT_MBOX:
		return is_mbox(path) ? path : is_mbox(inbox) ? inbox : spool(store, address, path);
	case FORMAT_SDBOX:
		return has_entry(below(store, path, "mailboxes/INBOX/dbox-Mails"), "u.") ? path
											 : NULL;
	case FORMAT_MDBOX:
		return has_entry(below(store, path, "storage"), "m.") ? path : NULL;
	case FORMAT_COUNT:
		break;
	}
	return NULL;
}

/* expand - PATH for one mailbox; NULL when it holds a variable that is not known here */
static const char *
expand(struct arena *arena, const char *path, const char *address)
{
	static const struct {
		const char *variable;
		int part; /* 0: all of the address; 1: before the @; 2: behind it */
	} variables[] = {{"%{user | username}", 1}, {"%{user|username}", 1},
		{"%{user | domain}", 2}, {"%{user|domain}", 2}, {"%{user}", 0}, {"%u", 0},
		{"%n", 1}, {"%d", 2}};
	const char *at = strchr(address, '@'), *result;
	const char *const parts[] = {address,
		arena_strndup(
			arena, address, at != NULL ? (size_t)(at - address) : strlen(address)),
		at != NULL ? at + 1 : ""};
	struct buffer out = {0};

	while (*path != '\0') {
		size_t i = 0, count = sizeof(variables) / sizeof(variables[0]);

		while (*path == '%' && i < count && !text_starts(path, variables[i].variable))
			i++;
		if (*path != '%') {
			buffer_putc(&out, *path++);
		} else if (i < count) {
			buffer_puts(&out, parts[variables[i].part]);
			path += strlen(variables[i].variable);
		} else {
			buffer_free(&out);
			return NULL;
		}
	}
	result = arena_strndup(arena, buffer_text(&out), out.len);
	buffer_free(&out);
	return result;
}

/* ---- what Dovecot is told ---- */

/* raw_location - "mbox:/var/mail/%u:INBOX=…" of 2.3 */
static bool
raw_location(struct store *store, const struct node *location)
{
	size_t len = strcspn(location->text, ":");
	const char *path = location->text + len;

	if (!find_format(location->text, len, &store->format) || path[0] != ':')
		return false;
	store->said = location;
	path++;
	store->path = arena_strndup(store->plan->arena, path, strcspn(path, ":"));
	return true;
}

/* find_told - format and path as Dovecot has them in the end; false when they cannot be known */
static bool
find_told(struct store *store, const char *path)
{
	const struct node *settings = node_at(store->plan->settings, "dovecot.settings");
	const struct node *location = node_get(settings, "mail_location");
	const struct node *driver = node_get(settings, "mail_driver");
	const struct node *raw_path = node_get(settings, "mail_path");
	const struct node *format = node_at(store->plan->settings, "mailboxes.format");
	const char *name = format != NULL ? format->text : "maildir";

	store->path = path;
	store->said = format;
	if (dovecot_is_2_3(store->plan) && location != NULL)
		return raw_location(store, location);
	if (!dovecot_is_2_3(store->plan) && driver != NULL) {
		store->said = driver;
		name = driver->text;
	}
	if (!dovecot_is_2_3(store->plan) && raw_path != NULL)
		store->path = raw_path->text;
	return find_format(name, strlen(name), &store->format);
}

static const char *
top_of(struct arena *arena, const char *path)
{
	size_t len = strcspn(path, "%");

	while (len > 0 && path[len - 1] != '/')
		len--;
	return len > 1 ? arena_strndup(arena, path, len - 1) : "";
}

/* ---- the looks ---- */

static void
look(struct store *store, const struct mailbox *mailbox)
{
	const char *path = expand(store->plan->arena, store->path, mailbox->address);
	bool good;

	/* an address with a slash leads elsewhere; what is wrong with it is told already */
	if (path == NULL || path[0] != '/' || strchr(mailbox->address, '/') != NULL)
		return;
	good = place_of(store, store->format, mailbox->address, path) != NULL;
	store->good += good;
	for (int i = 0; i < FORMAT_COUNT; i++) {
		const char *place = (enum format)i != store->format
			? place_of(store, (enum format)i, mailbox->address, path)
			: NULL;

		if (place == NULL)
			continue;
		store->found[store->count++] = (struct found){mailbox, (enum format)i, place};
		return;
	}
}

static bool
is_over(const struct timespec *end)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec > end->tv_sec ||
		(now.tv_sec == end->tv_sec && now.tv_nsec >= end->tv_nsec);
}

static void
look_at_all(struct store *store, const struct mailboxes *mailboxes)
{
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += STORE_SECONDS;
	store->found =
		arena_alloc(store->plan->arena, (mailboxes->count + 1) * sizeof(*store->found));
	for (size_t i = 0; i < mailboxes->count && !is_over(&end); i++)
		look(store, &mailboxes->items[i]);
}

static const char *
help_of(struct store *store, enum format format)
{
	struct arena *arena = store->plan->arena;

	if (format != FORMAT_MBOX)
		return arena_printf(arena,
			"Set mailboxes.format (MAIL_MAILBOXES_FORMAT) to %s, or convert the mail: "
			"docs/mailboxes.md says how.",
			format_names[format]);
	return arena_printf(arena,
		"Convert the mail, as docs/mailboxes.md says; or have Dovecot read it as it is, "
		"with %s.",
		dovecot_is_2_3(store->plan)
			? arena_printf(arena, "DOVECOT_mail_location=mbox:%s", store->path)
			: "DOVECOT_mail_driver=mbox");
}

/* tell_store - nothing that is there would be read */
static void
tell_store(struct store *store)
{
	const struct found *first = &store->found[0];
	struct finding *finding = finding_add(store->plan->findings, "mail-format",
		store->said != NULL ? &store->said->origin : NULL,
		"Dovecot is told to read %s, and all mail there is in another format: that of %s "
		"is %s (%s)%s",
		format_names[store->format], first->mailbox->address, format_names[first->format],
		first->place,
		store->count == 1
			? ""
			: arena_printf(store->plan->arena, ", and %zu more", store->count - 1));

	finding->help = help_of(store, first->format);
}

static void
tell_mailboxes(struct store *store)
{
	for (size_t i = 0; i < store->count && i < STORE_TOLD; i++) {
		const struct found *found = &store->found[i];

		finding_add(store->plan->findings, "mail-format-mixed", &found->mailbox->origin,
			"the mailbox %s has mail in %s (%s), and Dovecot is told to read %s",
			found->mailbox->address, format_names[found->format], found->place,
			format_names[store->format]);
	}
	if (store->count > STORE_TOLD)
		finding_add(store->plan->findings, "mail-format-mixed",
			store->said != NULL ? &store->said->origin : NULL,
			"%zu more mailboxes have mail in a format that Dovecot is not told to read",
			store->count - STORE_TOLD);
}

void
dovecot_check_store(struct plan *plan, const char *path)
{
	struct store store = {.plan = plan};
	struct mailboxes mailboxes;

	if (!plan->live || plan->root[0] != '\0' || !find_told(&store, path))
		return;
	store.top = top_of(plan->arena, store.path);
	mailboxes_gather(plan, &mailboxes);
	look_at_all(&store, &mailboxes);
	if (store.count > 0 && store.good == 0)
		tell_store(&store);
	else
		tell_mailboxes(&store);
}
