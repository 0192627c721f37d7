/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes as base64 and back. */
#include "unit.h"

#include "base/base64.h"

#include <errno.h>
#include <string.h>

static void good(const char *bytes, size_t n, const char *expected)
{
	size_t back;
	char *text = base64_encode(bytes, n);
	assert_non_null(text);
	assert_string_equal(text, expected);
	char *decoded = base64_decode(text, &back);
	assert_non_null(decoded);
	assert_int_equal(back, n);
	assert_memory_equal(decoded, bytes, n);
	assert_int_equal(decoded[n], '\0');
	free(decoded);
	free(text);
}

/* RFC 4648, section 10. */
static void vectors(void **state UNUSED)
{
	good("", 0, "");
	good("f", 1, "Zg==");
	good("fo", 2, "Zm8=");
	good("foo", 3, "Zm9v");
	good("foob", 4, "Zm9vYg==");
	good("fooba", 5, "Zm9vYmE=");
	good("foobar", 6, "Zm9vYmFy");
	good("\xff\xfe\0\x80", 4, "//4AgA==");
	good("\xfb\xff\xbf", 3, "+/+/");
}

static void any_bytes(void **state UNUSED)
{
	uint64_t seed = unit_number("SEED", 1);
	char bytes[64];
	for (int round = 0; round < 2000; round++) {
		size_t n = unit_below(&seed, sizeof bytes + 1), back;
		for (size_t i = 0; i < n; i++)
			bytes[i] = (char)unit_random(&seed);
		char *text = base64_encode(bytes, n);
		assert_int_equal(strlen(text), (n + 2) / 3 * 4);
		char *decoded = base64_decode(text, &back);
		assert_int_equal(back, n);
		assert_memory_equal(decoded, bytes, n);
		free(decoded);
		free(text);
	}
}

static void strict(void **state UNUSED)
{
	static const char *const texts[] = {
		"Z",        "Zg",   "Zg=",    "Zh==",     "Zm9=", "====",    "Z===",  "=Zg=",
		"Zg==Zg==", "Z g=", "Zm9v\n", "Zm9v====", "Zm-_", "Zm9\xc3", "Zm9v ", "Zg=v",
	};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		size_t n;
		errno = 0;
		assert_null(base64_decode(texts[i], &n));
		assert_int_equal(errno, EINVAL);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(vectors),
	cmocka_unit_test(any_bytes),
	cmocka_unit_test(strict),
};

int main(void)
{
	return unit_run(tests);
}
