/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the steps of decoding a gzip file by several workers cost, by one thread: for bench/relay.
 *
 *   gzip_costs FILE [TIMES]
 *
 * Prints one JSON object: bytes of the file and of its text, pieces, and nanoseconds of the
 * processor, the least of TIMES (5) rounds: of finding a border, for each piece; of symbols, of
 * resolving them with the checksum, and of the ordinary decoder, for each byte of text.
 */
#include "base/base.h"
#include "source/decoder.h"
#include "source/gzip_piece.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

enum { PIECE = 1 << 20 };

struct costs {
	double find, symbols, resolve, plain;
	uint64_t text, pieces;
};

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void die(const char *why)
{
	fprintf(stderr, "gzip_costs: %s\n", why);
	exit(1);
}

static uint64_t take_text(struct gzip_piece *p)
{
	const unsigned char *bytes;
	uint64_t sum = 0;
	size_t n;

	while ((n = gzip_piece_text(p, &bytes)) > 0)
		sum += n;
	return sum;
}

/* One piece after another, each entered as if what precedes it were unknown. */
static struct costs run_pieces(struct gzip_piece *p, int fd, uint64_t size)
{
	static struct gzip_place place;
	struct costs c = {0};

	place = (struct gzip_place){.at = GZIP_AT_MEMBER};
	for (uint64_t at = 0; place.at != GZIP_AT_REST; at += PIECE) {
		uint64_t end = at + PIECE < size ? at + PIECE : UINT64_MAX;
		if (place.bit / 8 >= end)
			continue;
		gzip_piece_begin(p, fd, at, end);
		double begin = now_ns();
		(void)gzip_piece_find(p);
		double found = now_ns();
		bool entered = at > 0 && gzip_piece_search(p);
		double searched = now_ns();
		bool counts = entered && gzip_piece_accept(p, &place);
		if (!counts)
			gzip_piece_start(p, &place);
		for (;;) {
			double before = now_ns();
			(void)gzip_piece_leave(p, &place);
			enum gzip_stop stop = gzip_piece_stop(p);
			uint64_t text = take_text(p);
			if (counts) {
				c.find += found - begin;
				c.symbols += searched - found - (found - begin);
				c.resolve += now_ns() - before;
				c.text += text;
				c.pieces++;
			}
			counts = false;
			if (stop == GZIP_STOP_BORDER || stop == GZIP_STOP_REST)
				break;
			if (stop == GZIP_STOP_FAULT)
				die("the file cannot be decoded in pieces");
			gzip_piece_start(p, &place);
		}
	}
	return c;
}

static bool add(void *arg, const unsigned char *bytes UNUSED, size_t n)
{
	*(uint64_t *)arg += n;
	return true;
}

/* Nanoseconds of the ordinary decoder; *text is what it has decoded. */
static double run_plain(const unsigned char *bytes, size_t n, uint64_t *text)
{
	struct decode_fault fault;
	struct decoder *d = decoder_new(FORMAT_GZIP, UINT64_C(1) << 30, &fault);

	if (!d)
		die("no library decodes gzip");
	*text = 0;
	double begin = now_ns();
	if (decoder_feed(d, bytes, n, add, text, &fault) != 0 ||
	    decoder_finish(d, add, text, &fault) != 0)
		die("the file cannot be decoded");
	double took = now_ns() - begin;
	decoder_free(d);
	return took;
}

static double least(double a, double b)
{
	return a < b ? a : b;
}

int main(int argc, char **argv)
{
	struct costs best = {1e18, 1e18, 1e18, 1e18, 0, 0};
	int times = argc > 2 ? atoi(argv[2]) : 5;
	struct gzip_piece *p = gzip_piece_new(UINT64_C(1) << 30);
	struct stat st;
	uint64_t text = 0;

	int fd = argc > 1 ? open(argv[1], O_RDONLY) : -1;
	if (!p || fd < 0 || fstat(fd, &st) != 0 || st.st_size == 0)
		die("usage: gzip_costs FILE [TIMES]");
	size_t size = (size_t)st.st_size;
	const unsigned char *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		die("cannot map the file");
	for (int i = 0; i < times; i++) {
		struct costs c = run_pieces(p, fd, size);
		best.plain = least(best.plain, run_plain(bytes, size, &text) / (double)text);
		if (c.pieces == 0)
			die("no piece was entered");
		best.find = least(best.find, c.find / (double)c.pieces);
		best.symbols = least(best.symbols, c.symbols / (double)c.text);
		best.resolve = least(best.resolve, c.resolve / (double)c.text);
		best.pieces = c.pieces;
	}
	gzip_piece_free(p);
	printf("{\"packed\":%zu,\"text\":%llu,\"pieces\":%llu,\"find\":%.0f,\"symbols\":%.4f,"
	       "\"resolve\":%.4f,\"plain\":%.4f}\n",
	       size, (unsigned long long)text, (unsigned long long)best.pieces, best.find,
	       best.symbols, best.resolve, best.plain);
	return 0;
}
