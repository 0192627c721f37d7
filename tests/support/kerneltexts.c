/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts made to hurt the kernels, and ways to cut them. */
#include "base/base.h"
#include "kernelcheck.h"

#include <string.h>

/* Writes `c` in UTF-8, well-formed or not (surrogates, above 10FFFF), in `len` bytes if not 0. */
static size_t put_char(unsigned char *p, unsigned c, unsigned len)
{
	if (len == 0)
		len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	if (len == 1) {
		p[0] = (unsigned char)(c & 0x7F);
		return 1;
	}
	for (unsigned i = len; i-- > 1; c >>= 6)
		p[i] = (unsigned char)(0x80 | (c & 0x3F));
	p[0] = (unsigned char)(0xF0u << (4 - len) | c);
	return len;
}

/* Ends of every range that any rule knows, and their neighbours. */
static const unsigned edges[] = {
	0x7F,    0x80,     0x85,     0x9F,     0xA0,    0xA1,    0xAD,    0x2FF,   0x300,   0x36F,
	0x370,   0x7FF,    0x800,    0xFFF,    0x1000,  0x10FF,  0x1100,  0x115F,  0x1160,  0x167F,
	0x1680,  0x1681,   0x180E,   0x1FFF,   0x2000,  0x2006,  0x2007,  0x2008,  0x200A,  0x200B,
	0x200D,  0x2027,   0x2028,   0x2029,   0x202A,  0x202E,  0x202F,  0x2030,  0x205E,  0x205F,
	0x2060,  0x2061,   0x231A,   0x2E80,   0x2FFF,  0x3000,  0x3001,  0x303F,  0x3040,  0x3041,
	0x3099,  0x309A,   0x30FF,   0x4DBF,   0x4DC0,  0x4E00,  0x9FFF,  0xA000,  0xABFF,  0xAC00,
	0xD7A3,  0xD7A4,   0xD7FF,   0xD800,   0xDFFF,  0xE000,  0xF900,  0xFAFF,  0xFB1E,  0xFE00,
	0xFE0F,  0xFEFF,   0xFF01,   0xFF60,   0xFF61,  0xFFFD,  0xFFFF,  0x10000, 0x1D173, 0x1F000,
	0x1F300, 0x1F600,  0x1F64F,  0x1F650,  0x1FFFF, 0x20000, 0x2FFFD, 0x3FFFF, 0xE0001, 0xE0100,
	0xF0000, 0x10FFFF, 0x110000, 0x13FFFF,
};

static const unsigned spaces[] = {
	'\t',   '\n',   '\v',   '\f',   '\r',   ' ',    0xA0,   0x1680,
	0x2000, 0x2006, 0x2007, 0x2008, 0x200A, 0x2028, 0x2029, 0x202F,
	0x205F, 0x2060, 0x3000, 0x85,   0x180E, 0x200B, 0xFEFF,
};

/* First code points and sizes of scripts. */
static const unsigned scripts[][2] = {
	{0x20, 95},      {0xC0, 64},    {0x391, 57},    {0x410, 64},    {0x5D0, 27},
	{0x5B0, 64},     {0x620, 64},   {0x904, 120},   {0xE01, 91},    {0x1E00, 256},
	{0x2010, 48},    {0x3041, 86},  {0x30A1, 90},   {0x3001, 64},   {0x4E00, 20000},
	{0xAC00, 11172}, {0xFF01, 94},  {0x1F300, 768}, {0x1F900, 256}, {0x20000, 4000},
	{0x1D400, 500},  {0x2500, 512}, {0xFE00, 16},   {0x300, 112},
};

static const char *const scraps[] = {
	"\xC2",
	"\xE2\x80",
	"\xE2",
	"\xE3\x80",
	"\xE3",
	"\xE1\x9A",
	"\xE1",
	"\xF0\x9F\x98",
	"\xF0\x9F",
	"\xF0",
	"\xF4\x8F",
	"\xED\x9F",
	"\xED\xA0\x80",
	"\xE0\x9F\xBF",
	"\xF0\x8F\xBF\xBF",
	"\xC0\x80",
	"\xC1\xBF",
	"\xF4\x90\x80\x80",
	"\xF5\x80\x80\x80",
	"\xFF",
	"\xFE",
	"\x80",
	"\x80\x80",
	"\xBF",
	"\xBF\xBF\xBF",
	"\x80\x80\x80\x80",
	"\xE2\x80\xE2\x80\x80",
	"\xE3\xE3\x80\x80",
	"\xC2\xC2\xA0",
	"\xE2\x80 \x80",
	"\xC3",
	"\xDF",
	"\xEF\xBF",
};

