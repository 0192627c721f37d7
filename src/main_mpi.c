/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pcount-mpi: pcount as an MPI job. Rank 0 is pcount, whose workers are all other ranks; those
 * read the same command line, and count what they are given. See exec/mpi.h.
 */
#include "base/base.h"
#include "base/diag.h"
#include "base/user_locale.h"
#include "cli/options.h"
#include "exec/mpi.h"
#include "run/counting.h"
#include "run/fingerprint.h"
#include "run/run.h"
#include "report/watch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

_Static_assert((int)FINGERPRINT_MAX == (int)EXEC_MPI_FINGERPRINT_MAX, "it is sent whole");

/* Rank 0. With nobody else it is pcount. */
static void lead(struct exec_mpi *mpi, int argc, char **argv)
{
	struct options options;
	struct engine_crew ranks = {.ops = &exec_over_mpi, .workers = (unsigned)mpi->ranks - 1};
	char fingerprint[EXEC_MPI_FINGERPRINT_MAX] = "";
	bool run_it = options_parse(argc, argv, &options) == OPTIONS_RUN;
	bool go = run_it && mpi->ranks > 1 && !options.merge && !options.follow && !options.tee;

	if (go)
		fingerprint_text(&options, fingerprint);
	go = exec_mpi_agree(mpi, go, fingerprint);
	if (!run_it)
		return;
	run(&options, go ? &ranks : NULL);
	options_free(&options);
}

/* Counts for rank 0. 0, or -1: it cannot, which is reported. */
static int serve(const struct options *options)
{
	struct engine_crew nobody = {.workers = 1};
	struct counting counting;

	if (counting_init(&counting, options) != 0)
		return -1;
	struct engine_config config = counting_config(&counting, &nobody);
	if (exec_mpi_serve(&config.scan, options->jobs) != 0)
		diag_error(errno, "cannot set up counting");
	counting_free(&counting);
	return 0;
}

/* Any other rank. */
static void follow(struct exec_mpi *mpi, int argc, char **argv)
{
	struct options options;
	char fingerprint[EXEC_MPI_FINGERPRINT_MAX], own[EXEC_MPI_FINGERPRINT_MAX] = "";

	if (!exec_mpi_agree(mpi, false, fingerprint))
		return;
	if (options_parse(argc, argv, &options) != OPTIONS_RUN) {
		exec_mpi_serve(NULL, 0);
		return;
	}
	fingerprint_text(&options, own);
	bool agrees = strcmp(own, fingerprint) == 0;
	if (!agrees)
		diag_error(0, "cannot take part: it would count %s, but rank 0 counts %s", own,
		           fingerprint);
	if (!agrees || serve(&options) != 0)
		exec_mpi_serve(NULL, 0);
	options_free(&options);
}

int main(int argc, char **argv)
{
	struct exec_mpi mpi;
	char name[EXEC_MPI_HOST_MAX + 64];

	/*
	 * Any rank may be asked, as mpirun passes the signal on to all. Only the one that leads
	 * answers.
	 */
	watch_listen();
	bool begun = exec_mpi_begin(&argc, &argv, &mpi) == 0;
	int error = user_locale_set() == 0 ? 0 : errno;
	diag_init(argc > 0 ? argv[0] : "pcount-mpi");
	if (!begun) {
		diag_error(0, "MPI cannot be started");
		return diag_status();
	}
	if (mpi.rank > 0) {
		snprintf(name, sizeof name, "pcount-mpi: rank %d on %s", mpi.rank, mpi.host);
		diag_init(name);
	}
	if (error == ENOMEM)
		diag_error(error, "cannot load the locale");
	if (mpi.rank == 0)
		lead(&mpi, argc, argv);
	else
		follow(&mpi, argc, argv);
	exec_mpi_end(&mpi);
	return diag_status();
}
