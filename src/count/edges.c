/* SPDX-License-Identifier: BSD-2-Clause */
/* Enters and leaves a block of UTF-8 text by the steps of the tally. */
#include "base/base.h"
#include "count/edges.h"

size_t utf8_enter(const struct charset *cs, struct tally *t, const unsigned char *p, size_t n)
{
	size_t i = 0;

	while (i < n && (i < UTF8_ENTER_MIN || !t->decided || t->tail_len > 0))
		tally_push_utf8(cs, t, p[i++]);
	return i;
}

/* Is p[0..n), n from 1 to 3, the beginning of a character, but not all of it? */
static bool is_unfinished(const unsigned char *p, size_t n)
{
	if (p[0] < 0xC2 || p[0] > 0xF4)
		return false;
	if (n >= (p[0] < 0xE0 ? 2u : p[0] < 0xF0 ? 3u : 4u))
		return false;
	if (n == 1)
		return true;
	switch (p[0]) { /* the second bytes that are overlong, surrogate or too large */
	case 0xE0:
		return p[1] >= 0xA0;
	case 0xED:
		return p[1] < 0xA0;
	case 0xF0:
		return p[1] >= 0x90;
	case 0xF4:
		return p[1] < 0x90;
	default:
		return true;
	}
}

size_t utf8_unfinished(const unsigned char *p, size_t n)
{
	for (size_t k = 1; k <= 3 && k <= n; k++)
		if ((p[n - k] & 0xC0) != 0x80)
			return is_unfinished(p + n - k, k) ? k : 0;
	return 0;
}

void utf8_leave(const struct charset *cs, struct tally *t, const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		tally_push_utf8(cs, t, p[i]);
}
