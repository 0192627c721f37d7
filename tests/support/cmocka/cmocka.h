/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * As much of cmocka as the tests of kernels use, for processors that there is no cmocka for, under
 * an emulator: see tests/emulated. A failure ends its test; the others go on.
 */
#ifndef PCOUNT_TESTS_CMOCKA_H
#define PCOUNT_TESTS_CMOCKA_H

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct CMUnitTest {
	const char *name;
	void (*run)(void **state);
};

/* Where a test that fails (1) or is skipped (2) goes back to. */
static jmp_buf cmocka_end;

#define cmocka_unit_test(f) \
	{                   \
#f, f       \
	}
#define cmocka_stop(how, ...)                                                          \
	(fprintf(stderr, "%s:%d: ", __FILE__, __LINE__), fprintf(stderr, __VA_ARGS__), \
	 fputc('\n', stderr), longjmp(cmocka_end, how))
#define fail_msg(...)                 cmocka_stop(1, __VA_ARGS__)
#define fail()                        fail_msg("failed")
#define skip()                        cmocka_stop(2, "skipped")
#define assert_true(x)                ((x) ? (void)0 : fail_msg("not true: %s", #x))
#define assert_false(x)               assert_true(!(x))
#define assert_non_null(x)            assert_true((x) != NULL)
#define assert_null(x)                assert_true((x) == NULL)
#define assert_int_equal(a, b)        assert_true((uintmax_t)(a) == (uintmax_t)(b))
#define assert_int_not_equal(a, b)    assert_false((uintmax_t)(a) == (uintmax_t)(b))
#define assert_string_equal(a, b)     assert_true(strcmp((a), (b)) == 0)
#define assert_string_not_equal(a, b) assert_false(strcmp((a), (b)) == 0)
#define assert_memory_equal(a, b, n)  assert_true(memcmp((a), (b), (n)) == 0)
#define cmocka_run_group_tests(tests, setup, teardown) \
	cmocka_run((tests), sizeof(tests) / sizeof((tests)[0]))

/* How many have failed. */
static int cmocka_run(const struct CMUnitTest *tests, size_t n)
{
	static size_t i; /* static: it outlives longjmp() */
	static int failed;

	for (i = 0; i < n; i++) {
		void *state = NULL;
		int how = setjmp(cmocka_end);
		if (how == 0)
			tests[i].run(&state);
		failed += how == 1;
		printf("%s %s\n", how == 0 ? "ok  " : how == 1 ? "FAIL" : "skip", tests[i].name);
		fflush(stdout);
	}
	return failed;
}

#endif
