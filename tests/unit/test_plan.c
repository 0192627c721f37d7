/* SPDX-License-Identifier: BSD-2-Clause */
/* How files are cut up. */
#include "base/base.h"
#include "engine/plan.h"
#include "unit.h"

#include <locale.h>

static struct charset cs;
static struct counter counter;

static struct plan make(unsigned workers, uint64_t chunk_size, bool only_bytes)
{
	struct engine_config config = {
		.chunk_size = chunk_size,
		.scan = {.only_bytes = only_bytes, .counter = &counter},
	};

	return plan_make(&config, workers);
}

static void use_needs(unsigned needs)
{
	setlocale(LC_CTYPE, "C");
	charset_init(&cs, false);
	counter_free(&counter);
	assert_int_equal(counter_init(&counter, &cs, needs, NULL), COUNTER_OK);
}

static void one_worker_cuts_nothing_up(void **state UNUSED)
{
	use_needs(NEED_LINES);
	assert_true(make(1, 0, false).split_above == UINT64_MAX);
	assert_true(make(2, 0, false).split_above < UINT64_C(64) << 20);
}

static void gzip_is_relayed_by_three_or_more(void **state UNUSED)
{
	const uint64_t mib = 1 << 20;

	use_needs(NEED_LINES);
	for (unsigned workers = 2; workers <= 64; workers++) {
		struct plan plan = make(workers, 0, false);
		uint64_t chunk = plan_relay_chunk(&plan, 64, 1000 * mib, 0);
		assert_int_equal(chunk > 0, workers > 2);
		assert_true(chunk <= mib);
		/* On two processors it would be slower, whatever -j says. */
		assert_int_equal(plan_relay_chunk(&plan, 2, 1000 * mib, 0), 0);
		assert_int_equal(plan_relay_chunk(&plan, 64, mib, 0), 0);
		/* Text that has no room makes pieces smaller, to a limit. */
		uint64_t dense = plan_relay_chunk(&plan, 64, 1000 * mib, 4000 * mib);
		assert_int_equal(dense, chunk);
		dense = plan_relay_chunk(&plan, 64, 100 * mib, 3200 * mib);
		assert_true(workers == 2 ? dense == 0 : dense == mib / 4);
		dense = plan_relay_chunk(&plan, 64, 100 * mib, UINT32_MAX);
		assert_true(workers == 2 ? dense == 0 : dense == mib / 4);
	}
	struct plan given = make(2, 777, false);
	assert_int_equal(plan_relay_chunk(&given, 2, 1000 * mib, 0), 777);
}

static void a_given_chunk_size_is_kept(void **state UNUSED)
{
	static const uint64_t sizes[] = {1, 2, 3, 7, 64, 4096, 4097, 1 << 20, UINT64_C(1) << 40};

	use_needs(NEED_LINES);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		for (unsigned workers = 1; workers < 5; workers++) {
			struct plan plan = make(workers, sizes[i], false);
			assert_true(plan.split_above == sizes[i]);
			assert_true(plan_chunk(&plan, sizes[i] + 1) == sizes[i]);
			assert_true(plan_chunk(&plan, UINT64_C(1) << 50) == sizes[i]);
		}
	}
}

static void sizes_alone_need_no_reading(void **state UNUSED)
{
	use_needs(0);
	assert_true(make(8, 0, true).split_above == UINT64_MAX);
	assert_true(make(8, 64, true).split_above == UINT64_MAX);
}

/* Whole pages, never none, larger for larger files, and enough of them for all workers. */
static void chunks_are_sensible(void **state UNUSED)
{
	static const unsigned needs[] = {NEED_LINES, NEED_ALL};

	for (size_t n = 0; n < ARRAY_LEN(needs); n++) {
		use_needs(needs[n]);
		for (unsigned workers = 2; workers <= 4096; workers *= 2) {
			struct plan plan = make(workers, 0, false);
			uint64_t last = 0;
			for (uint64_t size = plan.split_above + 1; size < UINT64_C(1) << 45;
			     size *= 3) {
				uint64_t chunk = plan_chunk(&plan, size);
				assert_true(chunk >= 4096 && chunk % 4096 == 0);
				assert_true(chunk >= last);
				assert_true(chunk <= UINT64_C(64) << 20);
				last = chunk;
			}
			assert_true(last * workers <= UINT64_C(1) << 45);
		}
	}
}

static void much_work_is_shared_and_little_is_not(void **state UNUSED)
{
	use_needs(NEED_LINES);
	struct plan plan = make(4, 0, false);
	assert_false(plan_worth_sharing(&plan, 0, 1));
	assert_false(plan_worth_sharing(&plan, 100000, 3));
	assert_true(plan_worth_sharing(&plan, UINT64_C(1) << 30, 1));
	assert_true(plan_worth_sharing(&plan, 0, 100000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_worker_cuts_nothing_up),
		cmocka_unit_test(gzip_is_relayed_by_three_or_more),
		cmocka_unit_test(a_given_chunk_size_is_kept),
		cmocka_unit_test(sizes_alone_need_no_reading),
		cmocka_unit_test(chunks_are_sensible),
		cmocka_unit_test(much_work_is_shared_and_little_is_not),
	};

	return unit_run(tests);
}
