/* SPDX-License-Identifier: BSD-2-Clause */
/* The throughput report of --stats. */
#include "base/base.h"
#include "report/stats.h"

#include "base/diag.h"
#include "base/fd.h"
#include "base/terminal.h"
#include "report/limit.h"
#include "report/records.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { SMALL_FILE = 100000 }; /* bytes: opening it takes as long as reading it */

/* All that is printed, gathered once for both forms. Times in seconds. */
struct figures {
	int fd; /* where they are printed */
	const struct stats_report *report;
	const struct engine_stats *engine;
	uint64_t read;   /* bytes that passed through kernels, or 0 if sizes were enough */
	uint64_t mapped; /* of those, through mmap */
	uint64_t streamed, decoded; /* of those, from streams, compressed */
	uint64_t from_disk; /* bytes that were not in the page cache, of all that the processes read
	                     */
	enum limit limit;
	uint64_t redone;          /* blocks */
	uint64_t entered, missed; /* pieces of compressed files */
	uint64_t holes;           /* bytes, which are not in `read` */
	double wall;
	double user, system; /* of this process and its children */
	double busy;         /* all workers together */
	double rate;         /* bytes a second, over wall */
	double efficiency;   /* busy / (workers x wall); 0 to 1 */
	long minor_faults, major_faults;
	long gave_up, lost; /* the processor: because it had to wait, or to others */
	uint64_t peak_rss;  /* bytes, of the largest process */
};

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void add_usage(struct figures *f, int who)
{
	struct rusage usage;
	if (getrusage(who, &usage) != 0)
		return;
	f->user += seconds(usage.ru_utime);
	f->system += seconds(usage.ru_stime);
	f->minor_faults += usage.ru_minflt;
	f->major_faults += usage.ru_majflt;
	f->gave_up += usage.ru_nvcsw;
	f->lost += usage.ru_nivcsw;
	f->from_disk += (uint64_t)usage.ru_inblock * 512; /* its unit, whatever the device's */
	f->peak_rss = max_u64(f->peak_rss, (uint64_t)usage.ru_maxrss * 1024);
}

/* The longest time that a worker was at work, in seconds. */
static double longest_busy(const struct engine_stats *engine)
{
	uint64_t longest_ns = 0;

	for (unsigned i = 0; engine->worker && i < engine->workers; i++)
		longest_ns = max_u64(longest_ns, engine->worker[i].busy_ns);
	return (double)longest_ns / 1e9;
}

static enum limit find_limit(const struct figures *f)
{
	const struct limit_figures figures = {
		.wall = f->wall,
		.busy = f->busy,
		.longest = longest_busy(f->engine),
		.user = f->user,
		.system = f->system,
		.read = f->read,
		.streamed = f->streamed,
		.decoded = f->decoded,
		.from_disk = f->from_disk,
		.gave_up = f->gave_up,
		.lost = f->lost,
	};

	return limit_of(&figures);
}

static struct figures gather(const struct stats_report *report)
{
	const struct engine_stats *engine = report->engine;
	struct figures f = {.report = report, .engine = engine};
	struct worker_stats sum = {0};
	for (unsigned i = 0; engine->worker && i < engine->workers; i++)
		worker_stats_add(&sum, &engine->worker[i]);
	f.read = sum.bytes;
	f.mapped = sum.mapped;
	f.streamed = sum.streamed;
	f.decoded = sum.decoded;
	f.redone = sum.redone;
	f.entered = engine->speculative + sum.entered;
	f.missed = engine->redone + sum.missed;
	f.holes = sum.holes;
	f.busy = (double)sum.busy_ns / 1e9;
	f.wall = (double)report->wall_ns / 1e9;
	if (f.wall > 0) {
		f.rate = (double)report->bytes / f.wall;
		if (engine->workers > 0)
			f.efficiency = f.busy / (f.wall * engine->workers);
	}
	add_usage(&f, RUSAGE_SELF);
	add_usage(&f, RUSAGE_CHILDREN);
	f.limit = find_limit(&f);
	return f;
}

static const char *charset_name(enum charset_class class)
{
	switch (class) {
	case CHARSET_SINGLE:
		return "single-byte";
	case CHARSET_UTF8:
		return "UTF-8";
	case CHARSET_MULTI:
		return "multibyte";
	}
	return "";
}

