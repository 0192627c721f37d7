/* SPDX-License-Identifier: BSD-2-Clause */
/* The records of --json: one object a line, for each operand and for the totals. */
#include "base/base.h"
#include "report/records.h"

#include "base/diag.h"
#include "base/errname.h"
#include "base/fd.h"
#include "report/profile_json.h"
#include "source/decoder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct json *records_library(const char *option)
{
	struct json *json;

	switch (json_open(&json)) {
	case JSON_READY:
		return json;
	case JSON_NO_LIBRARY:
		diag_error(0, "%s needs libjansson, which is not on this machine", option);
		break;
	case JSON_OLD_LIBRARY:
		diag_error(0, "%s needs a newer libjansson than is on this machine", option);
		break;
	case JSON_NOT_BUILT:
		diag_error(0, "%s needs libjansson, which this pcount was built without", option);
		break;
	case JSON_NO_MEMORY:
		diag_error(errno, "%s", option);
		break;
	}
	return NULL;
}

bool records_open(struct records *r, struct columns columns)
{
	*r = (struct records){.columns = columns, .json = records_library("--json")};
	return r->json != NULL;
}

void records_close(struct records *r)
{
	if (r->json)
		json_close(r->json);
	r->json = NULL;
}

static struct json_t *new_record(const struct records *r, const char *type)
{
	struct json_t *object = json_make_object(r->json);

	if (json_put_count(r->json, object, "version", RECORDS_VERSION) &&
	    json_put_text(r->json, object, "type", type))
		return object;
	json_free(r->json, object);
	return NULL;
}

/* Makes the line and prints it. What could not be put for want of memory has made *whole false. */
static int print_record(const struct records *r, struct json_t *object, bool whole)
{
	char *line = whole ? json_line(r->json, object) : NULL;
	int status = -1;

	errno = line ? 0 : ENOMEM;
	if (line)
		status = write_all(STDOUT_FILENO, line, strlen(line));
	int saved = errno;
	free(line);
	json_free(r->json, object);
	errno = saved;
	return status;
}

static bool put_counts(const struct records *r, struct json_t *object, const struct counts *n,
                       const struct columns *overflowed)
{
	const struct columns *c = &r->columns;
	const struct {
		const char *key;
		bool wanted, overflowed;
		uint64_t number;
	} column[] = {
		{"lines", c->lines, overflowed->lines, n->lines},
		{"words", c->words, overflowed->words, n->words},
		{"chars", c->chars, overflowed->chars, n->chars},
		{"bytes", c->bytes, overflowed->bytes, n->bytes},
		{"max_line_length", c->width, false, n->width},
	};
	bool whole = true;

	for (size_t i = 0; i < ARRAY_LEN(column); i++) {
		if (!column[i].wanted)
			continue;
		whole &= column[i].overflowed
		                 ? json_put_null(r->json, object, column[i].key)
		                 : json_put_count(r->json, object, column[i].key, column[i].number);
	}
	return whole;
}

static bool put_errno(const struct records *r, struct json_t *error, int errnum)
{
	const char *name = error_name(errnum);

	return (!name || json_put_text(r->json, error, "code", name)) &&
	       json_put_count(r->json, error, "errno", (uint64_t)errnum) &&
	       json_put_text(r->json, error, "message", error_text(errnum));
}

static bool put_fault(const struct records *r, struct json_t *error,
                      const struct decode_fault *fault)
{
	char text[DECODE_TEXT_MAX];
	bool needs_memory = fault->cause == DECODE_LIMIT || fault->cause == DECODE_TOO_LARGE;

	decoder_fault_text(fault, text);
	return json_put_text(r->json, error, "code", decoder_cause_name(fault->cause)) &&
	       json_put_text(r->json, error, "message", text) &&
	       json_put_text(r->json, error, "format", decoder_format_name(fault->format)) &&
	       json_put_count(r->json, error, "offset", fault->offset) &&
	       (!needs_memory || fault->number == 0 ||
	        json_put_count(r->json, error, "needed", fault->number));
}

static bool has_failed(const struct record *record)
{
	const struct outcome *o = record->outcome;

	return record->refused || record->refused_error || o->open_error || o->read_error ||
	       o->fault.cause != DECODE_OK;
}

/* At what the operand failed: "name", "open", "read", "decode". */
static bool put_error(const struct records *r, struct json_t *object, const struct record *record)
{
	const struct outcome *o = record->outcome;
	struct json_t *error = json_make_object(r->json);
	int not_open = record->refused_error ? record->refused_error : o->open_error;
	const char *at = record->refused ? "name"
	                 : not_open      ? "open"
	                 : o->read_error ? "read"
	                                 : "decode";
	bool whole = json_put_text(r->json, error, "at", at);

	if (record->refused)
		whole &= json_put_text(r->json, error, "message", record->refused);
	else if (not_open || o->read_error)
		whole &= put_errno(r, error, not_open ? not_open : o->read_error);
	else
		whole &= put_fault(r, error, &o->fault);
	return json_put(r->json, object, "error", error) && whole;
}

void records_note(struct records *r, const struct record *record)
{
	r->counted += record->counts != NULL;
	r->failed += has_failed(record);
}

/* "text/plain;charset=utf-8" as two keys; nothing if it is "". */
static bool put_type(const struct records *r, struct json_t *object, const char *type)
{
	char mime[FILETYPE_MAX];
	size_t len = strcspn(type, ";");
	const char *charset = strchr(type, '=');

	if (len == 0)
		return true;
	memcpy(mime, type, len);
	mime[len] = '\0';
	return json_put_text(r->json, object, "mime_type", mime) &&
	       (!charset || json_put_text(r->json, object, "charset", charset + 1));
}

int records_operand(struct records *r, const struct record *record)
{
	struct json_t *object = new_record(r, "file");
	bool whole = record->name ? json_put_name(r->json, object, "name", record->name)
	                          : json_put_null(r->json, object, "name");

	records_note(r, record);
	if (record->counts)
		whole &= put_counts(r, object, record->counts, &(struct columns){0});
	if (record->counts && record->outcome->profile)
		whole &= profile_json_put(r->json, object, record->outcome->profile,
		                          record->counts->errors, false);
	if (record->outcome)
		whole &= put_type(r, object, record->outcome->type);
	if (has_failed(record))
		whole &= put_error(r, object, record);
	return print_record(r, object, whole);
}

int records_total(struct records *r, const struct totals *totals, int error)
{
	struct json_t *object = new_record(r, "total");
	bool whole = json_put_count(r->json, object, "counted", r->counted) &&
	             json_put_count(r->json, object, "failed", r->failed) &&
	             put_counts(r, object, &totals->sum, &totals->overflowed);

	if (totals->profile)
		whole &= profile_json_put(r->json, object, totals->profile, totals->sum.errors,
		                          true);
	if (error) {
		struct json_t *list = json_make_object(r->json);
		whole &= json_put_text(r->json, list, "at", "list") && put_errno(r, list, error);
		whole &= json_put(r->json, object, "error", list);
	}
	return print_record(r, object, whole);
}
