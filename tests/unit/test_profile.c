/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The laws of the profile. Every text is profiled three ways: at once by every kernel, by the
 * oracle of model_profile.h, and in pieces cut anywhere and merged in any order of association. All
 * must agree, the pieces in every field.
 *
 * UNIT_SEED, UNIT_TEXTS (a charset and kernel) change what is tried.
 */
#include "base/base.h"
#include "count/counter.h"
#include "count/nuls.h"
#include "count/profiler.h"
#include "model_profile.h"
#include "nasty.h"
#include "unit.h"

#include <locale.h>
#include <string.h>

enum {
	TEXT_MAX = 400,
	PIECES_MAX = 10,
	TEXTS = 2500,
};

/* What is known of a run of bytes. */
struct run {
	struct tally tally;
	struct profile profile;
};

struct setting {
	const char *kernel;
	struct charset cs;
	struct counter counter;
	struct model model;
	unsigned char space[256], print[256];
};

static uint64_t seed(void)
{
	uint64_t rng = unit_number("UNIT_SEED", 0x70726F66696C65);

	return rng ? rng : 1;
}

/* False: the machine does not have the locale, or the processor not the kernel. */
static bool settle(struct setting *s, const char *locale, const struct kernel *kernel)
{
	*s = (struct setting){.kernel = kernel->name};
	if (!setlocale(LC_CTYPE, locale) || !kernel->usable())
		return false;
	charset_init(&s->cs, false);
	s->model = (struct model){
		.utf8 = s->cs.class == CHARSET_UTF8, .space = s->space, .print = s->print};
	assert_int_equal(counter_init(&s->counter, &s->cs, NEED_LINES | NEED_WORDS | NEED_CHARS,
	                              kernel->name),
	                 COUNTER_OK);
	assert_int_equal(profiler_add(&s->counter), 0);
	return true;
}

static void scan(struct setting *s, struct run *run, const unsigned char *p, size_t n,
                 size_t middle)
{
	memset(run, 0, sizeof *run);
	profiler_start(s->counter.profiler);
	s->counter.count(&s->counter, &run->tally, p, middle);
	s->counter.count(&s->counter, &run->tally, p + middle, n - middle);
	profile_copy(&run->profile, &s->counter.profiler->profile);
}

static void join(struct setting *s, struct run *left, const struct run *right)
{
	profile_merge(&s->cs, &left->profile, &left->tally, &right->profile, &right->tally);
	tally_merge(&s->cs, &left->tally, &right->tally);
}

static void check_oracle(struct setting *s, const struct run *run, const unsigned char *p, size_t n)
{
	struct profile finished = run->profile;
	profile_finish(&s->cs, &finished, &run->tally);
	const char *what = model_profile_differs(&s->model, &finished, p, n);

	if (!what)
		return;
	if (n <= TEXT_MAX)
		nasty_print(s->kernel, p, n);
	fail_msg("%s: %s", s->kernel, what);
}

static void check_same(struct setting *s, const struct run *whole, const struct run *merged,
                       const unsigned char *p, size_t n, const char *how)
{
	if (model_same_profile(&whole->profile, &merged->profile))
		return;
	if (n <= TEXT_MAX)
		nasty_print(s->kernel, p, n);
	fail_msg("%s: pieces differ: %s", s->kernel, how);
}

static void check_random_cuts(struct setting *s, uint64_t *rng, const unsigned char *p, size_t n,
                              const struct run *whole)
{
	static struct run piece[PIECES_MAX];
	size_t cut[PIECES_MAX + 1], pieces = unit_cuts(rng, n, cut, PIECES_MAX);
	char how[PIECES_MAX * 16] = "";

	for (size_t i = 0; i < pieces; i++) {
		size_t length = cut[i + 1] - cut[i];
		scan(s, &piece[i], p + cut[i], length, unit_below(rng, length + 1));
		snprintf(how + strlen(how), sizeof how - strlen(how), "%zu ", cut[i + 1]);
	}
	while (pieces > 1) {
		size_t i = unit_below(rng, pieces - 1);
		join(s, &piece[i], &piece[i + 1]);
		memmove(&piece[i + 1], &piece[i + 2], (pieces - i - 2) * sizeof piece[0]);
		pieces--;
	}
	check_same(s, whole, &piece[0], p, n, how);
}

