# SPDX-License-Identifier: BSD-2-Clause
"""Black-box tests as data: a Row says how pcount is started and what must come out, byte for byte.

A row is run in a new folder of its own that holds the row's files. The program under test is
$PCOUNT; it is started with argv[0] = "wc" unless the row says otherwise, so expected messages
begin with "wc: ". Standard output and error are caught apart unless the row merges them.

Rows with `sh` are bash scripts: in them `wc` is the program (with the engine options of the
moment in front), and $E holds those options.

Special cases that no table can hold are functions: see Case.
"""

import gc
import itertools
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import traceback

import locales
from program import (CLOSED, LIMIT, POSIX_ONLY, Failed, Feeder, Skipped, become_nobody, big_files, binding_modes, environment,
	execute, folder, has_json, has_magic, program, same, sanitized, scratch, show, to_bytes, traced, write_file)

# ---------------------------------------------------------------------------------------------
# What a row is made of

class Pipe:
	"""Standard input is a pipe with these bytes, written in one go or in the given pieces; with `wait` each
	of them only when the one before has been read."""
	def __init__(self, data=b"", pieces=None, wait=False):
		self.data = to_bytes(data)
		self.pieces = pieces
		self.wait = wait


class File:
	"""Standard input is a regular file with these bytes, its offset at `at`."""
	def __init__(self, data=b"", at=0, size=None):
		self.data = to_bytes(data)
		self.at = at
		self.size = size


class Name:
	"""Standard input is opened from a name: one of the row's files, "/dev/null", "." ..."""
	def __init__(self, name, at=0):
		self.name = name
		self.at = at


class Stream:
	"""What these bytes come from."""
	def __init__(self, data=b""):
		self.data = to_bytes(data)


class Socket(Stream):
	"""Standard input is one end of a stream socket pair."""


class Dir:
	pass


class Link:
	def __init__(self, to):
		self.to = to


class Fifo(Stream):
	"""A named pipe; a writer waits for its reader and gives it these bytes."""


class SocketFile:
	pass


class Sparse:
	def __init__(self, size, data=b"", at=0):
		self.size = size
		self.data = data
		self.at = at


class Mode:
	"""A file or folder with these permissions; such rows need "modes"."""
	def __init__(self, data, mode):
		self.data = data
		self.mode = mode


class Match:
	"""Expected output given by a regular expression that must match all of it."""
	def __init__(self, pattern):
		self.pattern = to_bytes(pattern)

	def __eq__(self, other):
		return re.fullmatch(self.pattern, other, re.DOTALL) is not None

	def __repr__(self):
		return "Match(%r)" % self.pattern


ANY = Match(b".*")


class Row:
	"""One run of the program.

	rules     "R2.1 X20.1": the rules it shows
	label     a few words
	args      arguments, str (UTF-8) or bytes
	sh        or a bash script instead
	stdin     bytes (a pipe), Pipe, File, Name, Socket, CLOSED; default: /dev/null
	files     {name: content}; content as bytes or one of the classes above
	env       variables added to the small standard environment; None takes one away
	locale    LC_CTYPE; the row is skipped where the locale cannot be had
	out, err  expected bytes (str: UTF-8), or Match; err defaults to empty
	status    exit status; -N: killed by signal N
	stdout, stderr   where they go: default caught; CLOSED, FULL, BROKEN; stderr also MERGED
	sigpipe   "default" or "ignored"
	argv0     the program name
	offset    offset expected on a regular standard input afterwards
	matrix    False: run with the default engine only
	needs     names of features the machine must have, see FEATURES; with "modes" root runs the
	          program as nobody
	prepare   function(dir) called after the files are made
	cpu_s     seconds of processor time that the program may take, or that ends it
	"""
	def __init__(self, rules, label, args=(), out=b"", err=b"", status=0, *, sh=None, stdin=None,
			files=None, env=None, locale="C", stdout=None, stderr=None, sigpipe="default",
			argv0="wc", offset=None, matrix=True, needs=(), prepare=None, cpu_s=None, timeout=LIMIT):
		self.rules = rules.split()
		self.label = label
		self.args = [to_bytes(arg) for arg in args]
		self.out = out if isinstance(out, Match) else to_bytes(out)
		self.err = err if isinstance(err, Match) else to_bytes(err)
		self.status = status
		self.sh = sh
		self.stdin = stdin
		self.files = files or {}
		self.env = env or {}
		self.locale = locale
		self.stdout = stdout
		self.stderr = stderr
		self.sigpipe = sigpipe
		self.argv0 = argv0
		self.offset = offset
		self.matrix = matrix
		self.needs = needs
		self.prepare = prepare
		self.cpu_s = cpu_s
		self.timeout = timeout

	def run(self, engine):
		return run_row(self, engine)


