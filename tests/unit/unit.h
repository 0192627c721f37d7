/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every unit test includes: cmocka, and a main() that ends with the line all tests end with.
 *
 *      static const struct CMUnitTest tests[] = {cmocka_unit_test(...), ...};
 *      UNIT_MAIN(tests)
 */
#ifndef PCOUNT_TESTS_UNIT_H
#define PCOUNT_TESTS_UNIT_H

#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static inline int unit_run(const char *name, const struct CMUnitTest *tests, size_t n)
{
	int failed = _cmocka_run_group_tests(name, tests, n, NULL, NULL);
	if (failed < 0 || (size_t)failed > n)
		failed = (int)n;
	fflush(stderr);
	printf("%zu passed, %d failed\n", n - (size_t)failed, failed);
	return failed == 0 && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#define UNIT_MAIN(tests)                                                                          \
	int main(void)                                                                            \
	{                                                                                         \
		return unit_run(__FILE__, tests, ARRAY_LEN(tests));                               \
	}

#endif
