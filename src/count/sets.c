/* SPDX-License-Identifier: BSD-2-Clause */
/* Turns a charset's table of bytes into short lists. */
#include "base/base.h"
#include "count/sets.h"

#include <string.h>

static bool ascii_is_usual(const struct charset *cs)
{
	for (unsigned b = 0; b < 0x80; b++) {
		bool space = (b >= '\t' && b <= '\r') || b == ' ';
		bool print = b >= ' ' && b <= '~';
		if (!!(cs->byte[b] & BYTE_SPACE) != space || !!(cs->byte[b] & BYTE_PRINT) != print)
			return false;
	}
	return true;
}

struct byte_sets byte_sets_of(const struct charset *cs)
{
	struct byte_sets sets = {.usual = ascii_is_usual(cs)};

	memset(sets.space, ' ', sizeof sets.space);
	if (cs->class != CHARSET_SINGLE)
		return sets;
	for (unsigned b = 0x80; b <= 0xFF && sets.usual; b++) {
		if (cs->byte[b] & BYTE_SPACE) {
			if (sets.spaces == SETS_SPACES)
				sets.usual = false;
			else
				sets.space[sets.spaces++] = (unsigned char)b;
		}
		if (!(cs->byte[b] & BYTE_PRINT))
			continue;
		if (sets.prints > 0 && sets.print[sets.prints - 1].hi == b - 1)
			sets.print[sets.prints - 1].hi = (unsigned char)b;
		else if (sets.prints == SETS_PRINTS)
			sets.usual = false;
		else
			sets.print[sets.prints++] =
				(struct byte_range){(unsigned char)b, (unsigned char)b};
	}
	return sets;
}
