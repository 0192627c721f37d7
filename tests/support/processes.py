# SPDX-License-Identifier: BSD-2-Clause
"""Watching the processes of a program under test: its workers, and whether all are gone."""

import atexit
import os
import signal
import subprocess
import sys

from program import LIMIT, PCOUNT, Failed, Result, wait_for


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


def states(pid):
	"""The states of the threads of a process: R, S, D, T, Z ..."""
	found = []
	try:
		for thread in os.listdir("/proc/%d/task" % pid):
			with open("/proc/%d/task/%s/stat" % (pid, thread), "rb") as file:
				found.append(file.read().rpartition(b")")[2].split()[0].decode())
	except (OSError, IndexError):
		pass
	return found


def switches(pid):
	"""How often the threads of a process have been switched to or away from, summed up."""
	total = 0
	try:
		for thread in os.listdir("/proc/%d/task" % pid):
			with open("/proc/%d/task/%s/status" % (pid, thread)) as file:
				total += sum(int(line.split()[1]) for line in file if "ctxt_switches" in line)
	except (OSError, IndexError):
		pass
	return total


def asleep(pid):
	"""Are all threads of the process and of its children blocked in a system call? What is ready to
	run, but does not get a processor, is not asleep; nor what waits for a disk."""
	family = [pid, *children(pid)]
	before = [switches(member) for member in family]
	found = [states(member) for member in family]
	return set(found[0]) == {"S"} and all(set(state) <= {"S", "Z"} for state in found) and \
		before == [switches(member) for member in family] and family == [pid, *children(pid)]


def is_stopped(pid):
	"""Has the process been stopped by a signal?"""
	return set(states(pid)) == {"T"}


def catches(pid, number):
	"""Has the process a handler for the signal?"""
	try:
		with open("/proc/%d/status" % pid) as file:
			mask = next(int(line.split()[1], 16) for line in file if line.startswith("SigCgt:"))
	except (OSError, StopIteration):
		return False
	return bool(mask >> (number - 1) & 1)


def members(session):
	"""The processes of a session, but for the dead that init has not buried yet."""
	found = ((pid, stat_of(pid)) for pid in all_pids())
	return [pid for pid, stat in found if stat and stat[2] == session and stat[0] != "Z"]


def gone(session, seconds=LIMIT):
	"""Do all processes of the session end?"""
	try:
		return wait_for(lambda: not members(session), "all processes end", seconds=seconds)
	except Failed:
		return False


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
		# A test that has failed, or is ended by timeout(1), leaves nothing behind.
		atexit.register(self.clean_up)
		if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
			signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))

	def clean_up(self):
		if self.running():
			end_session(self.pid)

	def running(self):
		return self.process.poll() is None

	def workers(self):
		return children(self.pid)

	def wait_asleep(self):
		"""Waits until it and its workers are all blocked; False: it has ended."""
		return wait_for(lambda: asleep(self.pid), "all threads are asleep", self.running)

	def finish(self, seconds=LIMIT):
		try:
			out, err = self.process.communicate(timeout=seconds)
			return Result(self.process.returncode, out, err)
		except subprocess.TimeoutExpired:
			end_session(self.pid)
			out, err = self.process.communicate()
			return Result("timeout", out, err)


def shared_memory():
	"""Names that a program could have left behind; not the scratch folders of other tests and benches."""
	names = set()
	for place in ("/dev/shm", "/dev/mqueue", "/tmp"):
		try:
			names |= {os.path.join(place, name) for name in os.listdir(place)
				if "pcount" in name and not name.startswith(("pcount-test-", "pcount-docs-", "pcount-bench"))}
		except OSError:
			pass
	return names
