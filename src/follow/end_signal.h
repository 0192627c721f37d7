/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SIGINT and SIGTERM as a request to end, for what would go on for ever. For the main
 * thread.
 */
#ifndef PCOUNT_FOLLOW_END_SIGNAL_H
#define PCOUNT_FOLLOW_END_SIGNAL_H

#include "base/base.h"

#include <signal.h>

/*
 * Catches the signals, unless they are ignored, or lets them do again what they did before. Once
 * one has been caught, the next one kills.
 */
void end_signal_catch(bool catch);
/* The signal that has come; 0: none. */
int end_signal_received(void);
/* The signals, to be blocked from end_signal_received() to a wait that unblocks them. */
void end_signal_set(sigset_t *set);

#endif
