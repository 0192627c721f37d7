/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A relay: each piece of a gzip file hands on to the next one the place where it ends, with the
 * last text before it. Pieces are decoded at the same time, to symbols; what those stand for, and
 * whether the piece was entered where it should have been, is known when that place has come.
 *
 * Made by whoever has the pieces done, in threads that claim them in the order of the file: the
 * piece that another waits for is always under way.
 */
#ifndef PCOUNT_SCAN_RELAY_H
#define PCOUNT_SCAN_RELAY_H

#include "base/base.h"
#include "scan/scan.h"
#include "source/gzip_piece.h"

struct relay {
	/* Has the place come where piece `piece`, counted from 0 on, goes on? */
	bool (*is_due)(struct relay *r, uint64_t piece);
	/* Waits for it. */
	void (*take)(struct relay *r, uint64_t piece, struct gzip_place *place);
	/* Gives the place where piece `piece` ends to the next one. */
	void (*pass)(struct relay *r, uint64_t piece, const struct gzip_place *place);
	/* All of it has been counted; `right`: its members are what their ends say. */
	void (*finish)(struct relay *r, uint64_t piece, const struct gzip_sum *sum, bool right);
};

/*
 * Counts the piece: from the place where the one before it ends to a border at or after its end. If
 * it is the last, or if what follows the last member begins in it, all that is left. Where this
 * cannot be done, the next one gets GZIP_AT_FAULT.
 */
void relay_run(struct scanner *s, const struct task *task, int fd, struct result *result);

#endif
