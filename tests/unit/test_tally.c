/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The laws of the tally. Every text is counted three ways: by the scalar kernel over the whole, by
 * the oracle of model.h, and in pieces cut anywhere and merged in any order of association. All
 * must agree, the pieces in every field.
 *
 * UNIT_SEED, UNIT_TEXTS (a charset), UNIT_EXHAUSTIVE (longest string) change what is tried.
 */
#include "base/base.h"
#include "count/counter.h"
#include "model.h"
#include "nasty.h"
#include "unit.h"

#include <locale.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SLOW_BUILD 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
	__has_feature(undefined_behavior_sanitizer)
#define SLOW_BUILD 1
#endif
#endif
#ifndef SLOW_BUILD
#define SLOW_BUILD 0
#endif

enum {
	TEXT_MAX = 240,
	PIECES_MAX = 12,
	TEXTS = 60000,
	EXHAUSTIVE = SLOW_BUILD ? 5 : 6,
};

/* A charset, the model of it, and the kernel that is the law. */
struct setting {
	const char *name;
	const char *locale;
	bool posixly_correct;
	struct charset cs;
	struct counter counter;
	struct model model;
	unsigned char space[256], print[256];
};

static void settle(struct setting *s)
{
	assert_int_equal(counter_init(&s->counter, &s->cs, NEED_ALL, "scalar"), COUNTER_OK);
	assert_string_equal(s->counter.kernel, "scalar");
}

/* False: the machine does not have the locale. */
static bool set_locale(struct setting *s)
{
	if (!setlocale(LC_CTYPE, s->locale))
		return false;
	charset_init(&s->cs, s->posixly_correct);
	s->model.utf8 = s->cs.class == CHARSET_UTF8;
	s->model.no_break_spaces = !s->posixly_correct;
	for (int b = 0; b < 256; b++) { /* only asked in the C locale: WC-SPEC of white space there
		                         */
		s->space[b] = (b >= 9 && b <= 13) || b == 32 || (b == 0xA0 && !s->posixly_correct);
		s->print[b] = b >= 0x20 && b < 0x7F;
	}
	s->model.space = s->space;
	s->model.print = s->print;
	settle(s);
	return true;
}

/* A single-byte charset that no locale has: every byte above 7F is anything. */
static void make_charset(struct setting *s, uint64_t *rng)
{
	s->cs = (struct charset){.class = CHARSET_SINGLE};
	for (unsigned b = 0; b < 256; b++) {
		bool space = b < 0x80 ? (b >= 9 && b <= 13) || b == ' ' : unit_below(rng, 4) == 0;
		bool print = b < 0x80 ? b >= 0x20 && b < 0x7F : unit_below(rng, 2) == 0;
		s->cs.byte[b] =
			(unsigned char)((space ? BYTE_SPACE : 0) | (print ? BYTE_PRINT : 0));
		s->space[b] = space;
		s->print[b] = print;
	}
	s->model = (struct model){.space = s->space, .print = s->print};
	settle(s);
}

static struct tally scan(struct setting *s, const unsigned char *p, size_t n)
{
	struct tally t = TALLY_EMPTY;

	s->counter.count(&s->counter, &t, p, n);
	return t;
}

static struct tally joined(struct setting *s, const struct tally *a, const struct tally *b)
{
	struct tally t = *a;

	tally_merge(&s->cs, &t, b);
	return t;
}

static void print_counts(const char *what, struct counts c)
{
	fprintf(stderr, "%s: lines %ju words %ju chars %ju bytes %ju width %ju errors %ju\n", what,
	        (uintmax_t)c.lines, (uintmax_t)c.words, (uintmax_t)c.chars, (uintmax_t)c.bytes,
	        (uintmax_t)c.width, (uintmax_t)c.errors);
}

static void check_model(struct setting *s, const unsigned char *p, size_t n,
                        const struct tally *whole)
{
	struct counts want = model_count(&s->model, p, n);
	struct counts got = tally_finish(&s->cs, whole);

	if (model_same_counts(want, got))
		return;
	nasty_print(s->name, p, n);
	print_counts("oracle", want);
	print_counts("scalar", got);
	fail();
}

/* how, i, k: what the pieces are, and where they were cut, for the message. */
static void check_pieces(struct setting *s, const unsigned char *p, size_t n,
                         const struct tally *whole, const struct tally *merged, const char *how,
                         size_t i, size_t k)
{
	/* Tallies of the same bytes are finished in the same way: these are most. */
	if (memcmp(whole, merged, sizeof *whole) == 0)
		return;
	if (model_same_tally(whole, merged) &&
	    model_same_counts(tally_finish(&s->cs, whole), tally_finish(&s->cs, merged)))
		return;
	nasty_print(s->name, p, n);
	fprintf(stderr, "pieces: %s, %zu, %zu\n", how, i, k);
	print_counts("whole ", tally_finish(&s->cs, whole));
	print_counts("merged", tally_finish(&s->cs, merged));
	fail();
}

