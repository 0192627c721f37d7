/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lost update, from which the project grew: processes add one to a shared counter, again and
 * again. Each addition is a load, a sum and a store; without the lock two of them may load the same
 * value, and one addition is lost. The same code runs with and without the lock.
 */
#include "base/base.h"
#include "engine/lock.h"
#include "unit.h"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSES = 4, ADDITIONS = 20000, ROUNDS_MAX = 50 };

struct shared {
	struct lock lock;
	volatile uint64_t counter;
	volatile uint64_t repairs;
};

static struct shared *shared_new(void)
{
	struct shared *s =
		mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(s, MAP_FAILED);
	assert_int_equal(lock_init(&s->lock, true), 0);
	return s;
}

static void shared_free(struct shared *s)
{
	munmap(s, sizeof *s);
}

static void add(struct shared *s, bool locked, unsigned i)
{
	if (locked && lock_take(&s->lock) != LOCK_CONSISTENT)
		s->repairs++;
	uint64_t value = s->counter;
	/* Now and then another is let in between load and store, as on a busy machine. */
	if (i % 64 == 0)
		sched_yield();
	s->counter = value + 1;
	if (locked)
		lock_release(&s->lock);
}

/* What is in the counter when all processes have made all their additions. */
static uint64_t count(bool locked)
{
	struct shared *s = shared_new();

	fflush(stdout);
	for (unsigned p = 0; p < PROCESSES; p++) {
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			alarm(60);
			for (unsigned i = 0; i < ADDITIONS; i++)
				add(s, locked, i);
			_exit(0);
		}
	}
	for (unsigned p = 0; p < PROCESSES; p++) {
		int status;
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	uint64_t counted = s->counter;
	shared_free(s);
	return counted;
}

static void without_the_lock_updates_are_lost(void **state UNUSED)
{
	const uint64_t all = (uint64_t)PROCESSES * ADDITIONS;

	for (unsigned round = 1; round <= ROUNDS_MAX; round++) {
		uint64_t counted = count(false);
		assert_true(counted <= all);
		if (counted < all) {
			printf("without the lock: %ju of %ju additions lost (round %u)\n",
			       (uintmax_t)(all - counted), (uintmax_t)all, round);
			return;
		}
	}
	fail_msg("nothing lost in %d rounds", ROUNDS_MAX);
}

static void with_the_lock_none_is_lost(void **state UNUSED)
{
	for (unsigned round = 0; round < 3; round++)
		assert_true(count(true) == (uint64_t)PROCESSES * ADDITIONS);
	printf("with the lock: none of %d\n", PROCESSES * ADDITIONS);
}

/* A holder that dies inside leaves the lock to the next one, who is told, once. */
static void a_dead_holder_is_told_of_once(void **state UNUSED)
{
	struct shared *s = shared_new();

	for (unsigned round = 0; round < 100; round++) {
		pid_t pid = fork();
		if (pid == 0) {
			lock_take(&s->lock);
			s->counter = round + 1;
			kill(getpid(), SIGKILL);
		}
		while (s->counter != round + 1)
			sched_yield();
		/* Waiting for the lock while its holder dies, or coming later: both must work. */
		if (round % 2)
			waitpid(pid, NULL, 0);
		alarm(20);
		assert_int_equal(lock_take(&s->lock), LOCK_HOLDER_DIED);
		alarm(0);
		lock_release(&s->lock);
		assert_int_equal(lock_take(&s->lock), LOCK_CONSISTENT);
		lock_release(&s->lock);
		if (round % 2 == 0)
			waitpid(pid, NULL, 0);
	}
	shared_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_the_lock_updates_are_lost),
		cmocka_unit_test(with_the_lock_none_is_lost),
		cmocka_unit_test(a_dead_holder_is_told_of_once),
	};

	return unit_run(tests);
}
