/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets an engine up, turns the owner's loop, and takes all down again. */
#include "base/base.h"
#include "engine/core.h"
#include "engine/cpus.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

const char *engine_name(enum engine_kind kind)
{
	static const char *const names[] = {
		[ENGINE_AUTO] = "auto",       [ENGINE_SERIAL] = "serial",
		[ENGINE_THREADS] = "threads", [ENGINE_PROCESSES] = "processes",
		[ENGINE_MPI] = "mpi",
	};

	return names[kind];
}

void engine_set_workers(struct engine *e, unsigned workers)
{
	e->workers = workers;
	e->plan = plan_make(e->config, workers);
}

static const struct engine_ops *ops_of(enum engine_kind kind)
{
	switch (kind) {
	case ENGINE_THREADS:
		return &engine_threads;
	case ENGINE_PROCESSES:
		return &engine_processes;
	default:
		return &engine_serial;
	}
}

/* How many workers, and which engine to begin with. */
static void choose(struct engine *e)
{
	const struct engine_config *c = e->config;
	bool automatic = c->kind == ENGINE_AUTO;
	unsigned cpus = c->jobs > 0 ? c->jobs : automatic ? cpus_affinity() : cpus_usable();

	if (c->remote) {
		engine_set_workers(e, c->remotes);
		e->ops = c->remote;
		return;
	}
	if (cpus > ENGINE_JOBS_MAX)
		cpus = ENGINE_JOBS_MAX;
	engine_set_workers(e, c->kind == ENGINE_SERIAL ? 1 : cpus);
	e->ops = ops_of(c->kind);
	e->may_grow = automatic && e->workers > 1;
	if (automatic)
		e->stats->why = e->workers > 1 ? "little work"
		                : c->jobs == 1 ? "one worker"
		                               : "one CPU";
}

static size_t worker_stats_size(const struct engine *e)
{
	return (e->worker_places + 1) * sizeof(struct worker_stats);
}

/* Visible to forked workers, if there will be any; else plain memory, which costs less to get. */
static struct worker_stats *new_worker_stats(const struct engine *e)
{
	if (!e->ops->shared)
		return calloc(1, worker_stats_size(e));
	void *p = mmap(NULL, worker_stats_size(e), PROT_READ | PROT_WRITE,
	               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

static void free_worker_stats(struct engine *e, bool shared)
{
	if (shared)
		munmap(e->worker_stats, worker_stats_size(e));
	else
		free(e->worker_stats);
}

/* The owner of a serial or threads engine is a worker like the others; elsewhere it is one more. */
static void report_workers(struct engine *e)
{
	struct engine_stats *stats = e->stats;
	const struct worker_stats *owner = e->owner.stats;
	bool apart = e->ops->kind == ENGINE_PROCESSES || e->ops->kind == ENGINE_MPI;
	bool owner_works = !apart || owner->pieces > 0;
	unsigned others = apart ? stats->workers : stats->workers - 1;

	stats->kind = e->ops->kind;
	/*
	 * Much work, and yet no more than one worker: nobody else can read what comes in a stream.
	 */
	if (e->may_grow && plan_worth_sharing(&e->plan, owner->streamed, 0))
		stats->why = "a stream has one reader";
	stats->workers = others + owner_works;
	stats->worker = calloc(stats->workers, sizeof *stats->worker);
	if (!stats->worker)
		return;
	if (owner_works)
		stats->worker[0] = *owner;
	for (unsigned i = 0; i < others; i++)
		stats->worker[i + owner_works] = e->worker_stats[i];
}

void engine_show_first(const struct engine *e)
{
	if (e->config->watch)
		e->config->watch->name = e->first ? e->first->op->name : NULL;
}

uint64_t engine_watch_bytes(const struct engine_watch *watch)
{
	const struct worker_stats *worker = watch->worker;
	uint64_t bytes = 0;

	for (unsigned i = 0; worker && i < watch->workers; i++)
		bytes += __atomic_load_n(&worker[i].bytes, __ATOMIC_RELAXED);
	return bytes;
}

/* Lets those see the statistics who look, or no more. */
static void show_workers(const struct engine *e, bool show)
{
	struct engine_watch *watch = e->config->watch;

	if (!watch)
		return;
	watch->workers = e->worker_places + 1;
	watch->worker = show ? e->worker_stats : NULL;
}

bool engine_settle(struct engine *e)
{
	if (!e->stopped && e->client->settle && !e->client->settle(e->client->arg))
		e->stopped = true;
	return !e->stopped;
}

static void loop(struct engine *e)
{
	e->ops->start(e);
	while (!e->stopped) {
		engine_feed(e);
		if (engine_fold(e))
			continue;
		if (!e->first && e->supply_ended)
			break;
		if (e->first && engine_settle(e))
			e->ops->step(e);
	}
	ledger_close(e->ledger);
	e->ops->stop(e);
	while (e->first) {
		struct job *job = e->first;
		e->first = job->next;
		engine_show_first(e);
		e->client->drop(e->client->arg, job->op);
		job_free(e, job);
	}
}

static bool add_profiles(struct engine *e)
{
	e->profiles = calloc(1, sizeof *e->profiles);
	return e->profiles && ledger_add_profiles(e->ledger) == 0;
}

int engine_run(const struct engine_config *config, const struct engine_client *client,
               struct engine_stats *stats)
{
	struct engine e = {.config = config, .client = client, .stats = stats};
	int result = -1;

	*stats = (struct engine_stats){0};
	choose(&e);
	e.worker_places = e.workers;
	bool shared = e.ops->shared; /* the engine may grow into another, which shares nothing */
	e.worker_stats = new_worker_stats(&e);
	if (!e.worker_stats)
		return -1;
	e.apart = engine_works_apart(config, e.ops->kind);
	if (e.apart && !(e.place = calloc(ENGINE_LEDGER_SLOTS, sizeof *e.place)))
		goto out_stats;
	e.ledger = ledger_new(ENGINE_LEDGER_SLOTS, e.ops->shared);
	if (!e.ledger)
		goto out_stats;
	if (config->counter->profiler && !add_profiles(&e))
		goto out_ledger;
	if (worker_init(&e.owner, LEDGER_OWNER, config, true, &e.worker_stats[e.workers]) != 0)
		goto out_ledger;
	show_workers(&e, true);
	loop(&e);
	show_workers(&e, false);
	report_workers(&e);
	worker_free(&e.owner);
	result = 0;
out_ledger:
	free(e.profiles);
	ledger_free(e.ledger);
out_stats:
	free(e.place);
	free_worker_stats(&e, shared);
	return result;
}

void engine_stats_free(struct engine_stats *stats)
{
	free(stats->worker);
	stats->worker = NULL;
}
