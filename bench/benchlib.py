# SPDX-License-Identifier: BSD-2-Clause
"""What the benchmarks share: helpers built from C, seeded texts, timing, statistics."""
import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile

import realtexts

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(HERE)
SEED = 20240607
MIB = 1 << 20
GIB = 1 << 30

SCRIPTS = [
	"latin-accents",
	"cyrillic",
	"greek",
	"arabic",
	"hebrew",
	"devanagari",
	"thai",
	"cjk",
	"kana",
	"hangul",
	"emoji",
]
LARGE = ["ascii", "mixed", "random"]
SMALL = ["short-lines", "ascii-noline", "mixed-noline", "tsv"] + SCRIPTS
TABLES = ["csv", "csv-quoted"]
KINDS = LARGE + SMALL + TABLES
REAL = realtexts.REAL  # not among KINDS, for there may be none here
TREE_FILES = 50000
BASE = "base "  # before the name of a contender: the same one, by the pcount of --base
KERNELS = ["scalar", "portable", "sse2", "avx2", "avx512", "avx512vbmi", "neon"]


def say(*words):
	print(*words, file=sys.stderr, flush=True)


def fail(message):
	sys.exit("%s: %s" % (os.path.basename(sys.argv[0]), message))


def parse_size(text):
	"""Bytes in 512M, 2G, 1000."""
	units = {"K": 1 << 10, "M": MIB, "G": GIB}
	unit = units.get(text[-1:].upper(), 1)
	digits = text[:-1] if unit > 1 else text
	if not digits.isdigit() or int(digits) == 0:
		raise ValueError("bad size: %s" % text)
	return int(digits) * unit


