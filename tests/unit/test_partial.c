/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Partials: any text, counted by any kernel in ranges cut anywhere, written and read as lines,
 * merged in any order by any tree of collections, comes to what the text comes to as a whole. And
 * lines that cannot be are not believed.
 *
 * UNIT_SEED, UNIT_TEXTS (a charset and set of counts) change what is tried.
 */
#include "base/base.h"
#include "count/recorder.h"
#include "model.h"
#include "nasty.h"
#include "partial/collection.h"
#include "partial/lines.h"
#include "unit.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 400, PIECES_MAX = 9, TEXTS = 100 };

static struct json *json;

static void have_json(void)
{
	if (!json && json_open(&json) != JSON_READY)
		unit_skip();
}

static void no_problem(void *arg UNUSED, const struct partial_problem *problem)
{
	fprintf(stderr, "problem %d\n", (int)problem->kind);
	fail();
}

static void count_problem(void *arg, const struct partial_problem *problem)
{
	unsigned *kinds = arg;

	kinds[problem->kind]++;
}

struct setting {
	struct charset cs;
	struct counter kernel[2]; /* the law, and what is chosen here */
	struct recorder recorder[2];
	struct partial_mode mode;
};

static unsigned needs_of(const struct setting *s, unsigned counts)
{
	return (counts & PARTIAL_LINES ? NEED_LINES : 0u) |
	       (counts & PARTIAL_WORDS ? NEED_WORDS : 0u) |
	       (counts & PARTIAL_CHARS && s->cs.class != CHARSET_SINGLE ? NEED_CHARS : 0u) |
	       (counts & PARTIAL_WIDTH ? NEED_WIDTH : 0u);
}

static void settle(struct setting *s, const char *locale, unsigned counts)
{
	if (!setlocale(LC_CTYPE, locale))
		unit_skip();
	charset_init(&s->cs, false);
	unsigned needs = needs_of(s, counts);
	assert_int_equal(counter_init(&s->kernel[0], &s->cs, needs, "scalar"), COUNTER_OK);
	assert_int_equal(counter_init(&s->kernel[1], &s->cs, needs, NULL), COUNTER_OK);
	struct record_kind kind = {RECORDS_NONE, 0};
	if (counts & PARTIAL_RECORDS) {
		bool quoted = counts % 2;
		kind = quoted ? (struct record_kind){RECORDS_QUOTED, ','}
		              : (struct record_kind){RECORDS_PREFIXED, 'a'};
		recorder_add(&s->recorder[0], &s->kernel[0], kind, "scalar");
		recorder_add(&s->recorder[1], &s->kernel[1], kind, NULL);
	}
	partial_mode_init(&s->mode, &s->cs, FORMAT_PLAIN, counts, kind);
}

static void unsettle(struct setting *s)
{
	counter_free(&s->kernel[0]);
	counter_free(&s->kernel[1]);
}

/* The range as a partial, after a journey as a line. */
static struct partial travelled(const struct setting *s, struct partial *p)
{
	struct partial read;
	char why[PARTIAL_WHY_MAX];

	partial_normalize(&s->mode, &p->tally);
	char *line = partial_line(json, p);
	assert_non_null(line);
	if (partial_read(json, line, strlen(line) - 1, &read, why) != 0) {
		fprintf(stderr, "%s: %s", why, line);
		fail();
	}
	assert_true(partial_tally_same(&read.tally, &p->tally));
	assert_true(partial_mode_same(&read.mode, &p->mode) &&
	            partial_file_same(&read.file, &p->file));
	assert_true(read.begin == p->begin && read.end == p->end && read.operand == p->operand);
	assert_true(!read.name == !p->name && (!p->name || strcmp(read.name, p->name) == 0));
	free(line);
	return read;
}

