/* SPDX-License-Identifier: BSD-2-Clause */
/* --version: what this is, and what it can use here. */
#include "base/base.h"
#include "cli/help.h"

#include "base/diag.h"
#include "base/fd.h"
#include "base/optional.h"
#include "count/counter.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void put_kernels(FILE *out)
{
	const char *separator = " ";

	fputs("Kernels:", out);
	for (size_t i = 0; counter_kernels[i]; i++) {
		const struct kernel *k = counter_kernels[i];
		fprintf(out, "%s%s%s", separator, k->name,
		        k->usable() ? "" : " (not supported by this processor)");
		separator = ", ";
	}
	fputc('\n', out);
}

static void put_formats(FILE *out)
{
	const char *last = "", *separator = " ";

	fputs("Compressed formats:", out);
	for (const struct optional_library *l = optional_libraries; l->name; l++) {
		if (!l->format || !l->files[0] || strcmp(l->format, last) == 0)
			continue;
		fprintf(out, "%s%s", separator, l->format);
		separator = ", ";
		last = l->format;
	}
	fputs(*last ? "\n" : " none\n", out);
}

static void put_libraries(FILE *out)
{
	const char *separator = " ";

	fputs("Libraries:", out);
	for (const struct optional_library *l = optional_libraries; l->name; l++) {
		char version[OPTIONAL_VERSION_MAX] = "";
		fprintf(out, "%s%s", separator, l->name);
		separator = ", ";
		if (!l->files[0])
			fputs(" (built without)", out);
		else if (optional_version(l, version) != 0)
			fputs(" (not installed)", out);
		else if (*version)
			fprintf(out, " %s", version);
	}
	fputc('\n', out);
}

void version_print(void)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	if (out) {
		fputs("pcount " PACKAGE_VERSION "\n"
		      "Licence BSD-2-Clause: free to use, change and share; no warranty.\n",
		      out);
		put_kernels(out);
		put_formats(out);
		put_libraries(out);
	}
	if (!out || fclose(out) != 0)
		diag_error(ENOMEM, "--version");
	else if (write_all(STDOUT_FILENO, text, n) != 0)
		diag_error(errno, "write error");
	free(text);
}
