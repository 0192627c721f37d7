/* SPDX-License-Identifier: BSD-2-Clause */
/* No sandbox: another system, or a processor whose system calls have no list in sandbox.c. */
#include "base/base.h"
#include "base/sandbox.h"

#include <errno.h>

bool sandbox_available(void)
{
	return false;
}

int sandbox_enter(int socket UNUSED)
{
	errno = ENOSYS;
	return -1;
}
