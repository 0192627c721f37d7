/* SPDX-License-Identifier: BSD-2-Clause */
/* A partial as a line of JSON. What is read is not trusted. */
#include "base/base.h"
#include "partial/partial.h"
#include "partial/seal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	unsigned count;
} count_names[] = {
	{"lines", PARTIAL_LINES}, {"records", PARTIAL_RECORDS}, {"words", PARTIAL_WORDS},
	{"chars", PARTIAL_CHARS}, {"bytes", PARTIAL_BYTES},     {"max_line_length", PARTIAL_WIDTH},
};

static const char *const class_names[] = {
	[CHARSET_SINGLE] = "single-byte", [CHARSET_UTF8] = "utf-8", [CHARSET_MULTI] = "multibyte"};

/* A letter for each enum record_class. */
static const char class_letters[RECORD_CLASSES + 1] = ".npqdr123xy";

/* The two answers of a run of records, by the state in which it begins. */
static const struct {
	const char *ends, *strays, *stray_at;
} state_keys[RECORD_STATES] = {
	[RECORD_OUTSIDE] = {"ends_outside", "strays_outside", "stray_outside_at"},
	[RECORD_INSIDE] = {"ends_inside", "strays_inside", "stray_inside_at"},
};

static unsigned version_of(const struct partial_mode *mode)
{
	return mode->counts & PARTIAL_RECORDS ? PARTIAL_VERSION_RECORDS : PARTIAL_VERSION;
}

static const char *format_name(enum format format)
{
	return format == FORMAT_PLAIN  ? "none"
	       : format == FORMAT_AUTO ? "auto"
	                               : decoder_format_name(format);
}

/* ---- writing ---- */

static void put_hex(struct json *json, struct json_t *object, const char *key, const uint8_t *bytes,
                    unsigned n)
{
	char text[2 * TALLY_TAIL_MAX + 1] = "";

	for (unsigned i = 0; i < n; i++)
		snprintf(text + 2 * (size_t)i, 3, "%02x", bytes[i]);
	json_put_text(json, object, key, text);
}

static void put_run(struct json *json, struct json_t *object, const char *key,
                    const struct width_run *run)
{
	struct json_t *value = json_make_object(json);

	json_put_count(json, value, "before", run->before);
	json_put_bool(json, value, "tab", run->tab);
	json_put_count(json, value, "after", run->after);
	json_put(json, object, key, value);
}

static void put_classes(struct json *json, struct json_t *object, const char *key,
                        const uint8_t *classes, size_t n)
{
	char text[RECORD_HEAD + 1] = "";

	for (size_t i = 0; i < n; i++)
		text[i] = class_letters[classes[i]];
	json_put_text(json, object, key, text);
}

/* Of which kind they are stands in the mode, how many bytes there are in the tally. */
static void put_records(struct json *json, struct json_t *object, const struct record_run *run)
{
	struct json_t *value = json_make_object(json);
	size_t tail = (size_t)min_u64(run->bytes, RECORD_TAIL);

	for (unsigned state = RECORD_OUTSIDE; state < RECORD_STATES; state++) {
		json_put_count(json, value, state_keys[state].ends, run->ends[state]);
		json_put_count(json, value, state_keys[state].strays, run->strays[state]);
		json_put_count(json, value, state_keys[state].stray_at, run->stray_at[state]);
	}
	json_put_bool(json, value, "odd_quotes", run->odd);
	put_classes(json, value, "head", run->head, (size_t)min_u64(run->bytes, RECORD_HEAD));
	put_classes(json, value, "tail", run->tail + RECORD_TAIL - tail, tail);
	json_put(json, object, "records", value);
}

static void put_tally(struct json *json, struct json_t *object, const struct partial_mode *mode,
                      const struct tally *t)
{
	struct json_t *value = json_make_object(json);

	json_put_count(json, value, "bytes", t->bytes);
	json_put_count(json, value, "lines", t->lines);
	json_put_count(json, value, "words", t->words);
	json_put_bool(json, value, "starts_word", t->starts_word);
	json_put_bool(json, value, "ends_word", t->ends_word);
	json_put_count(json, value, "chars", t->chars);
	json_put_count(json, value, "errors", t->errors);
	json_put_bool(json, value, "decided", t->decided);
	put_hex(json, value, "head", t->head, t->head_len);
	put_hex(json, value, "tail", t->tail, t->tail_len);
	json_put_bool(json, value, "broken", t->broken);
	put_run(json, value, "first", &t->first);
	json_put_count(json, value, "max_width", t->max_width);
	put_run(json, value, "last", &t->last);
	if (mode->counts & PARTIAL_RECORDS)
		put_records(json, value, &t->records);
	json_put(json, object, "tally", value);
}

