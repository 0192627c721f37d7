# SPDX-License-Identifier: BSD-2-Clause
"""Rules 6, 7, 8 and 20.1 to 20.3 over whole charsets: pcount against a model of the rules that
asks the C library, at many chunk sizes; and every code point against the C library's tables."""

import functools
import os
import random
import subprocess
import sys

import locales
from harness import HERE, Case, check, has, same

CASES = []

# Fragments that make trouble, for each charset: lead bytes alone, bytes that look like others.
SEEDS = {
	"UTF-8": [b"\xc3\xa9", b"\xe3\x80\x80", b"\xe2\x80\xa8", b"\xc2\xa0", b"\xe2\x81\xa0", b"\xe1\x9a\x80",
		b"\xf0\x9f\x98\x80", b"\xcc\x81", b"\xe2\x80\x8d", b"\xef\xbb\xbf", b"\xe4\xb8\xad", b"\xf0\x9f",
		b"\xe3\x80", b"\xc3", b"\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xff", b"\xc2\x85",
		b"\xe2\x80", b"\xf0\x80\x80\x80"],
	"single": [bytes([byte]) for byte in (0x80, 0x85, 0x9a, 0xa0, 0xad, 0xc3, 0xe9, 0xff)],
	"EUC-JP": [b"\xa4\xa2", b"\xa1\xa1", b"\x8e\xb1", b"\x8f\xb0\xa1", b"\x8f", b"\xa4", b"\xff", b"\x80",
		b"\xa6\xb1", b"\x8f\xb0"],
	"SHIFT_JIS": [b"\x83\x5c", b"\x81\x40", b"\xb1", b"\x82\xa0", b"\x83", b"\xfd", b"\x80", b"\xa0", b"\x88\xa0",
		b"\xe0\x7c"],
	"GB18030": [b"\xb0\xa1", b"\xa1\xa1", b"\x81\x30\x81\x30", b"\x95\x32\x82\x36", b"\x81", b"\x81\x30",
		b"\x81\x30\x81", b"\xff", b"\x80", b"\x81\xa0", b"\xfe\x39\xfe\x39"],
	"BIG5": [b"\xa4\xa4", b"\xa5\x5c", b"\xa1\x40", b"\xa4", b"\xff", b"\x80", b"\xa4\x20"],
	"BIG5-HKSCS": [b"\xa4\xa4", b"\x88\x62", b"\x88\xa3", b"\x88\x66", b"\xa1\x40", b"\x88", b"\xff", b"\x80"],
	"EUC-KR": [b"\xb0\xa1", b"\xa1\xa1", b"\xa5\xe1", b"\xb0", b"\xff", b"\x80"],
}
PLAIN = [b"a", b"b ", b" ", b"\n", b"\t", b"\r", b"\f", b"\v", b"\0", b"word", b"\x01", b"0", b"  ", b"\n\n",
	b"\\", b"x" * 20, b"~"]

# The model runs in a process of its own, since a process can have only one LC_CTYPE.
MODEL = """
import sys
sys.path.insert(0, sys.argv[3])
from oracle import Oracle
count = Oracle(sys.argv[1], sys.argv[2], posix=sys.argv[4] == "1")
data = sys.stdin.buffer
while True:
	head = data.read(8)
	if len(head) < 8:
		break
	print(*count(data.read(int.from_bytes(head, "little"))))
"""


@functools.lru_cache(maxsize=None)
def model(name, texts, posix=False):
	"""Counts of each text (of a tuple) in the locale as lists of five numbers."""
	framed = b"".join(len(text).to_bytes(8, "little") + text for text in texts)
	done = subprocess.run([sys.executable, "-c", MODEL, name, locales.get().path, HERE, str(int(posix))],
		input=framed, stdout=subprocess.PIPE, check=True)
	return [[int(word) for word in line.split()] for line in done.stdout.splitlines()]


def fragments(name):
	codeset = locales.WANTED[name][2] if name in locales.WANTED else "single"
	return SEEDS.get(codeset, SEEDS["single"])