/* What a collection of these partials has come to, as partials: a combiner. */
static size_t combine(const struct setting *s, struct partial *p, size_t n, struct partial *out)
{
	struct collection *c = collection_new(no_problem, NULL);

	for (size_t i = 0; i < n; i++) {
		assert_true(collection_add(c, &p[i], (struct partial_place){.line = i + 1}) == 0);
		partial_free(&p[i]);
	}
	collection_finalize(c, &s->cs);
	assert_int_equal(collection_size(c), n > 0);
	struct partial_operand *operand = n > 0 ? collection_at(c, 0) : NULL;
	size_t made = operand ? operand->n_ranges : 0;
	for (size_t i = 0; i < made; i++) {
		struct partial merged = {.mode = s->mode,
		                         .name = operand->name,
		                         .operand = operand->number,
		                         .file = operand->file,
		                         .begin = operand->range[i].begin,
		                         .end = operand->range[i].end,
		                         .tally = operand->range[i].tally};
		out[i] = travelled(s, &merged);
	}
	collection_free(c);
	return made;
}

static void shuffle(uint64_t *rng, struct partial *p, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = unit_below(rng, i);
		struct partial swap = p[j];
		p[j] = p[i - 1];
		p[i - 1] = swap;
	}
}

static void try_text(struct setting *s, uint64_t *rng)
{
	unsigned char text[TEXT_MAX];
	struct partial p[2 * PIECES_MAX], out[2 * PIECES_MAX];
	size_t n = nasty_text(rng, text, unit_below(rng, 3) ? 30 : TEXT_MAX), pieces = 0, at = 0;
	struct tally whole = TALLY_EMPTY;

	s->kernel[0].count(&s->kernel[0], &whole, text, n);
	size_t wanted = 1 + unit_below(rng, PIECES_MAX - 1);
	for (size_t i = 0; i < wanted; i++) {
		size_t end = i + 1 == wanted ? n : at + unit_below(rng, n - at + 1);
		struct partial made = {.mode = s->mode,
		                       .name = (char[]){"\xFFname"},
		                       .operand = 1,
		                       .file = {.regular = true,
		                                .size = n,
		                                .mtime = "1.0",
		                                .ctime = "1.0",
		                                .device = "8:1",
		                                .inode = "18446744073709551615"},
		                       .begin = at,
		                       .end = end};
		struct counter *kernel = &s->kernel[unit_below(rng, 2)];
		kernel->count(kernel, &made.tally, text + at, end - at);
		for (size_t copies = 1 + (unit_below(rng, 5) == 0); copies > 0; copies--)
			p[pieces++] = travelled(s, &made);
		at = end;
	}
	/*
	 * Some are combined among themselves first, twice; a copy must not be parted from its like.
	 */
	bool copied = pieces > wanted;
	shuffle(rng, p, pieces);
	for (unsigned round = 0; round < 2 && !copied; round++) {
		size_t some = unit_below(rng, pieces + 1), made = combine(s, p, some, out);
		memmove(p + made, p + some, (pieces - some) * sizeof p[0]);
		memcpy(p, out, made * sizeof p[0]);
		pieces = pieces - some + made;
		shuffle(rng, p, pieces);
	}
	assert_int_equal(combine(s, p, pieces, out), 1);
	assert_true(out[0].begin == 0 && out[0].end == n);
	struct counts got = tally_finish(&s->cs, &out[0].tally);
	partial_normalize(&s->mode, &whole);
	struct counts want = tally_finish(&s->cs, &whole);
	if (!model_same_counts(want, got)) {
		nasty_print("partials", text, n);
		fail();
	}
	assert_true(partial_tally_same(&whole, &out[0].tally));
	partial_free(&out[0]);
}

static void try_texts(const char *locale)
{
	uint64_t rng = unit_number("UNIT_SEED", 0x7061727469616C);
	unsigned long texts = unit_number("UNIT_TEXTS", TEXTS), tried = 0;

	have_json();
	for (unsigned counts = 1; counts < 64; counts++) {
		struct setting s;
		settle(&s, locale, counts);
		for (unsigned long i = 0; i < texts; i++, tried++)
			try_text(&s, &rng);
		unsettle(&s);
	}
	printf("%s: %lu random texts\n", locale, tried);
}

static void random_texts_in_utf8(void **state UNUSED)
{
	try_texts("C.UTF-8");
}

static void random_texts_in_c(void **state UNUSED)
{
	try_texts("C");
}

/* ---- lines that cannot be ---- */

