/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers as users write them. */
#include "unit.h"

#include "base/size.h"

#include <errno.h>

static void good(const char *text, uint64_t expected)
{
	uint64_t size = ~expected;
	assert_int_equal(size_parse(text, &size), 0);
	assert_true(size == expected);
}

static void bad(const char *text, int expected)
{
	uint64_t size;
	errno = 0;
	assert_int_equal(size_parse(text, &size), -1);
	assert_int_equal(errno, expected);
}

static void plain_numbers(void **state UNUSED)
{
	good("0", 0);
	good("1", 1);
	good("007", 7);
	good("4096", 4096);
	good("18446744073709551615", UINT64_MAX);
}

static void suffixes(void **state UNUSED)
{
	good("1K", 1024);
	good("1k", 1024);
	good("3KiB", 3 * 1024);
	good("3kiB", 3 * 1024);
	good("1KB", 1000);
	good("16M", 16u << 20);
	good("16m", 16u << 20);
	good("16MB", 16000000);
	good("16MiB", 16u << 20);
	good("2G", UINT64_C(2) << 30);
	good("2GB", 2000000000u);
	good("5T", UINT64_C(5) << 40);
	good("5TB", UINT64_C(5000000000000));
	good("1P", UINT64_C(1) << 50);
	good("1PB", UINT64_C(1000000000000000));
	good("15E", UINT64_C(15) << 60);
	good("18EB", UINT64_C(18000000000000000000));
	good("0E", 0);
}

static void no_sizes(void **state UNUSED)
{
	static const char *const texts[] = {
		"",    " ",     "K",   "-1",  "+1",  " 1",   "1 ",   "1.5",   "0x10",
		"1b",  "1B",    "1KK", "1Kb", "1Ki", "1KIB", "1Kib", "1KiBx", "1Z",
		"1iB", "1,000", "1e3", "ten", "1\n", "1KB ", "1M1",
	};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		bad(texts[i], EINVAL);
}

static void too_large(void **state UNUSED)
{
	bad("18446744073709551616", EOVERFLOW);
	bad("99999999999999999999999999999999", EOVERFLOW);
	bad("16E", EOVERFLOW);
	bad("19EB", EOVERFLOW);
	bad("18014398509481984K", EOVERFLOW);
	bad("99999999999999999999999M", EOVERFLOW);
	bad("99999999999999999999999x", EINVAL);
}

static void numbers(void **state UNUSED)
{
	uint64_t number;
	assert_int_equal(number_parse("4096", &number), 0);
	assert_true(number == 4096);
	errno = 0;
	assert_int_equal(number_parse("4K", &number), -1);
	assert_int_equal(errno, EINVAL);
	errno = 0;
	assert_int_equal(number_parse("", &number), -1);
	assert_int_equal(errno, EINVAL);
	errno = 0;
	assert_int_equal(number_parse("18446744073709551616", &number), -1);
	assert_int_equal(errno, EOVERFLOW);
}

/* Where the product has more than 64 bits too. */
static void shares(void **state UNUSED)
{
	const uint64_t most = UINT64_MAX;

	assert_true(share_of(10, 1, 3, false) == 3);
	assert_true(share_of(10, 1, 3, true) == 4);
	assert_true(share_of(9, 1, 3, true) == 3);
	assert_true(share_of(0, 5, 7, true) == 0);
	assert_true(share_of(40, 0, 7, true) == 0);
	assert_true(share_of(most, most, most, true) == most);
	assert_true(share_of(most, 1, 1, false) == most);
	assert_true(share_of(most, most - 1, most, false) == most - 1);
	assert_true(share_of(most - 1, most - 1, most, false) == most - 2);
	assert_true(share_of(most - 1, most - 1, most, true) == most - 1);
	assert_true(share_of(most, 2, 3, false) == most / 3 * 2);
	assert_true(share_of(UINT64_C(1) << 63, UINT64_C(1) << 62, UINT64_C(1) << 63, false) ==
	            UINT64_C(1) << 62);
	for (uint64_t whole = 0; whole < 40; whole++)
		for (uint64_t parts = 1; parts < 20; parts++)
			for (uint64_t part = 0; part <= parts; part++) {
				assert_true(share_of(whole, part, parts, false) ==
				            whole * part / parts);
				assert_true(share_of(whole, part, parts, true) ==
				            (whole * part + parts - 1) / parts);
			}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(plain_numbers), cmocka_unit_test(suffixes), cmocka_unit_test(no_sizes),
	cmocka_unit_test(too_large),     cmocka_unit_test(numbers),  cmocka_unit_test(shares),
};

int main(void)
{
	return unit_run(tests);
}
