/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks the processor, and honours glibc.cpu.hwcaps=-AVX2,... as the C library does. */
#include "base/base.h"
#include "simd/cpu.h"

#include <stdlib.h>
#include <string.h>
#if __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>
#endif

/*
 * The C library (glibc from 2.33) has asked the processor already. Asking again, as the compiler's
 * __builtin_cpu_supports() does, takes 20 CPUID instructions, each of which leaves a virtual
 * machine: 85 of the 700 microseconds that an empty file takes.
 */
#ifdef CPU_FEATURE_ACTIVE
/* CPU_FEATURE_ACTIVE() without its shift into the sign bit, which UBSan objects to. */
static bool is_active(unsigned feature)
{
	const struct cpuid_feature *leaf = __x86_get_cpuid_feature_leaf(feature / 128);

	return leaf->active_array[feature % 128 / 32] >> feature % 32 & 1u;
}
#define HAS(active, builtin) is_active(x86_cpu_##active)
#else
#define HAS(active, builtin) __builtin_cpu_supports(builtin)
#endif

/* Is "-name" or "-name_Usable" (glibc before 2.33) one of the n bytes of comma-separated `list`? */
static bool is_listed(const char *list, size_t n, const char *name)
{
	size_t name_len = strlen(name);

	while (n > 0) {
		const char *comma = memchr(list, ',', n);
		size_t len = comma ? (size_t)(comma - list) : n;
		if (len > name_len && list[0] == '-' && memcmp(list + 1, name, name_len) == 0) {
			size_t more = len - 1 - name_len;
			if (more == 0 ||
			    (more == 7 && memcmp(list + 1 + name_len, "_Usable", 7) == 0))
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
		const char *end = tunable + strcspn(tunable, ":");
		size_t n = sizeof hwcaps - 1;
		if (strncmp(tunable, hwcaps, n) == 0 &&
		    is_listed(tunable + n, (size_t)(end - tunable) - n, name))
			return true;
		tunable = *end ? end + 1 : NULL;
	}
	return false;
}

/* BMI1, BMI2, LZCNT and POPCNT, which came with AVX2; not every compiler knows "lzcnt". */
static bool has_bits(void)
{
	return HAS(BMI1, "bmi") && HAS(BMI2, "bmi2") && HAS(LZCNT, "bmi2") && HAS(POPCNT, "popcnt");
}

bool cpu_has_avx2(void)
{
	return has_bits() && HAS(AVX2, "avx2") && !is_masked("AVX2");
}

bool cpu_has_avx512(void)
{
	return has_bits() && HAS(AVX512F, "avx512f") && HAS(AVX512BW, "avx512bw") &&
	       HAS(AVX512VL, "avx512vl") && !is_masked("AVX512F") && !is_masked("AVX512BW") &&
	       !is_masked("AVX512VL");
}

bool cpu_has_avx512vbmi(void)
{
	return cpu_has_avx512() && HAS(AVX512_VBMI, "avx512vbmi") &&
	       HAS(AVX512_VBMI2, "avx512vbmi2") && HAS(AVX512_BITALG, "avx512bitalg") &&
	       HAS(GFNI, "gfni") && !is_masked("AVX512_VBMI") && !is_masked("AVX512_VBMI2");
}
