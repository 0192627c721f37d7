/* SPDX-License-Identifier: BSD-2-Clause */
/* The ledger: order, window, giving back, sleeping; many threads. UNIT_SEED changes what is tried.
 */
#include "ledger.h"

#include <sys/syscall.h>

/* ---- order and window ---- */

static void collects_in_order_whatever_the_order_of_commits(void **state UNUSED)
{
	struct ledger *l = ledger_new(8, false);
	struct task task;
	struct result result;
	uint64_t seq[4];

	for (unsigned i = 0; i < 4; i++)
		add_one(l);
	for (unsigned i = 0; i < 4; i++) {
		assert_true(ledger_claim(l, i, &task, &seq[i]));
		assert_true(seq[i] == i); /* the oldest first */
	}
	assert_false(ledger_claim(l, 9, &task, &seq[0]));
	assert_true(ledger_pending(l) == 4);
	commit_value(l, 2, 2);
	commit_value(l, 1, 1);
	assert_false(ledger_collect(l, &task, &result));
	commit_value(l, 0, 0);
	for (uint64_t i = 0; i < 3; i++)
		assert_true(collect_is(l, i));
	assert_false(ledger_collect(l, &task, &result));
	commit_value(l, 3, 3);
	assert_true(collect_is(l, 3));
	assert_true(ledger_pending(l) == 0);
	assert_true(ledger_commits(l) == 4);
	ledger_free(l);
}

static void a_full_ring_has_no_room_until_one_is_collected(void **state UNUSED)
{
	enum { SLOTS = 4, TASKS = 1000 };
	struct ledger *l = ledger_new(SLOTS, false);
	struct task task;
	uint64_t seq, added = 0, collected = 0, rng = 7;

	while (collected < TASKS) {
		while (added < TASKS && ledger_has_room(l)) {
			add_one(l);
			added++;
		}
		assert_true(ledger_pending(l) <= SLOTS);
		assert_int_equal(ledger_has_room(l), ledger_pending(l) < SLOTS);
		while (unit_below(&rng, 4) != 0 && ledger_claim(l, 1, &task, &seq))
			commit_value(l, 1, seq);
		while (collect_is(l, collected))
			collected++;
	}
	assert_true(ledger_pending(l) == 0);
	assert_false(ledger_claim(l, 1, &task, &seq));
	ledger_free(l);
}

static void a_task_comes_out_as_it_went_in(void **state UNUSED)
{
	char path[] = "some/where";
	struct task in = {.kind = TASK_PIECE,
	                  .path = path,
	                  .fd = 7,
	                  .dev = 3,
	                  .ino = 4,
	                  .begin = 5,
	                  .end = 6,
	                  .origin = 2,
	                  .size = 8};
	struct task out;
	struct result result = {.kind = RESULT_DEFERRED, .open_error = ENOENT, .read_error = EIO};
	uint64_t seq;

	for (int shared = 0; shared <= (int)lock_can_be_shared(); shared++) {
		struct ledger *l = ledger_new(2, shared);
		strcpy(path, "some/where");
		ledger_add(l, &in);
		if (shared) /* keeps a copy: pointers mean nothing in other processes */
			strcpy(path, "elsewhere!");
		assert_true(ledger_claim(l, 0, &out, &seq));
		assert_string_equal(out.path, "some/where");
		assert_int_equal(out.kind, in.kind);
		assert_int_equal(out.fd, in.fd);
		assert_true(out.dev == in.dev && out.ino == in.ino && out.size == in.size);
		assert_true(out.begin == in.begin && out.end == in.end && out.origin == in.origin);
		assert_false(out.no_mmap);
		ledger_commit(l, 0, seq, &result);
		struct result back;
		assert_true(ledger_collect(l, &out, &back));
		assert_int_equal(back.kind, RESULT_DEFERRED);
		assert_int_equal(back.open_error, ENOENT);
		assert_int_equal(back.read_error, EIO);
		ledger_free(l);
	}
}

static void who_commits_can_claim_the_next(void **state UNUSED)
{
	struct ledger *l = ledger_new(4, false);
	struct task task;
	uint64_t seq;

	for (unsigned i = 0; i < 3; i++)
		add_one(l);
	assert_true(ledger_claim(l, 1, &task, &seq) && seq == 0);
	assert_true(commit_and_claim(l, 1, &task, &seq) && seq == 1 && task.begin == 1);
	assert_true(collect_is(l, 0) && ledger_claimed(l) == 1);
	assert_true(commit_and_claim(l, 1, &task, &seq) && seq == 2);
	assert_false(commit_and_claim(l, 1, &task, &seq));
	add_one(l);
	assert_true(ledger_claim(l, 1, &task, &seq) && seq == 3);
	add_one(l);
	ledger_close(l); /* nobody claims any more */
	assert_false(commit_and_claim(l, 1, &task, &seq));
	for (uint64_t i = 1; i < 4; i++)
		assert_true(collect_is(l, i));
	assert_true(ledger_commits(l) == 4 && ledger_pending(l) == 1);
	ledger_free(l);
}

