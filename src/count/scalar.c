/* SPDX-License-Identifier: BSD-2-Clause */
/* The reference kernel: every need, one byte at a time, by the steps of the tally itself. */
#include "base/base.h"
#include "count/counter.h"
#include "count/pairs.h"

#include <string.h>

/* Lines only, any charset: LF is never part of another character in the C library's charsets. */
static void count_lines_scalar(struct counter *c UNUSED, struct tally *t, const unsigned char *p,
                               size_t n)
{
	t->bytes += n;
	while (n > 0) {
		const unsigned char *lf = memchr(p, '\n', n);
		if (!lf)
			break;
		t->lines++;
		n -= (size_t)(lf + 1 - p);
		p = lf + 1;
	}
}

static void count_bytes_scalar(struct counter *c UNUSED, struct tally *t,
                               const unsigned char *p UNUSED, size_t n)
{
	t->bytes += n;
}

static void count_single_scalar(struct counter *c, struct tally *t, const unsigned char *p,
                                size_t n)
{
	t->bytes += n;
	for (size_t i = 0; i < n; i++)
		tally_add_byte(c->cs, t, p[i]);
}

static void count_utf8_scalar(struct counter *c, struct tally *t, const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		tally_push_utf8(c->cs, t, p[i]);
}

void find_lines_scalar(struct line_feeds *found, uint32_t *pair, const unsigned char *p, size_t n)
{
	for (size_t i = 0; pair && n - i >= 8; i += 8)
		pairs_add_8(pair, p + i);
	found->n = 0;
	found->cr = memchr(p, '\r', n) != NULL;
	for (size_t i = 0; i < n; i++)
		if (p[i] == '\n')
			found->at[found->n++] = (uint32_t)i;
}

static bool always(void)
{
	return true;
}

static count_fn *choose(const struct charset *cs, unsigned needs)
{
	if (needs == 0)
		return count_bytes_scalar;
	if (needs == NEED_LINES)
		return count_lines_scalar;
	switch (cs->class) {
	case CHARSET_SINGLE:
		return count_single_scalar;
	case CHARSET_UTF8:
		return count_utf8_scalar;
	case CHARSET_MULTI:
		break;
	}
	return NULL;
}

const struct kernel kernel_scalar = {"scalar", always, choose, find_lines_scalar};
