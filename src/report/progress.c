/* SPDX-License-Identifier: BSD-2-Clause */
/* How far a run has got, as one line. Safe in signal handlers, and so all by hand. */
#include "base/base.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "report/progress.h"

#include <string.h>
#include <wchar.h>

enum {
	BAR_COLUMNS = 20,
	BAR_COLUMNS_MIN = 8,
	NAME_COLUMNS_MIN = 8, /* a name of which less could be seen is left out */
	SEGMENT_MAX = 96,
	NAME_BYTES_MAX = 1024,
};

/* Text that is put together. What does not fit in is left out. */
struct line {
	char *text;
	size_t len, room;
	unsigned columns;
};

static void add_bytes(struct line *l, const char *bytes, size_t n, unsigned columns)
{
	if (n > l->room - l->len)
		return;
	memcpy(l->text + l->len, bytes, n);
	l->len += n;
	l->columns += columns;
}

static void add(struct line *l, const char *ascii)
{
	add_bytes(l, ascii, strlen(ascii), (unsigned)strlen(ascii));
}

static void add_number(struct line *l, uint64_t number, unsigned least_digits)
{
	char digits[20];
	size_t n = sizeof digits;

	do
		digits[--n] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	while (sizeof digits - n < least_digits)
		digits[--n] = '0';
	add_bytes(l, digits + n, sizeof digits - n, (unsigned)(sizeof digits - n));
}

/* Three digits, or so: 7.25, 63.1, 999. `value` is below 1000. */
static void add_digits(struct line *l, double value)
{
	unsigned decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
	unsigned scale = decimals == 2 ? 100 : decimals == 1 ? 10 : 1;
	uint64_t scaled = (uint64_t)(value * scale + 0.5);

	add_number(l, scaled / scale, 1);
	if (decimals > 0) {
		add(l, ".");
		add_number(l, scaled % scale, decimals);
	}
}

/* Sizes and rates are in units of one kind, so that they can be compared. */
static const char units[][3] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
static const double unit_bytes[] = {1, 1e3, 1e6, 1e9, 1e12, 1e15, 1e18};

/* Three digits of the unit are less than 1000, rounded. */
static unsigned unit_of(double bytes)
{
	unsigned unit = 0;

	while (unit + 1 < ARRAY_LEN(units) && bytes >= 999.5 * unit_bytes[unit])
		unit++;
	return unit;
}

static void add_size(struct line *l, uint64_t bytes, unsigned unit)
{
	if (unit == 0)
		add_number(l, bytes, 1);
	else
		add_digits(l, (double)bytes / unit_bytes[unit]);
}

/* "3.20/27.1 GB", "900 MB/27.1 GB", "3.20 GB" */
static void add_bytes_done(struct line *l, const struct progress *p, const char *of)
{
	unsigned unit = unit_of((double)p->bytes), unit_known = unit_of((double)p->bytes_known);

	add_size(l, p->bytes, unit);
	if (p->bytes_known > 0 && unit != unit_known) {
		add(l, " ");
		add(l, units[unit]);
	}
	if (p->bytes_known > 0) {
		add(l, of);
		add_size(l, p->bytes_known, unit_known);
		unit = unit_known;
	}
	add(l, " ");
	add(l, units[unit]);
}

static void add_rate(struct line *l, double rate)
{
	unsigned unit = unit_of(rate);
	double scaled = rate / unit_bytes[unit];

	add_digits(l, scaled < 999 ? scaled : 999);
	add(l, " ");
	add(l, units[unit]);
	add(l, "/s");
}

/* "850 lines/s", "12.5M lines/s" */
static void add_line_rate(struct line *l, double rate)
{
	static const char prefix[][2] = {"", "k", "M", "G", "T"};
	unsigned unit = unit_of(rate);

	if (unit >= ARRAY_LEN(prefix))
		unit = ARRAY_LEN(prefix) - 1;
	double scaled = rate / unit_bytes[unit];
	add_digits(l, scaled < 999 ? scaled : 999);
	add(l, prefix[unit]);
	add(l, " lines/s");
}