static void put_mode(struct json *json, struct json_t *object, const struct partial_mode *mode)
{
	struct json_t *counts = json_make_array(json);

	for (size_t i = 0; i < ARRAY_LEN(count_names); i++)
		if (mode->counts & count_names[i].count)
			json_append(json, counts, json_make_text(json, count_names[i].name));
	json_put(json, object, "counts", counts);
	if (mode->counts & PARTIAL_RECORDS) {
		char kind[RECORD_KIND_MAX];
		record_kind_text(mode->records, kind);
		json_put_text(json, object, "records", kind);
	}
	json_put_text(json, object, "pcount", mode->program);
	json_put_text(json, object, "charset", mode->charset);
	json_put_text(json, object, "charset_class", class_names[mode->class]);
	json_put_bool(json, object, "posixly_correct", mode->posixly_correct);
	json_put_text(json, object, "decompress", format_name(mode->decompress));
}

static void put_file(struct json *json, struct json_t *object, const struct partial_file *file)
{
	if (file->regular) {
		json_put_count(json, object, "size", file->size);
		json_put_text(json, object, "mtime", file->mtime);
		json_put_text(json, object, "ctime", file->ctime);
		json_put_text(json, object, "device", file->device);
		json_put_text(json, object, "inode", file->inode);
	}
	json_put_text(json, object, "format", format_name(file->format));
	json_put_count(json, object, "origin", file->origin);
}

static void put_point(struct json *json, struct json_t *object, const struct partial_point *point)
{
	struct json_t *value = json_make_object(json);

	json_put_count(json, value, "bit", point->place.bit);
	if (point->place.inside) {
		json_put_count(json, value, "crc", point->place.crc);
		json_put_count(json, value, "text", point->place.context);
		json_put_text(json, value, "window", point->window);
	}
	json_put(json, object, "point", value);
}

static void put_journal(struct json *json, struct json_t *object, const struct partial *p)
{
	char sample[17];

	snprintf(sample, sizeof sample, "%016llx", (unsigned long long)p->sample);
	if (p->sampled)
		json_put_text(json, object, "sample", sample);
	if (p->restart)
		json_put_bool(json, object, "restart", true);
	if (p->begin_bit > 0)
		json_put_count(json, object, "begin_bit", p->begin_bit);
	if (p->point)
		put_point(json, object, p->point);
}

char *partial_line(struct json *json, const struct partial *p)
{
	struct json_t *object = json_make_object(json);

	json_put_count(json, object, "pcount_partial", version_of(&p->mode));
	put_mode(json, object, &p->mode);
	json_put_count(json, object, "operand", p->operand);
	if (p->name)
		json_put_name(json, object, "name", p->name);
	put_file(json, object, &p->file);
	json_put_count(json, object, "begin", p->begin);
	json_put_count(json, object, "end", p->end);
	put_tally(json, object, &p->mode, &p->tally);
	put_journal(json, object, p);
	char *line = seal_line(json_line(json, object));
	json_free(json, object);
	return line;
}

/* ---- reading ---- */

/* A line being read; of several faults the first is reported. */
struct reading {
	const struct json *json;
	char *why; /* [PARTIAL_WHY_MAX]; empty: nothing so far */
};

PRINTF_LIKE(2, 3) static void wrong(struct reading *r, const char *fmt, ...)
{
	va_list args;

	if (*r->why)
		return;
	va_start(args, fmt);
	vsnprintf(r->why, PARTIAL_WHY_MAX, fmt, args);
	va_end(args);
}

static uint64_t get_count(struct reading *r, const struct json_t *object, const char *key)
{
	uint64_t count = 0;

	if (json_find_count(r->json, object, key, &count) != 0)
		wrong(r, "\"%s\" is not a number from 0 to 2^63 - 1", key);
	return count;
}

static bool get_bool(struct reading *r, const struct json_t *object, const char *key)
{
	bool truth = false;

	if (json_find_bool(r->json, object, key, &truth) != 0)
		wrong(r, "\"%s\" is neither true nor false", key);
	return truth;
}

