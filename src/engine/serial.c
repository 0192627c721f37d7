/* SPDX-License-Identifier: BSD-2-Clause */
/* The serial engine: the owner does every task itself, in order. */
#include "base/base.h"
#include "engine/core.h"

static void serial_start(struct engine *e)
{
	e->stats->workers = 1;
}

static void serial_step(struct engine *e)
{
	verify(worker_step(&e->owner, e->ledger, 0));
}

static void serial_stop(struct engine *e UNUSED)
{
}

const struct engine_ops engine_serial = {
	.kind = ENGINE_SERIAL,
	.start = serial_start,
	.step = serial_step,
	.stop = serial_stop,
};
