/* test_map.c - the way that mail takes, read from plans and drawn */
#include "unit.h"

#include "check_case.h"

#include "check/check.h"
#include "check/path.h"
#include "report/map.h"
#include "report/map_layout.h"

#define HASH \
	"{SHA512-CRYPT}$6$abcdefgh$" \
	"wcUmxf1EKQ6Kq5gQyXyyXXvMqgLDmdQXlRBfXyUzOaqZrNUqkYpHF9DQhGYVZB2tLBgSVX0g3qIrIPQUc7Kk1/"
#define MAILBOX "MAIL_MAILBOXES=a@example.test=" HASH

/* A path read from a plan of up to four variables; NAME is the container's. */
static void
read_one(struct path *path, const char *target, const char *name, const char *const *variables)
{
	const char *four[VARIABLES_MAX] = {NULL};
	struct fixture f;

	for (size_t i = 0; i < 4 && variables[i] != NULL; i++)
		four[i] = variables[i];
	build_plan(&f, NO_ROOT, target, four);
	check_plan(&f.plan);
	path_read(&f.plan, name, path);
	drop(&f);
}

/* without_path - a mailbox's place is in the words of each Dovecot */
static const char *
without_path(struct buffer *text)
{
	static const char *const paths[] = {
		"/var/mail/%{user | domain}/%{user | username}", "/var/mail/%d/%n"};

	for (size_t i = 0; i < 2; i++) {
		char *at = text->data != NULL ? strstr(text->data, paths[i]) : NULL;

		if (at == NULL)
			continue;
		memmove(at + strlen("PATH"), at + strlen(paths[i]),
			strlen(at + strlen(paths[i])) + 1);
		memcpy(at, "PATH", strlen("PATH"));
	}
	return buffer_text(text);
}

static void
test_text(const char *what, const char *const *variables, const char *want)
{
	struct buffer text = {0};
	struct arena arena;
	struct path path;

	for (size_t t = 0; t < 2; t++) {
		arena_init(&arena);
		path_init(&path, &arena);
		read_one(&path, targets[t], NULL, variables);
		path_join(&path);
		buffer_clear(&text);
		map_text(&path, &text);
		CHECK_TEXT(without_path(&text), want, "%s: %s", targets[t], what);
		arena_free(&arena);
	}
	buffer_free(&text);
}

