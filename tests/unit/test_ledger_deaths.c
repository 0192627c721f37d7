/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ledger: deaths between any two of its steps. UNIT_SEED and UNIT_DEATHS (of processes) change
 * what is tried; PCOUNT_LONG asks for many deaths.
 */
#include "ledger.h"

/* ---- deaths inside ---- */

/* A child that dies at `point` of the ledger, or inside the lock if that is NULL. */
static void let_die(struct ledger *l, const char *point, unsigned worker)
{
	struct task task;
	uint64_t seq;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		alarm(20);
		if (!point) {
			ledger_lock(l);
			kill(getpid(), SIGKILL);
		}
		die_at = point;
		die_every = 1;
		if (ledger_claim(l, worker, &task, &seq))
			commit_value(l, worker, seq);
		_exit(0);
	}
	assert_true(waitpid(pid, &status, 0) == pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* The lock's holder is dead, and nobody has repaired anything yet: seen by a child that dies too.
 */
static void check_holder_is_dead(struct ledger *l)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		bool dead = pthread_mutex_trylock(&l->lock.mutex) == EOWNERDEAD;
		kill(getpid(), dead ? SIGKILL : SIGTERM);
	}
	assert_true(waitpid(pid, &status, 0) == pid);
	assert_int_equal(WTERMSIG(status), SIGKILL);
}

static void whoever_dies_in_the_lock_harms_nobody(void **state UNUSED)
{
	static const struct {
		const char *point;
		bool in_lock, held, done;
	} death[] = {
		{NULL, true, false, false},     {"claim", true, false, false},
		{"claimed", true, true, false}, {"counted", false, true, false},
		{"commit", true, true, false},  {"committed", true, false, true},
	};

	watchdog(60);
	for (size_t i = 0; i < ARRAY_LEN(death); i++) {
		struct ledger *l = ledger_new(4, true);
		struct task task;
		uint64_t seq;
		for (unsigned n = 0; n < 3; n++)
			add_one(l);
		let_die(l, death[i].point, 6);
		if (death[i].in_lock)
			check_holder_is_dead(l);
		assert_int_equal(ledger_give_back(l, 6), death[i].held);
		assert_int_equal(collect_is(l, 0), death[i].done);
		for (uint64_t want = death[i].done; want < 3; want++) {
			assert_true(ledger_claim(l, 1, &task, &seq));
			assert_true(seq == want);
			commit_value(l, 1, seq);
			assert_true(collect_is(l, want));
		}
		assert_false(ledger_claim(l, 1, &task, &seq));
		ledger_free(l);
	}
	watchdog(0);
}

/* A stale hint of where free tasks begin must not hide one that was given back. */
static void repair_finds_what_is_free_again(void **state UNUSED)
{
	struct ledger *l = ledger_new(8, true);
	struct task task;
	uint64_t seq;

	for (unsigned n = 0; n < 8; n++)
		add_one(l);
	for (unsigned n = 0; n < 7; n++)
		assert_true(ledger_claim(l, n == 2 ? 6 : 1, &task, &seq));
	assert_int_equal(ledger_give_back(l, 6), 1);
	let_die(l, "claim", 5); /* it had its hand on 2, which it found by looking */
	assert_true(ledger_claim(l, 1, &task, &seq));
	assert_true(seq == 2);
	let_die(l, "claimed", 5);
	assert_false(ledger_claim(l, 1, &task, &seq));
	assert_int_equal(ledger_give_back(l, 5), 1);
	assert_true(ledger_claim(l, 1, &task, &seq));
	assert_true(seq == 7);
	ledger_free(l);
}

/* ---- many at once ---- */

enum { RING = 24 };

enum { WORKERS = 6 };

struct crew {
	struct ledger *l;
	pid_t pid[WORKERS];
	uint64_t rng;
	unsigned long deaths, by_coordinator, births;
};

static struct ledger *volatile ring;

static void on_child(int sig UNUSED)
{
	if (ring)
		ledger_news(ring);
}

