/* SPDX-License-Identifier: BSD-2-Clause */
/* Serial: the coordinator's thread does every task itself, in order. The reference. */
#include "base/base.h"
#include "exec/exec.h"
#include "exec/worker.h"

static void serial_start(struct executor *x)
{
	x->present = 1;
}

static void serial_step(struct executor *x)
{
	verify(worker_coordinator_step(x, 0));
}

static void serial_stop(struct executor *x UNUSED)
{
}

const struct executor_ops exec_serial = {
	.name = "serial",
	.one_by_one = true,
	.coordinator_works = true,
	.start = serial_start,
	.step = serial_step,
	.stop = serial_stop,
};
