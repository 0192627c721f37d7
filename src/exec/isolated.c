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
#include "exec/exec.h"
#include "exec/fdpass.h"
#include "exec/helper.h"
#include "exec/isolation.h"
#include "exec/message.h"
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
	/* Deaths in a row without a single task done: forking again would only go on for ever. */
	FRUITLESS_DEATHS_MAX = 16,
};

struct assignment {
	uint64_t seq;
	struct task task;
};

struct place {
	pid_t pid; /* 0: nobody */
	int socket;
	unsigned in_hand;
	uint64_t bytes;                   /* of these tasks */
	struct assignment hand[HAND_MAX]; /* [in_hand], in the order in which they will be done */
};

struct isolated {
	unsigned n; /* workers that are wanted */
	unsigned alive;
	unsigned fruitless;      /* deaths since the last commit */
	bool refused;            /* by the system: no more of them */
	struct sigaction before; /* SIGCHLD */
	struct pollfd *poll;     /* [n] */
	struct place place[];    /* [n] */
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

/* Worker `number`. 0, or -1: the system refuses. */
static int add_child(struct executor *x, struct isolated *p, unsigned number)
{
	struct place *place = &p->place[number];
	pid_t parent = getpid();
	int pair[2];

	if (fdpass_pair(pair) != 0)
		return -1;
	pid_t pid = fork();
	if (pid == 0)
		child_main(x, number, pair[1], parent);
	/* Ours alone is its end from now on, so that its death closes it. */
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return -1;
	}
	*place = (struct place){.pid = pid, .socket = pair[0]};
	p->alive++;
	return 0;
}

static void add_missing(struct executor *x, struct isolated *p)
{
	for (unsigned i = 0; i < p->n && !p->refused; i++)
		if (p->place[i].pid == 0 && add_child(x, p, i) != 0)
			p->refused = true;
	x->present = p->alive > x->present ? p->alive : x->present;
}

