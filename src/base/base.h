/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every file of pcount may rely on: attributes, checked arithmetic, promises.
 *
 * The rule for failure, in all of pcount: `bool` is the answer to a question, never a status. What
 * can fail returns
 *
 *      0, or -1 and errno       errno says why, unless the header says that another argument does,
 * or that it is reported already, or that there is only one reason a pointer, or NULL likewise an
 * enum                  where the caller has to tell several outcomes apart
 *
 * "Is there another?" is a question too: true, and the arguments are set to it. A builder may keep
 * its failures until it is asked for the result, as base/json.h does.
 */
#ifndef PCOUNT_BASE_BASE_H
#define PCOUNT_BASE_BASE_H

#ifdef HAVE_CONFIG_H
#include "config.h"
#else
#define PACKAGE_VERSION "0.1.0" /* built by hand, without configure */
#endif

/* To build on Linux what a port would begin with: what is POSIX, and what the BSDs have too. */
#if defined PCOUNT_POSIX_ONLY && defined __linux__
#undef _GNU_SOURCE
#define _XOPEN_SOURCE   700
#define _DEFAULT_SOURCE 1
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

/* In a loop that polls what another processor is about to change. */
static inline void cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* *sum += add. Has it overflowed? Then *sum is UINT64_MAX, the value that GNU wc prints. */
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

static inline size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

static inline size_t max_size(size_t a, size_t b)
{
	return a > b ? a : b;
}

/*
 * whole * part / parts, exactly, for part <= parts and parts > 0: rounded down, or up with `up`.
 * Bit by bit, since 32-bit processors have no type for the product; `rest` stays below `parts`.
 */
static inline uint64_t share_of(uint64_t whole, uint64_t part, uint64_t parts, bool up)
{
	uint64_t share = 0, rest = 0;

	for (unsigned bit = 64; bit-- > 0;) {
		bool carry = rest >= parts - rest;
		rest = carry ? rest - (parts - rest) : rest + rest;
		share = 2 * share + carry;
		if (!(whole >> bit & 1))
			continue;
		carry = rest >= parts - part;
		rest = carry ? rest - (parts - part) : rest + part;
		share += carry;
	}
	return share + (up && rest > 0);
}

#endif
