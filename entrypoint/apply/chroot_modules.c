/*
 * chroot_modules.c - how names are found, when it is neither files nor DNS
 *
 * Since glibc 2.34 these two are part of the C library. Any other word of the line
 * "hosts:" in nsswitch.conf(5) is a library that a process loads when it first needs
 * it, in its chroot by then. Only those are copied: a module of another service
 * has nothing to do there.
 */
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "apply/chroot.h"
#include "apply/place.h"
#include "base/buffer.h"
#include "base/file.h"

#define NSSWITCH_LIMIT (64 * 1024)
#define MODULE_BYTES 32
#define PATH_BYTES 512

/* module_of - the next module of the list AT, behind which AT stands then; false at its end */
static bool
module_of(const char **at, char module[MODULE_BYTES])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";

	for (;;) {
		size_t len;

		*at += strspn(*at, " \t");
		if (**at == '[') { /* what follows upon a result: [NOTFOUND=return] */
			*at += strcspn(*at, "]\n");
			*at += **at == ']';
			continue;
		}
		if (**at == '\0' || **at == '\n' || **at == '#')
			return false;
		len = strcspn(*at, " \t[\n#");
		snprintf(module, MODULE_BYTES, "%.*s", (int)len, *at);
		*at += len;
		/* what is no name of a library is nothing to look for */
		if (len < MODULE_BYTES && strspn(module, letters) == len &&
			strcmp(module, "files") != 0 && strcmp(module, "dns") != 0)
			return true;
	}
}

/* copy_module - a module that is nowhere is passed over by the C library, too */
static int
copy_module(const char *root, const char *queue_directory, const char *module, bool *changed)
{
	static const char *const places[] = {"/usr/lib/*-linux-gnu*", "/lib/*-linux-gnu*",
		"/usr/lib64", "/lib64", "/usr/lib", "/lib"};
	char pattern[PATH_BYTES], to[PATH_BYTES];
	int result = 0;
	bool found = false;

	for (size_t i = 0; !found && i < sizeof(places) / sizeof(places[0]); i++) {
		glob_t paths;

		snprintf(pattern, sizeof(pattern), "%s%s/libnss_%s.so.2", root, places[i], module);
		if (glob(pattern, 0, NULL, &paths) != 0)
			continue;
		found = true;
		snprintf(to, sizeof(to), "%s/lib", queue_directory);
		result = place_directory(to, 0755, 0, 0);
		snprintf(to, sizeof(to), "%s/lib/libnss_%s.so.2", queue_directory, module);
		if (result == 0)
			result = chroot_copy(paths.gl_pathv[0], to, changed);
		globfree(&paths);
	}
	return result;
}

int
chroot_modules(const char *root, const char *queue_directory, bool *changed)
{
	struct buffer text = {0};
	char path[PATH_BYTES], module[MODULE_BYTES];
	int result = 0;

	snprintf(path, sizeof(path), "%s/etc/nsswitch.conf", root);
	/* without the file, or with one that nobody can read, it is files and DNS */
	if (file_read(path, NSSWITCH_LIMIT, &text, NULL) == 0)
		for (const char *line = buffer_text(&text); *line != '\0';
			line += strcspn(line, "\n"), line += *line == '\n') {
			const char *at = line + strspn(line, " \t");

			if (strncmp(at, "hosts:", strlen("hosts:")) != 0)
				continue;
			at += strlen("hosts:");
			while (result == 0 && module_of(&at, module))
				result = copy_module(root, queue_directory, module, changed);
		}
	buffer_free(&text);
	return result;
}
