/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pcount: count lines, words, characters, bytes and columns of huge files. The map of the house:
 *
 *   main.c    parse -> run -> exit status
 *   cli/      the command line: options (argv -> const struct options), operands (names, lists,
 *             trees)
 *   run/      operands in, lines and diagnostics out, in order
 *   follow/   --follow: file state, file watch, display
 *   report/   what is printed: a table of formatters (lines, JSON, pages, summaries, partials),
 *             progress, the throughput report (stats)
 *   partial/  what was counted of a range, as a line; files of lines, merged; the journal
 *   engine/   who counts: serial, threads, processes around one ledger of pieces; plan, cpus
 *   source/   bytes of files and streams, block by block: mmap windows, pread, read; decoders
 *   count/    kernels: bytes -> tally; scalar is the law, locale asks the C library, the rest SIMD
 *   detect/   what a file is: text or not, by its first bytes; its type, by libmagic
 *   tally/    the monoids: what is known of a run of bytes (tally; profile), and how two neighbours
 *             merge
 *   base/     messages, quoting, descriptors, sizes, time, terminals, lazy libraries
 *
 * main_mpi.c is pcount-mpi: the same house, whose workers are the other ranks of an MPI job.
 *
 * Includes run one way, from the top of src/layers down.
 */
#include "base/base.h"
#include "base/diag.h"
#include "base/user_locale.h"
#include "cli/options.h"
#include "report/watch.h"
#include "run/run.h"

#include <errno.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct options options;

	watch_listen();
	int error = user_locale_set() == 0 ? 0 : errno;
	diag_init(argc > 0 ? argv[0] : "pcount");
	/*
	 * A locale that is not there means C, as for wc; one for which there is no memory does not.
	 */
	if (error == ENOMEM) {
		diag_error(error, "cannot load the locale");
		return diag_status();
	}
	if (options_parse(argc, argv, &options) == OPTIONS_RUN)
		run(&options, NULL);
	return diag_status();
}
