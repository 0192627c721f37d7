/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any charset of the C library but UTF-8, by mbrtoc32(): it serves EUC-*, SJIS, GB18030, BIG5. Not
 * UTF-8, for which the C library is not strict: glibc before 2.37 takes F4 90.. for a character.
 */
#include "base/base.h"
#include "count/counter.h"
#include "count/width.h"

#include <string.h>

static void add_char(struct counter *c, struct tally *t, char32_t ch)
{
	t->chars++;
	if (c->needs & NEED_WORDS)
		tally_add_class(t, !charset_is_space(c->cs, ch));
	else
		t->decided = true;
	if (c->needs & NEED_WIDTH)
		tally_add_columns(t, width_of(c, ch));
}

/* Appends the first unit of p[0..n): how many bytes it has; 0: it is not finished. */
static size_t add_unit(struct counter *c, struct tally *t, const unsigned char *p, size_t n)
{
	char32_t ch;
	int len = charset_decode(p, n, &ch);

	if (len == 0)
		return 0;
	if (len < 0) {
		tally_add_error(t);
		return 1;
	}
	if (ch < 0x80 && p[0] < 0x80)
		tally_add_byte(c->cs, t, (unsigned char)ch);
	else
		add_char(c, t, ch);
	return (size_t)len;
}

/*
 * The tail and the first bytes of p[0..n) together, until no byte of the tail is left or the bytes
 * run out; how many bytes of p were used.
 */
static size_t finish_tail(struct counter *c, struct tally *t, const unsigned char *p, size_t n)
{
	unsigned char joined[2 * TALLY_TAIL_MAX];
	size_t old = t->tail_len, fresh = n < TALLY_TAIL_MAX ? n : TALLY_TAIL_MAX;
	size_t len = old + fresh, i = 0;

	memcpy(joined, t->tail, old);
	memcpy(joined + old, p, fresh);
	t->tail_len = 0;
	while (i < old) {
		size_t used = add_unit(c, t, joined + i, len - i);
		if (used == 0) { /* all of it is one beginning: a charset's longest is far below 7
			          */
			verify(len - i <= TALLY_TAIL_MAX);
			memcpy(t->tail, joined + i, len - i);
			t->tail_len = (uint8_t)(len - i);
			return fresh;
		}
		i += used;
	}
	return i - old;
}

static void count_locale(struct counter *c, struct tally *t, const unsigned char *p, size_t n)
{
	size_t i = 0;

	t->bytes += n;
	if (t->tail_len > 0 && n > 0)
		i = finish_tail(c, t, p, n);
	while (i < n) {
		size_t used = add_unit(c, t, p + i, n - i);
		if (used == 0)
			break;
		i += used;
	}
	if (i < n) {
		verify(n - i <= TALLY_TAIL_MAX);
		memcpy(t->tail, p + i, n - i);
		t->tail_len = (uint8_t)(n - i);
	}
}

static void count_locale_single(struct counter *c, struct tally *t, const unsigned char *p,
                                size_t n)
{
	t->bytes += n;
	for (size_t i = 0; i < n; i++)
		tally_add_byte(c->cs, t, p[i]);
}

static bool always(void)
{
	return true;
}

static count_fn *choose(const struct charset *cs, unsigned needs UNUSED)
{
	switch (cs->class) {
	case CHARSET_SINGLE:
		return count_locale_single;
	case CHARSET_UTF8:
		return NULL;
	case CHARSET_MULTI:
		return count_locale;
	}
	return NULL;
}

const struct kernel kernel_locale = {"locale", always, choose, find_lines_scalar};
