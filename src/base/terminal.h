/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can be done on a terminal: the one place that asks. All but terminal_may_color() and
 * terminal_is_smart() are async-signal-safe, and ioctl(2), which they use, is a system call and
 * nothing else.
 */
#ifndef PCOUNT_BASE_TERMINAL_H
#define PCOUNT_BASE_TERMINAL_H

#include "base/base.h"

struct terminal_size {
	unsigned columns, rows; /* 0: not known */
};

bool terminal_is(int fd);
/* Is it one on which text can be drawn over? By TERM; a dumb terminal can only print. */
bool terminal_is_smart(int fd);
/* Is it one that may show colors and bold? See https://no-color.org. */
bool terminal_may_color(int fd);
struct terminal_size terminal_size(int fd);
/* Does this process run in the background of that terminal, as its shell sees it? */
bool terminal_is_background(int fd);

#endif