class Case:
	"""A test that is a function of a Context; it raises Failed or Skipped, or returns."""
	def __init__(self, rules, label, function, matrix=True, needs=(), locale="C", timeout=LIMIT):
		self.rules = rules.split()
		self.label = label
		self.function = function
		self.matrix = matrix
		self.needs = needs
		self.locale = locale
		self.timeout = timeout

	def run(self, engine):
		return run_case(self, engine)


def case(rules, label, into, **more):
	"""Decorator: put the function into the list `into` as a Case."""
	def wrap(function):
		into.append(Case(rules, label, function, **more))
		return function
	return wrap


# ---------------------------------------------------------------------------------------------
# The machine

ENGINES = {
	"default": [],
	"threads": ["--engine=threads", "-j3", "--chunk-size=7"],
	"processes": ["--engine=processes", "-j2", "--chunk-size=3"],
}
if POSIX_ONLY:
	del ENGINES["processes"]  # the same threads, and a word about it among the messages


FEATURES = {
	"json": has_json,
	"magic": has_magic,
	"strace": lambda: shutil.which("strace") is not None and _strace_works(),
	"modes": binding_modes,
	"plain": lambda: not sanitized(),
	"packets": lambda: not POSIX_ONLY,  # pipes that keep the borders of writes, as pcount sees
	"/dev/full": lambda: os.path.exists("/dev/full"),
	"/proc": lambda: os.path.exists("/proc/version"),
	"/sys": lambda: os.path.exists("/sys/kernel/profiling"),
	"/dev/stdin": lambda: os.path.exists("/dev/stdin"),
	"/dev/shm": big_files,
	"long": lambda: os.environ.get("PCOUNT_LONG") == "1",
	"short": lambda: os.environ.get("PCOUNT_LONG") != "1",
}
_known = {}


