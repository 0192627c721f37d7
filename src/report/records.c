/* SPDX-License-Identifier: BSD-2-Clause */
/* The records of --json: one object a line, for each operand or each type, and for the totals. */
#include "base/base.h"
#include "report/records.h"

#include "base/diag.h"
#include "base/errname.h"
#include "report/profile_json.h"
#include "source/decoder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct json *records_library(const char *option)
{
	struct json *json;

	switch (json_open(&json)) {
	case JSON_READY:
		return json;
	case JSON_NO_LIBRARY:
		diag_error(0, "%s needs libjansson, which is not installed", option);
		break;
	case JSON_OLD_LIBRARY:
		diag_error(0, "%s needs a newer version of libjansson", option);
		break;
	case JSON_NOT_BUILT:
		diag_error(0, "%s needs libjansson, but pcount was built without it", option);
		break;
	case JSON_NO_MEMORY:
		diag_error(errno, "%s", option);
		break;
	}
	return NULL;
}

void records_close(struct report *r)
{
	if (r->json)
		json_close(r->json);
	r->json = NULL;
}

static int open_json(struct report *r)
{
	r->json = records_library("--json");
	return r->json ? 0 : -1;
}

static struct json_t *new_record(const struct report *r, const char *type)
{
	struct json_t *object = json_make_object(r->json);

	json_put_count(r->json, object, "version", RECORDS_VERSION);
	json_put_text(r->json, object, "type", type);
	return object;
}

/* Prints the object, which it takes. */
static int print_record(struct report *r, struct json_t *object)
{
	char *line = json_line(r->json, object);
	int status = -1;

	errno = line ? 0 : ENOMEM;
	if (line)
		status = sink_put(&r->sink, line, strlen(line));
	int saved = errno;
	free(line);
	json_free(r->json, object);
	errno = saved;
	return status;
}

static void put_counts(const struct report *r, struct json_t *object, const struct counts *n,
                       const struct columns *overflowed)
{
	const struct columns *c = &r->columns;
	const struct {
		const char *key;
		bool wanted, overflowed;
		uint64_t number;
	} column[] = {
		{"lines", c->lines, overflowed->lines, n->lines},
		{"records", c->records, overflowed->records, n->records.records},
		{"words", c->words, overflowed->words, n->words},
		{"chars", c->chars, overflowed->chars, n->chars},
		{"bytes", c->bytes, overflowed->bytes, n->bytes},
		{"max_line_length", c->width, false, n->width},
	};

	for (size_t i = 0; i < ARRAY_LEN(column); i++) {
		if (!column[i].wanted)
			continue;
		if (column[i].overflowed)
			json_put_null(r->json, object, column[i].key);
		else
			json_put_count(r->json, object, column[i].key, column[i].number);
	}
}

/* What is wrong with quotes, if anything is. `total`: of all files, so that there is no offset. */
static void put_quote_faults(const struct report *r, struct json_t *object,
                             const struct record_counts *n, bool total)
{
	if (n->strays > 0)
		json_put_count(r->json, object, "stray_quotes", n->strays);
	if (n->strays > 0 && !total)
		json_put_count(r->json, object, "first_stray_quote", n->stray_at);
	if (n->unclosed > 0)
		json_put_count(r->json, object, "unclosed_quotes", n->unclosed);
}

static void put_errno(const struct report *r, struct json_t *error, int errnum)
{
	const char *name = error_name(errnum);

	if (name)
		json_put_text(r->json, error, "code", name);
	json_put_count(r->json, error, "errno", (uint64_t)errnum);
	json_put_text(r->json, error, "message", error_text(errnum));
}

static void put_fault(const struct report *r, struct json_t *error,
                      const struct decode_fault *fault)
{
	char text[DECODE_TEXT_MAX];
	bool needs_memory = fault->cause == DECODE_LIMIT || fault->cause == DECODE_TOO_LARGE;

	decoder_fault_text(fault, text);
	json_put_text(r->json, error, "code", decoder_cause_name(fault->cause));
	json_put_text(r->json, error, "message", text);
	json_put_text(r->json, error, "format", decoder_format_name(fault->format));
	json_put_count(r->json, error, "offset", fault->offset);
	if (needs_memory && fault->number > 0)
		json_put_count(r->json, error, "needed", fault->number);
}

/* At what the operand failed: "name", "open", "read", "decode". */
static void put_error(const struct report *r, struct json_t *object, const struct record *record)
{
	const struct outcome *o = record->outcome;
	struct json_t *error = json_make_object(r->json);
	int not_open = record->refused_error ? record->refused_error : o->open_error;
	const char *at = record->refused ? "name"
	                 : not_open      ? "open"
	                 : o->read_error ? "read"
	                                 : "decode";

	json_put_text(r->json, error, "at", at);
	if (record->refused)
		json_put_text(r->json, error, "message", record->refused);
	else if (not_open || o->read_error)
		put_errno(r, error, not_open ? not_open : o->read_error);
	else
		put_fault(r, error, &o->fault);
	json_put(r->json, object, "error", error);
}

