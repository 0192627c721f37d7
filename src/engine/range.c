/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which bytes of a file are to be counted: its parts, and ranges of bytes.
 *
 * The borders of parts follow from the size of the file, the number of parts and the unit of
 * cutting alone, so that those who count different parts agree on them without talking:
 *
 *      | 1/4 | 2/4 | 3/4 | 4/4 .. |        border k of N = units * k / N, in whole units
 *      '-----'-----'-----'-----'--'        the last part has what is left of a unit
 *
 * Compressed files are cut there too, and each cut is moved on to the next border between members.
 */
#include "base/base.h"
#include "engine/core.h"

#include <errno.h>
#include <unistd.h>

bool engine_wants_part(const struct engine *e)
{
	const struct engine_range *r = &e->config->range;

	return r->parts > 1 || r->some;
}

/* Where part `k` of the data ends, which is `size` bytes long; 0 for k = 0. */
static uint64_t part_border(const struct engine *e, uint64_t size, uint64_t k)
{
	uint64_t parts = e->config->range.parts, unit = plan_part_unit(&e->plan);

	if (k == parts)
		return size;
	return (uint64_t)((unsigned __int128)(size / unit) * k / parts) * unit;
}

/*
 * The border between members at `at` or behind it; DECODER_NO_BORDER, DECODER_UNREAD: none can be
 * told.
 */
static uint64_t member_border(const struct job *job, int fd, uint64_t at, uint64_t size)
{
	if (at <= job->origin || at >= size)
		return at;
	return decoder_border(job->format, fd, job->origin, at - job->origin, size);
}

/*
 * Moves the cuts of a compressed file to where it can be cut. False: it cannot be, or it cannot be
 * read, which is job->total.read_error: whoever counts the neighbouring part may have been able to.
 */
static bool move_to_members(const struct engine *e, struct job *job, int fd, uint64_t size)
{
	if (!worker_cuts_anywhere(e->config->counter))
		return false;
	uint64_t first = decoder_border(job->format, fd, job->origin, 1, size);
	if (first == DECODER_NO_BORDER)
		return false;
	if (first != DECODER_UNREAD)
		job->begin = member_border(job, fd, job->begin, size);
	if (first != DECODER_UNREAD && job->begin != DECODER_UNREAD)
		job->end = member_border(job, fd, job->end, size);
	if (first == DECODER_UNREAD || job->begin == DECODER_UNREAD || job->end == DECODER_UNREAD) {
		job->total.read_error = errno;
		job->begin = job->end = job->origin;
		return false;
	}
	/*
	 * What cannot be followed to its end has a fault, which the one who gets there will find.
	 */
	if (job->begin == DECODER_NO_BORDER)
		job->begin = size;
	if (job->end == DECODER_NO_BORDER || job->end >= size)
		job->end = job->begin < size ? READER_TO_EOF : size;
	return true;
}

/* True: the job has its range. */
static bool set(const struct engine *e, struct job *job, int fd)
{
	const struct engine_range *r = &e->config->range;
	uint64_t size = max_u64((uint64_t)job->st.st_size, job->origin), left = size - job->origin;

	job->begin = job->origin;
	job->end = READER_TO_EOF;
	if (!r->exact)
		return true;
	if (r->parts > 0) {
		job->begin += part_border(e, left, r->part - 1);
		job->end = job->origin + part_border(e, left, r->part);
	} else if (r->some) {
		job->begin += min_u64(r->offset, left);
		job->end = job->begin + min_u64(r->length, size - job->begin);
	} else {
		job->end = size;
	}
	if (job->format != FORMAT_PLAIN) {
		if (engine_wants_part(e))
			return move_to_members(e, job, fd, size);
		job->end = READER_TO_EOF;
	}
	/* Files of /proc say that they have no size: all is in the last part. */
	if (size == 0 && r->part == r->parts && !r->some)
		job->end = READER_TO_EOF;
	return true;
}

bool engine_range_set(const struct engine *e, struct job *job, int fd)
{
	bool whole = set(e, job, fd);

	job->uncuttable = !whole && !job->total.read_error;
	return whole;
}

struct counted engine_range_of(const struct job *job, uint64_t begin, uint64_t end)
{
	return (struct counted){.st = &job->st,
	                        .format = job->format,
	                        .origin = job->origin,
	                        .begin = begin,
	                        .end = end};
}
