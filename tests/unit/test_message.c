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
/* No more of it is asked for. */
static const struct charset utf8 = {.class = CHARSET_UTF8}, multi = {.class = CHARSET_MULTI},
			    single = {.class = CHARSET_SINGLE};

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
		if (less != offsetof(struct task_message, path)) /* without a name it is whole */
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
	struct result result = {.read_error = EIO, .tally = {.lines = 3, .bytes = 8}}, got = {0};

	for (int with = 0; with < 2; with++) {
		result.profile = with ? &profile : NULL;
		size_t n = message_put_result(&result_message, 9, 100, &result);
		assert_int_equal(message_get_result(&result_message, n, &utf8, &got), 0);
		assert_true(result_message.seq == 9 && result_message.bytes == 100);
		assert_int_equal(got.read_error, EIO);
		assert_true(got.tally.lines == 3 && got.tally.bytes == 8);
		assert_true(got.profile == (with ? &result_message.profile : NULL));
		assert_int_equal(message_get_result(&result_message, n + 1, &utf8, &got), -1);
		assert_int_equal(message_get_result(&result_message, n - 1, &utf8, &got), -1);
	}
}

/* Without a path: the task's file comes with the message. */
static void a_task_needs_no_name(void **state UNUSED)
{
	struct task task = example;

	task.path = NULL;
	size_t n = message_put_task(&task_message, 42, &task);
	assert_true(n == offsetof(struct task_message, path));
	assert_int_equal(message_get_task(&task_message, n, &task), 0);
	assert_true(task.path == NULL && task.begin == 5);
	assert_int_equal(message_get_task(&task_message, n - 1, &task), -1);
	assert_int_equal(message_get_task(&task_message, 0, &task), -1);
}

/* A byte that is in the message where a bool should be. */
static void spoil(void *at)
{
	memset(at, 2, 1);
}

static void spoil_tally(struct tally *t, int how)
{
	uint64_t *numbers[] = {&t->lines,       &t->words,       &t->chars,
	                       &t->errors,      &t->max_width,   &t->first.before,
	                       &t->first.after, &t->last.before, &t->last.after};
	bool *flags[] = {&t->first.tab, &t->last.tab,    &t->broken,
	                 &t->decided,   &t->starts_word, &t->ends_word};

	t->bytes = 100;
	if (how < 9) {
		*numbers[how] = 6401;
	} else if (how < 15) {
		spoil(flags[how - 9]);
	} else if (how == 15) {
		t->bytes = TALLY_BYTES_MOST + 1;
	} else if (how == 16) {
		t->head_len = 4;
		memset(t->head, 0x80, sizeof t->head);
	} else if (how == 17) {
		t->head_len = 1; /* no continuation byte */
	} else if (how == 18) {
		t->tail_len = 7; /* merging would go on writing after it */
	} else if (how == 19) {
		t->tail_len = 2;
		t->tail[0] = 0xC3; /* a whole character */
		t->tail[1] = 0xA9;
	} else if (how == 20) {
		t->tail_len = 2;
		t->tail[0] = 0xE2;
		t->tail[1] = 'x';
	} else if (how == 21) {
		t->records = (struct record_run){.bytes = 1, .form = RECORD_FORMS};
	} else if (how == 22) {
		t->records = (struct record_run){.bytes = 1, .form = RECORDS_QUOTED};
		t->records.head[0] = t->records.tail[1] = RECORD_CLASSES;
	} else if (how == 23) {
		t->records = (struct record_run){.bytes = 1, .form = RECORDS_QUOTED, .ends = {2}};
	}
}

