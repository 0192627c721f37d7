/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Named places at which a test may kill the worker that passes. In a normal build FAULT() is
 * nothing; the test build (PCOUNT_FAULTS) obeys the environment, see fault.c.
 */
#ifndef PCOUNT_ENGINE_FAULT_H
#define PCOUNT_ENGINE_FAULT_H

#include "base/base.h"

#ifdef PCOUNT_FAULTS
void fault_point(const char *name);
/* Only processes that said so die: forked workers. */
void fault_arm(unsigned worker);
#define FAULT(name)       fault_point(name)
#define FAULT_ARM(worker) fault_arm(worker)
#else
#define FAULT(name)       ((void)0)
#define FAULT_ARM(worker) ((void)(worker))
#endif

#endif
