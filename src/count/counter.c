/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel table, and the choice of a kernel for a charset, a set of needs and a processor. */
#include "base/base.h"
#include "count/counter.h"
#include "count/profiler.h"
#include "count/width.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Best first: the first usable one that has a loop for the task serves. */
const struct kernel *const counter_kernels[] = {
#ifdef HAVE_X86_SIMD
	&kernel_avx512vbmi, &kernel_avx512, &kernel_avx2,   &kernel_sse2,
#endif
#ifdef HAVE_NEON
	&kernel_neon,
#endif
	&kernel_portable,   &kernel_scalar, &kernel_locale, NULL,
};

static const struct kernel *kernel_named(const char *name)
{
	for (size_t i = 0; counter_kernels[i]; i++)
		if (strcmp(counter_kernels[i]->name, name) == 0)
			return counter_kernels[i];
	return NULL;
}

/* 0, or -1: the kernel cannot do what is needed. */
static int try_kernel(struct counter *c, const struct kernel *kernel)
{
	count_fn *count = kernel->choose(c->cs, c->needs);

	if (!count)
		return -1;
	c->count = count;
	c->kernel = kernel->name;
	c->find_lines = kernel->find_lines;
	return 0;
}

static int add_widths(struct counter *c)
{
	c->widths = NULL;
	if (!(c->needs & NEED_WIDTH) || c->cs->class == CHARSET_SINGLE)
		return 0;
	odd_sets_init(&c->odd);
	odd_slots_init(&c->slots);
	c->widths = calloc(WIDTHS_SIZE, 1);
	return c->widths ? 0 : -1;
}

enum counter_status counter_init(struct counter *c, const struct charset *cs, unsigned needs,
                                 const char *name)
{
	const struct kernel *forced = NULL;

	*c = (struct counter){.cs = cs, .needs = needs, .bytes = byte_sets_of(cs)};
	if (name) {
		forced = kernel_named(name);
		if (!forced)
			return COUNTER_UNKNOWN;
		if (!forced->usable())
			return COUNTER_UNSUPPORTED;
	}
	bool found = forced && try_kernel(c, forced) == 0;
	for (size_t i = 0; !found && counter_kernels[i]; i++) {
		const struct kernel *k = counter_kernels[i];
		bool plain = k == &kernel_scalar || k == &kernel_locale;
		found = (plain || !forced) && k->usable() && try_kernel(c, k) == 0;
	}
	verify(found);
	return add_widths(c) == 0 ? COUNTER_OK : COUNTER_NO_MEMORY;
}

int counter_copy(struct counter *c, const struct counter *from)
{
	*c = *from;
	c->profiler = NULL;
	if (add_widths(c) != 0)
		return -1;
	if (!from->profiler || profiler_copy(c, from) == 0)
		return 0;
	counter_free(c);
	return -1;
}

void counter_free(struct counter *c)
{
	free(c->widths);
	c->widths = NULL;
	profiler_free(c->profiler);
	c->profiler = NULL;
}
