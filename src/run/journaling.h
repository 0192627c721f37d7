/* SPDX-License-Identifier: BSD-2-Clause */
/* --journal: an engine's ranges into the journal and back; what is wrong with it, reported. */
#ifndef PCOUNT_RUN_JOURNALING_H
#define PCOUNT_RUN_JOURNALING_H

#include "base/base.h"
#include "cli/operand.h"
#include "engine/engine.h"
#include "partial/partial.h"

struct journaling;

/* All that is pointed to must outlive it. NULL: reported, and nothing is to be counted. */
struct journaling *journaling_open(const char *name, const struct partial_mode *mode,
                                   const struct charset *cs);
/* Writes what is left. */
void journaling_close(struct journaling *journaling);

/* What is known of the file, as engine_add_known() and engine_add_points() take it. */
struct journaling_known {
	struct known_range *range; /* [n] */
	size_t n;
	struct decode_point *point; /* [n_points] */
	size_t n_points;
	bool joined;
};

/* `point` is for free(). */
struct journaling_known journaling_known(struct journaling *journaling, const struct operand *op,
                                         int fd, const struct counted *range);
void journaling_counted(struct journaling *journaling, const struct operand *op, int fd,
                        const struct counted *range);
/* The operand of the last journaling_counted() is complete, its descriptor about to be closed. */
void journaling_done(struct journaling *journaling);

#endif
