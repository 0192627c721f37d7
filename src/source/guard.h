/* SPDX-License-Identifier: BSD-2-Clause */
/* Survives SIGBUS: what a mapped file raises when it is truncated, or its disk fails, under us. */
#ifndef PCOUNT_SOURCE_GUARD_H
#define PCOUNT_SOURCE_GUARD_H

#include "base/base.h"

/* Installs the handler, once for the process. 0, or -1 and errno. */
int guard_install(void);

/*
 * Calls fn(arg). 0, or -1: touching memory in [map, map + size) raised SIGBUS, and fn was cut short
 * there, whatever it had half done. A SIGBUS anywhere else keeps its default action. For any
 * thread; not to be nested. fn must hold no lock and allocate nothing.
 */
int guard_call(void (*fn)(void *arg), void *arg, const void *map, size_t size);

#endif
