# SPDX-License-Identifier: BSD-2-Clause
"""Rules 4 to 8 and the reference's defects D1 to D3: what is counted."""

from harness import File, Match, Name, Pipe, Row, Sparse

ROWS = []


def R(*args, **more):
	ROWS.append(Row(*args, **more))


UTF = "C.UTF-8"
LATIN = "de_DE.ISO-8859-1"
KOI = "ru_RU.KOI8-R"
EUCJP = "ja_JP.EUC-JP"
SJIS = "ja_JP.SJIS"
GB = "zh_CN.GB18030"
BIG5 = "zh_TW.BIG5"
HKSCS = "zh_HK.BIG5-HKSCS"
EUCKR = "ko_KR.EUC-KR"


def count(rules, label, flags, data, *values, locale="C", both=True, **more):
	"""One row with the data in a pipe and (both) one with the data in a file, as standard input."""
	data = data.encode() if isinstance(data, str) else data
	width = 1 if len(flags) == 1 else 7
	out = " ".join("%*d" % (width, value) for value in values) + "\n"
	R(rules, label, ["-" + flags], out, stdin=Pipe(data), locale=locale, **more)
	if both:
		width = 1 if len(flags) == 1 else len(str(len(data)))
		out = " ".join("%*d" % (width, value) for value in values) + "\n"
		R(rules, label + " (file)", ["-" + flags], out, stdin=File(data), locale=locale,
			offset=len(data), **more)


# --- 4. Bytes

count("R4.1", "nothing", "c", b"", 0)
count("R4.1", "some bytes", "c", b"\0\n\xff\xc3\xa9", 5)
count("R4.1", "some bytes in UTF-8", "c", b"\0\n\xff\xc3\xa9", 5, locale=UTF)
count("R4.1", "100000 bytes", "c", b"x\n" * 50000, 100000)
R("R4.1 R13.2", "from the current offset", ["-c"], b"4\n", stdin=File(b"x" * 10, at=6), offset=10)
R("R4.1 R13.2", "from an offset beyond the end", ["-c"], b"0\n", stdin=File(b"x" * 10, at=60))
for size in (1, 4095, 4096, 4097, 8192, 65536, 100000, 131072, 262144, 300000):
	R("R4.2", "-c of a file of %d" % size, ["-c"], "%d\n" % size, stdin=File(b"", size=size), offset=size)
	R("R4.2", "-c by name, %d" % size, ["-c", "f"], "%d f\n" % size, files={"f": Sparse(size)})
	R("R4.2", "-m in C, %d" % size, ["-m"], "%d\n" % size, stdin=File(b"", size=size), offset=size)
	R("R4.2", "-cm in C, %d" % size, ["-cm"], "%d %d\n" % (size, size), stdin=File(b"", size=size),
		offset=size)
R("R4.2", "-c of an empty file", ["-c", "f"], b"0 f\n", files={"f": b""})
R("R4.2", "-c in /sys: 2, whatever the size says", ["-c", "/sys/kernel/profiling"],
	b"2 /sys/kernel/profiling\n", needs=["/sys"])
R("R4.2", "-c in /sys on standard input", ["-c"], b"2\n", stdin=Name("/sys/kernel/profiling"),
	needs=["/sys"])
R("R4.2", "-c in /proc is what cat gives", out=b"equal\n",
	sh='[ "$(wc -c </proc/version)" = "$(cat /proc/version | wc -c)" ] && '
		'[ "$(wc -c /proc/version)" = "$(cat /proc/version | wc -c) /proc/version" ] && echo equal',
	needs=["/proc"])
R("R4.2 X20.7", "all counts in /proc are what cat gives", out=b"equal\n",
	sh='[ "$(wc -lwmcL </proc/cpuinfo | tr -s " " | sed "s/^ //")" = '
		'"$(cat /proc/cpuinfo | wc -lwmcL | tr -s " " | sed "s/^ //")" ] && echo equal',
	needs=["/proc"], matrix=True)
