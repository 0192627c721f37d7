/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Processes: forked workers around a shared ledger. Each may die at any instant; the coordinator
 * learns it from SIGCHLD, gives the dead one's tasks back and forks another. A task that has killed
 * two is done by the coordinator, by plain reads; if no worker can be had it does everything.
 *
 * For workers that parse nothing hostile: they can write to the ledger. For others: isolated.c.
 */
#include "base/base.h"
#include "base/fault.h"
#include "exec/children.h"
#include "exec/exec.h"
#include "exec/worker.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct processes {
	struct children children;
	struct sigaction old_sigchld;
	sigset_t old_mask;
};

/* Whom the signal handler wakes. Only one engine runs at a time. */
static struct ledger *volatile to_wake;

static void on_sigchld(int sig UNUSED)
{
	struct ledger *ledger = to_wake;

	if (ledger)
		ledger_news(ledger);
}

NORETURN static void child_main(struct executor *x, unsigned number, pid_t parent)
{
	struct worker worker;

	/* Not to outlive the coordinator, who may have died before this line. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	signal(SIGCHLD, SIG_DFL);
	FAULT_ARM(number);
	FAULT("born");
	if (worker_init(&worker, number, x->ledger, x->scan, FD_LOCAL, &x->stats[number]) != 0)
		_exit(1);
	worker_run(&worker);
	FAULT("leaving");
	/* Nothing of the coordinator's is to be flushed or run: _exit, without freeing either. */
	_exit(0);
}

static pid_t fork_worker(struct executor *x, unsigned number)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid == 0)
		child_main(x, number, parent);
	return pid;
}

static void processes_start(struct executor *x)
{
	struct processes *p = calloc(1, sizeof *p);
	/* Restarting: a death must not end the coordinator's wait for the writer of a FIFO. */
	struct sigaction act = {.sa_handler = on_sigchld, .sa_flags = SA_RESTART};
	sigset_t sigchld;

	if (p && children_init(&p->children, x) != 0) {
		free(p);
		p = NULL;
	}
	x->state = p;
	if (!p)
		return; /* the coordinator does everything */
	to_wake = x->ledger;
	sigemptyset(&act.sa_mask);
	verify(sigaction(SIGCHLD, &act, &p->old_sigchld) == 0);
	/* Our starter may have left it blocked, and then nobody would hear of a death. */
	sigemptyset(&sigchld);
	sigaddset(&sigchld, SIGCHLD);
	verify(sigprocmask(SIG_UNBLOCK, &sigchld, &p->old_mask) == 0);
	children_add_missing(&p->children, x, fork_worker);
}

/*
 * By its number: there may be children that our own starter left us. Where we cannot wait for it
 * (ECHILD) it is made to end: what it has not handed in others do.
 */
static bool has_ended(pid_t pid)
{
	pid_t ended = waitpid(pid, NULL, WNOHANG);

	if (ended >= 0 || errno == EINTR)
		return ended == pid;
	kill(pid, SIGKILL);
	return true;
}

/* Finds dead workers and replaces them: what they held is free again. */
static void reap(struct executor *x, struct children *c)
{
	bool any = false;

	for (unsigned i = 0; i < c->n; i++) {
		if (c->pid[i] > 0 && has_ended(c->pid[i])) {
			children_forget(c, i);
			children_count_death(c, x);
			ledger_give_back(x->ledger, i);
			any = true;
		}
	}
	if (any)
		children_add_missing(c, x, fork_worker);
}

static void processes_step(struct executor *x)
{
	struct processes *p = x->state;
	uint32_t seen = ledger_news_seen(x->ledger);

	if (p)
		reap(x, &p->children);
	struct task task;
	struct result result;
	uint64_t seq;
	bool alone = !p || p->children.alive == 0;
	if (worker_claim_left(x->ledger, alone, &task, &seq)) {
		scan_task(x->scanner, &task, &result);
		ledger_commit(x->ledger, LEDGER_COORDINATOR, seq, &result);
		return;
	}
	if (!alone)
		ledger_wait_news(x->ledger, seen);
}

static void processes_stop(struct executor *x)
{
	struct processes *p = x->state;

	if (!p)
		return;
	children_end_all(&p->children);
	children_free(&p->children);
	sigaction(SIGCHLD, &p->old_sigchld, NULL);
	sigprocmask(SIG_SETMASK, &p->old_mask, NULL);
	to_wake = NULL;
	free(p);
}

const struct executor_ops exec_processes = {
	.name = "processes",
	.shared = true,
	.start = processes_start,
	.step = processes_step,
	.stop = processes_stop,
};
