/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of --borders: one for each part of an operand. */
#include "base/base.h"
#include "report/text.h"

const struct formatter formatter_borders = {
	.forms = FORM_BORDERS,
	.part = text_part_line,
};
