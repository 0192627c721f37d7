/* SPDX-License-Identifier: BSD-2-Clause */
/* What --follow shows: what has changed, as lines, as records, or drawn again in its place. */
#include "base/base.h"
#include "base/size.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/terminal.h"
#include "follow/display.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#define SECOND UINT64_C(1000000000)

enum { NUMBER_MAX = 20 }; /* digits of 2^64 - 1 */

static bool same_counts(const struct columns *c, const struct counts *a, const struct counts *b)
{
	return (!c->lines || a->lines == b->lines) &&
	       (!c->records || a->records.records == b->records.records) &&
	       (!c->words || a->words == b->words) && (!c->chars || a->chars == b->chars) &&
	       (!c->bytes || a->bytes == b->bytes) && (!c->width || a->width == b->width);
}

static bool has_changed(const struct display *d, const struct display_line *line)
{
	return line->counted != line->is_shown ||
	       (line->counted && !same_counts(&d->options->columns, &line->counts, &line->shown));
}

/* Numbers never get narrower than the first lines were; one by itself is as long as it is. */
static void widen(const struct display *d, size_t n, uint64_t bytes)
{
	if (d->options->total == TOTAL_ONLY || (n == 1 && columns_count(d->options->columns) == 1))
		return;
	d->report->width = (unsigned)max_size(d->report->width, number_digits(bytes));
}

/* The columns of a name on a terminal, or -1: it would not stay in its line. */
static int name_columns(const char *name)
{
	mbstate_t state = {0};
	size_t left = strlen(name);
	int columns = 0;

	while (left > 0) {
		wchar_t c;
		size_t n = mbrtowc(&c, name, left, &state);
		int width = n > left ? -1 : wcwidth(c); /* errors are above any length */
		if (width < 0)
			return -1;
		columns += width;
		name += n;
		left -= n;
	}
	return columns;
}

/* The number of lines to be drawn on the terminal, if all have room there; else 0. */
static unsigned room_for(const struct display *d, const struct display_line *line, size_t n,
                         bool total, bool rate)
{
	struct terminal_size size = terminal_size(STDOUT_FILENO);
	size_t lines = (size_t)total + rate;
	size_t numbers =
		columns_count(d->options->columns) * (max_size(d->report->width, NUMBER_MAX) + 1);

	if (d->options->json || !terminal_is_smart(STDOUT_FILENO))
		return 0;
	for (size_t i = 0; i < n; i++) {
		int columns = line[i].name ? name_columns(line[i].name) : 0;
		if (columns < 0 || numbers + (size_t)columns >= size.columns)
			return 0;
		lines += line[i].counted && d->options->total != TOTAL_ONLY;
	}
	return lines < size.rows ? (unsigned)lines : 0;
}

/* Moves the cursor to the first of the lines that are drawn, and erases them. */
static int erase_drawn(const struct display *d)
{
	char text[32];
	int n = snprintf(text, sizeof text, "\033[%uA\r\033[J", d->drawn);

	return write_all(STDOUT_FILENO, text, (size_t)n);
}

static int print_line(struct display *d, struct display_line *line)
{
	const struct outcome nothing = {.open_error = 0};
	struct record record = {.name = line->name, .counts = &line->counts, .outcome = &nothing};

	line->is_shown = true;
	line->shown = line->counts;
	return report_operand(d->report, &record);
}

/* ---- the rate ---- */

/* The rate of lines: those of the last second, or since the rate was computed, if that is longer
 * ago. */
static void update_rate(struct display *d, uint64_t lines)
{
	uint64_t now = clock_now_ns(), elapsed = now - d->mark_ns;

	d->lines = lines;
	if (!d->begun || lines < d->mark_lines) {
		d->rate = 0;
	} else {
		/* Nothing came for a while, so that what is there came just now. */
		if (d->rate <= 0 && elapsed > SECOND)
			elapsed = SECOND;
		if (elapsed < SECOND)
			return;
		d->rate = (double)(lines - d->mark_lines) * SECOND / (double)elapsed;
	}
	d->mark_lines = lines;
	d->mark_ns = now;
}

static int print_rate(struct display *d)
{
	char text[64];
	int n = snprintf(text, sizeof text, "%*.*f lines/s\n", (int)d->report->width,
	                 d->rate < 9.95 ? 1 : 0, d->rate);

	return sink_put(&d->report->sink, text, (size_t)n);
}

bool display_is_moving(const struct display *d)
{
	return d->drawn > 0 && (d->rate > 0 || d->lines > d->mark_lines);
}

int display_update(struct display *d, struct display_line *line, size_t n)
{
	struct totals totals = {0};
	bool changed = !d->begun, due = report_total_due(d->report, d->names);
	uint64_t counted = 0, failed = 0;

	for (size_t i = 0; i < n; i++) {
		changed |= has_changed(d, &line[i]);
		failed += line[i].failed;
		counted += line[i].counted;
		if (line[i].counted)
			totals_add(&totals, &line[i].counts);
	}
	double rate = d->rate;
	if (d->options->columns.lines && terminal_is_smart(STDOUT_FILENO))
		update_rate(d, totals.sum.lines);
	changed |= d->drawn > 0 && (d->rate < rate || d->rate > rate);
	if (!changed)
		return 0;
	widen(d, n, totals.sum.bytes);
	unsigned drawn = room_for(d, line, n, due, d->rate > 0);
	bool all = drawn > 0; /* else those that have changed, after all that was printed before */
	if (all && d->drawn > 0 && erase_drawn(d) != 0)
		return -1;
	d->begun = true;
	d->drawn = drawn;
	for (size_t i = 0; i < n; i++) {
		bool wanted = line[i].counted && (all || has_changed(d, &line[i]));
		line[i].is_shown &= line[i].counted;
		if (wanted && print_line(d, &line[i]) != 0)
			return -1;
	}
	d->report->counted = counted;
	d->report->failed = failed;
	if (due && report_total(d->report, &totals, 0) != 0)
		return -1;
	return all && d->rate > 0 ? print_rate(d) : 0;
}

void display_keep(struct display *d)
{
	d->drawn = 0;
}