#define WAY                                                                                        \
	"\"pcount_partial\":2,\"pcount\":\"0.1.0\",\"charset\":\"UTF-8\",\"charset_class\":\"utf-" \
	"8\","                                                                                     \
	"\"posixly_correct\":false,\"decompress\":\"none\",\"counts\":[\"lines\",\"words\","       \
	"\"chars\","                                                                               \
	"\"bytes\",\"max_line_length\"],\"operand\":1,"
#define FILE_OF                                                                              \
	"\"name\":\"f\",\"size\":20,\"mtime\":\"1.2\",\"ctime\":\"1.3\",\"device\":\"8:1\"," \
	"\"inode\":\"5\","                                                                   \
	"\"format\":"                                                                        \
	"\"none\",\"origin\":0,\"begin\":4,\"end\":10,"
#define TALLY_OF                                                                                   \
	"\"tally\":{\"bytes\":6,\"lines\":1,\"words\":1,\"starts_word\":true,\"ends_word\":false," \
	"\"chars\":4,\"errors\":0,\"decided\":true,\"head\":\"80\",\"tail\":\"e2\",\"broken\":"    \
	"true,"                                                                                    \
	"\"first\":{\"before\":3,\"tab\":false,\"after\":0},\"max_width\":0,"                      \
	"\"last\":{\"before\":0,\"tab\":false,\"after\":0}}"

/* Each a change of a good line: `from` becomes `to`. */
static const struct {
	const char *from, *to, *why;
} changes[] = {
	{"{", "", "no JSON"},
	{"}}}", "}}", "no JSON"},
	{"\"pcount_partial\":2,", "", "not a partial count"},
	{"\"pcount_partial\":2", "\"pcount_partial\":1", "of format 1"},
	{"\"pcount_partial\":2", "\"pcount_partial\":3", "of format 3"},
	{"\"pcount_partial\":2", "\"pcount_partial\":-2", "not a partial count"},
	{"\"ctime\":\"1.3\",", "", "\"ctime\" is not a string"},
	{"\"bytes\":6", "\"bytes\":6,\"bytes\":6", "no JSON"},
	{"\"bytes\":6", "\"bytes\":7", "length of the range"},
	{"\"bytes\":6", "\"bytes\":-6", "\"bytes\" is not a number"},
	{"\"bytes\":6", "\"bytes\":6.0", "\"bytes\" is not a number"},
	{"\"bytes\":6", "\"bytes\":\"6\"", "\"bytes\" is not a number"},
	{"\"bytes\":6", "\"bytes\":18446744073709551616", "no JSON"},
	{"\"lines\":1", "\"lines\":9223372036854775808", "no JSON"},
	{"\"lines\":1", "\"lines\":7", "more characters"},
	{"\"lines\":1", "\"lines\":5", "more lines"},
	{"\"lines\":1,", "", "\"lines\" is not"},
	{"\"chars\":4", "\"chars\":9223372036854775807", "more characters"},
	{"\"chars\":4", "\"chars\":5", "more characters"},
	{"\"errors\":0", "\"errors\":9223372036854775807", "more characters"},
	{"\"words\":1", "\"words\":4", "too many words"},
	{"\"words\":1", "\"words\":0", "has none"},
	{"\"ends_word\":false", "\"ends_word\":0", "neither true nor false"},
	{"\"decided\":true", "\"decided\":false", "there is no text"},
	{"\"head\":\"80\"", "\"head\":\"80808080\"", "at most 3 bytes"},
	{"\"head\":\"80\"", "\"head\":\"8\"", "hexadecimal"},
	{"\"head\":\"80\"", "\"head\":\"8g\"", "hexadecimal"},
	{"\"head\":\"80\"", "\"head\":\"C0\"", "hexadecimal"},
	{"\"head\":\"80\"", "\"head\":\"c0\"", "continuation bytes"},
	{"\"tail\":\"e2\"", "\"tail\":\"80\"", "beginning of a character"},
	{"\"tail\":\"e2\"", "\"tail\":\"f09f98f0\"", "too long"},
	{"\"tail\":\"e2\"", "\"tail\":\"e28280\"", "beginning of a character"},
	{"\"tail\":\"e2\"", "\"tail\":\"eda0\"", "beginning of a character"},
	{"\"tail\":\"e2\"", "\"tail\":\"e2828080808080808080\"", "at most 7 bytes"},
	{"\"tail\":\"e2\"", "\"tail\":7", "not a string"},
	{"\"broken\":true", "\"broken\":false", "lines without an end"},
	{"\"before\":3", "\"before\":49", "too many columns"},
	{"\"before\":3", "\"before\":9223372036854775807", "too many columns"},
	{"\"max_width\":0", "\"max_width\":49", "too many columns"},
	{"false,\"after\":0},\"max", "false,\"after\":1},\"max", "too many columns"},
	{"\"first\":{", "\"first\":[],\"x\":{", "\"before\" is not a number"},
	{"\"begin\":4", "\"begin\":11", "ends before it begins"},
	{"\"end\":10", "\"end\":11", "length of the range"},
	{"\"size\":20", "\"size\":9", "ends after the end of the file"},
	{"\"size\":20,\"mtime\":\"1.2\"", "\"size\":20,\"mtime\":\"\"",
         "\"mtime\" is not a string of 1"},
	{"\"inode\":\"5\",", "", "\"inode\" is not a string"},
	{"\"origin\":0", "\"origin\":5", "ends before it begins"},
	{"\"format\":\"none\"", "\"format\":\"zip\"", "\"format\" is not a known format"},
	{"\"format\":\"none\"", "\"format\":\"zstd\"", "not selected by \"decompress\""},
	{"\"format\":\"none\"", "\"format\":\"auto\"", "not selected by \"decompress\""},
	{"\"decompress\":\"none\"", "\"decompress\":\"rar\"",
         "\"decompress\" is not a known format"},
	{"\"counts\":[\"lines\",", "\"counts\":[\"pages\",", "\"counts\" is not"},
	{"\"counts\":[\"lines\",", "\"counts\":[\"words\",", "\"counts\" is not"},
	{"\"counts\":[\"lines\",\"words\",\"chars\",\"bytes\",\"max_line_length\"]",
         "\"counts\":[]", "\"counts\" is not"},
	{"\"charset_class\":\"utf-8\"", "\"charset_class\":\"utf-16\"",
         "\"charset_class\" is not a known"},
	{"\"charset_class\":\"utf-8\"", "\"charset_class\":\"single-byte\"", "head is too long"},
	{"\"charset\":\"UTF-8\"", "\"charset\":\"\"", "\"charset\" is not a string of 1"},
	{"\"name\":\"f\"", "\"name\":\"\"", "not a file name"},
	{"\"name\":\"f\"", "\"name\":[]", "not a file name"},
	{"\"name\":\"f\"", "\"name\":\"a\\u0000b\"", "no JSON"},
	{"\"name\":\"f\"", "\"name_base64\":\"YQBi\"", "not a file name"},
	{"\"name\":\"f\"", "\"name_base64\":\"!\"", "not a file name"},
};

