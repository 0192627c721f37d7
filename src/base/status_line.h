/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A line on the terminal on standard error that is drawn again and again, below all else that is
 * written. There is one terminal, and so one such line: it is not a struct of anybody's. For the
 * main thread and its signal handlers: all is async-signal-safe.
 *
 * The cursor rests where the line begins. So it is there still after the terminal has changed its
 * width and wrapped the line, and all that is left of the line is erased from there on.
 */
#ifndef PCOUNT_BASE_STATUS_LINE_H
#define PCOUNT_BASE_STATUS_LINE_H

#include "base/base.h"

enum { STATUS_LINE_MAX = 2048 }; /* bytes; what is longer is not drawn */

/* Before it is drawn for the first time. */
void status_line_init(void);
/* Draws text[n], which has less columns than the terminal, in place of what is drawn. */
void status_line_draw(const char *text, size_t n);
void status_line_erase(void);

enum status_line_state {
	STATUS_LINE_UNTOUCHED, /* it is not in the way, or suspended already */
	STATUS_LINE_ABSENT,    /* suspended; nothing was drawn */
	STATUS_LINE_ERASED,    /* suspended, and to be drawn again */
};

/*
 * Before something else is written to the descriptor: if that is the line's terminal, erases the
 * line and lets none be drawn until status_line_resume(), which gets what this returns.
 */
enum status_line_state status_line_suspend(int fd);
void status_line_resume(enum status_line_state state);

#endif
