#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A long life: one pcount of each engine counts what it is told for as long as it lasts, names
coming through a pipe (--files0-from=-, -z), of files plain and compressed, small and large, corrupt,
missing, growing and cut short. Workers of the processes engine are killed now and then, and all get
SIGUSR1. Every line is compared with what the file holds. Memory, descriptors, threads and children
are watched: what they reach in the second half of the time they must have reached in the first.

  tests/soak/soak.py [SECONDS]      an hour unless told; $PCOUNT is the program, ./pcount by default

Prints a line for each minute, then `N passed, N failed`.
"""

import bz2
import gzip
import lzma
import os
import random
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from harness import PCOUNT, Score, environment, folder, seeded, shared_memory, text, write  # noqa: E402

ENGINES = (["--engine=serial"], ["--engine=threads", "-j3"], ["--engine=processes", "-j2"])
AHEAD = 200  # names that may be under way
SAMPLE_S = 0.5
SLACK_KB, SLACK_FDS = 4096, 4


class Pool:
	"""Names to count, and what the numbers must be: None if that cannot be told."""

	def __init__(self, rng):
		self.numbers = {}
		self.changing = []
		for i in range(60):
			data = text(rng, rng.choice((0, 1, 100, 5000, 200000, 3000000)), kind="mixed")
			expected = self.law(write("plain%d" % i, data))
			self.numbers["plain%d" % i] = expected
			for suffix, pack in ((".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)):
				if len(data) > 300000 or rng.random() < 0.5:
					continue
				packed = pack(data)
				write("p%d%s" % (i, suffix), packed)
				self.numbers["p%d%s" % (i, suffix)] = expected
				if len(packed) > 40:
					at = rng.randrange(20, len(packed) - 10)
					write("bad%d%s" % (i, suffix), packed[:at] + bytes([packed[at] ^ 0xFF]) + packed[at + 1:])
					self.numbers["bad%d%s" % (i, suffix)] = None
		for i in range(5):
			name = "changing%d" % i
			write(name, text(rng, 2000000))
			self.numbers[name] = None
			self.changing.append(name)
		self.numbers["missing"] = None
		os.mkdir(os.path.join(folder(), "directory"))
		self.numbers["directory"] = None
		self.names = list(self.numbers)

	@staticmethod
	def law(path):
		done = subprocess.run([PCOUNT, "--engine=serial", "-lwc", path], env=environment("C.UTF-8", PCOUNT_KERNEL="scalar"),
			stdout=subprocess.PIPE, check=True)
		return tuple(map(int, done.stdout.split()[:3]))


def status_of(pid):
	"""{field: number} of /proc/PID/status, and the number of its descriptors."""
	fields = {}
	with open("/proc/%d/status" % pid) as file:
		for line in file:
			key, value = line.split(":", 1)
			if key in ("RssAnon", "Threads"):
				fields[key] = int(value.split()[0])
	fields["fds"] = len(os.listdir("/proc/%d/fd" % pid))
	with open("/proc/%d/task/%d/children" % (pid, pid)) as file:
		fields["children"] = [int(child) for child in file.read().split()]
	return fields


class Life:
	"""A pcount, fed and checked."""

	def __init__(self, options, pool, seed):
		self.options, self.pool, self.rng = options, pool, random.Random(seed)
		self.started = subprocess.Popen([PCOUNT, "-lwc", "-z", "--total=never", "--files0-from=-"] + options,
			env=environment("C.UTF-8"), cwd=folder(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
			stderr=subprocess.DEVNULL)
		self.slots = threading.Semaphore(AHEAD)
		self.told, self.lines, self.wrong, self.kills, self.signals = 0, 0, [], 0, 0
		self.samples = []
		self.ending = threading.Event()
		self.threads = [threading.Thread(target=fn, daemon=True) for fn in (self.tell, self.hear)]
		for thread in self.threads:
			thread.start()

	def tell(self):
		"""Names of files that leave no line give their place back at once."""
		while not self.ending.is_set():
			name = self.rng.choice(self.pool.names)
			if name != "missing":
				self.slots.acquire()
			try:
				self.started.stdin.write(name.encode() + b"\0")
				self.started.stdin.flush()
			except BrokenPipeError:
				return
			self.told += 1
		self.started.stdin.close()

	def hear(self):
		for line in self.started.stdout:
			self.slots.release()
			self.lines += 1
			fields = line.decode().split()
			expected = self.pool.numbers[fields[3]]
			if expected is not None and tuple(map(int, fields[:3])) != expected:
				self.wrong.append(line)

	def sample(self):
		now = status_of(self.started.pid)
		family = [status_of(child) for child in now["children"] if os.path.exists("/proc/%d/fd" % child)] \
			if "--engine=processes" in self.options else []
		self.samples.append({
			"kB": now["RssAnon"], "fds": now["fds"], "threads": now["Threads"], "children": len(now["children"]),
			"kB of a worker": max([f.get("RssAnon", 0) for f in family] or [0]),
			"fds of a worker": max([f["fds"] for f in family] or [0]),
		})
		if now["children"] and self.rng.random() < 0.05:
			os.kill(self.rng.choice(now["children"]), signal.SIGKILL)
			self.kills += 1
		if self.rng.random() < 0.05:
			self.started.send_signal(signal.SIGUSR1)
			self.signals += 1

	def end(self):
		self.ending.set()
		self.threads[0].join(60)
		self.threads[1].join(120)
		try:
			return self.started.wait(60)
		except subprocess.TimeoutExpired:
			self.started.kill()
			return "hangs"


def change(pool, rng):
	path = os.path.join(folder(), rng.choice(pool.changing))
	if rng.random() < 0.5:
		os.truncate(path, rng.randrange(4000000))
	else:
		with open(path, "ab") as file:
			file.write(b"one more line\n" * rng.randrange(20000))
		if os.path.getsize(path) > 8000000:
			os.truncate(path, 1000)


def flat(samples, what, slack):
	"""(largest of the first half, of the second)"""
	half = len(samples) // 2
	first, second = max(s[what] for s in samples[:half]), max(s[what] for s in samples[half:])
	return first, second, second <= first + slack


def main():
	seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3600
	seed, rng = seeded()
	score = Score()
	pool = Pool(rng)
	before = shared_memory()
	lives = [Life(options, pool, seed + i) for i, options in enumerate(ENGINES)]
	start = said = time.monotonic()
	while time.monotonic() - start < seconds:
		time.sleep(SAMPLE_S)
		change(pool, rng)
		for life in lives:
			try:
				life.sample()
			except (FileNotFoundError, ProcessLookupError):
				pass  # of a worker that has gone meanwhile; of pcount itself: end() will tell
		if time.monotonic() - said > 60:
			said = time.monotonic()
			print("%5.0f s: %s" % (said - start, ", ".join("%d lines" % life.lines for life in lives)), flush=True)
	for life in lives:
		name = " ".join(life.options)
		status = life.end()
		score.check(status == 1, name + ": ends with status 1, since names were missing", status)
		score.check(life.lines > 100 and not life.wrong, name + ": every line is right", life.wrong[:3])
		for what, slack in (("kB", SLACK_KB), ("kB of a worker", SLACK_KB), ("fds", SLACK_FDS),
				("fds of a worker", SLACK_FDS), ("threads", 0), ("children", 0)):
			first, second, good = flat(life.samples, what, slack)
			score.check(good, "%s: %s flat" % (name, what), (first, second))
			print("%s: %s: %d, then %d" % (name, what, first, second))
		print("%s: %d names, %d lines, %d workers killed, %d times SIGUSR1" %
			(name, life.told, life.lines, life.kills, life.signals))
	left = shared_memory() - before
	score.check(not left, "no shared memory is left", left)
	print("seed %d, %.0f seconds" % (seed, time.monotonic() - start))
	score.finish()


main()
