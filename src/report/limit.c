/* SPDX-License-Identifier: BSD-2-Clause */
/* What kept a run from being faster. */
#include "base/base.h"
#include "report/limit.h"

static const struct {
	const char *key, *text;
} limits[] = {
	[LIMIT_UNKNOWN] = {"unknown", "unknown (too little work)"},
	[LIMIT_CPU] = {"cpu", "the processor (counting)"},
	[LIMIT_SHARED] = {"shared-cpu", "the processor (shared with other programs)"},
	[LIMIT_DECODER] = {"decoder", "the processor (decompression)"},
	[LIMIT_PIPE] = {"pipe", "the pipe, or the program that writes to it"},
	[LIMIT_DISK] = {"disk", "the disk, or the network file system"},
};

const char *limit_key(enum limit limit)
{
	return limits[limit].key;
}

const char *limit_text(enum limit limit)
{
	return limits[limit].text;
}

/*
 * Workers wait for the processor, or for bytes: which of them can be seen from how much of the time
 * in which they were at work the processor was too.
 */
enum limit limit_of(const struct limit_figures *f)
{
	/* Starting takes a millisecond or two. */
	if (f->read == 0 || f->wall < 0.02 || f->longest < f->wall / 2)
		return LIMIT_UNKNOWN;
	double on_cpu = (f->user + f->system) / f->busy;
	/* What a pipe costs is the kernel's time, copying. */
	if (f->streamed > f->read / 2 && (on_cpu < 0.7 || f->system > f->user))
		return LIMIT_PIPE;
	if (on_cpu < 0.7 && f->from_disk > f->read / 4)
		return LIMIT_DISK;
	if (on_cpu < 0.7 && f->lost > f->gave_up)
		return LIMIT_SHARED;
	return f->decoded > f->read / 2 ? LIMIT_DECODER : LIMIT_CPU;
}
