/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shows how far a run has got. What runs in signal handlers here uses what is async-signal-safe.
 */
#include "base/base.h"
#include "report/watch.h"

#include "base/clock.h"
#include "base/diag.h"
#include "base/group.h"
#include "base/main_thread.h"
#include "base/status_line.h"
#include "base/terminal.h"
#include "base/ticker.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Nanoseconds. */
#define SECOND       UINT64_C(1000000000)
#define AUTO_AFTER   (2 * SECOND)
#define REDRAW_EVERY (150 * SECOND / 1000)
#define LOG_AFTER    (1 * SECOND)
#define LOG_EVERY    (5 * SECOND)
/* The rate is that of about this time: long enough to be steady, short enough to follow. */
#define RATE_OVER 3.0 /* seconds */

enum {
	COLUMNS_USUAL = 80,
	DRAWS_A_SEARCH = 8, /* draws from one search for other processes to the next */
};

/* The watch that signal handlers draw; NULL: none. */
static struct watch *volatile watching;

/* That it cannot be written is not reported: it is only progress. */
static void put(const char *bytes, size_t n)
{
	ssize_t written = write(STDERR_FILENO, bytes, n);

	(void)written;
}

/* Bytes and lines a second: weighs what is new the more, the longer it took. */
static void update_rate(struct watch *w, uint64_t bytes, uint64_t lines)
{
	uint64_t now = clock_now_ns();
	double seconds = (double)(now - w->last_ns) / 1e9;

	if (seconds < 0.05)
		return;
	double rate = bytes > w->last_bytes ? (double)(bytes - w->last_bytes) / seconds : 0;
	double line_rate = lines > w->last_lines ? (double)(lines - w->last_lines) / seconds : 0;
	/* exp(-x) for what matters of it, without the library: 1 / (1 + x). */
	double keep = w->last_ns == w->start_ns ? 0 : 1 / (1 + seconds / RATE_OVER);
	w->rate = keep * w->rate + (1 - keep) * rate;
	w->line_rate = keep * w->line_rate + (1 - keep) * line_rate;
	w->last_ns = now;
	w->last_bytes = bytes;
	w->last_lines = lines;
}

static bool is_stdin(const char *name)
{
	return name && strcmp(name, "-") == 0;
}

static struct progress make_progress(struct watch *w)
{
	uint64_t bytes = engine_watch_bytes(&w->engine);

	update_rate(w, bytes, w->passes ? engine_watch_lines(&w->engine) : 0);
	return (struct progress){
		.bytes = bytes,
		.bytes_known = w->amount.bytes,
		.files = w->files,
		.files_known = w->amount.files,
		.by_files = w->by_files,
		.rate = w->rate,
		.passes = w->passes,
		.line_rate = w->line_rate,
		.elapsed_s = (clock_now_ns() - w->start_ns) / SECOND,
		.name = is_stdin(w->engine.name) ? NULL : w->engine.name,
	};
}

static void draw(struct watch *w)
{
	struct progress p = make_progress(w);
	unsigned columns = terminal_size(STDERR_FILENO).columns;
	char line[PROGRESS_MAX];

	if (columns == 0)
		columns = COLUMNS_USUAL;
	/* The last column stays free: some terminals go to the next line after it. */
	size_t n = progress_line(line, &p, (struct progress_style){columns - 1, w->utf8});
	status_line_draw(line, n);
}

/* Is what is being read a regular file? A name may lead to anything, such as a terminal. */
static bool reads_file(const char *name)
{
	struct stat st;

	return (is_stdin(name) ? fstat(STDIN_FILENO, &st) : stat(name, &st)) == 0 &&
	       S_ISREG(st.st_mode);
}

/* May another process of the job be using the terminal now? */
static bool is_shared(struct watch *w)
{
	if (w->until_search == 0) {
		w->until_search = DRAWS_A_SEARCH;
		w->shared = group_is_shared();
	}
	w->until_search--;
	return w->shared;
}

/*
 * The terminal is not ours alone. Without having been asked, the line is drawn only while regular
 * files are read, and by a job that is this program and nothing else. Even if it was asked for, it
 * is not drawn before something comes out of a pipe: whoever fills that may be asking a question.
 */
