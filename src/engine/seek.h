/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Seeks of threads: a compressed file is decoded from points on that the client knows, at the same
 * time; the last of these pieces, or the only one, leaves points that the client is told of.
 *
 *      | known ranges      | seek        | seek        | seek            until the end of the file
 *                          ^ point       ^ point       ^ point
 *
 * Private to engine/.
 */
#ifndef PCOUNT_ENGINE_SEEK_H
#define PCOUNT_ENGINE_SEEK_H

#include "base/base.h"
#include "engine/coordinator.h"
#include "scan/seek.h"

struct seek_list;

/* The job's file can be decoded from points on: its split gets a list. */
void seek_open(struct engine *e, struct job *job);
void seek_close(struct seek_list *list);

/* How many points are of use. */
size_t seek_points_wanted(const struct engine *e, const struct seek_list *list);
/* point[n], in order. If they are `joined`, all before the first of them is known. */
void seek_add_points(struct engine *e, struct job *job, const struct decode_point *point, size_t n,
                     bool joined);

/* The task's seek, for what begins at s->planned. Where that ends: the task's end. */
uint64_t seek_plan(struct job *job, struct task *task);

/* May seek_step() have something? Asked four times a small file, for which an exchange is slow. */
static inline bool seek_is_due(const struct engine *e)
{
	return UNLIKELY(atomic_load_explicit(&e->seek_news, memory_order_relaxed));
}
/* Has a job's point moved on? Then *event says what was counted. */
bool seek_step(struct engine *e, struct engine_event *event);
/* The job's task is done: what was counted of it since the client was last told. */
void seek_rest(struct job *job, const struct task *task, struct counted *range);

#endif