def _strace_works():
	done = subprocess.run(["strace", "-f", "-o", "/dev/null", "true"], stdin=subprocess.DEVNULL,
		stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
	return done.returncode == 0


def has(feature):
	if feature not in _known:
		_known[feature] = FEATURES[feature]()
	return _known[feature]


def need(features, locale):
	for feature in features:
		if not has(feature):
			raise Skipped("no " + feature)
	if locale not in locales.get().available and locale in locales.WANTED:
		raise Skipped("no locale " + locale)


# ---------------------------------------------------------------------------------------------
# Files and standard input

def make_files(where, files):
	"""Create the row's files; returns the threads that feed its FIFOs."""
	feeders = []
	for name, content in files.items():
		path = os.path.join(os.fsencode(where), to_bytes(name))
		parent = os.path.dirname(path)
		if parent and not os.path.isdir(parent):
			os.makedirs(parent)
		if isinstance(content, Dir):
			os.mkdir(path)
		elif isinstance(content, Link):
			os.symlink(to_bytes(content.to), path)
		elif isinstance(content, Fifo):
			os.mkfifo(path)
			feeders.append((path, content.data))
		elif isinstance(content, SocketFile):
			sock = socket.socket(socket.AF_UNIX)
			here = os.getcwd()
			os.chdir(parent)
			try:
				sock.bind(os.path.basename(path))
			finally:
				os.chdir(here)
			sock.close()
		elif isinstance(content, Sparse):
			with open(path, "wb") as file:
				try:
					file.truncate(content.size)
				except OSError as why:
					raise Skipped("no such sparse file: %s" % why) from None
				file.seek(content.at)
				file.write(content.data)
		elif isinstance(content, Mode):
			if isinstance(content.data, Dir):
				os.mkdir(path)
			else:
				write_file(path, content.data)
			os.chmod(path, content.mode)
		else:
			write_file(path, content)
	return feeders


class Stdin:
	"""A descriptor to be the program's standard input; fd is None for a closed one."""
	def __init__(self, kind, where, fed=()):
		self.fd = None
		self.feeder = None
		if kind is None:
			kind = Name("/dev/null")
		if isinstance(kind, (bytes, str)) and kind != CLOSED:
			kind = Pipe(kind)
		if isinstance(kind, Pipe):
			self.fd, writer = os.pipe()
			pieces = kind.pieces if kind.pieces is not None else [kind.data]
			self.feeder = Feeder(writer, [to_bytes(piece) for piece in pieces], kind.wait)
		elif isinstance(kind, Socket):
			ours, theirs = socket.socketpair()
			self.fd = theirs.detach()
			self.feeder = Feeder(ours.detach(), [kind.data])
		elif isinstance(kind, File):
			path = os.path.join(where, ".stdin")
			write_file(path, kind.data)
			if kind.size is not None:
				os.truncate(path, kind.size)
			self.fd = os.open(path, os.O_RDONLY)
			os.lseek(self.fd, kind.at, os.SEEK_SET)
		elif isinstance(kind, Name):
			path = os.path.join(where, kind.name)
			# A FIFO that has a feeder is open when that has opened it: a program that reads earlier
			# finds no writer, and so the end.
			if os.path.exists(path) and stat.S_ISFIFO(os.stat(path).st_mode) and os.fsencode(path) not in fed:
				self.fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
				os.set_blocking(self.fd, True)
			else:
				self.fd = os.open(path, os.O_RDONLY)
			if kind.at:
				os.lseek(self.fd, kind.at, os.SEEK_SET)
		else:
			assert kind == CLOSED

	def close(self):
		if self.fd is not None:
			os.close(self.fd)
		if self.feeder is not None:
			self.feeder.join(5)


# ---------------------------------------------------------------------------------------------
# Running a row or a case

PREAMBLE = 'wc() { command wc $E "$@"; }\n'


class Workplace:
	def __enter__(self):
		self.path = tempfile.mkdtemp(prefix="pcount-test-", dir=scratch())
		os.chmod(self.path, 0o755)
		return self.path

	def __exit__(self, *_):
		# Folders without permissions must not stop the clean-up.
		for folder, names, _ in os.walk(self.path):
			for name in names:
				path = os.path.join(folder, name)
				if not os.path.islink(path):
					os.chmod(path, 0o755)
		shutil.rmtree(self.path, ignore_errors=True)


def run_row(row, engine):
	need(row.needs, row.locale)
	with Workplace() as top:
		where = os.path.join(top, "d")
		os.mkdir(where)
		fifos = make_files(where, row.files)
		if row.prepare:
			row.prepare(where)
		feeders = [Feeder(path, [data]) for path, data in fifos]
		stdin = Stdin(row.stdin, where, [path for path, _ in fifos])
		env = environment(row.locale, row.env)
		if row.sh is None:
			argv = [program()] + [to_bytes(arg) for arg in ENGINES[engine]] + row.args
			argv0 = row.argv0
		else:
			link = os.path.join(top, "bin")
			os.mkdir(link)
			os.symlink(program(), os.path.join(link, "wc"))
			env["PATH"] = link + ":" + env["PATH"]
			env["E"] = " ".join(ENGINES[engine])
			argv = [shutil.which("bash") or "/bin/bash", "-c", PREAMBLE + row.sh]
			argv0 = "bash"
		try:
			result = execute(argv, argv0, stdin=stdin.fd, stdout=row.stdout, stderr=row.stderr,
				env=env, cwd=where, sigpipe=row.sigpipe, timeout=row.timeout, cpu_s=row.cpu_s,
				before=become_nobody if "modes" in row.needs else None)
			if row.offset is not None:
				offset = os.lseek(stdin.fd, 0, os.SEEK_CUR)
		finally:
			for path, _ in fifos:
				# A writer that nobody read from would wait for ever.
				try:
					os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
				except OSError:
					pass
			stdin.close()
		faults = []
		if not row.out == result.out:
			faults.append("stdout: expected %s\n           got %s" % (show(row.out), show(result.out)))
		if not row.err == result.err:
			faults.append("stderr: expected %s\n           got %s" % (show(row.err), show(result.err)))
		if row.status != result.status:
			faults.append("status: expected %s, got %s" % (row.status, result.status))
		if row.offset is not None and offset != row.offset:
			faults.append("offset: expected %d, got %d" % (row.offset, offset))
		if faults:
			raise Failed("\n    ".join([command_of(row, engine)] + faults))


def command_of(row, engine):
	if row.sh is not None:
		return "E=%r; %s" % (" ".join(ENGINES[engine]), row.sh)
	words = ENGINES[engine] + [repr(arg)[1:] for arg in row.args]
	return "LC_CTYPE=%s %s %s %s" % (row.locale, " ".join("%s=%s" % item for item in row.env.items()),
		row.argv0, " ".join(words))


class Context:
	"""What a Case's function gets: a folder, the engine's options, and ways to run the program."""
	def __init__(self, where, engine, locale):
		self.dir = where
		self.engine = engine
		self.options = ENGINES[engine]
		self.locale = locale
		self.env = environment(locale)
		self.program = program()

	def argv(self, *args):
		return [self.program] + [to_bytes(arg) for arg in self.options] \
			+ [to_bytes(arg) for arg in args]

	def path(self, name):
		return os.path.join(self.dir, name)

	def write(self, name, data):
		write_file(self.path(name), data)
		return self.path(name)

	def run(self, *args, stdin=None, env=None, options=True, **more):
		"""Run to the end; stdin as in Row. Returns Result."""
		given = Stdin(stdin, self.dir)
		argv = self.argv(*args) if options else [self.program] + [to_bytes(arg) for arg in args]
		full = dict(self.env)
		for name, value in (env or {}).items():
			full[name] = value
		try:
			return execute(argv, stdin=given.fd, env=full, cwd=self.dir, **more)
		finally:
			given.close()

	def expect(self, args, out, err=b"", status=0, **more):
		result = self.run(*args, **more)
		what = " ".join(self.options + [str(arg) for arg in args])
		same(what + ": stdout", result.out, to_bytes(out))
		same(what + ": stderr", result.err, to_bytes(err))
		same(what + ": status", result.status, status)

	def strace(self, calls, *args, stdin=None):
		"""Run under strace -f; returns (Result, list of lines of the log)."""
		log = self.path(".strace")
		given = Stdin(stdin, self.dir)
		argv = [shutil.which("strace"), "-f", "-s", "256", "-o", log, "-e", "trace=" + calls] \
			+ self.argv(*args)
		try:
			result = execute(argv, "strace", stdin=given.fd, env=traced(self.env), cwd=self.dir)
		finally:
			given.close()
		with open(log, "rb") as file:
			lines = [line.decode("utf-8", "replace").rstrip("\n") for line in file]
		return result, lines


def run_case(test, engine):
	need(test.needs, test.locale)
	with Workplace() as top:
		where = os.path.join(top, "d")
		os.mkdir(where)
		test.function(Context(where, engine, test.locale))


# ---------------------------------------------------------------------------------------------
# Running many

_tests = []


def _with_each(job):
	"""One test by all its engines, in one process: so what is known of its texts need be found out only once."""
	index, engines = job
	return [_one(index, engine) for engine in engines]


def _one(index, engine):
	test = _tests[index]
	began = time.monotonic()
	try:
		test.run(engine)
		verdict, text = "pass", ""
	except Skipped as why:
		verdict, text = "skip", str(why)
	except Failed as why:
		verdict, text = "FAIL", str(why)
	except Exception:
		verdict, text = "FAIL", traceback.format_exc()
	return index, engine, verdict, text, time.monotonic() - began


def _worker_start():
	# A worker without terminal signals of its own; children get default ones from subprocess.
	signal.signal(signal.SIGINT, signal.SIG_IGN)
	signal.signal(signal.SIGTTOU, signal.SIG_IGN)
	signal.signal(signal.SIGTERM, signal.SIG_DFL)


def names_of(tests):
	"""The unique name of each test: its rules and its label."""
	return ["%s %s" % (" ".join(test.rules), test.label) for test in tests]


def main(tests, argv=None, engines=("default", "threads", "processes"), jobs=4):
	"""Run all tests, several at a time; print failures and the summary; return the exit status.

	Command line: words (each a rule, whole, or a part of the label), --engine NAME, --list, -v, --slow.
	"""
	import argparse
	import multiprocessing
	parser = argparse.ArgumentParser()
	parser.add_argument("words", nargs="*", help="run only tests with all of these: rules or parts of labels")
	parser.add_argument("--engine", action="append", choices=sorted(ENGINES))
	parser.add_argument("--list", action="store_true")
	parser.add_argument("--slow", action="store_true", help="show the slowest tests")
	parser.add_argument("-v", action="store_true", help="show skipped tests, too")
	parser.add_argument("--jobs", type=int, default=jobs)
	options = parser.parse_args(argv)
	names = names_of(tests)
	double = {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else ()
	for name in double:
		sys.exit("two tests are called %r" % name)
	chosen = [index for index, test in enumerate(tests)
		if all(word in test.rules or word in test.label for word in options.words)]
	if options.list:
		for index in chosen:
			print(names[index])
		return 0
	program()
	found = locales.get()
	global _tests
	_tests = tests
	wanted = options.engine or [engine for engine in engines if engine in ENGINES]
	work = [(index, [engine for engine in wanted if tests[index].matrix or engine == "default"]) for index in chosen]
	# The long ones first would be better balanced, but they are few and know who they are.
	work.sort(key=lambda job: -getattr(tests[job[0]], "timeout", 0))
	counts = {"pass": 0, "FAIL": 0, "skip": 0}
	reasons = {}
	times = []
	context = multiprocessing.get_context("fork")
	folder()  # of all workers: what one of them makes for itself nobody removes
	gc.freeze()  # the tables are there to stay; workers need not look through, and so copy, them
	with context.Pool(max(1, options.jobs), _worker_start) as pool:
		for index, engine, verdict, text, seconds in itertools.chain.from_iterable(pool.imap_unordered(_with_each, work, chunksize=1)):
			counts[verdict] += 1
			times.append((seconds, engine, names[index]))
			if verdict == "FAIL":
				print("FAIL: %s [%s]\n    %s" % (names[index], engine, text), flush=True)
			elif verdict == "skip":
				reasons[text] = reasons.get(text, 0) + 1
				if options.v:
					print("skip: %s [%s]: %s" % (names[index], engine, text))
	if options.slow:
		for seconds, engine, name in sorted(times, reverse=True)[:25]:
			print("%6.2f s  %s [%s]" % (seconds, name, engine))
	for name, why in found.missing.items():
		print("locale %s missing: %s" % (name, why))
	for text, count in sorted(reasons.items()):
		print("skipped %d: %s" % (count, text))
	print("%d passed, %d failed, %d skipped" % (counts["pass"], counts["FAIL"], counts["skip"]))
	if counts["FAIL"]:
		return 1
	return 77 if counts["pass"] == 0 else 0
