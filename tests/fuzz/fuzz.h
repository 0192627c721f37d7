/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What fuzz targets share. A target is one function over bytes that aborts when a promise is
 * broken:
 *
 *      int FUZZ_TARGET(const uint8_t *data, size_t n)
 *
 * With libFuzzer it has that one's name. Alone (-DFUZZ_ALONE) it runs the files it is given. The
 * unit test test_fuzz.c includes all targets, each under a name of its own.
 */
#ifndef PCOUNT_TESTS_FUZZ_H
#define PCOUNT_TESTS_FUZZ_H

#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>

/* Not assert(): it must hold in every build. */
#define fuzz_check(cond) ((cond) ? (void)0 : fuzz_failed(#cond, __FILE__, __LINE__))

NORETURN static inline void fuzz_failed(const char *cond, const char *file, int line)
{
	fprintf(stderr, "%s:%d: not true: %s\n", file, line, cond);
	abort();
}

/* Takes decisions from the front of the input. */
struct fuzz_bytes {
	const uint8_t *p;
	size_t n;
};

static inline unsigned fuzz_byte(struct fuzz_bytes *in)
{
	if (in->n == 0)
		return 0;
	in->n--;
	return *in->p++;
}

#ifndef FUZZ_TARGET
#define FUZZ_TARGET LLVMFuzzerTestOneInput
#endif

#ifdef FUZZ_ALONE
int FUZZ_TARGET(const uint8_t *data, size_t n);

int main(int argc, char **argv)
{
	static unsigned char data[1 << 20];

	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");
		if (!file) {
			perror(argv[i]);
			return 1;
		}
		size_t n = fread(data, 1, sizeof data, file);
		fclose(file);
		FUZZ_TARGET(data, n);
	}
	printf("%d passed, 0 failed\n", argc - 1);
	return 0;
}
#endif

#endif
