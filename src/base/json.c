/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON, by jansson, which is loaded when it is first needed. Without it: json_none.c. */
#include "base/base.h"
#include "base/base64.h"
#include "base/json.h"
#include "base/dlopen_note.h"
#include "base/optional.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

DLOPEN_NOTE(jansson, "json", "Reports, partial results and journals in JSON", LIBJANSSON_SONAME);

struct json_api {
	typeof(json_object) *object;
	typeof(json_array) *array;
	typeof(json_integer) *integer;
	typeof(json_real) *real;
	typeof(json_string) *string;
	typeof(json_true) *true_value;
	typeof(json_false) *false_value;
	typeof(json_null) *null;
	typeof(json_delete) *free_value;
	typeof(json_object_set_new_nocheck) *object_set_new;
	typeof(json_object_get) *object_get;
	typeof(json_array_append_new) *array_append_new;
	typeof(json_array_size) *array_size;
	typeof(json_array_get) *array_get;
	typeof(json_integer_value) *integer_value;
	typeof(json_string_value) *string_value;
	typeof(json_string_length) *string_length;
	typeof(json_dump_callback) *dump;
	typeof(json_loadb) *loadb;
};

struct json {
	struct json_api api;
	bool failed; /* something could not be put since the last json_line() */
};

static const struct library_symbol json_symbols[] = {
	{LIBRARY_SYMBOL(json_object)},        {LIBRARY_SYMBOL(json_array)},
	{LIBRARY_SYMBOL(json_integer)},       {LIBRARY_SYMBOL(json_real)},
	{LIBRARY_SYMBOL(json_string)},        {LIBRARY_SYMBOL(json_true)},
	{LIBRARY_SYMBOL(json_false)},         {LIBRARY_SYMBOL(json_null)},
	{LIBRARY_SYMBOL(json_delete)},        {LIBRARY_SYMBOL(json_object_set_new_nocheck)},
	{LIBRARY_SYMBOL(json_object_get)},    {LIBRARY_SYMBOL(json_array_append_new)},
	{LIBRARY_SYMBOL(json_array_size)},    {LIBRARY_SYMBOL(json_array_get)},
	{LIBRARY_SYMBOL(json_integer_value)}, {LIBRARY_SYMBOL(json_string_value)},
	{LIBRARY_SYMBOL(json_string_length)}, {LIBRARY_SYMBOL(json_dump_callback)},
	{LIBRARY_SYMBOL(json_loadb)},
};

enum json_status json_open(struct json **json)
{
	*json = calloc(1, sizeof **json);
	if (!*json)
		return JSON_NO_MEMORY;
	enum library_status status = OPTIONAL_LOAD(OPTIONAL_JANSSON, json_symbols, &(*json)->api);
	if (status == LIBRARY_LOADED)
		return JSON_READY;
	json_close(*json);
	*json = NULL;
	return status == LIBRARY_MISSING ? JSON_NO_LIBRARY : JSON_OLD_LIBRARY;
}

void json_close(struct json *json)
{
	int saved = errno;

	free(json);
	errno = saved;
}

struct json_t *json_make_object(const struct json *json)
{
	return json->api.object();
}

struct json_t *json_make_array(const struct json *json)
{
	return json->api.array();
}

void json_free(const struct json *json, struct json_t *value)
{
	int saved = errno;

	/*
	 * json_decref(), which would be linked; no value here is shared, save for those of size 0.
	 */
	if (value && value->refcount != (size_t)-1 && --value->refcount == 0)
		json->api.free_value(value);
	errno = saved;
}

void json_put(struct json *json, struct json_t *object, const char *key, struct json_t *value)
{
	if (!object || !value)
		json_free(json, value);
	if (!object || !value || json->api.object_set_new(object, key, value) != 0)
		json->failed = true;
}

void json_append(struct json *json, struct json_t *array, struct json_t *value)
{
	if (!array || !value)
		json_free(json, value);
	if (!array || !value || json->api.array_append_new(array, value) != 0)
		json->failed = true;
}

static json_t *make_count(const struct json *json, uint64_t count)
{
	return count > INT64_MAX ? json->api.null() : json->api.integer((json_int_t)count);
}

void json_put_count(struct json *json, struct json_t *object, const char *key, uint64_t count)
{
	json_put(json, object, key, make_count(json, count));
}

void json_append_count(struct json *json, struct json_t *array, uint64_t count)
{
	json_append(json, array, make_count(json, count));
}

void json_put_real(struct json *json, struct json_t *object, const char *key, double number)
{
	json_put(json, object, key, isfinite(number) ? json->api.real(number) : json->api.null());
}

void json_put_bool(struct json *json, struct json_t *object, const char *key, bool truth)
{
	json_put(json, object, key, truth ? json->api.true_value() : json->api.false_value());
}

void json_put_null(struct json *json, struct json_t *object, const char *key)
{
	json_put(json, object, key, json->api.null());
}

void json_put_text(struct json *json, struct json_t *object, const char *key, const char *utf8)
{
	json_put(json, object, key, json->api.string(utf8));
}

