/*
 * test_tls.c - which certificates are served, and what is said of them
 *
 * Each rule has a case that fires and a twin that does not. The container's root is a
 * scratch directory; its certificates are made by openssl.
 */
#include "base/text.h"
#include "crypto/certificate.h"
#include "daemon/daemon.h"
#include "daemon/target.h"
#include "daemon/tls.h"
#include "plan_fixture.h"
#include "settings/settings.h"
#include "test_crypto.h"

#define HASH "{SHA512-CRYPT}$6$salt$hash"

/*
 * A root, an intermediate, and a shell function `leaf NAME ISSUER KEY-KIND SANS FROM TO
 * [EXTENSIONS]` that leaves NAME.pem, NAME.key; FROM and TO are days from
 * now, and half a day: so that no count of days depends on the second.
 */
static const char prepare[] =
	"set -e\n"
	"mkdir -p root/tls\n"
	"cat >ca.cnf <<'END'\n"
	"[ca]\ndefault_ca=d\n[d]\ndir=.\ndatabase=index.txt\nrand_serial=yes\nnew_certs_dir=.\n"
	"default_md=sha256\npolicy=p\nunique_subject=no\ncopy_extensions=none\n[p]\n"
	"commonName=optional\n"
	"END\n"
	": >index.txt\n"
	"cat >leaf.sh <<'END'\n"
	"set -e\n"
	"at() { date -u -d \"$1 days 12 hours\" +%Y%m%d%H%M%SZ; }\n"
	"leaf() {\n"
	"  case $3 in rsa) k='RSA -pkeyopt rsa_keygen_bits:2048';; short) k='RSA -pkeyopt "
	"rsa_keygen_bits:1024';; *) k='EC -pkeyopt ec_paramgen_curve:P-256';; esac\n"
	"  openssl genpkey -algorithm $k -out $1.key\n"
	"  openssl req -new -key $1.key -subj \"/CN=${CN:-$1}\" -out $1.csr\n"
	"  { echo basicConstraints=${CA:-CA:FALSE}; [ -z \"$4\" ] || echo subjectAltName=$4; "
	"[ -z \"$7\" ] || echo \"$7\"; } >$1.ext\n"
	"  i=\"-cert $2.pem -keyfile $2.key\"; [ $2 != $1 ] || i=\"-selfsign -keyfile $1.key\"\n"
	"  openssl ca -batch -config ca.cnf -notext -in $1.csr $i -startdate $(at $5) "
	"-enddate $(at $6) -md ${MD:-sha256} -extfile $1.ext -out $1.pem\n"
	"}\n"
	"END\n"
	". ./leaf.sh\n"
	"CA=CA:TRUE leaf top top ec '' -100 3000\n"
	"CA=CA:TRUE leaf inter top ec '' -100 2000\n"
	"leaf good inter ec DNS:mail.example.test -10 80\n"
	"leaf good2 inter rsa DNS:mail.example.test -9 81\n"
	"leaf late inter ec DNS:mail.example.test -8 85\n";

/* build - a plan of the running container whose root is ./root, from a YAML file and variables */
static void
build(struct fixture *fixture, const char *yaml)
{
	static char *environment[] = {"MAIL_HOSTNAME=mail.example.test",
		"MAIL_DOMAINS=example.test", "MAIL_MAILBOXES=info@example.test=" HASH, NULL};
	const char *configs[] = {"mailinit.yaml"};
	struct settings_source source = {.environment = environment, .root = ""};

	spill("mailinit.yaml", yaml, strlen(yaml));
	source.configs = configs;
	source.config_count = 1;
	arena_init(&fixture->arena);
	findings_init(&fixture->findings, &fixture->arena);
	plan_init(&fixture->plan, &fixture->arena, &fixture->findings);
	fixture->plan.settings = settings_load(&fixture->arena, &fixture->findings, &source);
	target_find(&fixture->plan, "debian13");
	fixture->plan.root = arena_printf(&fixture->arena, "%s/root", scratch_directory);
	fixture->plan.live = true;
	daemons_contribute(&fixture->plan);
}

static const char *
message(const struct fixture *fixture, const char *id)
{
	for (size_t i = 0; i < fixture->findings.count; i++)
		if (strcmp(fixture->findings.items[i].rule->id, id) == 0)
			return fixture->findings.items[i].message;
	return "(not found)";
}

static const char *
content(const struct fixture *fixture, const char *name)
{
	const struct plan_file *file = plan_find_file(&fixture->plan, name);

	return file != NULL ? buffer_text(&file->content) : "(no file)";
}

/* serial - of the certificate in a file of the plan */
static const char *
serial(struct fixture *fixture, const char *name)
{
	const char *text = content(fixture, name);
	struct certificate_chain chain;

	if (certificate_read(&fixture->arena, text, strlen(text), &chain, NULL) != 0)
		return "(none)";
	return chain.items[0].serial;
}

