/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MPI: rank 0 coordinates and hands tasks out, all other ranks count. Linked into pcount-mpi only.
 *
 *      rank 0: planner -> ledger -> message(task) -------> rank r: its own ledger -> threads
 *                           ^                                          |
 *                           `----- commit <----- message(result) ------'
 *
 * Ranks open files by their names and check whether they are those that rank 0 has opened; what a
 * rank cannot see, or sees another file for, rank 0 counts itself.
 */
#ifndef PCOUNT_EXEC_MPI_H
#define PCOUNT_EXEC_MPI_H

#include "base/base.h"
#include "engine/executor.h"

enum { EXEC_MPI_HOST_MAX = 256, EXEC_MPI_FINGERPRINT_MAX = 512 };

struct exec_mpi {
	int rank, ranks;
	char host[EXEC_MPI_HOST_MAX];
	bool serving; /* all ranks but 0 are in exec_mpi_serve() */
};

/* Starts MPI; first of all. 0, or -1: it cannot be. */
int exec_mpi_begin(int *argc, char ***argv, struct exec_mpi *mpi);

/*
 * Rank 0 tells all others whether there is anything to do, and they are told: once. `fingerprint`
 * is what all must have in common, as text; on rank 0 it is sent, on others
 * received.
 */
bool exec_mpi_agree(struct exec_mpi *mpi, bool go, char fingerprint[EXEC_MPI_FINGERPRINT_MAX]);

/* Who counts for rank 0. */
extern const struct executor_ops exec_over_mpi;

/*
 * Ranks but 0: counts what comes, by `jobs` threads (0: one), until rank 0 says that there is no
 * more. `config` NULL: this rank cannot, and only says so. 0, or -1 and errno.
 */
int exec_mpi_serve(const struct scan_config *config, unsigned jobs);

/* On all ranks: rank 0 lets the others leave exec_mpi_serve(), and MPI ends. */
void exec_mpi_end(const struct exec_mpi *mpi);

#endif