static void
test_roles(void)
{
	static const char *const relay[] = {"MAIL_ROLES=relay", "MAIL_NETWORKS=10.1.0.0/16", NULL};
	static const char *const gateway[] = {"MAIL_ROLES=mx", "MAIL_DELIVERY_LMTP=inet:store:24",
		"MAIL_MILTERS=inet:rspamd:11332", NULL};
	static const char *const store[] = {
		"MAIL_ROLES=mailstore", MAILBOX, "MAIL_LISTEN_SASL=12345", NULL};
	static const char *const submission[] = {"MAIL_ROLES=submission dkim", MAILBOX,
		"MAIL_RELAY_HOST=[smtp.b.test]:587", "MAIL_DKIM_ON_FAILURE=accept"};

	test_text("a relay", relay,
		"outside\n"
		"  from     Programs and devices    in 10.1.0.0/16\n"
		"                                   -> mail.example.test: 25 smtp, "
		"mail.example.test: 587 submission\n"
		"  to       The recipients' servers by MX records\n"
		"\nmail.example.test: for example.test, b.test\n"
		"  in       25 smtp                 STARTTLS offered; networks: to anywhere\n"
		"                                   -> Queue\n"
		"           587 submission          STARTTLS offered; networks: to anywhere\n"
		"                                   -> Queue\n"
		"  queue    Queue                   /var/spool/postfix\n"
		"                                   -> smtp\n"
		"  out      smtp                    for all mail; TLS when offered\n"
		"                                   -> The recipients' servers\n");
	test_text("an MX in front of a mail store and a filter of others", gateway,
		"outside\n"
		"  from     Other mail servers\n"
		"                                   -> mail.example.test: 25 smtp\n"
		"  to       rspamd:11332            milter; when down: clients wait (451)\n"
		"                                   -> mail.example.test: Queue\n"
		"           store:24                mail store\n"
		"           The recipients' servers by MX records\n"
		"\nmail.example.test: for example.test, b.test\n"
		"  in       25 smtp                 STARTTLS offered; anyone: to its own domains\n"
		"                                   -> rspamd:11332\n"
		"  queue    Queue                   /var/spool/postfix\n"
		"                                   -> lmtp, smtp\n"
		"  out      lmtp                    for its own domains; TLS when offered\n"
		"                                   -> store:24\n"
		"           smtp                    for everything else; TLS when offered\n"
		"                                   -> The recipients' servers\n");
	test_text("a mail store alone", store,
		"outside\n"
		"  from     Postfix elsewhere\n"
		"                              -> mail.example.test: Mail store\n"
		"                              asks mail.example.test: Passwords\n"
		"  readers  Mail programs      read with a login\n"
		"\nmail.example.test: for example.test, b.test\n"
		"  logins   Passwords          checked by Dovecot; asked at port 12345\n"
		"  store    Mail store         Dovecot, maildir; PATH; LMTP at port 24\n"
		"                              -> IMAP, POP3\n"
		"  read at  IMAP               143: STARTTLS required; 993: TLS from the first "
		"byte\n"
		"                              -> Mail programs\n"
		"           POP3               110: STARTTLS required; 995: TLS from the first "
		"byte\n"
		"                              -> Mail programs\n");
	test_text("people's mail, signed, by a provider", submission,
		"outside\n"
		"  from     Mail programs      with a login\n"
		"                              -> mail.example.test: 587 submission, "
		"mail.example.test: 465 submissions\n"
		"  to       smtp.b.test:587\n"
		"\nmail.example.test: for example.test, b.test\n"
		"  in       127.0.0.1:25 smtp  STARTTLS offered; this container alone\n"
		"                              -> OpenDKIM\n"
		"           587 submission     STARTTLS required; login: to anywhere\n"
		"                              -> OpenDKIM\n"
		"                              asks Passwords\n"
		"           465 submissions    TLS from the first byte; login: to anywhere\n"
		"                              -> OpenDKIM\n"
		"                              asks Passwords\n"
		"  logins   Passwords          checked by Dovecot\n"
		"  filter   OpenDKIM           signs example.test; signs b.test; when down: mail "
		"passes by\n"
		"                              -> Queue\n"
		"  queue    Queue              /var/spool/postfix\n"
		"                              -> smtp\n"
		"  out      smtp               for all mail; TLS, certificate verified\n"
		"                              -> smtp.b.test:587\n");
}

/* reads WHAT in the text of a path that VARIABLES make */
static void
test_has(const char *what, bool want, const char *const *variables)
{
	struct buffer text = {0};
	struct arena arena;
	struct path path;

	arena_init(&arena);
	path_init(&path, &arena);
	read_one(&path, "debian13", NULL, variables);
	map_text(&path, &text);
	CHECK((strstr(buffer_text(&text), what) != NULL) == want, "%s: %s \"%s\"", variables[0],
		want ? "there is" : "there is no", what);
	if ((strstr(buffer_text(&text), what) != NULL) != want)
		printf("# %s\n", buffer_text(&text));
	buffer_free(&text);
	arena_free(&arena);
}

