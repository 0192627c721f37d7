/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The records of --json. Keys are only ever added, and described in man/pcount-json.5. Here is what
 * other users of JSON share.
 */
#ifndef PCOUNT_REPORT_RECORDS_H
#define PCOUNT_REPORT_RECORDS_H

#include "base/base.h"
#include "base/json.h"
#include "report/formatter.h"

enum { RECORDS_VERSION = 1 };

/* Loads the library for JSON, which `option` needs. NULL: it cannot be had, which is reported. */
struct json *records_library(const char *option);

/* A formatter's close(): lets the library go. */
void records_close(struct report *r);

#endif
