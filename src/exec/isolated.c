/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Isolated processes: forked workers that parse what may be hostile, and may be taken over by it.
 *
 *      coordinator: ledger -- claim --> message(task), file --> worker, in a sandbox
 *                      ^                                          |
 *                      `---- commit <-- check <-- message(result) '
 *
 * The ledger is the coordinator's own. It claims for workers, opens files for them, and takes their
 * answers for what they are, bytes from strangers: one that is no sound result of the task that the
 * worker has had longest ends the worker. A task that has killed two is done by a helper process.
 */
#include "base/base.h"
#include "base/fault.h"
#include "base/fd.h"
#include "base/fd_proc.h"
#include "exec/children.h"
#include "exec/exec.h"
#include "exec/fdpass.h"
#include "exec/helper.h"
#include "exec/isolation.h"
#include "exec/message.h"
#include "exec/remote.h"
#include "exec/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	/*
	 * Tasks in a worker's hands: one to do and one to go on with, and more as long as they are
	 * small. Fewer than a socket has room for (net.unix.max_dgram_qlen).
	 */
	HAND_LEAST = 2,
	HAND_MAX = 8,
	HAND_BYTES = 256 << 10,
};

struct place {
	int socket; /* to the worker, if there is one */
	struct remote remote;
};

struct isolated {
	struct children children;
	struct sigaction before; /* SIGCHLD */
	struct pollfd *poll;     /* [n], as the next */
	struct place place[];
};

/* ---- the worker's side ---- */

/* The file of the task in hand; -1: it has been taken, or there is none. */
struct passed {
	int fd;
};

static int take_passed(void *arg, const struct task *task UNUSED)
{
	struct passed *passed = arg;
	int fd = passed->fd;

	passed->fd = -1;
	if (fd < 0)
		errno = EMFILE; /* no room for it: the coordinator will do the task */
	return fd;
}

/* One task. False: the coordinator is gone, or makes no sense. */
static bool serve(struct scanner *s, int socket, struct passed *passed,
                  struct result_message *answer)
{
	struct task_message message;
	struct task task;
	struct result result;
	ssize_t n = fdpass_receive(socket, &message, sizeof message, &passed->fd);

	if (n <= 0 || message_get_task(&message, (size_t)n, &task) != 0)
		return false;
	FAULT("claimed");
	scan_task(s, &task, &result);
	if (passed->fd >= 0)
		close(passed->fd); /* it had the file already */
	FAULT("counted");
	size_t size = message_put_result(answer, message.seq, s->stats->bytes, &result);
	if (send(socket, answer, size, MSG_NOSIGNAL) != (ssize_t)size)
		return false;
	FAULT("committed");
	return true;
}

NORETURN static void child_main(struct executor *x, unsigned number, int socket, pid_t parent)
{
	struct result_message answer;
	struct scanner scanner;
	struct passed passed = {-1};

	FAULT("forked");
	/*
	 * Not to outlive the coordinator, who may have died before this line. Where it is refused,
	 * the socket will tell.
	 */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	FAULT_ARM(number);
	FAULT("born");
	if (scanner_init(&scanner, x->scan, FD_LOCAL, executor_stats(x, number)) != 0)
		_exit(1);
	scanner.files.open = take_passed;
	scanner.files.arg = &passed;
	if (isolation_enter(x, &scanner, number, -1, socket) != 0)
		_exit(1);
	while (serve(&scanner, socket, &passed, &answer))
		continue;
	FAULT("leaving");
	/* Nothing of the coordinator's is to be flushed or run: _exit, without freeing either. */
	_exit(0);
}

/* ---- workers come and go ---- */

static pid_t fork_worker(struct executor *x, unsigned number)
{
	struct isolated *p = x->state;
	pid_t parent = getpid();
	int pair[2];

	if (fdpass_pair(pair) != 0)
		return -1;
	pid_t pid = fork();
	if (pid == 0)
		child_main(x, number, pair[1], parent);
	/* Ours alone is its end from now on, so that its death closes it. */
	close(pair[1]);
	if (pid < 0)
		close(pair[0]);
	else
		p->place[number].socket = pair[0];
	return pid;
}

/*
 * Worker `number` has died, or has to: it has not begun but the oldest of its tasks, of which it
 * died if it is to blame.
 */
static void drop(struct executor *x, struct isolated *p, unsigned number, bool to_blame)
{
	children_end(&p->children, number);
	close(p->place[number].socket);
	remote_drop(&p->place[number].remote, x->ledger, to_blame);
}

static void on_worker_exit(struct executor *x, struct isolated *p, unsigned number)
{
	drop(x, p, number, true);
	children_count_death(&p->children, x);
	children_add_missing(&p->children, x, fork_worker);
}

/* ---- tasks go out ---- */

/* The file of a task, for reading only. *ours: it is to be closed. -1 and errno. */
static int open_file(const struct task *task, bool *ours)
{
	*ours = true;
	if (task->kind == TASK_FILE)
		return open_above_stdio(task->path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	int flags = fcntl(task->fd, F_GETFL);
	if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY) {
		int fd = fd_reopen_read_only(task->fd);
		if (fd >= 0)
			return fd;
		/* Standard input, and no /proc: the sandbox alone sees to it. */
	}
	*ours = false;
	return task->fd;
}

/* The task with its file, and without its name, to the worker whose socket `arg` is. */
static enum remote_sent send_with_file(void *arg, const struct remote *r,
                                       const struct assignment *a, struct result *result)
{
	const int *socket = arg;
	struct task_message message;
	struct task nameless = a->task;
	bool ours;
	int fd = open_file(&a->task, &ours);

	if (fd < 0) {
		/* Few descriptors: there is one when all before this is counted. */
		bool later = errno == EMFILE || errno == ENFILE;
		result->kind = later ? RESULT_DEFERRED : RESULT_COUNTED;
		result->open_error = errno;
		return REMOTE_CANNOT;
	}
	nameless.path = NULL;
	size_t size = message_put_task(&message, a->seq, &nameless);
	int sent = fdpass_send(*socket, &message, size, fd), error = errno;
	if (ours)
		close(fd);
	if (sent == 0)
		return REMOTE_SENT;
	bool gone = error == EPIPE || error == ECONNRESET;
	return gone || (error == EAGAIN && r->in_hand > 0) ? REMOTE_FULL : REMOTE_CANNOT;
}

static bool has_room(const struct isolated *p, unsigned number, unsigned most)
{
	const struct remote *r = &p->place[number].remote;

	return p->children.pid[number] > 0 && r->in_hand < most &&
	       (r->in_hand < HAND_LEAST || r->bytes < HAND_BYTES);
}

/* Tasks for all who have room, turn by turn. True: there may be something to be collected. */
static bool assign_all(struct executor *x, struct isolated *p)
{
	bool done = false;

	for (unsigned most = 1; most <= HAND_MAX; most++) {
		for (unsigned i = 0; i < p->children.n; i++) {
			struct place *place = &p->place[i];
			if (!has_room(p, i, most))
				continue;
			enum remote_given given = remote_give(&place->remote, x->ledger,
			                                      send_with_file, &place->socket);
			if (given == REMOTE_NO_TASK)
				return done;
			done |= given == REMOTE_COMMITTED;
		}
	}
	return done;
}

/* ---- results come in ---- */

enum answer { ANSWER_TAKEN, ANSWER_NONE, ANSWER_BROKEN };

/* A message from the worker, if there is one. */
static enum answer take_answer(struct executor *x, struct place *place)
{
	struct result_message message;
	const struct charset *cs = x->scan->counter->cs;
	ssize_t n;

	do
		n = recv(place->socket, &message, sizeof message, MSG_DONTWAIT | MSG_TRUNC);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return ANSWER_NONE;
	/* Its death may be told once before what it has said. */
	if (n < 0 && errno == ECONNRESET)
		n = recv(place->socket, &message, sizeof message, MSG_DONTWAIT | MSG_TRUNC);
	bool sound =
		n > 0 && remote_commit(&place->remote, x->ledger, cs, &message, (size_t)n) == 0;
	return sound ? ANSWER_TAKEN : ANSWER_BROKEN;
}

static void take_answers(struct executor *x, struct isolated *p, unsigned number)
{
	struct place *place = &p->place[number];
	enum answer answer;

	do
		answer = take_answer(x, place);
	while (answer == ANSWER_TAKEN && place->remote.in_hand > 0);
	if (answer == ANSWER_BROKEN)
		on_worker_exit(x, p, number);
}

/* Waits until a worker has said something, or has died. */
static void wait_for_workers(struct executor *x, struct isolated *p)
{
	const struct children *c = &p->children;

	for (unsigned i = 0; i < c->n; i++)
		p->poll[i] = (struct pollfd){.fd = c->pid[i] > 0 ? p->place[i].socket : -1,
		                             .events = POLLIN};
	int ready = poll(p->poll, c->n, -1);
	if (ready < 0 && errno == EINTR)
		return;
	for (unsigned i = 0; i < c->n; i++)
		if (p->poll[i].fd >= 0 && (ready < 0 || p->poll[i].revents != 0))
			take_answers(x, p, i);
}

/* ---- the executor ---- */

static void free_isolated(struct isolated *p)
{
	if (!p)
		return;
	children_free(&p->children);
	free(p->poll);
	free(p);
}

/* NULL: no memory. */
static struct isolated *new_isolated(const struct executor *x)
{
	struct isolated *p = calloc(1, sizeof *p + x->workers * sizeof p->place[0]);

	if (!p || children_init(&p->children, x) != 0 ||
	    !(p->poll = calloc(x->workers, sizeof *p->poll))) {
		free_isolated(p);
		return NULL;
	}
	for (unsigned i = 0; i < x->workers; i++)
		p->place[i].remote.number = i;
	return p;
}

static void isolated_start(struct executor *x)
{
	struct isolated *p = new_isolated(x);
	struct sigaction usual = {.sa_handler = SIG_DFL};

	decoder_preload(x->scan->decompress);
	x->state = p;
	if (!p)
		return; /* helper processes do everything */
	/* Our starter may have it ignored, and then nobody could be waited for. */
	sigemptyset(&usual.sa_mask);
	verify(sigaction(SIGCHLD, &usual, &p->before) == 0);
	children_add_missing(&p->children, x, fork_worker);
}

static void isolated_step(struct executor *x)
{
	struct isolated *p = x->state;
	struct task task;
	struct result result;
	uint64_t seq;
	bool alone = !p || p->children.alive == 0;

	if (worker_claim_left(x->ledger, alone, &task, &seq)) {
		helper_do_task(x, &task, &result);
		ledger_commit(x->ledger, LEDGER_COORDINATOR, seq, &result);
		return;
	}
	if (alone)
		return;
	if (!assign_all(x, p))
		wait_for_workers(x, p);
}

/* A worker's socket, and so a worker, who is not replaced. */
static bool isolated_free_descriptor(struct executor *x)
{
	struct isolated *p = x->state;

	for (unsigned i = p ? p->children.n : 0; i-- > 0;) {
		if (p->children.pid[i] == 0)
			continue;
		p->children.refused = true;
		drop(x, p, i, false);
		return true;
	}
	return false;
}

static void isolated_stop(struct executor *x)
{
	struct isolated *p = x->state;

	if (!p)
		return;
	for (unsigned i = 0; i < p->children.n; i++)
		if (p->children.pid[i] > 0)
			close(p->place[i].socket);
	children_end_all(&p->children);
	sigaction(SIGCHLD, &p->before, NULL);
	free_isolated(p);
}

const struct executor_ops exec_isolated = {
	.name = "processes",
	.isolated = true,
	.start = isolated_start,
	.step = isolated_step,
	.stop = isolated_stop,
	.do_task = helper_do_task,
	.do_stream = helper_do_stream,
	.free_descriptor = isolated_free_descriptor,
};
