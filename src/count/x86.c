/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks the processor, and honours glibc.cpu.hwcaps=-AVX2,... as the C library does. */
#include "base/base.h"

#ifdef __x86_64__

#include "count/x86.h"

#include <stdlib.h>
#include <string.h>

/* Is "-name" or "-name_Usable" (glibc before 2.33) one of the n bytes of comma-separated `list`? */
static bool is_listed(const char *list, size_t n, const char *name)
{
	size_t name_len = strlen(name);

	while (n > 0) {
		const char *comma = memchr(list, ',', n);
		size_t len = comma ? (size_t)(comma - list) : n;
		if (len > name_len && list[0] == '-' && memcmp(list + 1, name, name_len) == 0) {
			size_t more = len - 1 - name_len;
			if (more == 0 || (more == 7 && memcmp(list + 1 + name_len, "_Usable", 7) == 0))
				return true;
		}
		list += len + (comma != NULL);
		n -= len + (comma != NULL);
	}
	return false;
}

/* Has the user masked off `name`? GLIBC_TUNABLES is a list name=value:name=value. */
static bool is_masked(const char *name)
{
	static const char hwcaps[] = "glibc.cpu.hwcaps=";
	const char *tunable = getenv("GLIBC_TUNABLES");

	while (tunable) {
		const char *end = strchrnul(tunable, ':');
		size_t n = sizeof hwcaps - 1;
		if (strncmp(tunable, hwcaps, n) == 0 &&
		    is_listed(tunable + n, (size_t)(end - tunable) - n, name))
			return true;
		tunable = *end ? end + 1 : NULL;
	}
	return false;
}

/* BMI1, BMI2 and POPCNT, which came with AVX2. */
static bool has_bits(void)
{
	return __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
	       __builtin_cpu_supports("popcnt");
}

bool x86_has_avx2(void)
{
	return has_bits() && __builtin_cpu_supports("avx2") && !is_masked("AVX2");
}

bool x86_has_avx512(void)
{
	return has_bits() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512vl") && !is_masked("AVX512F") && !is_masked("AVX512BW") &&
	       !is_masked("AVX512VL");
}

bool x86_has_avx512vbmi(void)
{
	return x86_has_avx512() && __builtin_cpu_supports("avx512vbmi") && !is_masked("AVX512_VBMI");
}

#endif
