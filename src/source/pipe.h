/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pipes: how much they hold, and bytes that the kernel moves or copies without a buffer of ours.
 *
 * Both calls take as much as there is and as there is room for; they wait for both, where a
 * descriptor is non-blocking, too. They return bytes; 0: the end of the input, or a kernel that
 * moves nothing, which read(2) tells apart; -1 and errno: nothing was moved, and either that is not
 * possible between these two or an end is broken.
 */
#ifndef PCOUNT_SOURCE_PIPE_H
#define PCOUNT_SOURCE_PIPE_H

#include "base/base.h"

#include <sys/types.h>

enum {
	PIPE_USUAL = 64 << 10, /* bytes that a pipe holds when it is made */
	/*
	 * What is best read at once from one that has been enlarged: half of it, so that the writer
	 * fills the other half meanwhile. All of it takes 1.1 times as long.
	 */
	PIPE_BLOCK = 512 << 10,
};

/*
 * Lets the pipe hold 1 MiB, if it holds less and the system allows it. Not for pipes that are
 * rarely full: all pipes of a user share a limit. Anything else than a pipe stays as it is.
 */
void pipe_grow(int fd);

/* Bytes that the pipe holds at most; 0: it is no pipe. */
size_t pipe_capacity(int fd);

/* tee(2): what lies in the pipe `in` goes into the pipe `out`, and stays in `in`. */
ssize_t pipe_tee(int in, int out);

/* splice(2): from `in` to `out`, one of which is a pipe. */
ssize_t pipe_splice(int in, int out);

/* A pipe of our own, into which what lies in another is moved. */
struct own_pipe {
	int read_end, write_end;
};

/* One that holds 1 MiB. 0, or -1 and errno: it cannot be had, or not of that size. */
int own_pipe_open(struct own_pipe *own);
void own_pipe_close(struct own_pipe *own);
/*
 * splice(2): what lies in the pipe `from`, at once and without a wait for more if there is
 * anything, into `own`, which is empty. Bytes; 0, or -1 and errno: nothing was moved, and read(2)
 * of `from` tells why. Who has passed on memory of his own by vmsplice(2) must not write to it
 * after this: it is still to be read.
 */
ssize_t own_pipe_take(struct own_pipe *own, int from);

/*
 * /dev/null for writing, where splicing to it saves reading. The device, not a file that may stand
 * in its place; -1: it cannot be had.
 */
int pipe_open_null(void);

#endif
