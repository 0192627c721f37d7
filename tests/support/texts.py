# SPDX-License-Identifier: BSD-2-Clause
"""Texts biased to what counting finds difficult."""

ASCII = [b"a", b"b", b"word", b"1234567", b"12345678", b" ", b"  ", b"\t", b"\n", b"\n\n", b"\r",
	b"\r\n", b"\f", b"\v", b"\0", b"\x7f", b"\x1b[1m", b"\b"]
SPACES = [chr(c).encode() for c in (0xA0, 0x1680, 0x2000, 0x2007, 0x2009, 0x2028, 0x2029, 0x202F,
	0x205F, 0x2060, 0x3000, 0x85, 0x180E, 0x200B, 0xFEFF)]
CHARACTERS = [text.encode() for text in ("é", "e\u0301", "\u0301", "あ", "漢字", "ж", "한", "😀", "🇩🇪",
	"\u0080", "\u07ff", "\u0800", "\uffff", "\U00010000", "\U0010ffff", "ｱ")]
BROKEN = [b"\x80", b"\xbf\xbf", b"\xa0", b"\xc0\x80", b"\xe0\x80\x80", b"\xe0\x9f\xbf",
	b"\xf0\x80\x80\x80", b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80",
	b"\xfe", b"\xff", b"\xc3", b"\xe3", b"\xe3\x80", b"\xf0\x9f", b"\xf0\x9f\x98", b"\xe2\x80"]
LEGACY = "a b\tあアｱ漢字、。　表示能力ソ\\ 中文字元簡体繁體 ж é ü 한국어 ①Ω±\n"


def text(rng, size, codec="utf-8", kind=None):
	"""About `size` bytes. Kinds: mixed, valid, ascii, bytes, lines (short), line (one long line)."""
	kind = kind or rng.choice(("mixed", "valid", "ascii", "bytes", "lines", "line"))
	if kind == "bytes":
		return rng.randbytes(size)
	pool = ASCII * 2
	if kind != "ascii":
		if codec == "utf-8":
			pool = pool + SPACES + CHARACTERS * 2
		else:
			pool = pool + [c.encode(codec, "ignore") for c in LEGACY] * 2
		if kind != "valid":
			pool = pool + BROKEN
	if kind == "lines":
		pool = pool + [b"\n"] * (len(pool) // 4)
	if kind == "line":
		pool = [piece for piece in pool if b"\n" not in piece]
	if rng.randrange(4) == 0:
		pool = rng.sample(pool, rng.randint(1, 4))  # long runs of few things
	pool = [piece for piece in pool if piece] or [b"x"]
	pieces, length = [], 0
	while length < size:
		piece = rng.choice(pool)
		pieces.append(piece)
		length += len(piece)
	return b"".join(pieces)[:size]


def codec_of(locale):
	"""Python's name for the charset of a locale."""
	charset = locale.partition(".")[2].lower() or "latin-1"
	return {"utf-8": "utf-8", "sjis": "shift_jis", "koi8-r": "koi8-r"}.get(charset, charset)