enum recipe {
	BYTES,
	ASCII,
	PROSE,
	SCRIPT,
	MIXED,
	EDGES,
	SPACES,
	SCRAPS,
	LONG_WHITE,
	CONTROLS,
	TABLE,
	QUOTED,
	RECIPES
};

static unsigned any_char(struct check_random *r)
{
	const unsigned *script = scripts[check_below(r, ARRAY_LEN(scripts))];
	return script[0] + check_below(r, script[1]);
}

static size_t put_scrap(struct check_random *r, unsigned char *p)
{
	const char *scrap = scraps[check_below(r, ARRAY_LEN(scraps))];
	size_t len = strlen(scrap);

	memcpy(p, scrap, len);
	return len;
}

/* One unit of the recipe, at most 8 bytes; `fixed` stays the same for the whole text. */
static size_t put_unit(struct check_random *r, unsigned char *p, enum recipe recipe, unsigned fixed)
{
	switch (recipe) {
	case BYTES:
		p[0] = (unsigned char)check_below(r, 256);
		return 1;
	case ASCII:
		p[0] = (unsigned char)check_below(r, 128);
		return 1;
	case PROSE:
		return put_char(p,
		                check_below(r, 6)
		                        ? 'a' + check_below(r, 26)
		                        : (unsigned char)"  \n\n\t\r\f."[check_below(r, 8)],
		                0);
	case SCRIPT: {
		const unsigned *script = scripts[fixed % ARRAY_LEN(scripts)];
		unsigned c = script[0] + check_below(r, script[1]);
		return put_char(
			p, check_below(r, 8) ? c : (unsigned char)" \n \t"[check_below(r, 4)], 0);
	}
	case MIXED:
		return put_char(p,
		                check_below(r, 12) ? any_char(r)
		                                   : (unsigned char)" \n"[check_below(r, 2)],
		                0);
	case EDGES:
		return put_char(p, edges[check_below(r, ARRAY_LEN(edges))], 0);
	case SPACES:
		if (check_below(r, 3) == 0)
			return put_char(p, any_char(r), 0);
		return put_char(p, spaces[check_below(r, ARRAY_LEN(spaces))], 0);
	case SCRAPS:
		if (check_below(r, 4) == 0)
			return put_char(p, spaces[check_below(r, ARRAY_LEN(spaces))], 0);
		if (check_below(r, 8) == 0)
			return put_char(p, edges[check_below(r, ARRAY_LEN(edges))],
			                1 + check_below(r, 4));
		return put_scrap(r, p);
	case LONG_WHITE:
		return put_char(
			p, check_below(r, 60) ? spaces[fixed % ARRAY_LEN(spaces)] : any_char(r), 0);
	case CONTROLS:
		p[0] = (unsigned char)"\t\n\v\f\r \b\0\x1B\x7F"[check_below(r, 10)];
		return 1;
	case QUOTED:
		p[0] = (unsigned char)"\"\"\"\",,\n\r>xyz"[check_below(r, 12)];
		return 1;
	case TABLE:
		if (check_below(r, 6) == 0)
			return put_char(p, '\t', 0);
		return put_char(p,
		                check_below(r, 40) ? (check_below(r, 9) ? '0' + check_below(r, 10)
		                                                        : any_char(r))
		                                   : '\n',
		                0);
	case RECIPES:
		break;
	}
	return 0;
}

size_t check_make_text(struct check_random *r, unsigned char *text, size_t max)
{
	size_t n = 0;
	enum recipe recipe = 0;
	unsigned fixed = 0, left = 0;
	/* LF kept away from some texts, so that lines get long; others get them at a rhythm. */
	unsigned rhythm = check_below(r, 3) ? 0 : 1 + check_below(r, 200);

	while (n + 8 <= max) {
		if (left-- == 0) {
			recipe = (enum recipe)check_below(r, RECIPES);
			fixed = check_below(r, 1000);
			left = check_below(r, 3) ? check_below(r, 90) : check_below(r, 4000);
		}
		n += put_unit(r, text + n, recipe, fixed);
		if (rhythm && check_below(r, rhythm) == 0)
			text[n++] = (unsigned char)"\n\n\r\f"[check_below(r, 4)];
	}
	return n;
}

struct check_way check_make_way(struct check_random *r, size_t n)
{
	struct check_way way = {
		.cuts = check_below(r, 5),
		.merge = check_below(r, 2),
		.at_front = check_below(r, 2),
	};
	for (size_t i = 0; i < way.cuts; i++)
		way.cut[i] = check_below(r, (unsigned)n + 1);
	for (size_t i = 1; i < way.cuts; i++)
		for (size_t j = i; j > 0 && way.cut[j] < way.cut[j - 1]; j--) {
			size_t swap = way.cut[j];
			way.cut[j] = way.cut[j - 1];
			way.cut[j - 1] = swap;
		}
	return way;
}