NORETURN static void process_works(struct ledger *l, unsigned number, uint64_t seed)
{
	struct task task;
	uint64_t seq;

	signal(SIGCHLD, SIG_DFL);
	alarm(120);
	die_at = "any";
	die_every = 24;
	die_random = seed | 1;
	while (ledger_claim_wait(l, number, &task, &seq)) {
		while (commit_and_claim(l, number, &task, &seq))
			continue;
	}
	_exit(0);
}

static void fill_crew(struct crew *c)
{
	for (unsigned i = 0; i < WORKERS; i++) {
		if (c->pid[i] != 0)
			continue;
		uint64_t seed = unit_random(&c->rng);
		fflush(stdout);
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0)
			process_works(c->l, i, seed);
		c->pid[i] = pid;
		c->births++;
	}
}

static void bury_crew(struct crew *c)
{
	for (unsigned i = 0; i < WORKERS; i++) {
		int status;
		if (c->pid[i] == 0 || waitpid(c->pid[i], &status, WNOHANG) != c->pid[i])
			continue;
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		c->pid[i] = 0;
		c->deaths++;
		assert_true(ledger_give_back(c->l, i) <= 1);
	}
}

static void coordinator_does_deadly(struct crew *c)
{
	struct task task;
	uint64_t seq;

	while (ledger_claim_deadly(c->l, &task, &seq)) {
		assert_true(task.no_mmap);
		commit_value(c->l, LEDGER_COORDINATOR, seq);
		c->by_coordinator++;
	}
}

/* Workers die at every point of the ledger and, by a stray SIGKILL, anywhere else. */
static void many_processes_that_die(void **state UNUSED)
{
	unsigned long wanted = unit_number(
		"UNIT_DEATHS", getenv("PCOUNT_LONG") && *getenv("PCOUNT_LONG") ? 30000 : 3000);
	struct sigaction act = {.sa_handler = on_child}, old;
	struct crew c = {.l = ledger_new(RING, true),
	                 .rng = unit_number("UNIT_SEED", 0x6C6564676572)};
	uint64_t added = 0, collected = 0, sum = 0, expected = 0;

	assert_non_null(c.l);
	watchdog(600);
	ring = c.l;
	assert_int_equal(sigaction(SIGCHLD, &act, &old), 0);
	while (c.deaths < wanted || collected < added) {
		uint32_t seen = ledger_news_seen(c.l);
		bury_crew(&c);
		fill_crew(&c);
		while (c.deaths < wanted && ledger_has_room(c.l)) {
			expected += value_of(added++);
			add_one(c.l);
		}
		ledger_announce(c.l);
		if (unit_below(&c.rng, 16) == 0) {
			pid_t pid = c.pid[unit_below(&c.rng, WORKERS)];
			if (pid > 0)
				kill(pid, SIGKILL);
		}
		coordinator_does_deadly(&c);
		uint64_t before = collected;
		while (collect_is(c.l, collected))
			sum += value_of(collected++);
		if (collected == before)
			ledger_wait_news(c.l, seen);
	}
	ledger_close(c.l);
	for (unsigned i = 0; i < WORKERS; i++)
		if (c.pid[i] > 0) {
			kill(c.pid[i], SIGKILL);
			while (waitpid(c.pid[i], NULL, 0) != c.pid[i])
				assert_int_equal(errno, EINTR);
		}
	ring = NULL;
	sigaction(SIGCHLD, &old, NULL);
	watchdog(0);
	printf("%ju tasks, %lu processes, %lu of them killed, %lu tasks left to the coordinator\n",
	       (uintmax_t)collected, c.births, c.deaths, c.by_coordinator);
	assert_true(collected == added && ledger_pending(c.l) == 0);
	assert_true(sum == expected);
	assert_true(c.by_coordinator > 0);
	assert_true(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
	ledger_free(c.l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_dies_in_the_lock_harms_nobody),
		cmocka_unit_test(repair_finds_what_is_free_again),
		cmocka_unit_test(many_processes_that_die),
	};

	return unit_run(tests);
}
