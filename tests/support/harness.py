# SPDX-License-Identifier: BSD-2-Clause
"""Black-box tests as data: a Row says how pcount is started and what must come out, byte for byte.

A row is run in a new folder of its own that holds the row's files. The program under test is
$PCOUNT; it is started with argv[0] = "wc" unless the row says otherwise, so expected messages
begin with "wc: ". Standard output and error are caught apart unless the row merges them.

Rows with `sh` are bash scripts: in them `wc` is the program (with the engine options of the
moment in front), and $E holds those options.

Special cases that no table can hold are functions: see Case.
"""

import errno
import os
import re
import resource
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
if HERE not in sys.path:
	sys.path.insert(0, HERE)

import locales  # noqa: E402

# ---------------------------------------------------------------------------------------------
# What a row is made of

def to_bytes(value):
	return value.encode("utf-8") if isinstance(value, str) else value


class Pipe:
	"""Standard input is a pipe with these bytes, written in one go or in the given pieces."""
	def __init__(self, data=b"", pieces=None, wait=0.0):
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


class Socket:
	"""Standard input is one end of a stream socket pair."""
	def __init__(self, data=b""):
		self.data = to_bytes(data)


CLOSED = "closed"          # for stdin, stdout, stderr
FULL = "/dev/full"         # for stdout, stderr
BROKEN = "broken pipe"     # for stdout: a pipe that nobody reads
MERGED = "merged"          # for stderr: 2>&1


class Dir:
	pass


class Link:
	def __init__(self, to):
		self.to = to