static const char *
serial_of(struct arena *arena, const char *name)
{
	return must(arena, "openssl x509 -in %s.pem -noout -serial | cut -d= -f2", name);
}

/* serves - whether the file NAME of the plan is certificate WANT */
static void
serves(struct fixture *fixture, const char *name, const char *want, const char *what)
{
	CHECK_TEXT(serial(fixture, name), serial_of(&fixture->arena, want), "%s", what);
}

static const char given[] = "tls: {certificate: /tls/c.pem, key: /tls/k.pem}\n";

/* ---- rules ---- */

struct rule_case {
	const char *what, *make; /* shell, after leaf.sh; leaves root/tls/c.pem and k.pem */
	const char *id; /* NULL: none of the rules of certificates */
	const char *tells; /* a part of the message */
};

#define CHAIN "cat x.pem inter.pem >root/tls/c.pem; cp x.key root/tls/k.pem\n"
#define NAME "DNS:mail.example.test"

static const struct rule_case cases[] = {
	{"a good pair", "leaf x inter ec " NAME " -10 80\n" CHAIN, NULL, NULL},
	{"a good pair with RSA", "leaf x inter rsa " NAME " -10 80\n" CHAIN, NULL, NULL},
	{"a third and a day of the life is left", "leaf x inter ec " NAME " -59 31\n" CHAIN, NULL,
		NULL},
	{"less than a third of the life is left", "leaf x inter ec " NAME " -61 29\n" CHAIN,
		"tls-expires-soon", "the certificate expires in 29 days"},
	{"a tenth and a day is left", "leaf x inter ec " NAME " -80 10\n" CHAIN, "tls-expires-soon",
		"10 days"},
	{"less than a tenth is left", "leaf x inter ec " NAME " -82 8\n" CHAIN,
		"tls-expires-shortly", "8 days"},
	{"a life of six days, half of it over", "leaf x inter ec " NAME " -3 3\n" CHAIN, NULL,
		NULL},
	{"a life of six days, a day and a half left", "leaf x inter ec " NAME " -5 1\n" CHAIN,
		"tls-expires-soon", " hours"},
	{"it has expired", "leaf x inter ec " NAME " -90 -3\n" CHAIN, "tls-expired", "2 days ago"},
	{"it is not valid yet", "leaf x inter ec " NAME " 3 90\n" CHAIN, "tls-not-yet-valid",
		"another 3 days"},
	{"the name is missing", "leaf x inter ec DNS:www.example.test -10 80\n" CHAIN,
		"tls-name-mismatch",
		"does not carry mail.example.test; it carries www.example.test"},
	{"a wildcard covers one label", "leaf x inter ec 'DNS:*.example.test' -10 80\n" CHAIN, NULL,
		NULL},
	{"a wildcard covers no two", "leaf x inter ec 'DNS:*.test' -10 80\n" CHAIN,
		"tls-name-mismatch", "it carries *.test"},
	{"the common name does not count", "CN=mail.example.test leaf x inter ec '' -10 80\n" CHAIN,
		"tls-name-mismatch", "no name at all"},
	{"the chain in the wrong order",
		"leaf x inter ec " NAME " -10 80\ncat x.pem top.pem inter.pem >root/tls/c.pem\n"
		"cp x.key root/tls/k.pem\n",
		"tls-chain-broken",
		"the chain behind the certificate is broken: certificate 1 was issued by"},
	{"a chain of others",
		"leaf x inter ec " NAME " -10 80\ncat x.pem good2.pem >root/tls/c.pem\n"
		"cp x.key root/tls/k.pem\n",
		"tls-chain-broken", "was issued by"},
	{"the intermediate is missing",
		"leaf x inter ec " NAME
		" -10 80\ncp x.pem root/tls/c.pem\ncp x.key root/tls/k.pem\n",
		"tls-chain-incomplete", "stands alone, without its issuer \"CN=inter\""},
	{"one that signed itself stands alone rightly",
		"leaf x x ec " NAME " -10 80\ncp x.pem root/tls/c.pem\ncp x.key root/tls/k.pem\n",
		NULL, NULL},
	{"the root is there too",
		"leaf x inter ec " NAME " -10 80\ncat x.pem inter.pem top.pem >root/tls/c.pem\n"
		"cp x.key root/tls/k.pem\n",
		"tls-chain-has-root", "\"CN=top\", is a root"},
	{"the leaf is an authority",
		"CA=CA:TRUE leaf x x ec " NAME " -10 80\ncp x.pem root/tls/c.pem\n"
		"cp x.key root/tls/k.pem\n",
		"tls-leaf-is-ca", "CA:TRUE"},
	{"a short key", "leaf x inter short " NAME " -10 80\n" CHAIN, "tls-key-short", "1024 bits"},
	{"a broken hash", "MD=sha1 leaf x inter ec " NAME " -10 80\n" CHAIN, "tls-signature-weak",
		"SHA1"},
	{"it is for clients", "leaf x inter ec " NAME " -10 80 extendedKeyUsage=clientAuth\n" CHAIN,
		"tls-not-for-servers", "does not allow servers"},
	{"it is for servers", "leaf x inter ec " NAME " -10 80 extendedKeyUsage=serverAuth\n" CHAIN,
		NULL, NULL},
	{"a key that all may read",
		"leaf x inter ec " NAME " -10 80\n" CHAIN
		"chmod 755 . root root/tls; chmod 644 root/tls/k.pem\n",
		"tls-key-readable", "/tls/k.pem can be read by every user"},
	{"such a key below a directory that is closed",
		"leaf x inter ec " NAME " -10 80\n" CHAIN
		"chmod 755 . root; chmod 700 root/tls; chmod 644 root/tls/k.pem\n",
		NULL, NULL},
	{"a key that its group may read",
		"leaf x inter ec " NAME " -10 80\n" CHAIN
		"chmod 755 . root root/tls; chmod 640 root/tls/k.pem\n",
		NULL, NULL},
	{"a directory that all may write to",
		"leaf x inter ec " NAME " -10 80\n" CHAIN
		"chmod 755 . root; chmod 777 root/tls; chmod 600 root/tls/k.pem\n",
		"tls-files-writable", "/tls/k.pem can be replaced by every user"},
	{"a certificate that all may write to",
		"leaf x inter ec " NAME " -10 80\n" CHAIN
		"chmod 755 . root root/tls; chmod 600 root/tls/k.pem; chmod 666 root/tls/c.pem\n",
		"tls-files-writable", "/tls/c.pem can be replaced"},
	{"one where each has his own, as /tmp",
		"leaf x inter ec " NAME " -10 80\n" CHAIN
		"chmod 755 . root; chmod 1777 root/tls; chmod 600 root/tls/k.pem\n",
		NULL, NULL},
	{"one that nobody gets to",
		"leaf x inter ec " NAME " -10 80\n" CHAIN
		"chmod 755 .; chmod 700 root; chmod 777 root/tls; chmod 600 root/tls/k.pem\n",
		NULL, NULL},
	{"a key with a passphrase",
		"leaf x inter ec " NAME " -10 80\n" CHAIN
		"openssl pkey -in x.key -aes128 -passout pass:x -out root/tls/k.pem\n",
		"tls-key-invalid", "encrypted with a passphrase"},
	{"Ed25519",
		"openssl genpkey -algorithm ED25519 -out root/tls/k.pem\n"
		"openssl req -x509 -key root/tls/k.pem -subj /CN=x -addext subjectAltName=" NAME
		" -out root/tls/c.pem\n",
		"tls-certificate-invalid", "uses Ed25519"},
	{"the key of another",
		"leaf x inter ec " NAME " -10 80\n" CHAIN "cp good.key root/tls/k.pem\n",
		"tls-key-mismatch", "/tls/k.pem: the private key does not belong"},
	{"half of a certificate",
		"leaf x inter ec " NAME " -10 80\nhead -c 300 x.pem >root/tls/c.pem\n"
		"cp x.key root/tls/k.pem\n",
		"tls-certificate-invalid", "the text is cut short"},
	{"no file", "leaf x inter ec " NAME " -10 80\ncp x.key root/tls/k.pem\n",
		"tls-file-unreadable", "/tls/c.pem cannot be read"},
	{"a directory for a file",
		"leaf x inter ec " NAME " -10 80\nmkdir root/tls/c.pem; cp x.key root/tls/k.pem\n",
		"tls-file-unreadable", "Is a directory"},
};

