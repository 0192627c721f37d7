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
	"Print line, word and byte counts of each FILE, and totals if there is more than\n"
	"one: what wc prints, counted by all processors at once.  Without a FILE, or\n"
	"where it is -, read standard input.\n"
	"\n"
	"Counts, printed in this order; -lwc by default:\n"
	"  -l, --lines              newline characters\n"
	"  -w, --words              runs of characters between white space\n"
	"  -m, --chars              characters of the locale's encoding\n"
	"  -c, --bytes              bytes\n"
	"  -L, --max-line-length    display columns of the widest line\n"
	"\n"
	"What is read:\n"
	"      --files0-from=F      files named in F, or standard input if F is -,\n"
	"                             with a NUL behind each name\n"
	"  -r, --recursive          files below directories; without FILE, this one\n"
	"      --one-file-system    but not those of other file systems\n"
	"  -z, --decompress[=FMT]   what is inside compressed files: auto (the default:\n"
	"                             by first bytes), zstd, gzip, xz, bzip2, lz4,\n"
	"                             lzip, lzma, none\n"
	"      --memory-limit=SIZE  they may ask for so much memory (128M)\n"
	"      --encoding=NAME      locale (default), auto (found out for each FILE), or\n"
	"                             what iconv(3) knows\n"
	"      --text               only what is text\n"
	"\n"
	"What is printed:\n"
	"      --total=WHEN         totals: auto (default), always, only, never\n"
	"      --type[=HOW]         MIME types and charsets: column (default), summary\n"
	"      --profile            a page on each: lengths and ends of lines, kinds of\n"
	"                             bytes, where the encoding is wrong\n"
	"      --json               a JSON object a line, see pcount-json(5)\n"
	"      --progress[=WHEN]    how far it is: always, never, or auto (on a\n"
	"                             terminal, after 2 s), as without this option\n"
	"      --stats[=FORMAT]     how fast it was: text (default), json\n"
	"      --stats-file=FILE    that, in FILE\n"
	"      --follow[=SECONDS]   keep counting what is appended, and print what has\n"
	"                             changed, at most so often (1)\n"
	"\n"
	"Parts of files, to be put together:\n"
	"      --part=PART          one part of each file: K/N is the K-th of N\n"
	"      --offset=SIZE        from this byte on\n"
	"      --length=SIZE        so many bytes\n"
	"      --partial            print mergeable lines, see pcount-partial(5)\n"
	"      --merge              FILEs have such lines: print the counts they come to\n"
	"      --journal=FILE       keep what is counted in FILE, and go on from there\n"
	"\n"
	"Ways of working, which never change a count:\n"
	"  -j, --jobs=N             so many workers; by default PCOUNT_JOBS, or one for\n"
	"                             each processor that may be used\n"
	"      --engine=WHICH       auto (default), serial, threads, processes\n"
	"      --chunk-size=SIZE    cut files into pieces; SIZE may end in K, M, G\n"
	"      --debug              tell which code counts\n"
	"  -h, --help               display this help and exit\n"
	"      --version            output version information and exit\n"
	"\n"
	"Exit status: 0, or 1 if anything was not read, counted or written in full,\n"
	"or 3 if --merge misses something or is given what does not fit together.\n";

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
