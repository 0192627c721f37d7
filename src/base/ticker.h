/* SPDX-License-Identifier: BSD-2-Clause */
/* A signal to the calling thread, and no other, every so often: the one timer that a process has.
 */
#ifndef PCOUNT_BASE_TICKER_H
#define PCOUNT_BASE_TICKER_H

#include "base/base.h"

/* The signal that ticker_start() has sent. */
int ticker_signal(void);

/*
 * Has it sent after `first_ns` and then every `every_ns`, by the clock of base/clock.h. Its handler
 * is to be there already. 0, or -1 and errno.
 */
int ticker_start(uint64_t first_ns, uint64_t every_ns);

/* Ends it, if it was started; a signal may be on its way. */
void ticker_stop(void);

#endif
