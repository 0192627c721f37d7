# SPDX-License-Identifier: BSD-2-Clause
# Completions of pcount-mpi for fish: those of pcount.

complete -c pcount-mpi -w pcount
