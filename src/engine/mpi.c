/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The MPI engine, both ends of it. Messages are two-sided: rank 0 looks for them whenever it has
 * nothing to fold, which takes microseconds, while one-sided operations would wait for a target
 * that computes. A rank has a few tasks in hand, neighbours as a rule, so it never waits for an
 * answer.
 */
#include "base/base.h"
#include "base/clock.h"
#include "engine/core.h"
#include "engine/mpi.h"
#include "engine/parallel.h"

#include <errno.h>
#include <limits.h>
#include <mpi.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	/* 0 to rank */
	TAG_START, /* get ready */
	TAG_ORDER, /* struct order and the path */
	TAG_STOP,  /* no more; what is in hand is not wanted */
	TAG_END,   /* leave */
	/* rank to 0 */
	TAG_READY,  /* after START: threads it has, 0 if it cannot count */
	TAG_REPORT, /* after ORDER: struct report */
	TAG_BYE,    /* after STOP: struct worker_stats */
};

enum {
	/* In a rank's hands for each of its threads: one being counted, and two to go on with. */
	TASKS_PER_THREAD = 3,
	THREADS_MAX = 64,
	RANK_SLOTS = TASKS_PER_THREAD * THREADS_MAX,
	/* How long it looks for a message at once again; then it sleeps, see idle(). */
	YIELD_NS = 200000,
	NAP_PART = 8,
	NAP_MAX_NS = 1000000,
};

struct order {
	uint64_t seq;
	struct task task; /* its path comes behind */
};

struct report {
	uint64_t seq;
	struct result result;
	struct profile profile; /* result.profile: as much of it as says anything; else it is not
	                           sent */
};

enum { REPORT_SIZE = offsetof(struct report, profile) };

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

bool engine_mpi_begin(int *argc, char ***argv, struct engine_mpi *mpi)
{
	int provided;

	*mpi = (struct engine_mpi){0};
	if (MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS ||
	    provided < MPI_THREAD_FUNNELED)
		return false;
	MPI_Comm_rank(MPI_COMM_WORLD, &mpi->rank);
	MPI_Comm_size(MPI_COMM_WORLD, &mpi->ranks);
	if (gethostname(mpi->host, sizeof mpi->host - 1) != 0)
		strcpy(mpi->host, "?");
	return true;
}

static void send_empty(int ranks, int tag)
{
	for (int r = 1; r < ranks; r++)
		MPI_Send(NULL, 0, MPI_BYTE, r, tag, MPI_COMM_WORLD);
}

bool engine_mpi_agree(struct engine_mpi *mpi, bool go, char way[ENGINE_MPI_WAY_MAX])
{
	char message[ENGINE_MPI_WAY_MAX + 1] = {0};

	if (mpi->rank == 0) {
		message[0] = (char)go;
		memcpy(message + 1, way, ENGINE_MPI_WAY_MAX);
	}
	MPI_Bcast(message, sizeof message, MPI_BYTE, 0, MPI_COMM_WORLD);
	memcpy(way, message + 1, ENGINE_MPI_WAY_MAX);
	mpi->serving = message[0] != 0;
	return mpi->serving;
}

void engine_mpi_end(const struct engine_mpi *mpi)
{
	if (mpi->rank == 0 && mpi->serving)
		send_empty(mpi->ranks, TAG_END);
	MPI_Finalize();
}

/* ---- rank 0 ---- */

struct rank {
	unsigned threads; /* 0: it cannot count, or has not said yet that it can */
	unsigned in_hand; /* tasks it has */
	bool heard;       /* it has said whether it can */
	bool gone;        /* it has said goodbye */
};

struct mpi {
	int ranks;
	struct idle idle;
	struct rank rank[]; /* [ranks]; 0 is ourselves */
};