R("R4.2", "-c of a pipe", ["-c"], b"5000\n", stdin=b"x" * 5000)
R("R4.2", "-c of a device", ["-c", "/dev/null"], b"0 /dev/null\n")
TIB = 1 << 40
R("R4.3", "1 TiB sparse, by name", ["-c", "f"], "%d f\n" % TIB, files={"f": Sparse(TIB)}, cpu_s=20)
R("R4.3", "1 TiB sparse, on standard input", ["-c"], "%d\n" % TIB, stdin=Name("f"),
	files={"f": Sparse(TIB)}, offset=TIB, cpu_s=20)
R("R4.3", "1 TiB sparse, as /dev/stdin", ["-c", "/dev/stdin"], "%d /dev/stdin\n" % TIB,
	stdin=Name("f"), files={"f": Sparse(TIB)}, needs=["/dev/stdin"], offset=0, cpu_s=20)
R("R4.3", "1 TiB and 1 byte", ["-c", "f"], "%d f\n" % (TIB + 1), files={"f": Sparse(TIB + 1)}, cpu_s=20)
R("R4.3", "1 TiB, two names", ["-c", "f", "f"], "%d f\n%d f\n%d total\n" % (TIB, TIB, 2 * TIB),
	files={"f": Sparse(TIB)}, cpu_s=20)
R("R4.4", "with another count bytes are those read", ["-lc", "/sys/kernel/profiling"],
	b"   1    2 /sys/kernel/profiling\n", needs=["/sys"])
R("R4.4", "the same with the default counts", ["/sys/kernel/profiling"],
	Match(rb"   1    1    2 /sys/kernel/profiling\n"), needs=["/sys"])
R("R4.5", "twice -c: N, then 0", out=b"6\n0\n", sh="{ wc -c; wc -c; } <f", files={"f": b"abcdef"})
R("R4.5", "twice -c, a multiple of the page size", out=b"8192\n0\n", sh="{ wc -c; wc -c; } <f",
	files={"f": Sparse(8192)})
R("R4.5 R13.3", "-l, then -c: N, then 0", out=b"1\n0\n", sh="{ wc -l; wc -c; } <f",
	files={"f": b"ab\ncdef"})

# --- 5. Lines

count("R5.1", "no last newline", "l", b"a\nb", 1)
count("R5.1", "only newlines", "l", b"\n\n\n", 3)
count("R5.1", "CR is none", "l", b"a\rb\r\nc\r", 1)
count("R5.1", "VT and FF are none", "l", b"\v\f\n\v\f", 1)
count("R5.1", "nothing", "l", b"", 0)
count("R5.1", "NUL is nothing special", "l", b"\0\n\0", 1)
count("R5.1", "long lines", "l", (b"x" * 1000 + b"\n") * 300 + b"y", 300)
count("R5.1", "short lines", "l", b"\n" * 20000, 20000)
count("R5.1", "U+2028 and U+0085 are none", "l", "a\u2028b\u0085c\u2029\n", 1, locale=UTF)
count("R5.1 R5.2", "after bad bytes", "l", b"\xff\n\xe3\n\xe3\x80\n\xf0\x9f\x98\n", 4, locale=UTF)
count("R5.2", "all options agree in UTF-8", "lwmL", b"\xff\n\xe3\n\xe3\x80\n\xf0\x9f\x98\n", 4, 4, 4, 0,
	locale=UTF)
# A lead byte before a newline: an ill-formed sequence, the newline stays one.
count("R5.2", "a lead byte before LF in SJIS, -l", "l", b"\x83\n\x83\x5c\n\xfc\n", 3, locale=SJIS)
count("R5.2", "a lead byte before LF in SJIS, -lm", "lm", b"\x83\n\x83\x5c\n\xfc\n", 3, 4, locale=SJIS)
count("R5.2", "a lead byte before LF in GB18030, -lm", "lm", b"\x81\n\x81\x30\n\x81\x30\x81\n", 3, 5,
	locale=GB)
count("R5.2", "a lead byte before LF in BIG5, -lm", "lm", b"\xa4\n\xa4\x40\n", 2, 3, locale=BIG5)

