/* SPDX-License-Identifier: BSD-2-Clause */
/* A request, a process that does it, and its reply in memory that both see. */
#include "base/base.h"
#include "base/fault.h"
#include "base/fd.h"
#include "count/profiler.h"
#include "exec/helper.h"
#include "exec/isolation.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
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

struct reply {
	struct result result;
	struct profile profile;
};

/* The only file there is, opened before the sandbox was entered. */
struct opened {
	int fd;    /* -1: */
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
	struct result *result = &reply->result;
	struct opened opened;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	signal(SIGCHLD, SIG_DFL);
	FAULT_ARM(x->workers);
	if (request->task && request->task->kind == TASK_FILE) {
		opened.fd = open_above_stdio(request->task->path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
		opened.error = errno;
		s->files.open = give_opened;
		s->files.arg = &opened;
	}
	isolation_enter(s, -1);
	if (request->task)
		scan_task(s, request->task, result);
	else
		scan_stream(s, request->fd, request->st, result);
	if (result->profile)
		profile_copy(&reply->profile, result->profile);
	_exit(0);
}

/* The result of a task that nobody survives, or for which there can be no process. */
static void fail(struct result *result, const struct request *request, int error)
{
	*result = (struct result){.kind = RESULT_COUNTED, .read_error = error};
	if (error == 0)
		result->fault = (struct decode_fault){
			.cause = DECODE_CRASHED,
			.format = request->task ? request->task->format : FORMAT_AUTO,
		};
}

/* Takes it over; the profile to where it would be if the coordinator itself had done it. */
static void take_reply(struct executor *x, const struct reply *reply, struct result *result)
{
	struct profiler *profiler = x->scanner->counter.profiler;

	*result = reply->result;
	if (result->profile) {
		profile_copy(&profiler->profile, &reply->profile);
		result->profile = &profiler->profile;
	}
}

static void help(struct executor *x, const struct request *request, struct result *result)
{
	struct reply *reply = mmap(NULL, sizeof *reply, PROT_READ | PROT_WRITE,
	                           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t parent = getpid(), pid;
	int status = 0;

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
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			continue;
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
			take_reply(x, reply, result);
		} else {
			x->deaths++;
			fail(result, request, 0);
		}
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
