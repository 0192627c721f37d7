/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * No JSON: for builds without jansson. Nobody has a library to call any but the first of these
 * with.
 */
#include "base/base.h"
#include "base/json.h"

#include <stdio.h>

enum json_status json_open(struct json **json)
{
	*json = NULL;
	return JSON_NOT_BUILT;
}

void json_close(struct json *json UNUSED)
{
}

struct json_t *json_make_object(const struct json *json UNUSED)
{
	return NULL;
}

struct json_t *json_make_array(const struct json *json UNUSED)
{
	return NULL;
}

void json_free(const struct json *json UNUSED, struct json_t *value UNUSED)
{
}

void json_put(struct json *json UNUSED, struct json_t *object UNUSED, const char *key UNUSED,
              struct json_t *value UNUSED)
{
}

void json_append(struct json *json UNUSED, struct json_t *array UNUSED, struct json_t *value UNUSED)
{
}

void json_put_count(struct json *json UNUSED, struct json_t *object UNUSED, const char *key UNUSED,
                    uint64_t count UNUSED)
{
}

void json_append_count(struct json *json UNUSED, struct json_t *array UNUSED, uint64_t count UNUSED)
{
}

void json_put_real(struct json *json UNUSED, struct json_t *object UNUSED, const char *key UNUSED,
                   double number UNUSED)
{
}

void json_put_bool(struct json *json UNUSED, struct json_t *object UNUSED, const char *key UNUSED,
                   bool truth UNUSED)
{
}

void json_put_null(struct json *json UNUSED, struct json_t *object UNUSED, const char *key UNUSED)
{
}

void json_put_text(struct json *json UNUSED, struct json_t *object UNUSED, const char *key UNUSED,
                   const char *utf8 UNUSED)
{
}

void json_put_name(struct json *json UNUSED, struct json_t *object UNUSED, const char *key UNUSED,
                   const char *name UNUSED)
{
}

char *json_line(struct json *json UNUSED, const struct json_t *value UNUSED)
{
	return NULL;
}

struct json_t *json_parse(const struct json *json UNUSED, const char *text UNUSED, size_t n UNUSED,
                          char error[JSON_ERROR_MAX])
{
	snprintf(error, JSON_ERROR_MAX, "no JSON in this build");
	return NULL;
}

struct json_t *json_find(const struct json *json UNUSED, const struct json_t *object UNUSED,
                         const char *key UNUSED)
{
	return NULL;
}

size_t json_length(const struct json *json UNUSED, const struct json_t *array UNUSED)
{
	return 0;
}

struct json_t *json_at(const struct json *json UNUSED, const struct json_t *array UNUSED,
                       size_t i UNUSED)
{
	return NULL;
}

int json_find_count(const struct json *json UNUSED, const struct json_t *object UNUSED,
                    const char *key UNUSED, uint64_t *count UNUSED)
{
	return -1;
}

int json_count_at(const struct json *json UNUSED, const struct json_t *array UNUSED,
                  size_t i UNUSED, uint64_t *count UNUSED)
{
	return -1;
}

const char *json_find_text(const struct json *json UNUSED, const struct json_t *object UNUSED,
                           const char *key UNUSED)
{
	return NULL;
}

char *json_find_name(const struct json *json UNUSED, const struct json_t *object UNUSED,
                     const char *key UNUSED)
{
	return NULL;
}

struct json_t *json_make_text(const struct json *json UNUSED, const char *utf8 UNUSED)
{
	return NULL;
}

int json_find_bool(const struct json *json UNUSED, const struct json_t *object UNUSED,
                   const char *key UNUSED, bool *truth UNUSED)
{
	return -1;
}

const char *json_text_at(const struct json *json UNUSED, const struct json_t *array UNUSED,
                         size_t i UNUSED)
{
	return NULL;
}