struct json_t *json_make_text(const struct json *json, const char *utf8)
{
	return json->api.string(utf8);
}

void json_put_name(struct json *json, struct json_t *object, const char *key, const char *name)
{
	json_t *value = json->api.string(name);
	char *long_key = NULL;

	if (value) {
		json_put(json, object, key, value);
		return;
	}
	/* It is not UTF-8, or there is no memory; then there will be none for this either. */
	char *text = base64_encode(name, strlen(name));
	if (text && asprintf(&long_key, "%s_base64", key) >= 0) {
		json_put(json, object, long_key, json->api.string(text));
		free(long_key);
	} else {
		json->failed = true;
	}
	free(text);
}

/* A line in the making: in memory of ours, since a library that is loaded may have another free().
 */
struct line {
	char *text;
	size_t used, room;
};

/* Grows it by half at least. 0, or -1 and ENOMEM. */
static int line_add(struct line *line, const char *bytes, size_t n)
{
	if (n == 0)
		return 0;
	if (n > line->room - line->used) {
		size_t room = line->used + n + line->room / 2 + 256;
		char *text = realloc(line->text, room);
		if (!text)
			return -1;
		line->text = text;
		line->room = room;
	}
	memcpy(line->text + line->used, bytes, n);
	line->used += n;
	return 0;
}

/* Takes a piece of the text, with \u007F for each DEL, which jansson leaves as it is. */
static int line_take(const char *bytes, size_t n, void *arg)
{
	static const char del[] = "\\u007F";

	for (size_t i = 0; i < n;) {
		const char *found = memchr(bytes + i, '\x7F', n - i);
		size_t plain = found ? (size_t)(found - bytes) - i : n - i;
		if (line_add(arg, bytes + i, plain) != 0 ||
		    (found && line_add(arg, del, sizeof del - 1) != 0))
			return -1;
		i += plain + (found ? 1 : 0);
	}
	return 0;
}

char *json_line(struct json *json, const struct json_t *value)
{
	bool whole = value && !json->failed;
	/* ASCII only: the same in any locale, and harmless on any terminal. */
	const size_t flags =
		JSON_COMPACT | JSON_ENSURE_ASCII | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15);
	struct line line = {0};

	json->failed = false;
	if (whole && json->api.dump(value, line_take, &line, flags) == 0 &&
	    line_add(&line, "\n", sizeof "\n") == 0)
		return line.text;
	free(line.text);
	return NULL;
}

struct json_t *json_parse(const struct json *json, const char *text, size_t n,
                          char error[JSON_ERROR_MAX])
{
	json_error_t why;
	json_t *value = json->api.loadb(text, n, JSON_REJECT_DUPLICATES, &why);

	if (!value)
		snprintf(error, JSON_ERROR_MAX, "line %d, column %d: %s", why.line, why.column,
		         why.text);
	return value;
}

struct json_t *json_find(const struct json *json, const struct json_t *object, const char *key)
{
	return object ? json->api.object_get(object, key) : NULL;
}

size_t json_length(const struct json *json, const struct json_t *array)
{
	return array ? json->api.array_size(array) : 0;
}

struct json_t *json_at(const struct json *json, const struct json_t *array, size_t i)
{
	return array ? json->api.array_get(array, i) : NULL;
}

static int count_of(const struct json *json, const json_t *value, uint64_t *count)
{
	if (!value || !json_is_integer(value) || json->api.integer_value(value) < 0)
		return -1;
	*count = (uint64_t)json->api.integer_value(value);
	return 0;
}

int json_find_count(const struct json *json, const struct json_t *object, const char *key,
                    uint64_t *count)
{
	return count_of(json, json_find(json, object, key), count);
}

int json_count_at(const struct json *json, const struct json_t *array, size_t i, uint64_t *count)
{
	return count_of(json, json_at(json, array, i), count);
}

int json_find_bool(const struct json *json, const struct json_t *object, const char *key,
                   bool *truth)
{
	const json_t *value = json_find(json, object, key);

	if (!value || !json_is_boolean(value))
		return -1;
	*truth = json_is_true(value);
	return 0;
}

static const char *text_of(const struct json *json, const json_t *value)
{
	if (!value || !json_is_string(value))
		return NULL;
	const char *text = json->api.string_value(value);
	return strlen(text) == json->api.string_length(value) ? text : NULL;
}

const char *json_find_text(const struct json *json, const struct json_t *object, const char *key)
{
	return text_of(json, json_find(json, object, key));
}

const char *json_text_at(const struct json *json, const struct json_t *array, size_t i)
{
	return text_of(json, json_at(json, array, i));
}

char *json_find_name(const struct json *json, const struct json_t *object, const char *key)
{
	const char *text = json_find_text(json, object, key);
	char *long_key, *name;
	size_t n;

	if (text)
		return strdup(text);
	if (asprintf(&long_key, "%s_base64", key) < 0)
		return NULL;
	text = json_find_text(json, object, long_key);
	free(long_key);
	name = text ? base64_decode(text, &n) : NULL;
	if (name && strlen(name) == n)
		return name;
	free(name);
	return NULL;
}