/* What part of the wall time a worker was counting, in percent. */
static double busy_percent(const struct figures *f, const struct worker_stats *worker)
{
	return f->report->wall_ns > 0 ? 100.0 * (double)worker->busy_ns / (double)f->report->wall_ns
	                              : 0.0;
}

/* Bytes as people read them: three digits and a unit, of the same kind for sizes and rates. */
struct human {
	char text[32];
};

static struct human human(double bytes)
{
	static const char units[][3] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
	struct human h;
	size_t unit = 0;

	for (; bytes >= 999.5 && unit + 1 < ARRAY_LEN(units); unit++)
		bytes /= 1000;
	int decimals = unit == 0 || bytes >= 99.95 ? 0 : bytes >= 9.995 ? 1 : 2;
	snprintf(h.text, sizeof(h.text), "%.*f %s", decimals, bytes, units[unit]);
	return h;
}

static void text_workers(FILE *out, const struct figures *f)
{
	const struct engine_stats *engine = f->engine;
	if (!engine->worker || engine->workers < 2)
		return;
	fprintf(out, "  %6s  %12s  %9s  %6s\n", "worker", "read", "pieces", "busy");
	for (unsigned i = 0; i < engine->workers; i++) {
		const struct worker_stats *worker = &engine->worker[i];
		fprintf(out, "  %6u  %12s  %9" PRIu64 "  %4.0f %%\n", i,
		        human((double)worker->bytes).text, worker->pieces, busy_percent(f, worker));
	}
}

static void print_text(FILE *out, const struct figures *f)
{
	const struct stats_report *report = f->report;
	const struct engine_stats *engine = f->engine;
	bool color = f->fd == STDERR_FILENO && terminal_may_color(f->fd);

	fprintf(out, "%s: %s in %" PRIu64 " %s, %.3f s, %s%s/s", diag_program(),
	        human((double)report->bytes).text, report->operands,
	        report->operands == 1 ? "file" : "files", f->wall, color ? "\033[1m" : "",
	        human(f->rate).text);
	/* For many small files, that is what the speed is. */
	if (report->operands > 1 && report->bytes / report->operands < SMALL_FILE && f->wall > 0)
		fprintf(out, ", %.0f files/s", (double)report->operands / f->wall);
	fprintf(out, "%s\n", color ? "\033[0m" : "");
	fprintf(out, "  engine      %s", engine->name);
	if (engine->why)
		fprintf(out, " (%s)", engine->why);
	fprintf(out, ", %u worker%s", engine->workers, engine->workers == 1 ? "" : "s");
	if (engine->chunk_size > 0)
		fprintf(out, ", pieces of %s", human((double)engine->chunk_size).text);
	if (engine->deaths > 0)
		fprintf(out, ", %u died and were replaced", engine->deaths);
	if (f->entered > 0)
		fprintf(out, "\n  entered     %" PRIu64 " pieces speculatively, %" PRIu64 " redone",
		        f->entered, f->missed);
	if (engine->points > 0)
		fprintf(out, "\n  points      %" PRIu64 " of the journal, where decoding began",
		        engine->points);
	fprintf(out, "\n  kernel      %s, %s charset\n", report->counter->kernel,
	        charset_name(report->counter->cs->class));
	fprintf(out, "  read        %s", human((double)f->read).text);
	if (f->read > 0)
		fprintf(out, ", %s of it mapped", human((double)f->mapped).text);
	if (f->holes > 0)
		fprintf(out, ", %s of holes not read", human((double)f->holes).text);
	if (f->redone > 0)
		fprintf(out, ", %" PRIu64 " blocks read twice (a file shrank)", f->redone);
	if (report->skipped > 0)
		fprintf(out, "\n  skipped     %" PRIu64 " that %s not text", report->skipped,
		        report->skipped == 1 ? "is" : "are");
	fprintf(out, "\n  processor   %.3f s user, %.3f s system\n", f->user, f->system);
	fprintf(out, "  efficiency  %.0f %% of workers x wall time spent counting\n",
	        100 * f->efficiency);
	fprintf(out, "  limit       %s\n", limit_text(f->limit));
	fprintf(out, "  memory      %s at most, page faults %ld minor, %ld major\n",
	        human((double)f->peak_rss).text, f->minor_faults, f->major_faults);
	text_workers(out, f);
}

/* A double to this number of decimals: further ones are noise. */
static double to_decimals(double number, double scale)
{
	return (double)(uint64_t)(number * scale + 0.5) / scale;
}