static bool may_draw(struct watch *w)
{
	const char *name = w->engine.name;

	if (terminal_is_background(STDERR_FILENO))
		return false;
	if (w->when == PROGRESS_ALWAYS)
		return !name || engine_watch_bytes(&w->engine) > w->bytes_before ||
		       reads_file(name);
	return name && reads_file(name) && !is_shared(w);
}

/* A line that stays, with the program's name before it, as a message has. */
static void log_line(struct watch *w)
{
	struct progress p = make_progress(w);
	char line[256 + PROGRESS_MAX + 4];
	const char *program = diag_program();
	size_t len = strlen(program), n = 0;

	/* For a log it is the average that counts. */
	double seconds = (double)(clock_now_ns() - w->start_ns) / 1e9;
	p.rate = seconds > 0 ? (double)p.bytes / seconds : 0;
	p.line_rate = seconds > 0 ? (double)w->last_lines / seconds : 0;
	if (len <= 256) {
		memcpy(line + n, program, len);
		memcpy(line + n + len, ": ", 2);
		n += len + 2;
	}
	n += progress_text(line + n, &p, w->utf8);
	line[n++] = '\n';
	enum status_line_state state = status_line_suspend(STDERR_FILENO);
	put(line, n);
	status_line_resume(state);
}

/*
 * The handlers: is there a watch, and is this the process that has begun it? Else there is nothing
 * to say.
 */
static struct watch *mine(void)
{
	struct watch *w = watching;

	return w && w->drawing_pid == getpid() ? w : NULL;
}

static void on_tick(int sig)
{
	int saved = errno;
	struct watch *w = mine();

	if (w && !main_thread_is_here()) {
		main_thread_signal(sig);
		errno = saved;
		return;
	}
	if (w && !w->held) {
		if (!w->terminal)
			log_line(w);
		else if (may_draw(w))
			draw(w);
		else if (!terminal_is_background(STDERR_FILENO))
			status_line_erase();
	}
	clock_timer_handled();
	errno = saved;
}

static void on_ask(int sig)
{
	int saved = errno;
	struct watch *w = mine();

	/* The kernel may have chosen a library's thread: passed on to the one that prints. */
	if (w && !main_thread_is_here())
		main_thread_signal(sig);
	else if (w)
		log_line(w);
	errno = saved;
}

/* Death by a signal: with a clean terminal, and otherwise as if it had not been caught. */
static void on_end(int sig)
{
	struct watch *w = mine();

	if (w)
		status_line_erase();
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
		status_line_erase();
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

void watch_listen(void)
{
	catch_signal(SIGUSR1, on_ask);
}

bool watch_wanted(enum progress_when when)
{
	return when == PROGRESS_ALWAYS ||
	       (when == PROGRESS_AUTO && terminal_is_smart(STDERR_FILENO));
}

/* If that fails, nothing is drawn. */
static void start_ticker(struct watch *w, uint64_t first_ns, uint64_t every_ns)
{
	int sig = ticker_signal();
	sigset_t set;

	catch_signal(sig, on_tick);
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	w->ticking = ticker_start(first_ns, every_ns) == 0;
}

void watch_start(struct watch *w, enum progress_when when, bool wanted)
{
	static const int deadly[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

	w->terminal = wanted && terminal_is(STDERR_FILENO);
	w->when = when;
	w->drawing_pid = getpid();
	w->start_ns = w->last_ns = clock_now_ns();
	main_thread_set();
	watching = w;
	if (!wanted)
		return;
	if (w->terminal) {
		status_line_init();
		for (size_t i = 0; i < ARRAY_LEN(deadly); i++)
			catch_signal(deadly[i], on_end);
		catch_signal(SIGTSTP, on_stop);
		start_ticker(w, when == PROGRESS_AUTO ? AUTO_AFTER : REDRAW_EVERY, REDRAW_EVERY);
	} else {
		start_ticker(w, LOG_AFTER, LOG_EVERY);
	}
}

void watch_stop(struct watch *w)
{
	if (w->ticking)
		ticker_stop();
	w->ticking = false;
	w->held = true;
	status_line_erase();
	/*
	 * Handlers stay: a signal that is on its way does nothing then, where it would have killed.
	 */
	watching = NULL;
}

void watch_hold(struct watch *w)
{
	w->held = true;
	if (w->ticking && w->terminal)
		w->bytes_before = engine_watch_bytes(&w->engine);
}
