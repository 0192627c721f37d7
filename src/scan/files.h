/* SPDX-License-Identifier: BSD-2-Clause */
/* The descriptors of tasks: the coordinator's own, or the same files opened again, or passed. */
#ifndef PCOUNT_SCAN_FILES_H
#define PCOUNT_SCAN_FILES_H

#include "base/base.h"
#include "base/folder.h"
#include "scan/task.h"

#include <sys/types.h>

/* What the number in task.fd means to whoever scans. */
enum fd_scope {
	FD_SHARED, /* open here: a thread of the coordinator's process */
	FD_LOCAL,  /* the coordinator's, elsewhere on this host: a path must lead to the same device
	              and inode. Standard input is inherited */
	FD_REMOTE, /* on another host, which numbers devices in its own way: inode, time of the last
	              change, and not less data */
};

/* Opens the file of a task: a descriptor of the caller's own, or -1 and errno. */
typedef int file_open_fn(void *arg, const struct task *task);

struct files {
	enum fd_scope scope;
	file_open_fn *open;   /* instead of by path, where no file can be opened; NULL: by path */
	void *arg;            /* of `open` */
	struct folder folder; /* of the small file before */
	/* The file of the last piece stays open, unless it is FD_SHARED. */
	int cached_fd; /* -1: none, and the next two mean nothing */
	dev_t cached_dev;
	ino_t cached_ino;
};

struct stat;
/* When the content was last changed, in nanoseconds since the epoch, modulo 2^64. */
uint64_t files_mtime_ns(const struct stat *st);

void files_init(struct files *f, enum fd_scope scope);
/* Keeps errno. */
void files_close(struct files *f);

/* Opens the file of a FILE task, to be closed by the caller. `now`: see folder_open(). */
int files_open(struct files *f, const struct task *task, uint64_t now);
/*
 * A descriptor of a PIECE's or SNIFF's file, valid until the next call, not to be closed. -1: the
 * path no longer leads there.
 */
int files_of_piece(struct files *f, const struct task *task);

#endif