static void put_workers(struct json *json, struct json_t *object, const struct figures *f)
{
	const struct engine_stats *engine = f->engine;
	struct json_t *list = json_make_array(json);

	for (unsigned i = 0; engine->worker && i < engine->workers; i++) {
		const struct worker_stats *worker = &engine->worker[i];
		struct json_t *w = json_make_object(json);
		json_put_count(json, w, "bytes", worker->bytes);
		json_put_count(json, w, "pieces", worker->pieces);
		json_put_real(json, w, "busy_s", (double)worker->busy_ns / 1e9);
		json_put_count(json, w, "mapped_bytes", worker->mapped);
		json_put_count(json, w, "redone_blocks", worker->redone);
		json_append(json, list, w);
	}
	json_put(json, object, "worker", list);
}

/* Input, engine and kernel. */
static void put_run(struct json *json, struct json_t *o, const struct figures *f)
{
	const struct stats_report *report = f->report;
	const struct engine_stats *engine = f->engine;
	const char *charset = charset_name(report->counter->cs->class);

	json_put_count(json, o, "version", 1);
	json_put_count(json, o, "operands", report->operands);
	json_put_count(json, o, "bytes", report->bytes);
	json_put_real(json, o, "wall_s", f->wall);
	json_put_real(json, o, "bytes_per_s", to_decimals(f->rate, 1));
	json_put_text(json, o, "engine", engine->name);
	if (engine->why)
		json_put_text(json, o, "why", engine->why);
	json_put_count(json, o, "workers", engine->workers);
	json_put_count(json, o, "deaths", engine->deaths);
	json_put_count(json, o, "chunk_size", engine->chunk_size);
	json_put_text(json, o, "kernel", report->counter->kernel);
	json_put_text(json, o, "charset", charset);
}

/* The resources that it took. */
static void put_costs(struct json *json, struct json_t *o, const struct figures *f)
{
	json_put_count(json, o, "read_bytes", f->read);
	json_put_count(json, o, "mapped_bytes", f->mapped);
	json_put_count(json, o, "redone_blocks", f->redone);
	json_put_real(json, o, "user_s", to_decimals(f->user, 1e6));
	json_put_real(json, o, "system_s", to_decimals(f->system, 1e6));
	json_put_real(json, o, "busy_s", f->busy);
	json_put_real(json, o, "efficiency", to_decimals(f->efficiency, 1e4));
	json_put_count(json, o, "minor_faults", (uint64_t)f->minor_faults);
	json_put_count(json, o, "major_faults", (uint64_t)f->major_faults);
	json_put_count(json, o, "peak_rss_bytes", f->peak_rss);
	json_put_count(json, o, "skipped", f->report->skipped);
	json_put_text(json, o, "limit", limit_key(f->limit));
	json_put_count(json, o, "streamed_bytes", f->streamed);
	json_put_count(json, o, "decoded_bytes", f->decoded);
	json_put_count(json, o, "hole_bytes", f->holes);
	json_put_count(json, o, "speculative_pieces", f->entered);
	json_put_count(json, o, "redone_pieces", f->missed);
	json_put_count(json, o, "journal_points", f->engine->points);
}

/* One line, one object, for free(). Keys are only ever added; units are in them. NULL: no memory.
 */
static char *json_text(struct json *json, const struct figures *f)
{
	struct json_t *object = json_make_object(json);

	put_run(json, object, f);
	put_costs(json, object, f);
	put_workers(json, object, f);
	char *line = json_line(json, object);
	json_free(json, object);
	return line;
}

static char *plain_text(const struct figures *f)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	print_text(out, f);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

void stats_print(enum stats_format format, const struct stats_report *report, int fd)
{
	struct figures f = gather(report);

	f.fd = fd;
	struct json *json = format == STATS_JSON ? stats_library() : NULL;

	if (format == STATS_JSON && !json)
		return;
	char *text = json ? json_text(json, &f) : plain_text(&f);
	if (!text)
		diag_error(ENOMEM, "statistics");
	else if (fd == STDERR_FILENO)
		diag_report(text);
	else if (write_all(fd, text, strlen(text)) != 0)
		diag_error(errno, "--stats-file: write error");
	free(text);
	json_close(json);
}

struct json *stats_library(void)
{
	return records_library("--stats=json");
}
