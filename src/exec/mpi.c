/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MPI, both ends of it. Messages are two-sided: rank 0 probes for them whenever it has nothing to
 * collect, which takes microseconds, while one-sided operations would wait for a target that
 * computes. A rank has a few tasks in hand, neighbours as a rule, so it never waits for an answer.
 */
#include "base/base.h"
#include "base/clock.h"
#include "base/relaxed.h"
#include "exec/mpi.h"
#include "exec/pool.h"
#include "exec/remote.h"
#include "exec/worker.h"

#include <errno.h>
#include <mpi.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	/* 0 to rank */
	TAG_START, /* get ready */
	TAG_TASK,  /* struct task_message */
	TAG_STOP,  /* no more; what is in hand is not wanted */
	TAG_END,   /* leave */
	/* rank to 0 */
	TAG_READY,  /* after START: threads it has, 0 if it cannot count */
	TAG_RESULT, /* after TASK: struct result_message */
	TAG_BYE,    /* after STOP: struct worker_stats */
};

enum {
	THREADS_MAX = REMOTE_THREADS_MAX,
	RANK_SLOTS = REMOTE_HAND_MAX,
	/* For this long it probes for a message again at once; then it sleeps, see idle(). */
	YIELD_NS = 200000,
	NAP_PART = 8,
	NAP_MAX_NS = 1000000,
};

/* Since when nothing has moved. Zero: something just has. */
struct idle {
	uint64_t since_ns;
};

/*
 * Gives way, then sleeps: MPI's own waiting would keep a processor busy for good. Never longer than
 * a part of the time that it has waited already, so that what comes waits little in proportion.
 */
static void idle(struct idle *i)
{
	uint64_t now = clock_now_ns();

	if (i->since_ns == 0)
		i->since_ns = now;
	if (now - i->since_ns < YIELD_NS) {
		sched_yield();
		return;
	}
	uint64_t nap = min_u64((now - i->since_ns) / NAP_PART, NAP_MAX_NS);
	nanosleep(&(struct timespec){.tv_nsec = (long)nap}, NULL);
}

int exec_mpi_begin(int *argc, char ***argv, struct exec_mpi *mpi)
{
	int provided;

	*mpi = (struct exec_mpi){0};
	if (MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS ||
	    provided < MPI_THREAD_FUNNELED)
		return -1;
	MPI_Comm_rank(MPI_COMM_WORLD, &mpi->rank);
	MPI_Comm_size(MPI_COMM_WORLD, &mpi->ranks);
	if (gethostname(mpi->host, sizeof mpi->host - 1) != 0)
		strcpy(mpi->host, "?");
	return 0;
}

static void send_empty(int ranks, int tag)
{
	for (int r = 1; r < ranks; r++)
		MPI_Send(NULL, 0, MPI_BYTE, r, tag, MPI_COMM_WORLD);
}

bool exec_mpi_agree(struct exec_mpi *mpi, bool go, char fingerprint[EXEC_MPI_FINGERPRINT_MAX])
{
	char message[EXEC_MPI_FINGERPRINT_MAX + 1] = {0};

	if (mpi->rank == 0) {
		message[0] = (char)go;
		memcpy(message + 1, fingerprint, EXEC_MPI_FINGERPRINT_MAX);
	}
	MPI_Bcast(message, sizeof message, MPI_BYTE, 0, MPI_COMM_WORLD);
	memcpy(fingerprint, message + 1, EXEC_MPI_FINGERPRINT_MAX);
	mpi->serving = message[0] != 0;
	return mpi->serving;
}

void exec_mpi_end(const struct exec_mpi *mpi)
{
	if (mpi->rank == 0 && mpi->serving)
		send_empty(mpi->ranks, TAG_END);
	MPI_Finalize();
}

/* ---- rank 0 ---- */

struct rank {
	struct remote remote;
	unsigned threads; /* it has; 0: it cannot count, or has not said yet that it can */
	bool heard;       /* it has said whether it can count */
	bool gone;        /* it has said goodbye */
};

struct mpi {
	int ranks;
	struct idle idle;
	struct rank rank[]; /* [ranks]; 0 is ourselves */
};

