# SPDX-License-Identifier: BSD-2-Clause
"""Holds a program under test where it must be, and is its clock: for the build with fault points.

	control = Control()                              # holds are made before the program is started
	held = control.hold("count", first=3)            # the third block that is about to be counted
	started = Started(args, environment("C.UTF-8", control.env), program=FAULTS)
	held.wait(alive=started.running)                 # someone is there: held.pids says who
	...                                              # look, send signals, change files
	held.release()                                   # all may go on, and nobody is held any more

A hold with first=0 only counts: held.wait_passed(n) waits until the point has been passed n times.
The points are the arguments of FAULT() in src/. Passes are counted over all threads and processes.

With Control(clock=True) the program's time stands still until control.advance(seconds, pid): what
its timer would have done meanwhile is done and over when that returns, and a wait until then is over,
too. control.waits is how often it has begun to wait (--follow), control.ticks how often its timer has
expired (--progress), control.due when it next wants to be woken, in seconds from now, or None.
"""

import mmap
import os
import signal
import tempfile


from program import POSIX_ONLY, folder, wait_for

TICK = signal.SIGALRM if POSIX_ONLY else signal.SIGRTMIN  # as in src/base/ticker*.c
HOLDS, HOLD_AT, HOLD_WORDS = 8, 8, 15  # as in src/base/fault.c
NOW, DUE, EVERY, TICKS, WAITS = range(5)
FIRST, LAST, PASSED, HELD, RELEASED, PIDS = 6, 7, 8, 9, 10, 11
NEVER = (1 << 64) - 1
NS = 10**9


class Hold:
	"""One point."""

	def __init__(self, words, point, first, last):
		name = point.encode().ljust(48, b"\0")
		assert len(name) == 48
		self.words = words
		self.point, self.first = point, first
		words[FIRST], words[LAST] = first, NEVER if last is None else last
		for i in range(6):
			words[i] = int.from_bytes(name[8 * i:8 * i + 8], "little")

	@property
	def passed(self):
		return self.words[PASSED]

	@property
	def held(self):
		"""How many have been held so far, those that may have gone on among them."""
		return self.words[HELD]

	@property
	def pids(self):
		"""The processes of the last four that were held."""
		return [pid for pid in self.words[PIDS:PIDS + 4] if pid]

	def wait(self, n=1, alive=None):
		"""Until n have been held; False: the program has ended before (alive() says so)."""
		return wait_for(lambda: self.held >= n, "%d are held at %s" % (n, self.point), alive)

	def wait_passed(self, n, alive=None):
		return wait_for(lambda: self.passed >= n, "%s is passed %d times" % (self.point, n), alive)

	def release(self, n=None):
		"""Lets the first n go, or all, and then all who come."""
		if n is None:
			self.words[FIRST] = 0
		self.words[RELEASED] = NEVER if n is None else n


class Control:
	def __init__(self, clock=False):
		fd, self.path = tempfile.mkstemp(prefix="control-", dir=folder())
		os.ftruncate(fd, mmap.PAGESIZE)
		self.words = memoryview(mmap.mmap(fd, mmap.PAGESIZE)).cast("Q")
		os.close(fd)
		self.env = {"PCOUNT_CONTROL": self.path}
		self.holds = 0
		if clock:
			self.words[DUE] = NEVER
			self.words[NOW] = 1000 * NS

	def hold(self, point, first=1, last=None):
		"""Holds whoever passes the point for the first-th to the last-th time."""
		assert self.holds < HOLDS
		at = HOLD_AT + self.holds * HOLD_WORDS
		self.holds += 1
		return Hold(self.words[at:at + HOLD_WORDS], point, first, last)

	@property
	def ticks(self):
		return self.words[TICKS]

	@property
	def waits(self):
		return self.words[WAITS]

	@property
	def due(self):
		due = self.words[DUE]
		return None if due == NEVER else (due - self.words[NOW]) / NS

	def advance(self, seconds, pid=None, alive=None):
		"""Time goes by. pid: of the program, whose timer expires when it is due."""
		end = self.words[NOW] + round(seconds * NS)
		while pid and self.words[EVERY] and self.words[DUE] <= end:
			ticks = self.ticks
			self.words[NOW] = self.words[DUE]
			self.words[DUE] += self.words[EVERY]
			os.kill(pid, TICK)
			wait_for(lambda ticks=ticks: self.ticks > ticks, "the timer's signal is handled", alive)
		self.words[NOW] = end

	def close(self):
		os.unlink(self.path)
