/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the first bytes of an operand's content say of it: is it text, of which type. Content is what
 * is counted: the bytes of the file, or what they decode to.
 *
 * So many first bytes are gathered before anything is decided, however they come: the answer must
 * not depend on who reads, in what blocks, or on how small the members of a compressed file are.
 */
#include "base/base.h"
#include "detect/text.h"
#include "engine/worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int content_init(struct worker *w, const struct engine_config *config)
{
	const char *why;

	w->text_only = config->text_only;
	w->look_size = config->types ? FILETYPE_LOOK : config->text_only ? TEXT_LOOK : 0;
	if (config->types && !(w->filetype = filetype_new(&why)))
		return -1;
	w->look = w->look_size > 0 ? malloc(w->look_size) : NULL;
	if (w->look_size == 0 || w->look)
		return 0;
	content_free(w);
	return -1;
}

void content_free(struct worker *w)
{
	free(w->look);
	w->look = NULL;
	filetype_free(w->filetype);
	w->filetype = NULL;
}

bool content_look(struct worker *w, const unsigned char *bytes, size_t n, struct result *result)
{
	unsigned mark;

	n = (size_t)min_u64(n, w->look_size);
	if (w->text_only && !text_looks_like(bytes, n) && encoding_detect(bytes, n, &mark) == ENCODING_NONE)
		result->not_text = true;
	else if (w->filetype)
		filetype_tell(w->filetype, bytes, n, result->type);
	return !result->not_text;
}

bool content_look_file(struct worker *w, int fd, uint64_t offset, struct result *result)
{
	size_t have = 0;

	while (have < w->look_size) {
		ssize_t n = pread(fd, w->look + have, w->look_size - have, (off_t)(offset + have));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break; /* an error will be met again, and told, by the one who counts */
		have += (size_t)n;
	}
	return w->look_size == 0 || content_look(w, w->look, have, result);
}

void content_begin(struct worker *w, bool looking)
{
	w->looking = looking && w->look_size > 0;
	w->looked = 0;
}

static void count(struct worker *w, const unsigned char *bytes, size_t n, struct result *result)
{
	w->counter.count(&w->counter, &result->tally, bytes, n);
}

/* Enough is gathered, or there is no more. */
static bool decide(struct worker *w, struct result *result)
{
	w->looking = false;
	if (!content_look(w, w->look, w->looked, result) || w->look_only)
		return false;
	count(w, w->look, w->looked, result);
	return true;
}

bool content_take(struct worker *w, const unsigned char *bytes, size_t n, struct result *result)
{
	if (w->looking) {
		size_t taken = (size_t)min_u64(n, w->look_size - w->looked);
		memcpy(w->look + w->looked, bytes, taken);
		w->looked += taken;
		if (w->looked < w->look_size)
			return true;
		if (!decide(w, result))
			return false;
		bytes += taken;
		n -= taken;
	}
	count(w, bytes, n, result);
	return true;
}

void content_end(struct worker *w, struct result *result)
{
	/* Of a directory, or what else cannot be read, nothing can be said. */
	if (w->looking && (w->looked > 0 || !result->read_error))
		(void)decide(w, result);
}
