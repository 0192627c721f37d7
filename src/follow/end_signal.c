/* SPDX-License-Identifier: BSD-2-Clause */
/* SIGINT and SIGTERM as a request to end. */
#include "base/base.h"
#include "follow/end_signal.h"

static const int signals[] = {SIGINT, SIGTERM};

/* What handlers and the program share: which one has come, and what it did before. */
static volatile sig_atomic_t come;
static struct sigaction before[ARRAY_LEN(signals)];

static void on_signal(int sig)
{
	come = sig;
}

void end_signal_catch(bool catch)
{
	struct sigaction act = {.sa_handler = on_signal,
	                        .sa_flags = (int)SA_RESETHAND | SA_RESTART},
			 now;

	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		if (sigaction(signals[i], NULL, &now) != 0 || now.sa_handler == SIG_IGN)
			continue;
		if (catch && now.sa_handler != on_signal) {
			before[i] = now;
			sigaction(signals[i], &act, NULL);
		} else if (!catch && now.sa_handler == on_signal) {
			sigaction(signals[i], &before[i], NULL);
		}
	}
}

int end_signal_received(void)
{
	return come;
}

void end_signal_set(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		sigaddset(set, signals[i]);
}