static size_t
tls_findings(const struct fixture *fixture)
{
	size_t count = 0;

	for (size_t i = 0; i < fixture->findings.count; i++)
		count += text_starts(fixture->findings.items[i].rule->id, "tls-");
	return count;
}

static void
test_rules(struct arena *arena)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct rule_case *wrong = &cases[i];
		struct fixture f;

		must(arena, "rm -rf root; mkdir -p root/tls; . ./leaf.sh; %s", wrong->make);
		build(&f, given);
		if (wrong->id == NULL)
			CHECK(tls_findings(&f) == 0, "%s: nothing to say", wrong->what);
		else
			CHECK(found(&f, wrong->id) == 1 && tls_findings(&f) == 1, "%s: %s",
				wrong->what, wrong->id);
		if (wrong->tells != NULL)
			CHECK(strstr(message(&f, wrong->id), wrong->tells) != NULL, "it tells: %s",
				message(&f, wrong->id));
		for (size_t j = 0; j < f.findings.count; j++)
			if (text_starts(f.findings.items[j].rule->id, "tls-"))
				printf("# %s: %s\n", f.findings.items[j].rule->id,
					f.findings.items[j].message);
		drop(&f);
	}
}

/* build_away - as build, on a machine that has the directory mounted at /tls, and not the container */
static void
build_away(struct fixture *fixture, const char *yaml)
{
	static char *environment[] = {"MAIL_HOSTNAME=mail.example.test",
		"MAIL_DOMAINS=example.test", "MAIL_MAILBOXES=info@example.test=" HASH, NULL};
	const char *configs[] = {"mailinit.yaml"};
	struct settings_source source = {
		.environment = environment, .root = "", .configs = configs, .config_count = 1};

	spill("mailinit.yaml", yaml, strlen(yaml));
	arena_init(&fixture->arena);
	findings_init(&fixture->findings, &fixture->arena);
	plan_init(&fixture->plan, &fixture->arena, &fixture->findings);
	source.mounts = arena_alloc(&fixture->arena, sizeof(*source.mounts));
	mounts_add(&fixture->arena, source.mounts, "/tls",
		arena_printf(&fixture->arena, "%s/root/tls", scratch_directory));
	fixture->plan.settings = settings_load(&fixture->arena, &fixture->findings, &source);
	target_find(&fixture->plan, "debian13");
	fixture->plan.mounts = source.mounts;
	daemons_contribute(&fixture->plan);
}

