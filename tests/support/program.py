# SPDX-License-Identifier: BSD-2-Clause
"""The program under test, run many times: starting it, scoring, and texts biased to trouble.

PCOUNT is the program; PCOUNT_LONG, if not empty, asks for the long form of a test. Tests run in
the build directory, make their files in a folder there, and end with finish().
"""

import atexit
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import zlib

PCOUNT = os.environ.get("PCOUNT") or os.path.abspath("./pcount")
LONG = bool(os.environ.get("PCOUNT_LONG"))
SANITIZERS = os.environ.get("PCOUNT_SANITIZERS", "")
SLOW = 4 if SANITIZERS.strip() not in ("", "none", "no") else 1  # so many times fewer cases

_clean = {key: value for key, value in os.environ.items()
	if key in ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "PCOUNT_LOCALES") or
	key.endswith("SAN_OPTIONS")}


def environment(locale="C", locpath=None, **more):
	"""What the program is started with, and nothing else."""
	env = dict(_clean, LC_CTYPE=locale)
	if locpath:
		env["LOCPATH"] = locpath
	for key, value in more.items():
		if value is not None:
			env[key] = value
	return env


class Result:
	def __init__(self, status, out, err):
		self.status, self.out, self.err = status, out, err

	def __eq__(self, other):
		return isinstance(other, Result) and \
			(self.status, self.out, self.err) == (other.status, other.out, other.err)

	def __repr__(self):
		return "status %s, out %r, err %r" % (self.status, self.out[-600:], self.err[-600:])


def run(args, env, stdin=None, data=None, cwd=None, timeout=60, program=None, preexec=None):
	"""Runs PCOUNT with args. `stdin`: a file object or None; `data`: bytes through a pipe.
	A run that takes too long is killed, with all it has started, and has status "timeout"."""
	started = subprocess.Popen(["pcount"] + args, executable=program or PCOUNT, env=env, cwd=cwd,
		stdin=subprocess.PIPE if data is not None else stdin or subprocess.DEVNULL,
		stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=preexec)
	try:
		out, err = started.communicate(data, timeout=timeout)
		return Result(started.returncode, out, err)
	except subprocess.TimeoutExpired:
		started.kill()
		out, err = started.communicate()
		return Result("timeout", out, err)


_folder = None


def folder():
	"""A folder for this test's files, removed at the end."""
	global _folder
	if _folder is None:
		name = os.path.basename(sys.argv[0]).split(".")[0]
		_folder = tempfile.mkdtemp(prefix="test-%s-" % name, dir=os.getcwd())
		atexit.register(shutil.rmtree, _folder, ignore_errors=True)
	return _folder


def write(name, data):
	"""A file in folder(); its path."""
	path = os.path.join(folder(), name)
	with open(path, "wb") as file:
		file.write(data)
	return path


def sealed(line):
	"""A line of partials that was changed, or an object, with its checksum made right."""
	text = line if isinstance(line, bytes) else json.dumps(line).encode()
	text = text.rstrip(b"\n")[:-1]
	text = re.sub(rb',\s*"check":\s*"[^"]*"$', b"", text)
	return text + b',"check":"%08x"}\n' % zlib.crc32(text)


class Score:
	def __init__(self):
		self.passed = self.failed = self.skipped = 0

	def check(self, good, what, detail=""):
		"""Counts one check; says what failed, at most forty times."""
		if good:
			self.passed += 1
			return True
		self.failed += 1
		if self.failed <= 40:
			print("FAILED: %s%s" % (what, ": " + str(detail)[:700] if detail != "" else ""), flush=True)
		return False

	def skip(self, what, why):
		self.skipped += 1
		print("skipped: %s: %s" % (what, why), flush=True)

	def finish(self):
		more = ", %d skipped" % self.skipped if self.skipped else ""
		print("%d passed, %d failed%s" % (self.passed, self.failed, more), flush=True)
		if self.failed:
			sys.exit(1)
		sys.exit(0 if self.passed else 77)


# ---- texts ----

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


def seeded(name="PCOUNT_SEED", default=20240229):
	"""(seed, generator): the seed from the environment, or fixed."""
	seed = int(os.environ.get(name) or default, 0) if isinstance(os.environ.get(name), str) else default
	return seed, random.Random(seed)
