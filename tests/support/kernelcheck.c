/* SPDX-License-Identifier: BSD-2-Clause */
/* Holds every kernel against scalar. */
#include "base/base.h"
#include "count/recorder.h"
#include "kernelcheck.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct charset charsets[CHECK_CHARSETS];
static const char *const charset_names[CHECK_CHARSETS] = {
	"UTF-8", "UTF-8 posixly", "C", "C posixly", "ISO-8859-1", "KOI8-R", "CP1252",
};
static struct counter counters[CHECK_CHARSETS][CHECK_KERNELS][NEED_ALL + 1];
static struct counter references[CHECK_CHARSETS];
static const char *kernel_names[CHECK_KERNELS];
static size_t kernels;
static unsigned char *front, *back; /* CHECK_MAX bytes, a forbidden page before / after them */
static const char *only_kernel;
static unsigned only_needs;

static void fail(const char *what)
{
	perror(what);
	abort();
}

/* A single-byte charset that is ASCII, with a no-break space and printable ranges above. */
static void make_single(struct charset *cs, unsigned char space, const unsigned char (*print)[2],
                        size_t ranges)
{
	*cs = charsets[2];
	for (unsigned b = 0x80; b < 0x100; b++)
		cs->byte[b] = b == space ? BYTE_SPACE : 0;
	for (size_t i = 0; i < ranges; i++)
		for (unsigned b = print[i][0]; b <= print[i][1]; b++)
			cs->byte[b] |= BYTE_PRINT;
}

static void make_charsets(void)
{
	static const unsigned char latin1[][2] = {{0xA0, 0xFF}}, koi8[][2] = {{0x80, 0xFF}};
	static const unsigned char cp1252[][2] = {
		{0x80, 0x80}, {0x82, 0x8C}, {0x8E, 0x8E}, {0x91, 0x9C}, {0x9E, 0xFF},
	};

	if (!setlocale(LC_ALL, "C"))
		fail("setlocale C");
	charset_init(&charsets[2], false);
	charset_init(&charsets[3], true);
	make_single(&charsets[4], 0xA0, latin1, ARRAY_LEN(latin1));
	make_single(&charsets[5], 0x9A, koi8, ARRAY_LEN(koi8));
	make_single(&charsets[6], 0xA0, cp1252, ARRAY_LEN(cp1252));
	charsets[6].byte[0x81] = BYTE_SPACE; /* a second and a third, that no charset has */
	charsets[6].byte[0xFF] = BYTE_SPACE;
	if (!setlocale(LC_ALL, "C.UTF-8"))
		fail("setlocale C.UTF-8");
	charset_init(&charsets[0], false);
	charset_init(&charsets[1], true);
	if (charsets[0].class != CHARSET_UTF8 || !charsets[0].standard_spaces)
		fail("C.UTF-8 is not UTF-8");
}

static void make_counter(struct counter *c, const struct charset *cs, unsigned needs,
                         const char *kernel)
{
	if (counter_init(c, cs, needs, kernel) != COUNTER_OK)
		fail(kernel);
}

static unsigned char *map_between(bool guard_front)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char *p = mmap(NULL, CHECK_MAX + page, PROT_READ | PROT_WRITE,
	                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect(guard_front ? p : p + CHECK_MAX, page, PROT_NONE) != 0)
		fail("mmap");
	return guard_front ? p + page : p;
}

void check_init(void)
{
	if (front)
		return;
	make_charsets();
	for (size_t k = 0; counter_kernels[k]; k++)
		if (counter_kernels[k]->usable())
			kernel_names[kernels++] = counter_kernels[k]->name;
	for (size_t i = 0; i < CHECK_CHARSETS; i++) {
		make_counter(&references[i], &charsets[i], NEED_ALL, "scalar");
		for (size_t k = 0; k < kernels; k++)
			for (unsigned needs = 0; needs <= NEED_ALL; needs++)
				make_counter(&counters[i][k][needs], &charsets[i], needs,
				             kernel_names[k]);
	}
	front = map_between(true);
	back = map_between(false);
}

const char *check_charset_name(unsigned charset)
{
	return charset_names[charset];
}

void check_only(const char *kernel, unsigned needs)
{
	only_kernel = kernel;
	only_needs = needs;
}

static struct counts count_text(struct counter *c, const unsigned char *text, size_t n,
                                const struct check_way *way)
{
	struct tally whole = TALLY_EMPTY;
	size_t from = 0;

	for (size_t i = 0; i <= way->cuts; i++) {
		size_t to = i < way->cuts ? way->cut[i] : n;
		size_t len = to - from;
		unsigned char *part = way->at_front ? front : back + CHECK_MAX - len;
		memcpy(part, text + from, len);
		if (way->merge) {
			struct tally t = TALLY_EMPTY;
			c->count(c, &t, part, len);
			tally_merge(c->cs, &whole, &t);
		} else {
			c->count(c, &whole, part, len);
		}
		from = to;
	}
	return tally_finish(c->cs, &whole);
}