/* In its place among the others, and nobody can claim it. */
static void what_is_known_enters_done(void **state UNUSED)
{
	struct ledger *l = ledger_new(4, lock_can_be_shared());
	struct task task = {.kind = TASK_PIECE, .fd = -1, .path = "a", .begin = 3};
	struct result result = {.tally = {.lines = value_of(1), .bytes = 1}};
	uint64_t seq;

	add_one(l);
	ledger_add_done(l, &task, &result);
	assert_true(ledger_claim(l, 2, &task, &seq) && !ledger_claim(l, 2, &task, &seq));
	commit_value(l, 2, 0);
	assert_true(collect_is(l, 0) && collect_is(l, 1) && ledger_oldest(l) == 2);
	ledger_free(l);
}

/* ---- giving back ---- */

/* What a worker has not begun it has not died of. */
static void what_was_not_begun_is_released_as_it_was(void **state UNUSED)
{
	struct ledger *l = ledger_new(4, false);
	struct task task;
	uint64_t seq;

	add_one(l);
	add_one(l);
	for (int i = 0; i < 3; i++) { /* more often than a task may kill */
		assert_true(ledger_claim(l, 0, &task, &seq) && seq == 0);
		assert_true(ledger_claim(l, 0, &task, &seq) && seq == 1);
		ledger_release(l, 0, 1);
		ledger_release(l, 0, 0);
	}
	assert_true(ledger_claim(l, 0, &task, &seq) && seq == 0 && !task.no_mmap);
	assert_true(ledger_claim(l, 0, &task, &seq) && seq == 1);
	ledger_release(l, 0, 1);
	assert_int_equal(ledger_give_back(l, 0), 1);
	assert_true(ledger_claim(l, 1, &task, &seq) && seq == 0 && task.no_mmap);
	assert_true(ledger_claim(l, 1, &task, &seq) && seq == 1 && !task.no_mmap);
	ledger_free(l);
}

static void a_dead_workers_claims_are_given_back(void **state UNUSED)
{
	struct ledger *l = ledger_new(8, false);
	struct task task = {0}; /* GCC 12 with -flto takes it for unset */
	uint64_t seq;

	for (unsigned i = 0; i < 5; i++)
		add_one(l);
	for (unsigned i = 0; i < 5; i++) /* 0 2 4 to worker 0, 1 3 to worker 1 */
		assert_true(ledger_claim(l, i % 2, &task, &seq));
	commit_value(l, 0, 2);
	assert_int_equal(ledger_give_back(l, 0), 2); /* 0 and 4; what is done stays done */
	assert_int_equal(ledger_give_back(l, 0), 0);
	assert_true(ledger_claim(l, 2, &task, &seq));
	assert_true(seq == 0 && task.no_mmap);
	assert_true(ledger_claim(l, 2, &task, &seq));
	assert_true(seq == 4 && task.no_mmap);
	assert_false(ledger_claim(l, 2, &task, &seq));
	commit_value(l, 1, 1);
	commit_value(l, 1, 3);
	commit_value(l, 2, 4);
	commit_value(l, 2, 0);
	for (uint64_t i = 0; i < 5; i++)
		assert_true(collect_is(l, i));
	ledger_free(l);
}

static void a_task_that_has_killed_two_is_left_to_the_coordinator(void **state UNUSED)
{
	for (int by_deadly = 0; by_deadly < 2; by_deadly++) {
		struct ledger *l = ledger_new(4, false);
		struct task task;
		uint64_t seq;
		add_one(l);
		add_one(l);
		assert_false(ledger_claim_deadly(l, &task, &seq));
		for (unsigned death = 0; death < 2; death++) {
			assert_true(ledger_claim(l, death, &task, &seq));
			assert_true(seq == 0);
			assert_int_equal(task.no_mmap, death > 0);
			assert_false(ledger_claim_deadly(l, &task, &seq));
			assert_int_equal(ledger_give_back(l, death), 1);
		}
		/* A worker gets the next one instead, the coordinator the deadly one. */
		assert_true(ledger_claim(l, 5, &task, &seq));
		assert_true(seq == 1);
		assert_false(ledger_claim(l, 5, &task, &seq));
		if (by_deadly)
			assert_true(ledger_claim_deadly(l, &task, &seq));
		else
			assert_true(ledger_claim(l, LEDGER_COORDINATOR, &task, &seq));
		assert_true(seq == 0 && task.no_mmap);
		assert_false(ledger_claim_deadly(l, &task, &seq));
		commit_value(l, LEDGER_COORDINATOR, 0);
		commit_value(l, 5, 1);
		assert_true(collect_is(l, 0) && collect_is(l, 1));
		/* The slot's next task is innocent. */
		for (unsigned i = 0; i < 4; i++)
			add_one(l);
		for (uint64_t i = 2; i < 6; i++) {
			assert_true(ledger_claim(l, 5, &task, &seq));
			assert_true(seq == i && !task.no_mmap);
		}
		ledger_free(l);
	}
}

