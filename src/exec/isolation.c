/* SPDX-License-Identifier: BSD-2-Clause */
/* What has to be ready before a sandbox is entered. */
#include "base/base.h"
#include "base/sandbox.h"
#include "exec/isolation.h"

bool isolation_wanted(const struct scan_config *config)
{
	return config->decompress != FORMAT_PLAIN || config->types;
}

void isolation_enter(struct scanner *s, int socket)
{
	char32_t c;

	/*
	 * The C library's converters are loaded when they are first used, and then it would be too
	 * late.
	 */
	if (s->counter.cs->class == CHARSET_MULTI)
		(void)charset_decode((const unsigned char *)"\x81\x40", 2, &c);
	if (sandbox_enter(socket) == 0)
		s->may_thread = false;
}