static bool same(const struct counts *got, const struct counts *want, unsigned needs)
{
	return got->bytes == want->bytes && (!(needs & NEED_LINES) || got->lines == want->lines) &&
	       (!(needs & NEED_WORDS) || got->words == want->words) &&
	       (!(needs & NEED_CHARS) ||
	        (got->chars == want->chars && got->errors == want->errors)) &&
	       (!(needs & NEED_WIDTH) || got->width == want->width);
}

static void complain(const struct counter *c, const char *kernel, unsigned charset,
                     const struct counts *got, const struct counts *want, size_t n,
                     const struct check_way *way)
{
	fprintf(stderr, "kernel %s (%s), %s, needs %u, %zu bytes, %s, %s, cuts", kernel, c->kernel,
	        charset_names[charset], c->needs, n, way->merge ? "merged" : "one tally",
	        way->at_front ? "at front" : "at back");
	for (size_t i = 0; i < way->cuts; i++)
		fprintf(stderr, " %zu", way->cut[i]);
	fprintf(stderr, "\n  %s  lines %ju words %ju chars %ju bytes %ju width %ju errors %ju\n",
	        "got ", (uintmax_t)got->lines, (uintmax_t)got->words, (uintmax_t)got->chars,
	        (uintmax_t)got->bytes, (uintmax_t)got->width, (uintmax_t)got->errors);
	fprintf(stderr, "  %s  lines %ju words %ju chars %ju bytes %ju width %ju errors %ju\n",
	        "want", (uintmax_t)want->lines, (uintmax_t)want->words, (uintmax_t)want->chars,
	        (uintmax_t)want->bytes, (uintmax_t)want->width, (uintmax_t)want->errors);
}

int check_text(unsigned charset, const unsigned char *text, size_t n, const struct check_way *way)
{
	static const struct check_way whole = {0};
	struct counts want = count_text(&references[charset], text, n, &whole);

	for (size_t k = 0; k < kernels; k++) {
		const char *kernel = kernel_names[k];
		if (only_kernel && strcmp(kernel, only_kernel) != 0)
			continue;
		for (unsigned needs = 0; needs <= NEED_ALL; needs++) {
			if (only_needs && needs != only_needs)
				continue;
			struct counter *c = &counters[charset][k][needs];
			struct counts got = count_text(c, text, n, way);
			if (!same(&got, &want, needs)) {
				complain(c, kernel, charset, &got, &want, n, way);
				return -1;
			}
		}
	}
	return 0;
}

static struct record_run record_text(const struct records_kernel *kernel, struct record_kind kind,
                                     const unsigned char *text, size_t n,
                                     const struct check_way *way)
{
	struct record_run whole = {0};
	size_t from = 0;

	for (size_t i = 0; i <= way->cuts; i++) {
		size_t to = i < way->cuts ? way->cut[i] : n;
		size_t len = to - from;
		unsigned char *part = way->at_front ? front : back + CHECK_MAX - len;
		struct record_run run;
		memcpy(part, text + from, len);
		kernel->scan(&run, kind, part, len);
		record_run_merge(&whole, &run);
		from = to;
	}
	return whole;
}

int check_records(const unsigned char *text, size_t n, const struct check_way *way)
{
	static const char *const kinds[] = {"lines", "nul", "sep=\\v",       "sep=x",
	                                    "csv",   "tsv", "csv,delim=\\v", "prefix=>"};
	static const struct check_way whole = {0};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct record_kind kind;
		if (record_kind_parse(kinds[i], &kind) != RECORD_KIND_OK)
			fail(kinds[i]);
		struct record_run want = record_text(&records_scalar, kind, text, n, &whole);
		for (size_t k = 0; records_kernels[k]; k++) {
			if (!records_kernels[k]->usable())
				continue;
			struct record_run got = record_text(records_kernels[k], kind, text, n, way);
			if (record_run_same(&got, &want))
				continue;
			fprintf(stderr, "kernel %s, records %s, %zu bytes, %zu cuts\n",
			        records_kernels[k]->name, kinds[i], n, way->cuts);
			return -1;
		}
	}
	return 0;
}

uint64_t check_random(struct check_random *r)
{
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return r->state * UINT64_C(2685821657736338717);
}

unsigned check_below(struct check_random *r, unsigned end)
{
	return (unsigned)((check_random(r) >> 32) * end >> 32);
}
