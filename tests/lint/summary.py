#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""tests/summary adds up what the tests say, and is not taken in by tests that say nothing."""

import os
import pathlib
import subprocess
import sys
import tempfile

SUMMARY = pathlib.Path(__file__).resolve().parents[1] / "summary"

# What it is about; the tests as (log, verdict or None: no .trs); the last line expected; status.
CASES = [
	("sums", [("3 passed, 0 failed\nPASS a (exit status: 0)\n", "PASS"),
		("noise\n4 passed, 0 failed, 2 skipped\n", "PASS")], "7 passed, 0 failed, 2 skipped", 0),
	("the last such line counts", [("9 passed, 0 failed\n3 passed, 0 failed\n", "PASS")], "3 passed, 0 failed", 0),
	("a failure", [("3 passed, 1 failed\n", "FAIL"), ("1 passed, 0 failed\n", "PASS")], "4 passed, 1 failed", 1),
	("a crash after the sum", [("3 passed, 0 failed\n", "FAIL")], "3 passed, 1 failed", 1),
	("a crash before the sum", [("ok\n", "FAIL"), ("1 passed, 0 failed\n", "PASS")], "1 passed, 1 failed", 1),
	("no sum", [("ok\n", "PASS")], "0 passed, 1 failed", 1),
	("failures, but a good exit status", [("3 passed, 2 failed\n", "PASS")], "3 passed, 2 failed", 1),
	("a test that tests nothing", [("0 passed, 0 failed\n", "PASS")], "0 passed, 1 failed", 1),
	("skipped whole", [("0 passed, 0 failed, 1 skipped\n", "SKIP"), ("1 passed, 0 failed\n", "PASS")],
		"1 passed, 0 failed, 1 skipped", 0),
	("all skipped", [("", "SKIP")], "0 passed, 0 failed, 1 skipped", 1),
	("never run", [("1 passed, 0 failed\n", None)], "0 passed, 1 failed", 1),
	("no tests", [], "0 passed, 0 failed", 1),
	("how long it took is no count", [("3 passed, 0 failed\ntook 1500 ms, 900 ms of a processor\n", "PASS")], "3 passed, 0 failed", 0),
	("a line that only looks like it", [("all 3 passed, 0 failed\n", "PASS")], "0 passed, 1 failed", 1),
]


def run(tests):
	"""(last line, exit status) of tests/summary over such logs."""
	with tempfile.TemporaryDirectory() as folder:
		logs = []
		for number, (text, verdict) in enumerate(tests):
			log = pathlib.Path(folder, f"{number}.log")
			log.write_text(text)
			if verdict:
				log.with_suffix(".trs").write_text(f":test-result: {verdict}\n:global-test-result: {verdict}\n")
			logs.append(str(log))
		done = subprocess.run([sys.executable, os.fspath(SUMMARY), *logs], stdout=subprocess.PIPE, text=True,
			check=False)
		return done.stdout.splitlines()[-1], done.returncode


def order(*options):
	"""The slowest stands first, with its time."""
	with tempfile.TemporaryDirectory() as folder:
		logs = []
		for name, took in (("a", 20), ("b", 3000), ("c", 100)):
			log = pathlib.Path(folder, name + ".log")
			log.write_text(f"1 passed, 0 failed\ntook {took} ms, {10 * took} ms of a processor\n")
			log.with_suffix(".trs").write_text(":test-result: PASS\n")
			logs.append(str(log))
		done = subprocess.run([sys.executable, os.fspath(SUMMARY), *options, *logs], stdout=subprocess.PIPE, text=True, check=False)
		return [line.rpartition("/")[2] for line in done.stdout.splitlines()]


def main():
	failed = 0
	for what, tests, line, status in CASES:
		got = run(tests)
		if got != (line, status):
			failed += 1
			print(f"FAIL {what}: {got[0]!r}, status {got[1]}; expected {line!r}, status {status}")
	if order()[:-1] != ["b: 1 passed, 0 failed, 3.0 s", "c: 1 passed, 0 failed, 0.1 s", "a: 1 passed, 0 failed, 0.0 s"]:
		failed += 1
		print("FAIL the slowest first:", order())
	if order("--table")[2:] != ["b` | 30.0 |", "c` | 1.0 |", "a` | 0.2 |"]:
		failed += 1
		print("FAIL the table by processor time:", order("--table"))
	names = ["tests/none.test", "tests/unit/test_none", "tests/compat/run-compat.test"]
	done = subprocess.run([sys.executable, os.fspath(SUMMARY), "--order", *names], stdout=subprocess.PIPE, text=True, check=False)
	if done.stdout.split() != names[2:] + names[:2]:
		failed += 1
		print("FAIL those first that take long:", done.stdout)
	print(f"{len(CASES) + 3 - failed} passed, {failed} failed")
	return 1 if failed else 0


if __name__ == "__main__":
	sys.exit(main())
