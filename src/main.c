/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pcount: count lines, words, characters, bytes and columns of huge files. The map of the house, a
 * line for each module; from the top down, as src/layers has it, which is the order of includes.
 *
 *   main                parse the command line, run, exit status; main_mpi: the same as an MPI job
 *   run/                joins operands, engine and output
 *     run               the loop over the engine's events
 *     counting          charset, encoding, kernel and engine as the options ask for them
 *     fingerprint       what all ranks of an MPI job must have in common, as text
 *     output            lines, messages and totals, in the order of the operands
 *     journaling        the engine's ranges to the journal and back
 *     partials          outcomes as partials
 *     tee               --tee: standard output as a second reader, and SIGPIPE
 *     merge             --merge: partial lines in, counts out
 *   follow/             --follow
 *     follow            its loop: wait, check, display
 *     file_state        what is known of each file, and what has become of it
 *     file_watch        which files may have changed, by inotify or the clock
 *     file_watch_posix  ... by the clock alone
 *     display           lines that are printed or drawn again in place
 *     end_signal        SIGINT and SIGTERM as a request to end
 *   cli/                the command line; knows nothing of engines
 *     options           argv to a constant struct
 *     arguments         their arguments: words, numbers, sizes, parts
 *     choices           the words among them, each at the index of its enum
 *     conflicts         options that cannot be combined
 *     help              --help
 *     version           --version
 *     suggest           what a mistyped option may have been meant to be
 *     operand           one name to count
 *     operands          the supply of them: arguments, lists, standard input
 *     filter            --include, --exclude: names against globs
 *     namelist          --files0-from
 *     tree              -r: the walk of a directory tree
 *   report/             what is printed
 *     formatter         the table of output formats
 *     text              wc's lines
 *     part_lines        --borders
 *     records           --json
 *     quote_faults      stray quotes of CSV, as messages
 *     profile_json      the keys of a profile
 *     page              --profile
 *     summary           --type=summary
 *     types             a table of counts by type
 *     partial_lines     --partial
 *     totals            which counts are reported, and their sums
 *     sink              standard output, line by line
 *     stats             --stats: the throughput report
 *     limit             what kept a run from being faster
 *     progress          how far a run has got, as one line of text
 *     watch             when that line is drawn; SIGUSR1
 *   exec/               who runs tasks, and how many
 *     exec              the choice among executors
 *     forked            the executors of forked workers
 *     forked_none       ... where they are left out
 *     worker            claims tasks of the ledger, scans them, commits their results
 *     serial            the coordinator's thread alone; the reference
 *     threads           a pool beside it
 *     pool              threads around a ledger
 *     processes         forked workers around a shared ledger, each of which may die alone
 *     children          forked workers: made, replaced, ended
 *     helper            a process for one task that nobody else may do
 *     isolation         what has to be ready before a worker enters its sandbox
 *     isolated          forked workers that share nothing, each in its sandbox
 *     fdpass            file descriptor passing, to workers that cannot open files
 *     message           tasks and results as messages, checked
 *     remote            workers that share no memory: claims and commits for them
 *     mpi               ranks of an MPI job as workers
 *   engine/             coordination: operands in, tasks out, results merged in order
 *     engine            its events, one by one
 *     coordinator       what the parts of this folder share
 *     planner           operands to tasks
 *     plan              what size is split, and into pieces of what size
 *     split             a file that is cut up: its range, its pieces
 *     align             parts of it that begin and end where records do
 *     borders           --borders: where such parts begin, as results are merged
 *     collector         results out of the ledger, in order, merged
 *     chain             pieces that were entered speculatively: proven, or done again
 *     relay             from each piece of a gzip file to the next: where it goes on
 *     seek              files that are entered at points, and points left in them
 *     turns             a pipe that several threads read: whose turn it is
 *     ledger            the task ring, shared with workers, and its repair
 *     lock              robust process-shared mutex
 *     lock_posix        ... for threads alone
 *     event             sleep and wake-up between threads or processes
 *     event_posix       ... on a condition variable
 *     executor          the interface that exec/ implements
 *   partial/            everything mergeable on disk
 *     partial           what was counted of a range, and what it takes to join it to others
 *     line              its text form
 *     seal              the checksum at its end
 *     point             where a range ends inside a member, and the text before that
 *     lines             a file of them, one by one
 *     load              files into a collection
 *     collection        partials sorted, checked and merged
 *     journal           --journal
 *   scan/               one task or stream, from descriptor to tally; runs without an engine
 *     task              one piece of work, and its result
 *     scan              whole files, pieces, streams
 *     files             the descriptors of tasks: shared, opened again, passed
 *     content           sniff, transcode, count, in this order
 *     sniff             text or not, type, encoding, by first bytes
 *     decompress        compressed blocks through a decoder
 *     transcode         other encodings to UTF-8, on the way to the kernel
 *     relay             pieces of gzip files: decoded ahead, joined, counted
 *     seek              compressed files from a point on, and from point to point
 *     turns             pieces of a pipe: moved to another by splice(2), counted
 *     borders           where a piece really begins and ends: lines, surrogate pairs
 *     record_start      the first record that begins at an offset or after it
 *     append            what is new in a file that has been counted, for --follow
 *     stats             what one worker has done
 *   source/             bytes in
 *     reader            blocks of files and streams: mmap windows, pread, read
 *     passthrough       a second reader of a stream: tee, splice, or read and write
 *     pipe              tee(2), splice(2), and how much a pipe holds
 *     pipe_posix        ... without any of these
 *     holes             where the data of a sparse file lies: SEEK_DATA
 *     holes_posix       ... not told
 *     page_cache        what of a file is in memory: cachestat, preadv2
 *     page_cache_posix  ... not told
 *     guard             survives SIGBUS
 *     decoder           compressed blocks to plain ones: members, padding, truncation, messages
 *     format            what a compressed format tells the decoder of itself
 *     note              what to say of data that was counted without a fault
 *     header            reads headers of compressed files
 *     lookahead         a stretch of a file in memory
 *     gzip              by ISA-L or zlib
 *     gzip_inflater     what these have in common
 *     gzip_isal         members by ISA-L
 *     gzip_zlib         members by zlib
 *     gzip_header       RFC 1952
 *     gzip_piece        a piece of a gzip file, entered at any block
 *     gzip_window       the text before a point, packed
 *     deflate_finder    borders between blocks of DEFLATE, at any bit
 *     deflate_symbols   DEFLATE without what precedes it, to bytes and markers
 *     deflate_code      its prefix codes (RFC 1951)
 *     checksum          CRC-32 by ISA-L or zlib
 *     zstd              by libzstd
 *     zstd_frame        RFC 8878
 *     xz                by liblzma
 *     bzip2             by libbz2
 *     bzip2_walk        blocks of a piece of a file, one by one
 *     bzip2_block       block signatures at any bit, blocks as streams of their own, CRCs
 *     lz4               by liblz4
 *     lz4_legacy        its legacy frames
 *   text/               other encodings
 *     encoding          which one, by name
 *     encoding_sniff    ... by first bytes
 *     transcoder        to UTF-8, by iconv
 *     utf16             UTF-16 to UTF-8: the reference, and the choice of a kernel
 *     simd_utf16        template of a kernel
 *     utf16_sse2        ... instantiated for SSE2
 *     utf16_avx2        ... for AVX2
 *     utf16_avx512      ... for AVX-512BW
 *     utf16_avx512vbmi  ... for AVX-512VBMI2
 *     utf16_neon        ... for NEON
 *     utf16_portable    ... for any processor
 *   count/              kernels: bytes to tallies
 *     counter           the table of kernels, and the choice of one
 *     scalar            the reference kernel
 *     locale            any charset of the C library
 *     simd_kernel       template of a SIMD kernel; the other templates are its loops:
 *     simd_lines        lines alone
 *     simd_equal        bytes that are equal to one
 *     simd_bytes        single-byte charsets
 *     simd_utf8         lines, words and characters of UTF-8
 *     simd_utf8_planes  ... on planes of bits
 *     simd_utf8_lookup  ... by lookups of bytes
 *     simd_utf8_hints   what a group of blocks may hold
 *     simd_utf8_tables  faults and white space by lookups in tables of 64
 *     simd_utf8_nibbles by lookups in tables of 16
 *     simd_utf8_compare by comparisons
 *     simd_utf8_exact   any bytes at all, without a branch
 *     simd_width        the widest line
 *     simd_width_measure columns of a line, exactly
 *     simd_odd          ... of blocks that are well-formed, by lookups
 *     simd_odd_sets     in tables of 16
 *     simd_odd_slots    in tables of 64
 *     simd_line_feeds   for the profiler: where the line feeds are
 *     x86_sse2          the templates instantiated for SSE2
 *     x86_avx2          ... for AVX2
 *     x86_avx512        ... for AVX-512BW
 *     x86_avx512vbmi    ... for AVX-512VBMI2
 *     neon              ... for NEON
 *     portable          ... for any processor, by words of 64 bits
 *     odd_sets          the characters of unusual width that simd_odd_sets knows
 *     odd_slots         those that simd_odd_slots knows
 *     edges             the ragged edges of a block of UTF-8
 *     sets              sets of bytes as SIMD wants them
 *     width             wcwidth(), cached
 *     nuls              runs of NULs, by their length
 *     profiler          the profile beside the counts
 *     pairs             its histogram of bytes
 *     recorder          records beside the counts; the reference, and the choice of a kernel
 *     simd_records      template of a kernel
 *     records_sse2      ... instantiated for SSE2
 *     records_avx2      ... for AVX2
 *     records_avx512    ... for AVX-512BW
 *     records_neon      ... for NEON
 *     records_portable  ... for any processor
 *     repeat            repeated entries of tables
 *   detect/             what a file is
 *     text              text or not
 *     filetype          MIME type and charset, by libmagic
 *   tally/              the monoids
 *     tally             what is known of a run of bytes, and how two neighbours merge
 *     profile           --profile: line lengths, bytes, endings
 *     record_kind       --records: what a record is
 *     record_run        records of a run of bytes: a part of its tally
 *     charset           what the locale says of bytes and characters
 *     unicode_width     columns of characters where there is no UTF-8 locale
 *     unicode_width_table  ... made by unicode_width.py
 *   simd/               the vector layer under the kernels
 *     vec               what kernels ask of an instruction set
 *     vec_sse2          ... answered by SSE2
 *     vec_avx2          ... AVX2
 *     vec_avx512        ... AVX-512BW
 *     vec_avx512vbmi    ... AVX-512VBMI2
 *     vec_neon          ... NEON
 *     vec_portable      ... words of 64 bits
 *     mask_words        operations on masks that are integers
 *     block             64 bytes as vectors and masks
 *     planes            the bits of eight vectors, sorted
 *     bits              masks of 64 bits
 *     cpu               which instruction sets this processor has
 *     cpu_x86           by CPUID and GLIBC_TUNABLES
 *     cpu_other         none
 *   base/               what every part may use
 *     base              attributes, checked arithmetic, verify()
 *     diag              messages, and the exit status
 *     quote             names made safe to print
 *     errname           names of errno values
 *     terminal          what can be done on a terminal
 *     status_line       a line on it that is drawn again and again
 *     group             other processes of the same job
 *     group_posix       ... guessed
 *     fd                descriptors: open, write all, peek
 *     fd_proc           all descriptors of a process: close_range, /proc
 *     pread_flags       reads that do not wait for the disk, or leave nothing in memory: preadv2
 *     cachestat         the number of cachestat(2), for older headers
 *     uncached          --no-cache: files are read, and the page cache is left as it was
 *     uncached_posix    ... by posix_fadvise() alone
 *     system            small calls that systems have differently: Linux
 *     system_posix      ... POSIX
 *     folder            names looked up from the last folder
 *     clock             time, and waiting
 *     ticker            a signal every so often: a POSIX timer for one thread
 *     ticker_posix      ... setitimer
 *     cpus              how many processors may be used: affinity mask, control groups
 *     cpus_posix        ... those that are online
 *     parallel          a loop shared by threads
 *     main_thread       the thread that prints, and that signals are to interrupt
 *     relaxed           numbers with one writer and many readers
 *     fault             points at which a test kills or holds the program
 *     sandbox           seccomp
 *     sandbox_none      ... where there is none
 *     library           shared libraries, loaded when first needed, or linked
 *     libc              calls that not every C library has
 *     optional          which of the libraries there are, and their versions
 *     dlopen_note       tells tools that make packages which they are
 *     json              JSON by jansson
 *     json_none         builds without it
 *     base64            RFC 4648
 *     crc32             the checksum of gzip headers and partial lines
 *     size              numbers as users write them
 *     utf8              the UTF-8 codec
 *     user_locale       the locale that the environment names
 *
 * A byte's way: main -> run -> engine_next -> executor step -> scan_task -> kernel.
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
	if (options_parse(argc, argv, &options) == OPTIONS_RUN) {
		run(&options, NULL);
		options_free(&options);
	}
	return diag_status();
}