static void take_result(struct executor *x, struct rank *rank, int from, int size)
{
	struct result_message message;

	verify(size >= 0 && (size_t)size <= sizeof message);
	MPI_Recv(&message, size, MPI_BYTE, from, TAG_RESULT, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
	verify(remote_commit(&rank->remote, x->ledger, x->scan->counter->cs, &message,
	                     (size_t)size) == 0);
	/* For those who watch; the last message has the rest. */
	relaxed_set(&x->stats[from - 1].bytes, message.bytes);
}

/* Takes in a message that has come. */
static void take_message(struct executor *x, struct mpi *m, const MPI_Status *status)
{
	int from = status->MPI_SOURCE;
	struct rank *rank = &m->rank[from];
	int size;

	switch (status->MPI_TAG) {
	case TAG_READY:
		MPI_Recv(&rank->threads, 1, MPI_UNSIGNED, from, TAG_READY, MPI_COMM_WORLD,
		         MPI_STATUS_IGNORE);
		verify(rank->threads <= THREADS_MAX);
		rank->heard = true;
		x->present += rank->threads > 0;
		break;
	case TAG_RESULT:
		MPI_Get_count(status, MPI_BYTE, &size);
		take_result(x, rank, from, size);
		break;
	default:
		MPI_Recv(&x->stats[from - 1], sizeof(struct worker_stats), MPI_BYTE, from, TAG_BYE,
		         MPI_COMM_WORLD, MPI_STATUS_IGNORE);
		rank->gone = true;
	}
}

/* Takes in all that has come; true if anything has. */
static bool take_messages(struct executor *x, struct mpi *m)
{
	MPI_Status status;
	bool any = false;
	int there;

	for (;;) {
		MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status);
		if (!there)
			return any;
		take_message(x, m, &status);
		any = true;
	}
}

static enum remote_sent send_task(void *arg UNUSED, const struct remote *r,
                                  const struct assignment *a, struct result *result UNUSED)
{
	struct task_message message;

	if (!message_can_carry(&a->task))
		return REMOTE_CANNOT;
	size_t n = message_put_task(&message, a->seq, &a->task);
	MPI_Send(&message, (int)n, MPI_BYTE, (int)r->number, TAG_TASK, MPI_COMM_WORLD);
	return REMOTE_SENT;
}

/* Fills the rank's hands; true if it got anything, or something is done. */
static bool fill(struct executor *x, struct rank *rank)
{
	struct remote *r = &rank->remote;
	bool any = false;

	/* Not one by one, so that it gets neighbours. */
	if (r->in_hand > rank->threads)
		return false;
	while (r->in_hand < REMOTE_TASKS_PER_THREAD * rank->threads &&
	       remote_give(r, x->ledger, send_task, NULL) != REMOTE_NO_TASK)
		any = true;
	return any;
}

static void mpi_start(struct executor *x)
{
	int ranks;

	MPI_Comm_size(MPI_COMM_WORLD, &ranks);
	struct mpi *m = calloc(1, sizeof *m + (size_t)ranks * sizeof m->rank[0]);
	x->state = m;
	if (!m)
		return; /* the coordinator does everything, and the other ranks wait for the end */
	m->ranks = ranks;
	for (int r = 1; r < ranks; r++)
		m->rank[r].remote.number = (unsigned)r;
	send_empty(ranks, TAG_START);
}

static void mpi_step(struct executor *x)
{
	struct mpi *m = x->state;
	bool anybody = false;

	if (!m) {
		verify(worker_coordinator_step(x, 0));
		return;
	}
	bool moved = take_messages(x, m);
	for (int r = 1; r < m->ranks; r++) {
		struct rank *rank = &m->rank[r];
		anybody |= !rank->heard || rank->threads > 0;
		if (rank->threads > 0)
			moved |= fill(x, rank);
	}
	if (moved)
		m->idle = (struct idle){0};
	else if (anybody || !worker_coordinator_step(x, 0))
		idle(&m->idle);
}

/* Waits until all have said goodbye. */
static void mpi_stop(struct executor *x)
{
	struct mpi *m = x->state;
	struct idle since = {0};

	if (!m)
		return;
	send_empty(m->ranks, TAG_STOP);
	for (int r = 1; r < m->ranks; r++)
		while (!m->rank[r].gone)
			if (!take_messages(x, m))
				idle(&since);
	free(m);
}

const struct executor_ops exec_over_mpi = {
	.name = "mpi",
	.remote = true,
	.start = mpi_start,
	.step = mpi_step,
	.stop = mpi_stop,
};

/* ---- the other ranks ---- */

