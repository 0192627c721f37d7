/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzer of the laws of the tally, its records, and the profile: the input says the charset, the
 * cuts and the order of merging, then comes the text. In pieces, at once, and by the oracles it
 * must come to the same.
 */
#include "../unit/model_profile.h"
#include "../unit/model_records.h"
#include "count/profiler.h"
#include "count/recorder.h"
#include "fuzz.h"

#include <locale.h>
#include <string.h>

int FUZZ_TARGET(const uint8_t *data, size_t n);

enum { TALLY_PIECES_MAX = 16 };

/* What is known of a run of bytes. */
struct tally_run {
	struct tally tally;
	struct profile profile;
};

struct tally_setting {
	struct charset cs;
	struct counter counter;
	struct recorder recorder;
	struct model model;
	unsigned char space[256], print[256];
};

static const struct record_kind tally_records = {RECORDS_QUOTED, ','};

static void tally_settle(struct tally_setting *s, bool utf8, bool posixly_correct)
{
	fuzz_check(setlocale(LC_CTYPE, utf8 ? "C.UTF-8" : "C"));
	charset_init(&s->cs, posixly_correct);
	for (unsigned b = 0; b < 256; b++) {
		s->space[b] = (b >= 9 && b <= 13) || b == 32 || (b == 0xA0 && !posixly_correct);
		s->print[b] = b >= 0x20 && b < 0x7F;
	}
	s->model = (struct model){.utf8 = utf8,
	                          .space = s->space,
	                          .print = s->print,
	                          .no_break_spaces = !posixly_correct};
	fuzz_check(counter_init(&s->counter, &s->cs, NEED_ALL, "scalar") == COUNTER_OK);
	recorder_add(&s->recorder, &s->counter, tally_records, "scalar");
	fuzz_check(profiler_add(&s->counter) == 0);
}

/* Cuts of the text, by bytes of the input, in order. */
static size_t tally_cuts(struct fuzz_bytes *in, size_t pieces, size_t *cut)
{
	for (size_t i = 1; i < pieces; i++)
		cut[i] = fuzz_byte(in) | fuzz_byte(in) << 8;
	for (size_t i = 1; i < pieces; i++) {
		cut[i] = in->n > 0 ? cut[i] % (in->n + 1) : 0;
		for (size_t j = i; j > 1 && cut[j] < cut[j - 1]; j--) {
			size_t swap = cut[j];
			cut[j] = cut[j - 1];
			cut[j - 1] = swap;
		}
	}
	cut[0] = 0;
	cut[pieces] = in->n;
	return in->n;
}

static void tally_scan(struct tally_setting *s, struct tally_run *run, const uint8_t *p, size_t n)
{
	memset(run, 0, sizeof *run);
	profiler_start(s->counter.profiler);
	s->counter.count(&s->counter, &run->tally, p, n);
	profile_copy(&run->profile, &s->counter.profiler->profile);
}

static const struct tally_run *tally_in_pieces(struct tally_setting *s, struct fuzz_bytes *in,
                                               size_t pieces, const uint8_t *order)
{
	static struct tally_run piece[TALLY_PIECES_MAX];
	size_t cut[TALLY_PIECES_MAX + 1];

	tally_cuts(in, pieces, cut);
	for (size_t i = 0; i < pieces; i++)
		tally_scan(s, &piece[i], in->p + cut[i], cut[i + 1] - cut[i]);
	for (; pieces > 1; pieces--) {
		size_t i = order[pieces - 2] % (pieces - 1);
		profile_merge(&s->cs, &piece[i].profile, &piece[i].tally, &piece[i + 1].profile,
		              &piece[i + 1].tally);
		tally_merge(&s->cs, &piece[i].tally, &piece[i + 1].tally);
		memmove(&piece[i + 1], &piece[i + 2], (pieces - i - 2) * sizeof piece[0]);
	}
	return &piece[0];
}

int FUZZ_TARGET(const uint8_t *data, size_t n)
{
	static struct tally_run whole;
	struct fuzz_bytes in = {data, n};
	struct tally_setting s;
	uint8_t order[TALLY_PIECES_MAX];

	unsigned charset = fuzz_byte(&in);
	size_t pieces = fuzz_byte(&in) % TALLY_PIECES_MAX + 1;
	for (size_t i = 0; i + 1 < pieces; i++)
		order[i] = (uint8_t)fuzz_byte(&in);
	if (in.n > MODEL_MAX)
		return 0;
	tally_settle(&s, charset & 1, charset & 2);
	const struct tally_run *merged = tally_in_pieces(&s, &in, pieces, order);
	tally_scan(&s, &whole, in.p, in.n);
	fuzz_check(model_same_tally(&whole.tally, &merged->tally));
	struct counts counts = model_count(&s.model, in.p, in.n);
	counts.records = model_records(tally_records, in.p, in.n);
	fuzz_check(model_same_counts(tally_finish(&s.cs, &merged->tally), counts));
	fuzz_check(model_same_profile(&whole.profile, &merged->profile));
	profile_finish(&s.cs, &whole.profile, &merged->tally);
	fuzz_check(!model_profile_differs(&s.model, &whole.profile, in.p, in.n));
	counter_free(&s.counter);
	return 0;
}
