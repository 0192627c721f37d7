/* SPDX-License-Identifier: BSD-2-Clause */
/* A SIGBUS handler that jumps back to the guarded call of the thread that was hit. */
#include "base/base.h"
#include "source/guard.h"

#include <setjmp.h>
#include <signal.h>

struct frame {
	sigjmp_buf env;
	uintptr_t begin, end; /* the addresses that may fault */
};

static _Thread_local struct frame *volatile active;

static void on_sigbus(int sig, siginfo_t *info, void *context UNUSED)
{
	struct frame *frame = active;
	uintptr_t at = (uintptr_t)info->si_addr;

	if (frame && at >= frame->begin && at < frame->end)
		siglongjmp(frame->env, 1);
	/* Not ours: die of it, as without us, when the instruction runs again. */
	signal(sig, SIG_DFL);
	if (info->si_code <= 0)
		raise(sig); /* sent by a process: there is no such instruction */
}

int guard_install(void)
{
	struct sigaction act = {.sa_sigaction = on_sigbus};

	/*
	 * SA_NODEFER, so that SIGBUS is not left blocked by the jump: saving and restoring the
	 * mask would cost a system call for every window.
	 */
	act.sa_flags = SA_SIGINFO | SA_NODEFER;
	sigemptyset(&act.sa_mask);
	return sigaction(SIGBUS, &act, NULL);
}

int guard_call(void (*fn)(void *arg), void *arg, const void *map, size_t size)
{
	struct frame frame = {.begin = (uintptr_t)map, .end = (uintptr_t)map + size};

	/* ThreadSanitizer's own handler, around ours, has all signals blocked. */
	if (sigsetjmp(frame.env, THREAD_SANITIZER) != 0) {
		active = NULL;
		return -1;
	}
	active = &frame;
	fn(arg);
	active = NULL;
	return 0;
}
