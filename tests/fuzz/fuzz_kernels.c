/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzer: all kernels, all needs, all charsets and kinds of records against scalar. The first bytes
 * say how to cut, the rest is the text. With libFuzzer (clang -fsanitize=fuzzer), or alone
 * (-DFUZZ_ALONE), when it fuzz_kernels FILE...             runs the files fuzz_kernels -r SECONDS
 * [SEED]   makes up texts
 */
#include "base/base.h"
#include "kernelcheck.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	enum { HEADER = 9 };

	check_init();
	if (n < HEADER || n > CHECK_MAX)
		return 0;
	struct check_random r = {.state = 1};
	for (unsigned i = 1; i < HEADER; i++)
		r.state = r.state << 8 ^ data[i] ^ r.state >> 56;
	struct check_way way = check_make_way(&r, n - HEADER);
	if (check_text(data[0] % CHECK_CHARSETS, data + HEADER, n - HEADER, &way) != 0 ||
	    check_records(data + HEADER, n - HEADER, &way) != 0)
		abort();
	return 0;
}

#ifdef FUZZ_ALONE

#include "base/clock.h"

static int run_file(const char *name)
{
	static unsigned char text[CHECK_MAX];
	FILE *f = fopen(name, "rb");

	if (!f) {
		perror(name);
		return 1;
	}
	size_t n = fread(text, 1, sizeof text, f);
	fclose(f);
	return LLVMFuzzerTestOneInput(text, n);
}

static int run_random(unsigned seconds, uint64_t seed)
{
	static unsigned char text[CHECK_MAX];
	uint64_t end = clock_now_ns() + seconds * UINT64_C(1000000000), runs = 0;

	check_init();
	for (; clock_now_ns() < end; runs++, seed++) {
		struct check_random r = {.state = seed * 2 + 1};
		for (int i = 0; i < 8; i++)
			check_random(&r);
		size_t max = check_below(&r, 8) ? check_below(&r, 700) : check_below(&r, 60000);
		size_t n = check_make_text(&r, text, max);
		struct check_way way = check_make_way(&r, n);
		if (check_text((unsigned)(runs % CHECK_CHARSETS), text, n, &way) != 0 ||
		    check_records(text, n, &way) != 0) {
			fprintf(stderr, "seed %ju, charset %s\n", (uintmax_t)seed,
			        check_charset_name((unsigned)(runs % CHECK_CHARSETS)));
			return 1;
		}
	}
	printf("%ju texts, all equal; next seed %ju\n", (uintmax_t)runs, (uintmax_t)seed);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc >= 3 && strcmp(argv[1], "-r") == 0)
		return run_random((unsigned)atoi(argv[2]),
		                  argc > 3 ? strtoull(argv[3], NULL, 0) : 1);
	int status = 0;
	for (int i = 1; i < argc; i++)
		status |= run_file(argv[i]);
	return status;
}

#endif
