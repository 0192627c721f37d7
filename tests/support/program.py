# SPDX-License-Identifier: BSD-2-Clause
"""The program under test: what it is, its environment, running it, and scoring what it does.

PCOUNT is the program; PCOUNT_LONG, if not empty, asks for the long form of a test. Tests import
this by way of harness.py.
"""

import atexit
import errno
import fcntl
import json
import os
import random
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import threading
import time
import zlib

import locales

HERE = os.path.dirname(os.path.abspath(__file__))
PCOUNT = os.path.abspath(os.environ.get("PCOUNT") or "./pcount")
FAULTS = os.environ.get("PCOUNT_FAULTS") or os.path.join(os.path.dirname(PCOUNT), "tests/fault/pcount-faults")
LONG = bool(os.environ.get("PCOUNT_LONG"))
SANITIZERS = os.environ.get("PCOUNT_SANITIZERS", "")
LINKED = os.environ.get("PCOUNT_LINKED") == "yes"  # the optional libraries; else they are loaded
POSIX_ONLY = os.environ.get("PCOUNT_POSIX_ONLY") == "yes"  # without worker processes; see THREADS_NOTE
SLOW = 4 if SANITIZERS.strip() not in ("", "none", "no") else 1  # the divisor of numbers of cases

LIMIT = 300  # seconds after which a program under test hangs; nothing else depends on it

CLOSED = "closed"          # for stdin, stdout, stderr
FULL = "/dev/full"         # for stdout, stderr
BROKEN = "broken pipe"     # for stdout: a pipe that nobody reads
MERGED = "merged"          # for stderr: 2>&1



def to_bytes(value):
	return value.encode("utf-8") if isinstance(value, str) else value


class Failed(Exception):
	"""A test has failed; uncaught it ends the program, which make check sees as a failure."""


class Skipped(Exception):
	pass


def check(condition, text, *values):
	if not condition:
		raise Failed(text % values if values else text)


def same(what, got, expected):
	if got != expected:
		raise Failed("%s: expected %s\n      got %s" % (what, show(expected), show(got)))


def wait_for(condition, what, alive=None, seconds=None):
	"""Until condition() holds; False: alive() has said no before. It fails only where something hangs:
	this, and the limits of whole runs, are the only places where tests look at a clock."""
	end = time.monotonic() + (seconds or LIMIT)
	pause = 0.0002
	while not condition():
		if alive is not None and not alive():
			return bool(condition())
		if time.monotonic() > end:
			raise Failed("waited %d s in vain: %s" % (seconds or LIMIT, what))
		time.sleep(pause)
		pause = min(pause * 1.5, 0.01)
	return True


def show(value):
	text = repr(value)
	return text if len(text) <= 700 else text[:400] + " ... " + text[-250:]


# ---------------------------------------------------------------------------------------------
# The program and its environment

def program():
	if not os.access(PCOUNT, os.X_OK):
		sys.exit("%s is no program: give the path of the program under test as PCOUNT" % PCOUNT)
	return PCOUNT


_sanitized = None


def sanitized():
	"""Whether the program was built with a sanitizer, which maps terabytes and starts slowly."""
	global _sanitized
	if _sanitized is None:
		with open(program(), "rb") as file:
			text = file.read()
		_sanitized = b"__asan_init" in text or b"__tsan_init" in text
	return _sanitized


def holds_back_signals():
	"""ThreadSanitizer does, until the program calls something that it knows to be safe."""
	with open(program(), "rb") as file:
		return b"__tsan_init" in file.read()


def is_static():
	"""Whether the program has no loader, which LD_PRELOAD would need."""
	with open(program(), "rb") as file:
		return b"\0.interp\0" not in file.read()


NOBODY = 65534


def become_nobody():
	"""Permissions do not bind root, so tests of them run as nobody; called in the child."""
	if os.geteuid() == 0:
		os.setgroups([])
		os.setgid(NOBODY)
		os.setuid(NOBODY)


def binding_modes():
	"""Whether a program that permissions bind can be run here."""
	try:
		done = subprocess.run([program(), "--version"], stdin=subprocess.DEVNULL, cwd="/",
			stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=become_nobody)
	except (OSError, subprocess.SubprocessError):
		return False
	return done.returncode == 0


def big_files():
	return os.path.isdir("/dev/shm") and os.access("/dev/shm", os.W_OK)


KEPT = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS",
	"LSAN_OPTIONS", "LLVM_PROFILE_FILE", "GCOV_PREFIX", "GCOV_PREFIX_STRIP", "PCOUNT_KERNEL", "PCOUNT_LOCALES",
	"GLIBC_TUNABLES")


