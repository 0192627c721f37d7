/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzer: any bytes as the lines of partials. What is believed must be the same after it has been
 * written and read again, with its window, and merging what is believed must not overflow, whatever
 * it says.
 */
#include "fuzz.h"
#include "partial/collection.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

int FUZZ_TARGET(const uint8_t *data, size_t n);

static void partial_problem(void *arg UNUSED, const struct partial_problem *problem)
{
	fuzz_check(problem->kind <= PARTIAL_TOO_LARGE);
}

/* With the right checksum before its last brace; NULL: it has none. */
static char *sealed(const uint8_t *line, size_t n)
{
	static const char start[] = ",\"check\":\"", end[] = "\"}";
	enum { TAIL = sizeof start - 1 + PARTIAL_CHECK_MAX - 1 + sizeof end - 1 };
	char check[PARTIAL_CHECK_MAX],
		*text = n > 0 && line[n - 1] == '}' ? malloc(n + TAIL) : NULL;

	if (!text)
		return NULL;
	size_t keep = n > TAIL && memcmp(line + n - TAIL, start, sizeof start - 1) == 0 ? n - TAIL
	                                                                                : n - 1;
	memcpy(text, line, keep);
	partial_check(text, keep, check);
	snprintf(text + keep, TAIL + 1, "%s%s%s", start, check, end);
	return text;
}

/* What was read again; its window is one, or is none, and packed anew it is the same. */
static void partial_point_again(const struct partial_point *p, const struct partial_point *again)
{
	static struct window_packer packer;
	static struct decode_point point, twice;

	fuzz_check(p->place.bit == again->place.bit && strcmp(p->window, again->window) == 0);
	if (partial_point_unpack(p, &point) != 0)
		return;
	struct partial_point *packed = partial_point_pack(&packer, &point);
	fuzz_check(packed && partial_point_unpack(packed, &twice) == 0);
	fuzz_check(memcmp(point.window, twice.window, sizeof point.window) == 0);
	free(packed);
}

static void partial_again(const struct json *json, const struct partial *p)
{
	struct partial again;
	char why[PARTIAL_WHY_MAX];
	char *line = partial_line(json, p);

	fuzz_check(line);
	fuzz_check(partial_read(json, line, strlen(line) - 1, &again, why) == 0);
	fuzz_check(partial_mode_same(&p->mode, &again.mode) &&
	           partial_file_same(&p->file, &again.file));
	fuzz_check(partial_tally_same(&p->tally, &again.tally));
	fuzz_check(p->begin == again.begin && p->end == again.end && p->operand == again.operand);
	fuzz_check(!p->name == !again.name && (!p->name || strcmp(p->name, again.name) == 0));
	fuzz_check(p->begin_bit == again.begin_bit && !p->point == !again.point);
	if (p->point)
		partial_point_again(p->point, again.point);
	partial_free(&again);
	free(line);
}

int FUZZ_TARGET(const uint8_t *data, size_t n)
{
	static struct json *json;
	struct collection *c = collection_new(partial_problem, NULL);
	struct charset cs;
	char why[PARTIAL_WHY_MAX];
	uint64_t number = 0;

	if (!json && json_open(&json) != JSON_READY)
		exit(77);
	fuzz_check(c && setlocale(LC_CTYPE, "C.UTF-8"));
	for (size_t at = 0; at < n;) {
		const uint8_t *end = memchr(data + at, '\n', n - at);
		size_t length = end ? (size_t)(end - data) - at : n - at;
		struct partial p;
		/* As it is, or with a checksum that no fuzzer would find. */
		char *text = sealed(data + at, length);
		if (partial_read(json, (const char *)data + at, length, &p, why) == 0 ||
		    (text && partial_read(json, text, strlen(text), &p, why) == 0)) {
			partial_again(json, &p);
			fuzz_check(collection_add(c, &p,
			                          (struct partial_place){.line = ++number}) == 0);
			partial_free(&p);
		} else {
			fuzz_check(*why && !p.name);
		}
		free(text);
		at += length + 1;
	}
	charset_init(&cs, false);
	const struct partial_mode *mode = collection_mode(c);
	/* Multibyte charsets other than the locale's cannot be merged, and --merge does not try. */
	if (mode && mode->class == cs.class)
		collection_finalize(c, &cs);
	collection_free(c);
	return 0;
}
