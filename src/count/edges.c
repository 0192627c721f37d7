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

void utf8_leave(const struct charset *cs, struct tally *t, const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		tally_push_utf8(cs, t, p[i]);
}