/* The text up to its last brace, with its checksum and that brace. */
static void seal(char *line, size_t room, const char *text)
{
	size_t n = strlen(text) - 1;
	char check[PARTIAL_CHECK_MAX];

	partial_check(text, n, check);
	snprintf(line, room, "%.*s,\"check\":\"%s\"}", (int)n, text, check);
}

/* A byte of a line that is changed, moved or lost is noticed. */
static void checksums(void **state UNUSED)
{
	static const char text[] = "{" WAY FILE_OF TALLY_OF "}";
	struct partial p;
	char why[PARTIAL_WHY_MAX], good[2048], line[2048 + 3], check[PARTIAL_CHECK_MAX];

	have_json();
	/* The value that RFC 1952's CRC-32 is known by. */
	partial_check("123456789", 9, check);
	assert_string_equal(check, "cbf43926");
	seal(good, sizeof good, text);
	size_t n = strlen(good);
	for (size_t i = 0; i < n; i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			memcpy(line, good, n + 1);
			line[i] = (char)(line[i] ^ 1 << bit);
			if (partial_read(json, line, n, &p, why) == 0)
				fail_msg("byte %zu is 0x%02x, and believed", i, line[i] & 0xFF);
		}
		snprintf(line, sizeof line, "%.*s%s", (int)i, good, good + i + 1);
		assert_true(partial_read(json, line, n - 1, &p, why) != 0);
	}
	assert_true(partial_read(json, text, strlen(text), &p, why) != 0);
	assert_string_equal(why, "no checksum at its end");
	snprintf(line, sizeof line, "%s \t\r", good);
	assert_true(partial_read(json, line, strlen(line), &p, why) == 0);
	partial_free(&p);
}

