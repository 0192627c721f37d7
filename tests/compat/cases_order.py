# SPDX-License-Identifier: BSD-2-Clause
"""Rules 1, 12.3, 13 and X20.5 where time matters: what is written before what is opened or read."""

import errno
import fcntl
import os
import pty
import re
import select
import signal

from harness import Collector, Failed, LIMIT, asleep, case, check, same, start, traced, wait_for

CASES = []
PATIENCE = LIMIT  # seconds after which something is not coming


def wait_readable(fd, seconds=PATIENCE):
	return bool(select.select([fd], [], [], seconds)[0])


def read_line(fd, seconds=PATIENCE):
	"""One line from a descriptor, byte by byte so that nothing after it is taken."""
	line = b""
	while not line.endswith(b"\n"):
		if not wait_readable(fd, seconds):
			raise Failed("no line within %d s; so far %r" % (seconds, line))
		byte = os.read(fd, 1)
		if not byte:
			return line
		line += byte
	return line


class Program:
	"""The program running with pipes to talk through; killed if the test leaves early."""
	def __init__(self, context, *args, stdin=None, packets=False):
		self.out, out = os.pipe2(os.O_DIRECT) if packets else os.pipe()
		self.err, err = os.pipe()
		given = os.open("/dev/null", os.O_RDONLY) if stdin is None else stdin
		self.child = start(context.argv(*args), "wc", stdin=given, stdout=out, stderr=err,
			env=context.env, cwd=context.dir)
		os.close(out)
		os.close(err)
		os.close(given)

	def __enter__(self):
		return self

	def __exit__(self, *_):
		if self.child.poll() is None:
			self.child.kill()
			self.child.wait()
		os.close(self.out)
		os.close(self.err)

	def line(self, seconds=PATIENCE):
		return read_line(self.out, seconds)

	def rest(self):
		parts = []
		while wait_readable(self.out):
			part = os.read(self.out, 65536)
			if not part:
				break
			parts.append(part)
		return b"".join(parts)

	def messages(self):
		"""What there is on standard error until now."""
		text = b""
		while wait_readable(self.err, 0):
			part = os.read(self.err, 65536)
			if not part:
				break
			text += part
		return text

	def status(self):
		wait_for(lambda: self.child.poll() is not None, "it ends")
		return self.child.returncode

	def wait_asleep(self):
		"""Until it has done what it can, and waits for more."""
		wait_for(lambda: asleep(self.child.pid), "it waits", lambda: self.child.poll() is None)