# --- 6. Characters

JUNK = b"a\xff\xc3\xa9\0\n\x80"
count("R6.1", "C: as many as bytes", "m", JUNK, 7)
count("R6.1", "C: both", "mc", JUNK, 7, 7)
count("R6.1", "C: beside others", "lm", JUNK, 1, 7)
count("R6.1", "ISO-8859-1: as many as bytes", "m", JUNK, 7, locale=LATIN)
count("R6.1", "KOI8-R: as many as bytes", "m", bytes(range(256)), 256, locale=KOI)
count("R6.2", "one each", "m", "a\u00e9\u3000\U0001f600", 4, locale=UTF)
count("R6.2", "NUL is one", "m", b"\0\0\0", 3, locale=UTF)
count("R6.2", "NUL among others", "mw", "\u00e9\0\u00e9", 1, 3, locale=UTF)
count("R6.2", "combining marks, joiners and BOM are characters", "m", "\ufeffe\u0301\u200d", 4, locale=UTF)
count("R6.2", "another UTF-8 locale", "m", "a\u00e9\u3000\U0001f600", 4, locale="en_US.UTF-8")
count("R6.3", "F0 9F LF is 1", "m", b"\xf0\x9f\n", 1, locale=UTF)
count("R6.3", "E2 E3 80 80 is 1", "m", b"\xe2\xe3\x80\x80", 1, locale=UTF)
count("R6.3", "F0 9F 98 E9 is 0, a is 1", "m", b"\xf0\x9f\x98\xe9a", 1, locale=UTF)
count("R6.3", "F0 F0 9F 98 80 is 1", "m", b"\xf0\xf0\x9f\x98\x80", 1, locale=UTF)
count("R6.3", "F0 9F F0 9F 98 80 is 1", "m", b"\xf0\x9f\xf0\x9f\x98\x80", 1, locale=UTF)
count("R6.3", "E1 80 C3 A9 is 1", "m", b"\xe1\x80\xc3\xa9", 1, locale=UTF)
count("R6.3", "only continuation bytes", "m", b"\x80" * 20, 0, locale=UTF)
count("R6.3", "with all counts", "lwmcL", b"x\xf0\x9f\ny\xe3\x80z\xff", 1, 2, 4, 9, 2, locale=UTF)
ILL = [("C0 80", b"\xc0\x80"), ("C0 AF", b"\xc0\xaf"), ("C1 BF", b"\xc1\xbf"), ("E0 80 80", b"\xe0\x80\x80"),
	("E0 9F BF", b"\xe0\x9f\xbf"), ("ED A0 80", b"\xed\xa0\x80"), ("ED BF BF", b"\xed\xbf\xbf"),
	("ED AF BF ED B0 80", b"\xed\xaf\xbf\xed\xb0\x80"), ("F0 80 80 80", b"\xf0\x80\x80\x80"),
	("F0 8F BF BF", b"\xf0\x8f\xbf\xbf"), ("F4 90 80 80", b"\xf4\x90\x80\x80"),
	("F4 BF BF BF", b"\xf4\xbf\xbf\xbf"), ("F5 80 80 80", b"\xf5\x80\x80\x80"),
	("F7 BF BF BF", b"\xf7\xbf\xbf\xbf"), ("F8 88 80 80 80", b"\xf8\x88\x80\x80\x80"),
	("FB BF BF BF BF", b"\xfb\xbf\xbf\xbf\xbf"), ("FC 84 80 80 80 80", b"\xfc\x84\x80\x80\x80\x80"),
	("FD BF BF BF BF BF", b"\xfd\xbf\xbf\xbf\xbf\xbf"), ("FE", b"\xfe"), ("FF", b"\xff"), ("80", b"\x80"),
	("BF", b"\xbf")]
for name, data in ILL:
	count("R6.4", "ill-formed: " + name, "m", data, 0, locale=UTF, both=False)
	count("R6.4", "ill-formed between letters: " + name, "lwmL", b"a" + data + b"b\n", 1, 1, 3, 2,
		locale=UTF, both=False)
