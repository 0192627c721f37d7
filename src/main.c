/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pcount: count lines, words, characters, bytes and columns of huge files. The map of the house:
 *
 *   main.c    parse -> run -> exit status
 *   cli/      the command line: options (argv -> const struct options), operands (names, lists,
 * trees) report/   what is printed: wc's lines and totals (text), JSON (records), profiles (page),
 * the throughput report (stats) run/      operands in, lines and diagnostics out, in order;
 * --follow, --merge, the journal partial/  what was counted of a range, as a line, and such lines
 * merged engine/   who counts: serial, threads, processes around one ledger of pieces; plan, cpus
 *   source/   bytes of files and streams, block by block: mmap windows, pread, read; decoders
 *   text/     encodings to UTF-8: UTF-16 by SIMD, UTF-32, single bytes by a table, others by iconv
 *   count/    kernels: bytes -> tally; scalar is the reference, locale asks the C library, the
 *             rest are instances of the templates simd_*.h
 *   detect/   what a file is: text or not, by its first bytes; its type, by libmagic
 *   tally/    the monoids: what is known of a run of bytes (tally; profile), and how two neighbours
 *             merge
 *   simd/     the vector layer: vec_*.h for each instruction set, blocks and bit masks above them,
 *             CPU detection
 *   base/     the UTF-8 codec, messages, quoting, descriptors, sizes, time, lazy libraries
 *
 * main_mpi.c is pcount-mpi: the same house, whose workers are the other ranks of an MPI job.
 *
 * Includes run one way: main -> cli, report, run -> engine -> source, text, count, detect ->
 * tally, simd -> base: see src/layers.
 */
#include "base/base.h"
#include "base/diag.h"
#include "cli/options.h"
#include "run/run.h"
#include "run/watch.h"

#include <errno.h>
#include <locale.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct options options;

	watch_listen();
	/*
	 * Only what counting needs: loading every category of a locale takes longer than wc runs.
	 */
	const char *locale = setlocale(LC_CTYPE, "");
	int error = errno;
	diag_init(argc > 0 ? argv[0] : "pcount");
	/*
	 * A locale that is not there means C, as for wc; one for which there is no memory does not.
	 */
	if (!locale && error == ENOMEM) {
		diag_error(error, "cannot load the locale");
		return diag_status();
	}
	if (options_parse(argc, argv, &options) == OPTIONS_RUN)
		run(&options);
	return diag_status();
}
