/* SPDX-License-Identifier: BSD-2-Clause */
/* Charset, encoding and kernel, chosen; what is wrong with the wish, reported. */
#include "base/base.h"
#include "base/diag.h"
#include "base/quote.h"
#include "base/sandbox.h"
#include "count/profiler.h"
#include "detect/filetype.h"
#include "exec/exec.h"
#include "run/counting.h"
#include "simd/cpu.h"

#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

static unsigned needs_of(const struct counting *c)
{
	const struct columns *columns = &c->options->columns;
	bool profile = c->options->profile,
	     chars = (columns->chars || profile) && !c->chars_are_bytes;

	return (columns->lines || profile ? NEED_LINES : 0u) | (columns->words ? NEED_WORDS : 0u) |
	       (chars ? NEED_CHARS : 0u) | (columns->width ? NEED_WIDTH : 0u);
}

/* The encoding that is wished for, and the charset in which it is counted; false: reported. */
static bool choose_encoding(struct counting *c, const char *kernel)
{
	const char *name = c->options->encoding;
	enum encoding_wish wish = ENCODING_NAMED;

	if (strcmp(name, "locale") == 0) {
		charset_init(&c->charset, c->options->posixly_correct);
		return true;
	}
	if (strcmp(name, "auto") == 0) {
		/*
		 * What is not Unicode is in the locale's encoding, if that is one that says
		 * anything.
		 */
		name = nl_langinfo(CODESET);
		if (strcmp(name, "UTF-8") == 0 || strcmp(name, "ANSI_X3.4-1968") == 0)
			name = "ISO-8859-1";
		wish = ENCODING_AUTO;
	}
	if (encoding_open(&c->encoding, wish, name, kernel) != 0) {
		char *quoted = quote_locale(name);
		diag_error(errno == EINVAL ? 0 : errno, "unknown encoding %s", quoted);
		quote_free(quoted);
		return false;
	}
	if (charset_init_utf8(&c->charset, c->options->posixly_correct))
		return true;
	diag_error(0, "--encoding: there is no locale C.UTF-8");
	return false;
}

/* Sets up charset and kernel; false: reported. */
static bool choose_kernel(struct counting *c)
{
	const char *name = getenv("PCOUNT_KERNEL");

	if (!choose_encoding(c, name && *name ? name : NULL))
		return false;
	c->chars_are_bytes = c->charset.class == CHARSET_SINGLE;
	enum counter_status status =
		counter_init(&c->counter, &c->charset, needs_of(c), name && *name ? name : NULL);
	if (status == COUNTER_OK && c->options->profile && profiler_add(&c->counter) != 0)
		status = COUNTER_NO_MEMORY;
	if (status == COUNTER_OK)
		return true;
	if (status == COUNTER_NO_MEMORY) {
		diag_error(errno, "cannot set up counting");
		return false;
	}
	char *quoted = quote_locale(name);
	if (status == COUNTER_UNKNOWN)
		diag_error(0, "unknown kernel %s in PCOUNT_KERNEL", quoted);
	else
		diag_error(0, "kernel %s in PCOUNT_KERNEL is not supported by this processor",
		           quoted);
	quote_free(quoted);
	return false;
}

/* Can types be told? False: reported. */
static bool have_types(void)
{
	const char *why;
	struct filetype *f = filetype_new(&why);

	if (!f)
		diag_error(0, "--type: %s", why);
	filetype_free(f);
	return f != NULL;
}

bool counting_init(struct counting *c, const struct options *options)
{
	*c = (struct counting){.options = options};
	return (options->types == TYPES_NONE || have_types()) && choose_kernel(c);
}

void counting_free(struct counting *c)
{
	counter_free(&c->counter);
	charset_free(&c->charset);
}

/* Is anything parsed that may be hostile, in processes? */
static bool is_isolated(const struct options *o)
{
	return o->engine == ENGINE_PROCESSES &&
	       (o->decompress != FORMAT_PLAIN || o->types != TYPES_NONE);
}

/*
 * GNU wc tells which line counting code it uses when lines and nothing slower are asked for. In all
 * other cases pcount adds a line of its own.
 */
void counting_debug(const struct counting *c)
{
	unsigned needs = c->counter.needs;

	const char *forced = getenv("PCOUNT_KERNEL");

	if (is_isolated(c->options))
		diag_note("%s", sandbox_available()
		                        ? "workers can open no files and reach no network (seccomp)"
		                        : "workers are not isolated: there is no seccomp here");
	if (needs != NEED_LINES || (forced && *forced)) {
		diag_note("using kernel %s", c->counter.kernel);
		return;
	}
	bool avx512 = cpu_has_avx512();
	if (!avx512)
		diag_note("avx512 support not detected");
	if (avx512)
		diag_note("using avx512 hardware support");
	else if (cpu_has_avx2())
		diag_note("using avx2 hardware support");
	else
		diag_note("avx2 support not detected");
}

static struct engine_range range_of(const struct options *o)
{
	const struct file_range *range = &o->range;

	return (struct engine_range){
		.exact = range->parts > 0 || range->some || o->partial || o->journal || o->follow,
		.part = range->part,
		.parts = range->parts,
		.some = range->some,
		.offset = range->offset,
		.length = range->length,
	};
}

static struct engine_crew crew_of(const struct options *o)
{
	static const enum exec_kind kinds[] = {
		[ENGINE_AUTO] = EXEC_AUTO,
		[ENGINE_SERIAL] = EXEC_SERIAL,
		[ENGINE_THREADS] = EXEC_THREADS,
		[ENGINE_PROCESSES] = EXEC_PROCESSES,
	};

	return exec_choose(is_isolated(o) ? EXEC_ISOLATED : kinds[o->engine], o->jobs);
}

struct engine_config counting_config(const struct counting *c, const struct engine_crew *crew)
{
	const struct options *o = c->options;
	struct engine_config config = {
		.scan =
			{
				.only_bytes = c->counter.needs == 0,
				.decompress = o->decompress,
				.memory_limit = o->memory_limit,
				.text_only = o->text_only,
				.types = o->types != TYPES_NONE,
				.encoding = &c->encoding,
				.counter = &c->counter,
			},
		.crew = crew ? *crew : crew_of(o),
		.chunk_size = o->chunk_size,
		.range = range_of(o),
	};

	/* So that other hosts can tell whether they see the same file. */
	if (crew)
		config.range.exact = true;
	return config;
}
