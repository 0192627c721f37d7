/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The folder in which the last names were: names come in the order of a walk, and asking the kernel
 * from their folder on, instead of from the root, saves a quarter of a stat(2) and a tenth of
 * open(2), read(2) and close(2) of a small file (six components deep, ext4).
 */
#ifndef PCOUNT_BASE_FOLDER_H
#define PCOUNT_BASE_FOLDER_H

#include "base/base.h"

#include <sys/stat.h>

enum { FOLDER_PATH_MAX = 240 };

/* Of one thread. All zero: no folder is known. */
struct folder {
	bool open;
	int fd;         /* open: of the folder */
	uint64_t until; /* open: clock_now_ns() when it must be looked up again, for it may be
	                   replaced */
	size_t length;  /* of `path`; 0: none */
	char path[FOLDER_PATH_MAX]; /* not terminated; with its last slash */
};

/*
 * open_above_stdio() and stat(2), through the folder; `now` is clock_now_ns(), or a little earlier.
 */
int folder_open(struct folder *f, const char *path, int flags, uint64_t now);
int folder_stat(struct folder *f, const char *path, struct stat *st, uint64_t now);

/* Keeps errno. */
void folder_close(struct folder *f);

#endif
