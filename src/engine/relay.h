/* SPDX-License-Identifier: BSD-2-Clause */
/* Relays between threads. Private to engine/. */
#ifndef PCOUNT_ENGINE_RELAY_H
#define PCOUNT_ENGINE_RELAY_H

#include "base/base.h"
#include "scan/relay.h"

/*
 * A relay from a member that begins at byte `begin` of the file, for pieces that `workers` threads
 * have in hand. NULL: no memory.
 */
struct relay *relay_new(uint64_t begin, unsigned workers);
void relay_free(struct relay *r);

/* Has anything gone wrong in the pieces that are done? Then what they have counted is void. */
bool relay_has_failed(struct relay *r);

#endif
