/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes the seeded texts that the benchmarks count: gencorpus KIND BYTES SEED FILE, or
 * gencorpus tree COUNT SEED DIR.
 *
 * A text is 32 MiB of unique prose (UNIT), repeated until BYTES are written: far more than any
 * cache or branch predictor remembers, and gigabytes take seconds. Words have the lengths of a
 * language, lines are wrapped as prose is, and code points come from the script's own ranges, so
 * that lead bytes, marks without width and wide characters occur as they do in texts that people
 * write. Same seed, same bytes.
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define UNIT  ((size_t)32 << 20)
#define SLACK 4096 /* a token is written without looking for room: far above the longest one */

/* Code points lo..hi, taken `weight` times in the sum of the weights. */
struct range {
	uint32_t lo, hi;
	unsigned weight;
};

/* One way of writing. */
struct script {
	const char *name;
	struct range letters[6];
	struct range marks;     /* written after a letter, without width */
	unsigned mark_permille; /* how often */
	unsigned columns;       /* of a letter */
	unsigned longest;       /* word, in letters; 0: lengths as in English */
	int joined;             /* no spaces: a line may end after any letter */
	const char *comma, *stop;
};

static const struct script SCRIPTS[] = {
	{"ascii", {{'a', 'z', 97}, {'A', 'Z', 2}, {'0', '9', 1}}, {0}, 0, 1, 0, 0, ",", "."},
	{"latin-accents",
         {{'a', 'z', 88}, {0xE0, 0xF6, 6}, {0xF8, 0xFF, 2}, {0x100, 0x17F, 3}, {0x1EA0, 0x1EF9, 1}},
         {0},
         0,
         1,
         0,
         0,
         ",",
         "."},
	{"cyrillic",
         {{0x430, 0x44F, 95}, {0x451, 0x45F, 2}, {0x410, 0x42F, 3}},
         {0},
         0,
         1,
         0,
         0,
         ",",
         "."},
	{"greek",
         {{0x3B1, 0x3C9, 90}, {0x3AC, 0x3AF, 8}, {0x391, 0x3A1, 2}},
         {0},
         0,
         1,
         0,
         0,
         ",",
         "."},
	{"arabic",
         {{0x627, 0x63A, 60}, {0x641, 0x64A, 40}},
         {0x64B, 0x652, 0},
         60,
         1,
         0,
         0,
         "\u060C",
         "."},
	{"hebrew", {{0x5D0, 0x5EA, 1}}, {0x5B0, 0x5BC, 0}, 80, 1, 0, 0, ",", "."},
	{"devanagari",
         {{0x915, 0x939, 92}, {0x905, 0x914, 8}},
         {0x93E, 0x94D, 0},
         450,
         1,
         7,
         0,
         ",",
         "\u0964"},
	{"thai",
         {{0xE01, 0xE2E, 75}, {0xE30, 0xE30, 8}, {0xE40, 0xE44, 17}},
         {0xE34, 0xE39, 0},
         300,
         1,
         28,
         0,
         "",
         ""},
	{"cjk", {{0x4E00, 0x9FA5, 1}}, {0}, 0, 2, 14, 1, "\uFF0C", "\u3002"},
	{"kana",
         {{0x3041, 0x3093, 60}, {0x30A1, 0x30F6, 16}, {0x4E00, 0x9FA5, 20}, {0x30FC, 0x30FC, 4}},
         {0},
         0,
         2,
         14,
         1,
         "\u3001",
         "\u3002"},
	{"hangul", {{0xAC00, 0xD7A3, 1}}, {0}, 0, 2, 6, 0, ",", "."},
	{"emoji",
         {{0x1F400, 0x1F43E, 30},
          {0x1F600, 0x1F64F, 40},
          {0x1F680, 0x1F6C5, 12},
          {0x1F910, 0x1F93A, 10},
          {0x1F330, 0x1F335, 5},
          {0x2600, 0x2604, 3}},
         {0},
         0,
         2,
         3,
         0,
         "",
         ""},
};
#define SCRIPT_COUNT (sizeof(SCRIPTS) / sizeof(SCRIPTS[0]))
#define EMOJI        (&SCRIPTS[SCRIPT_COUNT - 1])
#define ASCII        (&SCRIPTS[0])

/* How often a paragraph of the mixed text is in each script, in the order of the table above. */
static const unsigned MIX[SCRIPT_COUNT] = {28, 13, 10, 6, 6, 4, 7, 5, 8, 6, 5, 2};

