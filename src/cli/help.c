/* SPDX-License-Identifier: BSD-2-Clause */
/* --help. */
#include "base/base.h"
#include "cli/help.h"

#include "base/diag.h"
#include "base/fd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Printed after the usage lines, which hold the program's name. */
static const char help[] =
	"Print the number of lines, words and bytes in each FILE, and totals if there is\n"
	"more than one.  The output is that of wc; all processors count at once.  If\n"
	"there is no FILE, or if FILE is -, read standard input.\n"
	"\n"
	"Counts, printed in this order; the default is -lwc:\n"
	"  -l, --lines              number of newline characters\n"
	"      --records=KIND       number of records; KIND is lines (the last one need\n"
	"                             not end in a newline), nul, sep=X (X is one byte),\n"
	"                             csv, csv,delim=X, tsv, or prefix=X (lines that\n"
	"                             begin with X)\n"
	"  -w, --words              number of words, separated by white space\n"
	"  -m, --chars              number of characters in the encoding of the locale\n"
	"  -c, --bytes              number of bytes\n"
	"  -L, --max-line-length    width of the widest line in display columns\n"
	"\n"
	"Input:\n"
	"      --files0-from=F      count the files whose NUL-terminated names are in\n"
	"                             file F, or on standard input if F is -\n"
	"  -r, --recursive          count all files below directories; if there is no\n"
	"                             FILE, below the working directory\n"
	"      --one-file-system    with -r, stay on the file system of each FILE\n"
	"      --include=GLOB       count only files whose names match GLOB\n"
	"      --exclude=GLOB       skip files whose names match GLOB\n"
	"      --exclude-dir=GLOB   with -r, skip directories whose names match GLOB\n"
	"  -z, --decompress[=FMT]   count the contents of compressed files; FMT is auto\n"
	"                             (default), zstd, gzip, xz, bzip2, lz4, lzip,\n"
	"                             lzma or none\n"
	"      --memory-limit=SIZE  limit the memory for decompression (default: 128M)\n"
	"      --encoding=NAME      set the encoding of the text: locale (default), auto\n"
	"                             (detect it; --json, --type, --profile and --debug\n"
	"                             show it), or a name that iconv(3) supports\n"
	"      --text               skip files that are not text\n"
	"\n"
	"Output:\n"
	"      --total=WHEN         print totals: auto (default), always, only, never\n"
	"      --type[=HOW]         print MIME types and charsets: column (default), or\n"
	"                             summary (totals of each type)\n"
	"      --profile            print a page about each FILE: line lengths, line\n"
	"                             endings, classes of bytes, encoding errors\n"
	"      --json               print JSON Lines; see pcount-json(5)\n"
	"      --progress[=WHEN]    show the progress: always, never, or auto (on a\n"
	"                             terminal after 2 seconds; default without this\n"
	"                             option)\n"
	"      --stats[=FORMAT]     report the speed on standard error: text (default),\n"
	"                             json\n"
	"      --stats-file=FILE    write this report to FILE\n"
	"      --tee                copy standard input to standard output, and print\n"
	"                             the counts on standard error\n"
	"      --output=FILE        with --tee, write the counts to FILE\n"
	"      --follow[=SECONDS]   count what is appended to files, and print changes,\n"
	"                             at most every SECONDS (default: 1)\n"
	"\n"
	"Parts of files, and merging them:\n"
	"      --part=K/N           count the K-th of N parts of each file\n"
	"      --align=WHAT         let parts begin and end where lines or records do;\n"
	"                             WHAT is lines or records\n"
	"      --borders=N          print where each of N parts of each file begins, its\n"
	"                             length, and the number of lines (or records, with\n"
	"                             --records) before it\n"
	"      --offset=SIZE        start at this byte offset\n"
	"      --length=SIZE        count at most SIZE bytes\n"
	"      --partial            print partial counts; see pcount-partial(5)\n"
	"      --merge              read partial counts from FILEs and merge them\n"
	"      --journal=FILE       record in FILE what has been counted, and resume\n"
	"                             from there\n"
	"\n"
	"Performance (the counts do not change):\n"
	"  -j, --jobs=N             number of workers (default: PCOUNT_JOBS, or one for\n"
	"                             each available processor)\n"
	"      --engine=WHICH       auto (default), serial, threads, processes\n"
	"      --chunk-size=SIZE    size of the pieces of large files\n"
	"      --no-cache           leave the page cache as it is: what was not in it is\n"
	"                             not kept there\n"
	"      --debug              print which kernel counts\n"
	"  -h, --help               display this help and exit\n"
	"      --version            output version information and exit\n"
	"\n"
	"SIZE is a number of bytes; K, M, G and so on may follow, as in 16M.\n"
	"\n"
	"Exit status: 0 if all went well; 1 if anything could not be read or written, or\n"
	"if the quotes of CSV do not match; 3 if the partial counts of --merge do not\n"
	"match or are incomplete.\n";

static void print_text(const char *text, size_t len)
{
	if (write_all(STDOUT_FILENO, text, len) != 0)
		diag_error(errno, "write error");
}

void help_print(void)
{
	const char *name = diag_program();
	char *text;
	int len = asprintf(&text,
	                   "Usage: %s [OPTION]... [FILE]...\n"
	                   "  or:  %s [OPTION]... --files0-from=F\n%s",
	                   name, name, help);
	if (len < 0) {
		diag_error(ENOMEM, "write error");
		return;
	}
	print_text(text, (size_t)len);
	free(text);
}
