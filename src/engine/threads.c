/* SPDX-License-Identifier: BSD-2-Clause */
/* The threads engine: pthreads beside the owner, who works too when it has nothing to print. */
#include "base/base.h"
#include "engine/core.h"
#include "engine/parallel.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct thread {
	pthread_t id;
	struct worker worker;
	struct ledger *ledger;
};

struct threads {
	unsigned n;
	struct thread *thread[];
};

static void *thread_main(void *arg)
{
	struct thread *thread = arg;

	worker_run(&thread->worker, thread->ledger);
	return NULL;
}

/* One more thread; false: the system refuses. */
static bool add_thread(struct engine *e, struct threads *threads)
{
	unsigned number = threads->n;
	struct thread *thread = calloc(1, sizeof *thread);

	if (!thread)
		return false;
	thread->ledger = e->ledger;
	if (worker_init(&thread->worker, number, e->config, true, &e->worker_stats[number]) != 0) {
		free(thread);
		return false;
	}
	if (parallel_start(&thread->id, thread_main, thread) != 0) {
		worker_free(&thread->worker);
		free(thread);
		return false;
	}
	threads->thread[threads->n++] = thread;
	return true;
}

static void threads_start(struct engine *e)
{
	unsigned wanted = e->workers - 1; /* the owner is one */
	struct threads *threads = calloc(1, sizeof *threads + wanted * sizeof threads->thread[0]);
	sigset_t all, old;

	e->state = threads;
	e->stats->workers = 1;
	if (!threads)
		return; /* the owner works alone */
	/*
	 * Signals are for the owner. SIGBUS cannot be blocked away: the fault is the thread's own.
	 */
	sigfillset(&all);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGSEGV);
	sigdelset(&all, SIGFPE);
	sigdelset(&all, SIGILL);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	/*
	 * They may take all the address space there is: what the owner cannot do without, it has
	 * already.
	 */
	while (threads->n < wanted && add_thread(e, threads))
		continue;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	e->stats->workers += threads->n;
}

/*
 * So long does the owner count small files before it prints again: its lines then go out together.
 */
#define STEP_NS UINT64_C(100000)

static void threads_step(struct engine *e)
{
	uint32_t seen = ledger_news_seen(e->ledger);

	if (!worker_step(&e->owner, e->ledger, STEP_NS))
		ledger_wait_news(e->ledger, seen);
}

static void threads_stop(struct engine *e)
{
	struct threads *threads = e->state;

	if (!threads)
		return;
	for (unsigned i = 0; i < threads->n; i++) {
		verify(pthread_join(threads->thread[i]->id, NULL) == 0);
		worker_free(&threads->thread[i]->worker);
		free(threads->thread[i]);
	}
	free(threads);
}

const struct engine_ops engine_threads = {
	.kind = ENGINE_THREADS,
	.start = threads_start,
	.step = threads_step,
	.stop = threads_stop,
};
