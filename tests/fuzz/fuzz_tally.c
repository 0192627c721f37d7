/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzer of the tally's laws: the input says the charset, the cuts and the order of merging, then
 * comes the text. In pieces, at once, and by the oracle it must come to the same.
 */
#include "../unit/model.h"
#include "count/counter.h"
#include "fuzz.h"

#include <locale.h>
#include <string.h>

int FUZZ_TARGET(const uint8_t *data, size_t n);

enum { TALLY_PIECES_MAX = 16 };

struct tally_setting {
	struct charset cs;
	struct counter counter;
	struct model model;
	unsigned char space[256], print[256];
};

static void tally_settle(struct tally_setting *s, bool utf8, bool posixly_correct)
{
	fuzz_check(setlocale(LC_CTYPE, utf8 ? "C.UTF-8" : "C"));
	charset_init(&s->cs, posixly_correct);
	for (unsigned b = 0; b < 256; b++) {
		s->space[b] = (b >= 9 && b <= 13) || b == 32 || (b == 0xA0 && !posixly_correct);
		s->print[b] = b >= 0x20 && b < 0x7F;
	}
	s->model = (struct model){.utf8 = utf8, .space = s->space, .print = s->print,
	                          .no_break_spaces = !posixly_correct};
	fuzz_check(counter_init(&s->counter, &s->cs, NEED_ALL, "scalar") == COUNTER_OK);
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

static struct tally tally_in_pieces(struct tally_setting *s, struct fuzz_bytes *in, size_t pieces,
                                    const uint8_t *order)
{
	struct tally piece[TALLY_PIECES_MAX] = {{0}};
	size_t cut[TALLY_PIECES_MAX + 1];

	tally_cuts(in, pieces, cut);
	for (size_t i = 0; i < pieces; i++)
		s->counter.count(&s->counter, &piece[i], in->p + cut[i], cut[i + 1] - cut[i]);
	for (; pieces > 1; pieces--) {
		size_t i = order[pieces - 2] % (pieces - 1);
		tally_merge(&s->cs, &piece[i], &piece[i + 1]);
		memmove(&piece[i + 1], &piece[i + 2], (pieces - i - 2) * sizeof piece[0]);
	}
	return piece[0];
}

int FUZZ_TARGET(const uint8_t *data, size_t n)
{
	struct fuzz_bytes in = {data, n};
	struct tally_setting s;
	uint8_t order[TALLY_PIECES_MAX];
	struct tally whole = TALLY_EMPTY;

	unsigned charset = fuzz_byte(&in);
	size_t pieces = fuzz_byte(&in) % TALLY_PIECES_MAX + 1;
	for (size_t i = 0; i + 1 < pieces; i++)
		order[i] = (uint8_t)fuzz_byte(&in);
	if (in.n > MODEL_MAX)
		return 0;
	tally_settle(&s, charset & 1, charset & 2);
	struct tally merged = tally_in_pieces(&s, &in, pieces, order);
	s.counter.count(&s.counter, &whole, in.p, in.n);
	fuzz_check(model_same_tally(&whole, &merged));
	fuzz_check(model_same_counts(tally_finish(&s.cs, &merged), model_count(&s.model, in.p, in.n)));
	counter_free(&s.counter);
	return 0;
}
