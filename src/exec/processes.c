/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Processes: forked workers around a shared ledger. Each may die at any instant; the coordinator
 * learns it from SIGCHLD, gives the dead one's tasks back and forks another. A task that has killed
 * two is done by the coordinator, by plain reads; if no worker can be had it does everything.
 */
#include "base/base.h"
#include "base/fault.h"
#include "base/fd.h"
#include "exec/exec.h"
#include "exec/fdpass.h"
#include "exec/helper.h"
#include "exec/isolation.h"
#include "exec/worker.h"

#include <errno.h>
#include <fcntl.h>
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
	unsigned n; /* workers that are wanted */
	unsigned alive;
	unsigned fruitless; /* deaths since the last commit */
	uint64_t commits;   /* at the last death */
	bool refused;       /* fork has failed: no more of them */
	struct sigaction old_sigchld;
	sigset_t old_mask;
	bool isolated; /* see isolation.h */
	int *socket;   /* [n], to pass files by; NULL: workers open them themselves */
	pid_t pid[];   /* [n]; 0: nobody */
};

/* Whom the signal handler wakes. Only one engine runs at a time. */
static struct ledger *volatile to_wake;

static void on_sigchld(int sig UNUSED)
{
	struct ledger *ledger = to_wake;

	if (ledger)
		ledger_news(ledger);
}

/* What a worker that cannot open files needs to have one passed. */
struct passing {
	int socket;
	const struct worker *worker;
};

static int open_passed(void *arg, const struct task *task UNUSED)
{
	const struct passing *passing = arg;

	if (fdpass_request(passing->socket, passing->worker->seq) != 0)
		return -1;
	ledger_news(passing->worker->ledger);
	return fdpass_receive(passing->socket);
}

/* `socket`: what the worker has files passed by, or -1. */
NORETURN static void child_main(struct executor *x, const struct processes *p, unsigned number,
                                int socket, pid_t parent)
{
	struct worker worker;
	struct passing passing = {socket, &worker};

	/* Not to outlive the coordinator, who may have died before this line. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	signal(SIGCHLD, SIG_DFL);
	FAULT_ARM(number);
	FAULT("born");
	if (worker_init(&worker, number, x->ledger, x->scan, FD_LOCAL, &x->stats[number]) != 0)
		_exit(1);
	if (socket >= 0) {
		worker.scanner.files.open = open_passed;
		worker.scanner.files.arg = &passing;
	}
	if (p->isolated)
		isolation_enter(&worker.scanner, socket);
	worker_run(&worker);
	FAULT("leaving");
	/* Nothing of the coordinator's is to be flushed or run: _exit, without freeing either. */
	_exit(0);
}

/* Worker `number`. 0, or -1: the system refuses. */
static int add_child(struct executor *x, struct processes *p, unsigned number)
{
	pid_t parent = getpid();
	int pair[2] = {-1, -1};

	if (p->socket && fdpass_pair(pair) != 0)
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		/* The coordinator's ends are not its business, nor are those of other workers. */
		if (pair[0] >= 0)
			close(pair[0]);
		for (unsigned i = 0; p->socket && i < p->n; i++)
			if (p->socket[i] >= 0)
				close(p->socket[i]);
		child_main(x, p, number, pair[1], parent);
	}
	if (pair[1] >= 0)
		close(pair[1]);
	if (pid < 0) {
		if (pair[0] >= 0)
			close(pair[0]);
		return -1;
	}
	if (p->socket)
		p->socket[number] = pair[0];
	p->pid[number] = pid;
	p->alive++;
	return 0;
}

static void add_missing(struct executor *x, struct processes *p)
{
	for (unsigned i = 0; i < p->n && !p->refused; i++)
		if (p->pid[i] == 0 && add_child(x, p, i) != 0)
			p->refused = true;
	x->present = p->alive > x->present ? p->alive : x->present;
}

static int add_sockets(struct processes *p)
{
	p->socket = malloc(p->n * sizeof *p->socket);
	for (unsigned i = 0; p->socket && i < p->n; i++)
		p->socket[i] = -1;
	return p->socket ? 0 : -1;
}

