/* SPDX-License-Identifier: BSD-2-Clause */
/* The coordinator: sets an engine up, runs its loop from event to event, and takes it down. */
#include "base/base.h"
#include "base/cpus.h"
#include "base/relaxed.h"
#include "engine/coordinator.h"
#include "engine/seek.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void engine_set_workers(struct engine *e, unsigned workers)
{
	e->executor.workers = workers;
	e->plan = plan_make(e->config, workers);
}

unsigned engine_processors(struct engine *e)
{
	if (e->processors == 0)
		e->processors = cpus_usable();
	return e->processors;
}

/* ---- for those who watch ---- */

void engine_show_first(const struct engine *e)
{
	if (e->config->watch)
		e->config->watch->name = e->first ? e->first->op.name : NULL;
}

/* The sum of the field at `offset` of all workers' statistics. */
static uint64_t watched_sum(const struct engine_watch *watch, size_t offset)
{
	const char *worker = (const char *)watch->worker;
	uint64_t sum = 0;

	for (unsigned i = 0; worker && i < watch->workers; i++, worker += watch->stride) {
		const uint64_t *field = (const uint64_t *)(const void *)(worker + offset);
		sum += min_u64(relaxed_get(field), WORKER_STATS_MOST);
	}
	return sum;
}

uint64_t engine_watch_bytes(const struct engine_watch *watch)
{
	return watched_sum(watch, offsetof(struct worker_stats, bytes)) +
	       watched_sum(watch, offsetof(struct worker_stats, holes));
}

uint64_t engine_watch_lines(const struct engine_watch *watch)
{
	return watched_sum(watch, offsetof(struct worker_stats, lines));
}

/* Those who watch may see the statistics, or no longer. */
static void show_workers(const struct engine *e, bool show)
{
	struct engine_watch *watch = e->config->watch;

	if (!watch)
		return;
	watch->workers = e->places + 1;
	watch->stride = e->stats_stride;
	watch->worker = show ? e->worker_stats : NULL;
}

/* ---- statistics ---- */

static size_t worker_stats_size(const struct engine *e)
{
	return (e->places + 1) * e->stats_stride;
}

/* From one worker's to the next one's. What is in a page of its own can be taken from others. */
static size_t stats_stride(const struct executor_ops *ops)
{
	long page = sysconf(_SC_PAGESIZE);

	return !ops->isolated ? sizeof(struct worker_stats) : page > 0 ? (size_t)page : 65536;
}