class Fifo:
	"""A named pipe; a writer waits for its reader and gives it these bytes."""
	def __init__(self, data=b""):
		self.data = to_bytes(data)


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
	"""
	def __init__(self, rules, label, args=(), out=b"", err=b"", status=0, *, sh=None, stdin=None,
			files=None, env=None, locale="C", stdout=None, stderr=None, sigpipe="default",
			argv0="wc", offset=None, matrix=True, needs=(), prepare=None, timeout=60):
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
		self.timeout = timeout

	def run(self, engine):
		return run_row(self, engine)


class Case:
	"""A test that is a function of a Context; it raises Failed or Skipped, or returns."""
	def __init__(self, rules, label, function, matrix=True, needs=(), locale="C", timeout=120):
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


class Failed(Exception):
	pass


class Skipped(Exception):
	pass


def check(condition, text, *values):
	if not condition:
		raise Failed(text % values if values else text)


def same(what, got, expected):
	if got != expected:
		raise Failed("%s: expected %s\n      got %s" % (what, show(expected), show(got)))


def show(value):
	text = repr(value)
	return text if len(text) <= 700 else text[:400] + " ... " + text[-250:]


# ---------------------------------------------------------------------------------------------
# The program under test and the machine

ENGINES = {
	"default": [],
	"threads": ["--engine=threads", "-j3", "--chunk-size=7"],
	"processes": ["--engine=processes", "-j2", "--chunk-size=3"],
}


def program():
	path = os.environ.get("PCOUNT")
	if not path:
		sys.exit("PCOUNT is not set: give the path of the program under test")
	return os.path.abspath(path)


_sanitized = None


def sanitized():
	"""Whether the program was built with a sanitizer, which maps terabytes and starts slowly."""
	global _sanitized
	if _sanitized is None:
		with open(program(), "rb") as file:
			text = file.read()
		_sanitized = b"__asan_init" in text or b"__tsan_init" in text
	return _sanitized


NOBODY = 65534


def become_nobody():
	"""Permissions do not bind root, so tests of them run as nobody; called in the child."""
	if os.geteuid() == 0:
		os.setgroups([])
		os.setgid(NOBODY)
		os.setuid(NOBODY)


def binding_modes():
	"""Whether a program that permissions bind can be run here."""
	done = subprocess.run([program(), "--version"], stdin=subprocess.DEVNULL, cwd="/",
		stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=become_nobody)
	return done.returncode == 0


def _modes():
	try:
		return binding_modes()
	except (OSError, subprocess.SubprocessError):
		return False


def big_files():
	return os.path.isdir("/dev/shm") and os.access("/dev/shm", os.W_OK)


FEATURES = {
	"json": lambda: subprocess.run([program(), "--json", "/dev/null"], stdout=subprocess.DEVNULL,
		stderr=subprocess.DEVNULL).returncode == 0,
	"strace": lambda: shutil.which("strace") is not None and _strace_works(),
	"modes": _modes,
	"plain": lambda: not sanitized(),
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


KEPT = ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS", "LLVM_PROFILE_FILE",
	"GCOV_PREFIX", "GCOV_PREFIX_STRIP", "LD_LIBRARY_PATH", "PCOUNT_KERNEL")


def traced(env):
	"""The environment for a program under strace, where the leak checker cannot work."""
	return dict(env, ASAN_OPTIONS=env.get("ASAN_OPTIONS", "") + ":detect_leaks=0")


def environment(locale="C", more=None):
	env = {name: os.environ[name] for name in KEPT if name in os.environ}
	env["PATH"] = os.environ.get("PATH", "/usr/bin:/bin")
	env["PCOUNT"] = program()
	env.update(locales.get().env(locale))
	for name, value in (more or {}).items():
		if value is None:
			env.pop(name, None)
		else:
			env[name] = value
	return env


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


def write_file(path, data):
	with open(path, "wb") as file:
		file.write(to_bytes(data))


def read_file(path):
	with open(path, "rb") as file:
		return file.read()


class Feeder(threading.Thread):
	"""Writes bytes into a descriptor or a FIFO and closes it; a reader that goes away is no fault."""
	def __init__(self, target, pieces, wait=0.0):
		super().__init__(daemon=True)
		self.target = target
		self.pieces = pieces
		self.wait = wait
		self.start()

	def run(self):
		fd = self.target
		try:
			if not isinstance(fd, int):
				fd = os.open(fd, os.O_WRONLY)
			for piece in self.pieces:
				view = memoryview(piece)
				while view:
					view = view[os.write(fd, view):]
				if self.wait:
					time.sleep(self.wait)
		except OSError as why:
			if why.errno not in (errno.EPIPE, errno.ECONNRESET):
				raise
		finally:
			if isinstance(fd, int):
				os.close(fd)


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


class Result:
	def __init__(self, out, err, status):
		self.out = out
		self.err = err
		self.status = status


def _open_output(where):
	"""(descriptor for the child or None for closed, our reading end or None)."""
	if where is None:
		reader, writer = os.pipe()
		return writer, reader
	if where == FULL:
		return os.open("/dev/full", os.O_WRONLY), None
	if where == BROKEN:
		reader, writer = os.pipe()
		os.close(reader)
		return writer, None
	assert where == CLOSED
	return None, None


def start(argv, argv0, *, stdin, stdout, stderr, env, cwd, sigpipe="default", limit_kib=None,
		before=None):
	"""Start argv[0] with these descriptors (None: closed). Returns the Popen."""
	closed = [fd for fd, given in ((0, stdin), (1, stdout), (2, stderr)) if given is None]

	def child():
		for fd in closed:
			os.close(fd)
		if sigpipe == "ignored":
			signal.signal(signal.SIGPIPE, signal.SIG_IGN)
		if limit_kib is not None:
			resource.setrlimit(resource.RLIMIT_AS, (limit_kib * 1024, limit_kib * 1024))
		if before is not None:
			before()
	hooks = child if closed or sigpipe == "ignored" or limit_kib is not None or before else None
	return subprocess.Popen([argv0] + argv[1:], executable=argv[0],
		stdin=subprocess.DEVNULL if stdin is None else stdin,
		stdout=subprocess.DEVNULL if stdout is None else stdout,
		stderr=subprocess.DEVNULL if stderr is None else stderr,
		env=env, cwd=cwd, preexec_fn=hooks, restore_signals=sigpipe != "ignored",
		start_new_session=False)


class Collector(threading.Thread):
	"""Reads a descriptor to its end."""
	def __init__(self, fd):
		super().__init__(daemon=True)
		self.fd = fd
		self.parts = []
		self.start()

	def run(self):
		while True:
			try:
				part = os.read(self.fd, 65536)
			except OSError:
				break
			if not part:
				break
			self.parts.append(part)
		os.close(self.fd)

	def bytes(self, timeout=10):
		self.join(timeout)
		return b"".join(self.parts)


def execute(argv, argv0="wc", *, stdin=None, stdout=None, stderr=None, env=None, cwd=None,
		sigpipe="default", timeout=60, limit_kib=None, before=None):
	"""Run to the end; stdin is a descriptor or None (closed). Never hangs: kills after timeout."""
	out_fd, out_reader = _open_output(stdout)
	if stderr == MERGED:
		err_fd, err_reader = out_fd, None
	else:
		err_fd, err_reader = _open_output(stderr)
	child = start(argv, argv0, stdin=stdin, stdout=out_fd, stderr=err_fd, env=env, cwd=cwd,
		sigpipe=sigpipe, limit_kib=limit_kib, before=before)
	for fd in {out_fd, err_fd} - {None}:
		os.close(fd)
	out = Collector(out_reader) if out_reader is not None else None
	# One thread is enough for two pipes if we read the other one here.
	err = b""
	watchdog = threading.Timer(timeout, child.kill)
	watchdog.start()
	try:
		if err_reader is not None:
			parts = []
			while True:
				part = os.read(err_reader, 65536)
				if not part:
					break
				parts.append(part)
			os.close(err_reader)
			err = b"".join(parts)
		status = child.wait()
	finally:
		expired = not watchdog.is_alive()
		watchdog.cancel()
	if expired:
		raise Failed("still running after %d s; killed" % timeout)
	return Result(out.bytes() if out else b"", err, status)


# ---------------------------------------------------------------------------------------------
# Running a row or a case

PREAMBLE = 'wc() { command wc $E "$@"; }\n'


class Workplace:
	def __enter__(self):
		self.path = tempfile.mkdtemp(prefix="pcount-test-", dir=os.environ.get("TMPDIR"))
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
				env=env, cwd=where, sigpipe=row.sigpipe, timeout=row.timeout,
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


def _one(job):
	index, engine = job
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
	work = []
	for engine in options.engine or engines:
		work += [(index, engine) for index in chosen if tests[index].matrix or engine == "default"]
	# The long ones first would be better balanced, but they are few and know who they are.
	work.sort(key=lambda job: -getattr(tests[job[0]], "timeout", 0))
	counts = {"pass": 0, "FAIL": 0, "skip": 0}
	reasons = {}
	times = []
	context = multiprocessing.get_context("fork")
	with context.Pool(max(1, options.jobs), _worker_start) as pool:
		for index, engine, verdict, text, seconds in pool.imap_unordered(_one, work, chunksize=1):
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
