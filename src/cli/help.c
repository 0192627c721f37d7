/* SPDX-License-Identifier: BSD-2-Clause */
/* --help and --version. */
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
	"Print line, word and byte counts for each FILE, and a total line if there is\n"
	"more than one FILE: what wc prints, counted by all processors at once.\n"
	"With no FILE, or when FILE is -, read standard input.\n"
	"\n"
	"Counts, printed in this order; lines, words and bytes by default:\n"
	"  -l, --lines            newline characters\n"
	"  -w, --words            runs of characters between white space\n"
	"  -m, --chars            characters of the locale's encoding\n"
	"  -c, --bytes            bytes\n"
	"  -L, --max-line-length  display columns of the widest line\n"
	"\n"
	"Input and output:\n"
	"      --files0-from=F    count the files named in F, each name ended by a NUL;\n"
	"                           if F is -, read the names from standard input\n"
	"  -r, --recursive        count the files below directories; if there is no\n"
	"                           FILE, below the working directory\n"
	"      --one-file-system  do not descend into other file systems\n"
	"  -z, --decompress[=FMT]  count what is inside compressed files: auto (default;\n"
	"                           known by the first bytes), zstd, gzip, xz, bzip2,\n"
	"                           lz4, none\n"
	"      --memory-limit=SIZE  let compressed files ask for so much memory to be\n"
	"                           decoded in; SIZE as below; default: 128M\n"
	"      --encoding=NAME    text is encoded so: locale (default), auto (found\n"
	"                           out for each FILE), or a name that iconv(3) knows\n"
	"      --text             leave alone what is not text\n"
	"      --type[=HOW]       tell MIME types and charsets: column (default), or\n"
	"                           summary: a line for each type, not for each FILE\n"
	"      --total=WHEN       when to print a line of totals:\n"
	"                           auto (default), always, only, never\n"
	"      --json             print a JSON object a line; see pcount-json(5)\n"
	"      --part=PART        count one part of each file: K/N, the K-th of N\n"
	"      --offset=SIZE      begin at this byte of each file\n"
	"      --length=SIZE      count so many bytes of each file\n"
	"      --partial          print mergeable lines, see pcount-partial(5)\n"
	"      --merge            FILEs have such lines: print the counts they come to\n"
	"      --journal=FILE     keep what is counted in FILE, and go on from there\n"
	"      --progress[=WHEN]  show how far it is: always (the default of the option),\n"
	"                           auto (without it: on a terminal, after 2 s), never\n"
	"      --stats[=FORMAT]   report the throughput on standard error:\n"
	"                           text (default) or json\n"
	"\n"
	"Ways of working, which never change a count:\n"
	"  -j, --jobs=N           use N workers; 0, the default: one for each processor\n"
	"                           that may be used; PCOUNT_JOBS sets another default\n"
	"      --engine=WHICH     auto (default), serial, threads, processes\n"
	"      --chunk-size=SIZE  split files into pieces of SIZE bytes; SIZE may end in\n"
	"                           K, M, G (powers of 1024); default: chosen by size\n"
	"\n"
	"      --debug            tell on standard error which code counts\n"
	"      --help             display this help and exit\n"
	"      --version          output version information and exit\n"
	"\n"
	"Exit status: 0, or 1 if anything was not read, counted or written in full;\n"
	"3 if --merge misses something or is given what does not fit together.\n";

static const char version[] = "pcount " PACKAGE_VERSION "\n"
			      "Licence BSD-2-Clause: free to use, change and share; no warranty.\n";

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

void version_print(void)
{
	print_text(version, sizeof(version) - 1);
}
