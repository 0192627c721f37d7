/* SPDX-License-Identifier: BSD-2-Clause */
/* The throughput report of --stats, on standard error. */
#include "base/base.h"
#include "report/stats.h"

#include "base/diag.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* What kept it from being faster. */
enum limit {
	LIMIT_UNKNOWN, /* it took too little time to tell, or workers had nothing to do */
	LIMIT_CPU,
	LIMIT_SHARED,  /* runnable, but not running: others have the processors, or a quota is used
	                  up */
	LIMIT_DECODER, /* of compressed data, which is the processor's work too */
	LIMIT_PIPE,    /* or whoever writes into it */
	LIMIT_DISK,    /* or the network, wherever files are */
};

static const struct {
	const char *key, *text;
} limits[] = {
	[LIMIT_UNKNOWN] = {"unknown", "unknown: too little work to tell"},
	[LIMIT_CPU] = {"cpu", "the processor, at counting"},
	[LIMIT_SHARED] = {"shared-cpu", "the processor, which others use too"},
	[LIMIT_DECODER] = {"decoder", "the processor, at decompressing"},
	[LIMIT_PIPE] = {"pipe", "the pipe, or whoever writes into it"},
	[LIMIT_DISK] = {"disk", "the disk, or wherever files come from"},
};

/* All that is printed, gathered once for both forms. Times in seconds. */
struct figures {
	const struct stats_report *report;
	const struct engine_stats *engine;
	uint64_t read;   /* bytes that passed through kernels, or 0 if sizes were enough */
	uint64_t mapped; /* of those, through mmap */
	uint64_t streamed, decoded; /* of those, from streams, compressed */
	uint64_t from_disk; /* bytes that were not in the page cache, of all that the processes read
	                     */
	enum limit limit;
	uint64_t redone; /* blocks */
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

/*
 * Workers wait for the processor, or for bytes: which of them can be seen from how much of the time
 * in which they were at work the processor was too.
 */
static enum limit limit_of(const struct figures *f)
{
	uint64_t longest_ns = 0;