static const char *get_text(struct reading *r, const struct json_t *object, const char *key)
{
	const char *text = json_find_text(r->json, object, key);

	if (!text)
		wrong(r, "\"%s\" is not a string", key);
	return text ? text : "";
}

static void get_short(struct reading *r, const struct json_t *object, const char *key,
                      char text[PARTIAL_TEXT_MAX])
{
	const char *found = get_text(r, object, key);
	size_t n = strlen(found);

	if (n == 0 || n >= PARTIAL_TEXT_MAX)
		wrong(r, "\"%s\" is not a string of 1 to %d bytes", key, PARTIAL_TEXT_MAX - 1);
	else
		memcpy(text, found, n + 1);
}

static enum format get_format(struct reading *r, const struct json_t *object, const char *key)
{
	const char *text = get_text(r, object, key);

	for (unsigned i = 0; i <= FORMAT_LAST; i++)
		if (strcmp(text, format_name((enum format)i)) == 0)
			return (enum format)i;
	wrong(r, "\"%s\" is not a known format", key);
	return FORMAT_PLAIN;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static uint8_t get_hex(struct reading *r, const struct json_t *object, const char *key,
                       uint8_t *bytes, size_t room)
{
	const char *text = get_text(r, object, key);
	size_t n = strlen(text) / 2;

	if (strlen(text) % 2 != 0 || n > room) {
		wrong(r, "\"%s\" is not at most %zu bytes in hexadecimal", key, room);
		return 0;
	}
	for (size_t i = 0; i < n; i++) {
		int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
		if (high < 0 || low < 0)
			wrong(r, "\"%s\" is not at most %zu bytes in hexadecimal", key, room);
		bytes[i] = (uint8_t)((high & 15) << 4 | (low & 15));
	}
	return (uint8_t)n;
}

static struct width_run get_run(struct reading *r, const struct json_t *object, const char *key)
{
	const struct json_t *value = json_find(r->json, object, key);