def random_texts(name, seed, count, longest):
	source = random.Random("%s %d" % (name, seed))
	pieces = fragments(name) * 2 + PLAIN
	texts = []
	for _ in range(count):
		text = b"".join(source.choice(pieces) for _ in range(source.randrange(longest)))
		if source.random() < 0.2:
			text = bytes(source.randrange(256) for _ in range(len(text)))
		texts.append(text)
	return texts


SEED = int(os.environ.get("PCOUNT_SEED", "1"))
OPTIONS = [["-c"], ["-l"], ["-w"], ["-m"], ["-L"], ["-lw"], ["-lwm"], ["-lwmcL"], []]
PICK = {"c": 3, "l": 0, "w": 1, "m": 2, "L": 4}
ORDER = "lwmcL"


def expected(options, counts, names):
	"""What is printed of files that have these counts."""
	flags = options[0][1:] if options else "lwc"
	values = [[each[PICK[flag]] for flag in ORDER if flag in flags] for each in counts]
	alone = len(counts) == 1 and len(values[0]) == 1
	width = 1 if alone else len(str(sum(each[PICK["c"]] for each in counts)))
	return "".join(" ".join("%*d" % (width, value) for value in line) + " %s\n" % at for line, at in zip(values, names)).encode()


SHORT, LONG_ONES = range(12), range(12, 15)


def against_model(name, posix):
	"""The short texts in one run, with each set of options and each way; long ones, which are many pieces, with some."""
	def run(context):
		texts = random_texts(name, SEED, len(SHORT), 60) + random_texts(name, SEED + 1, len(LONG_ONES), 2000)
		known = model(name, tuple(texts), posix)
		ways = {"default": [[]], "threads": [["--engine=threads", "-j3", "--chunk-size=%d" % size] for size in
			(1, 2, 3, 5, 64)], "processes": [["--engine=processes", "-j2", "--chunk-size=%d" % size] for size in
			(1, 7)]}[context.engine]
		env = {"POSIXLY_CORRECT": "1"} if posix else {}
		for i, text in enumerate(texts):
			context.write("f%d" % i, text)
		source = random.Random(SEED)

		def check_run(way, options, which):
			names = ["f%d" % i for i in which]
			got = context.run(*way, *options, "--total=never", *names, options=False, env=env)
			wanted = expected(options, [known[i] for i in which], names)
			if (got.out, got.err) != (wanted, b""):
				bad = [texts[i][:300] for i, *lines in zip(which, got.out.splitlines(), wanted.splitlines()) if lines[0] != lines[1]]
				same("seed %d, %s of %r" % (SEED, way + options, bad), (got.out, got.err), (wanted, b""))
		for way in ways:
			for options in OPTIONS:
				check_run(way, options, SHORT)
			for options in OPTIONS if way == [] else source.sample(OPTIONS, 3):
				check_run(way, options, LONG_ONES)
				check_run(way, options, [source.choice(SHORT)])
		for text, counts in zip(texts, known):
			if len(text) < 500:
				got = context.run("-lwmcL", options=True, stdin=text, env=env)
				values = " ".join("%7d" % counts[PICK[flag]] for flag in ORDER) + "\n"
				same("seed %d, a pipe with %r" % (SEED, text[:300]), got.out, values.encode())
	return run


for locale_name in ["C"] + sorted(locales.WANTED):
	if locale_name in ("de_DE.UTF-8", "ja_JP.UTF-8"):
		continue
	what = "R6.4" if "UTF" in locale_name else "R6.1" if locale_name in locales.SINGLE_BYTE else "R6.7"
	CASES.append(Case(what + " R6.3 R7.1 R7.2 R7.3 R8.6 X20.1 X20.2" +
		(" X20.3" if locale_name in locales.LEGACY else ""), "random text in " + locale_name,
		against_model(locale_name, False), locale=locale_name))
	CASES.append(Case("R16.2 R7.3", "random text, POSIXLY_CORRECT, in " + locale_name,
		against_model(locale_name, True), locale=locale_name, matrix=False))