/* Takes in a message that has come. */
static void take_message(struct engine *e, struct mpi *m, const MPI_Status *status)
{
	int from = status->MPI_SOURCE;
	struct rank *rank = &m->rank[from];
	struct report report;
	int size;

	switch (status->MPI_TAG) {
	case TAG_READY:
		MPI_Recv(&rank->threads, 1, MPI_UNSIGNED, from, TAG_READY, MPI_COMM_WORLD,
		         MPI_STATUS_IGNORE);
		rank->heard = true;
		e->stats->workers += rank->threads > 0;
		break;
	case TAG_REPORT:
		MPI_Get_count(status, MPI_BYTE, &size);
		verify(size >= REPORT_SIZE && (size_t)size <= sizeof report);
		MPI_Recv(&report, size, MPI_BYTE, from, TAG_REPORT, MPI_COMM_WORLD,
		         MPI_STATUS_IGNORE);
		report.result.profile = size > REPORT_SIZE ? &report.profile : NULL;
		rank->in_hand--;
		ledger_commit(e->ledger, (unsigned)from, report.seq, &report.result);
		/* For those who watch; the last message has the truth. */
		e->worker_stats[from - 1].bytes += report.result.tally.bytes;
		e->worker_stats[from - 1].pieces++;
		break;
	default:
		MPI_Recv(&e->worker_stats[from - 1], sizeof(struct worker_stats), MPI_BYTE, from,
		         TAG_BYE, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
		rank->gone = true;
	}
}

/* Takes in all that has come; true if anything has. */
static bool take_messages(struct engine *e, struct mpi *m)
{
	MPI_Status status;
	bool any = false;
	int there;

	for (;;) {
		MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status);
		if (!there)
			return any;
		take_message(e, m, &status);
		any = true;
	}
}

/* Is it a task for others? Only a file with a name and a size can be told from another one. */
static bool can_travel(const struct task *task)
{
	return (task->kind == TASK_PIECE || task->kind == TASK_LOOK) && task->path &&
	       task->size > 0 && strlen(task->path) < PATH_MAX;
}

static void send_order(int to, uint64_t seq, const struct task *task)
{
	char message[sizeof(struct order) + PATH_MAX];
	struct order order = {.seq = seq, .task = *task};
	size_t n = strlen(task->path) + 1;

	order.task.path = NULL;
	order.task.fd = -1;
	memcpy(message, &order, sizeof order);
	memcpy(message + sizeof order, task->path, n);
	MPI_Send(message, (int)(sizeof order + n), MPI_BYTE, to, TAG_ORDER, MPI_COMM_WORLD);
}

/* Fills a rank's hands; true if it got anything. */
static bool fill_hands(struct engine *e, struct rank *rank, int to)
{
	struct task task;
	uint64_t seq;
	bool any = false;

	/* Not one by one, so that it gets neighbours. */
	if (rank->in_hand > rank->threads)
		return false;
	while (rank->in_hand < TASKS_PER_THREAD * rank->threads &&
	       ledger_claim(e->ledger, (unsigned)to, &task, &seq)) {
		any = true;
		if (can_travel(&task)) {
			send_order(to, seq, &task);
			rank->in_hand++;
		} else {
			struct result result = {.kind = RESULT_DEFERRED};
			ledger_commit(e->ledger, (unsigned)to, seq, &result);
		}
	}
	return any;
}

static void mpi_start(struct engine *e)
{
	int ranks;

	MPI_Comm_size(MPI_COMM_WORLD, &ranks);
	struct mpi *m = calloc(1, sizeof *m + (size_t)ranks * sizeof m->rank[0]);
	verify(m); /* some bytes, before anything is counted */
	m->ranks = ranks;
	send_empty(ranks, TAG_START);
	e->state = m;
	e->stats->workers = 0;
}

static void mpi_step(struct engine *e)
{
	struct mpi *m = e->state;
	bool moved = take_messages(e, m), anybody = false;

	for (int r = 1; r < m->ranks; r++) {
		anybody |= !m->rank[r].heard || m->rank[r].threads > 0;
		if (m->rank[r].threads > 0)
			moved |= fill_hands(e, &m->rank[r], r);
	}
	if (moved)
		m->idle = (struct idle){0};
	else if (anybody || !worker_step(&e->owner, e->ledger, 0))
		idle(&m->idle);
}

/* Waits until all have said goodbye. */
static void mpi_stop(struct engine *e)
{
	struct mpi *m = e->state;
	struct idle since = {0};

	send_empty(m->ranks, TAG_STOP);
	for (int r = 1; r < m->ranks; r++)
		while (!m->rank[r].gone)
			if (!take_messages(e, m))
				idle(&since);
	free(m);
}

const struct engine_ops engine_over_mpi = {
	.kind = ENGINE_MPI,
	.start = mpi_start,
	.step = mpi_step,
	.stop = mpi_stop,
};

/* ---- the other ranks ---- */

struct thread {
	pthread_t id;
	struct worker worker;
	struct worker_stats stats;
	struct ledger *ledger;
};

struct server {
	struct ledger *ledger;
	unsigned threads;
	struct thread *thread;
	const struct engine_config *config; /* NULL: this rank cannot count */
	int error;                          /* errno of why it could not be set up */
	bool ended;
	uint64_t seq[RANK_SLOTS]; /* rank 0's number of our task, by our number modulo RANK_SLOTS */
	char *path[RANK_SLOTS];
	uint64_t added, folded;
};

