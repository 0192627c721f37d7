/* SPDX-License-Identifier: BSD-2-Clause */
/* The output, line by line. */
#include "base/base.h"
#include "report/sink.h"

#include "base/fd.h"
#include "base/system.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool sink_may_join(int fd)
{
	struct stat st;
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fstat(fd, &st) != 0)
		return false;
	/* Datagrams, and pipes in packet mode, keep the borders of what was written. */
	return S_ISREG(st.st_mode) || S_ISCHR(st.st_mode) ||
	       (S_ISFIFO(st.st_mode) && !system_keeps_packets(flags));
}

static int write_out(const struct sink *sink, const char *bytes, size_t n)
{
	return write_all(sink->fd > 0 ? sink->fd : STDOUT_FILENO, bytes, n);
}

int sink_put(struct sink *sink, const char *line, size_t n)
{
	if (sink->joins && n > sizeof sink->bytes - sink->used && sink_flush(sink) != 0)
		return -1;
	if (!sink->joins || n > sizeof sink->bytes)
		return write_out(sink, line, n);
	memcpy(sink->bytes + sink->used, line, n);
	sink->used += n;
	return 0;
}

int sink_flush(struct sink *sink)
{
	size_t n = sink->used;

	if (n == 0)
		return 0;
	sink->used = 0;
	return write_out(sink, sink->bytes, n);
}