def environment(locale="C", more=None, **variables):
	"""What the program is started with, and nothing else: LC_CTYPE and LOCPATH for the locale, and the
	variables of `more` and by name; a value of None takes one away. (A string as `more` is a LOCPATH.)"""
	env = {name: os.environ[name] for name in KEPT if name in os.environ}
	env.setdefault("PATH", "/usr/bin:/bin")
	env["PCOUNT"] = PCOUNT
	if SANITIZERS:
		env["LSAN_OPTIONS"] = "suppressions=%s:print_suppressions=0" % os.path.join(HERE, "leaks.supp")
	env.update(locales.get().env(locale))
	more = {"LOCPATH": more} if isinstance(more, str) else more or {}
	for name, value in [*more.items(), *variables.items()]:
		if value is None:
			env.pop(name, None)
		else:
			env[name] = value
	return env


def traced(env):
	"""The environment for a program under strace, where the leak checker cannot work."""
	return dict(env, ASAN_OPTIONS=env.get("ASAN_OPTIONS", "") + ":detect_leaks=0")


# What --engine=processes says where there are no robust mutexes, or no worker processes at all. Of a build
# that has none it is left out of results, so that tests can go on asking for all engines.
THREADS_NOTE = re.compile(rb"^\S+: --engine=processes: [^\n]+; counting by threads\n", re.MULTILINE)


class Result:
	"""What a run has done: exit status (-N: killed by signal N; "timeout"), standard output and error."""

	def __init__(self, status, out, err):
		self.status, self.out = status, out
		self.err = THREADS_NOTE.sub(b"", err) if POSIX_ONLY else err

	def __eq__(self, other):
		return isinstance(other, Result) and \
			(self.status, self.out, self.err) == (other.status, other.out, other.err)

	def __repr__(self):
		return "status %s, out %r, err %r" % (self.status, self.out[-600:], self.err[-600:])


# ---------------------------------------------------------------------------------------------
# Running it

def _wait_end(child, seconds):
	"""Until the process has ended; else TimeoutExpired. (Popen.wait() with a limit looks again and again.)"""
	try:
		fd = os.pidfd_open(child.pid)
	except (AttributeError, OSError):
		child.wait(seconds)
		return
	try:
		if not select.select([fd], [], [], seconds)[0]:
			raise subprocess.TimeoutExpired(child.args, seconds)
	finally:
		os.close(fd)
	child.wait()


def gather(child, readers, timeout):
	"""Reads the descriptors to their ends, closes them, and waits until the process has ended; it is killed
	after the timeout. (the bytes of each, whether it was killed). Without threads: tens of thousands of runs
	would each begin two."""
	parts = [[] for _ in readers]
	into = dict(zip(readers, parts))
	poll = select.poll()
	for fd in readers:
		poll.register(fd, select.POLLIN)
	end, killed = time.monotonic() + timeout, False
	while into:
		ready = poll.poll(None if killed else max(0, (end - time.monotonic()) * 1000))
		if not ready:
			child.kill()
			killed = True
		for fd, _ in ready:
			try:
				part = os.read(fd, 65536)
			except OSError:
				part = b""
			if part:
				into[fd].append(part)
			else:
				poll.unregister(fd)
				os.close(fd)
				del into[fd]
	try:
		_wait_end(child, max(0, end - time.monotonic()))
	except subprocess.TimeoutExpired:
		child.kill()
		child.wait()
		killed = True
	return [b"".join(part) for part in parts], killed


def run(args, env, stdin=None, data=None, cwd=None, timeout=LIMIT, program=None, preexec=None, pass_fds=()):
	"""Runs PCOUNT with args. `stdin`: a file object or None; `data`: bytes through a pipe.
	A run that takes too long is killed, and has status "timeout"."""
	given, feed = os.pipe() if data is not None else (stdin or subprocess.DEVNULL, None)
	out, out_end = os.pipe()
	err, err_end = os.pipe()
	try:
		started = subprocess.Popen(["pcount"] + args, executable=program or PCOUNT, env=env, cwd=cwd,
			stdin=given, stdout=out_end, stderr=err_end, preexec_fn=preexec, pass_fds=pass_fds)
	except BaseException:
		for fd in (out, err) + ((feed,) if feed is not None else ()):
			os.close(fd)
		raise
	finally:
		os.close(out_end)
		os.close(err_end)
		if feed is not None:
			os.close(given)
	if feed is not None:
		Feeder(feed, [data]) if len(data) > select.PIPE_BUF else feed_at_once(feed, data)
	(out, err), killed = gather(started, (out, err), timeout)
	return Result("timeout" if killed else started.returncode, out, err)


def feed_at_once(fd, data):
	"""What a pipe has room for, whoever reads it when."""
	try:
		os.write(fd, data)
	except BrokenPipeError:
		pass
	os.close(fd)


def wait_drained(fd):
	"""Until all that was written into the pipe has been read, or nobody can read it any more."""
	def drained():
		return fcntl.ioctl(fd, termios.FIONREAD, bytes(4)) == bytes(4) or poll.poll(0)

	poll = select.poll()
	poll.register(fd, 0)
	wait_for(drained, "the pipe is read")