GOOD = ["\u0080", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\ufffd", "\ufffe", "\uffff", "\U00010000",
	"\U0001fffe", "\U0010fffe", "\U0010ffff", "\ufdd0"]
for char in GOOD:
	count("R6.4", "well-formed: U+%04X" % ord(char), "m", "a" + char + "b", 3, locale=UTF, both=False)
count("R6.4", "another UTF-8 locale", "m", b"\xf4\x90\x80\x80\xed\xa0\x80\xc0\x80", 0, locale="ja_JP.UTF-8")
for name, data in (("C3", b"\xc3"), ("E3", b"\xe3"), ("E3 80", b"\xe3\x80"), ("F0 9F", b"\xf0\x9f"),
		("F0 9F 98", b"\xf0\x9f\x98")):
	count("R6.5", "cut at the end: " + name, "m", b"ab" + data, 2, locale=UTF)
	count("R6.5 R7.2", "cut at the end, words: " + name, "w", b"ab " + data, 2, locale=UTF)
	count("R6.5", "nothing but the cut: " + name, "lwmcL", data, 0, 1, 0, len(data), 0, locale=UTF)
count("R6.5", "cut at the end in SJIS", "mw", b"a \x83", 2, 2, locale=SJIS)
# GB18030: 81 fails, then 30 is "0", then 81 fails: the 30 is a character.
count("R6.5 R6.3", "cut at the end in GB18030", "wm", b"a \x81\x30\x81", 2, 3, locale=GB)
count("R6.5", "cut at the end in EUC-JP", "wm", b"a \x8f\xb0", 2, 2, locale=EUCJP)
for locale in (EUCJP, SJIS, GB, BIG5, HKSCS, EUCKR):
	count("R6.6", "ASCII in " + locale, "mL", bytes(range(32, 127)), 95, 95, locale=locale)
	count("R6.6 R6.2", "control characters in " + locale, "m", bytes(range(0, 32)) + b"\x7f", 33,
		locale=locale)
count("R6.6", "5C in SJIS is one character", "mL", b"\\\\", 2, 2, locale=SJIS)
count("R6.6", "7E in SJIS is one character", "mL", b"~~", 2, 2, locale=SJIS)
count("R6.7", "EUC-JP: two bytes and three", "mL", b"\xa4\xa2\x8f\xb0\xa1\x8e\xb1", 3, 5, locale=EUCJP)
count("R6.7", "SJIS: two bytes", "mL", b"\x82\xa0\x83\x5c", 2, 4, locale=SJIS)
count("R6.7", "GB18030: two bytes and four", "mL", b"\xb0\xa1\x95\x32\x82\x36", 2, 4, locale=GB)
count("R6.7", "BIG5", "mL", b"\xa4\xa4\xa5\x5c", 2, 4, locale=BIG5)
count("R6.7", "BIG5-HKSCS: two code points are one character", "m", b"a\x88\x62b", 3, locale=HKSCS)
count("R6.7", "BIG5-HKSCS: several such", "wm", b"\x88\x62\x88\x64\x88\xa3\x88\xa5 \x88\x62", 2, 6,
	locale=HKSCS)
count("R6.7", "EUC-KR", "mL", b"\xb0\xa1\xc8\xfe", 2, 4, locale=EUCKR)
count("R6.7 R6.3", "ill-formed EUC-JP", "m", b"\xa4\xff\xa4\xa2\xa4\x41", 2, locale=EUCJP)
count("R6.7 R6.3", "ill-formed SJIS", "m", b"\x83\xff\x82\xa0\x83\x20", 2, locale=SJIS)
count("R6.7 R6.3", "ill-formed EUC-KR", "m", b"\xb0\x41\xb0\xa1\xff", 2, locale=EUCKR)

# --- 7. Words

