/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages, made and checked. */
#include "base/base.h"
#include "exec/message.h"

#include <errno.h>
#include <string.h>

enum {
	TASK_HEADER = offsetof(struct task_message, path),
	RESULT_HEADER = offsetof(struct result_message, profile),
	PROFILE_LEAST = offsetof(struct profile, length), /* bytes that tell how long it is */
	BOM_MAX = 4,
};

bool message_can_carry(const struct task *task)
{
	return task->kind != TASK_FILE && task->path && task->size > 0 &&
	       strlen(task->path) < PATH_MAX;
}

size_t message_put_task(struct task_message *m, uint64_t seq, const struct task *task)
{
	size_t length = strlen(task->path) + 1;

	memset(m, 0, TASK_HEADER); /* padding too */
	m->seq = seq;
	m->task = *task;
	m->task.path = NULL;
	m->task.fd = -1;
	memcpy(m->path, task->path, length);
	return TASK_HEADER + length;
}

int message_get_task(const struct task_message *m, size_t n, struct task *task)
{
	if (n <= TASK_HEADER || n > sizeof *m || ((const char *)m)[n - 1] != '\0') {
		errno = EBADMSG;
		return -1;
	}
	*task = m->task;
	task->path = m->path;
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

/* Are the fields that index or end something within their bounds? */
static bool is_sound(const struct result *r)
{
	return (r->kind == RESULT_COUNTED || r->kind == RESULT_DEFERRED) &&
	       r->fault.cause <= DECODE_NOT_BUILT && r->fault.format <= FORMAT_LZ4 &&
	       r->form <= ENCODING_ICONV && r->bom_length <= BOM_MAX &&
	       memchr(r->type, '\0', sizeof r->type);
}

int message_get_result(const struct result_message *m, size_t n, struct result *result)
{
	bool profile = n > RESULT_HEADER;
	bool sound = n >= RESULT_HEADER && n <= sizeof *m && is_sound(&m->result) &&
	             (!profile || (n >= RESULT_HEADER + (size_t)PROFILE_LEAST &&
	                           m->profile.top <= ARRAY_LEN(m->profile.length) &&
	                           n == RESULT_HEADER + profile_size(&m->profile)));

	if (!sound) {
		errno = EBADMSG;
		return -1;
	}
	*result = m->result;
	result->profile = profile ? &m->profile : NULL;
	return 0;
}
