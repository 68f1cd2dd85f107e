/* compat_own.c - variables of other images that mean more than one value */
#include "settings/compat_parts.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "settings/complete.h"
#include "settings/syntax.h"

/* As docker-mailserver has them. */
#define LETSENCRYPT "/etc/letsencrypt/live"
#define DMS_SSL "/tmp/docker-mailserver/ssl"

static void
put_text(struct compat *compat, const char *path, const struct node *from, const char *text)
{
	compat_put(compat, path, compat_node(compat, from, text));
}

/* put_host - "[HOST]:PORT": those images ask for no MX */
static void
put_host(struct compat *compat, const char *name, const char *port_name, const char *port)
{
	struct node *host = compat_value(compat, name);
	bool bracket;

	if (host == NULL)
		return;
	if (compat_value(compat, port_name) != NULL)
		port = compat_text(compat, port_name);
	bracket = host->text[0] == '[';
	put_text(compat, "relay.host", host,
		arena_printf(compat->loading->arena, bracket ? "%s%s:%s" : "%s%s]:%s",
			bracket ? "" : "[", host->text, port));
}

static void
own_relay_host(struct compat *compat, const char *name)
{
	put_host(compat, name, "RELAY_PORT", "25");
}

static void
own_smtp_server(struct compat *compat, const char *name)
{
	put_host(compat, name, "SMTP_PORT", "587");
}

/* own_beside - a variable that only says more of OTHER: without it, it says nothing */
static void
own_beside(struct compat *compat, const char *name)
{
	const char *other = strcmp(name, "RELAY_PORT") == 0 ? "RELAY_HOST" : "SMTP_SERVER";

	if (compat_variable(compat, other) == NULL)
		compat_tell(compat, "compat-out-of-scope", name,
			arena_printf(compat->loading->arena, "it means nothing without %s", other));
}

static void
own_hostname(struct compat *compat, const char *name)
{
	struct node *node = compat_value(compat, name);

	/* where nobody set it, an engine did: to the container's id or the pod's name */
	if (node != NULL &&
		syntax_full_name(text_lower(compat->loading->arena, node->text)) == NULL)
		compat_put(compat, "hostname", node);
}

static void
own_allowed_senders(struct compat *compat, const char *name)
{
	compat_put(compat, "dkim.domains", compat_value(compat, name));
}

/* own_dkim_selector - "mail" or "mail,example.com=mail2" */
static void
own_dkim_selector(struct compat *compat, const char *name)
{
	struct node *node = compat_value(compat, name);
	struct arena *arena = compat->loading->arena;
	const char *selectors = "";

	if (node == NULL)
		return;
	for (const char *at = node->text + strspn(node->text, " ,"); *at != '\0';
		at += strspn(at, " ,")) {
		size_t len = strcspn(at, " ,");
		const char *word = arena_strndup(arena, at, len);

		if (strchr(word, '=') == NULL)
			put_text(compat, "dkim.selector", node, word);
		else
			selectors = arena_printf(
				arena, "%s%s%s", selectors, selectors[0] != '\0' ? " " : "", word);
		at += len;
	}
	if (selectors[0] != '\0')
		put_text(compat, "dkim.selectors", node, selectors);
	/* that image makes no key unless it is told to */
	if (compat_variable(compat, "DKIM_AUTOGENERATE") == NULL)
		put_text(compat, "dkim.generate", node, "never");
}

static void
own_dkim_autogenerate(struct compat *compat, const char *name)
{
	struct node *node = compat_value(compat, name);

	if (node == NULL)
		return;
	put_text(compat, "dkim.generate", node, "when-missing");
	if (compat_variable(compat, "DKIM_SELECTOR") == NULL)
		put_text(compat, "dkim.selector", node, "mail");
}

static void
own_masqueraded(struct compat *compat, const char *name)
{
	struct node *node = compat_value(compat, name);

	if (node == NULL)
		return;
	compat_put(compat, "postfix.main.masquerade_domains", node);
	put_text(compat, "postfix.main.local_header_rewrite_clients", node, "static:all");
}

/* own_opendkim_domains - "example.com=mail2026 example.org"; without a selector it is mail */
static void
own_opendkim_domains(struct compat *compat, const char *name)
{
	struct node *node = compat_value(compat, name);
	struct arena *arena = compat->loading->arena;
	const char *domains = "", *selectors = "", *selector = NULL;
	bool one = true;

	if (node == NULL)
		return;
	for (const char *at = node->text + strspn(node->text, " \t\n,"); *at != '\0';
		at += strspn(at, " \t\n,")) {
		size_t len = strcspn(at, " \t\n,");
		const char *word = arena_strndup(arena, at, len), *equals = strchr(word, '=');
		const char *own = equals != NULL && equals[1] != '\0' ? equals + 1 : "mail";

		domains = arena_printf(arena, "%s%s%.*s", domains, domains[0] != '\0' ? " " : "",
			(int)(equals != NULL ? equals - word : (ptrdiff_t)len), word);
		one = one && (selector == NULL || strcmp(selector, own) == 0);
		selector = own;
		if (strcmp(own, "mail") != 0)
			selectors = arena_printf(
				arena, "%s%s%s", selectors, selectors[0] != '\0' ? " " : "", word);
		at += len;
	}
	put_text(compat, "dkim.domains", node, domains);
	put_text(compat, "dkim.selector", node, one && selector != NULL ? selector : "mail");
	if (!one)
		put_text(compat, "dkim.selectors", node, selectors);
}

