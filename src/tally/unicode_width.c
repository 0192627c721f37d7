/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks a character up in the table of runs. */
#include "base/base.h"
#include "tally/unicode_width.h"
#include "tally/unicode_width_table.h"

unsigned unicode_width(char32_t c)
{
	size_t low = 0, high = ARRAY_LEN(width_runs);

	/* Of the last run that does not begin after it: runs[low], or one before runs[high]. */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (width_runs[middle] >> 2 <= c)
			low = middle;
		else
			high = middle;
	}
	return c <= 0x10FFFF ? width_runs[low] & 3 : 0;
}
