/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pcount: count lines, words, characters, bytes and columns of huge files. The map of the house:
 *
 *   main.c    parse -> run -> exit status
 *   run/      pulls operands in, lines and diagnostics out, in order
 *   follow/   --follow: file state, file watch, display
 *   cli/      the command line: options (argv -> const struct options), operands (names, lists,
 *             trees)
 *   report/   what is printed: a table of formatters (lines, JSON, pages, summaries, partials),
 *             progress, the throughput report (stats)
 *   partial/  what was counted of a range, as a line; files of lines, merged; the journal
 *
 *   exec/     who runs tasks, and how many:
 *     exec        the choice among serial, threads, processes
 *     worker      claims tasks of the ledger, scans them, commits what they came to
 *     serial      the coordinator's thread alone; the reference
 *     threads     a pool beside it; pool: threads around a ledger
 *     processes   forked workers around a shared ledger, each of which may die alone
 *     helper      a process for one task that nobody else may do
 *     isolation   what has to be ready before a worker enters its sandbox
 *     fdpass      file descriptor passing, to workers that cannot open files
 *     remote      workers that share no memory; message: tasks and results, checked
 *     mpi         ranks of an MPI job, in pcount-mpi only
 *   engine/   coordination: operands in, tasks out, results merged in order
 *     engine      the coordinator: its events, one by one
 *     planner     operands to tasks; plan: what size is split, and into pieces of what size
 *     split       a file that is cut up: its range, its pieces
 *     collector   results out of the ledger, in order, merged
 *     ledger      the task ring, shared with workers; lock: robust mutex; event: sleep and wake
 *     executor    what exec/ implements
 *   scan/     one task or stream, from descriptor to tally; needs no engine
 *     task, stats what is to be done and what came of it; what a worker has done so far
 *     scan        whole files, pieces, streams
 *     files       descriptors: shared, opened again, passed
 *     content     sniff, transcode, count, in this order
 *     sniff       text or not, type, encoding, by first bytes
 *     decompress  compressed blocks through a decoder
 *     transcode   other encodings to UTF-8, on the way to the kernel
 *     borders     where a piece really begins and ends: lines, surrogate pairs
 *     append      what is new in a file that has been counted, for --follow
 *   source/   bytes of files and streams, block by block: mmap windows, pread, read; decoders
 *   count/    kernels: bytes -> tally; scalar is the reference, locale asks the C library, the rest
 *             SIMD
 *   detect/   what a file is: text or not, by its first bytes; its type, by libmagic
 *   tally/    the monoids: what is known of a run of bytes (tally; profile), and how two neighbours
 *             merge
 *   base/     messages, quoting, descriptors, sizes, time, terminals, CPUs, lazy libraries
 *
 * main_mpi.c is pcount-mpi: the same house, whose workers are the other ranks of an MPI job.
 *
 * A byte's way: main -> run -> engine_next -> executor step -> scan_task -> kernel. Includes run
 * one way, down the lines of src/layers.
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
