/* SPDX-License-Identifier: BSD-2-Clause */
/* Eventcounts on futex(2). */
#include "base/base.h"
#include "engine/event.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void event_wait(struct event *e, uint32_t seen, unsigned seconds)
{
	/* The kernel's timespec for this call, whatever the width of time_t: seconds, nanoseconds.
	 */
	const long timeout[2] = {(long)seconds, 0};

	/*
	 * Sequentially consistent against event_signal(): either it sees our `sleepers`, or we see
	 * its `count`, which the kernel compares again before it puts us to sleep.
	 */
	atomic_fetch_add_explicit(&e->sleepers, 1, memory_order_seq_cst);
	if (atomic_load_explicit(&e->count, memory_order_seq_cst) == seen)
		syscall(SYS_futex, &e->count, FUTEX_WAIT, seen, seconds > 0 ? timeout : NULL, NULL,
		        0);
	atomic_fetch_sub_explicit(&e->sleepers, 1, memory_order_seq_cst);
}

void event_signal(struct event *e)
{
	int saved = errno;

	atomic_fetch_add_explicit(&e->count, 1, memory_order_seq_cst);
	if (atomic_load_explicit(&e->sleepers, memory_order_seq_cst) != 0)
		syscall(SYS_futex, &e->count, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
	errno = saved;
}
