/* SPDX-License-Identifier: BSD-2-Clause */
/* Rounds of --follow: what has changed, as lines, as records, or drawn again in its place. */
#include "base/base.h"
#include "base/fd.h"
#include "run/round.h"
#include "run/watch.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

enum { NUMBER_MAX = 20 }; /* digits of 2^64 - 1 */

static bool same_counts(const struct columns *c, const struct counts *a, const struct counts *b)
{
	return (!c->lines || a->lines == b->lines) && (!c->words || a->words == b->words) &&
	       (!c->chars || a->chars == b->chars) && (!c->bytes || a->bytes == b->bytes) &&
	       (!c->width || a->width == b->width);
}

static bool has_changed(const struct round *r, const struct round_line *line)
{
	return line->counted != line->is_shown ||
	       (line->counted && !same_counts(&r->options->columns, &line->counts, &line->shown));
}

/* Numbers never get narrower than the first lines were; one by itself is as long as it is. */
static void widen(const struct round *r, size_t n, uint64_t bytes)
{
	unsigned digits = 1;

	if (r->options->total == TOTAL_ONLY || (n == 1 && columns_count(r->options->columns) == 1))
		return;
	for (; bytes >= 10; bytes /= 10)
		digits++;
	r->report->width = (unsigned)max_u64(r->report->width, digits);
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

/* So many lines on the terminal if all are to be drawn there and have room; else 0. */
static unsigned room_for(const struct round *r, const struct round_line *line, size_t n, bool total)
{
	struct winsize size;
	size_t lines = total;
	size_t numbers =
		columns_count(r->options->columns) * (max_u64(r->report->width, NUMBER_MAX) + 1);

	if (r->options->json || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 ||
	    !watch_terminal_is_smart())
		return 0;
	for (size_t i = 0; i < n; i++) {
		int columns = line[i].name ? name_columns(line[i].name) : 0;
		if (columns < 0 || numbers + (size_t)columns >= size.ws_col)
			return 0;
		lines += line[i].counted && r->options->total != TOTAL_ONLY;
	}
	return lines < size.ws_row ? (unsigned)lines : 0;
}

/* The cursor to where the lines of the last round begin, which are taken away. */
static int take_away(const struct round *r)
{
	char text[32];
	int n = snprintf(text, sizeof text, "\033[%uA\r\033[J", r->drawn);

	return write_all(STDOUT_FILENO, text, (size_t)n);
}

static int print_line(struct round *r, struct round_line *line)
{
	const struct outcome nothing = {.open_error = 0};
	struct record record = {.name = line->name, .counts = &line->counts, .outcome = &nothing};

	line->is_shown = true;
	line->shown = line->counts;
	return report_operand(r->report, &record);
}

int round_print(struct round *r, struct round_line *line, size_t n)
{
	struct totals totals = {0};
	bool changed = !r->begun, due = report_total_due(r->report, r->names);
	uint64_t counted = 0, failed = 0;

	for (size_t i = 0; i < n; i++) {
		changed |= has_changed(r, &line[i]);
		failed += line[i].failed;
		counted += line[i].counted;
		if (line[i].counted)
			totals_add(&totals, &line[i].counts);
	}
	if (!changed)
		return 0;
	widen(r, n, totals.sum.bytes);
	unsigned drawn = room_for(r, line, n, due);
	bool all = drawn > 0; /* else those that have changed, behind all that was printed before */
	if (all && r->drawn > 0 && take_away(r) != 0)
		return -1;
	r->begun = true;
	r->drawn = drawn;
	for (size_t i = 0; i < n; i++) {
		bool wanted = line[i].counted && (all || has_changed(r, &line[i]));
		line[i].is_shown &= line[i].counted;
		if (wanted && print_line(r, &line[i]) != 0)
			return -1;
	}
	if (!due)
		return 0;
	r->report->counted = counted;
	r->report->failed = failed;
	return report_total(r->report, &totals, 0);
}

void round_disturb(struct round *r)
{
	r->drawn = 0;
}
