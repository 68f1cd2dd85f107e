/*
 * test_queue.c - what postqueue says: JSON read strictly, reasons folded, sums
 */
#include <stdlib.h>

#include "base/json_read.h"
#include "command/queue_print.h"
#include "command/queue_sum.h"
#include "unit.h"

static struct arena arena;

static struct node *
json(const char *text)
{
	const char *why;
	size_t at;

	return json_read(&arena, text, strlen(text), &why, &at);
}

static void
json_is_read(void)
{
	struct node *node = json(" {\"a\": [1, -2.5e+3, \"x\\u00e9\\ud83d\\ude00\\n\\/\"], \"b\": "
				 "{\"c\": true, \"d\": null}, \"\": 0}\n");

	CHECK(node != NULL && node->type == NODE_MAP && node->count == 3, "an object");
	CHECK_TEXT(node_get(node, "a")->items[1]->text, "-2.5e+3", "a number keeps its text");
	CHECK_TEXT(node_get(node, "a")->items[2]->text, "x\xc3\xa9\xf0\x9f\x98\x80\n/", "escapes");
	CHECK(node_get(node, "a")->items[2]->quoted && !node_get(node, "a")->items[0]->quoted,
		"strings and numbers are told apart");
	CHECK(node_true(node, "b.c") && node_at(node, "b.d")->type == NODE_NULL, "words");
}

static void
json_is_strict(void)
{
	static const char *const bad[] = {"", " ", "{", "[1,]", "[1 2]", "{\"a\":1,}", "{a:1}",
		"{\"a\" 1}", "{\"a\":1 \"b\":2}", "{\"a\":1,\"a\":2}", "'a'", "\"a", "\"\\x\"",
		"\"\\u12g4\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"",
		"\"a\nb\"", "01", "1.", "-", "1e", "+1", ".5", "nul", "truex", "1 2", "{} x",
		"\"\\", "\"\\u", "\"\\u00", "NaN", "/**/1"};
	char deep[2 * (JSON_DEPTH + 1) + 1] = "";

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(json(bad[i]) == NULL, "no JSON: %s", i == 18 ? "a line break" : bad[i]);
	for (int i = 0; i <= JSON_DEPTH; i++)
		strcat(deep, "[");
	for (int i = 0; i <= JSON_DEPTH; i++)
		strcat(deep, "]");
	CHECK(json(deep) == NULL, "too deep");
	deep[strlen(deep) - 1] = '\0';
	CHECK(json(deep + 1) != NULL, "deep, but not too deep");
}

static const char *
folded(const char *reason)
{
	static struct buffer out;

	buffer_clear(&out);
	queue_fold(reason, &out);
	return buffer_text(&out);
}

