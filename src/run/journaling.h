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

/* The ranges of the file that are known, as engine_add_known() takes them. */
struct known_range *journaling_known(struct journaling *journaling, const struct operand *op,
                                     int fd, const struct counted *range, size_t *n);
void journaling_counted(struct journaling *journaling, const struct operand *op, int fd,
                        const struct counted *range);
/* The operand of the last journaling_counted() is complete, its descriptor about to be closed. */
void journaling_done(struct journaling *journaling);

#endif
