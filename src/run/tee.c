/* SPDX-License-Identifier: BSD-2-Clause */
/* Standard output as a second reader, and SIGPIPE. */
#include "base/base.h"
#include "base/diag.h"
#include "run/tee.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

int tee_start(struct tee *t)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;

	passthrough_init(&t->pass, STDIN_FILENO, STDOUT_FILENO);
	if (passthrough_is_loop(STDIN_FILENO, STDOUT_FILENO)) {
		diag_error(0, "-: input file is output file");
		return -1;
	}
	t->dies = sigaction(SIGPIPE, &ignore, &before) == 0 && before.sa_handler == SIG_DFL;
	return 0;
}

static bool reader_has_ended(const struct tee *t)
{
	return t->dies && t->pass.error == EPIPE;
}

void tee_report(const struct tee *t)
{
	if (t->pass.error && !reader_has_ended(t))
		diag_error(t->pass.error, "write error");
}

void tee_end(const struct tee *t)
{
	if (!reader_has_ended(t))
		return;
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
}
