/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any charset of the C library, decoded by mbrtoc32(): what serves EUC-*, SJIS, GB18030, BIG5, and
 * a second opinion on the others. (UTF-8: glibc before 2.37 takes F4 90.. and above for characters.)
 *
 * Some charsets have sequences that stand for two code points (BIG5-HKSCS 88 62 is U+00CA U+0304).
 * GNU wc counts such a sequence as one character; mbrtoc32() gives the first code point and keeps
 * the second, a combining mark of no width, in its state. Dropping the state drops the mark.
 */
#include "base/base.h"
#include "count/counter.h"
#include "count/width.h"

#include <string.h>

enum { ILL_FORMED = -1, UNFINISHED = 0 };

/* Bytes of the character at p[0..n), n > 0, and itself in *c; or one of the above. */
static int decode(const unsigned char *p, size_t n, char32_t *c)
{
	mbstate_t state;

	if (p[0] < 0x80) { /* in every charset, in the initial state, the ASCII character */
		*c = p[0];
		return 1;
	}
	memset(&state, 0, sizeof state);
	size_t len = mbrtoc32(c, (const char *)p, n, &state);
	if (len == (size_t)-1)
		return ILL_FORMED;
	if (len == (size_t)-2)
		return UNFINISHED;
	return len == 0 ? 1 : (int)len;
}

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
	int len = decode(p, n, &ch);

	if (len == UNFINISHED)
		return 0;
	if (len == ILL_FORMED) {
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
		if (used == 0) { /* all of it is one beginning: a charset's longest is far below 7 */
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

/* UTF-8: leading continuation bytes may end a character begun before, so they are head. */
static void count_locale_utf8(struct counter *c, struct tally *t, const unsigned char *p, size_t n)
{
	size_t i = 0;

	while (i < n && !t->decided && t->tail_len == 0 && (p[i] & 0xC0) == 0x80)
		tally_push_utf8(c->cs, t, p[i++]);
	count_locale(c, t, p + i, n - i);
}

static void count_locale_single(struct counter *c, struct tally *t, const unsigned char *p, size_t n)
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
		return count_locale_utf8;
	case CHARSET_MULTI:
		break;
	}
	return count_locale;
}

const struct kernel kernel_locale = {"locale", always, choose};
