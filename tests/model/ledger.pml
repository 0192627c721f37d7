/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ledger of src/engine/ledger.c and the coordinator's loop of src/exec/processes.c, for Spin: tasks
 * are claimed, committed and collected while workers die between any two statements, inside the lock
 * too, and fork() may be refused. Shown, by exhaustion:
 *
 *   - every task is collected once, in order, with the result of a worker that lived to commit it;
 *   - nobody waits for ever: there is no state in which all are stuck before the last is collected.
 *
 * Run by tests/model/ledger.test; by hand: spin -a ledger.pml && cc -O2 -DSAFETY -o pan pan.c &&
 * ./pan. The names are those of the C code. With -DBREAK=n one rule is broken, and Spin must say so:
 *
 *   1  a slot's state is written before its result, not last
 *   2  the claims of the dead are not given back
 *   3  the lock is not robust: who waits for a dead holder waits for ever
 *   4  the coordinator waits for news that it has not looked at since it last checked the slots
 *   5  a death is not news
 */
#ifndef TASKS
#define TASKS 3
#endif
#ifndef SLOTS
#define SLOTS 2
#endif
#ifndef WORKERS
#define WORKERS 2
#endif
#ifndef DEATHS
#define DEATHS 3 /* so many in all */
#endif
#ifndef BREAK
#define BREAK 0
#endif
#define DEATHS_MAX 2 /* as in ledger.c: then a task is the coordinator's */
#define COORDINATOR WORKERS
#define NOBODY 255

mtype = { EMPTY, FREE, CLAIMED, DONE };

typedef slot_t {
	mtype state;
	byte by; /* `worker` there, the name of a process here */
	byte deaths;
	byte task;
	byte result; /* task + 1 when it is right */
};
slot_t slot[SLOTS];
byte head, tail, first;
bool closed;
/* Event counts, as far as they matter: has there been one since it was last looked at? */
bool work[WORKERS], news;

byte holder = NOBODY; /* of the lock */
bool holder_died;
bool alive[WORKERS], dying[WORKERS], zombie[WORKERS];
byte collected;

#define AT(seq) slot[(seq) % SLOTS]

inline tell_work()
{
	atomic {
		k = 0;
		do
		:: k < WORKERS -> work[k] = true; k++
		:: else -> k = 0; break
		od
	}
}

/* A robust mutex: whoever takes it from a dead holder is told, and repairs. */
inline take(me)
{
	atomic {
#if BREAK == 3
		(holder == NOBODY);
#else
		(holder == NOBODY || holder_died);
#endif
		holder = me;
		first = (holder_died -> head : first);
		holder_died = false
	}
}

inline release()
{
	holder = NOBODY
}

/*
 * The lock is held. Deadly tasks are the coordinator's. What is only read and computed is one step: a
 * death in the midst of it is a death before it.
 */
inline claim_first_free(me)
{
	atomic {
		found = false;
		passed = true;
		k = (first > head -> first : head);
		do
		:: k >= tail -> break
		:: k < tail && AT(k).state == FREE && (AT(k).deaths < DEATHS_MAX || me == COORDINATOR) ->
			found = true;
			break
		:: else ->
			passed = passed && AT(k).state != FREE;
			first = (passed -> k + 1 : first);
			k++
		od
	}
	if
	:: found ->
		AT(k).by = me;
		atomic {
			task = AT(k).task;
			mine = k
		}
		AT(k).state = CLAIMED
	:: else
	fi
}

/* Takes the lock. The result is written before, in a slot that is the worker's own. */
inline commit_slot(me)
{
#if BREAK == 1
	take(me);
	assert(AT(mine).state == CLAIMED && AT(mine).by == me);
	AT(mine).state = DONE;
	AT(mine).result = task + 1;
#else
	AT(mine).result = task + 1;
	take(me);
	assert(AT(mine).state == CLAIMED && AT(mine).by == me);
	AT(mine).state = DONE;
#endif
	oldest = (mine == head)
}

inline tell_oldest()
{
	if
	:: oldest -> news = true
	:: else
	fi
}

inline commit(me)
{
	commit_slot(me);
	release();
	tell_oldest()
}

inline commit_and_claim(me)
{
	commit_slot(me);
	found = false;
	if
	:: closed
	:: else -> claim_first_free(me)
	fi;
	release();
	tell_oldest()
}