count("R7.1", "plain", "w", b"  one two\nthree\t four  ", 4)
count("R7.1", "none", "w", b" \t\n", 0)
count("R7.1", "one at once", "w", b"x", 1)
for label, data, words in (("control character", b"\1\n", 1), ("NUL", b"\0", 1), ("DEL", b" \x7f ", 1),
		("NULs apart", b"\0 \0\n\0", 3), ("ESC inside a word", b"a\x1bb", 1), ("BS", b"a \b b", 3),
		("1C to 1F are none of the white", b"a\x1cb\x1db\x1eb\x1fb", 1)):
	count("R7.1", label, "w", data, words)
	count("R7.1", label + " in UTF-8", "w", data, words, locale=UTF)
count("R7.1", "unassigned, private and unprintable", "w", "\u0378 \ue000 \u200b \ufffe \u0085", 5, locale=UTF)
count("R7.1", "a combining mark alone", "w", " \u0301 ", 1, locale=UTF)
count("R7.1", "high bytes in C", "w", b"\x80 \xff \xc3", 3)
count("R7.1", "C1 controls in ISO-8859-1", "w", b"\x80 \x9f", 2, locale=LATIN)
count("R7.2", "an error is a word", "w", b"a \xff b", 3, locale=UTF)
count("R7.2", "an error goes on with a word", "w", b"a\xffb", 1, locale=UTF)
count("R7.2", "errors together are one word", "w", b"\xff\xfe\x80", 1, locale=UTF)
count("R7.2", "a cut white space is a word", "w", b"a \xe3\x80 b \xe2\x80", 4, locale=UTF)
count("R7.2", "in SJIS", "w", b"a \xfd b", 3, locale=SJIS)
count("R7.2", "in EUC-KR", "w", b"a \xff b", 3, locale=EUCKR)
for locale in ("C", UTF, LATIN, KOI, SJIS, GB):
	count("R7.3", "the six in " + locale, "w", b"a\tb\nc\vd\fe\rf g", 7, locale=locale, both=False)
for code in (0xA0, 0x2007, 0x202F, 0x2060):
	text = "a%cb" % code
	count("R7.3", "U+%04X separates" % code, "w", text, 2, locale=UTF)
	count("R7.3", "U+%04X does not if POSIXLY_CORRECT" % code, "w", text, 1, locale=UTF,
		env={"POSIXLY_CORRECT": "1"})
	count("R7.3", "U+%04X does not if POSIXLY_CORRECT is empty" % code, "w", text, 1, locale=UTF,
		env={"POSIXLY_CORRECT": ""})
WHITE = list(range(9, 14)) + [0x20, 0x1680] + list(range(0x2000, 0x2007)) + list(range(0x2008, 0x200B)) \
	+ [0x2028, 0x2029, 0x205F, 0x3000]
for code in WHITE:
	count("R7.4", "U+%04X is white" % code, "w", "a%cb" % code, 2, locale=UTF, both=False)
	count("R7.4", "U+%04X is white even if POSIXLY_CORRECT" % code, "w", "a%cb" % code, 2, locale=UTF,
		both=False, env={"POSIXLY_CORRECT": "1"})
for code in (0x85, 0x180E, 0x200B, 0x200C, 0x200D, 0xFEFF, 0x1C, 0x1F, 0x2800, 0x3164, 0x2061, 0xAD):
	count("R7.4", "U+%04X is not white" % code, "w", "a%cb" % code, 1, locale=UTF, both=False)
count("R7.4", "all of them in a row", "w", "x" + "".join(map(chr, WHITE)) + "y", 2, locale=UTF)
count("R7.4", "in another UTF-8 locale", "w", "x" + "x".join(map(chr, WHITE)) + "x", len(WHITE) + 1,
	locale="ja_JP.UTF-8")
count("R7.5", "U+2028 and U+2029: words, not lines", "lw", "ab\u2028cd\u2029ef", 0, 3, locale=UTF)
count("R7.5", "U+2028 does not end a line for -L", "L", "ab\u2028cd\u2029ef", 6, locale=UTF)
count("R7.6", "A0 in ISO-8859-1", "w", b"a\xa0b", 2, locale=LATIN)
count("R7.6", "A0 in ISO-8859-1 if POSIXLY_CORRECT", "w", b"a\xa0b", 1, locale=LATIN,
	env={"POSIXLY_CORRECT": "1"})