static void random_texts(const char *locale)
{
	unsigned long texts = unit_number("UNIT_TEXTS", TEXTS);
	uint64_t rng = seed();
	unsigned char text[TEXT_MAX];
	static struct run whole;
	struct setting s;
	bool any = false;

	printf("%s: %lu random texts, seed %#jx\n", locale, texts, (uintmax_t)rng);
	for (size_t k = 0; counter_kernels[k]; k++) {
		if (!settle(&s, locale, counter_kernels[k]))
			continue;
		any = true;
		for (unsigned long i = 0; i < texts; i++) {
			size_t n = nasty_text(&rng, text, i % 4 == 0 ? TEXT_MAX : 24);
			scan(&s, &whole, text, n, unit_below(&rng, n + 1));
			check_oracle(&s, &whole, text, n);
			check_random_cuts(&s, &rng, text, n, &whole);
		}
		counter_free(&s.counter);
	}
	if (!any)
		unit_skip();
}

static void random_texts_in_utf8(void **state UNUSED)
{
	random_texts("C.UTF-8");
}

static void random_texts_in_c(void **state UNUSED)
{
	random_texts("C");
}

/* All strings of up to 5 bytes, cut in two and in three, both ways to associate. */
static void all_short_strings(void **state UNUSED)
{
	static const unsigned char alphabet[] = {'a', '\n', '\r', 0xE3, 0x80, 0xF0, 0xC2, 0xFF};
	enum { LETTERS = sizeof alphabet, LONGEST = 5 };
	static struct run whole, a, b, c;
	struct setting s;

	if (!settle(&s, "C.UTF-8", &kernel_scalar))
		unit_skip();
	for (size_t n = 0, strings = 1; n <= LONGEST; n++, strings *= LETTERS) {
		for (size_t k = 0; k < strings; k++) {
			unsigned char text[LONGEST] = {0};
			for (size_t i = 0, rest = k; i < n; i++, rest /= LETTERS)
				text[i] = alphabet[rest % LETTERS];
			scan(&s, &whole, text, n, 0);
			check_oracle(&s, &whole, text, n);
			size_t i = k % (n + 1), j = i + k / 7 % (n - i + 1);
			scan(&s, &a, text, i, 0);
			scan(&s, &b, text + i, j - i, 0);
			scan(&s, &c, text + j, n - j, 0);
			struct run ab_c = a;
			join(&s, &ab_c, &b);
			join(&s, &ab_c, &c);
			check_same(&s, &whole, &ab_c, text, n, "(a b) c");
			join(&s, &b, &c);
			join(&s, &a, &b);
			check_same(&s, &whole, &a, text, n, "a (b c)");
		}
	}
	counter_free(&s.counter);
}

/* A text too large for small tables, with lines from none to many thousand bytes. */
static unsigned char *large_text(uint64_t *rng, size_t n, unsigned lines)
{
	unsigned char *p = malloc(n);

	assert_non_null(p);
	for (size_t i = 0; i < n; i++) {
		unsigned char b = (unsigned char)unit_random(rng);
		p[i] = (unsigned char)(lines % 2 ? b : 'a' + b % 16);
		if (lines > 0 && unit_below(rng, lines) == 0)
			p[i] = unit_below(rng, 5) == 0 ? '\r' : '\n';
	}
	return p;
}

static void large_texts(void **state UNUSED)
{
	static const unsigned lines[] = {0, 1, 2, 60, 61, 3000, 50000};
	static struct run whole;
	uint64_t rng = seed();
	struct setting s;

	for (size_t k = 0; counter_kernels[k]; k++) {
		if (!settle(&s, k % 2 ? "C.UTF-8" : "C", counter_kernels[k]))
			continue;
		for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
			size_t n = 300000 + unit_below(&rng, 70000);
			unsigned char *p = large_text(&rng, n, lines[i]);
			scan(&s, &whole, p, n,
			     unit_below(&rng, 2) == 0 ? 0 : unit_below(&rng, n + 1));
			check_oracle(&s, &whole, p, n);
			check_random_cuts(&s, &rng, p, n, &whole);
			free(p);
		}
		counter_free(&s.counter);
	}
}

/* A run of NULs after a text, and before another, by its length and by its bytes. */
static void runs_of_nuls(void **state UNUSED)
{
	static const size_t lengths[] = {1, 2, 4095, 4096, 4097, 8192, 70000};
	static unsigned char text[2 * TEXT_MAX + 70000];
	static struct run whole, run;
	uint64_t rng = seed();
	struct setting s;

	for (size_t k = 0; counter_kernels[k]; k++) {
		for (size_t i = 0; i < 20 * ARRAY_LEN(lengths); i++) {
			if (!settle(&s, i % 3 ? "C.UTF-8" : "C", counter_kernels[k]))
				continue;
			size_t nuls = lengths[i % ARRAY_LEN(lengths)];
			size_t first = nasty_text(&rng, text, TEXT_MAX);
			memset(text + first, 0, nuls);
			size_t last = nasty_text(&rng, text + first + nuls, TEXT_MAX);
			scan(&s, &whole, text, first + nuls + last, first);
			memset(&run, 0, sizeof run);
			profiler_start(s.counter.profiler);
			s.counter.count(&s.counter, &run.tally, text, first);
			counter_add_nuls(&s.counter, &run.tally, nuls);
			s.counter.count(&s.counter, &run.tally, text + first + nuls, last);
			profile_copy(&run.profile, &s.counter.profiler->profile);
			check_same(&s, &whole, &run, text, first + nuls + last, "a run of NULs");
			counter_free(&s.counter);
		}
	}
}

