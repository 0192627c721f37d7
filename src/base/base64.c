/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes as text: base64 of RFC 4648, section 4, with padding. */
#include "base/base.h"
#include "base/base64.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_encode(const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	char *text = malloc((n + 2) / 3 * 4 + 1), *out = text;

	if (!text)
		return NULL;
	for (; n > 0; p += 3) {
		/* Three bytes are four digits; what is missing of the last three is '='. */
		size_t have = n < 3 ? n : 3;
		uint32_t group = (uint32_t)p[0] << 16 | (have > 1 ? (uint32_t)p[1] << 8 : 0) |
		                 (have > 2 ? (uint32_t)p[2] : 0);
		for (size_t i = 0; i < 4; i++)
			*out++ = i <= have ? digits[group >> (18 - 6 * i) & 63] : '=';
		n -= have;
	}
	*out = '\0';
	return text;
}

/* The value of four digits and how many bytes they are; 0: they are not base64. */
static size_t decode_group(const char *text, bool last, uint32_t *group)
{
	size_t have = 4;

	*group = 0;
	while (last && have > 2 && text[have - 1] == '=')
		have--;
	for (size_t i = 0; i < 4; i++) {
		const char *digit = i < have ? strchr(digits, text[i]) : digits;
		if (!digit || !*digit)
			return 0;
		*group = *group << 6 | (uint32_t)(digit - digits);
	}
	/* Digits that no byte is made of must be 0: there is one text for each run of bytes. */
	if ((have == 2 && *group & 0xffff) || (have == 3 && *group & 0xff))
		return 0;
	return have - 1;
}

char *base64_decode(const char *text, size_t *n)
{
	size_t len = strlen(text);
	char *bytes = len % 4 == 0 ? malloc(len / 4 * 3 + 1) : NULL;

	*n = 0;
	if (len % 4 != 0)
		errno = EINVAL;
	if (!bytes)
		return NULL;
	for (size_t i = 0; i < len; i += 4) {
		uint32_t group;
		size_t have = decode_group(text + i, i + 4 == len, &group);
		if (have == 0) {
			free(bytes);
			errno = EINVAL;
			return NULL;
		}
		for (size_t k = 0; k < have; k++)
			bytes[(*n)++] = (char)(group >> (16 - 8 * k) & 0xff);
	}
	bytes[*n] = '\0';
	return bytes;
}
