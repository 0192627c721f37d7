/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GB/s of each kernel, for each set of counts, on texts of several kinds that stay in the cache.
 *
 *      kernels [-k KERNEL] [-n NEEDS] [-c CORPUS] [-L LOCALE] [-s KIB] [-t MS] [-b KIB] [-f FILE]
 * [-u]
 *
 * NEEDS: letters of lwmL. A table for each kernel; each figure is the best of the rounds that fit
 * in -t milliseconds. -b: bytes for each call (default: all at once). -f: the beginning of a file
 * instead of the made-up texts. -u: instead, UTF-16 to UTF-8, GB/s of UTF-16.
 */
#include "base/base.h"
#include "base/utf8.h"
#include "count/counter.h"
#include "text/utf16.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct script {
	unsigned first, count; /* code points */
};

/* Words of a script, or of one of several; lines of about `line` columns of text. */
struct corpus {
	const char *name;
	struct script scripts[12];
	unsigned line;    /* mean characters in a line; 0: no LF */
	unsigned spread;  /* lines vary by this many, both ways */
	unsigned columns; /* TAB instead of SPACE, about so many in a line; 0: none */
	bool random;      /* all bytes alike */
};

static const struct corpus corpora[] = {
	{.name = "ascii", .scripts = {{'a', 26}}, .line = 70, .spread = 30},
	{.name = "mixed",
         .scripts = {{'a', 26},
                     {'a', 26},
                     {0xE0, 30},
                     {0x430, 32},
                     {0x3B1, 25},
                     {0x627, 36},
                     {0x915, 60},
                     {0x4E00, 20000},
                     {0x3041, 83},
                     {0xAC00, 11000},
                     {0x1F600, 64}},
         .line = 60,
         .spread = 30},
	{.name = "latin",
         .scripts = {{'a', 26}, {'a', 26}, {'a', 26}, {0xE0, 30}},
         .line = 70,
         .spread = 30},
	{.name = "cyrillic", .scripts = {{0x430, 32}}, .line = 70, .spread = 30},
	{.name = "arabic", .scripts = {{0x627, 60}}, .line = 70, .spread = 30},
	{.name = "hindi", .scripts = {{0x904, 75}}, .line = 70, .spread = 30},
	{.name = "thai", .scripts = {{0xE01, 58}}, .line = 70, .spread = 30},
	{.name = "cjk", .scripts = {{0x4E00, 20000}}, .line = 40, .spread = 15},
	{.name = "kana",
         .scripts = {{0x3041, 83}, {0x30A1, 86}, {0x4E00, 20000}},
         .line = 40,
         .spread = 15},
	{.name = "hangul", .scripts = {{0xAC00, 11000}}, .line = 40, .spread = 15},
	{.name = "emoji", .scripts = {{0x1F600, 64}, {0x1F300, 256}}, .line = 30, .spread = 10},
	{.name = "short", .scripts = {{'a', 26}}, .line = 8, .spread = 7},
	{.name = "tsv", .scripts = {{'0', 10}, {'a', 26}}, .line = 80, .spread = 20, .columns = 10},
	{.name = "noline", .scripts = {{'a', 26}}, .line = 0},
	{.name = "nolinecjk", .scripts = {{0x4E00, 20000}, {0x3041, 83}}, .line = 0},
	{.name = "random", .random = true},
};

static uint64_t seed = 88172645463325252u;

static unsigned below(unsigned end)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)((seed >> 32) * end >> 32);
}

static size_t put(unsigned char *p, unsigned c)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (n == 1) {
		p[0] = (unsigned char)c;
		return 1;
	}
	for (size_t i = n; i-- > 1; c >>= 6)
		p[i] = (unsigned char)(0x80 | (c & 0x3F));
	p[0] = (unsigned char)(0xF0u << (4 - n) | c);
	return n;
}

