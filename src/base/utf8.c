/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a text that is cut anywhere ends in the midst of a UTF-8 character. */
#include "base/base.h"
#include "base/utf8.h"

/* Is p[0..n), n from 1 to 3, whose other bytes continue, the beginning of a character? */
static bool is_proper_prefix(const unsigned char *p, size_t n)
{
	return n < utf8_length(p[0]) && (n == 1 || utf8_second_fits(p[0], p[1]));
}

size_t utf8_unfinished(const unsigned char *p, size_t n)
{
	for (size_t k = 1; k <= 3 && k <= n; k++)
		if (!utf8_is_continuation(p[n - k]))
			return is_proper_prefix(p + n - k, k) ? k : 0;
	return 0;
}
