/* SPDX-License-Identifier: BSD-2-Clause */
/* The thread that prints: signals are to interrupt it and no other. */
#ifndef PCOUNT_BASE_MAIN_THREAD_H
#define PCOUNT_BASE_MAIN_THREAD_H

#include "base/base.h"

/* The calling thread is the one. To be called before there are others, and before handlers. */
void main_thread_set(void);

/* Is the calling thread the one? Async-signal-safe. */
bool main_thread_is_here(void);

/* Sends it a signal. Async-signal-safe. */
void main_thread_signal(int sig);

#endif
