/* SPDX-License-Identifier: BSD-2-Clause */
/* Forked workers: made, replaced when they have died, and ended. Of the coordinator's thread. */
#ifndef PCOUNT_EXEC_CHILDREN_H
#define PCOUNT_EXEC_CHILDREN_H

#include "base/base.h"
#include "engine/executor.h"

#include <sys/types.h>

struct children {
	unsigned n; /* workers that are wanted */
	unsigned alive;
	unsigned fruitless; /* deaths in a row without a single task done */
	uint64_t commits;   /* at the last death */
	bool refused;       /* by the system, or they are not wanted any more: no new ones */
	pid_t *pid;         /* [n]; 0: nobody */
};

/* Forks worker `number`: its pid, or -1: the system refuses. */
typedef pid_t children_fork_fn(struct executor *x, unsigned number);

/* For x->workers of them. 0, or -1 and errno. */
int children_init(struct children *c, const struct executor *x);
void children_free(struct children *c);

/* Makes those that are missing, unless it is of no use. */
void children_add_missing(struct children *c, struct executor *x, children_fork_fn *fork_one);
/* A worker has died by itself: of that there is a limit. */
void children_count_death(struct children *c, struct executor *x);
/* Worker `number` has been waited for. */
void children_forget(struct children *c, unsigned number);
/* Kills worker `number`, whatever it is doing, waits for it, and forgets it. */
void children_end(struct children *c, unsigned number);
void children_end_all(struct children *c);

#endif