count("R7.6", "9A in KOI8-R", "w", b"a\x9ab\xa0c", 2, locale=KOI)
count("R7.6", "9A in KOI8-R if POSIXLY_CORRECT", "w", b"a\x9ab", 1, locale=KOI,
	env={"POSIXLY_CORRECT": ""})
count("R7.6", "85 in ISO-8859-1 is none", "w", b"a\x85b", 1, locale=LATIN)
count("R7.7 D3", "A0 in C", "w", b"a\xa0b", 2)
count("R7.7 D3", "A0 in C if POSIXLY_CORRECT", "w", b"a\xa0b", 1, env={"POSIXLY_CORRECT": "1"})
count("R7.7 D3", "A0 in C inside UTF-8 text", "w", "d\u00e0 l\u00e0\n", 2)
count("R7.7 D3", "A0 in C between letters of UTF-8 text", "w", "\u00e0b \u6820", 3)
count("R7.7 D3", "A0 alone in C", "w", b"\xa0\xa0", 0)
count("R7.7", "no other byte in C", "w", b"x".join(bytes([c]) for c in range(128, 256) if c != 0xa0), 1)
R("R7.8", "not from file to file", ["-w", "a", "b"], b"1 a\n1 b\n2 total\n", files={"a": b"ab", "b": b"cd"})
R("R7.8", "not from file to file: spaces", ["-w", "a", "b"], b"1 a\n1 b\n2 total\n",
	files={"a": b"ab ", "b": b" cd"})
R("R7.8 R6.5", "a character does not go on in the next file", ["-wm", "a", "b"],
	b"1 1 a\n1 1 b\n2 2 total\n", files={"a": b"a\xe3\x80", "b": b"\x80b"}, locale=UTF)
R("R7.8", "from block to block", ["-w"], b"1\n", stdin=File(b"x" * 600000))
R("R7.8", "white from block to block", ["-w"], b"2\n", stdin=File(b"x" + b" " * 600000 + b"y"))
R("R7.8", "across the writes of a pipe", ["-w"], b"2\n", stdin=Pipe(pieces=[b"on", b"e", b" ", b" t", b"wo"],
	wait=0.01))
R("R7.9", "a name in error adds nothing", ["-w", "a", "none", "a"], b"2 a\n2 a\n4 total\n",
	"wc: none: No such file or directory\n", 1, files={"a": b"x y"})
count("R7.10", "5C as trail byte in SJIS", "wmL", b"\x83\x5c\x83\x5c", 1, 2, 4, locale=SJIS)
# GB18030 has trail bytes 30..39 and 40..FE, SJIS 40..FC: no white space can be one; digits and letters can.
count("R7.10", "30 as second and fourth byte in GB18030", "wm", b"\x81\x30\x81\x30 \x81\x30\x81\x31", 2, 3,
	locale=GB)
count("R7.10", "A0 as trail byte in GB18030 is not looked at", "wm", b"\x81\xa0", 1, 1, locale=GB)
count("R7.10", "A0 as trail byte in SJIS is not looked at", "wm", b"a\x88\xa0b", 1, 3, locale=SJIS)
count("R7.10 R7.3", "ideographic space", "w", b"a\x81\x40b", 2, locale=SJIS)
count("R7.10 R7.3", "ideographic space in EUC-JP", "w", b"a\xa1\xa1b", 2, locale=EUCJP)
count("R7.10 R7.3", "ideographic space in GB18030", "w", b"a\xa1\xa1b", 2, locale=GB)
count("R7.10 R7.3", "ideographic space in BIG5", "w", b"a\xa1\x40b", 2, locale=BIG5)
count("R7.10 R7.3", "ideographic space in EUC-KR", "w", b"a\xa1\xa1b", 2, locale=EUCKR)
count("R7.11", "half-width katakana", "wmL", b"\xb1\xb2 \xdf\xa1", 2, 5, 5, locale=SJIS)
count("R7.11", "all half-width katakana", "wmL", bytes(range(0xa1, 0xe0)), 1, 63, 63, locale=SJIS)

