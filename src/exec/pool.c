/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads around a ledger: of executor `threads`, and of a rank of an MPI job. */
#include "base/base.h"
#include "base/parallel.h"
#include "exec/pool.h"
#include "exec/worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct thread {
	pthread_t id;
	struct worker worker;
};

struct pool {
	unsigned n;
	struct thread *thread[];
};

static void *thread_main(void *arg)
{
	struct thread *thread = arg;

	worker_run(&thread->worker);
	return NULL;
}

/* One more thread. 0, or -1 and errno: the system refuses. */
static int add_thread(struct pool *pool, struct ledger *ledger, const struct scan_config *config,
                      enum fd_scope scope, struct worker_stats *stats)
{
	struct thread *thread = calloc(1, sizeof *thread);

	if (!thread)
		return -1;
	if (worker_init(&thread->worker, pool->n, ledger, config, scope, stats) != 0)
		goto fail;
	errno = parallel_start(&thread->id, thread_main, thread);
	if (errno == 0) {
		pool->thread[pool->n++] = thread;
		return 0;
	}
	worker_free(&thread->worker);
fail:
	free(thread);
	return -1;
}

/*
 * Signals are for the thread that makes the others. SIGBUS cannot be blocked away: the fault is the
 * thread's own.
 */
static void block_signals(sigset_t *old)
{
	sigset_t all;

	sigfillset(&all);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGSEGV);
	sigdelset(&all, SIGFPE);
	sigdelset(&all, SIGILL);
	pthread_sigmask(SIG_SETMASK, &all, old);
}

struct pool *pool_new(unsigned wanted, struct ledger *ledger, const struct scan_config *config,
                      enum fd_scope scope, struct worker_stats *stats)
{
	struct pool *pool = calloc(1, sizeof *pool + wanted * sizeof pool->thread[0]);
	sigset_t old;

	if (!pool)
		return NULL;
	block_signals(&old);
	/*
	 * They may take all the address space there is: what their maker cannot do without, it has
	 * already.
	 */
	while (pool->n < wanted && add_thread(pool, ledger, config, scope, &stats[pool->n]) == 0)
		continue;
	int saved = errno;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	errno = saved;
	return pool;
}

unsigned pool_size(const struct pool *pool)
{
	return pool->n;
}

void pool_free(struct pool *pool)
{
	if (!pool)
		return;
	for (unsigned i = 0; i < pool->n; i++) {
		verify(pthread_join(pool->thread[i]->id, NULL) == 0);
		worker_free(&pool->thread[i]->worker);
		free(pool->thread[i]);
	}
	free(pool);
}
