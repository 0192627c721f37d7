/* SPDX-License-Identifier: BSD-2-Clause */
/* Charset, encoding and kernel, chosen; what is wrong with the request, reported. */
#include "base/base.h"
#include "base/diag.h"
#include "base/quote.h"
#include "base/sandbox.h"
#include "base/uncached.h"
#include "count/profiler.h"
#include "detect/filetype.h"
#include "exec/exec.h"
#include "run/counting.h"
#include "simd/cpu.h"

#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

/* What parts are aligned to: lines are records that LF ends. */
static struct record_kind align_of(const struct options *o)
{
	bool records = o->align == ALIGN_RECORDS ||
	               (o->align == ALIGN_UNASKED && o->borders > 0 && o->columns.records);

	if (records)
		return o->records;
	return o->align == ALIGN_LINES || o->borders > 0
	               ? (struct record_kind){RECORDS_SEPARATED, '\n'}
	               : (struct record_kind){RECORDS_NONE, 0};
}

/* Does --borders go by lines, and so need their number? */
static bool borders_need_lines(const struct options *o)
{
	return o->borders > 0 && !(o->columns.records && record_kind_same(o->records, align_of(o)));
}

static unsigned needs_of(const struct counting *c)
{
	const struct columns *columns = &c->options->columns;
	bool profile = c->options->profile,
	     chars = (columns->chars || profile) && !c->chars_are_bytes;
	bool lines = columns->lines || profile || borders_need_lines(c->options);

	return (lines ? NEED_LINES : 0u) | (columns->words ? NEED_WORDS : 0u) |
	       (chars ? NEED_CHARS : 0u) | (columns->width ? NEED_WIDTH : 0u);
}

bool counting_is_exact(const struct options *o)
{
	return o->range.parts > 0 || o->range.some || o->borders > 0 || o->partial || o->journal ||
	       o->follow;
}

static struct engine_range range_of(const struct options *o)
{
	const struct file_range *range = &o->range;

	return (struct engine_range){
		.exact = counting_is_exact(o),
		.part = range->part,
		.parts = range->parts,
		.some = range->some,
		.offset = range->offset,
		.length = range->length,
		.borders = o->borders,
		.align = align_of(o),
	};
}

/* Can what is not in the locale's encoding be decoded? Ranges could begin anywhere in a character.
 */
static bool may_decode(const struct counting *c)
{
	return c->charset.class == CHARSET_UTF8 && !counting_is_exact(c->options);
}

/* The locale's encoding. --text takes UTF-16 and UTF-32 for text, and so counts it as such. */
static void use_locale(struct counting *c, const char *kernel)
{
	charset_init(&c->charset, c->options->posixly_correct);
	if (c->options->text_only && may_decode(c))
		(void)encoding_open(&c->encoding, ENCODING_UNICODE, "UTF-8", kernel);
}

static void report_unknown(const char *name, int error)
{
	char *quoted = quote_own_locale(name);

	if (error == ENOPKG)
		diag_error(0, "unknown encoding %s, or its iconv module (gconv) is not installed",
		           quoted);
	else
		diag_error(error == EINVAL ? 0 : error, "unknown encoding %s", quoted);
	quote_free(quoted);
}

/* The encoding that is asked for, and the charset in which it is counted. 0, or -1: reported. */
static int choose_encoding(struct counting *c, const char *kernel)
{
	const char *name = c->options->encoding;
	enum encoding_mode mode = ENCODING_NAMED;

	if (strcmp(name, "locale") == 0) {
		use_locale(c, kernel);
		return 0;
	}
	if (strcmp(name, "auto") == 0) {
		/*
		 * What is not Unicode is in the locale's encoding, if that is one that says
		 * anything.
		 */
		name = nl_langinfo(CODESET);
		if (strcmp(name, "UTF-8") == 0 || strcmp(name, "ANSI_X3.4-1968") == 0)
			name = "ISO-8859-1";
		mode = ENCODING_AUTO;
	}
	if (encoding_open(&c->encoding, mode, name, kernel) != 0) {
		report_unknown(name, errno);
		return -1;
	}
	charset_init_utf8(&c->charset, c->options->posixly_correct);
	return 0;
}

/* Sets up charset and kernel. 0, or -1: reported. */
static int choose_kernel(struct counting *c)
{
	const char *name = getenv("PCOUNT_KERNEL");

	if (choose_encoding(c, name && *name ? name : NULL) != 0)
		return -1;
	c->chars_are_bytes = c->charset.class == CHARSET_SINGLE;
	enum counter_status status =
		counter_init(&c->counter, &c->charset, needs_of(c), name && *name ? name : NULL);
	if (status == COUNTER_OK && c->options->columns.records)
		recorder_add(&c->recorder, &c->counter, c->options->records,
		             name && *name ? name : NULL);
	if (status == COUNTER_OK && c->options->profile && profiler_add(&c->counter) != 0)
		status = COUNTER_NO_MEMORY;
	if (status == COUNTER_OK)
		return 0;
	if (status == COUNTER_NO_MEMORY) {
		diag_error(errno, "cannot set up counting");
		return -1;
	}
	char *quoted = quote_own_locale(name);
	if (status == COUNTER_UNKNOWN)
		diag_error(0, "unknown kernel %s in PCOUNT_KERNEL", quoted);
	else
		diag_error(0, "kernel %s in PCOUNT_KERNEL is not supported by this processor",
		           quoted);
	quote_free(quoted);
	return -1;
}

/* Types can be told. 0, or -1: they cannot, which is reported. */
static int check_types(void)
{
	const char *why;
	struct filetype *f = filetype_new(&why);

	if (!f)
		diag_error(0, "--type: %s", why);
	filetype_free(f);
	return f ? 0 : -1;
}

/*
 * Where files can be cut after a newline only, a part can begin with a record only if that is one,
 * too. 0, or -1: reported.
 */
static int check_align(const struct counting *c)
{
	struct record_kind align = align_of(c->options);

	if (align.form != RECORDS_SEPARATED || align.byte == '\n' ||
	    scan_cuts_anywhere(&c->counter))
		return 0;
	diag_error(0, "--align=records: in this charset, words, characters and columns can only be "
	              "counted in parts that consist of lines");
	return -1;
}

int counting_init(struct counting *c, const struct options *options)
{
	*c = (struct counting){.options = options};
	if (options->no_cache)
		uncached_want();
	if (options->types != TYPES_NONE && check_types() != 0)
		return -1;
	if (choose_kernel(c) != 0)
		return -1;
	if (check_align(c) == 0)
		return 0;
	counting_free(c);
	return -1;
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
		                        ? "workers cannot open files or use the network (seccomp)"
		                        : "workers are not isolated: seccomp is not available");
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

static struct engine_crew crew_of(const struct options *o)
{
	static const enum exec_kind kinds[] = {
		[ENGINE_AUTO] = EXEC_AUTO,
		[ENGINE_SERIAL] = EXEC_SERIAL,
		[ENGINE_THREADS] = EXEC_THREADS,
		[ENGINE_PROCESSES] = EXEC_PROCESSES,
	};

	enum exec_kind kind = is_isolated(o) ? EXEC_ISOLATED : kinds[o->engine];
	struct engine_crew crew = exec_choose(kind, o->jobs);

	if ((kind == EXEC_PROCESSES || kind == EXEC_ISOLATED) && crew.ops == &exec_threads)
		diag_note("--engine=processes: %s here; counting by threads", crew.why);
	return crew;
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
