/* SPDX-License-Identifier: BSD-2-Clause */
/* Names as diagnostics show them: the expected forms are those of GNU wc. */
#include "unit.h"

#include "base/quote.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>

struct row {
	const char *name;
	const char *expected;
};

static void check(char *(*quote)(const char *), const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *quoted = quote(rows[i].name);
		assert_string_equal(quoted, rows[i].expected);
		quote_free(quoted);
	}
}

static void use_locale(const char *first, const char *second)
{
	if (!setlocale(LC_CTYPE, first) && !(second && setlocale(LC_CTYPE, second)))
		skip();
}

static void bare_names(void **state UNUSED)
{
	static const struct row rows[] = {
		{"file", "file"}, {"a/b.c", "a/b.c"}, {"%+,-./@]_", "%+,-./@]_"},
		{"-l", "-l"},     {"a#b~", "a#b~"},   {"{a}", "{a}"},
		{"a{", "a{"},     {"]", "]"},
	};
	use_locale("C", NULL);
	check(quote_name, rows, ARRAY_LEN(rows));
}

static void special_names(void **state UNUSED)
{
	static const struct row rows[] = {
		{"", "''"},     {"a b", "'a b'"}, {"a:b", "'a:b'"}, {"!", "'!'"}, {"\"", "'\"'"},
		{"$x", "'$x'"}, {"a&b", "'a&b'"}, {"(", "'('"},     {")", "')'"}, {"*", "'*'"},
		{";", "';'"},   {"<>", "'<>'"},   {"a=b", "'a=b'"}, {"?", "'?'"}, {"[a]", "'[a]'"},
		{"\\", "'\\'"}, {"^", "'^'"},     {"`", "'`'"},     {"|", "'|'"}, {"#a", "'#a'"},
		{"~a", "'~a'"}, {"{", "'{'"},     {"}", "'}'"},
	};
	use_locale("C", NULL);
	check(quote_name, rows, ARRAY_LEN(rows));
}

static void apostrophes(void **state UNUSED)
{
	static const struct row rows[] = {
		{"it's", "\"it's\""},
		{"it's:x", "\"it's:x\""},
		{"'", "\"'\""},
		{"#'", "\"#'\""},
		{"~'", "\"~'\""},
		{"a b'", "\"a b'\""},
		{"a'#", "'a'\\''#'"},
		{"{'}", "'{'\\''}'"},
		{"$'", "'$'\\'''"},
		{"''\"", "''\\'''\\''\"'"},
		{"it's\tx", "'it'\\''s'$'\\t''x'"},
	};
	use_locale("C", NULL);
	check(quote_name, rows, ARRAY_LEN(rows));
}

static void unprintable(void **state UNUSED)
{
	static const struct row rows[] = {
		{"n\nl", "'n'$'\\n''l'"},
		{"\n", "''$'\\n'"},
		{"\a\b\t\n\v\f\r", "''$'\\a\\b\\t\\n\\v\\f\\r'"},
		{"\033[31m", "''$'\\033''[31m'"},
		{"a\177", "'a'$'\\177'"},
		{"\0011", "''$'\\001''1'"},
		{"a\x80\xff", "'a'$'\\200\\377'"},
		/* GNU wc 9.1 starts these as if they were already inside $'...'. */
		{"a'\n", "'a'\\'''$'\\n'"},
		{"\n'\n", "''$'\\n'\\'''$'\\n'"},
	};
	use_locale("C", NULL);
	check(quote_name, rows, ARRAY_LEN(rows));
}

static void utf8_names(void **state UNUSED)
{
	static const struct row rows[] = {
		{"\u00e9", "\u00e9"},
		{"\u00e9's", "\"\u00e9's\""},
		{"\u3042 \u3044", "'\u3042 \u3044'"},
		{"a\xe3\x81", "'a'$'\\343\\201'"},
		{"a\xe3\x81z", "'a'$'\\343\\201''z'"},
		{"\xc2\x85", "''$'\\302\\205'"},
		{"\xed\xa0\x80", "''$'\\355\\240\\200'"},
	};
	use_locale("C.UTF-8", "en_US.UTF-8");
	check(quote_name, rows, ARRAY_LEN(rows));
}

/* A trail byte that a shell reading bytes takes for a special character. */
static void sjis_names(void **state UNUSED)
{
	static const struct row rows[] = {
		{"\x83\x5c", "'\x83\x5c'"}, /* trail byte \ */
		{"\x83\x7c", "'\x83\x7c'"}, /* trail byte | */
		{"\x82\xa0", "\x82\xa0"},   {"\x83\x5c'", "\"\x83\x5c'\""},
		{"a\x83", "'a'$'\\203'"},
	};
	use_locale("ja_JP.SJIS", "ja_JP.SHIFT_JIS");
	if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) /* musl takes any name for that */
		skip();
	check(quote_name, rows, ARRAY_LEN(rows));
}