/* the certificate is in the repository, and its key is not */
static void
test_keyless(struct arena *arena)
{
	static const struct rule_case keyless[] = {
		{"a good one", "leaf x inter ec " NAME " -10 80\n" CHAIN, NULL, NULL},
		{"it has expired", "leaf x inter ec " NAME " -90 -3\n" CHAIN, "tls-expired",
			"2 days ago"},
		{"the name is missing", "leaf x inter ec DNS:www.example.test -10 80\n" CHAIN,
			"tls-name-mismatch", "it carries www.example.test"},
		{"it is for clients",
			"leaf x inter ec " NAME " -10 80 extendedKeyUsage=clientAuth\n" CHAIN,
			"tls-not-for-servers", "does not allow servers"},
		{"the intermediate is missing",
			"leaf x inter ec " NAME " -10 80\ncp x.pem root/tls/c.pem\n",
			"tls-chain-incomplete", "stands alone"},
		{"half of a certificate",
			"leaf x inter ec " NAME " -10 80\nhead -c 300 x.pem >root/tls/c.pem\n",
			"tls-certificate-invalid", "the text is cut short"},
	};
	struct fixture f;

	for (size_t i = 0; i < sizeof(keyless) / sizeof(keyless[0]); i++) {
		const struct rule_case *wrong = &keyless[i];

		must(arena, "rm -rf root; mkdir -p root/tls; . ./leaf.sh; %srm -f root/tls/k.pem",
			wrong->make);
		build_away(&f, given);
		CHECK(found(&f, "not-checked") == 1, "%s, away from its key: one note",
			wrong->what);
		CHECK_TEXT(message(&f, "not-checked"),
			"/tls/k.pem is not here, so whether it is the key of the certificate was "
			"not "
			"checked",
			"which says what was not checked");
		CHECK(tls_findings(&f) == (wrong->id != NULL), "%s: so many findings", wrong->what);
		if (wrong->id != NULL)
			CHECK(strstr(message(&f, wrong->id), wrong->tells) != NULL, "%s: %s",
				wrong->id, message(&f, wrong->id));
		drop(&f);
	}
	must(arena,
		"rm -rf root; mkdir -p root/tls; . ./leaf.sh; leaf x inter ec " NAME " -90 -3\n"
		"cat x.pem inter.pem >root/tls/fullchain.pem");
	build_away(&f, "tls: {directory: /tls}\n");
	CHECK(found(&f, "not-checked") == 1 && found(&f, "tls-expired") == 1,
		"in a directory, too: %s", message(&f, "tls-expired"));
	drop(&f);
}

/* ---- directories ---- */

static void
test_order_helps(struct arena *arena)
{
	struct fixture f;
	const char *help = "";

	must(arena,
		"rm -rf root; mkdir -p root/tls; cat good.pem top.pem inter.pem "
		">root/tls/c.pem; cp good.key root/tls/k.pem");
	build(&f, given);
	for (size_t i = 0; i < f.findings.count; i++)
		if (strcmp(f.findings.items[i].rule->id, "tls-chain-broken") == 0)
			help = f.findings.items[i].help;
	CHECK_TEXT(help, "Put them in this order: 1, 3, 2.", "the right order is told");
	drop(&f);
}