	return (struct width_run){
		.before = get_count(r, value, "before"),
		.after = get_count(r, value, "after"),
		.tab = get_bool(r, value, "tab"),
	};
}

/* How many classes there are, each of which is a letter. */
static size_t get_classes(struct reading *r, const struct json_t *object, const char *key,
                          uint8_t *classes, size_t room)
{
	const char *text = get_text(r, object, key);
	size_t n = strlen(text);

	if (n > room || strspn(text, class_letters) != n) {
		wrong(r, "\"%s\" is not at most %zu letters out of \"%s\"", key, room,
		      class_letters);
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		classes[i] = (uint8_t)(strchr(class_letters, text[i]) - class_letters);
	return n;
}

/* Those of a tally of so many bytes. */
static void get_records(struct reading *r, const struct json_t *object, struct record_kind kind,
                        uint64_t bytes, struct record_run *run)
{
	const struct json_t *value = json_find(r->json, object, "records");
	uint8_t tail[RECORD_TAIL];

	run->bytes = bytes;
	run->form = (uint8_t)(bytes > 0 ? kind.form : RECORDS_NONE);
	for (unsigned state = RECORD_OUTSIDE; state < RECORD_STATES; state++) {
		run->ends[state] = get_count(r, value, state_keys[state].ends);
		run->strays[state] = get_count(r, value, state_keys[state].strays);
		run->stray_at[state] = get_count(r, value, state_keys[state].stray_at);
	}
	run->odd = get_bool(r, value, "odd_quotes");
	size_t head = get_classes(r, value, "head", run->head, RECORD_HEAD);
	size_t n = get_classes(r, value, "tail", tail, RECORD_TAIL);
	if (head != min_u64(bytes, RECORD_HEAD) || n != min_u64(bytes, RECORD_TAIL))
		wrong(r, "\"head\" and \"tail\" of the records are not as long as they have to be");
	memcpy(run->tail + RECORD_TAIL - n, tail, n);
}

static void get_tally(struct reading *r, const struct json_t *object,
                      const struct partial_mode *mode, struct tally *t)
{
	const struct json_t *value = json_find(r->json, object, "tally");

	t->bytes = get_count(r, value, "bytes");
	t->lines = get_count(r, value, "lines");
	t->words = get_count(r, value, "words");
	t->starts_word = get_bool(r, value, "starts_word");
	t->ends_word = get_bool(r, value, "ends_word");
	t->chars = get_count(r, value, "chars");
	t->errors = get_count(r, value, "errors");
	t->decided = get_bool(r, value, "decided");
	t->head_len = get_hex(r, value, "head", t->head, TALLY_HEAD_MAX);
	t->tail_len = get_hex(r, value, "tail", t->tail, TALLY_TAIL_MAX);
	t->broken = get_bool(r, value, "broken");
	t->first = get_run(r, value, "first");
	t->max_width = get_count(r, value, "max_width");
	t->last = get_run(r, value, "last");
	if (mode->counts & PARTIAL_RECORDS)
		get_records(r, value, mode->records, t->bytes, &t->records);
}

static void get_mode(struct reading *r, const struct json_t *object, struct partial_mode *mode)
{
	const struct json_t *counts = json_find(r->json, object, "counts");
	size_t n = json_length(r->json, counts), known = 0;

	get_short(r, object, "pcount", mode->program);
	get_short(r, object, "charset", mode->charset);
	const char *class = get_text(r, object, "charset_class");
	size_t c = 0;
	while (c < ARRAY_LEN(class_names) && strcmp(class, class_names[c]) != 0)
		c++;
	if (c == ARRAY_LEN(class_names))
		wrong(r, "\"charset_class\" is not a known class");
	mode->class = (enum charset_class)c;
	mode->posixly_correct = get_bool(r, object, "posixly_correct");
	mode->decompress = get_format(r, object, "decompress");
	for (size_t i = 0; i < n; i++) {
		const char *text = json_text_at(r->json, counts, i);
		for (size_t k = 0; k < ARRAY_LEN(count_names); k++) {
			if (!text || strcmp(text, count_names[k].name) != 0)
				continue;
			known += !(mode->counts & count_names[k].count);
			mode->counts |= count_names[k].count;
		}
	}
	if (n == 0 || known != n)
		wrong(r, "\"counts\" is not a list of known counts");
	if (mode->counts & PARTIAL_RECORDS &&
	    record_kind_parse(get_text(r, object, "records"), &mode->records) != RECORD_KIND_OK)
		wrong(r, "\"records\" is not a known kind of records");
}

static void get_file(struct reading *r, const struct json_t *object, struct partial_file *file)
{
	file->format = get_format(r, object, "format");
	file->origin = get_count(r, object, "origin");
	file->regular = json_find(r->json, object, "size") != NULL;
	if (!file->regular)
		return;
	file->size = get_count(r, object, "size");
	get_short(r, object, "mtime", file->mtime);
	get_short(r, object, "ctime", file->ctime);
	get_short(r, object, "device", file->device);
	get_short(r, object, "inode", file->inode);
}

/* Does the range begin and end in the bytes where the bits are? */
static bool points_fit(const struct partial *p)
{
	uint64_t begin = p->begin_bit, end = p->point ? p->point->place.bit : 0;

	if ((begin > 0 || p->point) && (!decoder_has_points(p->file.format) || p->begin == p->end))
		return false;
	return (begin == 0 || p->begin - p->file.origin == begin / 8) &&
	       (!p->point || p->end - p->file.origin == end / 8);
}

/* Says what is inconsistent in a line; NULL: nothing. */
static const char *range_fault(const struct partial *p)
{
	const struct partial_file *f = &p->file;
	uint64_t length = p->end - p->begin;

	if (p->begin > p->end || p->begin < f->origin)
		return "the range ends before it begins";
	if (f->format == FORMAT_AUTO ||
	    (f->format != FORMAT_PLAIN && p->mode.decompress == FORMAT_PLAIN))
		return "the format was not selected by \"decompress\"";
	if (f->regular && f->size > 0 && p->end > max_u64(f->size, f->origin))
		return "the range ends after the end of the file";
	/* In other charsets pieces begin at characters, wherever the range does. */
	if (f->format == FORMAT_PLAIN && (!f->regular || p->mode.class != CHARSET_MULTI) &&
	    p->tally.bytes != length)
		return "the length of the range differs from that of its tally";
	if (length == 0 && p->tally.bytes > 0)
		return "there is text in an empty range";
	return points_fit(p) ? NULL : "a point is not where the range begins or ends";
}

/* Of a place inside a member. Whether its window is one is seen when it is unpacked. */
static void get_inside(struct reading *r, const struct json_t *object, struct partial_point *point)
{
	uint64_t crc = get_count(r, object, "crc");
	const char *window = get_text(r, object, "window");
	size_t n = strlen(window);

	if (crc > UINT32_MAX)
		wrong(r, "\"crc\" is not a number below 2^32");
	if (n > PARTIAL_WINDOW_MAX)
		wrong(r, "\"window\" is longer than %d bytes", PARTIAL_WINDOW_MAX);
	else
		memcpy(point->window, window, n + 1);
	point->place.inside = true;
	point->place.crc = (uint32_t)crc;
	point->place.context = get_count(r, object, "text");
}

/* NULL: wrong. */
static struct partial_point *get_point(struct reading *r, const struct json_t *object)
{
	struct partial_point *point = malloc(sizeof *point);

	if (!point) {
		wrong(r, "not enough memory");
		return NULL;
	}
	point->place = (struct decode_place){.bit = get_count(r, object, "bit")};
	point->window[0] = '\0';
	if (json_find(r->json, object, "window"))
		get_inside(r, object, point);
	else if (point->place.bit % 8 != 0)
		wrong(r, "\"bit\" is inside a member, and there is no \"window\"");
	return point;
}

static void get_journal(struct reading *r, const struct json_t *object, struct partial *p)
{
	uint8_t sample[8] = {0};

	p->sampled = json_find(r->json, object, "sample") != NULL;
	if (p->sampled && get_hex(r, object, "sample", sample, sizeof sample) != sizeof sample)
		wrong(r, "\"sample\" is not 8 bytes in hexadecimal");
	for (size_t i = 0; i < sizeof sample; i++)
		p->sample = p->sample << 8 | sample[i];
	p->restart = json_find(r->json, object, "restart") && get_bool(r, object, "restart");
	if (json_find(r->json, object, "begin_bit"))
		p->begin_bit = get_count(r, object, "begin_bit");
	if (json_find(r->json, object, "point"))
		p->point = get_point(r, json_find(r->json, object, "point"));
}

/* Is it a line of a partial, and as it was written? */
static void get_version(struct reading *r, const struct json_t *object, enum seal_status seal)
{
	uint64_t version = 0;

	if (json_find_count(r->json, object, "pcount_partial", &version) != 0) {
		wrong(r, "not a partial count");
		return;
	}
	if (version != PARTIAL_VERSION && version != PARTIAL_VERSION_RECORDS) {
		wrong(r, "a partial count of format %llu; this version supports formats %d and %d",
		      (unsigned long long)version, PARTIAL_VERSION, PARTIAL_VERSION_RECORDS);
		return;
	}
	if (seal != SEAL_GOOD)
		wrong(r, seal == SEAL_WRONG ? "damaged: its checksum does not match"
		                            : "no checksum at its end");
}

static void get_partial(struct reading *r, const struct json_t *object, struct partial *p)
{
	uint64_t version = get_count(r, object, "pcount_partial");

	get_mode(r, object, &p->mode);
	if (version != version_of(&p->mode))
		wrong(r, version == PARTIAL_VERSION ? "a line of format 2 has no records"
		                                    : "a line of format 3 has records");
	get_file(r, object, &p->file);
	p->operand = get_count(r, object, "operand");
	p->begin = get_count(r, object, "begin");
	p->end = get_count(r, object, "end");
	get_tally(r, object, &p->mode, &p->tally);
	get_journal(r, object, p);
	if (*r->why)
		return;
	const char *fault = partial_tally_fault(&p->mode, &p->tally);
	if (!fault)
		fault = range_fault(p);
	if (fault)
		wrong(r, "%s", fault);
	bool named =
		json_find(r->json, object, "name") || json_find(r->json, object, "name_base64");
	p->name = named ? json_find_name(r->json, object, "name") : NULL;
	if (named && (!p->name || !*p->name))
		wrong(r, "\"name\" is not a file name");
	partial_normalize(&p->mode, &p->tally);
}

int partial_read(const struct json *json, const char *line, size_t n, struct partial *p,
                 char why[PARTIAL_WHY_MAX])
{
	struct reading r = {json, why};
	char error[JSON_ERROR_MAX];

	*p = (struct partial){0};
	*why = '\0';
	struct json_t *object = json_parse(json, line, n, error);
	if (!object)
		wrong(&r, "no JSON: %s", error);
	else
		get_version(&r, object, seal_check(line, n));
	if (object && !*why)
		get_partial(&r, object, p);
	json_free(json, object);
	if (!*why)
		return 0;
	partial_free(p);
	*p = (struct partial){0};
	return -1;
}
