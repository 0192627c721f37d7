# SPDX-License-Identifier: BSD-2-Clause
"""Rules 12.3, 14.8, 15 and 20 where the size of things, limits or other programs matter."""

import os
import resource
import subprocess
import threading
import time

from harness import Case, Skipped, case, check, execute, has, same, start

CASES = []


def peak_kib(context, count):
	"""Run over `count` names from a pipe; returns the peak resident memory in KiB."""
	context.write("a", b"x\n")
	reader, writer = os.pipe()
	out_reader, out = os.pipe()
	child = start(context.argv("-l", "--total=only", "--files0-from=-"), "wc", stdin=reader, stdout=out,
		stderr=os.open("/dev/null", os.O_WRONLY), env=context.env, cwd=context.dir)
	os.close(reader)
	os.close(out)
	block = b"a\0" * 10000
	try:
		for _ in range(count // 10000):
			view = memoryview(block)
			while view:
				view = view[os.write(writer, view):]
	finally:
		os.close(writer)
	text = os.read(out_reader, 100)
	os.close(out_reader)
	_, status, usage = os.wait4(child.pid, 0)
	child.returncode = os.waitstatus_to_exitcode(status)
	same("status", child.returncode, 0)
	same("total", text, b"%d\n" % count)
	return usage.ru_maxrss


def many_names(context):
	many = 10000000 if has("long") else 100000
	few = peak_kib(context, 20000)
	lots = peak_kib(context, many)
	# Allocators and page tables breathe a little; a list that is kept would cost megabytes.
	check(lots <= few + 3000, "memory grows with the names: %d KiB for 20000, %d KiB for %d", few, lots,
		many)


CASES.append(Case("R12.3", "names from a pipe are counted in flat memory", many_names, needs=["plain"],
	timeout=3600))


def need_of_version(context):
	"""The smallest address space, in KiB, in which --version works."""
	low, high = 0, 1 << 21
	while high - low > 64:
		middle = (low + high) // 2
		try:
			works = context.run("--version", options=False, limit_kib=middle).status == 0
		except (OSError, subprocess.SubprocessError):
			works = False
		if works:
			high = middle
		else:
			low = middle
	return high


LINES = 400000


@case("X20.6", "works in little address space", CASES, needs=["plain"])
def little_memory(context):
	limit = need_of_version(context) + 12 * 1024
	# 8 MB of text, more than one piece whatever the engine thinks best.
	context.write("f", b"one two three four.\n" * LINES)
	for options in ([], ["-j4"], ["--engine=threads", "-j4"], ["--engine=processes", "-j4"],
			["--engine=threads", "-j64"]):
		for args, out in ((["f"], b" %d %d %d f\n" % (LINES, 4 * LINES, 20 * LINES)),
				(["-l", "f"], b"%d f\n" % LINES)):
			got = context.run(*options, *args, options=False, limit_kib=limit)
			what = "%s under ulimit -v %d" % (" ".join(options + args), limit)
			same(what + ": stderr", got.err, b"")
			same(what + ": stdout", got.out, out)
			same(what + ": status", got.status, 0)
	with open(context.path("f"), "rb") as file:
		data = file.read(3000000)
	got = context.run("-lw", options=False, limit_kib=limit, stdin=data)
	same("a pipe under ulimit -v", (got.out, got.err, got.status), (b" 150000  600000\n", b"", 0))


@case("X20.6 R14.4", "reports a full device in little address space", CASES, needs=["plain", "/dev/full"])
def little_memory_write_error(context):
	limit = need_of_version(context) + 12 * 1024
	context.write("f", b"x\n" * 100000)
	got = context.run("-l", "f", options=False, limit_kib=limit, stdout="/dev/full")
	same("stderr", got.err, b"wc: write error: No space left on device\n")
	same("status", got.status, 1)


@case("X20.6", "works when no thread and no process can be made", CASES, needs=["plain"])
def no_workers(context):
	context.write("f", b"one two three four.\n" * LINES)

	def limit():
		resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
		if os.geteuid() == 0:
			os.setgroups([])
			os.setgid(65534)
			os.setuid(65533)
	try:
		if context.run("--version", options=False, before=limit).status != 0:
			raise Skipped("the program cannot be run as nobody")
	except (OSError, subprocess.SubprocessError):
		raise Skipped("the program cannot be run as nobody") from None
	for options in ([], ["--engine=threads", "-j4"], ["--engine=processes", "-j4"]):
		got = context.run(*options, "f", options=False, before=limit)
		what = " ".join(options) + " without workers"
		same(what + ": stderr", got.err, b"")
		same(what + ": stdout", got.out, b" %d %d %d f\n" % (LINES, 4 * LINES, 20 * LINES))
		same(what + ": status", got.status, 0)


class Shaker(threading.Thread):
	"""Truncates a file to nothing and makes it long again, for as long as it is told."""
	def __init__(self, path, size):
		super().__init__(daemon=True)
		self.path = path
		self.size = size
		self.stop = threading.Event()
		self.start()

	def run(self):
		while not self.stop.is_set():
			os.truncate(self.path, self.size)
			os.sched_yield()
			os.truncate(self.path, 5000)
			os.sched_yield()


@case("X20.7 R14.8", "a file that shrinks while it is counted", CASES)
def shrinking(context):
	path = context.write("f", b"x\n" * 3000)
	size = 48 << 20
	shaker = Shaker(path, size)
	try:
		engines = {"default": [[]], "threads": [["--engine=threads", "-j2"]],
			"processes": [["--engine=processes", "-j2"]]}[context.engine]
		for options in engines:
			for turn in range(6):
				got = context.run(*options, "-lwc" if turn % 2 else "-l", "f", options=False)
				check(got.status == 0, "status %d: %r", got.status, got.err)
				same("stderr", got.err, b"")
				fields = got.out.split()
				check(0 <= int(fields[0]) <= 3000, "impossible number of lines: %r", got.out)
				if turn % 2:
					check(int(fields[2]) <= size, "more bytes than there ever were: %r", got.out)
	finally:
		shaker.stop.set()
		shaker.join()


@case("X20.7 R14.8", "a file that grows before its end is reached", CASES)
def growing(context):
	# A sparse first part takes long enough for the writer to add to the end.
	path = context.path("f")
	with open(path, "wb") as file:
		file.truncate(1 << 20)
	before = os.path.getsize(path)
	with open(path, "ab") as file:
		file.write(b"\n" * 10)
		file.flush()
		got = context.run("-lc", "f", options=False)
		after = os.path.getsize(path)
	lines, size = (int(word) for word in got.out.split()[:2])
	check(before <= size <= after and lines == size - before, "%r", got.out)


@case("X20.4 R13.2 R13.3 X20.1", "a big standard input from the middle", CASES)
def big_stdin(context):
	line = b"one two three four.\n"
	text = line * (1 << 20)
	context.write("f", text)
	for at in (0, 1, 4096, 5000001, len(text) - 1, len(text)):
		whole, first = divmod(len(text) - at, len(line))  # lines, and bytes of one that is cut before them
		expected = b"%8d %8d %8d\n" % (whole + (first > 0), 4 * whole + len(line[len(line) - first:].split()), len(text) - at)
		for more in ([], ["--chunk-size=1M"], ["--chunk-size=100001"]):
			engine = [] if context.engine == "default" else ["--engine=" + context.engine, "-j3"]
			fd = os.open(context.path("f"), os.O_RDONLY)
			os.lseek(fd, at, os.SEEK_SET)
			try:
				got = execute([context.program] + engine + more, stdin=fd, env=context.env, cwd=context.dir)
				same("from %d, %s" % (at, engine + more), (got.out, got.err, got.status), (expected, b"", 0))
				same("offset", os.lseek(fd, 0, os.SEEK_CUR), len(text))
			finally:
				os.close(fd)


@case("X20.7", "a file of size 0 with content", CASES, needs=["/proc"])
def proc(context):
	for path in ("/proc/version", "/proc/filesystems", "/proc/cpuinfo", "/proc/self/maps"):
		if not os.path.exists(path):
			continue
		if path == "/proc/self/maps":
			got = context.run("-l", path)
			check(int(got.out.split()[0]) > 5, "%r", got.out)
			continue
		with open(path, "rb") as file:
			data = file.read()
		got = context.run("-l", "-c", path)
		lines, size = (int(word) for word in got.out.split()[:2])
		if path != "/proc/cpuinfo":         # which shows clock rates that change
			same(path, (lines, size), (data.count(b"\n"), len(data)))
		else:
			same(path, lines, data.count(b"\n"))


@case("X20.7 R4.2", "a /sys file that says 4096 and has less", CASES, needs=["/sys"])
def sys_file(context):
	path = "/sys/kernel/profiling"
	context.expect(["-c", path], b"2 /sys/kernel/profiling\n")
	context.expect(["-lwcmL", path], b"   1    1    2    2    1 /sys/kernel/profiling\n")
	context.expect(["-c", path, path], b"   2 %s\n   2 %s\n   4 total\n" % (path.encode(), path.encode()))


@case("R14.5 R14.1", "no child is left behind and none is a zombie of ours", CASES)
def no_children_left(context):
	context.write("f", b"one two\n" * 100)
	# A subreaper inherits whatever the program leaves.
	code = "import ctypes, os, subprocess, sys; ctypes.CDLL(None).prctl(36, 1, 0, 0, 0); " \
		"p = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); n = 0\n" \
		"try:\n\twhile True:\n\t\tos.waitpid(-1, os.WNOHANG); n += 1\n\t\tif n > 9: break\n" \
		"except ChildProcessError: pass\nsys.exit(n)"
	done = subprocess.run([os.sys.executable, "-c", code] + [os.fsdecode(arg) for arg in
		context.argv("f", "f")], env=context.env, cwd=context.dir, stdin=subprocess.DEVNULL)
	same("children left", done.returncode, 0)
