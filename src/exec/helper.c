/* SPDX-License-Identifier: BSD-2-Clause */
/* A request, a process that does it, and its reply in memory that both see. */
#include "base/base.h"
#include "base/fault.h"
#include "base/fd.h"
#include "base/fd_proc.h"
#include "count/profiler.h"
#include "exec/helper.h"
#include "exec/isolation.h"
#include "exec/message.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* What is to be done: a task, or else a stream. */
struct request {
	const struct task *task;
	int fd;
	const struct stat *st;
};

/* In memory that the helper can write to as it likes: to be copied before it is checked. */
struct reply {
	_Atomic uint32_t size; /* of the message, written last; 0: there is none */
	_Atomic int error;     /* it could not be isolated: errno, and there is no message */
	struct result_message message;
};

/* The only file there is, opened before the sandbox was entered. */
struct opened {
	int fd;    /* -1: there is none */
	int error; /* errno of why not */
};

static int give_opened(void *arg, const struct task *task UNUSED)
{
	const struct opened *opened = arg;

	errno = opened->error;
	return opened->fd;
}

NORETURN static void helper_main(struct executor *x, const struct request *request, pid_t parent,
                                 struct reply *reply)
{
	struct scanner *s = x->scanner;
	const struct task *task = request->task;
	struct result result;
	struct opened opened = {.fd = -1};

	FAULT("forked");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	FAULT_ARM(x->workers);
	if (task && task->kind == TASK_FILE) {
		/* Where they are few, the coordinator may hold all of them. */
		(void)fd_close_others(-1);
		opened.fd = open_above_stdio(task->path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
		opened.error = errno;
		s->files.open = give_opened;
		s->files.arg = &opened;
	}
	int fd = !task ? request->fd : task->kind == TASK_FILE ? opened.fd : task->fd;
	if (isolation_enter(x, s, x->workers, fd, -1) != 0) {
		atomic_store_explicit(&reply->error, errno, memory_order_relaxed);
		_exit(1);
	}
	if (task)
		scan_task(s, task, &result);
	else
		(void)scan_stream(s, request->fd, request->st, false, &result);
	size_t size = message_put_result(&reply->message, 0, 0, &result);
	atomic_store_explicit(&reply->size, (uint32_t)size, memory_order_release);
	_exit(0);
}

/* The result of a task that nobody survives, or for which there can be no process. */
static void fail(struct result *result, const struct request *request, int error)
{
	*result = (struct result){.kind = RESULT_COUNTED, .read_error = error};
	if (error == 0)
		result->fault.format = request->task ? request->task->format : FORMAT_AUTO;
}

static void fail_by(struct result *result, const struct request *request, enum decode_cause cause,
                    int number)
{
	fail(result, request, 0);
	result->fault.cause = cause;
	result->fault.number = (uint64_t)number;
}

/* Could the request have come to that? */
static bool is_possible(const struct executor *x, const struct request *request,
                        const struct result *result)
{
	return !request->task || message_is_possible(request->task, x->scan->counter->cs, result);
}

/*
 * Takes it over, if there is a sound one; the profile to where it would be if the coordinator
 * itself had done it. `sig`: what the helper died of, 0 if that is not known.
 */
static void take_reply(struct executor *x, const struct request *request, const struct reply *reply,
                       int sig, struct result *result)
{
	struct profiler *profiler = x->scanner->counter.profiler;
	struct result_message message;
	size_t size = atomic_load_explicit(&reply->size, memory_order_acquire);
	int error = atomic_load_explicit(&reply->error, memory_order_relaxed);

	if (size == 0 && error > 0) {
		fail_by(result, request, DECODE_NOT_ISOLATED, error);
		return;
	}
	memcpy(&message, &reply->message, (size_t)min_u64(size, sizeof message));
	if (size == 0 || message_get_result(&message, size, x->scan->counter->cs, result) != 0 ||
	    !is_possible(x, request, result)) {
		x->deaths++;
		fail_by(result, request, DECODE_CRASHED, sig);
		return;
	}
	if (result->profile && profiler) {
		profile_copy(&profiler->profile, result->profile);
		result->profile = &profiler->profile;
	} else {
		result->profile = NULL;
	}
}

/* Waits until it has ended; the signal that it died of, or 0. */
static int wait_for(pid_t pid)
{
	int status = 0;
	pid_t ended;

	while ((ended = waitpid(pid, &status, 0)) < 0 && errno == EINTR)
		continue;
	/* It was not our child to wait for (ECHILD): it may be running, and must not. */
	if (ended < 0)
		kill(pid, SIGKILL);
	return ended == pid && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void help(struct executor *x, const struct request *request, struct result *result)
{
	struct reply *reply = mmap(NULL, sizeof *reply, PROT_READ | PROT_WRITE,
	                           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t parent = getpid(), pid;

	if (reply == MAP_FAILED) {
		fail(result, request, errno);
		return;
	}
	pid = fork();
	if (pid == 0)
		helper_main(x, request, parent, reply);
	if (pid < 0) {
		fail(result, request, errno);
	} else {
		int sig = wait_for(pid);
		take_reply(x, request, reply, sig, result);
	}
	munmap(reply, sizeof *reply);
}

void helper_do_task(struct executor *x, const struct task *task, struct result *result)
{
	help(x, &(struct request){.task = task}, result);
}

void helper_do_stream(struct executor *x, int fd, const struct stat *st, struct result *result)
{
	help(x, &(struct request){.fd = fd, .st = st}, result);
}
