/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records: the laws of their runs, and every kernel against scalar. Each text is counted by the
 * scalar kernel as a whole, by the oracle of model_records.h, and in pieces cut anywhere and merged
 * in any association; all must agree, the pieces in every field.
 *
 * UNIT_SEED, UNIT_TEXTS, UNIT_EXHAUSTIVE (longest string) change what is tried.
 */
#include "base/base.h"
#include "count/recorder.h"
#include "kernelcheck.h"
#include "model_records.h"
#include "nasty.h"
#include "unit.h"

#include <string.h>

enum { EXHAUSTIVE = 6, TEXT_MAX = 300, TEXTS = 30000, PIECES_MAX = 12 };

static const struct record_kind csv = {RECORDS_QUOTED, ','}, lines = {RECORDS_SEPARATED, '\n'},
				prefixed = {RECORDS_PREFIXED, '>'};

static struct record_run scan(struct record_kind kind, const unsigned char *p, size_t n)
{
	struct record_run run;

	records_scalar.scan(&run, kind, p, n);
	return run;
}

static struct record_run joined(struct record_run left, const struct record_run *right)
{
	record_run_merge(&left, right);
	return left;
}

static bool same_counts(struct record_counts a, struct record_counts b)
{
	return a.records == b.records && a.strays == b.strays && a.stray_at == b.stray_at &&
	       a.unclosed == b.unclosed && a.utf16 == b.utf16;
}

static void print_counts(const char *what, struct record_counts c)
{
	fprintf(stderr, "%s: records %ju strays %ju, first at %ju, unclosed %ju, UTF-16 %d\n", what,
	        (uintmax_t)c.records, (uintmax_t)c.strays, (uintmax_t)c.stray_at,
	        (uintmax_t)c.unclosed, c.utf16);
}

static void check_model(struct record_kind kind, const unsigned char *p, size_t n,
                        const struct record_run *whole)
{
	struct record_counts want = model_records(kind, p, n), got = record_run_finish(whole);

	if (same_counts(want, got) && record_run_is_sound(whole))
		return;
	nasty_print("records", p, n);
	print_counts("oracle", want);
	print_counts("scalar", got);
	fail();
}

static void check_pieces(const unsigned char *p, size_t n, const struct record_run *whole,
                         const struct record_run *merged, const char *how)
{
	if (record_run_same(whole, merged))
		return;
	nasty_print("records", p, n);
	fprintf(stderr, "pieces: %s\n", how);
	print_counts("whole ", record_run_finish(whole));
	print_counts("merged", record_run_finish(merged));
	fail();
}

/* ---- all short strings ---- */

static void check_cuts(struct record_kind kind, const unsigned char *p, size_t n,
                       const struct record_run *whole)
{
	char how[64];

	for (size_t i = 0; i <= n; i++)
		for (size_t j = i; j <= n; j++) {
			struct record_run a = scan(kind, p, i), b = scan(kind, p + i, j - i),
					  c = scan(kind, p + j, n - j);
			struct record_run bc = joined(b, &c), left = joined(joined(a, &b), &c),
					  right = joined(a, &bc);
			snprintf(how, sizeof how, "cut at %zu and %zu", i, j);
			check_pieces(p, n, whole, &left, how);
			check_pieces(p, n, whole, &right, how);
		}
}

/*
 * All ways to cut the text, each merged in all associations: the run of p[i..j) is either that of
 * the kernel, or of two parts, each of which is any. It is enough that all of these are the same
 * for each i and j.
 */
static void check_associations(struct record_kind kind, const unsigned char *p, size_t n)
{
	for (size_t length = 2; length <= n; length++)
		for (size_t i = 0; i + length <= n; i++) {
			struct record_run whole = scan(kind, p + i, length);
			for (size_t k = 1; k < length; k++) {
				struct record_run a = scan(kind, p + i, k),
						  b = scan(kind, p + i + k, length - k);
				record_run_merge(&a, &b);
				check_pieces(p + i, length, &whole, &a, "an inner part");
			}
		}
}