def show_size(size):
	for letter, unit in (("G", GIB), ("M", MIB), ("K", 1 << 10)):
		if size % unit == 0:
			return "%d%s" % (size // unit, letter)
	return str(size)


def bench_dir():
	"""Where texts and helpers are kept between runs."""
	return os.environ.get("PCOUNT_BENCH_DIR") or os.path.join(
		os.environ.get("TMPDIR") or "/tmp", "pcount-bench"
	)


def find_pcount(given):
	"""The program under test: an option, $PCOUNT, ./pcount, or the source folder's."""
	for path in (given, os.environ.get("PCOUNT"), "./pcount", os.path.join(SOURCE, "pcount")):
		if path and os.access(path, os.X_OK) and os.path.isfile(path):
			return os.path.abspath(path)
	fail("no pcount here: build it, or name it with --pcount=PATH or PCOUNT=PATH")


def utf8_locale():
	"""A UTF-8 locale of this system: the C one if there is one."""
	names = subprocess.run(["locale", "-a"], capture_output=True, text=True).stdout.split()
	for want in ("C.UTF-8", "C.utf8", "en_US.UTF-8", "en_US.utf8"):
		if want in names:
			return want
	for name in names:
		if name.lower().endswith(("utf8", "utf-8")):
			return name
	fail("no UTF-8 locale on this system")


class Helpers:
	"""The C programs of this folder, compiled once per version of their source."""

	def __init__(self):
		self.folder = os.path.join(bench_dir(), "bin")
		os.makedirs(self.folder, exist_ok=True)
		self.cc = shlex.split(os.environ.get("CC") or "cc")

	def path(self, name):
		source = os.path.join(HERE, name + ".c")
		with open(source, "rb") as f:
			digest = hashlib.sha256(f.read() + " ".join(self.cc).encode()).hexdigest()[:12]
		binary = os.path.join(self.folder, "%s-%s" % (name, digest))
		if not os.path.exists(binary):
			scratch = "%s.%d" % (binary, os.getpid())
			subprocess.run(
				self.cc + ["-std=gnu11", "-O2", "-o", scratch, source, "-pthread", "-lm"],
				check=True,
			)
			os.rename(scratch, binary)
		return binary


class Corpus:
	"""The texts: made when asked for, kept while generator and seed stay the same."""

	def __init__(self, helpers, seed=SEED):
		self.helpers = helpers
		self.seed = seed
		self.folder = os.path.join(bench_dir(), "corpus")
		self._start()

	def _start(self):
		mark = os.path.join(self.folder, "GENERATOR")
		digest = hashlib.sha256()
		for source in ("gencorpus.c", "realtexts.py"):
			with open(os.path.join(HERE, source), "rb") as f:
				digest.update(f.read())
		want = "%s seed %d\n" % (digest.hexdigest(), self.seed)
		try:
			with open(mark) as f:
				have = f.read()
		except OSError:
			have = None
		if have == want:
			return
		if have is not None:
			say("corpus: generator or seed changed: made anew")
			shutil.rmtree(self.folder)
		os.makedirs(self.folder, exist_ok=True)
		with open(mark, "w") as f:
			f.write(want)

	def _generate(self, *words):
		say("corpus: making %s" % words[-1].replace(".part", ""))
		subprocess.run([self.helpers.path("gencorpus")] + list(words), check=True)

	def text(self, kind, size):
		"""The path of `size` bytes of `kind`; None: it is of REAL, and cannot be had here."""
		path = os.path.join(self.folder, "%s-%s" % (kind, show_size(size)))
		if not os.path.exists(path) or os.path.getsize(path) != size:
			if kind in REAL:
				return self._repeat(kind, size, path)
			seed = self.seed + KINDS.index(kind)
			self._generate(kind, str(size), str(seed), path + ".part")
			os.rename(path + ".part", path)
		return path

	def _repeat(self, kind, size, path):
		text = realtexts.real_text(kind, os.path.join(bench_dir(), "packages"))
		if text is None:
			say("corpus: no %s: its packages cannot be had" % kind)
			return None
		say("corpus: making %s" % path)
		with open(path + ".part", "wb") as f:
			for at in range(0, size, len(text)):
				f.write(text[: size - at])
		os.rename(path + ".part", path)
		return path

	def empty(self):
		path = os.path.join(self.folder, "empty")
		with open(path, "w"):
			return path

	def tree(self, count=TREE_FILES):
		"""The path of a list of `count` small files, names ended by NUL."""
		folder = os.path.join(self.folder, "tree-%d" % count)
		names = folder + ".list0"
		if not os.path.exists(names):
			shutil.rmtree(folder, ignore_errors=True)
			os.makedirs(folder)
			self._generate("tree", str(count), str(self.seed), folder)
			with open(names + ".part", "wb") as f:
				for i in range(count):
					f.write(("%s/d%03d/f%05d.txt\0" % (folder, i // 250, i)).encode())
			os.rename(names + ".part", names)
		return names


class Hold:
	"""Keeps files in the page cache: some machines drop what has been idle for a minute."""

	def __init__(self, helpers):
		self.probe = helpers.path("probe")
		self.process = None
		self.files = []

	def keep(self, *files):
		if list(files) == self.files and all(self.resident(f) > 0.999 for f in files):
			return
		self.drop()
		self.process = subprocess.Popen(
			[self.probe, "hold"] + list(files), stdin=subprocess.PIPE, stdout=subprocess.PIPE
		)
		if self.process.stdout.readline() != b"held\n":
			fail("cannot hold %s in memory" % " ".join(files))
		self.files = list(files)
		for f in files:
			if self.resident(f) < 0.999:
				fail("%s does not stay in the page cache" % f)

	def drop(self):
		if self.process:
			self.process.communicate()
		self.process = None
		self.files = []

	def resident(self, path):
		return float(
			subprocess.run([self.probe, "resident", path], capture_output=True, check=True).stdout
		)

	def evict(self, path):
		subprocess.run([self.probe, "evict", path], check=True)
		return self.resident(path) < 0.01


class Sample:
	"""One run: seconds of wall time and of CPU, peak KiB, exit status, what it printed."""

	def __init__(self, wall, cpu, peak, status, out):
		self.wall, self.cpu, self.peak, self.status, self.out = (wall, cpu, peak, status, out)


class Stopwatch:
	"""Runs commands through the C helper of that name, in a small environment of its own."""

	def __init__(self, helpers):
		environment = {"PATH": os.environ.get("PATH", os.defpath)}
		self.folder = tempfile.mkdtemp(prefix="pcount-bench-")
		self.out = os.path.join(self.folder, "out")
		self.process = subprocess.Popen(
			[helpers.path("stopwatch")],
			stdin=subprocess.PIPE,
			stdout=subprocess.PIPE,
			env=environment,
		)

	def run(self, argv, env=None, stdin=None, writer=None):
		lines = ["out " + self.out]
		lines += ["env %s=%s" % item for item in (env or {}).items()]
		lines += ["in " + stdin] if stdin else []
		lines += ["from " + word for word in writer or []]
		lines += ["arg " + word for word in argv]
		self.process.stdin.write(("\n".join(lines) + "\ngo\n").encode())
		self.process.stdin.flush()
		answer = self.process.stdout.readline().split()
		if len(answer) != 4:
			fail("cannot run %s" % " ".join(argv))
		with open(self.out, "rb") as f:
			out = f.read(65536)
		return Sample(
			int(answer[0]) / 1e9, int(answer[1]) / 1e9, int(answer[2]), int(answer[3]), out
		)

	def close(self):
		self.process.communicate()
		shutil.rmtree(self.folder)


def median(values):
	ordered = sorted(values)
	n = len(ordered)
	return (ordered[n // 2] + ordered[(n - 1) // 2]) / 2 if n else float("nan")


def spread(values):
	"""The median absolute deviation."""
	middle = median(values)
	return median([abs(v - middle) for v in values])


# Programs that count the records of CSV and take part if they are installed: words before the file.
CSV_READERS = {"qsv": ["qsv", "count", "-n"], "xan": ["xan", "count", "-n"], "zsv": ["zsv", "count"]}


def first_line(*argv):
	try:
		return subprocess.run(argv, capture_output=True, text=True).stdout.split("\n")[0].strip()
	except OSError:
		return ""


def rivals():
	"""Other programs that count: name, command and version of those that are here. They may be named
	by the environment: WC_NEWEST is a GNU wc newer than the system's."""
	places = (
		("newest wc", [os.environ.get("WC_NEWEST")], []),
		("busybox wc", ["busybox"], ["wc"]),
		("uutils wc", ["uu-wc", "uu_wc", "/usr/lib/cargo/bin/coreutils/wc"], []),
		("ripgrep -c ''", ["rg"], ["-c", ""]),
	)
	found = []
	for name, candidates, words in places:
		program = next(filter(None, (shutil.which(c) for c in candidates if c)), None)
		if program:
			option = "--help" if name == "busybox wc" else "--version"
			found.append((name, [program] + words, first_line(program, option)))
	return found


def machine(helpers, pcount):
	"""What a reader must know to judge the figures."""
	cpu = platform.machine()
	memory = 0
	try:
		with open("/proc/cpuinfo") as f:
			names = [
				line.split(":", 1)[1].strip()
				for line in f
				if line.startswith(("model name", "Model"))
			]
			cpu = names[0] if names else cpu
		with open("/proc/meminfo") as f:
			memory = int(f.readline().split()[1]) * 1024
	except (OSError, IndexError, ValueError):
		pass
	commit = first_line("git", "-C", SOURCE, "rev-parse", "--short=12", "HEAD")
	if commit and first_line("git", "-C", SOURCE, "status", "--porcelain", "--", "src"):
		commit += " with changes"
	readers = {
		name: first_line(name, "--version") or first_line(name, "version")
		for name in CSV_READERS
		if shutil.which(name)
	}
	return {
		"cpu": cpu,
		"cores": len(os.sched_getaffinity(0)),
		"memory_gib": round(memory / GIB, 1),
		"kernel": "%s %s" % (platform.system(), platform.release()),
		"compiler": first_line(*(helpers.cc + ["--version"])),
		"libc": " ".join(platform.libc_ver()),
		"pcount": first_line(pcount, "--version"),
		"wc": first_line("wc", "--version"),
		**readers,
		"rivals": ["%s: %s" % (name, version) for name, _, version in rivals()],
		"commit": commit or "unknown",
	}


def host_class(facts):
	words = "".join(c if c.isalnum() else " " for c in facts["cpu"].lower()).split()
	words = [w for w in words if w not in ("r", "tm", "cpu", "processor", "core")][:4]
	return "-".join(words + ["%dcpu" % facts["cores"]])