/* Whatever it is doing; it holds nothing that is still wanted. */
static void end_child(struct isolated *p, struct place *place)
{
	kill(place->pid, SIGKILL);
	while (waitpid(place->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	close(place->socket);
	place->pid = 0;
	p->alive--;
}

/*
 * Worker `number` has died, or has to: what it held is free again. It died of the oldest of these,
 * if it is to blame; the others it has not begun.
 */
static void drop(struct executor *x, struct isolated *p, unsigned number, bool to_blame)
{
	struct place *place = &p->place[number];

	end_child(p, place);
	for (unsigned i = to_blame ? 1 : 0; i < place->in_hand; i++)
		ledger_release(x->ledger, number, place->hand[i].seq);
	ledger_give_back(x->ledger, number);
	place->in_hand = 0;
}

static void on_worker_exit(struct executor *x, struct isolated *p, unsigned number)
{
	drop(x, p, number, true);
	x->deaths++;
	p->fruitless++;
	if (p->fruitless <= FRUITLESS_DEATHS_MAX)
		add_missing(x, p);
}

/* ---- tasks go out ---- */

static uint64_t bytes_of(const struct task *task)
{
	uint64_t end = min_u64(task->end, task->size);

	if (task->kind == TASK_FILE)
		return task->size;
	return task->kind == TASK_PIECE && end > task->begin ? end - task->begin : 0;
}

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

static void commit_unsent(struct executor *x, unsigned number, uint64_t seq, enum result_kind kind,
                          int error)
{
	struct result result = {.kind = kind, .open_error = error};

	ledger_commit(x->ledger, number, seq, &result);
}

enum assigned {
	ASSIGNED,
	ASSIGNED_ELSEWHERE, /* it is done, or the coordinator's to do */
	ASSIGNED_NOT,       /* the worker is dead, or its socket full */
	ASSIGNED_NONE,      /* there is no task */
};

/* A task for worker `number`, which has room for it. */
static enum assigned assign(struct executor *x, struct place *place, unsigned number)
{
	struct task_message message;
	struct assignment *next = &place->hand[place->in_hand];
	bool ours;

	if (!ledger_claim(x->ledger, number, &next->task, &next->seq))
		return ASSIGNED_NONE;
	int fd = open_file(&next->task, &ours);
	if (fd < 0) {
		/* Few descriptors: there is one when all before this is counted. */
		bool later = errno == EMFILE || errno == ENFILE;
		commit_unsent(x, number, next->seq, later ? RESULT_DEFERRED : RESULT_COUNTED,
		              errno);
		return ASSIGNED_ELSEWHERE;
	}
	struct task nameless = next->task;
	nameless.path = NULL;
	size_t size = message_put_task(&message, next->seq, &nameless);
	int sent = fdpass_send(place->socket, &message, size, fd), error = errno;
	if (ours)
		close(fd);
	if (sent == 0) {
		place->in_hand++;
		place->bytes += bytes_of(&next->task);
		return ASSIGNED;
	}
	if (error == EPIPE || error == ECONNRESET || (error == EAGAIN && place->in_hand > 0)) {
		ledger_release(x->ledger, number, next->seq);
		return ASSIGNED_NOT;
	}
	commit_unsent(x, number, next->seq, RESULT_DEFERRED, 0);
	return ASSIGNED_ELSEWHERE;
}

static bool has_room(const struct place *place, unsigned most)
{
	return place->pid > 0 && place->in_hand < most &&
	       (place->in_hand < HAND_LEAST || place->bytes < HAND_BYTES);
}

/* Tasks for all who have room, turn by turn. True: there may be something to be collected. */
static bool assign_all(struct executor *x, struct isolated *p)
{
	bool done = false;

	for (unsigned most = 1; most <= HAND_MAX; most++) {
		for (unsigned i = 0; i < p->n; i++) {
			if (!has_room(&p->place[i], most))
				continue;
			enum assigned assigned = assign(x, &p->place[i], i);
			if (assigned == ASSIGNED_NONE)
				return done;
			done |= assigned == ASSIGNED_ELSEWHERE;
		}
	}
	return done;
}

/* ---- results come in ---- */

enum answer { ANSWER_TAKEN, ANSWER_NONE, ANSWER_BROKEN };

/* A message from worker `number`, if there is one. */
static enum answer take_answer(struct executor *x, struct place *place, unsigned number)
{
	struct result_message message;
	const struct charset *cs = x->scan->counter->cs;
	struct result result;
	ssize_t n;

	do
		n = recv(place->socket, &message, sizeof message, MSG_DONTWAIT | MSG_TRUNC);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return ANSWER_NONE;
	/* Its death may be told once before what it has said. */
	if (n < 0 && errno == ECONNRESET)
		n = recv(place->socket, &message, sizeof message, MSG_DONTWAIT | MSG_TRUNC);
	if (n <= 0 || place->in_hand == 0)
		return ANSWER_BROKEN;
	const struct assignment *oldest = &place->hand[0];
	if (message_get_result(&message, (size_t)n, cs, &result) != 0 ||
	    message.seq != oldest->seq || !message_is_possible(&oldest->task, cs, &result))
		return ANSWER_BROKEN;
	ledger_commit(x->ledger, number, oldest->seq, &result);
	place->bytes -= bytes_of(&oldest->task);
	place->in_hand--;
	memmove(&place->hand[0], &place->hand[1], place->in_hand * sizeof place->hand[0]);
	return ANSWER_TAKEN;
}

static void take_answers(struct executor *x, struct isolated *p, unsigned number)
{
	enum answer answer;

	do {
		answer = take_answer(x, &p->place[number], number);
		if (answer == ANSWER_TAKEN)
			p->fruitless = 0;
	} while (answer == ANSWER_TAKEN && p->place[number].in_hand > 0);
	if (answer == ANSWER_BROKEN)
		on_worker_exit(x, p, number);
}

/* Waits until a worker has said something, or has died. */
static void wait_for_workers(struct executor *x, struct isolated *p)
{
	for (unsigned i = 0; i < p->n; i++)
		p->poll[i] = (struct pollfd){.fd = p->place[i].pid > 0 ? p->place[i].socket : -1,
		                             .events = POLLIN};
	int ready = poll(p->poll, p->n, -1);
	if (ready < 0 && errno == EINTR)
		return;
	for (unsigned i = 0; i < p->n; i++)
		if (p->poll[i].fd >= 0 && (ready < 0 || p->poll[i].revents != 0))
			take_answers(x, p, i);
}

/* ---- the executor ---- */

static void isolated_start(struct executor *x)
{
	unsigned n = x->workers;
	struct isolated *p = calloc(1, sizeof *p + n * sizeof p->place[0]);
	struct sigaction usual = {.sa_handler = SIG_DFL};

	if (p && !(p->poll = calloc(n, sizeof *p->poll))) {
		free(p);
		p = NULL;
	}
	decoder_preload(x->scan->decompress);
	x->state = p;
	if (!p)
		return; /* helper processes do everything */
	p->n = n;
	/* Our starter may have it ignored, and then nobody could be waited for. */
	sigemptyset(&usual.sa_mask);
	verify(sigaction(SIGCHLD, &usual, &p->before) == 0);
	add_missing(x, p);
}

static void isolated_step(struct executor *x)
{
	struct isolated *p = x->state;
	struct task task;
	struct result result;
	uint64_t seq;
	bool alone = !p || p->alive == 0;

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

	for (unsigned i = p ? p->n : 0; i-- > 0;) {
		if (p->place[i].pid == 0)
			continue;
		p->refused = true;
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
	for (unsigned i = 0; i < p->n; i++)
		if (p->place[i].pid > 0)
			end_child(p, &p->place[i]);
	sigaction(SIGCHLD, &p->before, NULL);
	free(p->poll);
	free(p);
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
