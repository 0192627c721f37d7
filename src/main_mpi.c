/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pcount-mpi: pcount as an MPI job. Rank 0 is pcount, with an engine whose workers are all other
 * ranks; those read the same command line, and count what they are given. See engine/mpi.h.
 */
#include "base/base.h"
#include "base/diag.h"
#include "base/user_locale.h"
#include "cli/options.h"
#include "engine/mpi.h"
#include "run/run.h"
#include "report/watch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Rank 0. With nobody else it is pcount. */
static void lead(struct engine_mpi *mpi, int argc, char **argv)
{
	struct options options;
	char way[ENGINE_MPI_WAY_MAX] = "";
	bool run_it = options_parse(argc, argv, &options) == OPTIONS_RUN;
	bool go = run_it && mpi->ranks > 1 && !options.merge && !options.follow;

	if (go)
		run_way(&options, way, sizeof way);
	if (engine_mpi_agree(mpi, go, way)) {
		options.remote = &engine_over_mpi;
		options.remotes = (unsigned)mpi->ranks - 1;
		options.range.exact = true; /* so that ranks can tell whether they see the same file
		                             */
	}
	if (run_it)
		run(&options);
}

/* Any other rank. */
static void follow(struct engine_mpi *mpi, int argc, char **argv)
{
	struct options options;
	char way[ENGINE_MPI_WAY_MAX], own[ENGINE_MPI_WAY_MAX] = "";

	if (!engine_mpi_agree(mpi, false, way))
		return;
	if (options_parse(argc, argv, &options) != OPTIONS_RUN) {
		engine_mpi_serve(NULL);
		return;
	}
	options.remote = &engine_over_mpi;
	run_way(&options, own, sizeof own);
	if (strcmp(own, way) == 0 && run_serve(&options, engine_mpi_serve))
		return;
	if (strcmp(own, way) != 0)
		diag_error(0, "cannot take part: it would count %s, and rank 0 counts %s", own,
		           way);
	engine_mpi_serve(NULL);
}

int main(int argc, char **argv)
{
	struct engine_mpi mpi;
	char name[ENGINE_MPI_HOST_MAX + 64];

	/*
	 * Any rank may be asked, as mpirun passes the signal on to all. Only the one that leads
	 * answers.
	 */
	watch_listen();
	bool begun = engine_mpi_begin(&argc, &argv, &mpi);
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
	engine_mpi_end(&mpi);
	return diag_status();
}