static void
test_directory_empty(struct arena *arena)
{
	struct fixture f;

	must(arena, "rm -rf root; mkdir -p root/le");
	build(&f, "tls: {directory: /le/live/mail}\n");
	CHECK(found(&f, "tls-directory-empty") == 1 && !findings_refuse(&f.findings),
		"a directory that is not there yet is a warning");
	CHECK(f.plan.certificates[0].self_signed, "and self-signed");
	drop(&f);
	must(arena,
		"mkdir -p root/le/live/mail; cp good.pem root/le/live/mail/fullchain.pem; "
		"cp good.key root/le/live/mail/privkey.pem");
	build(&f, "tls: {directory: /le/live/mail}\n");
	CHECK(found(&f, "tls-directory-empty") == 0, "once it is there, nothing");
	serves(&f, TLS_PAIR_NAME, "good", "and it is served");
	drop(&f);
	must(arena, "rm -rf root/le/live; mkdir -p root/le");
	build(&f, "tls: {directory: /le/live/mail, self_signed: never}\n");
	CHECK(found(&f, "tls-missing") == 1, "where none may be made, it refuses");
	drop(&f);
}

static void
test_directory_choice(struct arena *arena)
{
	struct fixture f;

	must(arena,
		"rm -rf root; . ./leaf.sh; leaf other inter ec DNS:other.example.test -1 89\n"
		"for n in good good2 late other; do mkdir -p root/live/$n; "
		"cat $n.pem inter.pem >root/live/$n/fullchain.pem; "
		"cp $n.key root/live/$n/privkey.pem; done; echo text >root/live/README");
	build(&f, "tls: {directory: /live}\n");
	CHECK(found(&f, "tls-directory-choice") == 1, "what was chosen is told: %s",
		message(&f, "tls-directory-choice"));
	serves(&f, TLS_PAIR_NAME, "late", "the latest end of those for our name");
	serves(&f, "tls/alternative.pem", "good2", "and beside it the one of the other kind");
	CHECK(strstr(content(&f, "postfix/main.cf"),
		      "smtpd_tls_chain_files = /run/mailinit/current/tls/default.pem\n"
		      "    /run/mailinit/current/tls/alternative.pem\n") != NULL,
		"Postfix has both");
	CHECK(strstr(content(&f, "dovecot/dovecot.conf"),
		      "ssl_server_alt_key_file = /run/mailinit/current/tls/alternative.pem") !=
			NULL,
		"and Dovecot");
	drop(&f);
	must(arena, "rm -r root/live/late root/live/good2");
	build(&f, "tls: {directory: /live}\n");
	CHECK(found(&f, "tls-directory-choice") == 0, "one for our name is no choice");
	CHECK(plan_find_file(&f.plan, "tls/alternative.pem") == NULL, "and no other kind");
	serves(&f, TLS_PAIR_NAME, "good", "it is served");
	drop(&f);
	must(arena,
		". ./leaf.sh; leaf old inter rsa DNS:mail.example.test -90 -1; "
		"mkdir root/live/old; cp old.pem root/live/old/fullchain.pem; "
		"cp old.key root/live/old/privkey.pem");
	build(&f, "tls: {directory: /live}\n");
	CHECK(plan_find_file(&f.plan, "tls/alternative.pem") == NULL,
		"one that has expired is none to serve beside a valid one");
	drop(&f);
}

/* acme - writes root/acme.json with one entry, for which MAIN is said to stand */
static void
acme(struct arena *arena, const char *name, const char *main)
{
	must(arena,
		"mkdir -p root/traefik; printf '{\"le\": {\"Certificates\": [{\"domain\": "
		"{\"main\": \"%s\"}, \"certificate\": \"%%s\", \"key\": \"%%s\"}]}}' "
		"$(cat %s.pem inter.pem | base64 -w0) $(base64 -w0 <%s.key) "
		">root/traefik/acme.json; chmod 600 root/traefik/acme.json",
		main, name, name);
}

