/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks the locale for widths and keeps the answers. */
#include "base/base.h"
#include "count/width.h"

unsigned width_ask(struct counter *c, char32_t ch)
{
	unsigned width = charset_width(c->cs, ch);

	if (ch < WIDTHS_SIZE)
		c->widths[ch] = (unsigned char)(width + 1);
	return width;
}