static unsigned long try_all_strings(struct record_kind kind, const char *alphabet, size_t letters,
                                     size_t n)
{
	unsigned char text[8];
	size_t digit[8] = {0};
	unsigned long strings = 0;

	assert_true(n < ARRAY_LEN(digit));
	for (;;) {
		for (size_t i = 0; i < n; i++)
			text[i] = (unsigned char)alphabet[digit[i]];
		struct record_run whole = scan(kind, text, n);
		check_model(kind, text, n, &whole);
		check_cuts(kind, text, n, &whole);
		check_associations(kind, text, n);
		strings++;
		size_t i = 0;
		while (i < n && ++digit[i] == letters)
			digit[i++] = 0;
		if (i == n)
			return strings;
	}
}

static void all_strings(struct record_kind kind, const char *alphabet, size_t letters,
                        size_t longest)
{
	unsigned long strings = 0;

	for (size_t n = 0; n <= longest; n++)
		strings += try_all_strings(kind, alphabet, letters, n);
	printf("all %lu strings of up to %zu out of %zu bytes\n", strings, longest, letters);
}

static void all_short_strings(void **state UNUSED)
{
	size_t longest = unit_number("UNIT_EXHAUSTIVE", EXHAUSTIVE);

	all_strings(csv, "\",\r\nx", 5, longest);
	all_strings(csv, "\"\n\xEF\xBB\xBF", 5, longest);
	all_strings(csv, "\"\xFE\xFFx", 4, 4);
	all_strings(lines, "\nx", 2, longest);
	all_strings((struct record_kind){RECORDS_SEPARATED, '\0'}, "\0\n", 2, longest);
	all_strings(prefixed, "\n>x", 3, longest);
}

/* ---- random texts ---- */

/* Fields, quotes and line ends, mostly as they should be. */
static size_t make_csv(uint64_t *rng, unsigned char *text, size_t max)
{
	static const char *const pieces[] = {"a",  "word", ",",    ",\"",          "\",",  "\"\"",
	                                     "\n", "\r\n", "\"\n", "\"\r\n",       "\n\"", "\"",
	                                     "\r", ">",    "\v",   "\xEF\xBB\xBF", "\t"};
	size_t n = 0, wanted = unit_below(rng, max + 1);

	while (n < wanted) {
		const char *piece = pieces[unit_below(rng, ARRAY_LEN(pieces))];
		size_t length = strlen(piece);
		if (n + length > max)
			break;
		memcpy(text + n, piece, length);
		n += length;
	}
	return n;
}

static void check_random_cuts(struct record_kind kind, uint64_t *rng, const unsigned char *p,
                              size_t n, const struct record_run *whole)
{
	struct record_run piece[PIECES_MAX];
	size_t cut[PIECES_MAX + 1], pieces = unit_cuts(rng, n, cut, PIECES_MAX);
	char how[PIECES_MAX * 16] = "";

	for (size_t i = 0; i < pieces; i++) {
		piece[i] = scan(kind, p + cut[i], cut[i + 1] - cut[i]);
		snprintf(how + strlen(how), sizeof how - strlen(how), "%zu ", cut[i + 1]);
	}
	for (; pieces > 1; pieces--) {
		size_t i = unit_below(rng, pieces - 1);
		record_run_merge(&piece[i], &piece[i + 1]);
		memmove(&piece[i + 1], &piece[i + 2], (pieces - i - 2) * sizeof piece[0]);
	}
	check_pieces(p, n, whole, &piece[0], how);
}

static void random_texts(void **state UNUSED)
{
	static const struct record_kind kinds[] = {
		{RECORDS_QUOTED, ','},     {RECORDS_QUOTED, '\t'},   {RECORDS_QUOTED, '\v'},
		{RECORDS_SEPARATED, '\n'}, {RECORDS_SEPARATED, 'a'}, {RECORDS_PREFIXED, '>'},
	};
	uint64_t rng = unit_number("UNIT_SEED", 0x7265636F726473);
	unsigned long texts = unit_number("UNIT_TEXTS", TEXTS);
	unsigned char text[TEXT_MAX];

	printf("%lu random texts, seed %#jx\n", texts, (uintmax_t)rng);
	for (unsigned long i = 0; i < texts; i++) {
		struct record_kind kind = kinds[i % ARRAY_LEN(kinds)];
		size_t n = make_csv(&rng, text, i % 4 == 0 ? TEXT_MAX : 24);
		struct record_run whole = scan(kind, text, n);
		check_model(kind, text, n, &whole);
		check_random_cuts(kind, &rng, text, n, &whole);
	}
}

