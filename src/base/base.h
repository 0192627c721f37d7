/* SPDX-License-Identifier: BSD-2-Clause */
/* What every file of pcount may rely on: attributes, checked arithmetic, promises. */
#ifndef PCOUNT_BASE_BASE_H
#define PCOUNT_BASE_BASE_H

#ifdef HAVE_CONFIG_H
#include "config.h"
#else
#define PACKAGE_VERSION "0.1.0" /* built by hand, without configure */
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define NORETURN               __attribute__((noreturn))
#define UNUSED                 __attribute__((unused))
#define ALWAYS_INLINE          static inline __attribute__((always_inline))
#define LIKELY(x)              __builtin_expect(!!(x), 1)
#define UNLIKELY(x)            __builtin_expect(!!(x), 0)

/*
 * At -O0 a kernel's frame is over half a MiB: every intrinsic is a function with its own variables.
 */
#ifdef __OPTIMIZE__
#define UNOPTIMISED 0
#else
#define UNOPTIMISED 1
#endif

/* gcc says it by a macro, clang by a feature. */
#if defined __SANITIZE_THREAD__
#define THREAD_SANITIZER 1
#elif defined __has_feature
#if __has_feature(thread_sanitizer)
#define THREAD_SANITIZER 1
#endif
#endif
#ifndef THREAD_SANITIZER
#define THREAD_SANITIZER 0
#endif

/*
 * verify(): a promise that must hold in release builds too (a pthread call that cannot fail, an
 * invariant whose breach would print a wrong count). Never used on input.
 */
#define verify(cond) (LIKELY(cond) ? (void)0 : verify_failed(#cond, __FILE__, __LINE__))
NORETURN void verify_failed(const char *cond, const char *file, int line);

/* While another processor is about to change what is looked at again. */
static inline void cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* *sum += add; true if that overflowed (*sum is then UINT64_MAX, the value GNU wc prints). */
static inline bool add_overflows(uint64_t *sum, uint64_t add)
{
	if (!__builtin_add_overflow(*sum, add, sum))
		return false;
	*sum = UINT64_MAX;
	return true;
}

static inline uint64_t min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline uint64_t max_u64(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

#endif