/* Words of English prose by length, 1 to 14 letters, in permille. */
static const unsigned ENGLISH[] = {30, 170, 210, 160, 110, 85, 80, 55, 40, 28, 15, 9, 5, 3};

/* A text being written. */
struct text {
	uint64_t state;     /* of the random numbers */
	unsigned char *out; /* UNIT + SLACK bytes */
	size_t length;      /* written so far */
	unsigned column, wrap;
};

/* splitmix64: public domain arithmetic, one multiply chain a number. */
static uint64_t text_random(struct text *t)
{
	uint64_t z = (t->state += 0x9E3779B97F4A7C15u);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static unsigned text_below(struct text *t, unsigned limit)
{
	return (unsigned)(((text_random(t) >> 32) * limit) >> 32);
}

static void text_byte(struct text *t, unsigned byte)
{
	t->out[t->length++] = (unsigned char)byte;
}

static void text_string(struct text *t, const char *s)
{
	while (*s)
		text_byte(t, (unsigned char)*s++);
}

static void text_char(struct text *t, uint32_t c)
{
	if (c < 0x80) {
		text_byte(t, c);
	} else if (c < 0x800) {
		text_byte(t, 0xC0 | (c >> 6));
		text_byte(t, 0x80 | (c & 63));
	} else if (c < 0x10000) {
		text_byte(t, 0xE0 | (c >> 12));
		text_byte(t, 0x80 | ((c >> 6) & 63));
		text_byte(t, 0x80 | (c & 63));
	} else {
		text_byte(t, 0xF0 | (c >> 18));
		text_byte(t, 0x80 | ((c >> 12) & 63));
		text_byte(t, 0x80 | ((c >> 6) & 63));
		text_byte(t, 0x80 | (c & 63));
	}
}

/* An index, each taken as often as its weight says. */
static unsigned text_pick(struct text *t, const unsigned *weights, unsigned count)
{
	unsigned sum = 0, i;

	for (i = 0; i < count; i++)
		sum += weights[i];
	sum = text_below(t, sum);
	for (i = 0; sum >= weights[i]; i++)
		sum -= weights[i];
	return i;
}

static void text_letter(struct text *t, const struct script *s)
{
	unsigned weights[6];
	const struct range *r;

	for (unsigned i = 0; i < 6; i++)
		weights[i] = s->letters[i].weight;
	r = &s->letters[s->letters[1].weight ? text_pick(t, weights, 6) : 0];
	text_char(t, r->lo + text_below(t, r->hi - r->lo + 1));
	if (s->mark_permille && text_below(t, 1000) < s->mark_permille)
		text_char(t, s->marks.lo + text_below(t, s->marks.hi - s->marks.lo + 1));
	if (s == EMOJI) {
		unsigned dice = text_below(t, 100);

		if (dice < 12)
			text_char(t, 0x1F3FB + text_below(t, 5)); /* a skin tone */
		else if (dice < 20)
			text_string(t, "\u200D\u2764\uFE0F"); /* joined to a heart */
	}
}

static unsigned text_word_length(struct text *t, const struct script *s)
{
	if (s->longest)
		return 1 + text_below(t, s->longest);
	return 1 + text_pick(t, ENGLISH, sizeof(ENGLISH) / sizeof(ENGLISH[0]));
}

/* Goes to the next line if `columns` more do not fit on this one. */
static void text_wrap(struct text *t, unsigned columns)
{
	if (t->column + columns <= t->wrap)
		return;
	if (t->length > 0 && t->out[t->length - 1] == ' ')
		t->length--;
	text_byte(t, '\n');
	t->column = 0;
}

static void text_word(struct text *t, const struct script *s, unsigned letters)
{
	if (!s->joined)
		text_wrap(t, letters * s->columns + 2);
	for (; letters > 0; letters--) {
		if (s->joined)
			text_wrap(t, s->columns + 2);
		text_letter(t, s);
		t->column += s->columns;
	}
}

/* What stands between two words: nothing, a space, seldom a no-break space. */
static void text_gap(struct text *t, const struct script *s)
{
	if (s->joined)
		return;
	if (s->letters[1].lo == 0xE0 && text_below(t, 300) == 0)
		text_char(t, 0xA0);
	else
		text_byte(t, ' ');
	t->column++;
}

/*
 * One paragraph of 1 to 8 sentences, ended by an empty line. One word in 40 of a foreign text is
 * in ASCII.
 */
static void text_paragraph(struct text *t, const struct script *s)
{
	unsigned sentences = 1 + text_below(t, 8);

	t->column = 0;
	if (s->joined) {
		text_string(t, "\u3000");
		t->column = 2;
	}
	for (; sentences > 0; sentences--) {
		unsigned words = 4 + text_below(t, 18);

		for (unsigned w = 0; w < words; w++) {
			const struct script *in = s != ASCII && text_below(t, 40) == 0 ? ASCII : s;

			text_word(t, in, text_word_length(t, in));
			if (w + 1 == words)
				text_string(t, s->stop);
			else if (text_below(t, s->joined ? 1 : 11) == 0)
				text_string(t, s->comma);
			t->column += s->columns;
			text_gap(t, s);
		}
	}
	if (t->out[t->length - 1] == ' ')
		t->length--;
	text_string(t, "\n\n");
}

/*
 * Prose: in one script, or in all of them if `s` is NULL; the wrap column changes about every 64
 * KiB.
 */
static void fill_prose(struct text *t, const struct script *s)
{
	size_t next = 0;

	while (t->length < UNIT) {
		if (t->length >= next) {
			t->wrap = 40 + text_below(t, 61);
			next = t->length + 65536;
		}
		text_paragraph(t, s ? s : &SCRIPTS[text_pick(t, MIX, SCRIPT_COUNT)]);
	}
}

/* Lines of 0 to 12 bytes, as lists of numbers and names have them. */
static void fill_short_lines(struct text *t)
{
	while (t->length < UNIT) {
		unsigned letters = text_below(t, 13);

		for (; letters > 0; letters--)
			text_byte(t,
			          letters & 1 ? '0' + text_below(t, 10) : 'a' + text_below(t, 26));
		text_byte(t, '\n');
	}
}

/*
 * Tables of nine fields: numbers, names, a date, fractions and gaps; one row in 20 has a name in
 * another script.
 */
static void fill_tsv(struct text *t)
{
	char field[64];

	while (t->length < UNIT) {
		snprintf(field, sizeof(field), "%u\t2%03u-%02u-%02u\t", text_below(t, 100000000),
		         text_below(t, 100), 1 + text_below(t, 12), 1 + text_below(t, 28));
		text_string(t, field);
		for (unsigned i = 0; i < 4; i++) {
			const struct script *s =
				text_below(t, 80) ? ASCII : &SCRIPTS[text_below(t, SCRIPT_COUNT)];

			t->wrap = t->column = 0;
			for (unsigned n = text_below(t, 5) ? text_word_length(t, s) : 0; n > 0; n--)
				text_letter(t, s);
			text_byte(t, '\t');
		}
		snprintf(field, sizeof(field), "%u.%04u\t%u\t%s\n", text_below(t, 1000),
		         text_below(t, 10000), text_below(t, 50),
		         text_below(t, 2) ? "true" : "false");
		text_string(t, field);
	}
}

/*
 * CSV: numbers, a name, a date, a remark. `quoted`: all fields are, and in one remark in ten there
 * is a newline, in one a quote.
 */
static void fill_csv(struct text *t, int quoted)
{
	const char *between = quoted ? "\",\"" : ",", *edge = quoted ? "\"" : "";
	char row[256];

	while (t->length < UNIT) {
		unsigned kind = text_below(t, 10);
		const char *gap = !quoted || kind > 1 ? " " : kind == 0 ? "\n" : "\"\"";

		snprintf(row, sizeof(row),
		         "%s%u%sname%u%s2%03u-%02u-%02u%ssome%sremark%s%u.%04u%s\n", edge,
		         text_below(t, 1000000), between, text_below(t, 1000), between,
		         text_below(t, 100), 1 + text_below(t, 12), 1 + text_below(t, 28), between,
		         gap, between, text_below(t, 1000), text_below(t, 10000), edge);
		text_string(t, row);
	}
}

static void fill_random(struct text *t)
{
	while (t->length < UNIT) {
		uint64_t r = text_random(t);

		memcpy(t->out + t->length, &r, sizeof(r));
		t->length += sizeof(r);
	}
}

/*
 * Fills one unit of `kind`; -1 if there is no such kind. The kinds ending in -noline have a space
 * for each LF.
 */
static int fill(struct text *t, const char *kind)
{
	size_t stem = strlen(kind);
	int noline = stem > 7 && strcmp(kind + stem - 7, "-noline") == 0;

	if (noline)
		stem -= 7;
	if (strcmp(kind, "short-lines") == 0) {
		fill_short_lines(t);
	} else if (strcmp(kind, "tsv") == 0) {
		fill_tsv(t);
	} else if (strcmp(kind, "csv") == 0 || strcmp(kind, "csv-quoted") == 0) {
		fill_csv(t, strcmp(kind, "csv-quoted") == 0);
	} else if (strcmp(kind, "random") == 0) {
		fill_random(t);
	} else if (strncmp(kind, "mixed", stem) == 0) {
		fill_prose(t, NULL);
	} else {
		const struct script *s = SCRIPTS;

		while (s <= EMOJI && (strncmp(s->name, kind, stem) != 0 || s->name[stem] != '\0'))
			s++;
		if (s > EMOJI)
			return -1;
		fill_prose(t, s);
	}
	for (size_t i = 0; noline && i < t->length; i++)
		if (t->out[i] == '\n')
			t->out[i] = ' ';
	return 0;
}

static void die(const char *what)
{
	fprintf(stderr, "gencorpus: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void write_all(int fd, const unsigned char *bytes, size_t n, const char *name)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);

		if (done < 0)
			die(name);
		bytes += done;
		n -= (size_t)done;
	}
}

/* Makes n bytes of CSV end in a field without quotes, in place of a row that is cut anywhere. */
static void end_rows(unsigned char *out, size_t n)
{
	size_t end = n;

	while (end > 1 && (out[end - 1] != '\n' || out[end - 2] == 'e'))
		end--;
	memset(out + (end > 1 ? end : 0), 'x', n - (end > 1 ? end : 0));
}

/*
 * Writes exactly `size` bytes: whole units, then a part that ends with a whole character, filled
 * up with 'x'.
 */
static void write_text(struct text *t, const char *kind, uint64_t size, const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	size_t part;

	if (fd < 0)
		die(name);
	for (; size >= t->length; size -= t->length)
		write_all(fd, t->out, t->length, name);
	if (strncmp(kind, "csv", 3) == 0)
		end_rows(t->out, size);
	part = (size_t)size;
	if (strcmp(kind, "random") != 0) {
		while (part > 0 && (t->out[part] & 0xC0) == 0x80)
			part--;
		memset(t->out + part, 'x', (size_t)size - part);
	}
	write_all(fd, t->out, (size_t)size, name);
	/*
	 * On the disk, and out of the page cache: the first reader brings it in by readahead, in
	 * large folios.
	 */
	if (fsync(fd) != 0 || posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) != 0 || close(fd) != 0)
		die(name);
}