static void impossible_lines(void **state UNUSED)
{
	static const char text[] = "{" WAY FILE_OF TALLY_OF "}";
	struct partial p;
	char why[PARTIAL_WHY_MAX], good[2048], line[2048], changed[2048];

	have_json();
	seal(good, sizeof good, text);
	if (partial_read(json, good, strlen(good), &p, why) != 0)
		fail_msg("the good line: %s", why);
	partial_free(&p);
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		const char *at = strstr(text, changes[i].from);
		assert_non_null(at);
		snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, changes[i].to,
		         at + strlen(changes[i].from));
		seal(line, sizeof line, changed);
		if (partial_read(json, line, strlen(line), &p, why) == 0)
			fail_msg("%s is believed", changes[i].to);
		if (!strstr(why, changes[i].why))
			fail_msg("%s: %s", changes[i].to, why);
		assert_null(p.name);
	}
	/* Every beginning of it, too, and the line with any byte of it gone. */
	for (size_t n = 0; n + 1 < sizeof text; n++) {
		assert_true(partial_read(json, good, n, &p, why) != 0);
		snprintf(changed, sizeof changed, "%.*s%s", (int)n, text, text + n + 1);
		seal(line, sizeof line, changed);
		if (partial_read(json, line, strlen(line), &p, why) == 0)
			partial_free(&p);
		else
			assert_true(*why);
	}
}

/* ---- lines of a file ---- */

struct lines_row {
	enum lines_status status;
	size_t n;
};

/* Lines of up to the greatest length come whole, whatever the reads give; a longer one ends it. */
static void lines_of_a_file(void **state UNUSED)
{
	static const struct lines_row rows[] = {{LINES_ONE, 1},
	                                        {LINES_ONE, 0},
	                                        {LINES_ONE, LINES_LENGTH_MAX},
	                                        {LINES_ONE, 60000},
	                                        {LINES_ONE, LINES_LENGTH_MAX}};
	static const struct lines_row ends[] = {{LINES_END, 0},
	                                        {LINES_TORN, 1},
	                                        {LINES_TORN, LINES_LENGTH_MAX},
	                                        {LINES_TOO_LONG, LINES_LENGTH_MAX + 1},
	                                        {LINES_TOO_LONG, 10 * LINES_LENGTH_MAX}};

	for (size_t e = 0; e < ARRAY_LEN(ends); e++) {
		FILE *file = tmpfile();
		assert_non_null(file);
		for (size_t i = 0; i < ARRAY_LEN(rows); i++)
			fprintf(file, "%*s\n", (int)rows[i].n, "");
		fprintf(file, "%*s", (int)ends[e].n, "");
		rewind(file);
		struct lines *lines = lines_open(fileno(file));
		const char *line;
		size_t n;
		uint64_t at = 0;
		for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
			assert_int_equal(lines_next(lines, &line, &n), LINES_ONE);
			assert_int_equal(n, rows[i].n);
			assert_int_equal(lines_number(lines), i + 1);
			assert_int_equal(lines_begin(lines), at);
			at += n + 1;
		}
		assert_int_equal(lines_next(lines, &line, &n), ends[e].status);
		assert_int_equal(lines_begin(lines), at);
		assert_true(ends[e].status != LINES_TORN || n == ends[e].n);
		lines_close(lines);
		fclose(file);
	}
}

/* ---- what does not fit ---- */

static struct partial part(uint64_t begin, uint64_t end, uint64_t lines)
{
	static char name[] = "f";
	struct partial p = {.operand = 1,
	                    .name = name,
	                    .begin = begin,
	                    .end = end,
	                    .file = {.regular = true,
	                             .size = 100,
	                             .mtime = "1.0",
	                             .ctime = "1.0",
	                             .device = "1:1",
	                             .inode = "1"},
	                    .mode = {.counts = PARTIAL_LINES, .program = "1", .charset = "C"},
	                    .tally = {.bytes = end - begin, .lines = lines}};
	return p;
}