/* ---- kernels ---- */

static void kernels_agree(void **state UNUSED)
{
	uint64_t rng = unit_number("UNIT_SEED", 0x7265636F726473);
	struct check_random r = {.state = rng};
	static unsigned char text[16384];

	check_init();
	for (size_t n = 0; n <= TEXT_MAX; n++)
		for (unsigned i = 0; i < 20; i++) {
			size_t made = make_csv(&rng, text, n);
			memset(text + made, i % 2 ? 'x' : '"', n - made);
			struct check_way way = check_make_way(&r, n);
			way.at_front = i % 2;
			assert_int_equal(check_records(text, n, &way), 0);
		}
	for (unsigned i = 0; i < 2000; i++) {
		size_t n = make_csv(&rng, text, sizeof text);
		struct check_way way = check_make_way(&r, n);
		assert_int_equal(check_records(text, n, &way), 0);
	}
}

/* A fault at every offset from `least` to `most`, in a text that ends soon after it. */
static void check_faults(size_t least, size_t most)
{
	static const char *const faults[] = {"\"a", "a\"b", "\"\rx", "\"\r\"", "\"\r\n", "\"\"\"x"};
	static unsigned char text[5000];
	struct check_way way = {0};

	for (size_t i = 0; i < ARRAY_LEN(faults); i++)
		for (size_t at = least; at <= most; at++)
			for (unsigned quoted = 0; quoted < 2; quoted++) {
				memset(text, ',', sizeof text);
				text[0] = quoted ? '"' : ',';
				memcpy(text + at, faults[i], strlen(faults[i]));
				for (size_t n = at; n < at + 8; n++)
					assert_int_equal(check_records(text, n, &way), 0);
			}
}

/* Stray quotes that show only in the next block, or in the next batch of blocks. */
static void faults_at_borders_of_blocks(void **state UNUSED)
{
	check_init();
	check_faults(1, 140);
	check_faults(2030, 2060);
	check_faults(4080, 4104);
}

static void a_run_that_no_text_has_is_unsound(void **state UNUSED)
{
	const unsigned char text[] = "\"a\"x\"\n\"b,c\"\nd";
	struct record_run good = scan(csv, text, sizeof text - 1);

	for (int how = 0; how < 14; how++) {
		struct record_run run = good;
		switch (how) {
		case 0:
			run.bytes = 0;
			break;
		case 1:
			run.bytes = TALLY_BYTES_MOST + 1;
			break;
		case 2:
			run.ends[1] = run.bytes + 1;
			break;
		case 3:
			run.strays[0] = run.bytes + 1;
			break;
		case 4:
			run.stray_at[0] = run.bytes;
			break;
		case 5:
			run.form = RECORDS_SEPARATED;
			break;
		case 6:
			run.form = RECORDS_NONE;
			break;
		case 7:
			run.form = RECORD_FORMS;
			break;
		case 8:
			memset(&run.odd, 2, 1);
			break;
		case 9:
			run.head[5] = RECORD_CLASSES;
			break;
		case 10:
			run.tail[0] = RECORD_PREFIX;
			break;
		case 11:
			run.bytes = 6; /* of which head and tail say different things */
			break;
		case 12:
			run.bytes = 1;
			break;
		case 13:
			run = (struct record_run){.stray_at = {1}};
			break;
		}
		assert_false(record_run_is_sound(&run));
	}
	assert_true(record_run_is_sound(&good));
	assert_true(record_run_is_sound(&(struct record_run){0}));
}

/* ---- kinds ---- */