/*
 * COUNT files of ASCII prose under DIR, 250 to a folder, sizes log-normal with a median of 2 KB as
 * in source trees.
 */
static void write_tree(struct text *t, unsigned count, const char *dir)
{
	char name[4096];

	for (unsigned i = 0; i < count; i++) {
		double u = (text_below(t, 1000000) + 0.5) / 1e6,
		       v = (text_below(t, 1000000) + 0.5) / 1e6;
		double bytes = 2000 * exp(1.35 * sqrt(-2 * log(u)) * cos(6.283185307179586 * v));
		size_t size = bytes < 1e6 ? (size_t)bytes : 1000000;
		int fd;

		snprintf(name, sizeof(name), "%s/d%03u", dir, i / 250);
		if (i % 250 == 0 && mkdir(name, 0777) != 0 && errno != EEXIST)
			die(name);
		snprintf(name, sizeof(name), "%s/d%03u/f%05u.txt", dir, i / 250, i);
		fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
		if (fd < 0)
			die(name);
		write_all(fd, t->out + text_below(t, UNIT - 1000000), size, name);
		close(fd);
	}
}

int main(int argc, char **argv)
{
	struct text text = {0};

	if (argc != 5) {
		fprintf(stderr,
		        "usage: gencorpus KIND BYTES SEED FILE | gencorpus tree COUNT SEED DIR\n");
		return 2;
	}
	text.state = strtoull(argv[3], NULL, 0);
	text.out = malloc(UNIT + SLACK * 16);
	if (!text.out)
		die("memory");
	if (strcmp(argv[1], "tree") == 0) {
		fill(&text, "ascii");
		write_tree(&text, (unsigned)strtoul(argv[2], NULL, 0), argv[4]);
	} else if (fill(&text, argv[1]) == 0) {
		write_text(&text, argv[1], strtoull(argv[2], NULL, 0), argv[4]);
	} else {
		fprintf(stderr, "gencorpus: %s: no such kind\n", argv[1]);
		return 2;
	}
	free(text.out);
	return 0;
}