# --- 8. Maximum line length

count("R8.1", "nothing", "L", b"", 0)
count("R8.1", "the longest of several", "L", b"a\nabcd\nab\n", 4)
count("R8.1", "an unterminated last line", "L", b"a\nabcd", 4)
count("R8.1", "abcdef CR ab", "L", b"abcdef\rab", 6)
count("R8.1", "abc FF defg", "L", b"abc\fdefg", 4)
count("R8.1", "CR resets", "L", b"abc\rabcde\rab\n", 5)
count("R8.1", "lines of nothing", "L", b"\n\n\r\f", 0)
for data, width in ((b"\t", 8), (b"a\t", 8), (b"1234567\t", 8), (b"12345678\t", 16), (b"\t\t", 16),
		(b"a\tb\tc", 17), (b"\t\x01\t", 16), (b"a\rb\tc", 9), (b"        \t", 16)):
	count("R8.2", "%r is %d" % (data, width), "L", data, width)
	count("R8.2", "%r is %d in UTF-8" % (data, width), "L", data, width, locale=UTF, both=False)
count("R8.2", "after wide characters", "L", "\u3042\u3042\u3042\u3042\tx", 17, locale=UTF)
count("R8.2", "after seven columns", "L", "\u3042\u3042\u3042a\tx", 9, locale=UTF)
for label, data, width in (("SPACE", b"a b ", 4), ("VT is 0", b"a\vb", 2), ("VT does not reset", b"abc\vde", 5),
		("BS is 0", b"abc\b\b", 3), ("control characters", b"\x01a\x02\x0e\x1f", 1), ("DEL", b"a\x7fb", 2),
		("NUL", b"\0\0a", 1), ("an escape sequence", b"\x1b[31mred\x1b[0m", 10), ("BEL", b"\a\a", 0)):
	count("R8.3", label, "L", data, width)
	count("R8.3", label + " in UTF-8", "L", data, width, locale=UTF, both=False)
count("R8.4", "C: 20 to 7E only", "L", bytes(c for c in range(256) if c not in (9, 10, 12, 13)), 95)
count("R8.4", "C: high bytes are 0", "L", "a\u00e9b".encode(), 2)
count("R8.4", "ISO-8859-1: A0 to FF", "L", bytes(range(128, 256)), 96, locale=LATIN)
count("R8.4", "KOI8-R: all above 7F", "L", bytes(range(128, 256)), 128, locale=KOI)
for label, text, width in (("combining mark", "e\u0301", 1), ("wide", "\u4e2d\u6587", 4), ("emoji", "\U0001f600", 2),
		("ambiguous", "\u00a1\u00b1", 2), ("private use", "\ue000", 1), ("regional indicators", "\U0001f1e6\U0001f1e7", 2),
		("zero width space and joiner", "a\u200b\u200db", 2), ("fullwidth", "\uff21", 2), ("halfwidth", "\uff71", 1),
		("C1 control", "a\u0085b", 2), ("unassigned", "a\u0378b", 2), ("a family is the sum of its parts",
			"\U0001f468\u200d\U0001f469\u200d\U0001f467", 6), ("a heart and a selector", "\u2764\ufe0f", 1),
		("Hangul", "\ud55c\uae00", 4), ("Greek and Cyrillic", "\u03b1\u0411", 2), ("bidi marks", "\u200e\u200fa\u202a", 1),
		("ideographic space", "\u3000", 2)):
	count("R8.5", label, "L", text + "\n", width, locale=UTF)