static void nothing_is_the_identity(void **state UNUSED)
{
	static struct run t, empty, before;
	uint64_t rng = seed();
	unsigned char text[64];
	struct setting s;

	if (!settle(&s, "C.UTF-8", &kernel_scalar))
		unit_skip();
	for (unsigned i = 0; i < 2000; i++) {
		size_t n = nasty_text(&rng, text, sizeof text);
		scan(&s, &t, text, n, 0);
		before = empty;
		join(&s, &before, &t);
		check_same(&s, &t, &before, text, n, "nothing before");
		struct run behind = t;
		join(&s, &behind, &empty);
		check_same(&s, &t, &behind, text, n, "nothing behind");
	}
	counter_free(&s.counter);
}

static void merging_is_not_commutative(void **state UNUSED)
{
	static struct run a, b;
	struct setting s;

	if (!settle(&s, "C.UTF-8", &kernel_scalar))
		unit_skip();
	scan(&s, &a, (const unsigned char *)"one\ntwo\r", 8, 0);
	scan(&s, &b, (const unsigned char *)"\nthree", 6, 0);
	struct run ab = a, ba = b;
	join(&s, &ab, &b);
	join(&s, &ba, &a);
	profile_finish(&s.cs, &ab.profile, &ab.tally);
	profile_finish(&s.cs, &ba.profile, &ba.tally);
	assert_int_equal(ab.profile.crlf, 1);
	assert_int_equal(ba.profile.crlf, 0);
	assert_int_equal(ab.profile.longest.length, 5);
	assert_int_equal(ab.profile.longest.number, 3);
	assert_int_equal(ab.profile.longest.offset, 9);
	assert_int_equal(ba.profile.longest.length, 8);
	assert_int_equal(ba.profile.shortest, 0);
	counter_free(&s.counter);
}

/* Classes follow each other without gaps, and none is wider than a 32nd of its lengths. */
static void classes_of_lengths(void **state UNUSED)
{
	uint64_t next = 0;

	for (unsigned class = 0; class < PROFILE_LENGTHS; class ++) {
		uint64_t least = profile_class_least(class), most = profile_class_most(class);
		assert_true(least == next && most >= least && most - least <= least / 32);
		assert_true(least >= 64 || most == least);
		assert_int_equal(profile_class_of(least), class);
		assert_int_equal(profile_class_of(most), class);
		next = most + 1;
	}
	assert_int_equal(next, 0); /* all of 64 bits */
}

static void sums(void **state UNUSED)
{
	static struct run a, b;
	struct setting s;

	if (!settle(&s, "C.UTF-8", &kernel_scalar))
		unit_skip();
	scan(&s, &a, (const unsigned char *)"a\nbb\r\n", 6, 0);
	scan(&s, &b, (const unsigned char *)"cccc\xff", 5, 0);
	static struct profile sum, empty;
	profile_finish(&s.cs, &a.profile, &a.tally);
	profile_finish(&s.cs, &b.profile, &b.tally);
	profile_add(&sum, &a.profile);
	profile_add(&sum, &empty);
	profile_add(&sum, &b.profile);
	assert_int_equal(profile_lines(&sum), 3);
	assert_int_equal(sum.unended, 1);
	assert_int_equal(sum.crlf, 1);
	assert_int_equal(sum.shortest, 1);
	assert_int_equal(sum.longest.length, 5);
	assert_int_equal(sum.longest.number, 0);
	assert_int_equal(profile_percentile(&sum, 50), 2);
	assert_true(!sum.has_error);
	counter_free(&s.counter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes_of_lengths),
		cmocka_unit_test(nothing_is_the_identity),
		cmocka_unit_test(merging_is_not_commutative),
		cmocka_unit_test(random_texts_in_utf8),
		cmocka_unit_test(random_texts_in_c),
		cmocka_unit_test(all_short_strings),
		cmocka_unit_test(large_texts),
		cmocka_unit_test(runs_of_nuls),
		cmocka_unit_test(sums),
	};

	return unit_run(tests);
}