def every_code_point(name):
	"""Each block of 256 code points (UTF-8) or each lead byte's characters as a file: all counts."""
	def run(context):
		if "UTF" in name:
			starts = range(0, 0x110000, 256)
			if not has("long"):
				# Planes 3 to 13 and the private ones are dull: their first and last blocks will do.
				starts = [at for at in starts if at >> 16 in (0, 1, 2, 14) or at & 0xFF00 in (0, 0xFF00)]
			blocks = [b"".join(chr(code).encode("utf-8") for code in range(start, start + 256)
				if not 0xD800 <= code <= 0xDFFF and code not in (10, 12, 13, 9)) for start in starts]
			blocks = [block for block in blocks if block]
		else:
			blocks = [b" ".join(bytes([lead, trail]) for trail in range(256) if trail not in (10, 12, 13, 9))
				for lead in range(256) if lead not in (10, 12, 13, 9)]
		known = model(name, tuple(blocks))
		names = []
		for number, block in enumerate(blocks):
			names.append("%x" % number)
			context.write(names[-1], block)
		context.write("list", "\0".join(names).encode())
		got = context.run("-lwmcL", "--total=never", "--files0-from=list")
		same("stderr", got.err, b"")
		lines = got.out.splitlines()
		same("number of lines", len(lines), len(blocks))
		for number, (line, counts) in enumerate(zip(lines, known)):
			same("block %x" % number, [int(word) for word in line.split()[:5]],
				[counts[PICK[flag]] for flag in ORDER])
	return run


for locale_name in ("C.UTF-8", "ja_JP.UTF-8", "ja_JP.EUC-JP", "ja_JP.SJIS", "zh_CN.GB18030", "zh_TW.BIG5",
		"zh_HK.BIG5-HKSCS", "ko_KR.EUC-KR"):
	CASES.append(Case("R8.5 R8.6 R7.4 R6.7" if "UTF" in locale_name else "R8.6 R6.7 R7.10",
		"every character in " + locale_name, every_code_point(locale_name), locale=locale_name,
		matrix=False))


def every_white_space(context):
	"""x, a code point, x and a space for each code point: one word, or two if it is white."""
	text = b"".join(b"x" + chr(code).encode("utf-8") + b"x " for code in range(0x110000)
		if not 0xD800 <= code <= 0xDFFF)
	context.write("f", text)
	# 1112064 code points that are no surrogates; 9-13, 20, 1680, 2000-200A, 2028, 2029, 202F, 205F, 2060
	# and 3000 are white.
	white = 5 + 1 + 1 + 11 + 2 + 1 + 1 + 1 + 1 + 1
	got = context.run("-w", "f", options=False)
	same("words", got.out, b"%d f\n" % (1112064 + white))
	got = context.run("-w", "f", options=False, env={"POSIXLY_CORRECT": ""})
	same("words if POSIXLY_CORRECT", got.out, b"%d f\n" % (1112064 + white - 4))
	got = context.run("-lwm", "--engine=threads", "-j3", "--chunk-size=1000", "f", options=False)
	same("all", got.out.split(), [b"1", b"%d" % (1112064 + white), b"%d" % (4 * 1112064), b"f"])


CASES.append(Case("R7.3 R7.4", "every code point as white space", every_white_space, locale="C.UTF-8",
	matrix=False))


def every_byte(name):
	def run(context):
		for posix in (False, True):
			texts = [b"x" + bytes([byte]) + b"x" for byte in range(256)]
			known = model(name, tuple(texts), posix)
			for number, text in enumerate(texts):
				context.write("%d" % number, text)
			got = context.run("-lwmcL", "--total=never", *["%d" % number for number in range(256)],
				env={"POSIXLY_CORRECT": ""} if posix else {})
			lines = got.out.splitlines()
			check(len(lines) == 256, "%d lines", len(lines))
			for number, (line, counts) in enumerate(zip(lines, known)):
				same("byte %02X" % number, [int(word) for word in line.split()[:5]],
					[counts[PICK[flag]] for flag in ORDER])
	return run


for locale_name in ("C", "de_DE.ISO-8859-1", "ru_RU.KOI8-R", "en_US.ANSI_X3.4-1968"):
	CASES.append(Case("R6.1 R7.6 R8.4" + (" R7.7" if locale_name == "C" else ""), "every byte in " + locale_name,
		every_byte(locale_name), locale=locale_name))