static void problems(void **state UNUSED)
{
	unsigned kinds[PARTIAL_TOO_LARGE + 1] = {0};
	struct collection *c = collection_new(count_problem, kinds);
	struct charset cs = {.class = CHARSET_SINGLE};
	struct partial p[] = {part(10, 20, 1), part(0, 10, 2),   part(20, 30, 1),
	                      part(20, 30, 1), part(50, 100, 4), part(60, 60, 0)};
	uint64_t begin, end;

	for (size_t i = 0; i < ARRAY_LEN(p); i++)
		assert_true(collection_add(c, &p[i], (struct partial_place){.line = i + 1}) == 0);
	collection_finalize(c, &cs);
	struct partial_operand *operand = collection_at(c, 0);
	assert_int_equal(operand->n_ranges, 2);
	assert_int_equal(operand->range[0].tally.lines, 4);
	assert_true(partial_gap(operand, 0, &begin, &end) && begin == 30 && end == 50);
	assert_false(partial_gap(operand, end, &begin, &end));
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		assert_int_equal(kinds[i], 0);
	collection_free(c);

	c = collection_new(count_problem, kinds);
	struct partial contradiction = part(0, 10, 3), overlap = part(15, 25, 1),
		       other = part(30, 40, 1), mode = part(40, 50, 1), contained = part(55, 60, 1);
	other.file.size = 101;
	mode.mode.posixly_correct = true;
	for (size_t i = 0; i < ARRAY_LEN(p); i++)
		assert_true(collection_add(c, &p[i], (struct partial_place){.line = i + 1}) == 0);
	assert_true(collection_add(c, &contradiction,
	                           (struct partial_place){.source = 1, .line = 1}) == 0);
	assert_true(collection_add(c, &overlap, (struct partial_place){.source = 1, .line = 2}) ==
	            0);
	assert_true(collection_add(c, &other, (struct partial_place){.source = 1, .line = 3}) == 0);
	assert_true(collection_add(c, &mode, (struct partial_place){.source = 1, .line = 4}) == 0);
	assert_true(collection_add(c, &contained, (struct partial_place){.source = 1, .line = 5}) ==
	            0);
	collection_finalize(c, &cs);
	assert_true(collection_at(c, 0)->broken);
	assert_int_equal(kinds[PARTIAL_CONTRADICTION], 1);
	assert_int_equal(kinds[PARTIAL_OVERLAP], 3); /* 15 to 25 with both its neighbours */
	assert_int_equal(kinds[PARTIAL_OTHER_FILE], 1);
	assert_int_equal(kinds[PARTIAL_OTHER_MODE], 1);
	collection_free(c);
}

static void order_of_operands(void **state UNUSED)
{
	unsigned kinds[PARTIAL_TOO_LARGE + 1] = {0};
	struct charset cs = {.class = CHARSET_SINGLE};
	char name[8];

	for (unsigned distinct = 0; distinct < 2; distinct++) {
		struct collection *c = collection_new(count_problem, kinds);
		for (unsigned i = 0; i < 200; i++) {
			struct partial p = part(0, 100, i);
			snprintf(name, sizeof name, "f%u", i);
			p.name = name;
			p.operand = distinct ? 1 + (i * 77) % 200 : 1 + i % 100;
			assert_true(collection_add(c, &p, (struct partial_place){.line = i + 1}) ==
			            0);
		}
		collection_finalize(c, &cs);
		assert_int_equal(collection_size(c), 200);
		for (unsigned i = 0; i < 200; i++) {
			if (distinct)
				assert_int_equal(collection_at(c, i)->number, i + 1);
			else
				assert_int_equal(collection_at(c, i)->place.line, i + 1);
		}
		collection_free(c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_texts_in_utf8),
		cmocka_unit_test(random_texts_in_c),
		cmocka_unit_test(checksums),
		cmocka_unit_test(lines_of_a_file),
		cmocka_unit_test(impossible_lines),
		cmocka_unit_test(problems),
		cmocka_unit_test(order_of_operands),
	};

	return unit_run(tests);
}
