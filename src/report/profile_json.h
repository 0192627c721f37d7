/* SPDX-License-Identifier: BSD-2-Clause */
/* The profile in a record of --json. */
#ifndef PCOUNT_REPORT_PROFILE_JSON_H
#define PCOUNT_REPORT_PROFILE_JSON_H

#include "base/base.h"
#include "base/json.h"
#include "tally/profile.h"

/*
 * Puts a finished profile, and the number of encoding errors, as "profile". `total`: it is a sum,
 * in which lines and errors have no place.
 */
void profile_json_put(struct json *json, struct json_t *object, const struct profile *p,
                      uint64_t errors, bool total);

#endif
