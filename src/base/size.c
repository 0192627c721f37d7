/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers as users write them. */
#include "base/base.h"
#include "base/size.h"

#include <errno.h>
#include <string.h>

static const char letters[] = "KMGTPE"; /* each 1000 or 1024 times the one before */

/* Reads the digits at *text and moves it past them. */
static int digits_parse(const char **text, uint64_t *number)
{
	const char *p = *text;
	bool overflow = false;
	*number = 0;
	for (; *p >= '0' && *p <= '9'; p++)
		overflow |= __builtin_mul_overflow(*number, 10u, number) ||
		            __builtin_add_overflow(*number, (unsigned)(*p - '0'), number);
	if (p == *text) {
		errno = EINVAL;
		return -1;
	}
	*text = p;
	if (overflow)
		errno = EOVERFLOW;
	return overflow ? -1 : 0;
}

int number_parse(const char *text, uint64_t *number)
{
	int status = digits_parse(&text, number);
	if (*text == '\0')
		return status;
	errno = EINVAL;
	return -1;
}

/* The factor a suffix stands for, as base and exponent. 0, or -1: it is none. */
static int suffix_parse(const char *suffix, unsigned *base, unsigned *power)
{
	*base = 1024;
	*power = 0;
	if (*suffix == '\0')
		return 0;
	char letter = *suffix >= 'a' && *suffix <= 'z' ? (char)(*suffix - 'a' + 'A') : *suffix;
	const char *found = strchr(letters, letter);
	if (!found)
		return -1;
	*power = (unsigned)(found - letters) + 1;
	if (strcmp(suffix + 1, "B") == 0)
		*base = 1000;
	return *base == 1000 || suffix[1] == '\0' || strcmp(suffix + 1, "iB") == 0 ? 0 : -1;
}

int size_parse(const char *text, uint64_t *size)
{
	unsigned base, power;
	int status = digits_parse(&text, size);
	if (suffix_parse(text, &base, &power) != 0) {
		errno = EINVAL;
		return -1;
	}
	for (; status == 0 && power > 0; power--) {
		if (__builtin_mul_overflow(*size, base, size)) {
			errno = EOVERFLOW;
			status = -1;
		}
	}
	return status;
}

unsigned number_digits(uint64_t number)
{
	unsigned digits = 1;

	for (; number >= 10; number /= 10)
		digits++;
	return digits;
}
