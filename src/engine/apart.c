/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Work of the owner's own that parses what may be hostile (compressed data, types of files), done
 * apart: by a process for this one task, in a sandbox. If it dies, the owner knows, and says so.
 *
 * With engine processes the owner then parses nothing: not what has killed two workers, not
 * streams, which are read in their turn, not what has to be decoded again.
 */
#include "base/base.h"
#include "base/fd.h"
#include "base/sandbox.h"
#include "count/profiler.h"
#include "engine/core.h"
#include "base/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

bool engine_works_apart(const struct engine_config *config, enum engine_kind kind)
{
	return kind == ENGINE_PROCESSES && (config->decompress != FORMAT_PLAIN || config->types);
}

void worker_enter_sandbox(struct worker *w)
{
	char32_t c;

	/*
	 * The C library's converters are loaded when they are first used, and then it would be too
	 * late.
	 */
	if (w->counter.cs->class == CHARSET_MULTI)
		(void)charset_decode((const unsigned char *)"\x81\x40", 2, &c);
	w->sandboxed = sandbox_enter(w->ask_fd) == 0;
}

/* What is to be done: a task, or else a stream. */
struct errand {
	const struct task *task;
	int fd;
	const struct stat *st;
};

/* What comes of it, in memory that both processes see. */
struct yield {
	struct result result;
	struct profile profile;
};

NORETURN static void run_errand(struct engine *e, const struct errand *errand, pid_t parent,
                                struct yield *yield)
{
	struct worker *w = &e->owner;
	struct result *result = &yield->result;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	signal(SIGCHLD, SIG_DFL);
	FAULT_ARM(e->worker_places);
	if (errand->task && errand->task->kind == TASK_FILE) {
		w->given_fd =
			open_above_stdio(errand->task->path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
		w->given_error = errno;
	}
	worker_enter_sandbox(w);
	if (errand->task)
		worker_do(w, errand->task, result);
	else
		worker_do_stream(w, errand->fd, errand->st, result);
	if (result->profile)
		profile_copy(&yield->profile, result->profile);
	_exit(0);
}

/* The result of a task that nobody survives, or for which there can be no process. */
static void fail(struct result *result, const struct errand *errand, int error)
{
	*result = (struct result){.kind = RESULT_COUNTED, .read_error = error};
	if (error == 0)
		result->fault = (struct decode_fault){
			.cause = DECODE_CRASHED,
			.format = errand->task ? errand->task->format : FORMAT_AUTO,
		};
}

/* Takes it over; the profile to where it would be if the owner itself had done it. */
static void take_yield(struct engine *e, const struct yield *yield, struct result *result)
{
	struct profiler *profiler = e->owner.counter.profiler;

	*result = yield->result;
	if (result->profile) {
		profile_copy(&profiler->profile, &yield->profile);
		result->profile = &profiler->profile;
	}
}

static void do_apart(struct engine *e, const struct errand *errand, struct result *result)
{
	struct yield *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
	                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t parent = getpid(), pid;
	int status = 0;

	if (shared == MAP_FAILED) {
		fail(result, errand, errno);
		return;
	}
	pid = fork();
	if (pid == 0)
		run_errand(e, errand, parent, shared);
	if (pid < 0) {
		fail(result, errand, errno);
	} else {
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			continue;
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
			take_yield(e, shared, result);
		} else {
			e->stats->deaths++;
			fail(result, errand, 0);
		}
	}
	munmap(shared, sizeof *shared);
}

void engine_do(struct engine *e, const struct task *task, struct result *result)
{
	if (e->apart)
		do_apart(e, &(struct errand){.task = task}, result);
	else
		worker_do(&e->owner, task, result);
}

void engine_do_stream(struct engine *e, int fd, const struct stat *st, struct result *result)
{
	if (e->apart)
		do_apart(e, &(struct errand){.fd = fd, .st = st}, result);
	else
		worker_do_stream(&e->owner, fd, st, result);
}

void engine_keep_place(struct engine *e, uint64_t seq, const char *path, int fd)
{
	if (e->apart)
		e->place[seq % ENGINE_LEDGER_SLOTS] = (struct place){seq, path, fd};
}

void engine_hand_over(struct engine *e, int socket)
{
	uint64_t seq;

	if (!handover_asked(socket, &seq))
		return;
	const struct place *place = &e->place[seq % ENGINE_LEDGER_SLOTS];
	if (place->seq != seq || !ledger_is_pending(e->ledger, seq)) {
		handover_give(socket, -1, EBADF); /* it has no business with that */
	} else if (place->fd >= 0) {
		handover_give(socket, place->fd, 0);
	} else {
		int fd = open_above_stdio(place->path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
		handover_give(socket, fd, fd < 0 ? errno : 0);
		if (fd >= 0)
			close(fd);
	}
}