static size_t make(const struct corpus *corpus, unsigned char *text, size_t size)
{
	size_t n = 0;
	unsigned scripts = 0, left = corpus->line, word = 0, script = 0;

	while (scripts < ARRAY_LEN(corpus->scripts) && corpus->scripts[scripts].count)
		scripts++;
	while (n < size - 8) {
		if (corpus->random) {
			text[n++] = (unsigned char)below(256);
			continue;
		}
		if (corpus->line && left-- == 0) {
			text[n++] = '\n';
			left = corpus->line - corpus->spread + below(2 * corpus->spread + 1);
		} else if (word-- == 0) {
			bool tab = corpus->columns && below(corpus->line / 6) < corpus->columns;
			text[n++] = tab ? '\t' : ' ';
			word = 1 + below(9);
			script = below(scripts);
		} else {
			n += put(text + n, corpus->scripts[script].first +
			                           below(corpus->scripts[script].count));
		}
	}
	while (n < size)
		text[n++] = 'x';
	return n;
}

/* The first `size` bytes of a file, over and over if it is shorter; 0: it cannot be read. */
static size_t load(const char *name, unsigned char *text, size_t size)
{
	FILE *f = fopen(name, "rb");
	size_t n = f ? fread(text, 1, size, f) : 0;

	if (f)
		fclose(f);
	if (n == 0) {
		perror(name);
		exit(1);
	}
	for (size_t i = n; i < size; i++)
		text[i] = text[i - n];
	return size;
}

static unsigned parse_needs(const char *letters)
{
	static const char order[] = "lwmL";
	unsigned needs = 0;

	for (; *letters; letters++) {
		const char *at = strchr(order, *letters);
		if (!at) {
			fprintf(stderr, "kernels: needs are letters of lwmL\n");
			exit(1);
		}
		needs |= 1u << (at - order);
	}
	return needs;
}

/* Time this thread has had a processor, in nanoseconds: other programs may run beside the bench. */
static uint64_t cpu_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* Best GB/s of the rounds that fit in `ns`. */
static double measure(struct counter *c, const unsigned char *text, size_t n, size_t block,
                      uint64_t ns)
{
	uint64_t begin = cpu_now_ns(), best = UINT64_MAX, now;

	do {
		struct tally t = TALLY_EMPTY;
		uint64_t start = cpu_now_ns();
		for (size_t i = 0; i < n; i += block)
			c->count(c, &t, text + i, n - i < block ? n - i : block);
		now = cpu_now_ns();
		best = now > start && now - start < best ? now - start : best;
	} while (now - begin < ns);
	return (double)n / (double)best;
}

static void print_table(const struct kernel *kernel, const struct charset *cs,
                        const char *needs_only, const char *corpus_only, const char *file,
                        size_t size, size_t block, uint64_t ns)
{
	static const char *const sets[] = {"l", "w", "lw", "m", "lwm", "L", "lwmL"};
	unsigned char *text = aligned_alloc(4096, size);

	if (!text)
		return;
	printf("%-10s", kernel->name);
	for (size_t s = 0; s < ARRAY_LEN(sets); s++)
		if (!needs_only || strcmp(needs_only, sets[s]) == 0)
			printf("%8s", sets[s]);
	printf("   GB/s\n");
	for (size_t i = 0; i < ARRAY_LEN(corpora); i++) {
		if ((corpus_only && strcmp(corpora[i].name, corpus_only) != 0) || (file && i > 0))
			continue;
		seed = 88172645463325252u;
		size_t n = file ? load(file, text, size) : make(&corpora[i], text, size);
		printf("%-10s", file ? "file" : corpora[i].name);
		for (size_t s = 0; s < ARRAY_LEN(sets); s++) {
			struct counter c;
			if (needs_only && strcmp(needs_only, sets[s]) != 0)
				continue;
			if (counter_init(&c, cs, parse_needs(sets[s]), kernel->name) != COUNTER_OK)
				continue;
			printf(strcmp(c.kernel, kernel->name) == 0 ? "%8.2f" : "  (%5.2f)",
			       measure(&c, text, n, block ? block : n, ns));
			fflush(stdout);
			counter_free(&c);
		}
		printf("\n");
	}
	printf("\n");
	free(text);
}

