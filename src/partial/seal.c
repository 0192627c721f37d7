/* SPDX-License-Identifier: BSD-2-Clause */
/* The checksum at the end of a line. */
#include "base/base.h"
#include "base/crc32.h"
#include "partial/partial.h"
#include "partial/seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What ends a line: ,"check":"01234567"} */
static const char check_start[] = ",\"check\":\"", check_end[] = "\"}";
enum {
	CHECK_START_LEN = sizeof check_start - 1,
	CHECK_END_LEN = sizeof check_end - 1,
	CHECK_LEN = PARTIAL_CHECK_MAX - 1,
	CHECK_ALL_LEN = CHECK_START_LEN + CHECK_LEN + CHECK_END_LEN,
};

void partial_check(const char *text, size_t n, char check[PARTIAL_CHECK_MAX])
{
	snprintf(check, PARTIAL_CHECK_MAX, "%08x", crc32_add(0, text, n));
}

char *seal_line(char *line)
{
	size_t n = line ? strlen(line) - strlen("}\n") : 0;
	char check[PARTIAL_CHECK_MAX];
	char *longer = line ? realloc(line, n + CHECK_ALL_LEN + sizeof "\n") : NULL;

	if (!longer) {
		free(line);
		return NULL;
	}
	partial_check(longer, n, check);
	snprintf(longer + n, CHECK_ALL_LEN + sizeof "\n", "%s%s%s\n", check_start, check,
	         check_end);
	return longer;
}

enum seal_status seal_check(const char *line, size_t n)
{
	char check[PARTIAL_CHECK_MAX];

	while (n > 0 && memchr(" \t\r", line[n - 1], 3))
		n--;
	if (n < CHECK_ALL_LEN)
		return SEAL_MISSING;
	const char *at = line + n - CHECK_ALL_LEN;
	if (memcmp(at, check_start, CHECK_START_LEN) != 0 ||
	    memcmp(line + n - CHECK_END_LEN, check_end, CHECK_END_LEN) != 0)
		return SEAL_MISSING;
	partial_check(line, n - CHECK_ALL_LEN, check);
	return memcmp(at + CHECK_START_LEN, check, CHECK_LEN) == 0 ? SEAL_GOOD : SEAL_WRONG;
}
