/* SPDX-License-Identifier: BSD-2-Clause */
/* The law of UTF-16, and the choice among those that obey it faster. */
#include "base/base.h"
#include "base/utf8.h"
#include "text/utf16.h"
#include "text/utf16_x86.h"

#include <string.h>

static uint32_t unit(const unsigned char *p, bool big)
{
	return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

size_t utf16_step(const unsigned char *in, size_t n, bool big, unsigned char **out)
{
	if (n < 2)
		return 0;
	char32_t c = unit(in, big);
	if ((c & 0xF800) != 0xD800) {
		*out += utf8_encode(c, *out);
		return 2;
	}
	if (c < 0xDC00 && n < 4)
		return 0;
	uint32_t low = c < 0xDC00 ? unit(in + 2, big) : 0;
	if ((low & 0xFC00) != 0xDC00) {
		*(*out)++ = UTF16_ERROR;
		return 2;
	}
	*out += utf8_encode(0x10000 + ((c & 0x3FF) << 10) + (low & 0x3FF), *out);
	return 4;
}

static size_t scalar(const unsigned char *in, size_t n, bool big, size_t *used, unsigned char *out)
{
	unsigned char *o = out;
	size_t i = 0, step;

	while ((step = utf16_step(in + i, n - i, big, &o)) > 0)
		i += step;
	*used = i;
	return (size_t)(o - out);
}

static size_t scalar_little(const unsigned char *in, size_t n, size_t *used, unsigned char *out)
{
	return scalar(in, n, false, used, out);
}

static size_t scalar_big(const unsigned char *in, size_t n, size_t *used, unsigned char *out)
{
	return scalar(in, n, true, used, out);
}

static bool always(void)
{
	return true;
}

static const struct utf16_kernel utf16_scalar = {"scalar", always, scalar_little, scalar_big};

const struct utf16_kernel *const utf16_kernels[] = {
#ifdef HAVE_X86_SIMD
	&utf16_avx512vbmi,
	&utf16_avx2,
#endif
	&utf16_scalar,
	NULL,
};

const struct utf16_kernel *utf16_choose(const char *forced)
{
	for (size_t i = 0; utf16_kernels[i]; i++)
		if (utf16_kernels[i]->usable() &&
		    (!forced || strcmp(forced, utf16_kernels[i]->name) == 0))
			return utf16_kernels[i];
	return &utf16_scalar;
}