static void
test_store(struct arena *arena)
{
	struct fixture f;

	must(arena, "rm -rf root");
	acme(arena, "good", "mail.example.test");
	build(&f, "tls: {directory: /traefik}\n");
	serves(&f, TLS_PAIR_NAME, "good", "acme.json within its directory");
	CHECK(tls_findings(&f) == 0, "with nothing to say of it");
	drop(&f);
	build(&f, "tls: {directory: /traefik/acme.json}\n");
	serves(&f, TLS_PAIR_NAME, "good", "or by its name");
	drop(&f);
	must(arena, "head -c 500 root/traefik/acme.json >half; mv half root/traefik/acme.json");
	build(&f, "tls: {directory: /traefik}\n");
	CHECK(found(&f, "tls-store-unreadable") == 1 && findings_refuse(&f.findings),
		"half of it refuses, where nothing was served before");
	drop(&f);
	acme(arena, "other", "other.example.test");
	build(&f, "tls: {directory: /traefik}\n");
	CHECK(found(&f, "tls-directory-empty") == 1,
		"a store for other hosts alone has none for us yet");
	drop(&f);
	must(arena, ": >root/traefik/acme.json");
	build(&f, "tls: {directory: /traefik}\n");
	CHECK(found(&f, "tls-directory-empty") == 1 && found(&f, "tls-store-unreadable") == 0,
		"an empty acme.json is a store that is still empty");
	drop(&f);
}

/* ---- kinds of keys, names ---- */

static void
test_alternative(struct arena *arena)
{
	static const char both[] = "tls: {certificate: /tls/c.pem, key: /tls/k.pem, "
				   "alternative: {certificate: /tls/c2.pem, key: /tls/k2.pem}}\n";
	struct fixture f;

	must(arena,
		"rm -rf root; mkdir -p root/tls; cat good.pem inter.pem >root/tls/c.pem; "
		"cp good.key root/tls/k.pem; cat good2.pem inter.pem >root/tls/c2.pem; "
		"cp good2.key root/tls/k2.pem");
	build(&f, both);
	serves(&f, "tls/alternative.pem", "good2", "the other kind of key");
	CHECK(tls_findings(&f) == 0, "with nothing to say");
	drop(&f);
	must(arena, "cat late.pem inter.pem >root/tls/c2.pem; cp late.key root/tls/k2.pem");
	build(&f, both);
	CHECK(found(&f, "tls-alternative-unused") == 1 && !findings_refuse(&f.findings),
		"one of the same kind is left out: %s", message(&f, "tls-alternative-unused"));
	CHECK(plan_find_file(&f.plan, "tls/alternative.pem") == NULL, "and not served");
	drop(&f);
	build(&f,
		"tls: {certificate: /tls/c.pem, key: /tls/k.pem, "
		"alternative: {key: /tls/k2.pem}}\n");
	CHECK(found(&f, "tls-alternative-unused") == 1, "a key alone is none");
	drop(&f);
}

static void
test_names(struct arena *arena)
{
	struct fixture f;

	must(arena,
		"rm -rf root; mkdir -p root/tls; cat good.pem inter.pem >root/tls/c.pem; "
		"cp good.key root/tls/k.pem; . ./leaf.sh\n"
		"leaf sni inter ec "
		"'DNS:b.example.org,DNS:*.example.test,DNS:mail.example.test,DNS:a_b.Example.org' "
		"-10 80\n"
		"cat sni.pem inter.pem >root/tls/s.pem; cp sni.key root/tls/sk.pem");
	build(&f,
		"tls: {certificate: /tls/c.pem, key: /tls/k.pem, sni: {B.example.org: "
		"{certificate: /tls/s.pem, key: /tls/sk.pem}}}\n");
	CHECK(tls_findings(&f) == 0, "a further certificate is no matter of tls.names");
	CHECK_TEXT(content(&f, TLS_SNI_TABLE),
		"mail.example.test /run/mailinit/current/tls/default.pem\n"
		"b.example.org /run/mailinit/current/tls/sni/b.example.org.pem\n"
		".example.test /run/mailinit/current/tls/sni/b.example.org.pem\n"
		"a_b.example.org /run/mailinit/current/tls/sni/b.example.org.pem\n",
		"all that it carries, but not our own name");
	CHECK(strstr(content(&f, "postfix/main.cf"),
		      "tls_server_sni_maps = texthash:/run/mailinit/current/postfix/sni\n") != NULL,
		"Postfix is told of the table");
	CHECK(strstr(content(&f, "dovecot/dovecot.conf"), "local_name *.example.test {") <
			strstr(content(&f, "dovecot/dovecot.conf"), "local_name b.example.org {"),
		"of Dovecot 2.4 the last that fits counts");
	CHECK(f.plan.services.certificates[1].path[0] != '\0', "the status has it, too");
	drop(&f);
	build(&f,
		"tls: {certificate: /tls/c.pem, key: /tls/k.pem, sni: {c.example.org: "
		"{certificate: /tls/s.pem, key: /tls/sk.pem}}}\n");
	CHECK(found(&f, "tls-name-mismatch") == 1, "it must carry the name that it is for: %s",
		message(&f, "tls-name-mismatch"));
	drop(&f);
	build(&f, given);
	CHECK(plan_find_file(&f.plan, TLS_SNI_TABLE) == NULL &&
			strstr(content(&f, "postfix/main.cf"), "sni") == NULL,
		"without further certificates nothing speaks of names");
	drop(&f);
}

