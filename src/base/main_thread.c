/* SPDX-License-Identifier: BSD-2-Clause */
/* The thread that prints, as a pthread_t. */
#include "base/base.h"
#include "base/main_thread.h"

#include <pthread.h>
#include <signal.h>

static pthread_t main_thread;

void main_thread_set(void)
{
	main_thread = pthread_self();
}

bool main_thread_is_here(void)
{
	return pthread_equal(pthread_self(), main_thread) != 0;
}

void main_thread_signal(int sig)
{
	(void)pthread_kill(main_thread, sig);
}