static void processes_start(struct executor *x)
{
	struct processes *p = calloc(1, sizeof *p + x->workers * sizeof p->pid[0]);
	/* Restarting: a death must not end the coordinator's wait for the writer of a FIFO. */
	struct sigaction act = {.sa_handler = on_sigchld, .sa_flags = SA_RESTART};
	sigset_t sigchld;

	x->state = p;
	if (!p)
		return; /* the coordinator does everything */
	p->n = x->workers;
	p->isolated = isolation_wanted(x->scan);
	if (p->isolated && add_sockets(p) != 0) {
		free(p);
		x->state = NULL;
		return;
	}
	if (p->isolated)
		decoder_preload(x->scan->decompress);
	to_wake = x->ledger;
	sigemptyset(&act.sa_mask);
	verify(sigaction(SIGCHLD, &act, &p->old_sigchld) == 0);
	/* Our starter may have left it blocked, and then nobody would hear of a death. */
	sigemptyset(&sigchld);
	sigaddset(&sigchld, SIGCHLD);
	verify(sigprocmask(SIG_UNBLOCK, &sigchld, &p->old_mask) == 0);
	add_missing(x, p);
}

/* Worker `number` is gone: what it held is free again. */
static void on_worker_exit(struct executor *x, struct processes *p, unsigned number)
{
	uint64_t commits = ledger_commits(x->ledger);

	p->pid[number] = 0;
	if (p->socket) {
		close(p->socket[number]);
		p->socket[number] = -1;
	}
	p->alive--;
	x->deaths++;
	p->fruitless = commits == p->commits ? p->fruitless + 1 : 1;
	p->commits = commits;
	ledger_give_back(x->ledger, number);
}

/* Finds dead workers and replaces them. */
static void reap(struct executor *x, struct processes *p)
{
	bool any = false;

	for (unsigned i = 0; i < p->n; i++) {
		/* Each by its number: there may be children that our own starter left us. */
		if (p->pid[i] > 0 && waitpid(p->pid[i], NULL, WNOHANG) == p->pid[i]) {
			on_worker_exit(x, p, i);
			any = true;
		}
	}
	if (any && p->fruitless <= FRUITLESS_DEATHS_MAX)
		add_missing(x, p);
}

/* Passes the file that worker `number` has asked for, if it has. */
static void pass_file(struct executor *x, int socket)
{
	struct file_reference file;
	uint64_t seq;

	if (!fdpass_requested(socket, &seq))
		return;
	if (engine_file_of(x->engine, seq, &file) != 0) {
		fdpass_send(socket, -1, EBADF); /* it has no business with that */
	} else if (file.fd >= 0) {
		fdpass_send(socket, file.fd, 0);
	} else {
		int fd = open_above_stdio(file.path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
		fdpass_send(socket, fd, fd < 0 ? errno : 0);
		if (fd >= 0)
			close(fd);
	}
}

/* What the coordinator itself must see done. */
static void do_task(struct executor *x, const struct task *task, struct result *result)
{
	if (isolation_wanted(x->scan))
		helper_do_task(x, task, result);
	else
		scan_task(x->scanner, task, result);
}

static void do_stream(struct executor *x, int fd, const struct stat *st, struct result *result)
{
	if (isolation_wanted(x->scan))
		helper_do_stream(x, fd, st, result);
	else
		scan_stream(x->scanner, fd, st, result);
}

static void processes_step(struct executor *x)
{
	struct processes *p = x->state;
	uint32_t seen = ledger_news_seen(x->ledger);

	if (p)
		reap(x, p);
	for (unsigned i = 0; p && p->socket && i < p->n; i++)
		if (p->socket[i] >= 0)
			pass_file(x, p->socket[i]);
	struct task task;
	struct result result;
	uint64_t seq;
	/* Without workers all that is left is free or done: there is nobody to hold it. */
	bool alone = !p || p->alive == 0;
	if (alone ? ledger_claim(x->ledger, LEDGER_COORDINATOR, &task, &seq)
	          : ledger_claim_deadly(x->ledger, &task, &seq)) {
		do_task(x, &task, &result);
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
	to_wake = NULL;
	free(p->socket);
	free(p);
}

const struct executor_ops exec_processes = {
	.name = "processes",
	.shared = true,
	.start = processes_start,
	.step = processes_step,
	.stop = processes_stop,
	.do_task = do_task,
	.do_stream = do_stream,
};