static void
equal_causes_are_one(void)
{
	static const struct {
		const char *name, *reason, *folded;
	} cases[] = {
		{"an address and a port",
			"connect to mx.late.test[192.0.2.7]:25: Connection refused",
			"connect to mx.late.test[#]:#: Connection refused"},
		{"IPv6", "connect to mx2.late.test[2001:db8::7]:25: Network is unreachable",
			"connect to mx#.late.test[#]:#: Network is unreachable"},
		{"codes stay, seconds do not",
			"host mx.late.test[192.0.2.7] said: 451 4.7.1 Greylisted, try again in 299 "
			"seconds (in reply to RCPT TO command)",
			"host mx.late.test[#] said: 451 4.7.1 Greylisted, try again in # seconds "
			"(in reply to RCPT TO command)"},
		{"a code in front", "450 4.2.0 busy", "450 4.2.0 busy"},
		{"an address of mail", "said: 450 4.1.1 <john.doe+7@late.test>: unknown",
			"said: 450 4.1.1 <*@late.test>: unknown"},
		{"a queue id", "said: 452 4.3.1 4jXTGf1Bl1z8hJT not now",
			"said: 452 4.3.1 # not now"},
		{"a Google id", "try later a640c23a62f3a-b76e2a1b2c3 - gsmtp",
			"try later #-# - gsmtp"},
		{"a version that is no code", "Exim 4.96.1.2 says no", "Exim #.#.#.# says no"},
		{"a server that is left alone for a while",
			"delivery temporarily suspended: lost connection", "lost connection"},
		{"a sentence without numbers", "lost connection", "lost connection"},
		{"nothing", "", ""},
		{"brackets that hold something else", "[a b] [] [x", "[a b] [] [x"},
		{"an @ alone", "@ x @", "@ x @"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_TEXT(folded(cases[i].reason), cases[i].folded, "folded: %s", cases[i].name);
}

static void
counting(void)
{
	struct tally tally = {.arena = &arena};
	char text[16];

	for (int i = 0; i < TALLY_MAX + 5; i++) {
		snprintf(text, sizeof(text), "t%d", i);
		tally_add(&tally, text);
	}
	tally_add(&tally, "t7");
	tally_add(&tally, "t9");
	tally_add(&tally, "t9");
	tally_sort(&tally);
	CHECK(tally.count == TALLY_MAX && tally.rest == 5, "a bounded number of texts");
	CHECK_TEXT(tally.entries[0].text, "t9", "the most frequent first");
	CHECK_TEXT(tally.entries[1].text, "t7", "then the next");
	CHECK(tally.entries[0].count == 3 && tally.entries[2].count == 1, "each with its number");
}

static int
add(struct queue_sum *sum, const char *line)
{
	struct queue_message message;
	const char *why = NULL;

	if (queue_read(&arena, line, strlen(line), &message, &why) != 0)
		return why == NULL ? -2 : -1;
	queue_sum_add(sum, &message);
	return 0;
}

#define MESSAGE(queue, time, recipients) \
	"{\"queue_name\": \"" queue \
	"\", \"queue_id\": \"4jXV4N2Cg4z90yx\", \"arrival_time\": " time \
	", \"message_size\": 100, \"forced_expire\": false, \"sender\": \"a@b\", \"recipients\": " \
	"[" recipients "]}"

static void
sums(void)
{
	struct queue_sum sum;
	struct buffer out = {0};

	queue_sum_init(&sum, &arena);
	CHECK(add(&sum,
		      MESSAGE("deferred", "1795353476",
			      "{\"address\": \"a@Late.test\", \"delay_reason\": \"connect to "
			      "x[192.0.2.1]:25: \\u001b[31mno\"}")) == 0 &&
			add(&sum,
				MESSAGE("deferred", "1795353400",
					"{\"address\": \"\\\"@\\\"@late.test\", \"delay_reason\": "
					"\"connect to x[192.0.2.9]:25: \\u001b[31mno\"}, "
					"{\"address\": \"c@other.test\"}")) == 0 &&
			add(&sum, MESSAGE("hold", "0", "")) == 0,
		"messages as postqueue has them");
	queue_print_text(&sum, 1795353500, &out);
	CHECK_TEXT(buffer_text(&out),
		"QUEUE      MESSAGES        BYTES  OLDEST\n"
		"maildrop          0            0  -\n"
		"incoming          0            0  -\n"
		"active            0            0  -\n"
		"deferred          2          200  1 min 40 s\n"
		"hold              1          100  20779 d 13 h\n"
		"corrupt           0            0  -\n"
		"all               3          300  20779 d 13 h\n"
		"\nWhy recipients wait (# stands for numbers and ids):\n"
		"       2  connect to x[#]:#: \\x1b[#mno\n"
		"\nRecipients by domain:\n"
		"       2  late.test\n"
		"       1  other.test\n",
		"for people, and nothing of it tells the terminal anything");
	buffer_clear(&out);
	sum.down = true;
	queue_print_json(&sum, &out);
	CHECK(json(buffer_text(&out)) != NULL, "for programs: JSON");
	CHECK(strstr(buffer_text(&out), "{\"domain\": \"late.test\", \"recipients\": 2}") != NULL &&
			strstr(buffer_text(&out), "\"postfix\": \"down\"") != NULL &&
			strstr(buffer_text(&out), "\\u001b[#mno") != NULL,
		"with the same content");
	buffer_free(&out);
}

static void
what_postqueue_does_not_say(void)
{
	static const char *const bad[] = {"[]", "{}", MESSAGE("spam", "1", ""),
		MESSAGE("hold", "-1", ""), MESSAGE("hold", "\"1\"", ""),
		MESSAGE("hold", "99999999999999999999", ""), MESSAGE("hold", "253402300800", ""),
		MESSAGE("hold", "1.5", ""), MESSAGE("hold", "1", "{}"),
		MESSAGE("hold", "1", "\"a@b\""), MESSAGE("hold", "1", "{\"address\": 5}"),
		MESSAGE("hold", "1", "{\"address\": \"a\", \"delay_reason\": []}"),
		MESSAGE("hold", "1", "") " x"};
	struct queue_sum sum;

	queue_sum_init(&sum, &arena);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(add(&sum, bad[i]) == -1, "refused, with a reason: case %zu", i);
	CHECK(queue_is_id("4jXV4N2Cg4z90yx") && queue_is_id("1FB002204AB"), "ids");
	CHECK(!queue_is_id("ALL") && !queue_is_id("-d") && !queue_is_id("../../x") &&
			!queue_is_id("4jXV4N2Cg4z90yx*") && !queue_is_id(""),
		"what is none");
	CHECK(queue_address_in("\"@x.test\"@Y.test", "y.test") && !queue_address_in("a", "a") &&
			!queue_address_in("a@x.y.test", "y.test"),
		"the domain of an address");
}

static void
terminals_are_told_nothing(void)
{
	struct buffer out = {0};

	queue_print_safe("a\033[2J\r\n\177\xc2\x9b\xe2\x80\xae\xff\xc3\xa9\xe0\x80\x80", &out);
	CHECK_TEXT(buffer_text(&out),
		"a\\x1b[2J\\x0d\\x0a\\x7f\\xc2\\x9b\\xe2\\x80\\xae\\xff\xc3\xa9\\xe0\\x80\\x80",
		"controls, turned text and bytes that are no characters");
	buffer_free(&out);
}

int
main(void)
{
	arena_init(&arena);
	json_is_read();
	json_is_strict();
	equal_causes_are_one();
	counting();
	sums();
	what_postqueue_does_not_say();
	terminals_are_told_nothing();
	folded("");
	arena_free(&arena);
	DONE();
}