/* what a raw parameter or service changes, the picture shows: it is no drawing of the settings */
static void
test_odd(void)
{
	static const struct {
		const char *variables[4], *what;
		bool want;
	} cases[] = {
		{{"POSTFIX_smtpd_tls_security_level=encrypt"}, "STARTTLS required; anyone", true},
		{{"POSTFIXMASTER_submission__inet="}, "587", false},
		{{"POSTFIXMASTER_2525__inet=n - y - - smtpd"}, "2525", true},
		{{"POSTFIXMASTER_smtps__inet=n - y - - smtpd"}, "465 submissions", true},
		{{"MAIL_NETWORKS=0.0.0.0/0"}, "networks: to anywhere  !! open-relay", true},
		{{"POSTFIX_smtpd_client_restrictions=permit_mynetworks, reject"}, "anyone", false},
		{{"POSTFIX_smtpd_relay_restrictions=permit_auth_destination, reject"},
			"anyone: to its own domains", true},
		{{"POSTFIX_smtpd_sasl_path=private/elsewhere"},
			"asks Passwords  !! postfix-sasl-socket", true},
		{{"POSTFIX_virtual_transport=lmtp:unix:private/none"},
			"-> Mail store  !! postfix-lmtp-socket", true},
		{{"POSTFIX_default_transport=smtpp"},
			"master.cf has no such service; for everything else  !! "
			"postfix-service-unknown",
			true},
		{{"POSTFIX_default_transport=error:5.1.2 closed"},
			"for everything else; is refused", true},
		{{"POSTFIX_content_filter=smtp:[10.0.0.9]:10025"}, "10.0.0.9:10025", true},
		{{"POSTFIX_virtual_transport=virtual"}, "Mail files", true},
		{{"POSTFIX_relay_domains=relayed.test", "POSTFIX_relay_transport=relay:[10.0.0.7]"},
			"10.0.0.7:25", true},
		{{"MAIL_TRANSPORTS=x.test=smtp:[10.0.0.5]:2525 y.test=discard:"},
			"for y.test; is thrown away", true},
		{{"MAIL_TRANSPORTS=x.test=smtp:[10.0.0.5]:2525"}, "10.0.0.5:2525", true},
		{{"MAIL_TRANSPORTS=a.x=smtp:[a] b.x=smtp:[b] c.x=smtp:[c] d.x=smtp:[d] "
		  "e.x=smtp:[e] f.x=smtp:[f] g.x=smtp:[g]"},
			"2 more                  rows of postfix/transport", true},
		{{"MAIL_RELAY_HOST=smtp.b.test:465"},
			"TLS from the first byte; TLS, certificate verified", true},
		{{"MAIL_RELAY_HOST=smtp.b.test", "MAIL_RELAY_TLS=encrypt"},
			"TLS, certificate not verified", true},
		{{"MAIL_RELAY_HOST=[smtp.b.test]", "MAIL_RELAY_USERNAME=who",
			 "MAIL_RELAY_PASSWORD=s3cret-c4nary"},
			"asks for a login", true},
		{{"MAIL_RELAY_HOST=[smtp.b.test]", "MAIL_RELAY_USERNAME=who",
			 "MAIL_RELAY_PASSWORD=s3cret-c4nary"},
			"c4nary", false},
		{{"MAIL_NETWORKS=10.0.0.0/8 192.168.0.0/16 172.16.0.0/12 [2001:db8::]/32"},
			"10.0.0.0/8, 192.168.0.0/16, 172.16.0.0/12 and 1 more", true},
		{{"MAIL_NETWORKS=connected"}, "in its own networks", true},
		{{"MAIL_DELIVERY_SASL=inet:auth:12345"}, "checks passwords", true},
		{{"MAIL_MILTERS=unix:other/socket"}, "other/socket", true},
		{{"POSTFIX_smtpd_milters={ inet:rspamd:11332, default_action=accept }"},
			"when down: mail passes by", true},
		{{"POSTFIX_smtpd_milters="}, "-> OpenDKIM", false},
		{{"DOVECOT_protocols=imap lmtp"}, "POP3", false},
		{{"DOVECOT_ssl=no"}, "143: no TLS", true},
		{{"MAIL_MAILBOXES_FORMAT=mdbox"}, "Dovecot, mdbox", true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		test_has(cases[i].what, cases[i].want, cases[i].variables);
}

/* meets - whether two boxes of a layout cover a common pixel */
static bool
meets(const struct map_node *a, const struct map_node *b)
{
	return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height &&
		b->y < a->y + a->height;
}

/* faults_of - what is wrong with where things stand: texts too wide, boxes over each other */
static size_t
faults_of(const struct map_layout *layout)
{
	size_t faults = 0;

	for (size_t i = 0; i < layout->node_count; i++) {
		const struct map_node *node = &layout->nodes[i];
		const struct map_frame *frame;

		if (node->box == MAP_SLOT || layout->path->boxes[node->box].gone)
			continue;
		for (size_t k = 0; k < node->line_count; k++)
			faults += map_width(node->lines[k], k == 0) > node->width - 2 * MAP_BOX_PAD;
		faults += node->y + node->height > layout->height ||
			node->x + node->width > layout->width || node->x < 0 || node->y < 0;
		for (size_t k = 0; k < i; k++)
			faults += layout->nodes[k].box != MAP_SLOT &&
				!layout->path->boxes[layout->nodes[k].box].gone &&
				meets(node, &layout->nodes[k]);
		if (node->host == PATH_OUTSIDE)
			continue;
		frame = &layout->frames[node->host];
		faults += node->x < frame->x || node->x + node->width > frame->x + frame->width ||
			node->y + node->height > frame->y + frame->height;
	}
	for (size_t i = 0; i < layout->segment_count; i++)
		faults += layout->segments[i].y2 <= layout->segments[i].y1;
	return faults;
}

/* of every set of roles, on both releases, everything has a place of its own */
static void
test_places(void)
{
	static const char *const roles[] = {"mx", "submission", "relay", "mailstore", "dkim"};

	for (unsigned set = 1; set < 32; set++) {
		char text[128] = "MAIL_ROLES=";
		const char *variables[] = {text, "MAIL_DELIVERY_LMTP=inet:store.example.test:24",
			"MAIL_MILTERS=inet:[2001:db8::1]:11332 inet:rspamd:11332", MAILBOX};
		struct map_layout layout;
		struct arena arena;
		struct path path;

		for (size_t r = 0; r < 5; r++)
			if (set & (1u << r)) {
				strcat(text, roles[r]);
				strcat(text, " ");
			}
		if (set & 8u)
			variables[1] = MAILBOX;
		arena_init(&arena);
		path_init(&path, &arena);
		read_one(&path, targets[set % 2], NULL, variables);
		map_layout(&path, &layout);
		CHECK(faults_of(&layout) == 0, "%s: nothing is on top of another", text);
		arena_free(&arena);
	}
}

/* three containers that find each other by name */
static void
test_join(void)
{
	static const char *const postfix[] = {"MAIL_ROLES=mx submission",
		"MAIL_DELIVERY_LMTP=inet:DOVECOT:24", "MAIL_DELIVERY_SASL=inet:dovecot:12345",
		"MAIL_MILTERS=inet:signer:8891"};
	static const char *const dovecot[] = {
		"MAIL_ROLES=mailstore", MAILBOX, "MAIL_LISTEN_SASL=12345", NULL};
	static const char *const signer[] = {"MAIL_ROLES=dkim", NULL};
	struct buffer text = {0};
	struct map_layout layout;
	struct arena arena;
	struct path path;

	arena_init(&arena);
	path_init(&path, &arena);
	read_one(&path, "debian13", "postfix", postfix);
	read_one(&path, "debian13", "dovecot", dovecot);
	read_one(&path, "debian13", "opendkim", signer);
	path_name_host(&path, 2, "signer");
	path.hosts[1].replicas = 2;
	path_join(&path);
	map_text(&path, &text);
	CHECK(strstr(text.data, "-> opendkim: OpenDKIM") != NULL, "a milter by an alias");
	CHECK(strstr(text.data, "asks dovecot: Passwords") != NULL, "passwords by a name");
	CHECK(strstr(text.data, "-> dovecot: Mail store") != NULL, "in any case of letters");
	CHECK(strstr(text.data, "dovecot:24") == NULL, "a partner that is there is no stranger");
	CHECK(strstr(text.data, "dovecot, 2 of them: mail.example.test") != NULL, "replicas");
	map_layout(&path, &layout);
	CHECK(faults_of(&layout) == 0, "nothing is on top of another");
	buffer_free(&text);
	arena_free(&arena);
}

/* two servers that relay to each other make a circle, and one whose partner is not there */
static void
test_circle(void)
{
	static const char *const one[] = {
		"MAIL_ROLES=relay", "MAIL_NETWORKS=10.1.0.0/16", "MAIL_RELAY_HOST=[two]:25", NULL};
	static const char *const two[] = {"MAIL_ROLES=relay", "MAIL_NETWORKS=10.1.0.0/16",
		"MAIL_RELAY_HOST=[one]:2525", NULL};
	struct buffer text = {0};
	struct map_layout layout;
	struct arena arena;
	struct path path;

	arena_init(&arena);
	path_init(&path, &arena);
	read_one(&path, "debian13", "one", one);
	read_one(&path, "debian13", "two", two);
	path.boxes[path.box_count - 1].port = "25";
	path_join(&path);
	map_text(&path, &text);
	CHECK(strstr(text.data, "one:25\n") != NULL || strstr(text.data, "-> one: 25 smtp") != NULL,
		"a circle is drawn");
	map_layout(&path, &layout);
	CHECK(faults_of(&layout) == 0, "nothing is on top of another");
	buffer_free(&text);
	arena_free(&arena);
	arena_init(&arena);
	path_init(&path, &arena);
	read_one(&path, "debian13", "one", one);
	read_one(&path, "debian13", "two", two);
	path_join(&path);
	buffer_clear(&text);
	map_text(&path, &text);
	CHECK(strstr(text.data, "nothing of one listens at port 2525") != NULL &&
			strstr(text.data, "-> one:2525  !! compose-partner-closed") != NULL,
		"a port that nobody has is told");
	buffer_free(&text);
	arena_free(&arena);
}

/* texts that would break a picture come out as what they are */
static void
test_escapes(void)
{
	struct buffer text = {0}, again = {0};
	struct arena arena;
	struct path path;
	size_t host, box, far;

	arena_init(&arena);
	path_init(&path, &arena);
	host = path_add_host(&path, "a\"b<c>&d", "");
	box = path_box(&path, PATH_LISTENER, host, "x", "<script>\"#`*\\");
	far = path_box(&path, PATH_PARTNER, PATH_OUTSIDE, "y",
		"wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww\x01");
	path_fact(&path, box, "%s", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e");
	path_edge(&path, box, far, PATH_MAIL, "open-relay");
	path_trouble(&path, host, "open-relay");
	path_trouble(&path, host, "tls-missing");
	CHECK(path.trouble_count == 1, "what an edge shows is not told twice");
	map_svg(&path, &text);
	CHECK(strstr(text.data, "&lt;script&gt;&quot;#") != NULL, "SVG: text is no markup");
	CHECK(strstr(text.data, "<script") == NULL && strchr(text.data, 1) == NULL,
		"and what XML cannot hold is not in it");
	CHECK(strstr(text.data, "tls-missing") != NULL, "an error without a place stands below");
	map_svg(&path, &again);
	CHECK_TEXT(again.data, text.data, "the same path gives the same bytes");
	buffer_clear(&text);
	map_mermaid(&path, &text);
	CHECK_TEXT(text.data,
		"flowchart TB\n"
		"  b1([\"wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww?"
		"\"])\n"
		"  subgraph h0[\"a#quot;b#lt;c#gt;#amp;d<br/>! tls-missing\"]\n"
		"  "
		"b0[\"#lt;script#gt;#quot;#35;#96;#42;#92;<br/>\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"
		"\"]\n"
		"  end\n"
		"  b0 -->|\"! open-relay\"| b1\n"
		"  classDef wrong stroke:#c62828,stroke-width:2px,color:#c62828\n",
		"Mermaid: what would end a label is an entity");
	buffer_free(&text);
	buffer_free(&again);
	arena_free(&arena);
}

/* a socket of OpenDKIM that is none is an error of the file, and no end of the drawing */
static void
test_odd_socket(void)
{
	static const char *const variables[] = {"OPENDKIM_Socket=inet", NULL};
	struct buffer text = {0};
	struct arena arena;
	struct path path;

	arena_init(&arena);
	path_init(&path, &arena);
	read_one(&path, "debian13", "one", variables);
	map_text(&path, &text);
	CHECK(strstr(text.data, "OpenDKIM") != NULL, "it is drawn");
	buffer_free(&text);
	arena_free(&arena);
}

/* what a terminal or a reader of XML would stumble over */
static void
test_controls(void)
{
	struct buffer text = {0};
	struct arena arena;
	struct path path;
	size_t box;

	arena_init(&arena);
	path_init(&path, &arena);
	box = path_box(
		&path, PATH_QUEUE, path_add_host(&path, "a\x1b[31m\nb", "c\x1b"), "k", "d\x1b");
	path_fact(&path, box, "%s", "e\x1b\xff \xef\xbf\xbf \xc3\xa9");
	map_text(&path, &text);
	CHECK(strchr(text.data, '\x1b') == NULL, "no escape reaches a terminal");
	CHECK(strstr(text.data, "\na?[31m?b: c?\n") != NULL, "a name is on one line");
	buffer_clear(&text);
	map_svg(&path, &text);
	CHECK(strstr(text.data, "e?? ??? \xc3\xa9") != NULL, "SVG: what is no character of XML");
	buffer_free(&text);
	arena_free(&arena);
}

int
main(void)
{
	test_roles();
	test_odd();
	test_places();
	test_join();
	test_circle();
	test_escapes();
	test_odd_socket();
	test_controls();
	DONE();
}