class Feeder(threading.Thread):
	"""Writes bytes into a descriptor or a FIFO and closes it; a reader that goes away is no fault."""
	def __init__(self, target, pieces, wait=False):
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
					wait_drained(fd)
		except OSError as why:
			if why.errno not in (errno.EPIPE, errno.ECONNRESET):
				raise
		finally:
			if isinstance(fd, int):
				os.close(fd)


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
		cpu_s=None, before=None):
	"""Start argv[0] with these descriptors (None: closed). Returns the Popen."""
	closed = [fd for fd, given in ((0, stdin), (1, stdout), (2, stderr)) if given is None]

	def child():
		for fd in closed:
			os.close(fd)
		if sigpipe == "ignored":
			signal.signal(signal.SIGPIPE, signal.SIG_IGN)
		if limit_kib is not None:
			resource.setrlimit(resource.RLIMIT_AS, (limit_kib * 1024, limit_kib * 1024))
		if cpu_s is not None:
			resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
		if before is not None:
			before()
	hooks = child if closed or sigpipe == "ignored" or limit_kib or cpu_s or before else None
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

	def bytes(self):
		self.join(LIMIT)
		return b"".join(self.parts)


def execute(argv, argv0="wc", *, stdin=None, stdout=None, stderr=None, env=None, cwd=None,
		sigpipe="default", timeout=LIMIT, limit_kib=None, cpu_s=None, before=None):
	"""Run to the end; stdin is a descriptor or None (closed). Never hangs: kills after timeout."""
	out_fd, out_reader = _open_output(stdout)
	if stderr == MERGED:
		err_fd, err_reader = out_fd, None
	else:
		err_fd, err_reader = _open_output(stderr)
	child = start(argv, argv0, stdin=stdin, stdout=out_fd, stderr=err_fd, env=env, cwd=cwd,
		sigpipe=sigpipe, limit_kib=limit_kib, cpu_s=cpu_s, before=before)
	for fd in {out_fd, err_fd} - {None}:
		os.close(fd)
	readers = [fd for fd in (out_reader, err_reader) if fd is not None]
	gathered, killed = gather(child, readers, timeout)
	if killed:
		raise Failed("still running after %d s; killed" % timeout)
	texts = dict(zip(readers, gathered))
	return Result(child.returncode, texts.get(out_reader, b""), texts.get(err_reader, b""))


# ---------------------------------------------------------------------------------------------
# Files and scores

def write_file(path, data):
	with open(path, "wb") as file:
		file.write(to_bytes(data))


def read_file(path):
	with open(path, "rb") as file:
		return file.read()


MEMORY = "/dev/shm"
ROOM = 2 << 30  # bytes: more than the tests have at any time


def scratch():
	"""Where tests make their files: where PCOUNT_SCRATCH says; else in memory, since to make and remove
	tens of thousands of files costs most file systems more than all that is done with them. On the disk where
	there is little room in memory (of containers), where what is there cannot be run, and in the long runs."""
	place = os.environ.get("PCOUNT_SCRATCH")
	if place:
		return os.path.abspath(place)
	try:
		found = os.statvfs(MEMORY)
	except OSError:
		return os.getcwd()
	enough = found.f_bavail * found.f_frsize >= ROOM and found.f_favail >= 100000
	good = enough and not found.f_flag & os.ST_NOEXEC and os.access(MEMORY, os.W_OK) and not LONG
	return MEMORY if good else os.getcwd()


_folder = None


def on_disk():
	"""Called first by tests of what a disk's file system does with pages, holes, mappings and sizes."""
	folder(os.environ.get("PCOUNT_SCRATCH") or os.getcwd())


def folder(place=None):
	"""A folder for this test's files, removed at the end; in scratch(), or where the first call says."""
	global _folder
	if _folder is None:
		name = os.path.basename(sys.argv[0]).split(".")[0]
		_folder = tempfile.mkdtemp(prefix="pcount-test-%s-" % name, dir=place or scratch())
		atexit.register(shutil.rmtree, _folder, ignore_errors=True)
		if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
			signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # by timeout(1): it is removed then, too
	return _folder


def write(name, data):
	"""A file in folder(); its path."""
	path = os.path.join(folder(), name)
	with open(path, "wb") as file:
		file.write(data)
	return path


def has_magic():
	"""Has the program the library that --type needs?"""
	return run(["--type", "/dev/null"], environment()).status == 0


def has_json():
	"""Has the program the library that --json and --stats=json need?"""
	return b"libjansson" not in run(["--json", "/dev/null"], environment()).err


def kernels():
	"""The names of the kernels that the program has and this processor can run."""
	every = ("scalar", "locale", "portable", "sse2", "avx2", "avx512", "avx512vbmi", "neon")
	return [k for k in every if run(["-l"], environment(PCOUNT_KERNEL=k), data=b"").status == 0]


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


def seeded(name="PCOUNT_SEED", default=20240229):
	"""(seed, generator): the seed from the environment, or fixed."""
	seed = int(os.environ.get(name) or default, 0) if isinstance(os.environ.get(name), str) else default
	return seed, random.Random(seed)


# Aliases for tests that import them from here.
from texts import codec_of, text  # noqa: E402,F401 pylint: disable=wrong-import-position,unused-import
