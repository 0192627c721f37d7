/* SPDX-License-Identifier: BSD-2-Clause */
/* Ranges taken from one counter until none is left. */
#include "base/base.h"
#include "base/cpus.h"
#include "base/parallel.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
	GRAIN = 256, /* of a range: small beside the whole, large beside an atomic addition */
	WORTH_A_THREAD = 1024, /* calls that each take a microsecond: some ten times its making */
	/* Converters of the C library, loaded when first used, need the most: some 20 KiB. */
	STACK_SIZE = UNOPTIMISED ? 8 << 20 : 512 << 10,
	THREADS_MAX = 16, /* such chores are the kernel's work, which gains little from more */
};

struct loop {
	size_t n;
	void (*fn)(void *arg, size_t begin, size_t end);
	void *arg;
	_Atomic size_t next;
};

static void *take_ranges(void *arg)
{
	struct loop *loop = arg;

	for (;;) {
		size_t begin = atomic_fetch_add_explicit(&loop->next, GRAIN, memory_order_relaxed);
		if (begin >= loop->n)
			return NULL;
		size_t end = loop->n - begin < GRAIN ? loop->n : begin + GRAIN;
		loop->fn(loop->arg, begin, end);
	}
}

int parallel_start(pthread_t *id, void *(*fn)(void *arg), void *arg)
{
	pthread_attr_t attr;
	int err = pthread_attr_init(&attr);

	if (err != 0)
		return err;
	/* If the system wants more than that, it is its own size that counts. */
	(void)pthread_attr_setstacksize(&attr, STACK_SIZE);
	err = pthread_create(id, &attr, fn, arg);
	pthread_attr_destroy(&attr);
	return err;
}

void parallel_for(unsigned jobs, size_t n, void (*fn)(void *arg, size_t begin, size_t end),
                  void *arg)
{
	struct loop loop = {.n = n, .fn = fn, .arg = arg};
	pthread_t thread[THREADS_MAX];
	unsigned made = 0;

	size_t wanted = n / WORTH_A_THREAD;
	if (wanted > 1) {
		unsigned cpus = jobs > 0 ? jobs : cpus_usable();
		wanted = wanted < cpus ? wanted : cpus;
	}
	while (made < THREADS_MAX && made + 1 < wanted &&
	       parallel_start(&thread[made], take_ranges, &loop) == 0)
		made++;
	take_ranges(&loop);
	for (unsigned i = 0; i < made; i++)
		verify(pthread_join(thread[i], NULL) == 0);
}
