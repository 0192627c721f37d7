/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of --partial. */
#include "base/base.h"
#include "report/formatter.h"
#include "report/records.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int open_partial(struct report *r)
{
	r->json = records_library("--partial");
	return r->json ? 0 : -1;
}

static int print_partial(struct report *r, const struct record *record)
{
	if (!record->partial)
		return 0;
	char *line = partial_line(r->json, record->partial);
	if (!line) {
		errno = ENOMEM;
		return -1;
	}
	int status = sink_put(&r->sink, line, strlen(line));
	int saved = errno;
	free(line);
	errno = saved;
	return status;
}

const struct formatter formatter_partial = {
	.forms = FORM_PARTIAL,
	.open = open_partial,
	.line = print_partial,
	.close = records_close,
};