/* ---- random texts, random cuts, random association ---- */

/* Some are cut with empty pieces between; some pieces are counted in two calls of the kernel. */
static void check_random_cuts(struct setting *s, uint64_t *rng, const unsigned char *p, size_t n,
                              const struct tally *whole)
{
	struct tally piece[PIECES_MAX];
	size_t cut[PIECES_MAX + 1], pieces = unit_cuts(rng, n, cut, PIECES_MAX);
	char how[PIECES_MAX * 16] = "";

	for (size_t i = 0; i < pieces; i++) {
		size_t middle = cut[i] + unit_below(rng, cut[i + 1] - cut[i] + 1);
		piece[i] = scan(s, p + cut[i], middle - cut[i]);
		s->counter.count(&s->counter, &piece[i], p + middle, cut[i + 1] - middle);
		snprintf(how + strlen(how), sizeof how - strlen(how), "%zu ", cut[i + 1]);
	}
	while (pieces > 1) {
		size_t i = unit_below(rng, pieces - 1);
		tally_merge(&s->cs, &piece[i], &piece[i + 1]);
		memmove(&piece[i + 1], &piece[i + 2], (pieces - i - 2) * sizeof piece[0]);
		pieces--;
	}
	check_pieces(s, p, n, whole, &piece[0], how, 0, n);
}

static void try_random_texts(struct setting *s, uint64_t *rng, unsigned long texts)
{
	unsigned char text[TEXT_MAX];

	for (unsigned long i = 0; i < texts; i++) {
		/* Mostly short: each cut then matters more. */
		size_t n = nasty_text(rng, text, i % 4 == 0 ? TEXT_MAX : 24);
		struct tally whole = scan(s, text, n);
		check_model(s, text, n, &whole);
		check_random_cuts(s, rng, text, n, &whole);
	}
}

static unsigned long texts_wanted(void)
{
	return unit_number("UNIT_TEXTS", SLOW_BUILD ? TEXTS / 10 : TEXTS);
}

static uint64_t seed(void)
{
	uint64_t rng = unit_number("UNIT_SEED", 0x70636F756E74);

	return rng ? rng : 1;
}

static void random_texts(const char *locale, bool posixly_correct)
{
	struct setting s = {.name = locale, .locale = locale, .posixly_correct = posixly_correct};
	uint64_t rng = seed();

	if (!set_locale(&s))
		unit_skip();
	printf("%s%s: %lu random texts, seed %#jx\n", locale,
	       posixly_correct ? ", POSIXLY_CORRECT" : "", texts_wanted(), (uintmax_t)rng);
	try_random_texts(&s, &rng, texts_wanted());
	counter_free(&s.counter);
}

static void random_texts_in_utf8(void **state UNUSED)
{
	random_texts("C.UTF-8", false);
}

static void random_texts_in_utf8_posixly_correct(void **state UNUSED)
{
	random_texts("C.UTF-8", true);
}

static void random_texts_in_c(void **state UNUSED)
{
	random_texts("C", false);
	random_texts("C", true);
}

static void random_texts_in_made_up_charsets(void **state UNUSED)
{
	uint64_t rng = seed();

	for (unsigned i = 0; i < 20; i++) {
		struct setting s = {.name = "a made-up charset"};
		make_charset(&s, &rng);
		try_random_texts(&s, &rng, texts_wanted() / 20);
		counter_free(&s.counter);
	}
}

/* ---- all short strings ---- */

static const unsigned char alphabet_utf8[] = {'a',  ' ',  '\n', '\t', '\r', 0xE3, 0x80,
                                              0x81, 0xC2, 0xA0, 0xF0, 0x9F, 0xED};
static const unsigned char alphabet_more[] = {'a',  ' ',  '\f', '\v', 0,    0xE2, 0x80,
                                              0xA8, 0xCC, 0xE0, 0xF4, 0x90, 0x8F, 0xFF};
static const unsigned char alphabet_bytes[] = {'a',  ' ', '\n', '\t', '\r', '\f',
                                               '\v', 0,   0xA0, 0xFF, 0x1B};

static void check_two_pieces(struct setting *s, const unsigned char *p, size_t n,
                             const struct tally *whole)
{
	for (size_t i = 0; i <= n; i++) {
		struct tally left = scan(s, p, i), right = scan(s, p + i, n - i);
		tally_merge(&s->cs, &left, &right);
		check_pieces(s, p, n, whole, &left, "two", i, n);
	}
}