static void *thread_main(void *arg)
{
	struct thread *thread = arg;

	worker_run(&thread->worker, thread->ledger);
	return NULL;
}

static void take_order(struct server *s, const char *message)
{
	struct order order;

	memcpy(&order, message, sizeof order);
	uint64_t place = s->added++ % RANK_SLOTS;
	s->seq[place] = order.seq;
	s->path[place] = strdup(message + sizeof order);
	order.task.path = s->path[place]; /* NULL without memory: then it is left to rank 0 */
	ledger_add(s->ledger, &order.task);
	ledger_announce(s->ledger);
}

/* True if a result has gone out. */
static bool send_report(struct server *s)
{
	struct report report;
	struct task task;
	int size = REPORT_SIZE;

	memset(&report, 0, REPORT_SIZE);
	if (!ledger_fold(s->ledger, &task, &report.result))
		return false;
	if (report.result.profile) {
		size += (int)profile_size(report.result.profile);
		memcpy(&report.profile, report.result.profile, profile_size(report.result.profile));
	}
	uint64_t place = s->folded++ % RANK_SLOTS;
	report.seq = s->seq[place];
	free(s->path[place]);
	s->path[place] = NULL;
	MPI_Send(&report, size, MPI_BYTE, 0, TAG_REPORT, MPI_COMM_WORLD);
	return true;
}

static bool add_thread(struct server *s)
{
	struct thread *thread = &s->thread[s->threads];

	thread->ledger = s->ledger;
	if (worker_init(&thread->worker, s->threads, s->config, false, &thread->stats) != 0)
		return false;
	if (parallel_start(&thread->id, thread_main, thread) != 0) {
		worker_free(&thread->worker);
		return false;
	}
	s->threads++;
	return true;
}

/* Everything this rank needs; as many threads as the system grants. False: none, and errno. */
static bool server_open(struct server *s)
{
	uint64_t jobs = s->config->jobs;
	unsigned wanted = jobs == 0 ? 1 : (unsigned)min_u64(jobs, THREADS_MAX);

	s->ledger = ledger_new(RANK_SLOTS, false);
	s->thread = calloc(wanted, sizeof *s->thread);
	if (!s->ledger || !s->thread ||
	    (s->config->counter->profiler && ledger_add_profiles(s->ledger) != 0))
		return false;
	while (s->threads < wanted && add_thread(s))
		continue;
	return s->threads > 0;
}

static struct worker_stats server_close(struct server *s)
{
	struct worker_stats sum = {0};

	if (s->ledger)
		ledger_close(s->ledger);
	for (unsigned i = 0; i < s->threads; i++) {
		const struct worker_stats *stats = &s->thread[i].stats;
		verify(pthread_join(s->thread[i].id, NULL) == 0);
		worker_free(&s->thread[i].worker);
		sum.bytes += stats->bytes;
		sum.pieces += stats->pieces;
		sum.busy_ns += stats->busy_ns;
		sum.mapped += stats->mapped;
		sum.redone += stats->redone;
	}
	for (unsigned i = 0; i < RANK_SLOTS; i++)
		free(s->path[i]);
	free(s->thread);
	ledger_free(s->ledger);
	s->thread = NULL;
	s->ledger = NULL;
	s->threads = 0;
	return sum;
}

/* Does what rank 0 says, if it says anything: true then. */
static bool take_word(struct server *s)
{
	char message[sizeof(struct order) + PATH_MAX];
	MPI_Status status;
	int there;

	MPI_Iprobe(0, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status);
	if (!there)
		return false;
	MPI_Recv(message, sizeof message, MPI_BYTE, 0, status.MPI_TAG, MPI_COMM_WORLD,
	         MPI_STATUS_IGNORE);
	switch (status.MPI_TAG) {
	case TAG_START:
		if (s->config && !server_open(s))
			s->error = errno;
		MPI_Send(&s->threads, 1, MPI_UNSIGNED, 0, TAG_READY, MPI_COMM_WORLD);
		break;
	case TAG_ORDER:
		take_order(s, message);
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

int engine_mpi_serve(const struct engine_config *config)
{
	struct server s = {.config = config};
	struct idle since = {0};

	while (!s.ended) {
		bool moved = take_word(&s);
		while (s.ledger && send_report(&s))
			moved = true;
		if (moved)
			since = (struct idle){0};
		else
			idle(&since);
	}
	errno = s.error;
	return s.error ? -1 : 0;
}
