/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON, by jansson, which is loaded when it is first needed. Values are jansson's own, handled only
 * here, so that a build without it has all these functions too: json_open() then says so, and none
 * of the others is called.
 *
 * What makes or changes a value fails only for want of memory. That is remembered in struct json,
 * so that a caller puts a whole object together and asks once, by json_line(). For one thread.
 */
#ifndef PCOUNT_BASE_JSON_H
#define PCOUNT_BASE_JSON_H

#include "base/base.h"

struct json;   /* the library, loaded, and whether anything has failed */
struct json_t; /* a value, jansson's name for it */

enum json_status {
	JSON_READY,
	JSON_NO_LIBRARY,  /* it is not on this machine */
	JSON_OLD_LIBRARY, /* it lacks functions */
	JSON_NOT_BUILT,   /* this pcount knows nothing of it */
	JSON_NO_MEMORY,   /* errno is set */
};

/* Loads it. *json is for json_close(). */
enum json_status json_open(struct json **json);
void json_close(struct json *json);

/* ---- making; a new value belongs to the caller until it is put into another ---- */

struct json_t *json_make_object(const struct json *json);
struct json_t *json_make_array(const struct json *json);
void json_free(const struct json *json, struct json_t *value);

/*
 * object[key] := value, after all other keys. The value is taken, even if this fails. An object or
 * a value that is NULL, since there was no memory for it, is a failure too.
 */
void json_put(struct json *json, struct json_t *object, const char *key, struct json_t *value);
/* Appends the value to the array, and takes it. */
void json_append(struct json *json, struct json_t *array, struct json_t *value);

/* A number above 2^63 - 1, which jansson cannot hold, becomes null. */
void json_put_count(struct json *json, struct json_t *object, const char *key, uint64_t count);
void json_append_count(struct json *json, struct json_t *array, uint64_t count);
/* To 15 significant digits. What is not finite becomes null. */
void json_put_real(struct json *json, struct json_t *object, const char *key, double number);
void json_put_bool(struct json *json, struct json_t *object, const char *key, bool truth);
void json_put_null(struct json *json, struct json_t *object, const char *key);
/* The text must be UTF-8. */
void json_put_text(struct json *json, struct json_t *object, const char *key, const char *utf8);
/* A value for a text in UTF-8, to be put into an array. */
struct json_t *json_make_text(const struct json *json, const char *utf8);
/*
 * Any bytes without NUL, kept without loss: as a string if they are UTF-8, else under the name
 * `key`_base64 as their base64 (RFC 4648, with padding).
 */
void json_put_name(struct json *json, struct json_t *object, const char *key, const char *name);

/*
 * The value in one line of ASCII, with a newline, for free(). NULL: no memory, now or when
 * something was put or appended since the last json_line(), or no value.
 */
char *json_line(struct json *json, const struct json_t *value);

/* ---- reading; what is found belongs to the value it was found in ---- */

enum { JSON_ERROR_MAX = 256 };

/*
 * The value that text[n] is, for json_free(). NULL: `error` says in words what is wrong with it.
 * Keys that are there twice are wrong.
 */
struct json_t *json_parse(const struct json *json, const char *text, size_t n,
                          char error[JSON_ERROR_MAX]);

/* object[key]; NULL: it has none, or is no object. */
struct json_t *json_find(const struct json *json, const struct json_t *object, const char *key);
/* Elements of an array; 0 if it is none. */
size_t json_length(const struct json *json, const struct json_t *array);
struct json_t *json_at(const struct json *json, const struct json_t *array, size_t i);
/* object[key] as a whole number from 0 on. 0, or -1: it is not there, or something else. */
int json_find_count(const struct json *json, const struct json_t *object, const char *key,
                    uint64_t *count);
/* array[i] as a whole number from 0 on. 0, or -1: it is not there, or something else. */
int json_count_at(const struct json *json, const struct json_t *array, size_t i, uint64_t *count);
/* object[key] as true or false. 0, or -1: it is not there, or something else. */
int json_find_bool(const struct json *json, const struct json_t *object, const char *key,
                   bool *truth);
/* object[key] as UTF-8; NULL: it is not there, is no string, or has a NUL in it. */
const char *json_find_text(const struct json *json, const struct json_t *object, const char *key);
/* array[i] as UTF-8; NULL: it is not there, is no string, or has a NUL in it. */
const char *json_text_at(const struct json *json, const struct json_t *array, size_t i);
/*
 * What json_put_name() has put, for free(). NULL: it is not there, is nothing of that kind, or
 * there is no memory.
 */
char *json_find_name(const struct json *json, const struct json_t *object, const char *key);

#endif
