#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Prints src/tally/unicode_width_table.h: the columns of all characters, by the Unicode data of this Python.

    src/tally/unicode_width.py | clang-format-14 --assume-filename=x.h >src/tally/unicode_width_table.h

The rules are those by which the GNU C library makes its own table of widths, so that counts do not depend
on whether its locales are installed.
"""

import unicodedata

PREPENDED = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}  # Prepended_Concatenation_Mark
SOFT_HYPHEN = 0xAD
JAMO = (range(0x1160, 0x1200), range(0xD7B0, 0xD7FC))  # vowels and trailing consonants: they join a syllable
WIDE_SYMBOLS = (range(0x3248, 0x3250), range(0x4DC0, 0x4E00))  # ambiguous or neutral, and drawn wide


def width(c):
	"""Columns of code point `c`; what is no printable character has none."""
	category = unicodedata.category(chr(c))
	if category in ("Cc", "Cn", "Cs", "Zl", "Zp"):
		return 0
	if c == SOFT_HYPHEN or c in PREPENDED:
		return 1
	if category in ("Mn", "Me", "Cf") or any(c in jamo for jamo in JAMO):
		return 0
	wide = unicodedata.east_asian_width(chr(c)) in "WF" or any(c in symbols for symbols in WIDE_SYMBOLS)
	return 2 if wide else 1


def main():
	widths = [width(c) for c in range(0x110000)]
	runs = [c for c in range(0x110000) if c == 0 or widths[c] != widths[c - 1]]
	print("/* SPDX-License-Identifier: BSD-2-Clause */")
	print("/* Made by unicode_width.py from Unicode %s: runs of characters of the same width. */" % unicodedata.unidata_version)
	print("#ifndef PCOUNT_TALLY_UNICODE_WIDTH_TABLE_H\n#define PCOUNT_TALLY_UNICODE_WIDTH_TABLE_H\n")
	print('#include "base/base.h"\n')
	print("/* The first code point of each run * 4 + its columns. */")
	print("static const uint32_t width_runs[] = {")
	line = "\t"
	for entry in ("0x%X," % (first << 2 | widths[first]) for first in runs):
		if len(line) + len(entry) > 90:
			print(line.rstrip())
			line = "\t"
		line += entry + " "
	print(line.rstrip())
	print("};\n\n#endif")


main()
