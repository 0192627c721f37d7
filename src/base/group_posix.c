/* SPDX-License-Identifier: BSD-2-Clause */
/* POSIX tells nobody who else is in a process group. */
#include "base/base.h"
#include "base/group.h"

#include <unistd.h>

bool group_is_shared(void)
{
	return getpid() != getpgrp();
}
