/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shows how far a run has got. What runs in signal handlers here uses what is async-signal-safe,
 * and ioctl(2), which is a system call and nothing else.
 */
#include "base/base.h"
#include "run/watch.h"

#include "base/clock.h"
#include "base/diag.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

/* Nanoseconds. */
#define SECOND       UINT64_C(1000000000)
#define AUTO_AFTER   (2 * SECOND)
#define REDRAW_EVERY (150 * SECOND / 1000)
#define LOG_AFTER    (1 * SECOND)
#define LOG_EVERY    (5 * SECOND)
/* The rate is of about so long: long enough to be steady, short enough to follow. */
#define RATE_OVER 3.0 /* seconds */

enum { COLUMNS_USUAL = 80 };

static const char erase[] = "\r\033[K";

/* Whom signals are for. */
static struct watch *volatile watching;

/* What cannot be written is not worth a word: it is only progress. */
static void put(const char *bytes, size_t n)
{
	ssize_t written = write(STDERR_FILENO, bytes, n);

	(void)written;
}

static void take_away(struct watch *w)
{
	if (w->drawn)
		put(erase, sizeof erase - 1);
	w->drawn = false;
}

/* Bytes a second: weighs what is new the more, the longer it took. */
static void update_rate(struct watch *w, uint64_t bytes)
{
	uint64_t now = clock_now_ns();
	double seconds = (double)(now - w->last_ns) / 1e9;

	if (seconds < 0.05)
		return;
	double rate = bytes > w->last_bytes ? (double)(bytes - w->last_bytes) / seconds : 0;
	/* exp(-x) for what matters of it, without the library: 1 / (1 + x). */
	double keep = w->last_ns == w->start_ns ? 0 : 1 / (1 + seconds / RATE_OVER);
	w->rate = keep * w->rate + (1 - keep) * rate;
	w->last_ns = now;
	w->last_bytes = bytes;
}

static struct progress look(struct watch *w)
{
	uint64_t bytes = engine_watch_bytes(&w->engine);

	update_rate(w, bytes);
	return (struct progress){
		.bytes = bytes,
		.bytes_known = w->amount.bytes,
		.files = w->files,
		.files_known = w->amount.files,
		.by_files = w->by_files,
		.rate = w->rate,
		.name = w->engine.name,
	};
}

static void draw(struct watch *w)
{
	struct progress p = look(w);
	struct winsize size;
	char line[PROGRESS_MAX + sizeof erase] = "\r";
	unsigned columns = COLUMNS_USUAL;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		columns = size.ws_col;
	/* The last column stays free: some terminals go to the next line behind it. */
	size_t n = 1 + progress_line(line + 1, &p, (struct progress_style){columns - 1, w->utf8});
	memcpy(line + n, erase + 1, sizeof erase - 2);
	w->drawn = true;
	put(line, n + sizeof erase - 2);
}

/* A line that stays, with the program's name in front of it, as a message has. */
static void log_line(struct watch *w)
{
	struct progress p = look(w);
	char line[sizeof erase + 256 + PROGRESS_MAX + 4];
	const char *program = diag_program();
	size_t len = strlen(program), n = 0;

	/* For a log it is the average that counts. */
	double seconds = (double)(clock_now_ns() - w->start_ns) / 1e9;
	p.rate = seconds > 0 ? (double)p.bytes / seconds : 0;
	if (w->drawn) {
		memcpy(line, erase, sizeof erase - 1);
		n = sizeof erase - 1;
		w->drawn = false;
	}
	if (len <= 256) {
		memcpy(line + n, program, len);
		memcpy(line + n + len, ": ", 2);
		n += len + 2;
	}
	n += progress_text(line + n, &p, w->utf8);
	line[n++] = '\n';
	put(line, n);
}

/*
 * The handlers: is there a watch, and is this the process that has begun it? Else there is nothing
 * to say.
 */
static struct watch *mine(void)
{
	struct watch *w = watching;

	return w && w->owner == getpid() ? w : NULL;
}