/* own_header_checks - a table with or without its type; 1 asks for one of that image */
static void
own_header_checks(struct compat *compat, const char *name)
{
	struct node *node = compat_value(compat, name);
	bool image = compat_yes(compat, name);

	if (node == NULL || compat_no(compat, name))
		return;
	if (image)
		compat_tell(compat, "compat-by-hand", name,
			"the sample of that image is not here: mount a table of yours, and name "
			"it, as in regexp:/etc/postfix/smtp_header_checks");
	else
		put_text(compat, "postfix.main.smtp_header_checks", node,
			strchr(node->text, ':') != NULL
				? node->text
				: arena_printf(compat->loading->arena, "regexp:%s", node->text));
}

/* own_delivery - "lmtp:inet:host:port" or another transport */
static void
own_delivery(struct compat *compat, const char *name)
{
	struct node *node = compat_value(compat, name);

	if (node == NULL || strcmp(node->text, "lmtp:unix:/var/run/dovecot/lmtp") == 0)
		return;
	if (text_starts(node->text, "lmtp:inet:"))
		put_text(compat, "delivery.lmtp", node, node->text + strlen("lmtp:"));
	else
		compat_put(compat, "postfix.main.virtual_transport", node);
}

/* host_name - what is known of our name so far, or NULL after a finding about NAME */
static const char *
host_name(struct compat *compat, const char *name)
{
	const char *known = complete_known_name(compat->loading);

	if (known == NULL)
		compat_tell(compat, "compat-by-hand", name,
			"the paths of its files begin with the host name: set hostname too, or "
			"tls.certificate and tls.key");
	return known;
}

static void
put_pair(struct compat *compat)
{
	compat_put(compat, "tls.certificate", compat_value(compat, "SSL_CERT_PATH"));
	compat_put(compat, "tls.key", compat_value(compat, "SSL_KEY_PATH"));
}

static void
own_ssl_type(struct compat *compat, const char *name)
{
	struct arena *arena = compat->loading->arena;
	struct node *node = compat_value(compat, name);
	const char *domain = compat_text(compat, "SSL_DOMAIN"), *host;

	if (node == NULL)
		return;
	if (strcasecmp(node->text, "manual") == 0) {
		put_pair(compat);
	} else if (strcasecmp(node->text, "letsencrypt") == 0) {
		host = domain[0] == '\0'            ? host_name(compat, name)
			: text_starts(domain, "*.") ? domain + 2
						    : domain;
		if (host != NULL)
			put_text(compat, "tls.directory", node,
				arena_printf(arena, "%s/%s", LETSENCRYPT, host));
	} else if (strcasecmp(node->text, "self-signed") == 0) {
		host = host_name(compat, name);
		if (host == NULL)
			return;
		put_text(compat, "tls.certificate", node,
			arena_printf(arena, "%s/%s-cert.pem", DMS_SSL, host));
		put_text(compat, "tls.key", node,
			arena_printf(arena, "%s/%s-key.pem", DMS_SSL, host));
	} else {
		compat_tell(compat, "compat-by-hand", name,
			"its value has no counterpart: name the files in tls.certificate and "
			"tls.key");
	}
}

/* own_ssl_path - files and name that only some SSL_TYPE uses */
static void
own_ssl_path(struct compat *compat, const char *name)
{
	const char *wanted = strcmp(name, "SSL_DOMAIN") == 0 ? "letsencrypt" : "manual";

	if (strcasecmp(compat_text(compat, "SSL_TYPE"), wanted) != 0)
		compat_tell(compat, "compat-out-of-scope", name,
			arena_printf(compat->loading->arena,
				"it counts only with SSL_TYPE=%s; set tls.certificate and tls.key, "
				"or tls.directory",
				wanted));
}

static const struct {
	const char *name;
	void (*apply)(struct compat *compat, const char *name);
} owns[] = {
	{"RELAY_HOST", own_relay_host},
	{"RELAY_PORT", own_beside},
	{"SMTP_SERVER", own_smtp_server},
	{"SMTP_PORT", own_beside},
	{"HOSTNAME", own_hostname},
	{"ALLOWED_SENDER_DOMAINS", own_allowed_senders},
	{"DKIM_SELECTOR", own_dkim_selector},
	{"DKIM_AUTOGENERATE", own_dkim_autogenerate},
	{"MASQUERADED_DOMAINS", own_masqueraded},
	{"SMTP_HEADER_CHECKS", own_header_checks},
	{"OPENDKIM_DOMAINS", own_opendkim_domains},
	{"POSTFIX_DAGENT", own_delivery},
	{"SSL_TYPE", own_ssl_type},
	{"SSL_CERT_PATH", own_ssl_path},
	{"SSL_KEY_PATH", own_ssl_path},
	{"SSL_DOMAIN", own_ssl_path},
};

void
compat_own(struct compat *compat, const char *name)
{
	/* the rest of the own rows stands on several variables: compat_last.c */
	for (size_t i = 0; i < sizeof(owns) / sizeof(owns[0]); i++)
		if (strcmp(owns[i].name, name) == 0)
			owns[i].apply(compat, name);
}