proctype worker(byte me)
{
	byte k, mine, task;
	bool found, passed, oldest;

	{
		do
		:: work[me] = false;
			take(me);
			if
			:: closed -> release(); break
			:: else -> claim_first_free(me); release()
			fi;
			if
			:: found ->
				do
				:: found -> commit_and_claim(me)
				:: else -> break
				od
			:: else -> work[me]
			fi
		od
	} unless {
		/* It may be dead from here on; whatever it was about to do is not done. */
		atomic {
			dying[me];
			dying[me] = false;
			if
			:: holder == me -> holder_died = true
			:: else
			fi;
			alive[me] = false;
			zombie[me] = true;
#if BREAK != 5
			news = true
#endif
		}
	}
}

/* Kills workers at any time. */
proctype killer()
{
	byte n = 0, w;

	do
	:: n < DEATHS ->
		atomic {
			select(w : 0 .. WORKERS - 1);
			if
			:: alive[w] && !dying[w] -> dying[w] = true; n++
			:: else -> skip
			fi
		}
	:: break
	od
}

inline fork_workers()
{
	w = 0;
	do
	:: w >= WORKERS || refused -> break
	:: else ->
		if
		:: !alive[w] && !zombie[w] ->
			if
			:: alive[w] = true; run worker(w)
			:: refused = true
			fi
		:: else
		fi;
		w++
	od
}

/* waitpid() and ledger_give_back() for all who have died. */
inline reap()
{
	w = 0;
	any = false;
	do
	:: w >= WORKERS -> break
	:: else ->
		if
		:: zombie[w] ->
			zombie[w] = false;
			any = true;
#if BREAK != 2
			take(COORDINATOR);
			atomic {
				k = head;
				do
				:: k >= tail -> break
				:: else ->
					if
					:: AT(k).state == CLAIMED && AT(k).by == w ->
						AT(k).deaths++;
						AT(k).state = FREE
					:: else
					fi;
					k++
				od;
				first = head;
				release()
			}
			tell_work()
#endif
		:: else
		fi;
		w++
	od;
	if
	:: any -> fork_workers()
	:: else
	fi
}

/* ledger_claim_deadly(): a task that has killed two workers, if there is one. */
inline claim_deadly()
{
	take(COORDINATOR);
	atomic {
		found = false;
		k = head;
		do
		:: found || k >= tail -> break
		:: else ->
			if
			:: AT(k).state == FREE && AT(k).deaths >= DEATHS_MAX ->
				AT(k).by = COORDINATOR;
				task = AT(k).task;
				AT(k).state = CLAIMED;
				mine = k;
				found = true
			:: else
			fi;
			k++
		od;
		release()
	}
}

inline nobody_left()
{
	atomic {
		w = 0;
		any = false;
		do
		:: w >= WORKERS -> break
		:: else -> any = any || alive[w] || zombie[w]; w++
		od
	}
}

active proctype coordinator()
{
	byte k, mine, task, w, added;
	bool found, passed, oldest, any, refused, done;

	fork_workers();
	run killer();
	do
	:: collected == TASKS -> break
	:: else ->
		/* engine_feed() */
		any = false;
		do
		:: added < TASKS && tail - head < SLOTS ->
			take(COORDINATOR);
			atomic {
				AT(tail).task = added;
				AT(tail).deaths = 0;
				AT(tail).result = 0;
				AT(tail).state = FREE;
				tail++;
				release();
				added++;
				any = true
			}
		:: else -> break
		od;
		if
		:: any -> tell_work()
		:: else
		fi;
#if BREAK == 4
		news = false;
#endif
		/* collector_step() */
		done = (head < tail && AT(head).state == DONE);
		if
		:: done ->
			assert(AT(head).task == collected);
			assert(AT(head).result == collected + 1);
			take(COORDINATOR);
			atomic {
				AT(head).state = EMPTY;
				head++;
				first = (first > head -> first : head);
				release()
			}
			collected++
		:: else ->
			/* processes_step() */
#if BREAK == 4
			reap();
			news = false;
#else
			news = false;
			reap();
#endif
			nobody_left();
			if
			:: !any ->
				take(COORDINATOR);
				claim_first_free(COORDINATOR);
				release();
				if
				:: found -> commit(COORDINATOR)
				:: else
				fi
			:: else ->
				claim_deadly();
				if
				:: found -> commit(COORDINATOR)
				:: else ->
					/* ledger_wait_news() */
					take(COORDINATOR);
					atomic {
						done = (head < tail && AT(head).state == DONE);
						release()
					}
					if
					:: !done -> news
					:: else
					fi
				fi
			fi
		fi
	od;
	/* ledger_close(): who is not killed leaves. */
	take(COORDINATOR);
	closed = true;
	release();
	tell_work()
}