/* a directory of one lineage for each name, with both kinds of keys for one of them */
static void
test_names_directory(struct arena *arena)
{
	static const char yaml[] = "tls: {directory: /live, sni: {b.example.org: {directory: "
				   "/live}, c.example.org: {directory: /live}}}\n";
	struct fixture f;

	must(arena,
		"rm -rf root; . ./leaf.sh; leaf b1 inter ec DNS:b.example.org -10 80\n"
		"leaf b2 inter rsa DNS:b.example.org -10 81\n"
		"for n in good b1 b2; do mkdir -p root/live/$n; "
		"cat $n.pem inter.pem >root/live/$n/fullchain.pem; "
		"cp $n.key root/live/$n/privkey.pem; done");
	build(&f, yaml);
	serves(&f, TLS_PAIR_NAME, "good", "our own name");
	CHECK(plan_find_file(&f.plan, "tls/alternative.pem") == NULL, "which has one kind");
	serves(&f, "tls/sni/b.example.org.pem", "b2", "the other name");
	serves(&f, "tls/sni/b.example.org-alternative.pem", "b1", "with both kinds");
	CHECK_TEXT(content(&f, TLS_SNI_TABLE),
		"b.example.org /run/mailinit/current/tls/sni/b.example.org.pem, "
		"/run/mailinit/current/tls/sni/b.example.org-alternative.pem\n",
		"Postfix has both under the name");
	CHECK(found(&f, "tls-directory-empty") == 1 && !findings_refuse(&f.findings),
		"a name without a certificate yet is told: %s", message(&f, "tls-directory-empty"));
	drop(&f);
	build(&f, "tls: {directory: /live, sni: {b.example.org: {}}}\n");
	CHECK(found(&f, "setting-required") == 1, "a name without anything is refused");
	drop(&f);
}

static void
test_many(struct arena *arena)
{
	struct buffer yaml = {0};
	struct fixture f;

	must(arena,
		"rm -rf root; mkdir -p root/tls; cat good.pem inter.pem >root/tls/c.pem; "
		"cp good.key root/tls/k.pem");
	buffer_puts(&yaml, "tls:\n  certificate: /tls/c.pem\n  key: /tls/k.pem\n  sni:\n");
	for (int i = 0; i < 20; i++)
		buffer_printf(&yaml,
			"    n%d.example.test: {certificate: /tls/c.pem, key: /tls/k.pem}\n", i);
	build(&f, buffer_text(&yaml));
	CHECK(f.plan.certificate_count == 21, "twenty further certificates");
	CHECK(f.plan.services.certificates_more == 21 - SERVICE_CERTIFICATES,
		"the status says how many found no room");
	CHECK(service_table_valid(&f.plan.services, sizeof(f.plan.services)), "in a valid table");
	drop(&f);
	buffer_free(&yaml);
}

/* ---- the last good pair ---- */

/* keep - what apply/ does with the first certificate of a plan, below ./root */
static void
keep(struct fixture *fixture)
{
	const struct plan_certificate *certificate = &fixture->plan.certificates[0];
	const char *path = arena_printf(&fixture->arena, "root%s", certificate->kept_path);
	const char *text =
		arena_printf(&fixture->arena, "%s%s", certificate->kept_head, certificate->pem);

	must(&fixture->arena,
		"mkdir -p root/var/lib/mailinit/tls; rm -f root/var/lib/mailinit/tls/*");
	spill(path, text, strlen(text));
	must(&fixture->arena, "chmod 600 %s", path);
}

static void
begin_kept(struct arena *arena)
{
	struct fixture f;

	must(arena,
		"rm -rf root; mkdir -p root/tls; cat good.pem inter.pem >root/tls/c.pem; "
		"cp good.key root/tls/k.pem");
	build(&f, given);
	keep(&f);
	drop(&f);
}

/* kept - whether the good pair is served on, after MAKE */
static void
kept(struct arena *arena, const char *make, const char *yaml, bool want, const char *what)
{
	struct fixture f;

	must(arena, ". ./leaf.sh; %s", make);
	build(&f, yaml);
	CHECK((found(&f, "tls-kept-last-good") == 1) == want, "%s: %s", what,
		want ? message(&f, "tls-kept-last-good") : "it is not served on");
	if (want)
		serves(&f, TLS_PAIR_NAME, "good", what);
	if (want)
		CHECK(!findings_refuse(&f.findings) &&
				f.plan.services.certificates[0].trouble[0] != '\0',
			"it refuses nothing, and status has it");
	drop(&f);
}