static void check_three_pieces(struct setting *s, const unsigned char *p, size_t n,
                               const struct tally *whole)
{
	for (size_t i = 1; i < n; i++) {
		for (size_t j = i; j < n; j++) {
			struct tally a = scan(s, p, i), b = scan(s, p + i, j - i),
				     c = scan(s, p + j, n - j);
			struct tally ab = joined(s, &a, &b), bc = joined(s, &b, &c);
			struct tally ab_c = joined(s, &ab, &c), a_bc = joined(s, &a, &bc);
			check_pieces(s, p, n, whole, &ab_c, "three, (a b) c", i, j);
			check_pieces(s, p, n, whole, &a_bc, "three, a (b c)", i, j);
		}
	}
}

/* All strings of `n` bytes over the alphabet. */
static unsigned long try_all_strings(struct setting *s, const unsigned char *alphabet,
                                     size_t letters, size_t n, bool three)
{
	unsigned char text[8];
	size_t digit[8] = {0};
	unsigned long strings = 0;

	assert_true(n < ARRAY_LEN(digit));
	for (;;) {
		for (size_t i = 0; i < n; i++)
			text[i] = alphabet[digit[i]];
		struct tally whole = scan(s, text, n);
		check_model(s, text, n, &whole);
		check_two_pieces(s, text, n, &whole);
		if (three)
			check_three_pieces(s, text, n, &whole);
		strings++;
		size_t i = 0;
		while (i < n && ++digit[i] == letters)
			digit[i++] = 0;
		if (i == n)
			return strings;
	}
}

static void all_strings(const char *locale, const unsigned char *alphabet, size_t letters,
                        size_t longest)
{
	struct setting s = {.name = locale, .locale = locale};
	unsigned long strings = 0;

	if (!set_locale(&s))
		unit_skip();
	for (size_t n = 0; n <= longest; n++)
		strings += try_all_strings(&s, alphabet, letters, n, n < longest || n < 5);
	printf("%s: all %lu strings of up to %zu out of %zu bytes\n", locale, strings, longest,
	       letters);
	counter_free(&s.counter);
}

static void all_short_strings(void **state UNUSED)
{
	size_t longest = unit_number("UNIT_EXHAUSTIVE", EXHAUSTIVE);

	all_strings("C.UTF-8", alphabet_utf8, ARRAY_LEN(alphabet_utf8), longest);
	all_strings("C.UTF-8", alphabet_more, ARRAY_LEN(alphabet_more), longest - 1);
	all_strings("C", alphabet_bytes, ARRAY_LEN(alphabet_bytes), longest - 1);
}

/* ---- the laws by themselves ---- */

static void the_empty_tally_is_the_identity(void **state UNUSED)
{
	struct setting s = {.name = "C.UTF-8", .locale = "C.UTF-8"};
	uint64_t rng = seed();
	unsigned char text[64];
	struct tally empty = TALLY_EMPTY;

	if (!set_locale(&s))
		unit_skip();
	for (unsigned i = 0; i < 2000; i++) {
		size_t n = nasty_text(&rng, text, sizeof text);
		struct tally t = scan(&s, text, n);
		struct tally before = joined(&s, &empty, &t), behind = joined(&s, &t, &empty);
		check_pieces(&s, text, n, &t, &before, "nothing before", 0, n);
		check_pieces(&s, text, n, &t, &behind, "nothing behind", n, n);
	}
	counter_free(&s.counter);
}

static void merging_is_not_commutative(void **state UNUSED)
{
	struct setting s = {.name = "C.UTF-8", .locale = "C.UTF-8"};

	if (!set_locale(&s))
		unit_skip();
	struct tally a = scan(&s, (const unsigned char *)"a b", 3);
	struct tally b = scan(&s, (const unsigned char *)"\xE3\x80", 2);
	struct tally c = scan(&s, (const unsigned char *)"\x80", 1);
	struct tally bc = joined(&s, &b, &c), cb = joined(&s, &c, &b);
	assert_int_equal(tally_finish(&s.cs, &bc).chars, 1);
	assert_int_equal(tally_finish(&s.cs, &bc).words, 0);
	assert_int_equal(tally_finish(&s.cs, &cb).chars, 0);
	assert_int_equal(tally_finish(&s.cs, &cb).errors, 3);
	struct tally abc = joined(&s, &a, &bc);
	assert_int_equal(tally_finish(&s.cs, &abc).words, 2);
	counter_free(&s.counter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_empty_tally_is_the_identity),
		cmocka_unit_test(merging_is_not_commutative),
		cmocka_unit_test(random_texts_in_utf8),
		cmocka_unit_test(random_texts_in_utf8_posixly_correct),
		cmocka_unit_test(random_texts_in_c),
		cmocka_unit_test(random_texts_in_made_up_charsets),
		cmocka_unit_test(all_short_strings),
	};

	return unit_run(tests);
}
