# SPDX-License-Identifier: BSD-2-Clause
"""What standard input and output can be: both ends of each, for a program that stands between them.

	source = INPUTS["socket"](data)      # source.fd is for the program; the data is fed by a thread
	target = OUTPUTS["tty"]()            # target.fd is for the program; target.bytes() is what came out
"""

import fcntl
import os
import pty
import socket
import tempfile
import termios

from program import Collector, Feeder, folder

END_OF_FILE = b"\x04"  # as it is typed



def raw(fd):
	"""A terminal that changes no byte, but has lines and an end of file."""
	mode = termios.tcgetattr(fd)
	mode[0] = mode[1] = 0
	mode[3] = termios.ICANON
	termios.tcsetattr(fd, termios.TCSANOW, mode)


def nonblocking(fd):
	fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_NONBLOCK)


class Input:
	def __init__(self, fd, feed=None, pieces=()):
		self.fd = fd
		self.feeder = Feeder(feed, pieces) if feed is not None else None

	def close(self):
		os.close(self.fd)


def pipe_input(data):
	reader, writer = os.pipe()
	return Input(reader, writer, [data])


def nonblocking_input(data):
	source = pipe_input(data)
	nonblocking(source.fd)
	return source


def socket_input(data):
	ours, theirs = socket.socketpair()
	return Input(theirs.detach(), ours.detach(), [data])


def file_input(data, at=0):
	fd, path = tempfile.mkstemp(dir=folder())
	os.unlink(path)
	os.write(fd, b"x" * at + data)
	os.lseek(fd, at, os.SEEK_SET)
	return Input(fd)


class TerminalInput(Input):
	"""The master stays open as long as the program may read: with it the lines would go."""

	def __init__(self, data):
		self.master, slave = pty.openpty()
		raw(slave)
		super().__init__(slave, os.dup(self.master), [data, END_OF_FILE])

	def close(self):
		self.feeder.join()
		os.close(self.fd)
		os.close(self.master)


class Output:
	"""`ours`: what the program writes is read from there."""

	def __init__(self, fd, ours=None):
		self.fd = fd
		self.collector = Collector(ours) if ours is not None else None

	def bytes(self):
		"""After the program has ended."""
		os.close(self.fd)
		return self.collector.bytes()


def pipe_output():
	reader, writer = os.pipe()
	return Output(writer, reader)


def nonblocking_output():
	target = pipe_output()
	nonblocking(target.fd)
	return target


def socket_output():
	ours, theirs = socket.socketpair()
	return Output(theirs.detach(), ours.detach())


def terminal_output():
	master, slave = pty.openpty()
	raw(slave)
	return Output(slave, master)


class FileOutput(Output):
	BEFORE = b""
	FLAGS = 0

	def __init__(self):
		fd, self.path = tempfile.mkstemp(dir=folder())
		os.write(fd, self.BEFORE)
		os.close(fd)
		super().__init__(os.open(self.path, os.O_WRONLY | self.FLAGS))

	def bytes(self):
		os.close(self.fd)
		with open(self.path, "rb") as file:
			found = file.read()
		os.unlink(self.path)
		assert found.startswith(self.BEFORE)
		return found[len(self.BEFORE):]


class AppendOutput(FileOutput):
	"""Where splice(2) says EINVAL."""
	BEFORE = b"before\n"
	FLAGS = os.O_APPEND


INPUTS = {"pipe": pipe_input, "non-blocking pipe": nonblocking_input, "file": file_input, "socket": socket_input,
	"tty": TerminalInput}
OUTPUTS = {"pipe": pipe_output, "non-blocking pipe": nonblocking_output, "file": FileOutput, "append": AppendOutput,
	"socket": socket_output, "tty": terminal_output}