static void
test_kept(struct arena *arena)
{
	begin_kept(arena);
	kept(arena, ":", given, false, "a good pair");
	kept(arena, "rm root/tls/c.pem", given, true, "a certificate that is gone");
	kept(arena, "head -c 200 good.pem >root/tls/c.pem", given, true, "half of one");
	kept(arena, "cat late.pem inter.pem >root/tls/c.pem", given, true, "another key");
	kept(arena, "cp late.key root/tls/k.pem", given, false, "both of one renewal");
	kept(arena, "cp late.pem root/tls/c.pem", given, true,
		"a renewal that lost its intermediate");
	kept(arena,
		"leaf gone inter ec " NAME " -90 -1; cat gone.pem inter.pem >root/tls/c.pem; "
		"cp gone.key root/tls/k.pem",
		given, true, "a renewal that has expired");
	kept(arena, "rm -r root/tls", given, true, "all is gone");
	kept(arena, ":", "tls: {certificate: /other/c.pem, key: /tls/k.pem}\n", false,
		"another path");
	kept(arena, ":",
		"tls: {certificate: /tls/c.pem, key: /tls/k.pem, names: [mail.example.test, "
		"imap.example.test]}\n",
		false, "a name that it lacks");
	kept(arena, "chmod 640 root/var/lib/mailinit/tls/*", given, false, "a changed mode");
	kept(arena,
		"chmod 600 root/var/lib/mailinit/tls/*; sed -i 's/^M/N/' "
		"root/var/lib/mailinit/tls/*",
		given, false, "a changed content");
	begin_kept(arena);
	kept(arena, "rm root/tls/c.pem; ln -sf /dev/zero root/var/lib/mailinit/tls/*", given, false,
		"a device in its place");
}

/* what was not covered when it was accepted is no reason against it now */
static void
test_kept_as_it_was(struct arena *arena)
{
	static const char two[] = "tls: {certificate: /tls/c.pem, key: /tls/k.pem, names: "
				  "[mail.example.test, imap.example.test]}\n";
	struct fixture f;

	must(arena,
		"rm -rf root; mkdir -p root/tls; cat good.pem inter.pem >root/tls/c.pem; "
		"cp good.key root/tls/k.pem");
	build(&f, two);
	CHECK(found(&f, "tls-name-mismatch") == 1 && !findings_refuse(&f.findings),
		"a name is missing, which refuses nothing");
	keep(&f);
	drop(&f);
	kept(arena, "rm root/tls/c.pem", two, true, "with the same names asked for");
}

/* waived, a self-signed one is served; it is not what was configured, and so not kept as that */
static void
test_not_kept(struct arena *arena)
{
	struct fixture f;

	must(arena, "rm -rf root; mkdir -p root/tls");
	build(&f, given);
	CHECK(found(&f, "tls-file-unreadable") == 2 && f.plan.certificates[0].kept_path == NULL,
		"what is not there is not kept");
	drop(&f);
}

static void
test_kept_directory(struct arena *arena)
{
	static const char live[] = "tls: {directory: /live}\n";
	struct fixture f;

	must(arena,
		"rm -rf root; mkdir -p root/live/m; cat good.pem inter.pem "
		">root/live/m/fullchain.pem; cp good.key root/live/m/privkey.pem");
	build(&f, live);
	keep(&f);
	drop(&f);
	kept(arena, "mv root/live root/away", live, true, "a directory that is gone");
	kept(arena, "mkdir root/live", live, true, "one that is empty");
	kept(arena,
		"mkdir root/live/mail.example.test; cp late.pem "
		"root/live/mail.example.test/fullchain.pem",
		live, true, "a lineage without its key");
	kept(arena,
		"cp late.key root/live/mail.example.test/privkey.pem; cat late.pem inter.pem "
		">root/live/mail.example.test/fullchain.pem",
		live, false, "a new one that is whole");
	acme(arena, "good", "mail.example.test");
	build(&f, "tls: {directory: /traefik}\n");
	keep(&f);
	drop(&f);
	kept(arena, "head -c 700 root/traefik/acme.json >half; mv half root/traefik/acme.json",
		"tls: {directory: /traefik}\n", true, "acme.json half-written");
}

int
main(void)
{
	struct arena arena;

	arena_init(&arena);
	enter_scratch();
	must(&arena, "%s", prepare);
	test_rules(&arena);
	test_keyless(&arena);
	test_order_helps(&arena);
	test_directory_empty(&arena);
	test_directory_choice(&arena);
	test_store(&arena);
	test_alternative(&arena);
	test_names(&arena);
	test_names_directory(&arena);
	test_many(&arena);
	test_kept(&arena);
	test_kept_as_it_was(&arena);
	test_not_kept(&arena);
	test_kept_directory(&arena);
	arena_free(&arena);
	DONE();
}
