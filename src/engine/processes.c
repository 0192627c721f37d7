/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The processes engine: forked workers around a shared ledger. Each may die at any instant; the
 * owner learns it from SIGCHLD, gives the dead one's tasks back and forks another. A task that has
 * killed two is done by the owner, by plain reads; if no worker can be had it does everything.
 */
#include "base/base.h"
#include "engine/core.h"
#include "base/fault.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	/* Deaths in a row without a single task done: forking again would only go on for ever. */
	FRUITLESS_DEATHS_MAX = 16,
};

struct processes {
	unsigned n; /* places, as many as workers are wanted */
	unsigned alive;
	unsigned fruitless; /* deaths since the last commit */
	uint64_t commits;   /* at the last death */
	bool refused;       /* fork has failed: no more of them */
	struct sigaction old_sigchld;
	sigset_t old_mask;
	int *socket; /* [n], to hand files over by; NULL: workers open them themselves */
	pid_t pid[]; /* [n]; 0: nobody */
};

/* What the signal handler rings. Only one engine runs at a time. */
static struct ledger *volatile bell;

static void on_sigchld(int sig UNUSED)
{
	struct ledger *ledger = bell;

	if (ledger)
		ledger_news(ledger);
}

/* `socket`: what the worker has files handed over by, or -1. */
NORETURN static void child_main(struct engine *e, unsigned number, int socket, pid_t parent)
{
	struct worker worker;

	/* Not to outlive the owner, who may have died before this line. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	signal(SIGCHLD, SIG_DFL);
	FAULT_ARM(number);
	FAULT("born");
	if (worker_init(&worker, number, e->config, false, &e->worker_stats[number]) != 0)
		_exit(1);
	worker.ask_fd = socket;
	worker.ledger = e->ledger;
	if (e->apart)
		worker_enter_sandbox(&worker);
	worker_run(&worker, e->ledger);
	FAULT("leaving");
	/* Nothing of the owner's is to be flushed or run: _exit, without freeing either. */
	_exit(0);
}

/* Fills place `number` with a worker; false: the system refuses. */
static bool add_child(struct engine *e, struct processes *p, unsigned number)
{
	pid_t parent = getpid();
	int pair[2] = {-1, -1};

	if (p->socket && handover_pair(pair) != 0)
		return false;
	pid_t pid = fork();
	if (pid == 0) {
		/* The owner's ends are not its business, nor are those of other workers. */
		if (pair[0] >= 0)
			close(pair[0]);
		for (unsigned i = 0; p->socket && i < p->n; i++)
			if (p->socket[i] >= 0)
				close(p->socket[i]);
		child_main(e, number, pair[1], parent);
	}
	if (pair[1] >= 0)
		close(pair[1]);
	if (pid < 0) {
		if (pair[0] >= 0)
			close(pair[0]);
		return false;
	}
	if (p->socket)
		p->socket[number] = pair[0];
	p->pid[number] = pid;
	p->alive++;
	return true;
}

static void fill_places(struct engine *e, struct processes *p)
{
	for (unsigned i = 0; i < p->n && !p->refused; i++)
		if (p->pid[i] == 0 && !add_child(e, p, i))
			p->refused = true;
	e->stats->workers = p->alive > e->stats->workers ? p->alive : e->stats->workers;
}

static bool add_sockets(struct processes *p)
{
	p->socket = malloc(p->n * sizeof *p->socket);
	for (unsigned i = 0; p->socket && i < p->n; i++)
		p->socket[i] = -1;
	return p->socket;
}

static void processes_start(struct engine *e)
{
	struct processes *p = calloc(1, sizeof *p + e->workers * sizeof p->pid[0]);
	/* Restarting: a death must not end the owner's wait for the writer of a FIFO. */
	struct sigaction act = {.sa_handler = on_sigchld, .sa_flags = SA_RESTART};
	sigset_t sigchld;

	e->state = p;
	if (!p)
		return; /* the owner does everything */
	p->n = e->workers;
	if (e->apart && !add_sockets(p)) {
		free(p);
		e->state = NULL;
		return;
	}
	if (e->apart)
		decoder_preload(e->config->decompress);
	bell = e->ledger;
	sigemptyset(&act.sa_mask);
	verify(sigaction(SIGCHLD, &act, &p->old_sigchld) == 0);
	/* Our starter may have left it blocked, and then nobody would hear of a death. */
	sigemptyset(&sigchld);
	sigaddset(&sigchld, SIGCHLD);
	verify(sigprocmask(SIG_UNBLOCK, &sigchld, &p->old_mask) == 0);
	fill_places(e, p);
}

/* Worker `number` is gone: what it held is free again. */
static void bury(struct engine *e, struct processes *p, unsigned number)
{
	uint64_t commits = ledger_commits(e->ledger);

	p->pid[number] = 0;
	if (p->socket) {
		close(p->socket[number]);
		p->socket[number] = -1;
	}
	p->alive--;
	e->stats->deaths++;
	p->fruitless = commits == p->commits ? p->fruitless + 1 : 1;
	p->commits = commits;
	ledger_give_back(e->ledger, number);
}

/* Looks for dead workers and replaces them. */
static void reap(struct engine *e, struct processes *p)
{
	bool any = false;

	for (unsigned i = 0; i < p->n; i++) {
		/* Each by its number: there may be children that our own starter left us. */
		if (p->pid[i] > 0 && waitpid(p->pid[i], NULL, WNOHANG) == p->pid[i]) {
			bury(e, p, i);
			any = true;
		}
	}
	if (any && p->fruitless <= FRUITLESS_DEATHS_MAX)
		fill_places(e, p);
}

static void processes_step(struct engine *e)
{
	struct processes *p = e->state;
	uint32_t seen = ledger_news_seen(e->ledger);

	if (p)
		reap(e, p);
	for (unsigned i = 0; p && p->socket && i < p->n; i++)
		if (p->socket[i] >= 0)
			engine_hand_over(e, p->socket[i]);
	struct task task;
	struct result result;
	uint64_t seq;
	/* Without workers all that is left is free or done: there is nobody to hold it. */
	bool alone = !p || p->alive == 0;
	if (alone ? ledger_claim(e->ledger, LEDGER_OWNER, &task, &seq)
	          : ledger_claim_deadly(e->ledger, &task, &seq)) {
		engine_do(e, &task, &result);
		ledger_commit(e->ledger, LEDGER_OWNER, seq, &result);
		return;
	}
	if (!alone)
		ledger_wait_news(e->ledger, seen);
}

static void processes_stop(struct engine *e)
{
	struct processes *p = e->state;

	if (!p)
		return;
	for (unsigned i = 0; i < p->n; i++) {
		if (p->pid[i] == 0)
			continue;
		/* It holds nothing that is still wanted, and may be stopped, or deep in a piece. */
		kill(p->pid[i], SIGKILL);
		while (waitpid(p->pid[i], NULL, 0) < 0 && errno == EINTR)
			continue;
		if (p->socket)
			close(p->socket[i]);
	}
	sigaction(SIGCHLD, &p->old_sigchld, NULL);
	sigprocmask(SIG_SETMASK, &p->old_mask, NULL);
	bell = NULL;
	free(p->socket);
	free(p);
}

const struct engine_ops engine_processes = {
	.kind = ENGINE_PROCESSES,
	.shared = true,
	.start = processes_start,
	.step = processes_step,
	.stop = processes_stop,
};
