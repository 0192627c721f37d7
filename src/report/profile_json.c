/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The profile in a record of --json: keys are only ever added, and described in man/pcount-json.5.
 */
#include "base/base.h"
#include "report/profile_json.h"

/* To a millionth: further digits may differ from machine to machine. */
static double rounded(double number)
{
	return (double)(uint64_t)(number * 1e6 + 0.5) / 1e6;
}

static void put_lengths(struct json *json, struct json_t *object, const struct profile *p)
{
	struct json_t *length = json_make_object(json);

	json_put_count(json, length, "min", p->shortest);
	json_put_count(json, length, "median", profile_percentile(p, 50));
	json_put_count(json, length, "p90", profile_percentile(p, 90));
	json_put_count(json, length, "p99", profile_percentile(p, 99));
	json_put_count(json, length, "max", p->longest.length);
	json_put_real(json, length, "mean", rounded(profile_mean(p)));
	json_put(json, object, "line_length", length);
}

/* [least, most, lines] for each class that has any. */
static void put_classes(struct json *json, struct json_t *object, const struct profile *p)
{
	struct json_t *list = json_make_array(json);

	for (unsigned i = 0; i < p->top; i++) {
		if (p->length[i] == 0)
			continue;
		struct json_t *row = json_make_array(json);
		json_append_count(json, row, profile_class_least(i));
		json_append_count(json, row, profile_class_most(i));
		json_append_count(json, row, p->length[i]);
		json_append(json, list, row);
	}
	json_put(json, object, "line_lengths", list);
}

static void put_lines(struct json *json, struct json_t *object, const struct profile *p, bool total)
{
	struct json_t *longest = total ? NULL : json_make_object(json);

	put_lengths(json, object, p);
	if (!total) {
		json_put_count(json, longest, "number", p->longest.number);
		json_put_count(json, longest, "offset", p->longest.offset);
		json_put(json, object, "longest_line", longest);
	}
	put_classes(json, object, p);
}

static void put_endings(struct json *json, struct json_t *object, const struct profile *p)
{
	struct json_t *endings = json_make_object(json);

	json_put_count(json, endings, "lf", p->lines - p->crlf);
	json_put_count(json, endings, "crlf", p->crlf);
	json_put_count(json, endings, "cr", p->byte['\r'] - p->crlf);
	json_put(json, object, "line_endings", endings);
}

static void put_bytes(struct json *json, struct json_t *object, const struct profile *p)
{
	struct json_t *kinds = json_make_object(json), *list = json_make_array(json);

	json_put_count(json, kinds, "letters", profile_kind(p, PROFILE_LETTERS));
	json_put_count(json, kinds, "space", profile_kind(p, PROFILE_SPACE));
	json_put_count(json, kinds, "punctuation", profile_kind(p, PROFILE_PUNCTUATION));
	json_put_count(json, kinds, "digits", profile_kind(p, PROFILE_DIGITS));
	json_put_count(json, kinds, "control", profile_kind(p, PROFILE_CONTROL));
	json_put_count(json, kinds, "non_ascii", profile_kind(p, PROFILE_NON_ASCII));
	for (unsigned b = 0; b < 256; b++)
		json_append_count(json, list, p->byte[b]);
	json_put(json, object, "byte_kinds", kinds);
	json_put(json, object, "byte_counts", list);
}

void profile_json_put(struct json *json, struct json_t *object, const struct profile *p,
                      uint64_t errors, bool total)
{
	struct json_t *profile = json_make_object(json);

	json_put_count(json, profile, "lines", profile_lines(p));
	json_put_count(json, profile, "unended_lines", p->unended);
	json_put_count(json, profile, "blank_lines", p->length[0]);
	if (profile_lines(p) > 0)
		put_lines(json, profile, p, total);
	put_endings(json, profile, p);
	json_put_count(json, profile, "nuls", p->byte[0]);
	json_put_count(json, profile, "errors", errors);
	if (p->has_error)
		json_put_count(json, profile, "first_error", p->error_at);
	put_bytes(json, profile, p);
	json_put_real(json, profile, "entropy", rounded(profile_entropy(p)));
	json_put(json, object, "profile", profile);
}
