/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ledger: order, window, giving back; and deaths between any two of its steps. The ledger's
 * source is compiled in with its fault points, which here belong to the test.
 *
 * UNIT_SEED, UNIT_DEATHS (of processes) change what is tried; PCOUNT_LONG asks for many deaths.
 */
#define PCOUNT_FAULTS 1
#include "engine/ledger.c"

#include "unit.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the fault points ---- */

static const char *die_at;     /* NULL: nowhere; "any": everywhere */
static unsigned die_every = 1; /* with probability 1 / die_every */
static uint64_t die_random = 1;

void fault_arm(unsigned worker UNUSED)
{
}

void fault_point(const char *name)
{
	if (!die_at || (strcmp(die_at, "any") != 0 && strcmp(die_at, name) != 0))
		return;
	if (unit_below(&die_random, die_every) == 0) {
		kill(getpid(), SIGKILL);
		for (;;)
			pause();
	}
}

/* ---- helpers ---- */

static uint64_t value_of(uint64_t seq)
{
	return (seq + 1) * UINT64_C(0x9E3779B97F4A7C15) >> 40;
}

static void add_one(struct ledger *l)
{
	struct task task = {.kind = TASK_PIECE, .fd = -1, .begin = ledger_pending(l)};

	ledger_add(l, &task);
}

static void commit_value(struct ledger *l, unsigned worker, uint64_t seq)
{
	struct result result = {.kind = RESULT_COUNTED,
	                        .tally = {.lines = value_of(seq), .bytes = seq}};

	ledger_commit(l, worker, seq, &result);
}

/* Collects one; it must be task `seq` with its own value. False: the oldest is not done. */
static bool collect_is(struct ledger *l, uint64_t seq)
{
	struct task task;
	struct result result;

	if (!ledger_collect(l, &task, &result))
		return false;
	assert_true(result.tally.bytes == seq);
	assert_true(result.tally.lines == value_of(seq));
	return true;
}

/* A hang is a failure: SIGALRM ends the program, and who runs it sees that. */
static void watchdog(unsigned seconds)
{
	alarm(seconds);
}

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

	for (int shared = 0; shared < 2; shared++) {
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

/* In its place among the others, and nobody can claim it. */
static void what_is_known_enters_done(void **state UNUSED)
{
	struct ledger *l = ledger_new(4, true);
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

static void a_dead_workers_claims_are_given_back(void **state UNUSED)
{
	struct ledger *l = ledger_new(8, false);
	struct task task;
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

	atomic_store(&s->thread, gettid());
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

static void *thread_works(void *arg)
{
	struct sleeper *s = arg;
	struct task task;
	uint64_t seq;

	while (ledger_claim_wait(s->l, (unsigned)s->seq, &task, &seq))
		commit_value(s->l, (unsigned)s->seq, seq);
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
	while (ledger_claim_wait(l, number, &task, &seq))
		commit_value(l, number, seq);
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
		cmocka_unit_test(collects_in_order_whatever_the_order_of_commits),
		cmocka_unit_test(a_full_ring_has_no_room_until_one_is_collected),
		cmocka_unit_test(a_task_comes_out_as_it_went_in),
		cmocka_unit_test(what_is_known_enters_done),
		cmocka_unit_test(a_dead_workers_claims_are_given_back),
		cmocka_unit_test(a_task_that_has_killed_two_is_left_to_the_coordinator),
		cmocka_unit_test(sleepers_wake_for_work_and_for_the_end),
		cmocka_unit_test(whoever_dies_in_the_lock_harms_nobody),
		cmocka_unit_test(repair_finds_what_is_free_again),
		cmocka_unit_test(many_threads),
		cmocka_unit_test(many_processes_that_die),
	};

	return unit_run(tests);
}
