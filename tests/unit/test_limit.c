/* SPDX-License-Identifier: BSD-2-Clause */
/* What kept a run from being faster, whose figures are made up. */
#include "unit.h"

#include "report/limit.h"

/* A run of ten seconds by two workers, which had the processors all the time. */
static const struct limit_figures usual = {
	.wall = 10,
	.busy = 20,
	.longest = 10,
	.user = 18,
	.system = 1,
	.read = 1000,
	.gave_up = 5,
	.lost = 50,
};

static void gives(struct limit_figures f, enum limit expected)
{
	assert_string_equal(limit_key(limit_of(&f)), limit_key(expected));
}

static void too_little_to_tell(void **state UNUSED)
{
	struct limit_figures f = usual;

	f.read = 0;
	gives(f, LIMIT_UNKNOWN);
	f = usual;
	f.longest = 4.9;
	gives(f, LIMIT_UNKNOWN);
	f.longest = 5;
	gives(f, LIMIT_CPU);
	f = (struct limit_figures){
		.wall = .019, .busy = .019, .longest = .019, .user = .019, .read = 1};
	gives(f, LIMIT_UNKNOWN);
	f.wall = .02;
	gives(f, LIMIT_CPU);
}

static void the_processor(void **state UNUSED)
{
	struct limit_figures f = usual;

	gives(f, LIMIT_CPU);
	f.from_disk = 1000; /* read ahead in time */
	gives(f, LIMIT_CPU);
	f.decoded = 501;
	gives(f, LIMIT_DECODER);
	f.decoded = 500;
	gives(f, LIMIT_CPU);
}

static void a_crowd(void **state UNUSED)
{
	struct limit_figures f = usual;

	f.user = 12.9; /* with the kernel's time 69.5 % */
	gives(f, LIMIT_SHARED);
	f.decoded = 1000;
	gives(f, LIMIT_SHARED);
	f.user = 13.1;
	gives(f, LIMIT_DECODER);
	f.user = 12.9;
	f.decoded = 0;
	f.gave_up = 50; /* it waited, but for nothing that is known */
	gives(f, LIMIT_CPU);
}

static void bytes_that_are_late(void **state UNUSED)
{
	struct limit_figures f = usual;

	f.user = 5;
	f.from_disk = 251;
	gives(f, LIMIT_DISK);
	f.from_disk = 250;
	gives(f, LIMIT_SHARED);
	f.streamed = 501;
	gives(f, LIMIT_PIPE);
	f.from_disk = 1000;
	gives(f, LIMIT_PIPE);
	f.user = 18;
	gives(f, LIMIT_CPU);
	f.system = 18.1; /* copying */
	gives(f, LIMIT_PIPE);
	f.streamed = 500;
	gives(f, LIMIT_CPU);
}

static void each_has_a_name(void **state UNUSED)
{
	for (int i = LIMIT_UNKNOWN; i <= LIMIT_DISK; i++) {
		assert_true(limit_key((enum limit)i)[0] != '\0');
		assert_true(limit_text((enum limit)i)[0] != '\0');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(too_little_to_tell),
		cmocka_unit_test(the_processor),
		cmocka_unit_test(a_crowd),
		cmocka_unit_test(bytes_that_are_late),
		cmocka_unit_test(each_has_a_name),
	};

	return unit_run(tests);
}
