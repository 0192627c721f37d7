/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Named places at which a test may kill or hold whoever passes. In a normal build FAULT() is
 * nothing; the test build (PCOUNT_FAULTS) obeys the environment, see fault.c.
 */
#ifndef PCOUNT_BASE_FAULT_H
#define PCOUNT_BASE_FAULT_H

#include "base/base.h"

#ifdef PCOUNT_FAULTS
void fault_point(const char *name);
/* Only processes that said so are killed: forked workers. */
void fault_arm(unsigned worker);
/* Has the test asked for what otherwise depends on the timing of threads? */
bool fault_is_forced(const char *name);
#define FAULT(name)        fault_point(name)
#define FAULT_FORCED(name) fault_is_forced(name)
#define FAULT_ARM(worker)  fault_arm(worker)

/* The clock that a test has set: see base/clock.h and tests/support/control.py. */
struct fault_clock {
	volatile uint64_t now_ns;   /* written by the test; 0: the system's clock is used */
	volatile uint64_t due_ns;   /* when the timer, or the wait, will end; UINT64_MAX: never */
	volatile uint64_t every_ns; /* the timer's period; 0: it has none */
	volatile uint64_t ticks;    /* the timer's signals that have been handled */
	volatile uint64_t waits;    /* calls of clock_ppoll() */
};

/* NULL: the system's clock is used. */
struct fault_clock *fault_clock(void);
#else
#define FAULT(name)        ((void)0)
#define FAULT_FORCED(name) false
#define FAULT_ARM(worker)  ((void)(worker))
#endif

#endif