static void a_tally_that_no_text_has_is_refused(void **state UNUSED)
{
	for (int how = 0; how <= 24; how++) {
		struct result r = {.kind = RESULT_COUNTED}, got;
		spoil_tally(&r.tally, how);
		size_t n = message_put_result(&result_message, 1, 0, &r);
		assert_int_equal(message_get_result(&result_message, n, &utf8, &got),
		                 how < 24 ? -1 : 0);
	}
	struct result r = {.kind = RESULT_COUNTED, .tally = {.bytes = 9, .tail_len = 7}}, got;
	size_t n = message_put_result(&result_message, 1, 0, &r);
	assert_int_equal(message_get_result(&result_message, n, &multi, &got), 0);
	assert_int_equal(message_get_result(&result_message, n, &single, &got), -1);
	result_message.result.tally.tail_len = TALLY_TAIL_MAX + 1;
	assert_int_equal(message_get_result(&result_message, n, &multi, &got), -1);
}

static void more_bytes_than_a_piece_can_hold_are_impossible(void **state UNUSED)
{
	struct task task = {.kind = TASK_PIECE, .begin = 1000, .end = 2000, .size = 9000};
	struct result r = {.kind = RESULT_COUNTED, .tally = {.bytes = 1000}};

	assert_true(message_is_possible(&task, &utf8, &r));
	r.tally.bytes = 1010;
	assert_false(message_is_possible(&task, &utf8, &r));
	assert_true(message_is_possible(&task, &multi, &r)); /* to the next newline */
	task.format = FORMAT_GZIP;
	r.tally.bytes = 1032 * 1000;
	assert_true(message_is_possible(&task, &utf8, &r));
	r.tally.bytes = 1033 * 1010;
	assert_false(message_is_possible(&task, &utf8, &r));
	task.entry = ENTRY_SEARCH; /* the last unit may end after the piece */
	assert_true(message_is_possible(&task, &utf8, &r));
	r.tally.bytes = UINT64_C(1033) * (DECODER_REACH + 1000);
	assert_false(message_is_possible(&task, &utf8, &r));
	task.end = UINT64_MAX; /* wherever the file ends now */
	assert_true(message_is_possible(&task, &utf8, &r));
	task.kind = TASK_SNIFF;
	assert_false(message_is_possible(&task, &utf8, &r));
}

/* One field made unsound at a time, in a message that is sound otherwise. */
static void a_result_that_would_lead_astray_is_refused(void **state UNUSED)
{
	struct result sound = {.kind = RESULT_COUNTED}, got;

	for (int broken = 0; broken <= 26; broken++) {
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
			at->fault.format = (enum format)(FORMAT_LAST + 1);
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
		case 9:
			at->fault.cause = DECODE_CORRUPT; /* of no format: its name would be asked
			                                     for */
			break;
		case 10:
			at->fault = (struct decode_fault){DECODE_STOPPED, FORMAT_GZIP, 0, 0};
			break;
		case 11:
			at->read_error = -1;
			break;
		case 12:
			at->open_error = 5000;
			break;
		case 13:
			strcpy(at->type, "text/plain\033[2J");
			break;
		case 14:
			spoil(&at->not_text);
			break;
		case 15:
			spoil(&result_message.profile.has_error);
			break;
		case 16:
			result_message.profile.bytes = UINT64_MAX;
			break;
		case 17:
			result_message.profile.longest.offset = 1;
			break;
		case 18:
			spoil(&at->met_end);
			break;
		case 19:
			at->note = (enum note)(NOTE_LAST + 1); /* its text would be printed */
			break;
		case 20:
			spoil(&at->form_told);
			break;
		case 21:
			spoil(&at->as_bytes);
			break;
		case 22:
			spoil(&at->span.entered);
			break;
		case 23:
			spoil(&at->span.closed);
			break;
		case 24:
			spoil(&at->span.from.inside);
			break;
		case 25:
			spoil(&at->span.to.ended);
			break;
		case 26:
			at->span.from.bit = 1; /* after its end */
			break;
		default:
			break;
		}
		errno = 0;
		assert_int_equal(message_get_result(&result_message, n, &utf8, &got),
		                 broken ? -1 : 0);
		assert_int_equal(errno, broken ? EBADMSG : 0);
	}
}

