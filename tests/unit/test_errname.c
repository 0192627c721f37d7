/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of error numbers: glibc's, or where it has none, our table's. */
#include "base/base.h"
#include "base/errname.h"
#include "unit.h"

#include <errno.h>

static void names(void **state UNUSED)
{
	assert_string_equal(error_name(EPERM), "EPERM");
	assert_string_equal(error_name(ENOENT), "ENOENT");
	assert_string_equal(error_name(EAGAIN), "EAGAIN");
	assert_string_equal(error_name(EOPNOTSUPP), "EOPNOTSUPP");
	assert_string_equal(error_name(EHWPOISON), "EHWPOISON");
	assert_null(error_name(9999));
	assert_string_equal(error_text(ENOENT), "No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(names)};

	return unit_run(tests);
}
