/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where records begin: against the definition, for all short texts and all places to search, and
 * where what decides lies in different blocks.
 */
#include "base/base.h"
#include "scan/record_start.h"
#include "unit.h"

#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SHORT_MOST = 5, BLOCK = 4096, LARGE = 3 << 20 };

static const struct record_kind kinds[] = {
	{RECORDS_SEPARATED, '\n'},
	{RECORDS_SEPARATED, '\0'},
	{RECORDS_PREFIXED, 'x'},
	{RECORDS_QUOTED, ','},
};

static struct charset cs;
static struct counter counter;
static struct encoding encoding;
static struct worker_stats stats;
static struct scan_config config = {.encoding = &encoding, .counter = &counter};
static struct scanner scanner;
static char path[] = "record-start-test-XXXXXX";
static int fd;

static int set_up(void **state UNUSED)
{
	setlocale(LC_CTYPE, "C");
	charset_init(&cs, false);
	fd = mkstemp(path);
	if (fd < 0 || counter_init(&counter, &cs, NEED_LINES, NULL) != COUNTER_OK)
		return -1;
	return scanner_init(&scanner, &config, FD_SHARED, &stats);
}

static int tear_down(void **state UNUSED)
{
	scanner_free(&scanner);
	counter_free(&counter);
	charset_free(&cs);
	close(fd);
	return unlink(path);
}

static void store(const unsigned char *text, size_t n)
{
	assert_true(pwrite(fd, text, n, 0) == (ssize_t)n && ftruncate(fd, (off_t)n) == 0);
}

static bool begins_at(const struct record_search *search, const unsigned char *text, bool inside,
                      uint64_t at)
{
	struct record_kind kind = search->kind;

	if (at == search->origin)
		return true;
	if (kind.form == RECORDS_SEPARATED)
		return text[at - 1] == kind.byte;
	if (kind.form == RECORDS_PREFIXED)
		return text[at - 1] == '\n' && at < search->limit && text[at] == kind.byte;
	return text[at - 1] == '\n' && !inside;
}

/* UINT64_MAX: none does. */
static uint64_t model(const struct record_search *search, const unsigned char *text)
{
	bool inside = search->inside;

	for (uint64_t at = search->from; at <= search->limit; at++) {
		if (begins_at(search, text, inside, at))
			return at;
		inside ^= at < search->limit && text[at] == '"';
	}
	return UINT64_MAX;
}

static void check(const struct record_search *search, const unsigned char *text, size_t n)
{
	uint64_t at, want = model(search, text);
	enum record_start found = record_start_find(&scanner, search, &at);

	if (want == UINT64_MAX ? found == RECORD_START_NONE
	                       : found == RECORD_START_FOUND && at == want)
		return;
	fprintf(stderr, "%zu bytes, form %d byte %d, from %ju to %ju, %sside: %d at %ju, not %ju\n",
	        n, search->kind.form, search->kind.byte, (uintmax_t)search->from,
	        (uintmax_t)search->limit, search->inside ? "in" : "out", found, (uintmax_t)at,
	        (uintmax_t)want);
	fail();
}

/* From `from` to `limit`, by all kinds, in both states. */
static void check_all(const unsigned char *text, size_t n, uint64_t from, uint64_t limit)
{
	for (size_t kind = 0; kind < ARRAY_LEN(kinds); kind++)
		for (unsigned inside = 0; inside <= (kinds[kind].form == RECORDS_QUOTED); inside++)
			check(&(struct record_search){.fd = fd,
			                              .size = n,
			                              .kind = kinds[kind],
			                              .inside = inside,
			                              .from = from,
			                              .limit = limit},
			      text, n);
}

static void all_short_texts(void **state UNUSED)
{
	static const unsigned char alphabet[] = {'\n', '\0', 'x', '"', ','};
	size_t texts = 1;

	for (size_t n = 0; n <= SHORT_MOST; n++, texts *= sizeof alphabet) {
		for (size_t i = 0; i < texts; i++) {
			unsigned char text[SHORT_MOST + 1];
			for (size_t at = 0, rest = i; at < n; at++, rest /= sizeof alphabet)
				text[at] = alphabet[rest % sizeof alphabet];
			store(text, n);
			for (uint64_t from = 0; from <= n; from++)
				for (uint64_t limit = from; limit <= n; limit++)
					check_all(text, n, from, limit);
		}
	}
}

/* What ends a record, and what begins the next one, on both sides of where blocks end. */
static void ends_in_other_blocks(void **state UNUSED)
{
	static const uint64_t borders[] = {BLOCK, BLOCK + 1, 1 << 20, (1 << 20) + BLOCK, 2 << 20};
	unsigned char *text = malloc(LARGE);

	assert_non_null(text);
	for (size_t b = 0; b < ARRAY_LEN(borders); b++) {
		for (uint64_t end = borders[b] - 3; end <= borders[b] + 3; end++) {
			memset(text, '-', LARGE);
			text[borders[b] / 2] = '"'; /* opens or closes */
			memcpy(text + end, "\n\0x", 3);
			store(text, LARGE);
			for (uint64_t from = 0; from < 3; from++)
				check_all(text, LARGE, from, LARGE);
			check_all(text, LARGE, 1, end);
			check_all(text, LARGE, 1, end + 1);
			check_all(text, LARGE, end + 1, LARGE);
			check_all(text, LARGE, end + 2, LARGE);
		}
	}
	free(text);
}

static void a_file_that_has_shrunk_has_none(void **state UNUSED)
{
	struct record_search search = {.fd = fd, .kind = kinds[0], .size = 10, .limit = 10};
	uint64_t at;

	store((const unsigned char *)"a\nb", 3);
	for (search.from = 3; search.from <= 10; search.from++)
		assert_int_equal(record_start_find(&scanner, &search, &at), RECORD_START_NONE);
	search.fd = -1;
	assert_int_equal(record_start_find(&scanner, &search, &at), RECORD_START_ERROR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_short_texts),
		cmocka_unit_test(ends_in_other_blocks),
		cmocka_unit_test(a_file_that_has_shrunk_has_none),
	};

	return unit_report(ARRAY_LEN(tests), cmocka_run_group_tests(tests, set_up, tear_down));
}
