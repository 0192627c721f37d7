/* SPDX-License-Identifier: BSD-2-Clause */
/* --help and --version. */
#ifndef PCOUNT_CLI_HELP_H
#define PCOUNT_CLI_HELP_H

/* Print on standard output; a write error is reported and makes the exit status 1. */
void help_print(void);
void version_print(void);

#endif
