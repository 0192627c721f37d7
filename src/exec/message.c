/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages, made and checked. */
#include "base/base.h"
#include "exec/message.h"
#include "source/reader.h"

#include <errno.h>
#include <string.h>

enum {
	TASK_HEADER = offsetof(struct task_message, path),
	RESULT_HEADER = offsetof(struct result_message, profile),
	PROFILE_LEAST = offsetof(struct profile, length), /* bytes that tell how long it is */
	ERRNO_MOST = 4095,                                /* the kernel's limit */
};

bool message_can_carry(const struct task *task)
{
	return task->kind != TASK_FILE && task->path && task->size > 0 &&
	       strlen(task->path) < PATH_MAX;
}

size_t message_put_task(struct task_message *m, uint64_t seq, const struct task *task)
{
	size_t length = task->path ? strlen(task->path) + 1 : 0;

	memset(m, 0, TASK_HEADER); /* padding too */
	m->seq = seq;
	m->task = *task;
	m->task.path = NULL;
	m->task.fd = -1;
	if (length > 0)
		memcpy(m->path, task->path, length);
	return TASK_HEADER + length;
}

int message_get_task(const struct task_message *m, size_t n, struct task *task)
{
	if (n < TASK_HEADER || n > sizeof *m ||
	    (n > TASK_HEADER && ((const char *)m)[n - 1] != '\0')) {
		errno = EBADMSG;
		return -1;
	}
	*task = m->task;
	task->path = n > TASK_HEADER ? m->path : NULL;
	return 0;
}

size_t message_put_result(struct result_message *m, uint64_t seq, uint64_t bytes,
                          const struct result *result)
{
	const struct profile *profile = result->profile;

	memset(m, 0, RESULT_HEADER);
	m->seq = seq;
	m->bytes = bytes;
	m->result = *result;
	m->result.profile = NULL;
	if (!profile)
		return RESULT_HEADER;
	memcpy(&m->profile, profile, profile_size(profile));
	return RESULT_HEADER + profile_size(profile);
}

static bool type_is_sound(const char type[FILETYPE_MAX])
{
	size_t n = strnlen(type, FILETYPE_MAX);

	for (size_t i = 0; i < n; i++)
		if (type[i] <= ' ' || type[i] > '~')
			return false;
	return n < FILETYPE_MAX;
}

/* Any number of bits will do: as bytes it is so small that sums do not wrap. */
static bool place_is_sound(const struct decode_place *p)
{
	return is_bool(&p->inside) && is_bool(&p->ended);
}

static bool span_is_sound(const struct decode_span *s)
{
	return is_bool(&s->entered) && is_bool(&s->closed) && place_is_sound(&s->from) &&
	       place_is_sound(&s->to) && s->from.bit <= s->to.bit;
}

/* Are the fields that index, choose or end something within their bounds, and numbers plausible? */
static bool is_sound(const struct charset *cs, const struct result *r)
{
	return (r->kind == RESULT_COUNTED || r->kind == RESULT_DEFERRED) && r->open_error >= 0 &&
	       r->open_error <= ERRNO_MOST && r->read_error >= 0 && r->read_error <= ERRNO_MOST &&
	       (unsigned)r->fault.cause <= DECODE_NOT_BUILT && r->fault.cause != DECODE_STOPPED &&
	       r->fault.cause != DECODE_END && (unsigned)r->fault.format <= FORMAT_LAST &&
	       (r->fault.cause == DECODE_OK || r->fault.cause == DECODE_CRASHED ||
	        r->fault.cause == DECODE_NOT_ISOLATED || r->fault.format > FORMAT_AUTO) &&
	       (unsigned)r->note <= NOTE_LAST && (unsigned)r->form <= ENCODING_ICONV &&
	       r->bom_length <= ENCODING_BOM_MAX && is_bool(&r->as_bytes) &&
	       is_bool(&r->form_told) && is_bool(&r->met_end) && is_bool(&r->not_text) &&
	       type_is_sound(r->type) && span_is_sound(&r->span) && tally_is_sound(cs, &r->tally);
}

static bool profile_is_sound(const struct profile *p)
{
	return p->bytes <= TALLY_BYTES_MOST && p->lines <= p->bytes && p->crlf <= p->lines &&
	       p->first <= p->bytes && p->last <= p->bytes && p->unended <= 1 &&
	       p->shortest <= p->bytes && p->longest.length <= p->bytes &&
	       p->longest.number <= p->bytes && p->longest.offset <= p->bytes &&
	       p->error_at <= p->bytes && is_bool(&p->has_error) && is_bool(&p->first_cr) &&
	       is_bool(&p->ends_cr);
}

/*
 * The profile that follows n - RESULT_HEADER bytes after the result: as long as it says itself, and
 * sound.
 */
static bool holds_profile(const struct result_message *m, size_t n)
{
	return n >= RESULT_HEADER + (size_t)PROFILE_LEAST &&
	       m->profile.top <= ARRAY_LEN(m->profile.length) &&
	       n == RESULT_HEADER + profile_size(&m->profile) && profile_is_sound(&m->profile);
}

int message_get_result(const struct result_message *m, size_t n, const struct charset *cs,
                       struct result *result)
{
	bool profile = n > RESULT_HEADER;
	bool sound = n >= RESULT_HEADER && n <= sizeof *m && is_sound(cs, &m->result) &&
	             (!profile || holds_profile(m, n));

	if (!sound) {
		errno = EBADMSG;
		return -1;
	}
	*result = m->result;
	result->profile = profile ? &m->profile : NULL;
	return 0;
}

/*
 * Bytes that come out of one byte in this format at most. zstd: a block of 4 bytes repeats one byte
 * 128 Ki times. gzip: 2 bits repeat 258 bytes. xz, lzip, lzma: a chunk holds 2 MiB. bzip2: 46 bytes
 * may hold 46 MB. lz4: 255 for each byte of a length.
 */
static const uint64_t expansion[] = {
	[FORMAT_PLAIN] = 1,    [FORMAT_AUTO] = 1,       [FORMAT_ZSTD] = 1 << 15,
	[FORMAT_GZIP] = 1032,  [FORMAT_XZ] = 1 << 21,   [FORMAT_BZIP2] = 1 << 21,
	[FORMAT_LZ4] = 1 << 8, [FORMAT_LZIP] = 1 << 21, [FORMAT_LZMA] = 1 << 21,
};
_Static_assert(ARRAY_LEN(expansion) == FORMAT_LAST + 1, "one for each format");

bool message_is_possible(const struct task *task, const struct charset *cs,
                         const struct result *result)
{
	/* Borders that move: to the next newline; beyond a surrogate pair. */
	enum { BORDER_MOVES = 4 };
	uint64_t reach = task->entry == ENTRY_MEMBER ? BORDER_MOVES : DECODER_REACH;

	if (task->kind == TASK_SNIFF)
		return result->tally.bytes == 0;
	/* How long the file is now is not known. */
	if (task->kind != TASK_PIECE || task->end == READER_TO_EOF || cs->class == CHARSET_MULTI)
		return true;
	return result->tally.bytes / expansion[task->format] <= task->end - task->begin + reach;
}