/* Well-formed UTF-8, up to the first error, as UTF-16LE; bytes of that. */
static size_t to_utf16(const unsigned char *text, size_t n, unsigned char *out)
{
	size_t units = 0;

	for (size_t i = 0, len; i < n && (len = utf8_character(text + i, n - i)) > 0; i += len) {
		char32_t c = utf8_decode(text + i), high = c;
		if (c >= 0x10000) {
			high = 0xD800 + ((c - 0x10000) >> 10);
			out[2 * units] = (unsigned char)high;
			out[2 * units++ + 1] = (unsigned char)(high >> 8);
			c = 0xDC00 + (c & 0x3FF);
		}
		out[2 * units] = (unsigned char)c;
		out[2 * units++ + 1] = (unsigned char)(c >> 8);
	}
	return 2 * units;
}

/* A row for each text, a column for each kernel. */
static void print_utf16(const char *kernel, const char *corpus, size_t size, uint64_t ns)
{
	unsigned char *text = malloc(size), *in = malloc(2 * size), *out = malloc(4 * size);

	printf("%-10s", "utf16");
	for (size_t k = 0; utf16_kernels[k]; k++)
		if (utf16_kernels[k]->usable() &&
		    (!kernel || strcmp(kernel, utf16_kernels[k]->name) == 0))
			printf("%12s", utf16_kernels[k]->name);
	printf("   GB/s\n");
	for (size_t i = 0; i < ARRAY_LEN(corpora) && text && in && out; i++) {
		if (corpora[i].random || (corpus && strcmp(corpora[i].name, corpus) != 0))
			continue;
		seed = 88172645463325252u;
		size_t n = to_utf16(text, make(&corpora[i], text, size), in);
		printf("%-10s", corpora[i].name);
		for (size_t k = 0; utf16_kernels[k]; k++) {
			uint64_t begin = cpu_now_ns(), best = UINT64_MAX, start, used_ns;
			if (!utf16_kernels[k]->usable() ||
			    (kernel && strcmp(kernel, utf16_kernels[k]->name) != 0))
				continue;
			do {
				size_t used;
				start = cpu_now_ns();
				utf16_kernels[k]->little(in, n, &used, out);
				used_ns = cpu_now_ns() - start;
				best = used_ns > 0 && used_ns < best ? used_ns : best;
			} while (start - begin < ns);
			printf("%12.2f", (double)n / (double)best);
		}
		printf("\n");
	}
	free(text);
	free(in);
	free(out);
}

int main(int argc, char **argv)
{
	const char *kernel = NULL, *needs = NULL, *corpus = NULL, *locale = "C.UTF-8", *file = NULL;
	size_t size = 256 << 10, block = 0;
	uint64_t ns = 20000000;
	bool utf16 = false;
	int option;

	while ((option = getopt(argc, argv, "k:n:c:L:s:t:b:f:u")) != -1) {
		switch (option) {
		case 'k':
			kernel = optarg;
			break;
		case 'n':
			needs = optarg;
			break;
		case 'c':
			corpus = optarg;
			break;
		case 'L':
			locale = optarg;
			break;
		case 'f':
			file = optarg;
			break;
		case 's':
			size = strtoul(optarg, NULL, 10) << 10;
			break;
		case 't':
			ns = strtoul(optarg, NULL, 10) * 1000000;
			break;
		case 'u':
			utf16 = true;
			break;
		case 'b':
			block = strtoul(optarg, NULL, 10) << 10;
			break;
		default:
			return 1;
		}
	}
	if (utf16) {
		print_utf16(kernel, corpus, size, ns);
		return 0;
	}
	if (!setlocale(LC_CTYPE, locale)) {
		fprintf(stderr, "kernels: no locale %s\n", locale);
		return 1;
	}
	struct charset cs;
	charset_init(&cs, false);
	for (size_t i = 0; counter_kernels[i]; i++)
		if (counter_kernels[i]->usable() &&
		    (!kernel || strcmp(kernel, counter_kernels[i]->name) == 0))
			print_table(counter_kernels[i], &cs, needs, corpus, file, size, block, ns);
	return 0;
}
