# SPDX-License-Identifier: BSD-2-Clause
"""Watching the processes of a program under test: its workers, and whether all are gone."""

import os
import signal
import subprocess
import time

from program import PCOUNT, Result


def stat_of(pid):
	"""(state, parent, session) of a process, or None."""
	try:
		with open("/proc/%d/stat" % pid, "rb") as file:
			fields = file.read().rpartition(b")")[2].split()
		return fields[0].decode(), int(fields[1]), int(fields[3])
	except (OSError, IndexError, ValueError):
		return None


def all_pids():
	return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def children(pid):
	"""The processes whose parent it is, zombies among them."""
	try:
		with open("/proc/%d/task/%d/children" % (pid, pid)) as file:
			return [int(word) for word in file.read().split()]
	except FileNotFoundError:
		if not os.path.exists("/proc/%d" % pid):
			return []
	found = ((child, stat_of(child)) for child in all_pids())
	return [child for child, stat in found if stat and stat[1] == pid]


def members(session):
	"""The processes of a session, but for the dead that init has not buried yet."""
	found = ((pid, stat_of(pid)) for pid in all_pids())
	return [pid for pid, stat in found if stat and stat[2] == session and stat[0] != "Z"]


def gone(session, seconds=5):
	"""Do all processes of the session end in this time?"""
	end = time.monotonic() + seconds
	while members(session):
		if time.monotonic() > end:
			return False
		time.sleep(0.01)
	return True


def end_session(session):
	"""For a test that has failed: leave nothing behind."""
	for pid in members(session):
		try:
			os.kill(pid, signal.SIGKILL)
		except OSError:
			pass


class Started:
	"""The program, running in a session of its own."""

	def __init__(self, args, env, cwd=None, stdin=subprocess.DEVNULL, program=None, preexec=None):
		self.process = subprocess.Popen(["pcount"] + args, executable=program or PCOUNT, env=env,
			cwd=cwd, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
			start_new_session=True, preexec_fn=preexec)
		self.pid = self.process.pid

	def running(self):
		return self.process.poll() is None

	def workers(self):
		return children(self.pid)

	def wait_workers(self, wanted=1, seconds=10):
		"""Waits until there are so many workers (or it has ended); returns them."""
		end = time.monotonic() + seconds
		while True:
			found = self.workers()
			if len(found) >= wanted or not self.running() or time.monotonic() > end:
				return found
			time.sleep(0.001)

	def finish(self, seconds=60):
		try:
			out, err = self.process.communicate(timeout=seconds)
			return Result(self.process.returncode, out, err)
		except subprocess.TimeoutExpired:
			end_session(self.pid)
			out, err = self.process.communicate()
			return Result("timeout", out, err)


def shared_memory():
	"""Names that a program could have left behind."""
	names = set()
	for place in ("/dev/shm", "/dev/mqueue", "/tmp"):
		try:
			names |= {os.path.join(place, name) for name in os.listdir(place) if "pcount" in name}
		except OSError:
			pass
	return names