/* "text/plain;charset=utf-8" as two keys, of which more may follow; nothing if it is "". */
static void put_type(const struct report *r, struct json_t *object, const char *type)
{
	char mime[FILETYPE_MAX];
	size_t len = strcspn(type, ";");
	const char *at = strchr(type, '=');

	if (len == 0)
		return;
	memcpy(mime, type, len);
	mime[len] = '\0';
	json_put_text(r->json, object, "mime_type", mime);
	if (!at)
		return;
	char charset[FILETYPE_MAX];
	len = strcspn(at + 1, ";");
	memcpy(charset, at + 1, len);
	charset[len] = '\0';
	json_put_text(r->json, object, "charset", charset);
}

static void put_name(const struct report *r, struct json_t *object, const char *name)
{
	if (name)
		json_put_name(r->json, object, "name", name);
	else
		json_put_null(r->json, object, "name");
}

static void put_note(const struct report *r, struct json_t *object, enum note note)
{
	if (!note_text(note))
		return;
	struct json_t *value = json_make_object(r->json);
	json_put_text(r->json, value, "code", note_code(note));
	json_put_text(r->json, value, "message", note_text(note));
	json_put(r->json, object, "note", value);
}

static int print_operand(struct report *r, const struct record *record)
{
	struct json_t *object = new_record(r, "file");

	put_name(r, object, record->name);
	if (record->counts) {
		put_counts(r, object, record->counts, &(struct columns){0});
		put_quote_faults(r, object, &record->counts->records, false);
	}
	if (record->counts && record->outcome->profile)
		profile_json_put(r->json, object, record->outcome->profile, record->counts->errors,
		                 false);
	put_type(r, object, record->outcome->type);
	if (record->counts && record->encoding) {
		json_put_text(r->json, object, "encoding", record->encoding);
		json_put_bool(r->json, object, "bom", record->bom);
	}
	if (record_has_failed(record))
		put_error(r, object, record);
	put_note(r, object, record->note);
	return print_record(r, object);
}

static int print_total(struct report *r, const struct totals *totals, int error)
{
	struct json_t *object = new_record(r, "total");

	json_put_count(r->json, object, "counted", r->counted);
	json_put_count(r->json, object, "failed", r->failed);
	put_counts(r, object, &totals->sum, &totals->overflowed);
	put_quote_faults(r, object, &totals->sum.records, true);
	if (totals->profile)
		profile_json_put(r->json, object, totals->profile, totals->sum.errors, true);
	if (error) {
		struct json_t *list = json_make_object(r->json);
		json_put_text(r->json, list, "at", "list");
		put_errno(r, list, error);
		json_put(r->json, object, "error", list);
	}
	return print_record(r, object);
}

const struct formatter formatter_json = {
	.forms = FORM_JSON,
	.open = open_json,
	.line = print_operand,
	.error = print_operand,
	.total = print_total,
	.close = records_close,
};

/* An operand, where others are not printed by themselves. */
static int print_failed(struct report *r, const struct record *record)
{
	return record_has_failed(record) ? print_operand(r, record) : 0;
}

/* ---- --type=summary ---- */

static int print_type(void *arg, const struct type_sum *sum)
{
	struct report *r = arg;
	struct json_t *object = new_record(r, "summary");

	put_type(r, object, sum->type);
	json_put_count(r->json, object, "files", sum->files);
	put_counts(r, object, &sum->totals.sum, &sum->totals.overflowed);
	return print_record(r, object);
}

/* A file that could not be counted in full is named, too. */
static int add_operand(struct report *r, const struct record *record)
{
	types_add(&r->sums, record->outcome->type, record->counts);
	return print_failed(r, record);
}

static int print_types(struct report *r)
{
	return types_each(&r->sums, print_type, r);
}

static void close_summary(struct report *r)
{
	types_free(&r->sums);
	records_close(r);
}

const struct formatter formatter_json_summary = {
	.forms = FORM_JSON | FORM_SUMMARY,
	.open = open_json,
	.line = add_operand,
	.error = print_operand,
	.end = print_types,
	.total = print_total,
	.close = close_summary,
};

/* ---- --borders ---- */

static int print_part(struct report *r, const struct part *part)
{
	struct json_t *object = new_record(r, "part");

	put_name(r, object, part->name);
	json_put_count(r->json, object, "part", part->number);
	json_put_count(r->json, object, "parts", part->parts);
	json_put_count(r->json, object, "offset", part->begin);
	json_put_count(r->json, object, "bytes", part->end - part->begin);
	if (r->columns.lines)
		json_put_count(r->json, object, "lines_before", part->before->lines);
	if (r->columns.records)
		json_put_count(r->json, object, "records_before", part->before->records.records);
	return print_record(r, object);
}

const struct formatter formatter_json_borders = {
	.forms = FORM_JSON | FORM_BORDERS,
	.open = open_json,
	.line = print_failed,
	.error = print_operand,
	.part = print_part,
	.close = records_close,
};
