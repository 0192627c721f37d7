/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The MPI engine: rank 0 is the owner and hands tasks out, all other ranks count. Linked into
 * pcount-mpi only.
 *
 *      rank 0: feed -> ledger -> order(task) ---------> rank r: its own ledger -> threads
 *                        ^                                          |
 *                        `------ commit <------- report(result) ----'
 *
 * Ranks open files by their names and look whether they are those that rank 0 has opened; what a
 * rank cannot see, or sees another file for, rank 0 counts itself.
 */
#ifndef PCOUNT_ENGINE_MPI_H
#define PCOUNT_ENGINE_MPI_H

#include "base/base.h"
#include "engine/engine.h"

enum { ENGINE_MPI_HOST_MAX = 256, ENGINE_MPI_WAY_MAX = 256 };

struct engine_mpi {
	int rank, ranks;
	char host[ENGINE_MPI_HOST_MAX];
	bool serving; /* all ranks but 0 are in engine_mpi_serve() */
};

/* Starts MPI; first of all. False: it cannot be. */
bool engine_mpi_begin(int *argc, char ***argv, struct engine_mpi *mpi);

/*
 * Rank 0 tells all others whether there is anything to do, and they are told: once. `way` is what
 * all must have the same, charset and counts, as text; on rank 0 it is sent, on others received.
 */
bool engine_mpi_agree(struct engine_mpi *mpi, bool go, char way[ENGINE_MPI_WAY_MAX]);

/* engine_config.remote of rank 0. */
extern const struct engine_ops engine_over_mpi;

/*
 * Ranks but 0: counts what comes, until rank 0 says that there is no more. `config` NULL: this rank
 * cannot, and only says so. 0, or -1 and errno.
 */
int engine_mpi_serve(const struct engine_config *config);

/* On all ranks: rank 0 lets the others leave engine_mpi_serve(), and MPI ends. */
void engine_mpi_end(const struct engine_mpi *mpi);

#endif
