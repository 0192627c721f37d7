/* SPDX-License-Identifier: BSD-2-Clause */
/* A pipe that is counted by several threads, in turns: see scan/turns.h. Private to engine/. */
#ifndef PCOUNT_ENGINE_TURNS_H
#define PCOUNT_ENGINE_TURNS_H

#include "base/base.h"
#include "engine/coordinator.h"
#include "scan/turns.h"

/* The turns at one pipe. NULL: no memory. */
struct turns *turns_new(void);
/* NULL: nothing. */
void turns_free(struct turns *t);

/* May the stream that is about to be read be shared, as far as can be told before? */
bool turns_are_possible(const struct engine *e);
/*
 * The job's stream `fd` has more than was counted, which comes fast: becomes its split. Threads are
 * started where they are worth it; if not, the rest is one piece.
 */
void turns_open(struct engine *e, struct job *job, int fd, struct turns *turns);
/* Adds tasks until all workers have had enough. */
void turns_add_pieces(struct engine *e, struct job *job);

#endif
