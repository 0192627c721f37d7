/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every unit test includes: cmocka, and the last line `N passed, N failed` of all tests here.
 */
#ifndef PCOUNT_TESTS_UNIT_H
#define PCOUNT_TESTS_UNIT_H

#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Runs struct CMUnitTest tests[] and is main()'s result: return unit_run(tests); */
#define unit_run(tests) unit_report(ARRAY_LEN(tests), cmocka_run_group_tests((tests), NULL, NULL))

/* Instead of skip(), so that a skipped test is not said to have passed. */
#define unit_skip() (unit_skipped++, skip())
static size_t unit_skipped;

static inline int unit_report(size_t tests, int failed)
{
	size_t bad = failed < 0 ? tests - unit_skipped : (size_t)failed;

	fflush(stderr);
	printf("%zu passed, %zu failed", tests - unit_skipped - bad, bad);
	if (unit_skipped > 0)
		printf(", %zu skipped", unit_skipped);
	printf("\n");
	return bad == 0 ? 0 : 1;
}

/* xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators", 2014). */
static inline uint64_t unit_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(2685821657736338717);
}

/* 0 to n - 1 */
static inline size_t unit_below(uint64_t *state, size_t n)
{
	return (size_t)(unit_random(state) >> 11) % n;
}

static inline int unit_by_size(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

/*
 * Cuts n bytes into 1 to `most` pieces, some of them empty, the i-th from cut[i] to cut[i + 1];
 * there is room for most + 1. How many.
 */
static inline size_t unit_cuts(uint64_t *rng, size_t n, size_t *cut, size_t most)
{
	size_t pieces = 1 + unit_below(rng, most);

	cut[0] = 0;
	for (size_t i = 1; i < pieces; i++)
		cut[i] = unit_below(rng, n + 1);
	cut[pieces] = n;
	qsort(cut, pieces + 1, sizeof cut[0], unit_by_size);
	return pieces;
}

/* The number in environment variable `name`, or `otherwise`: bounds and seeds. */
static inline unsigned long unit_number(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtoul(text, NULL, 0) : otherwise;
}

#endif