/* Visible to forked workers, if there will be any; else plain memory, which costs less to get. */
static struct worker_stats *new_worker_stats(const struct engine *e)
{
	if (!e->shared)
		return calloc(1, worker_stats_size(e));
	void *p = mmap(NULL, worker_stats_size(e), PROT_READ | PROT_WRITE,
	               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

static void free_worker_stats(struct engine *e)
{
	if (e->worker_stats && e->shared)
		munmap(e->worker_stats, worker_stats_size(e));
	else
		free(e->worker_stats);
}

static void report(const struct engine *e, struct engine_stats *stats)
{
	const struct executor *x = &e->executor;
	const struct worker_stats *own = e->scanner.stats;
	bool own_works = x->ops->coordinator_works || own->pieces > 0;
	unsigned others = x->present - x->ops->coordinator_works;

	*stats = (struct engine_stats){
		.name = x->ops->name,
		.why = e->why,
		.workers = others + own_works,
		.deaths = x->deaths,
		.chunk_size = e->chunk_size,
		.speculative = e->speculative,
		.redone = e->redone,
		.points = e->points,
	};
	/* Much work, and yet one worker. */
	if (e->may_grow && !e->config->scan.only_bytes &&
	    plan_worth_sharing(&e->plan, own->streamed, 0))
		stats->why = "a stream that is slow, or no pipe";
	stats->worker = calloc(stats->workers, sizeof *stats->worker);
	if (!stats->worker)
		return;
	if (own_works)
		stats->worker[0] = *own;
	for (unsigned i = 0; i < others; i++)
		worker_stats_copy(&stats->worker[i + own_works], executor_stats(x, i));
}

void engine_stats_free(struct engine_stats *stats)
{
	free(stats->worker);
	stats->worker = NULL;
}

/* ---- events ---- */

bool engine_must_flush(struct engine *e)
{
	bool flush = e->unflushed;

	e->unflushed = false;
	return flush;
}

void engine_stop(struct engine *e)
{
	e->stopped = true;
}

static void end_workers(struct engine *e)
{
	if (e->ended)
		return;
	ledger_close(e->ledger);
	e->executor.ops->stop(&e->executor);
	e->ended = true;
}

/* What was under way when the client has said stop, one by one. */
static enum engine_event_kind drop(struct engine *e, struct engine_event *event)
{
	struct job *job = e->first;

	end_workers(e);
	if (!job)
		return ENGINE_END;
	e->first = job->next;
	engine_show_first(e);
	e->finished = job;
	*event = (struct engine_event){.client = job->op.client};
	return ENGINE_OPERAND_DROPPED;
}

static void free_finished(struct engine *e)
{
	if (e->finished)
		job_free(e, e->finished);
	e->finished = NULL;
}

enum engine_event_kind engine_next(struct engine *e, struct engine_event *event)
{
	enum engine_event_kind kind;

	free_finished(e);
	*event = (struct engine_event){.fd = -1};
	while (!e->stopped) {
		/* While a task is being collected its profile lies in the ledger. */
		if (seek_is_due(e) && seek_step(e, event))
			return ENGINE_RANGE_COUNTED;
		if (!e->collecting && planner_step(e, &kind, event) == PROGRESS_EVENT)
			return kind;
		enum progress collected = collector_step(e, &kind, event);
		if (collected == PROGRESS_EVENT)
			return kind;
		if (collected == PROGRESS_MADE)
			continue;
		if (!e->first && e->supply_ended)
			break;
		if (e->first && engine_must_flush(e))
			return ENGINE_ABOUT_TO_WAIT;
		if (e->first)
			e->executor.ops->step(&e->executor);
	}
	return drop(e, event);
}

/* ---- opening and closing ---- */

static int add_profiles(struct engine *e)
{
	e->profiles = calloc(1, sizeof *e->profiles);
	return e->profiles ? ledger_add_profiles(e->ledger) : -1;
}

/* All that is needed before there are workers. 0, or -1 and errno. */
static int set_up(struct engine *e)
{
	const struct engine_config *config = e->config;

	e->worker_stats = new_worker_stats(e);
	if (!e->worker_stats)
		return -1;
	e->ledger = ledger_new(ENGINE_LEDGER_SLOTS, config->crew.ops->shared);
	if (!e->ledger)
		return -1;
	if (config->scan.counter->profiler && add_profiles(e) != 0)
		return -1;
	e->executor.stats = e->worker_stats;
	e->executor.stats_stride = e->stats_stride;
	return scanner_init(&e->scanner, &config->scan, FD_SHARED,
	                    executor_stats(&e->executor, e->places));
}

static void free_engine(struct engine *e)
{
	int saved = errno;

	free(e->profiles);
	ledger_free(e->ledger);
	free_worker_stats(e);
	free(e);
	errno = saved;
}

struct engine *engine_open(const struct engine_config *config)
{
	struct engine *e = calloc(1, sizeof *e);

	if (!e)
		return NULL;
	e->config = config;
	e->executor.ops = config->crew.ops;
	e->why = config->crew.why;
	e->may_grow = config->crew.more;
	e->places = config->crew.workers;
	/* `more` shares nothing. */
	e->shared = config->crew.ops->shared || config->crew.ops->isolated;
	e->stats_stride = stats_stride(config->crew.ops);
	engine_set_workers(e, e->places);
	if (set_up(e) != 0) {
		free_engine(e);
		return NULL;
	}
	e->executor.scan = &config->scan;
	e->executor.ledger = e->ledger;
	e->executor.scanner = &e->scanner;
	/* Between slices it has other things to do. */
	e->scanner.slices = true;
	show_workers(e, true);
	e->executor.ops->start(&e->executor);
	return e;
}

void engine_close(struct engine *e, struct engine_stats *stats)
{
	struct engine_event event;

	e->stopped = true;
	while (engine_next(e, &event) != ENGINE_END)
		continue;
	show_workers(e, false);
	report(e, stats);
	if (e->incoming)
		job_free(e, e->incoming);
	planner_free_jobs(e);
	scanner_free(&e->scanner);
	free_engine(e);
}
