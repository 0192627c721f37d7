# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of the documentation share: the options as the code has them, a tally of checks."""

import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import harness  # noqa: E402
from harness import LIMIT, program  # noqa: E402

SOURCE = pathlib.Path(os.environ.get("srcdir") or pathlib.Path(__file__).parents[2]).resolve()


def read(path):
	return (SOURCE / path).read_text(encoding="utf-8")


def environment(**more):
	return harness.environment("C.UTF-8", LC_ALL="C.UTF-8", **more)


def pcount(*args, **env):
	"""Runs it on no input: (status, standard output, standard error)."""
	done = subprocess.run([program(), *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
		stderr=subprocess.PIPE, env=environment(**env), text=True, check=False, timeout=LIMIT)
	return done.returncode, done.stdout, done.stderr


class Option:
	"""A row of option_specs. argument: "no", "required" or "optional"."""

	def __init__(self, name, letter, argument, of_wc):
		self.name, self.letter, self.argument, self.of_wc = name, letter, argument, of_wc


def options():
	"""option_specs of src/cli/options.c."""
	table = re.search(r"option_specs\[\] = \{\n(.*?)\n\};", read("src/cli/options.c"), re.DOTALL).group(1)
	rows = re.findall(r"\{\"([\w-]+)\", (0|'.'), (\w+)_argument, (true|false), [^}]+\},", table)
	found = [Option(name, letter.strip("'") if letter != "0" else "", argument, of_wc == "true")
		for name, letter, argument, of_wc in rows]
	if len(found) != table.count('{"'):
		sys.exit("docs.py cannot read option_specs any more")
	return found


def choices():
	"""{option: the words it takes} of src/cli/choices.c."""
	text = read("src/cli/choices.c")
	words = {name: re.findall(r'"([^"]*)"', values)
		for name, values in re.findall(r"(\w+_words)\[\] = \{([^}]*)\}", text)}
	found = {option: words[name]
		for option, name in re.findall(r'struct choice \w+ = CHOICE\("--([\w-]+)", (\w+)\)', text)}
	if len(found) != len(re.findall(r"const struct choice \w+ =", text)) or not found:
		sys.exit("docs.py cannot read the choices of options any more")
	return found


class Checks:
	"""Counts what passed, says what failed, and ends the test."""

	def __init__(self):
		self.passed = self.failed = self.skipped = 0

	def check(self, condition, text):
		if condition:
			self.passed += 1
		else:
			self.failed += 1
			print("FAILED: " + text, flush=True)
		return condition

	def same(self, what, got, expected):
		"""Compares sets or lists of words and names what is too much and what is missing."""
		extra = sorted(set(got) - set(expected))
		missing = sorted(set(expected) - set(got))
		self.check(not extra and not missing, f"{what}: "
			+ "; ".join([f"too much: {' '.join(extra)}"] * bool(extra) + [f"missing: {' '.join(missing)}"] * bool(missing)))

	def skip(self, text):
		self.skipped += 1
		print("skipped: " + text, flush=True)

	def end(self):
		print(f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else ""))
		if self.passed + self.failed == 0:
			sys.exit(77)
		sys.exit(1 if self.failed else 0)