static void on_tick(int sig UNUSED)
{
	int saved = errno;
	struct watch *w = mine();

	if (w && !w->held) {
		pid_t foreground = w->terminal ? tcgetpgrp(STDERR_FILENO) : -1;
		if (!w->terminal)
			log_line(w);
		else if (foreground < 0 || foreground == getpgrp())
			draw(w);
	}
	clock_timer_handled();
	errno = saved;
}

static void on_ask(int sig)
{
	int saved = errno;
	struct watch *w = mine();

	/* The kernel may have chosen a library's thread: it is for the one that prints. */
	if (w && gettid() != w->owner)
		syscall(SYS_tgkill, w->owner, w->owner, sig);
	else if (w)
		log_line(w);
	errno = saved;
}

/* Death by a signal: with a clean terminal, and otherwise as if it had not been caught. */
static void on_end(int sig)
{
	struct watch *w = mine();

	if (w)
		take_away(w);
	watching = NULL;
	signal(sig, SIG_DFL);
	raise(sig); /* pending until we return */
}

static void on_stop(int sig)
{
	int saved = errno;
	struct watch *w = mine();
	struct sigaction stop = {.sa_handler = SIG_DFL}, old;
	sigset_t set, mask;

	if (w)
		take_away(w);
	sigaction(sig, &stop, &old);
	raise(sig);
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, &mask); /* here we stop, and go on */
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigaction(sig, &old, NULL);
	errno = saved;
}

/* Unless whoever started us wants it ignored. */
static void catch_signal(int sig, void (*handler)(int sig))
{
	struct sigaction act = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;

	sigfillset(&act.sa_mask);
	sigdelset(&act.sa_mask, SIGBUS);
	sigdelset(&act.sa_mask, SIGSEGV);
	if (sigaction(sig, NULL, &old) == 0 && old.sa_handler == SIG_DFL)
		sigaction(sig, &act, NULL);
}

static bool is_terminal(void)
{
	struct termios termios;

	return tcgetattr(STDERR_FILENO, &termios) == 0;
}

bool watch_terminal_is_smart(void)
{
	const char *term = getenv("TERM");

	return term && *term && strcmp(term, "dumb") != 0;
}

void watch_listen(void)
{
	catch_signal(SIGUSR1, on_ask);
}

bool watch_wanted(enum progress_when when)
{
	return when == PROGRESS_ALWAYS ||
	       (when == PROGRESS_AUTO && watch_terminal_is_smart() && is_terminal());
}

/* A signal to this thread, and no other, after `first_ns` and then every `every_ns`. */
static bool start_timer(struct watch *w, uint64_t first_ns, uint64_t every_ns)
{
	int sig = SIGRTMIN;
	struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = sig};
	sigset_t set;

	event.sigev_notify_thread_id = gettid();
	if (timer_create(CLOCK_MONOTONIC, &event, &w->timer) != 0)
		return false;
	catch_signal(sig, on_tick);
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	w->ticking = clock_start_timer(w->timer, first_ns, every_ns) == 0;
	if (!w->ticking)
		timer_delete(w->timer);
	return w->ticking;
}

void watch_start(struct watch *w, enum progress_when when, bool wanted)
{
	static const int deadly[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

	w->terminal = wanted && is_terminal();
	w->owner = getpid();
	w->start_ns = w->last_ns = clock_now_ns();
	watching = w;
	if (!wanted)
		return;
	if (w->terminal) {
		for (size_t i = 0; i < ARRAY_LEN(deadly); i++)
			catch_signal(deadly[i], on_end);
		catch_signal(SIGTSTP, on_stop);
		start_timer(w, when == PROGRESS_AUTO ? AUTO_AFTER : REDRAW_EVERY, REDRAW_EVERY);
	} else {
		start_timer(w, LOG_AFTER, LOG_EVERY);
	}
}

void watch_stop(struct watch *w)
{
	if (w->ticking)
		timer_delete(w->timer);
	w->ticking = false;
	watch_hold(w);
	/*
	 * Handlers stay: a signal that is on its way does nothing then, where it would have killed.
	 */
	watching = NULL;
}

void watch_hold(struct watch *w)
{
	w->held = true;
	take_away(w);
}
