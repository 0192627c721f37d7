/* SPDX-License-Identifier: BSD-2-Clause */
/* Forked workers, by their numbers. */
#include "base/base.h"
#include "exec/children.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

/* Deaths in a row without a single task done: forking again would only go on for ever. */
enum { FRUITLESS_MAX = 16 };

int children_init(struct children *c, const struct executor *x)
{
	*c = (struct children){.n = x->workers};
	c->pid = calloc(c->n, sizeof *c->pid);
	return c->pid ? 0 : -1;
}

void children_free(struct children *c)
{
	free(c->pid);
	c->pid = NULL;
}

void children_add_missing(struct children *c, struct executor *x, children_fork_fn *fork_one)
{
	if (c->fruitless > FRUITLESS_MAX)
		return;
	for (unsigned i = 0; i < c->n && !c->refused; i++) {
		if (c->pid[i] > 0)
			continue;
		pid_t pid = fork_one(x, i);
		c->refused = pid < 0;
		if (pid < 0)
			break;
		c->pid[i] = pid;
		c->alive++;
	}
	x->present = c->alive > x->present ? c->alive : x->present;
}

void children_count_death(struct children *c, struct executor *x)
{
	uint64_t commits = ledger_commits(x->ledger);

	c->fruitless = commits == c->commits ? c->fruitless + 1 : 1;
	c->commits = commits;
	x->deaths++;
}

void children_forget(struct children *c, unsigned number)
{
	c->pid[number] = 0;
	c->alive--;
}

void children_end(struct children *c, unsigned number)
{
	kill(c->pid[number], SIGKILL);
	while (waitpid(c->pid[number], NULL, 0) < 0 && errno == EINTR)
		continue;
	children_forget(c, number);
}

void children_end_all(struct children *c)
{
	/* They hold nothing that is still wanted, and may be stopped, or deep in a piece. */
	for (unsigned i = 0; i < c->n; i++)
		if (c->pid[i] > 0)
			children_end(c, i);
}
