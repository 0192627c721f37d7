/* SPDX-License-Identifier: BSD-2-Clause */
/* Suggestions for mistyped words: the one at the least edit distance. */
#include "base/base.h"
#include "cli/suggest.h"

#include <string.h>

enum { LETTERS_MAX = 31 }; /* of words that are compared */

static unsigned min_of(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Letters to be added, removed, replaced or, if they are neighbours, swapped, until a[na] is b[nb]:
 * row i, column j is that of the first i letters of one and the first j of the other.
 */
static unsigned distance(const char *a, size_t na, const char *b, size_t nb)
{
	unsigned row[LETTERS_MAX + 1][LETTERS_MAX + 1];

	for (size_t i = 0; i <= na; i++)
		row[i][0] = (unsigned)i;
	for (size_t j = 0; j <= nb; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++)
		for (size_t j = 1; j <= nb; j++) {
			unsigned best = row[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			best = min_of(best, min_of(row[i - 1][j], row[i][j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				best = min_of(best, row[i - 2][j - 2] + 1);
			row[i][j] = best;
		}
	return row[na][nb];
}

int suggest(const char *given, size_t len, const char *const *words, size_t n)
{
	unsigned least = len < 4 ? 2 : 3; /* one more than may be wrong */
	int found = -1;

	if (len < 2 || len > LETTERS_MAX)
		return -1;
	for (size_t i = 0; i < n; i++) {
		size_t letters = strlen(words[i]);
		unsigned d =
			letters <= LETTERS_MAX ? distance(given, len, words[i], letters) : least;
		if (d < least) {
			least = d;
			found = (int)i;
		}
	}
	return found;
}