/* ---- sleeping ---- */

struct sleeper {
	struct ledger *l;
	_Atomic pid_t thread; /* 0: has not begun */
	bool found;
	uint64_t seq;
};

static void *sleep_for_task(void *arg)
{
	struct sleeper *s = arg;
	struct task task;

	atomic_store(&s->thread, (pid_t)syscall(SYS_gettid));
	s->found = ledger_claim_wait(s->l, 1, &task, &s->seq);
	return NULL;
}

/* Where /proc does not say, it goes on at once: what is tested must hold then, too. */
static void wait_until_asleep(struct sleeper *s)
{
	char path[64], state = 'R';
	pid_t thread;

	while ((thread = atomic_load(&s->thread)) == 0)
		sched_yield();
	snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)thread);
	while (state != 'S') {
		FILE *file = fopen(path, "r");
		if (!file || fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
			state = 'S';
		if (file)
			fclose(file);
	}
}

static void sleepers_wake_for_work_and_for_the_end(void **state UNUSED)
{
	struct ledger *l = ledger_new(4, false);
	struct task task;
	uint64_t seq;

	watchdog(60);
	for (unsigned round = 0; round < 3; round++) {
		struct sleeper s = {.l = l};
		pthread_t thread;
		assert_int_equal(pthread_create(&thread, NULL, sleep_for_task, &s), 0);
		wait_until_asleep(&s);
		if (round == 0) {
			add_one(l);
			ledger_announce(l);
		} else if (round == 1) {
			assert_int_equal(ledger_give_back(l, 1), 1);
		} else {
			ledger_close(l);
		}
		assert_int_equal(pthread_join(thread, NULL), 0);
		assert_int_equal(s.found, round < 2);
		if (round < 2)
			assert_true(s.seq == 0);
		else
			assert_false(ledger_claim_wait(l, 1, &task, &seq));
	}
	watchdog(0);
	ledger_free(l);
}

/* ---- many at once ---- */

enum { RING = 24 };

static void *thread_works(void *arg)
{
	struct sleeper *s = arg;
	struct task task;
	uint64_t seq;

	while (ledger_claim_wait(s->l, (unsigned)s->seq, &task, &seq)) {
		while (commit_and_claim(s->l, (unsigned)s->seq, &task, &seq))
			continue;
	}
	return NULL;
}

static void many_threads(void **state UNUSED)
{
	enum { THREADS = 8, TASKS = 100000 };
	struct ledger *l = ledger_new(RING, false);
	struct sleeper arg[THREADS];
	pthread_t thread[THREADS];
	uint64_t added = 0, collected = 0;

	watchdog(120);
	for (unsigned i = 0; i < THREADS; i++) {
		arg[i] = (struct sleeper){.l = l, .seq = i};
		assert_int_equal(pthread_create(&thread[i], NULL, thread_works, &arg[i]), 0);
	}
	while (collected < TASKS) {
		uint32_t seen = ledger_news_seen(l);
		while (added < TASKS && ledger_has_room(l)) {
			add_one(l);
			added++;
		}
		ledger_announce(l);
		uint64_t before = collected;
		while (collect_is(l, collected))
			collected++;
		if (collected == before)
			ledger_wait_news(l, seen);
	}
	ledger_close(l);
	for (unsigned i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(thread[i], NULL), 0);
	assert_true(ledger_pending(l) == 0 && ledger_commits(l) == TASKS);
	watchdog(0);
	ledger_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(collects_in_order_whatever_the_order_of_commits),
		cmocka_unit_test(a_full_ring_has_no_room_until_one_is_collected),
		cmocka_unit_test(a_task_comes_out_as_it_went_in),
		cmocka_unit_test(who_commits_can_claim_the_next),
		cmocka_unit_test(what_is_known_enters_done),
		cmocka_unit_test(what_was_not_begun_is_released_as_it_was),
		cmocka_unit_test(a_dead_workers_claims_are_given_back),
		cmocka_unit_test(a_task_that_has_killed_two_is_left_to_the_coordinator),
		cmocka_unit_test(sleepers_wake_for_work_and_for_the_end),
		cmocka_unit_test(many_threads),
	};

	return unit_run(tests);
}