count("R8.5", "errors are 0", "L", b"a\xff\xe3\x80b\x80\n", 2, locale=UTF)
count("R8.5", "with all other counts", "lwmcL", "e\u0301 \u4e2d\n", 1, 2, 5, 8, 4, locale=UTF)
for locale, data, width in ((EUCJP, b"\xa6\xb1\xa7\xa2", 4), (SJIS, b"\x83\xbf\x84\x41", 4),
		(GB, b"\xa6\xc1\xa7\xa2", 4), (EUCKR, b"\xa5\xe1\xac\xa2", 4)):
	count("R8.6", "Greek and Cyrillic in " + locale, "L", data, width, locale=locale)
count("R8.6", "Greek and Cyrillic in ja_JP.UTF-8", "L", "\u03b1\u0411", 2, locale="ja_JP.UTF-8")
R("R8.7", "the total is the maximum", ["-L", "a", "b", "c"], b" 3 a\n 5 b\n 1 c\n 5 total\n",
	files={"a": b"abc\n", "b": b"abcde\n", "c": b"x"})
R("R8.7", "beside sums", ["-lL", "a", "b"], b" 1  3 a\n 1  5 b\n 2  5 total\n",
	files={"a": b"abc\n", "b": b"abcde\n"})
count("R8.8", "neither bytes nor characters", "mcL", "\t\u3042e\u0301", 4, 7, 11, locale=UTF)

# --- D1: characters across reads. GNU wc 9.5 to 9.11 get these wrong.

for size in (1 << 14, 1 << 16, 1 << 17, 1 << 18, 1 << 20):
	for before in (1, 2):
		text = b"a" * (size - before) + "\u3000 b\n".encode()
		R("D1", "U+3000 with %d bytes before %d" % (before, size), ["-w"], b"2\n", stdin=File(text),
			locale=UTF, matrix=False)
		width = len(str(len(text)))
		R("D1", "U+3000 with %d bytes before %d, three counts" % (before, size), ["-lwm", "f"],
			"%*d %*d %*d f\n" % (width, 1, width, 2, width, size - before + 4), files={"f": text},
			locale=UTF, matrix=False)
PIECES = ("a\u3000 b\u00e9\n" * 100).encode()
R("D1 R13.8", "a pipe written in pieces of 1", ["-lwm"], b"    100     200     600\n",
	stdin=Pipe(pieces=[PIECES[i:i + 1] for i in range(len(PIECES))]), locale=UTF)
R("D1 R13.8", "a pipe written in pieces of 2 with pauses", ["-lwm"], b"     10      20      60\n",
	stdin=Pipe(pieces=[PIECES[i:i + 2] for i in range(0, 90, 2)], wait=0.002), locale=UTF)
R("D1", "SJIS 83 5C at 256 KiB", ["-mL"], b"262145 262146\n",
	stdin=File(b"a" * 262143 + b"\x83\x5c" + b"b"), locale=SJIS, matrix=False)
R("D1", "SJIS 83 5C in pieces", ["-mL"], b"      3       4\n",
	stdin=Pipe(pieces=[b"a\x83", b"\x5cb"], wait=0.05), locale=SJIS)
R("D1", "GB18030, four bytes in pieces", ["-wmL"], b"      1       3       4\n",
	stdin=Pipe(pieces=[b"a\x95", b"\x32", b"\x82", b"\x36b"], wait=0.02), locale=GB)
R("D1", "GB18030 at 256 KiB", ["-m"], b"262144\n",
	stdin=File(b"a" * 262142 + b"\x95\x32\x82\x36" + b"b"), locale=GB, matrix=False)

# --- D2: -c on a descriptor that is not at the start, of a file of whole pages.

for size in (4096, 8192, 65536, 1 << 20):
	for skip in sorted({1, 5, 4095, 4096, size - 1, size, size + 10}):
		rest = max(0, size - skip)
		for flag in "cm":
			R("D2 R13.2", "-%s of %d from %d" % (flag, size, skip), ["-" + flag], "%d\n" % rest,
				stdin=File(b"", at=skip, size=size), offset=max(size, skip) if skip <= size else None)
R("D2", "-c after dd", out=b"8187\n", sh="(dd bs=1 skip=5 count=0 2>/dev/null; wc -c) <f",
	files={"f": Sparse(8192)})