/* "0:07", "12:40", "3:05:00" */
static void add_time(struct line *l, uint64_t seconds)
{
	uint64_t hours = seconds / 3600;

	if (hours > 0) {
		add_number(l, hours, 1);
		add(l, ":");
	}
	add_number(l, seconds / 60 % 60, hours > 0 ? 2 : 1);
	add(l, ":");
	add_number(l, seconds % 60, 2);
}

static void add_files(struct line *l, const struct progress *p, const char *of)
{
	add_number(l, p->files, 1);
	if (p->files_known > 0) {
		add(l, of);
		add_number(l, p->files_known, 1);
	}
	add(l, (p->files_known > 0 ? p->files_known : p->files) == 1 ? " file" : " files");
}

/* 0 to 1; below 0: unknown. A file may have grown, or been read twice. */
static double fraction(const struct progress *p)
{
	uint64_t done = p->by_files ? p->files : p->bytes;
	uint64_t known = p->by_files ? p->files_known : p->bytes_known;

	if (known == 0)
		return -1;
	return done < known ? (double)done / (double)known : 1;
}

/* Can the time to the end be told? Then *seconds. */
static bool time_left(const struct progress *p, uint64_t *seconds)
{
	if (p->by_files || p->bytes_known == 0 || !(p->rate >= 1))
		return false;
	uint64_t left = p->bytes_known > p->bytes ? p->bytes_known - p->bytes : 0;
	double s = (double)left / p->rate + 0.5;
	*seconds = s < 1e9 ? (uint64_t)s : 1000000000;
	return true;
}

/*
 * One character of a name, at most `columns` wide, or the escape \ooo of one byte that is none or
 * cannot be printed. Returns the bytes consumed; 0: it does not fit.
 */
static size_t add_character(struct line *l, const char *name, bool utf8, unsigned columns)
{
	const unsigned char *p = (const unsigned char *)name;
	char escape[4] = {'\\', (char)('0' + (*p >> 6)), (char)('0' + (*p >> 3 & 7)),
	                  (char)('0' + (*p & 7))};
	/* The NUL at the end of the name continues no character. */
	unsigned n = *p < 0x80 || utf8 ? utf8_character(p, UTF8_LENGTH_MAX) : 0;
	char32_t c = n > 0 ? utf8_decode(p) : 0;
	/* Tables of the locale, which are there already. ASCII is the same in all of them. */
	int width = n == 0 || quote_turns(c) ? -1
	            : n == 1                 ? (c >= 0x20 && c < 0x7F && c != '\\' ? 1 : -1)
	                                     : wcwidth((wchar_t)c);
	if (width >= 0) {
		if ((unsigned)width > columns)
			return 0;
		add_bytes(l, name, n, (unsigned)width);
		return n;
	}
	if (columns < sizeof escape)
		return 0;
	add_bytes(l, escape, sizeof escape, sizeof escape);
	return 1;
}

/* The name, or as much of its last part as fits into `columns`. */
static void add_name(struct line *l, const char *name, bool utf8, unsigned columns)
{
	struct line whole = *l;
	size_t n = 1;
	const char *at = name;

	while (*at &&
	       (n = add_character(&whole, at, utf8, columns - (whole.columns - l->columns))) > 0)
		at += n;
	if (*at == '\0') {
		*l = whole;
		return;
	}
	const char *slash = strrchr(name, '/');
	const char *base = slash && slash[1] ? slash + 1 : name;
	unsigned start = l->columns, limit = columns - 3;
	for (at = base; *at; at += n) {
		/* Room for the dots, unless this is the end. */
		n = add_character(l, at, utf8, limit - (l->columns - start));
		if (n == 0)
			break;
	}
	if (*at)
		add(l, "...");
}