/* ---- remote workers ---- */

static unsigned sent;

static enum remote_sent keep_sent(void *arg UNUSED, const struct remote *r,
                                  const struct assignment *a, struct result *result)
{
	assert_int_equal(r->number, 3);
	assert_int_equal(result->kind, RESULT_DEFERRED);
	if (!message_can_carry(&a->task))
		return REMOTE_CANNOT;
	if (sent == 3)
		return REMOTE_FULL;
	assert_true(a->seq == 1 + sent++);
	return REMOTE_SENT;
}

static void a_worker_answers_for_its_own_tasks_only(void **state UNUSED)
{
	static struct remote r;
	struct ledger *l = ledger_new(8, false);
	struct task task = example, nameless = {.kind = TASK_PIECE, .fd = 0, .size = 1};
	struct result result = {.kind = RESULT_COUNTED};
	uint64_t seq;

	r = (struct remote){.number = 3};
	sent = 0;
	ledger_add(l, &nameless);
	for (unsigned i = 0; i < 5; i++)
		ledger_add(l, &task);
	assert_int_equal(remote_give(&r, l, keep_sent, NULL), REMOTE_COMMITTED);
	for (unsigned i = 0; i < 3; i++) /* 1, 2 and 3 */
		assert_int_equal(remote_give(&r, l, keep_sent, NULL), REMOTE_GIVEN);
	assert_int_equal(remote_give(&r, l, keep_sent, NULL), REMOTE_KEPT);
	assert_true(r.in_hand == 3 && r.bytes == 3 * (task.end - task.begin));
	assert_true(ledger_collect(l, &task, &result) && result.kind == RESULT_DEFERRED);
	assert_true(ledger_claim(l, 4, &task, &seq) && seq == 4);
	result.kind = RESULT_COUNTED;
	/* Collected, not its oldest, another's, free, never added, absurd. */
	static const uint64_t not_its[] = {0, 2, 4, 5, 6, UINT64_MAX};
	for (size_t i = 0; i < ARRAY_LEN(not_its); i++) {
		size_t n = message_put_result(&result_message, not_its[i], 0, &result);
		errno = 0;
		assert_int_equal(remote_commit(&r, l, &utf8, &result_message, n), -1);
		assert_int_equal(errno, EBADMSG);
	}
	/* More bytes than the task has. */
	result.tally.bytes = example.end - example.begin + 100;
	size_t n = message_put_result(&result_message, 1, 0, &result);
	assert_int_equal(remote_commit(&r, l, &utf8, &result_message, n), -1);
	result.tally.bytes = 0;
	n = message_put_result(&result_message, 1, 0, &result);
	assert_int_equal(remote_commit(&r, l, &utf8, &result_message, n), 0);
	assert_int_equal(remote_commit(&r, l, &utf8, &result_message, n), -1); /* twice */
	assert_int_equal(r.in_hand, 2);
	remote_drop(&r, l, true);
	assert_true(r.in_hand == 0 && r.bytes == 0);
	/* The oldest that it had is to be read with care, the other as if nothing had been. */
	assert_true(ledger_claim(l, 5, &task, &seq) && seq == 2 && task.no_mmap);
	assert_true(ledger_claim(l, 5, &task, &seq) && seq == 3 && !task.no_mmap);
	ledger_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_task_arrives_as_it_was_sent),
		cmocka_unit_test(a_task_needs_no_name),
		cmocka_unit_test(what_others_cannot_open_stays_here),
		cmocka_unit_test(a_result_arrives_as_it_was_sent),
		cmocka_unit_test(a_result_that_would_lead_astray_is_refused),
		cmocka_unit_test(a_worker_answers_for_its_own_tasks_only),
		cmocka_unit_test(a_tally_that_no_text_has_is_refused),
		cmocka_unit_test(more_bytes_than_a_piece_can_hold_are_impossible),
	};

	return unit_run(tests);
}