static void kinds_are_read_and_written(void **state UNUSED)
{
	static const struct {
		const char *text, *written;
		enum record_form form;
		unsigned char byte;
	} good[] = {
		{"lines", "lines", RECORDS_SEPARATED, '\n'},
		{"nul", "nul", RECORDS_SEPARATED, 0},
		{"sep=\\n", "lines", RECORDS_SEPARATED, '\n'},
		{"sep=\\0", "nul", RECORDS_SEPARATED, 0},
		{"sep=;", "sep=0x3b", RECORDS_SEPARATED, ';'},
		{"sep==", "sep=0x3d", RECORDS_SEPARATED, '='},
		{"sep=\\", "sep=0x5c", RECORDS_SEPARATED, '\\'},
		{"sep=\\\\", "sep=0x5c", RECORDS_SEPARATED, '\\'},
		{"sep=0", "sep=0x30", RECORDS_SEPARATED, '0'},
		{"sep=\\036", "sep=0x1e", RECORDS_SEPARATED, 0x1E},
		{"sep=0x1e", "sep=0x1e", RECORDS_SEPARATED, 0x1E},
		{"sep=\\x1E", "sep=0x1e", RECORDS_SEPARATED, 0x1E},
		{"sep=\\377", "sep=0xff", RECORDS_SEPARATED, 0xFF},
		{"sep=\"", "sep=0x22", RECORDS_SEPARATED, '"'},
		{"csv", "csv", RECORDS_QUOTED, ','},
		{"tsv", "tsv", RECORDS_QUOTED, '\t'},
		{"csv,delim=\\t", "tsv", RECORDS_QUOTED, '\t'},
		{"csv,delim=;", "csv,delim=0x3b", RECORDS_QUOTED, ';'},
		{"prefix=>", "prefix=0x3e", RECORDS_PREFIXED, '>'},
	};
	struct record_kind kind, again;
	char text[RECORD_KIND_MAX];

	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_int_equal(record_kind_parse(good[i].text, &kind), RECORD_KIND_OK);
		assert_true(kind.form == good[i].form && kind.byte == good[i].byte);
		record_kind_text(kind, text);
		assert_string_equal(text, good[i].written);
		assert_int_equal(record_kind_parse(text, &again), RECORD_KIND_OK);
		assert_true(record_kind_same(kind, again));
	}
	record_kind_text((struct record_kind){0}, text);
	assert_string_equal(text, "");
}

static void what_is_no_kind_is_refused(void **state UNUSED)
{
	static const struct {
		const char *text;
		enum record_kind_status status;
	} bad[] = {
		{"", RECORD_KIND_UNKNOWN},
		{"foo", RECORD_KIND_UNKNOWN},
		{"line", RECORD_KIND_UNKNOWN},
		{"csv,", RECORD_KIND_UNKNOWN},
		{"csv,quote='", RECORD_KIND_UNKNOWN},
		{"sep", RECORD_KIND_UNKNOWN},
		{"sep=", RECORD_KIND_SEPARATOR},
		{"sep=ab", RECORD_KIND_SEPARATOR},
		{"sep=\\400", RECORD_KIND_SEPARATOR},
		{"sep=\\8", RECORD_KIND_SEPARATOR},
		{"sep=0x", RECORD_KIND_SEPARATOR},
		{"sep=0x100", RECORD_KIND_SEPARATOR},
		{"sep=0xg", RECORD_KIND_SEPARATOR},
		{"sep=\\x", RECORD_KIND_SEPARATOR},
		{"sep=\\q", RECORD_KIND_SEPARATOR},
		{"sep=\303\244", RECORD_KIND_SEPARATOR},
		{"csv,delim=", RECORD_KIND_DELIMITER},
		{"csv,delim=\"", RECORD_KIND_DELIMITER},
		{"csv,delim=\\n", RECORD_KIND_DELIMITER},
		{"csv,delim=\\r", RECORD_KIND_DELIMITER},
		{"csv,delim=::", RECORD_KIND_DELIMITER},
		{"prefix=", RECORD_KIND_PREFIX},
		{"prefix=\\n", RECORD_KIND_PREFIX},
		{"prefix=>>", RECORD_KIND_PREFIX},
	};
	struct record_kind kind;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(record_kind_parse(bad[i].text, &kind), bad[i].status);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_are_read_and_written),
		cmocka_unit_test(what_is_no_kind_is_refused),
		cmocka_unit_test(all_short_strings),
		cmocka_unit_test(random_texts),
		cmocka_unit_test(kernels_agree),
		cmocka_unit_test(faults_at_borders_of_blocks),
		cmocka_unit_test(a_run_that_no_text_has_is_unsound),
	};

	return unit_run(tests);
}