struct server {
	const struct scan_config *config; /* NULL: this rank cannot count */
	unsigned jobs;
	struct ledger *ledger; /* NULL: it is not open */
	struct pool *pool;
	struct worker_stats stats[THREADS_MAX];
	int error; /* errno of why it could not be set up */
	bool ended;
	uint64_t seq[RANK_SLOTS]; /* rank 0's number of our task, by our number modulo RANK_SLOTS */
	char *path[RANK_SLOTS];
	uint64_t added, collected;
};

static void take_task(struct server *s, const struct task_message *message, int size)
{
	struct task task;

	verify(size >= 0 && message_get_task(message, (size_t)size, &task) == 0);
	uint64_t place = s->added++ % RANK_SLOTS;
	s->seq[place] = message->seq;
	s->path[place] = strdup(task.path);
	task.path = s->path[place]; /* NULL without memory: then it is left to rank 0 */
	ledger_add(s->ledger, &task);
	ledger_announce(s->ledger);
}

/* True if a result has gone out. */
static bool send_result(struct server *s)
{
	struct result_message message;
	struct result result;
	struct task task;

	if (!ledger_collect(s->ledger, &task, &result))
		return false;
	uint64_t place = s->collected++ % RANK_SLOTS;
	uint64_t bytes = worker_stats_bytes(s->stats, pool_size(s->pool));
	size_t size = message_put_result(&message, s->seq[place], bytes, &result);
	free(s->path[place]);
	s->path[place] = NULL;
	MPI_Send(&message, (int)size, MPI_BYTE, 0, TAG_RESULT, MPI_COMM_WORLD);
	return true;
}

/* Everything this rank needs; as many threads as the system grants. 0, or -1 and errno: none. */
static int server_open(struct server *s)
{
	unsigned wanted = s->jobs == 0 ? 1 : s->jobs < THREADS_MAX ? s->jobs : THREADS_MAX;

	s->ledger = ledger_new(RANK_SLOTS, false);
	if (!s->ledger || (s->config->counter->profiler && ledger_add_profiles(s->ledger) != 0))
		return -1;
	s->pool = pool_new(wanted, s->ledger, s->config, FD_REMOTE, s->stats);
	return s->pool && pool_size(s->pool) > 0 ? 0 : -1;
}

/* What the threads have done, all together. */
static struct worker_stats server_close(struct server *s)
{
	struct worker_stats sum = {0};

	if (s->ledger)
		ledger_close(s->ledger);
	pool_free(s->pool);
	for (unsigned i = 0; i < THREADS_MAX; i++)
		worker_stats_add(&sum, &s->stats[i]);
	for (unsigned i = 0; i < RANK_SLOTS; i++)
		free(s->path[i]);
	ledger_free(s->ledger);
	s->pool = NULL;
	s->ledger = NULL;
	return sum;
}

static void answer_start(struct server *s)
{
	if (s->config && server_open(s) != 0)
		s->error = errno;
	unsigned threads = s->pool ? pool_size(s->pool) : 0;
	MPI_Send(&threads, 1, MPI_UNSIGNED, 0, TAG_READY, MPI_COMM_WORLD);
}

/* Does what rank 0 says, if it says anything: true then. */
static bool take_word(struct server *s)
{
	struct task_message message;
	MPI_Status status;
	int there, size;

	MPI_Iprobe(0, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status);
	if (!there)
		return false;
	MPI_Get_count(&status, MPI_BYTE, &size);
	MPI_Recv(&message, sizeof message, MPI_BYTE, 0, status.MPI_TAG, MPI_COMM_WORLD,
	         MPI_STATUS_IGNORE);
	switch (status.MPI_TAG) {
	case TAG_START:
		answer_start(s);
		break;
	case TAG_TASK:
		take_task(s, &message, size);
		break;
	case TAG_STOP: {
		struct worker_stats stats = server_close(s);
		MPI_Send(&stats, sizeof stats, MPI_BYTE, 0, TAG_BYE, MPI_COMM_WORLD);
		break;
	}
	default:
		s->ended = true;
	}
	return true;
}

int exec_mpi_serve(const struct scan_config *config, unsigned jobs)
{
	struct server s = {.config = config, .jobs = jobs};
	struct idle since = {0};

	while (!s.ended) {
		bool moved = take_word(&s);
		while (s.pool && send_result(&s))
			moved = true;
		if (moved)
			since = (struct idle){0};
		else
			idle(&since);
	}
	errno = s.error;
	return s.error ? -1 : 0;
}