static void add_bar(struct line *l, double done, unsigned columns, bool utf8)
{
	/* U+2588 full block, U+2591 light shade */
	static const char full[] = "\xe2\x96\x88", light[] = "\xe2\x96\x91";
	unsigned filled = (unsigned)(done * columns);

	if (!utf8)
		add(l, "[");
	for (unsigned i = 0; i < columns; i++) {
		if (utf8)
			add_bytes(l, i < filled ? full : light, 3, 1);
		else
			add(l, i < filled ? "#" : "-");
	}
	if (!utf8)
		add(l, "]");
}

/* The parts of a line, in the order in which they are shown. */
enum segment { PERCENT, BYTES, RATE, LINES, ELAPSED, LEFT, FILES, SEGMENTS };

struct segments {
	struct line line[SEGMENTS];
	char text[SEGMENTS][SEGMENT_MAX];
};

static void make_segments(struct segments *s, const struct progress *p, const char *of)
{
	double done = fraction(p);
	uint64_t seconds;

	for (int i = 0; i < SEGMENTS; i++)
		s->line[i] = (struct line){.text = s->text[i], .room = SEGMENT_MAX};
	if (done >= 0) {
		unsigned percent = (unsigned)(done * 100);
		if (percent < 10)
			add(&s->line[PERCENT], " ");
		add_number(&s->line[PERCENT], percent, 1);
		add(&s->line[PERCENT], "%");
	}
	if (!p->by_files)
		add_bytes_done(&s->line[BYTES], p, of);
	if (!p->by_files && p->rate > 0)
		add_rate(&s->line[RATE], p->rate);
	if (p->passes && p->line_rate > 0)
		add_line_rate(&s->line[LINES], p->line_rate);
	if (p->passes)
		add_time(&s->line[ELAPSED], p->elapsed_s);
	if (time_left(p, &seconds)) {
		add_time(&s->line[LEFT], seconds);
		add(&s->line[LEFT], " left");
	}
	if (p->files_known != 1)
		add_files(&s->line[FILES], p, of);
}

static void add_line(struct line *l, const struct line *part, const char *before)
{
	if (l->len > 0)
		add(l, before);
	add_bytes(l, part->text, part->len, part->columns);
}

size_t progress_line(char out[PROGRESS_MAX], const struct progress *p, struct progress_style style)
{
	struct line l = {.text = out, .room = PROGRESS_MAX};
	struct segments s;
	unsigned taken = 0, bar = 0;
	int n = 0;

	make_segments(&s, p, "/");
	/* The first that does not fit keeps out all that matter less. */
	for (; n < SEGMENTS; n++) {
		unsigned more = s.line[n].columns ? s.line[n].columns + (taken > 0 ? 2 : 0) : 0;
		if (taken + more > style.columns)
			break;
		taken += more;
	}
	unsigned left = style.columns - taken, frame = style.utf8 ? 1 : 3; /* a space, perhaps
	                                                                      brackets */
	if (n == SEGMENTS && fraction(p) >= 0 && left >= BAR_COLUMNS_MIN + frame)
		bar = left - frame < BAR_COLUMNS ? left - frame : BAR_COLUMNS;
	for (int i = 0; i < n; i++) {
		if (s.line[i].columns)
			add_line(&l, &s.line[i], "  ");
		if (i == PERCENT && bar > 0) {
			add(&l, " ");
			add_bar(&l, fraction(p), bar, style.utf8);
		}
	}
	if (n == SEGMENTS && p->name && l.columns + 2 + NAME_COLUMNS_MIN <= style.columns) {
		add(&l, "  ");
		add_name(&l, p->name, style.utf8, style.columns - l.columns);
	}
	return l.len;
}

size_t progress_text(char out[PROGRESS_MAX], const struct progress *p, bool utf8)
{
	struct line l = {.text = out, .room = PROGRESS_MAX};
	struct segments s;

	make_segments(&s, p, " of ");
	for (int i = 0; i < SEGMENTS; i++)
		if (s.line[i].columns)
			add_line(&l, &s.line[i], ", ");
	if (p->name) {
		add(&l, ", ");
		add_name(&l, p->name, utf8, NAME_BYTES_MAX);
	}
	return l.len;
}
