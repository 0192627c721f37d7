# SPDX-License-Identifier: BSD-2-Clause
"""The installed wc, and on what it can be asked: versions of GNU wc differ in known places.

9.5 and later  control characters, unprintable characters and encoding errors are part of words,
               U+2028 and U+2029 separate them, as byte A0 does in the C locale; a character cut
               short by the end of file is an error of its first byte, and the next may be read
               anew (GB18030: 84 31 ends in the character 1, and in 84 31 0A there is a line)
9.11 and later UTF-8 is strict: above U+10FFFF is no character
9.5 to 9.11    characters split between two reads are miscounted: only small files can be asked
"""

import os
import re
import shutil
import subprocess

PRINTABLE_ASCII = [b"a", b"Bc", b"word", b"42", b"(", b"-", b"~"]
PRINTABLE_UTF8 = [text.encode() for text in ("é", "ж", "あ", "漢字", "한", "ß", "Ω", "😀", "e\u0301")]
PRINTABLE_LEGACY = "あ漢字、文ж"
BLANKS = [b" ", b"  ", b"\t", b"\n", b"\n\n", b"\r\n", b"\f", b"\v"]


class Reference:
	"""None of it is GNU wc: .version is None."""

	def __init__(self, program=None):
		self.program = program or os.environ.get("PCOUNT_WC") or shutil.which("wc")
		self.version = None
		if not self.program:
			return
		said = subprocess.run([self.program, "--version"], stdin=subprocess.DEVNULL,
			stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={"LC_ALL": "C"}).stdout
		match = re.match(rb"wc \(GNU coreutils\) (\d+)\.(\d+)", said)
		if match:
			self.version = int(match.group(1)), int(match.group(2))

	def agrees_on_words(self):
		"""Does it count words of any text as pcount does?"""
		return self.version >= (9, 5)

	def prepare(self, data, locale):
		"""The text without the bytes on which all but the newest differ."""
		if locale.endswith("GB18030") and self.version < (9, 5):
			return data + b"\nend\n"
		if locale.endswith("SJIS") and (9, 5) <= self.version <= (9, 11):
			# Half-width katakana: those versions look them up outside their table (R7.11).
			return re.sub(rb"[\xa1-\xdf]", b"k", data)
		if self.version >= (9, 11) or not locale.endswith("UTF-8"):
			return data
		return re.sub(rb"[\xf4-\xff]", b"\xf3", data)


def printable(rng, size, locale, codec):
	"""A text whose words every version counts alike."""
	pool = PRINTABLE_ASCII + BLANKS
	if codec == "utf-8":
		pool = pool + PRINTABLE_UTF8 + ["\u3000".encode(), "\u00a0".encode(), "\u2003".encode()]
	elif locale != "C":
		pool = pool + [c.encode(codec, "ignore") for c in PRINTABLE_LEGACY]
	pool = [piece for piece in pool if piece]
	out = bytearray()
	while len(out) < size:
		out += rng.choice(pool)
	return bytes(out)
