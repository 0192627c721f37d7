# SPDX-License-Identifier: BSD-2-Clause
"""The rules in Python, slowly: counts of bytes in a locale of the C library.

	count = Oracle("ja_JP.SJIS", path)      # path: LOCPATH; one locale per process
	count(b"...")                           # Counts(lines, words, chars, bytes, width)

An independent model for tests: it shares nothing with the program. It asks the C library for
characters (UTF-8 is decoded strictly here), white space and widths.
"""

import collections
import ctypes
import locale
import os

Counts = collections.namedtuple("Counts", "lines words chars bytes width")

NO_BREAK = (0xA0, 0x2007, 0x202F, 0x2060)


def decode_utf8(data, at):
	"""(code point, bytes) of the character at `at`, or (None, 1) if it is ill-formed or cut."""
	lead = data[at]
	if lead < 0x80:
		return lead, 1
	if 0xC2 <= lead <= 0xDF:
		size, low, high = 2, 0x80, 0xBF
	elif 0xE0 <= lead <= 0xEF:
		size, low, high = 3, 0xA0 if lead == 0xE0 else 0x80, 0x9F if lead == 0xED else 0xBF
	elif 0xF0 <= lead <= 0xF4:
		size, low, high = 4, 0x90 if lead == 0xF0 else 0x80, 0x8F if lead == 0xF4 else 0xBF
	else:
		return None, 1
	tail = data[at + 1:at + size]
	if len(tail) < size - 1 or not low <= tail[0] <= high:
		return None, 1
	if any(byte & 0xC0 != 0x80 for byte in tail):
		return None, 1
	code = lead & (0xFF >> (size + 1))
	for byte in tail:
		code = code << 6 | byte & 0x3F
	return code, size


class Oracle:
	def __init__(self, name, path=None, posix=False):
		if path:
			os.environ["LOCPATH"] = path
		locale.setlocale(locale.LC_CTYPE, name)
		self.libc = ctypes.CDLL(None)
		self.codeset = locale.nl_langinfo(locale.CODESET)
		# The function behind MB_CUR_MAX; getattr, as Python mangles such names in classes.
		longest = getattr(self.libc, "__ctype_get_mb_cur_max")
		longest.restype = ctypes.c_size_t
		self.single = longest() == 1
		self.utf8 = self.codeset == "UTF-8"
		self.c = name in ("C", "POSIX")
		self.libc.mbrtowc.restype = ctypes.c_size_t
		self.libc.iswspace.argtypes = [ctypes.c_uint]
		self.libc.wcwidth.argtypes = [ctypes.c_uint]
		self.libc.btowc.restype = ctypes.c_uint
		self.no_break = () if posix else NO_BREAK
		self.known = {}

	def decode(self, data, at):
		"""(what it is, bytes): a code point; or in single-byte locales the byte; None if ill-formed."""
		if self.utf8:
			return decode_utf8(data, at)
		if self.single or data[at] < 0x80:
			return data[at], 1
		wide = ctypes.c_uint()
		state = ctypes.create_string_buffer(64)
		piece = bytes(data[at:at + 16])
		size = self.libc.mbrtowc(ctypes.byref(wide), piece, ctypes.c_size_t(len(piece)), state)
		if size >= (1 << 62):
			return None, 1
		return wide.value, max(1, size)

	def nature(self, char):
		"""(is it white, its columns) of what decode gave."""
		found = self.known.get(char)
		if found is None:
			if char is None:
				found = False, 0
			elif self.single:
				code = char if self.c else self.libc.btowc(char)
				found = bool(self.libc.isspace(char)) or code in self.no_break, \
					1 if self.libc.isprint(char) else 0
			elif char < 0x80:
				# An ASCII byte is printable or not as a byte: SJIS has no width for U+005C and U+007E.
				found = bool(self.libc.isspace(char)), 1 if self.libc.isprint(char) else 0
			else:
				found = bool(self.libc.iswspace(char)) or char in self.no_break, \
					max(0, self.libc.wcwidth(char))
			self.known[char] = found
		return found

	def __call__(self, data):
		lines = words = chars = column = width = at = 0
		inside = False
		while at < len(data):
			char, size = self.decode(data, at)
			at += size
			white, columns = self.nature(char)
			if char is not None:
				chars += 1
			if not white and not inside:
				words += 1
			inside = not white
			if char == 10:
				lines += 1
			if char in (10, 12, 13):
				width = max(width, column)
				column = 0
			elif char == 9:
				column += 8 - column % 8
			else:
				column += columns
		return Counts(lines, words, chars, len(data), max(width, column))


if __name__ == "__main__":
	import sys
	print(*Oracle(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)(sys.stdin.buffer.read()))