def open_fifo_for_writing(path):
	"""Open as soon as a reader has it open."""
	def attempt():
		try:
			opened.append(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
		except OSError as why:
			if why.errno != errno.ENXIO:
				raise
		return opened

	opened = []
	wait_for(attempt, "%s is opened" % path)
	return opened[0]


def has_reader(path):
	"""Whether somebody has the FIFO open for reading."""
	try:
		fd = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
	except OSError as why:
		if why.errno == errno.ENXIO:
			return False
		raise
	os.close(fd)
	return True


@case("R1.2", "sizes are taken before the first file is opened", CASES)
def sizes_first(context):
	os.mkfifo(context.path("p"))
	with open(context.path("f"), "wb") as file:
		file.truncate(100000000)
	with Program(context, "-l", "p", "f") as program:
		writer = open_fifo_for_writing(context.path("p"))
		os.truncate(context.path("f"), 2)
		os.write(writer, b"x\n")
		os.close(writer)
		same("first line", program.line(), b"        1 p\n")
		program.rest()
		same("status", program.status(), 0)


@case("R1.3 X20.5", "a line is out before a later FIFO is opened", CASES)
def line_before_fifo(context):
	for name in "pq":
		os.mkfifo(context.path(name))
	context.write("a", b"1\n")
	context.write("b", b"1\n2\n")
	with Program(context, "-l", "a", "p", "b", "q", "a") as program:
		same("line of a", program.line(), b"      1 a\n")
		program.wait_asleep()
		check(not has_reader(context.path("q")), "q is open while p is waited for")
		writer = open_fifo_for_writing(context.path("p"))
		os.write(writer, b"x\ny\n")
		program.wait_asleep()
		check(not wait_readable(program.out, 0), "a line before p has ended")
		check(not has_reader(context.path("q")), "q is open while p is read")
		os.close(writer)
		same("line of p", program.line(), b"      2 p\n")
		same("line of b", program.line(), b"      2 b\n")
		writer = open_fifo_for_writing(context.path("q"))
		os.close(writer)
		same("the rest", program.rest(), b"      0 q\n      1 a\n      6 total\n")
		same("status", program.status(), 0)


@case("R1.3 X20.5", "a FIFO whose writer never comes does not hold up the files before it", CASES)
def fifo_without_writer(context):
	os.mkfifo(context.path("p"))
	names = []
	for number in range(50):
		names.append("f%d" % number)
		context.write(names[-1], b"x\n" * number)
	with Program(context, "-l", *names, "p") as program:
		for number, name in enumerate(names):
			same("line", program.line(), b"%7d %s\n" % (number, name.encode()))
		program.wait_asleep()
		check(program.child.poll() is None, "ended without reading p")


@case("X20.5 R13.1", "the same FIFO twice: opened again only when the first is done", CASES)
def fifo_twice(context):
	os.mkfifo(context.path("p"))
	with Program(context, "-l", "p", "p") as program:
		writer = open_fifo_for_writing(context.path("p"))
		os.write(writer, b"x\n")
		program.wait_asleep()
		os.close(writer)
		same("first", program.line(), b"      1 p\n")
		writer = open_fifo_for_writing(context.path("p"))
		os.write(writer, b"x\ny\n")
		os.close(writer)
		same("second", program.rest(), b"      2 p\n      3 total\n")


@case("R1.3", "one write for each line, into a pipe", CASES, needs=["packets"])
def one_write_pipe(context):
	context.write("a", b"1\n")
	context.write("b", b"1\n2 3\n")
	args = ["a", "none", "b", "a", "d", "b", "a"]
	os.mkdir(context.path("d"))
	# A pipe in packet mode gives the reader one write at a time.
	with Program(context, *args, packets=True) as program:
		writes = []
		while wait_readable(program.out):
			packet = os.read(program.out, 65536)
			if not packet:
				break
			writes.append(packet)
		same("status", program.status(), 1)
	same("writes", writes, [b"      1       1       2 a\n", b"      2       3       6 b\n",
		b"      1       1       2 a\n", b"      0       0       0 d\n", b"      2       3       6 b\n",
		b"      1       1       2 a\n", b"      7       9      18 total\n"])


@case("R1.3", "one write for each line, many files", CASES, needs=["packets"])
def one_write_many(context):
	context.write("a", b"1\n")
	with Program(context, "-c", *["a"] * 3000, packets=True) as program:
		writes = []
		while wait_readable(program.out):
			packet = os.read(program.out, 65536)
			if not packet:
				break
			writes.append(packet)
	same("writes", writes, [b"   2 a\n"] * 3000 + [b"6000 total\n"])


@case("R1.3", "lines that are there together are written together, and whole", CASES, needs=["strace"])
def joined_writes(context):
	context.write("a", b"1\n")
	log = context.path("log")
	names = ["a"] * 500 + ["none"] + ["a"] * 500
	argv = ["/usr/bin/env", "strace", "-f", "-o", log, "-s", "5000", "-e", "trace=write,writev,pwrite64"]
	out = os.open(context.path("out"), os.O_RDWR | os.O_CREAT)
	child = start(argv + context.argv("-l", *names), "env", stdin=os.open("/dev/null", os.O_RDONLY), stdout=out, stderr=out,
		env=traced(context.env), cwd=context.dir)
	same("status", child.wait(PATIENCE), 1)
	with open(log) as file:
		writes = re.findall(r'writev?\(1, "(.*)", \d+(?:\)| <unfinished)', file.read())
	for text in writes:
		check(text.endswith("\\n") and len(text.replace("\\n", "\n")) <= 4096, "not whole lines, or too much: %r", text)
	# A message does not overtake the lines before it.
	half = b"   1 a\n" * 500
	got = re.sub(rb"\S+: none: No such", b"wc: none: No such", os.pread(out, 65536, 0))
	same("all of it", got, half + b"wc: none: No such file or directory\n" + half + b"1000 total\n")
	os.close(out)


@case("R1.3", "a line is in one write, into a file", CASES, needs=["strace"])
def one_write_file(context):
	context.write("a", b"1\n")
	context.write("b", b"1\n2 3\n")
	out = os.open(context.path("out"), os.O_WRONLY | os.O_CREAT)
	log = context.path("log")
	argv = ["/usr/bin/env", "strace", "-s4096", "-f", "-o", log, "-e", "trace=write,writev,pwrite64"]
	child = start(argv + context.argv("a", "b", "a"), "env", stdin=os.open("/dev/null", os.O_RDONLY),
		stdout=out, stderr=os.open("/dev/null", os.O_WRONLY), env=traced(context.env),
		cwd=context.dir)
	os.close(out)
	same("status", child.wait(PATIENCE), 0)
	with open(log) as file:
		writes = re.findall(r'writev?\(1, (.*), \d+(?:\)| <unfinished)', file.read())
	# Those that are there together may be in the same.
	check(all(text.endswith('\\n"') for text in writes), "torn: %s", writes)
	same("lines", "".join(writes).replace('"', ""), "".join("%s\\n" % text for text in (" 1  1  2 a", " 2  3  6 b",
		" 1  1  2 a", " 4  5 10 total")))


@case("R12.3", "a conversation over two pipes", CASES)
def converse(context):
	for number in range(30):
		context.write("f%d" % number, b"x\n" * number)
	reader, writer = os.pipe()
	with Program(context, "-l", "--files0-from=-", stdin=reader) as program:
		for number in list(range(30)) + [3, 3, 17]:
			os.write(writer, b"f%d\0" % number)
			same("answer", program.line(), b"%d f%d\n" % (number, number))
		os.write(writer, b"none\0f1\0")
		same("answer after a missing file", program.line(), b"1 f1\n")
		same("message", program.messages(), b"wc: none: No such file or directory\n")
		os.write(writer, b"f")
		program.wait_asleep()
		check(not wait_readable(program.out, 0), "answered half a name")
		os.write(writer, b"2\0")
		same("answer to a name in two pieces", program.line(), b"2 f2\n")
		os.write(writer, b"f5")
		os.close(writer)
		same("the last name needs no NUL", program.rest(), b"5 f5\n466 total\n")
		same("status", program.status(), 1)


@case("R12.3", "a conversation through a FIFO by name", CASES)
def converse_fifo(context):
	context.write("a", b"x\n")
	os.mkfifo(context.path("list"))
	with Program(context, "-l", "--files0-from=list") as program:
		writer = open_fifo_for_writing(context.path("list"))
		for _ in range(5):
			os.write(writer, b"a\0")
			same("answer", program.line(), b"1 a\n")
		os.close(writer)
		same("total", program.rest(), b"5 total\n")


def non_blocking_pipe():
	reader, writer = os.pipe()
	os.set_blocking(reader, False)
	return reader, writer


@case("R13.6", "non-blocking standard input is waited for", CASES)
def would_block(context):
	reader, writer = non_blocking_pipe()
	mine = os.dup(reader)
	with Program(context, "-l", "-", stdin=reader) as program:
		# Read, until it has to wait: what is in the pipe is taken out.
		for piece in (b"ab cd\nef", b"g\nh", b"\n"):
			os.write(writer, piece)
			wait_for(lambda: not select.select([mine], [], [], 0)[0], "it is read", lambda: program.child.poll() is None)
		os.close(writer)
		os.close(mine)
		same("line", program.rest(), b"3 -\n")
		same("status", program.status(), 0)
		same("message", program.messages(), b"")


@case("R13.6 R12.3", "a list of names that does not block, too", CASES)
def names_would_block(context):
	reader, writer = non_blocking_pipe()
	context.write("f", b"x\n")
	with Program(context, "-l", "--files0-from=-", stdin=reader) as program:
		os.write(writer, b"f\0f")
		same("line", program.line(), b"1 f\n")
		program.wait_asleep()  # for the rest of a name
		os.write(writer, b"\0")
		os.close(writer)
		same("lines", program.rest(), b"1 f\n2 total\n")
		same("status", program.status(), 0)


@case("R13.7", "one end of file on a terminal is enough", CASES)
def terminal(context):
	for args, out in ((["-lwc"], b"      2       3      10\n"), (["-c"], b"10\n"), (["-"],
			b"      2       3      10 -\n")):
		master, slave = pty.openpty()
		with Program(context, *args, stdin=slave) as program:
			os.write(master, b"one two\nx\n")
			program.wait_asleep()
			os.write(master, b"\x04")
			same("line", program.rest(), out)
			same("status", program.status(), 0)
		os.close(master)


@case("R13.7", "- twice on a terminal takes two ends of file", CASES)
def terminal_twice(context):
	master, slave = pty.openpty()
	with Program(context, "-l", "-", "-", stdin=slave) as program:
		os.write(master, b"x\ny\n\x04")
		same("first", program.line(), b"      2 -\n")
		os.write(master, b"z\n\x04")
		same("second", program.rest(), b"      1 -\n      3 total\n")
	os.close(master)


@case("R13.1 R12.7", "standard input is not even looked at when no name refers to it", CASES,
	needs=["strace"])
def stdin_untouched(context):
	context.write("a", b"1\n")
	context.write("empty", b"")
	for args in (["a"], ["-l", "a", "a"], ["--files0-from=empty"], ["none"]):
		_, log = context.strace("read,pread64,readv,lseek,mmap,fstat,newfstatat,statx,fadvise64,splice",
			*args)
		bad = [line for line in log if re.search(r"\b(read|pread64|readv|lseek|fadvise64|splice)\(0,", line)]
		bad += [line for line in log if re.search(r"mmap\([^)]*, 0, \w+\)", line)
			and "MAP_ANONYMOUS" not in line]
		# fstat(0) may be a start-up check of the three descriptors; it touches nothing.
		same("calls on descriptor 0 with %s" % args, bad, [])


@case("R4.2 R4.3", "a big regular file is not read through for -c", CASES, needs=["strace"])
def not_read(context):
	with open(context.path("f"), "wb") as file:
		file.truncate(64 << 20)
	for args in (["-c", "f"], ["-cm", "f"], ["-m", "f", "f"]):
		_, log = context.strace("read,pread64,readv,preadv,mmap", *args)
		total = 0
		for line in log:
			match = re.search(r"\b(?:p?readv?(?:64)?)\(.* = (\d+)$", line)
			if match:
				total += int(match.group(1))
			if re.search(r"mmap\(NULL, (\d+), [^)]*, MAP_(?:SHARED|PRIVATE)[^)]*, \d+, \w+\)", line):
				check(int(re.search(r"mmap\(NULL, (\d+)", line).group(1)) < 64 << 20, "mapped: %s", line)
		check(total < 4 << 20, "%d bytes read for %s", total, args)


@case("R9.2 R12.3", "a name is asked about once, and from its folder on", CASES, needs=["strace"])
def asked_once(context):
	where = "some/what/deep"
	os.makedirs(context.path(where))
	names = ["%s/f%d" % (where, i) for i in range(50)]
	for name in names:
		context.write(name, b"x\n")
	listed = "".join(name + "\0" for name in names).encode()
	for args, stdin in ((["-l", *names], b""), (["-l", "--total=only", *names], b""), (["-l", "--files0-from=-"], listed)):
		_, log = context.strace("stat,newfstatat,statx", *args, stdin=stdin)
		asked = [line for line in log if re.search(r"/?f\d+\"", line)]
		same("names asked about with %s" % args[:2], len(asked), len(names))
		check(sum(where in line for line in asked) <= 2, "by the whole name, with %s: %r", args[:2], asked[:4])


@case("R14.4", "no more is opened after a line that cannot be written", CASES)
def stops_at_write_error(context):
	os.mkfifo(context.path("p"))
	context.write("a", b"x\n")
	full = os.open("/dev/full", os.O_WRONLY)
	err_reader, err = os.pipe()
	child = start(context.argv("a", "p"), "wc", stdin=os.open("/dev/null", os.O_RDONLY), stdout=full,
		stderr=err, env=context.env, cwd=context.dir)
	os.close(err)
	collector = Collector(err_reader)
	try:
		same("status", child.wait(PATIENCE), 1)
	finally:
		child.kill()
	same("message", collector.bytes(), b"wc: write error: No space left on device\n")


@case("R14.5", "a reader that goes away between lines", CASES)
def reader_leaves(context):
	context.write("a", b"x\n")
	reader, writer = os.pipe()
	with Program(context, "-l", "--files0-from=-", stdin=reader) as program:
		os.write(writer, b"a\0")
		same("answer", program.line(), b"1 a\n")
		null = os.open("/dev/null", os.O_RDONLY)
		os.dup2(null, program.out)
		os.close(null)
		os.write(writer, b"a\0")
		os.close(writer)
		same("status", program.status(), -signal.SIGPIPE)


@case("R13.8", "data that comes slowly", CASES)
def slow_pipe(context):
	reader, writer = os.pipe()
	with Program(context, "-lwm", stdin=reader) as program:
		for piece in (b"on", b"e tw", b"o\n", b"", b" ", b"x"):
			os.write(writer, piece)
			program.wait_asleep()
		os.close(writer)
		same("line", program.rest(), b"      1       3      10\n")


@case("R13.8", "a pipe with room for one page only", CASES)
def small_pipe(context):
	reader, writer = os.pipe()
	fcntl.fcntl(writer, getattr(fcntl, "F_SETPIPE_SZ", 1031), 4096)
	with Program(context, "-c", stdin=reader) as program:
		for _ in range(50):
			os.write(writer, b"x" * 4000)
		os.close(writer)
		same("line", program.rest(), b"200000\n")