static void always_quoted(void **state UNUSED)
{
	static const struct row rows[] = {
		{"file", "'file'"}, {"", "''"},           {"-", "'-'"},
		{"a:b", "'a:b'"},   {"it's", "\"it's\""}, {"a\n", "'a'$'\\n'"},
	};
	use_locale("C", NULL);
	check(quote_always, rows, ARRAY_LEN(rows));
}

static void locale_quotes(void **state UNUSED)
{
	static const struct row ascii[] = {
		{"foo", "'foo'"},         {"", "''"},
		{"a'b", "'a\\'b'"},       {"a\\b", "'a\\\\b'"},
		{"\n\033", "'\\n\\033'"}, {"\xe2\x80\x99", "'\\342\\200\\231'"},
	};
	static const struct row utf8[] = {
		{"foo", "\u2018foo\u2019"},         {"a'b", "\u2018a'b\u2019"},
		{"\u2019", "\u2018\\\u2019\u2019"}, {"\u00e9", "\u2018\u00e9\u2019"},
		{"\xe9", "\u2018\\351\u2019"},
	};
	use_locale("C", NULL);
	check(quote_locale, ascii, ARRAY_LEN(ascii));
	use_locale("C.UTF-8", "en_US.UTF-8");
	check(quote_locale, utf8, ARRAY_LEN(utf8));
}

/* For what wc does not print: characters that turn the direction of text are escaped. */
static void own_names(void **state UNUSED)
{
	static const struct row names[] = {
		{"file", "file"},
		{"a:b", "'a:b'"},
		{"\u00e9", "\u00e9"},
		{"a\u202eb", "'a'$'\\342\\200\\256''b'"},
		{"\u061c", "''$'\\330\\234'"},
		{"\u2066\u2069", "''$'\\342\\201\\246\\342\\201\\251'"},
		{"\u200d", "\u200d"},
		{"\033[31m", "''$'\\033''[31m'"},
	};
	static const struct row texts[] = {
		{"near 'x'", "near 'x'"},   {"\u00e9\\", "\u00e9\\"},           {"", ""},
		{"a\n\tb", "a\\n\\tb"},     {"\033[31m\177", "\\033[31m\\177"}, {"\xff", "\\377"},
		{"\xc2\x9b", "\\302\\233"}, {"\u200e", "\\342\\200\\216"},
	};
	static const struct row messages[] = {
		{"a\n\tb\n", "a\n\tb\n"},
		{"\033[31m\r", "\\033[31m\\r"},
		{"\u202e", "\u202e"},
	};

	use_locale("C.UTF-8", "en_US.UTF-8");
	check(quote_own_name, names, ARRAY_LEN(names));
	check(quote_text, texts, ARRAY_LEN(texts));
	check(quote_message, messages, ARRAY_LEN(messages));
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_true(quote_is_harmless(texts[i].name) ==
		            (strcmp(texts[i].name, texts[i].expected) == 0));
	for (size_t i = 0; i < ARRAY_LEN(messages); i++)
		assert_true(quote_is_printable(messages[i].name) ==
		            (strcmp(messages[i].name, messages[i].expected) == 0));
	assert_false(quote_has_controls("a b\xff\xa0\u00e9"));
	assert_true(quote_has_controls("\x9b") && quote_has_controls("\xc2\x9b") &&
	            quote_has_controls("\u202e") && quote_has_controls("a\177"));
}

/* The longest results must fit: every byte of them is checked by the sanitizers and valgrind. */
static void long_names(void **state UNUSED)
{
	static const char *const units[] = {"'", "\n", "a\n", "\n'", "\xff'a"};
	char *name = malloc(3 * 4096 + 1);
	assert_non_null(name);
	use_locale("C", NULL);
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		size_t len = strlen(units[i]);
		for (size_t j = 0; j < 4096; j++)
			memcpy(name + j * len, units[i], len + 1);
		char *(*const quotes[])(const char *) = {quote_name, quote_always, quote_locale,
		                                         quote_own_name};
		for (size_t j = 0; j < ARRAY_LEN(quotes); j++) {
			char *quoted = quotes[j](name);
			assert_true(strlen(quoted) > 4096 * len);
			quote_free(quoted);
		}
	}
	free(name);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(bare_names),    cmocka_unit_test(special_names),
	cmocka_unit_test(apostrophes),   cmocka_unit_test(unprintable),
	cmocka_unit_test(utf8_names),    cmocka_unit_test(sjis_names),
	cmocka_unit_test(always_quoted), cmocka_unit_test(locale_quotes),
	cmocka_unit_test(own_names),     cmocka_unit_test(long_names),
};

int main(void)
{
	return unit_run(tests);
}
