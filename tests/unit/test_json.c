/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON made, printed in a line, read again. */
#include "unit.h"

#include "base/json.h"

#include <math.h>
#include <string.h>

static struct json *json; /* NULL: this build or this machine has none */

static void line_is(const struct json_t *value, const char *expected)
{
	char *line = json_line(json, value);
	assert_non_null(line);
	assert_string_equal(line, expected);
	free(line);
}

static struct json_t *parse(const char *text)
{
	char error[JSON_ERROR_MAX] = "";
	struct json_t *value = json_parse(json, text, strlen(text), error);
	if (!value)
		fail_msg("%s: %s", text, error);
	return value;
}

static void values(void **state UNUSED)
{
	if (!json)
		unit_skip();
	struct json_t *object = json_make_object(json), *array = json_make_array(json);
	json_put_count(json, object, "z", 0);
	json_put_count(json, object, "a", INT64_MAX);
	json_put_count(json, object, "more", (uint64_t)INT64_MAX + 1);
	json_put_real(json, object, "pi", 3.25);
	json_put_real(json, object, "third", 1 / 3.0);
	json_put_real(json, object, "mean", 1000000000.3);
	json_put_real(json, object, "inf", INFINITY);
	json_put_real(json, object, "nan", NAN);
	json_put_bool(json, object, "yes", true);
	json_put_bool(json, object, "no", false);
	json_put_null(json, object, "null");
	json_put_text(json, object, "text", "a\"\\\n\x7f \xc3\xa9 \xf0\x9f\x98\x80");
	json_append_count(json, array, 1);
	json_append(json, array, json_make_object(json));
	json_put(json, object, "array", array);
	line_is(object,
	        "{\"z\":0,\"a\":9223372036854775807,\"more\":null,\"pi\":3.25,\"third\":0."
	        "333333333333333,\"mean\":1000000000.3,"
	        "\"inf\":null,\"nan\":null,\"yes\":true,\"no\":false,\"null\":null,"
	        "\"text\":\"a\\\"\\\\\\n\\u007F \\u00E9 \\uD83D\\uDE00\",\"array\":[1,{}]}\n");
	json_free(json, object);
}

static void names(void **state UNUSED)
{
	static const char *const all[] = {
		"",      "plain",        "a\nb\x01",  "\xc3\xa9",         "\xff",
		"a\xc3", "\xed\xa0\x80", "\xc0\x80x", "\xf4\x90\x80\x80", "\xe2\x82\xac\xe2\x82",
	};
	if (!json)
		unit_skip();
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct json_t *object = json_make_object(json);
		json_put_name(json, object, "name", all[i]);
		/* The first four are UTF-8, the others are not. */
		assert_true((json_find_text(json, object, "name") != NULL) == (i < 4));
		assert_true((json_find_text(json, object, "name_base64") != NULL) == (i >= 4));
		char *line = json_line(json, object);
		struct json_t *back = parse(line);
		char *name = json_find_name(json, back, "name");
		assert_non_null(name);
		assert_string_equal(name, all[i]);
		free(name);
		free(line);
		json_free(json, back);
		json_free(json, object);
	}
}

static void reading(void **state UNUSED)
{
	uint64_t count = 7;
	if (!json)
		unit_skip();
	struct json_t *v = parse("{\"n\":12,\"minus\":-1,\"real\":1.5,\"t\":\"x\","
	                         "\"list\":[3,\"y\",4],\"odd_base64\":\"AGE=\"}");
	assert_int_equal(json_find_count(json, v, "n", &count), 0);
	assert_true(count == 12);
	assert_int_equal(json_find_count(json, v, "minus", &count), -1);
	assert_int_equal(json_find_count(json, v, "real", &count), -1);
	assert_int_equal(json_find_count(json, v, "t", &count), -1);
	assert_int_equal(json_find_count(json, v, "none", &count), -1);
	assert_true(count == 12);
	assert_string_equal(json_find_text(json, v, "t"), "x");
	assert_null(json_find_text(json, v, "n"));
	assert_null(json_find_name(json, v, "odd")); /* a NUL inside */
	assert_null(json_find_name(json, v, "n"));
	const struct json_t *list = json_find(json, v, "list");
	assert_int_equal(json_length(json, list), 3);
	assert_true(json_count_at(json, list, 2, &count) == 0 && count == 4);
	assert_int_equal(json_count_at(json, list, 1, &count), -1);
	assert_int_equal(json_count_at(json, list, 3, &count), -1);
	assert_int_equal(json_length(json, v), 0);
	assert_null(json_find(json, list, "n"));
	json_free(json, v);
}

static void refused(void **state UNUSED)
{
	static const char *const texts[] = {
		"",     "{",        "{\"a\":1}x", "{\"a\":1,\"a\":2}", "nothing",
		"[1,]", "\"\xff\"", "1",          "[\"a\\u0000b\"]",
	};
	if (!json)
		unit_skip();
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		char error[JSON_ERROR_MAX] = "";
		assert_null(json_parse(json, texts[i], strlen(texts[i]), error));
		assert_true(strlen(error) > 10);
	}
}

static void values_not_made(void **state UNUSED)
{
	if (!json)
		unit_skip();
	static const char *const names[] = {"b", "\xff"};
	struct json_t *object = json_make_object(json);
	/* A failure is remembered until the line is asked for, and no longer. */
	json_put_count(json, NULL, "a", 1);
	assert_null(json_line(json, object));
	line_is(object, "{}\n");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		json_put_name(json, NULL, "a", names[i]);
		assert_null(json_line(json, object));
	}
	json_append_count(json, NULL, 1);
	assert_null(json_line(json, object));
	json_put(json, object, "a", NULL);
	json_put_count(json, object, "b", 1);
	assert_null(json_line(json, object));
	line_is(object, "{\"b\":1}\n");
	json_free(json, object);
	assert_null(json_line(json, NULL));
	assert_null(json_find(json, NULL, "a"));
	json_free(json, NULL);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(values),  cmocka_unit_test(names),           cmocka_unit_test(reading),
	cmocka_unit_test(refused), cmocka_unit_test(values_not_made),
};

int main(void)
{
	if (json_open(&json) != JSON_READY)
		json = NULL;
	int status = unit_run(tests);
	json_close(json);
	return status;
}
