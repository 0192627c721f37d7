/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages to and from workers: what goes in comes out, and nothing else is taken for one. */
#include "base/base.h"
#include "exec/remote.h"
#include "unit.h"

#include <errno.h>
#include <string.h>

static struct task_message task_message;
static struct result_message result_message;
static struct profile profile;

static const struct task example = {.kind = TASK_PIECE,
                                    .path = "some/where",
                                    .fd = 7,
                                    .ino = 4,
                                    .begin = 5,
                                    .end = 9,
                                    .size = 10};

static void a_task_arrives_as_it_was_sent(void **state UNUSED)
{
	struct task task;
	size_t n = message_put_task(&task_message, 42, &example);

	assert_int_equal(message_get_task(&task_message, n, &task), 0);
	assert_true(task_message.seq == 42);
	assert_string_equal(task.path, "some/where");
	assert_true(task.path == task_message.path);
	assert_int_equal(task.fd, -1); /* means nothing there */
	assert_true(task.begin == 5 && task.end == 9 && task.ino == 4 && task.size == 10);
	for (size_t less = 0; less < n; less++)
		assert_int_equal(message_get_task(&task_message, less, &task), -1);
}

static void what_others_cannot_open_stays_here(void **state UNUSED)
{
	struct task task = example;

	assert_true(message_can_carry(&task));
	task.path = NULL;
	assert_false(message_can_carry(&task));
	task = example;
	task.size = 0;
	assert_false(message_can_carry(&task));
	task = example;
	task.kind = TASK_FILE;
	assert_false(message_can_carry(&task));
}

static void a_result_arrives_as_it_was_sent(void **state UNUSED)
{
	struct result result = {.read_error = EIO, .tally = {.lines = 3, .bytes = 8}}, got;

	for (int with = 0; with < 2; with++) {
		result.profile = with ? &profile : NULL;
		size_t n = message_put_result(&result_message, 9, 100, &result);
		assert_int_equal(message_get_result(&result_message, n, &got), 0);
		assert_true(result_message.seq == 9 && result_message.bytes == 100);
		assert_int_equal(got.read_error, EIO);
		assert_true(got.tally.lines == 3 && got.tally.bytes == 8);
		assert_true(got.profile == (with ? &result_message.profile : NULL));
		assert_int_equal(message_get_result(&result_message, n + 1, &got), -1);
		assert_int_equal(message_get_result(&result_message, n - 1, &got), -1);
	}
}

/* One field made unsound at a time, in a message that is sound otherwise. */
static void a_result_that_would_lead_astray_is_refused(void **state UNUSED)
{
	struct result sound = {.kind = RESULT_COUNTED}, got;

	for (int broken = 0; broken <= 8; broken++) {
		struct result r = sound;
		profile = (struct profile){0};
		r.profile = &profile;
		size_t n = message_put_result(&result_message, 1, 0, &r);
		struct result *at = &result_message.result;
		switch (broken) {
		case 1:
			at->kind = RESULT_KNOWN; /* the coordinator alone knows */
			break;
		case 2:
			at->kind = (enum result_kind)77;
			break;
		case 3:
			at->fault.cause = (enum decode_cause)(DECODE_NOT_BUILT + 1);
			break;
		case 4:
			at->fault.format = (enum format)(FORMAT_LZ4 + 1);
			break;
		case 5:
			at->form = (enum encoding_form)(ENCODING_ICONV + 1);
			break;
		case 6:
			at->bom_length = 5;
			break;
		case 7:
			memset(at->type, 'x', sizeof at->type);
			break;
		case 8:
			result_message.profile.top = UINT16_MAX;
			break;
		default:
			break;
		}
		errno = 0;
		assert_int_equal(message_get_result(&result_message, n, &got), broken ? -1 : 0);
		assert_int_equal(errno, broken ? EBADMSG : 0);
	}
}

/* ---- remote workers ---- */

static unsigned sent;

static void keep_sent(void *arg UNUSED, const struct remote *r, const struct task_message *message,
                      size_t n)
{
	struct task task;

	assert_int_equal(r->number, 3);
	assert_int_equal(message_get_task(message, n, &task), 0);
	assert_true(message->seq == 1 + sent++);
}

static void a_worker_answers_for_its_own_tasks_only(void **state UNUSED)
{
	static const struct remote_transport transport = {.can_carry = message_can_carry,
	                                                  .send = keep_sent};
	struct ledger *l = ledger_new(8, false);
	struct remote r = {.number = 3, .threads = 1};
	struct task task = example, nameless = {.kind = TASK_PIECE, .fd = 0, .size = 1};
	struct result result = {.kind = RESULT_COUNTED};
	uint64_t seq;

	ledger_add(l, &nameless);
	for (unsigned i = 0; i < 5; i++)
		ledger_add(l, &task);
	assert_true(remote_fill(&r, l, &transport));
	assert_int_equal(sent, REMOTE_TASKS_PER_THREAD); /* 1, 2 and 3 */
	assert_false(remote_fill(&r, l, &transport));
	assert_true(ledger_collect(l, &task, &result) && result.kind == RESULT_DEFERRED);
	assert_true(ledger_claim(l, 4, &task, &seq) && seq == 4);
	result.kind = RESULT_COUNTED;
	/* Collected, another's, free, never added, absurd. */
	static const uint64_t not_its[] = {0, 4, 5, 6, UINT64_MAX};
	for (size_t i = 0; i < ARRAY_LEN(not_its); i++) {
		size_t n = message_put_result(&result_message, not_its[i], 0, &result);
		errno = 0;
		assert_int_equal(remote_commit(&r, l, &result_message, n), -1);
		assert_int_equal(errno, EBADMSG);
	}
	size_t n = message_put_result(&result_message, 2, 0, &result);
	assert_int_equal(remote_commit(&r, l, &result_message, n), 0);
	assert_int_equal(remote_commit(&r, l, &result_message, n), -1); /* twice */
	assert_int_equal(r.in_hand, 2);
	ledger_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_task_arrives_as_it_was_sent),
		cmocka_unit_test(what_others_cannot_open_stays_here),
		cmocka_unit_test(a_result_arrives_as_it_was_sent),
		cmocka_unit_test(a_result_that_would_lead_astray_is_refused),
		cmocka_unit_test(a_worker_answers_for_its_own_tasks_only),
	};

	return unit_run(tests);
}
