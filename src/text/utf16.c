/* SPDX-License-Identifier: BSD-2-Clause */
/* The reference for UTF-16, and the choice among the kernels that do the same faster. */
#include "base/base.h"
#include "base/utf8.h"
#include "text/utf16.h"

#include <string.h>

ALWAYS_INLINE uint32_t unit(const unsigned char *p, bool big)
{
	return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

/*
 * One unit, or a pair, as UTF-8: bytes used; 0: in[0..n) is too short to tell. `big` is a constant.
 */
ALWAYS_INLINE size_t step(const unsigned char *in, size_t n, bool big, unsigned char **out)
{
	unsigned char *o = *out;

	if (n < 2)
		return 0;
	char32_t c = unit(in, big);
	if (c < 0x80) {
		*o = (unsigned char)c;
		*out = o + 1;
		return 2;
	}
	if ((c & 0xF800) != 0xD800) {
		*out = o + utf8_encode(c, o);
		return 2;
	}
	if (c < 0xDC00 && n < 4)
		return 0;
	uint32_t low = c < 0xDC00 ? unit(in + 2, big) : 0;
	if ((low & 0xFC00) != 0xDC00) {
		*o = UTF16_ERROR;
		*out = o + 1;
		return 2;
	}
	*out = o + utf8_encode(0x10000 + ((c & 0x3FF) << 10) + (low & 0x3FF), o);
	return 4;
}

/* As utf16_convert_units(). `big` is a constant. */
ALWAYS_INLINE size_t steps(const unsigned char *in, size_t n, size_t units, bool big,
                           unsigned char **out)
{
	unsigned char *o = *out;
	size_t used = 0, taken;

	while (used < 2 * units && (taken = step(in + used, n - used, big, &o)) > 0)
		used += taken;
	*out = o;
	return used;
}

size_t utf16_convert_units(const unsigned char *in, size_t n, size_t units, bool big,
                           unsigned char **out)
{
	return big ? steps(in, n, units, true, out) : steps(in, n, units, false, out);
}

static size_t scalar_little(const unsigned char *in, size_t n, size_t *used, unsigned char *out)
{
	unsigned char *end = out;

	*used = steps(in, n, SIZE_MAX / 2, false, &end);
	return (size_t)(end - out);
}

static size_t scalar_big(const unsigned char *in, size_t n, size_t *used, unsigned char *out)
{
	unsigned char *end = out;

	*used = steps(in, n, SIZE_MAX / 2, true, &end);
	return (size_t)(end - out);
}

static bool always(void)
{
	return true;
}

static const struct utf16_kernel utf16_scalar = {"scalar", always, scalar_little, scalar_big};

const struct utf16_kernel *const utf16_kernels[] = {
#ifdef HAVE_X86_SIMD
	&utf16_avx512vbmi, &utf16_avx2,   &utf16_avx512, &utf16_sse2,
#endif
#ifdef HAVE_NEON
	&utf16_neon,
#endif
	&utf16_portable,   &utf16_scalar, NULL,
};

const struct utf16_kernel *utf16_choose(const char *forced)
{
	for (size_t i = 0; utf16_kernels[i]; i++)
		if (utf16_kernels[i]->usable() &&
		    (!forced || strcmp(forced, utf16_kernels[i]->name) == 0))
			return utf16_kernels[i];
	return &utf16_scalar;
}