	for (unsigned i = 0; f->engine->worker && i < f->engine->workers; i++)
		longest_ns = max_u64(longest_ns, f->engine->worker[i].busy_ns);
	/* Starting takes a millisecond or two. */
	if (f->read == 0 || f->wall < 0.02 || longest_ns < f->report->wall_ns / 2)
		return LIMIT_UNKNOWN;
	double on_cpu = (f->user + f->system) / f->busy;
	/* What a pipe costs is the kernel's time, copying. */
	if (f->streamed > f->read / 2 && (on_cpu < 0.7 || f->system > f->user))
		return LIMIT_PIPE;
	if (on_cpu < 0.7 && f->from_disk > f->read / 4)
		return LIMIT_DISK;
	if (on_cpu < 0.7 && f->lost > f->gave_up)
		return LIMIT_SHARED;
	return f->decoded > f->read / 2 ? LIMIT_DECODER : LIMIT_CPU;
}

static struct figures gather(const struct stats_report *report)
{
	const struct engine_stats *engine = report->engine;
	struct figures f = {.report = report, .engine = engine};
	uint64_t busy_ns = 0;
	for (unsigned i = 0; engine->worker && i < engine->workers; i++) {
		const struct worker_stats *worker = &engine->worker[i];
		f.read += worker->bytes;
		f.mapped += worker->mapped;
		f.streamed += worker->streamed;
		f.decoded += worker->decoded;
		f.redone += worker->redone;
		busy_ns += worker->busy_ns;
	}
	f.busy = (double)busy_ns / 1e9;
	f.wall = (double)report->wall_ns / 1e9;
	if (f.wall > 0) {
		f.rate = (double)report->bytes / f.wall;
		if (engine->workers > 0)
			f.efficiency = f.busy / (f.wall * engine->workers);
	}
	add_usage(&f, RUSAGE_SELF);
	add_usage(&f, RUSAGE_CHILDREN);
	f.limit = limit_of(&f);
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

/* A number of bytes as people read it: three digits and a unit of 1024. */
struct human {
	char text[16];
};

static struct human human(uint64_t bytes)
{
	static const char units[][4] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	struct human h;
	double value = (double)bytes;
	size_t unit = 0;
	for (; value >= 1023.95 && unit + 1 < ARRAY_LEN(units); unit++)
		value /= 1024;
	snprintf(h.text, sizeof(h.text), unit > 0 ? "%.1f %s" : "%.0f %s", value, units[unit]);
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
		fprintf(out, "  %6u  %12s  %9" PRIu64 "  %4.0f %%\n", i, human(worker->bytes).text,
		        worker->pieces, busy_percent(f, worker));
	}
}

/* On a terminal that can do it, and unless the user wants no colour (https://no-color.org). */
static bool may_shine(void)
{
	const char *unwanted = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(unwanted && *unwanted) && term && *term && strcmp(term, "dumb") != 0 &&
	       isatty(STDERR_FILENO);
}

static void print_text(FILE *out, const struct figures *f)
{
	const struct stats_report *report = f->report;
	const struct engine_stats *engine = f->engine;
	bool shine = may_shine();

	fprintf(out, "%s: %s in %" PRIu64 " %s, %.3f s, %s%.2f GB/s%s\n", diag_program(),
	        human(report->bytes).text, report->operands,
	        report->operands == 1 ? "file" : "files", f->wall, shine ? "\033[1m" : "",
	        f->rate / 1e9, shine ? "\033[0m" : "");
	fprintf(out, "  engine      %s", engine_name(engine->kind));
	if (engine->why)
		fprintf(out, " (%s)", engine->why);
	fprintf(out, ", %u worker%s", engine->workers, engine->workers == 1 ? "" : "s");
	if (engine->chunk_size > 0)
		fprintf(out, ", pieces of %s", human(engine->chunk_size).text);
	if (engine->deaths > 0)
		fprintf(out, ", %u died and were replaced", engine->deaths);
	fprintf(out, "\n  kernel      %s, %s charset\n", report->counter->kernel,
	        charset_name(report->counter->cs->class));
	fprintf(out, "  read        %s", human(f->read).text);
	if (f->read > 0)
		fprintf(out, ", %s of it mapped", human(f->mapped).text);
	if (f->redone > 0)
		fprintf(out, ", %" PRIu64 " blocks twice (a file shrank)", f->redone);
	if (report->skipped > 0)
		fprintf(out, "\n  skipped     %" PRIu64 " that %s not text", report->skipped,
		        report->skipped == 1 ? "is" : "are");
	fprintf(out, "\n  processor   %.3f s user, %.3f s system\n", f->user, f->system);
	fprintf(out, "  efficiency  %.0f %% of workers x wall time spent counting\n",
	        100 * f->efficiency);
	fprintf(out, "  limit       %s\n", limits[f->limit].text);
	fprintf(out, "  memory      %s at most, page faults %ld minor, %ld major\n",
	        human(f->peak_rss).text, f->minor_faults, f->major_faults);
	text_workers(out, f);
}

/*
 * One line, one object. Keys are only ever added. Every string is from a fixed set and needs no
 * escapes. Units are in the keys; the rest are plain numbers.
 */
static void print_json(FILE *out, const struct figures *f)
{
	const struct stats_report *report = f->report;
	const struct engine_stats *engine = f->engine;

	fprintf(out, "{\"version\":1,\"operands\":%" PRIu64 ",\"bytes\":%" PRIu64, report->operands,
	        report->bytes);
	fprintf(out, ",\"wall_s\":%.9f,\"bytes_per_s\":%.0f", f->wall, f->rate);
	fprintf(out, ",\"engine\":\"%s\"", engine_name(engine->kind));
	if (engine->why)
		fprintf(out, ",\"why\":\"%s\"", engine->why);
	fprintf(out, ",\"workers\":%u,\"deaths\":%u,\"chunk_size\":%" PRIu64, engine->workers,
	        engine->deaths, engine->chunk_size);
	fprintf(out, ",\"kernel\":\"%s\",\"charset\":\"%s\"", report->counter->kernel,
	        charset_name(report->counter->cs->class));
	fprintf(out, ",\"read_bytes\":%" PRIu64 ",\"mapped_bytes\":%" PRIu64, f->read, f->mapped);
	fprintf(out, ",\"redone_blocks\":%" PRIu64, f->redone);
	fprintf(out, ",\"user_s\":%.6f,\"system_s\":%.6f,\"busy_s\":%.9f,\"efficiency\":%.4f",
	        f->user, f->system, f->busy, f->efficiency);
	fprintf(out, ",\"minor_faults\":%ld,\"major_faults\":%ld,\"peak_rss_bytes\":%" PRIu64,
	        f->minor_faults, f->major_faults, f->peak_rss);
	fprintf(out, ",\"skipped\":%" PRIu64, report->skipped);
	fprintf(out, ",\"limit\":\"%s\"", limits[f->limit].key);
	fprintf(out, ",\"streamed_bytes\":%" PRIu64 ",\"decoded_bytes\":%" PRIu64, f->streamed,
	        f->decoded);
	fputs(",\"worker\":[", out);
	for (unsigned i = 0; engine->worker && i < engine->workers; i++) {
		const struct worker_stats *worker = &engine->worker[i];
		fprintf(out,
		        "%s{\"bytes\":%" PRIu64 ",\"pieces\":%" PRIu64 ",\"busy_s\":%.9f"
		        ",\"mapped_bytes\":%" PRIu64 ",\"redone_blocks\":%" PRIu64 "}",
		        i > 0 ? "," : "", worker->bytes, worker->pieces,
		        (double)worker->busy_ns / 1e9, worker->mapped, worker->redone);
	}
	fputs("]}\n", out);
}

void stats_print(enum stats_format format, const struct stats_report *report)
{
	struct figures f = gather(report);
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	if (out) {
		if (format == STATS_JSON)
			print_json(out, &f);
		else
			print_text(out, &f);
		if (fclose(out) == 0)
			diag_more("%s", text);
		else
			out = NULL;
	}
	if (!out)
		diag_error(ENOMEM, "statistics");
	free(text);
}
