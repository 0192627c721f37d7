#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the built program is made of: it needs the C library and nothing else, and is hardened.

Each property is first looked for in a file that lacks it, so that a check that cannot fail is
found out.
"""

import json
import os
import re
import shutil
import struct
import subprocess
import sys


def readelf(*arguments):
	done = subprocess.run(["readelf", "-W", *arguments], stdout=subprocess.PIPE, text=True, check=True,
		env=dict(os.environ, LC_ALL="C"))
	return done.stdout


def stranger_libraries(path):
	"""Libraries that are loaded with the program, other than libc and the loader itself."""
	needed = re.findall(r"\(NEEDED\).*\[(.+)\]", readelf("-d", path))
	if not needed:
		return ["no libraries at all"]
	return [name for name in needed if not re.match(r"libc\.so|libc\.musl|ld-(linux|musl)", name)]


def lacks_position_independence(path):
	return [] if re.search(r"^\s*Type:\s+DYN\b", readelf("-h", path), re.MULTILINE) else ["not PIE"]


def lacks_relro(path):
	if "GNU_RELRO" not in readelf("-l", path):
		return ["no RELRO segment"]
	return [] if "BIND_NOW" in readelf("-d", path) else ["symbols are bound lazily"]


def has_executable_stack(path):
	stack = re.search(r"GNU_STACK.*", readelf("-l", path))
	return [] if stack and not re.search(r"\bR?WE\b", stack.group(0)) else ["executable stack"]


def noted_libraries(path):
	"""The file names in the notes of the section .note.dlopen."""
	section = re.search(r" \.note\.dlopen +NOTE +\w+ (\w+) (\w+)", readelf("-S", path))
	if section is None:
		return set()
	with open(path, "rb") as file:
		file.seek(int(section.group(1), 16))
		notes = file.read(int(section.group(2), 16))
	names = set()
	at = 0
	while at < len(notes):
		name_size, text_size, kind = struct.unpack_from("=III", notes, at)
		at += 12
		owner = notes[at:at + name_size]
		at += (name_size + 3) & ~3
		text = notes[at:at + text_size]
		at += (text_size + 3) & ~3
		if owner == b"FDO\0" and kind == 0x407c0c0a:
			for item in json.loads(text.rstrip(b"\0")):
				names.update(item["soname"])
	return names


def loaded_libraries():
	"""Those that are loaded when they are needed."""
	if os.environ.get("PCOUNT_LINKED") == "yes":
		return set()
	with open(os.path.join(os.environ["PCOUNT_BUILDDIR"], "config.h"), encoding="utf-8") as file:
		return set(re.findall(r'(?m)^#define LIB\w+_SONAME "(.+)"', file.read()))


def unnoted_libraries(path):
	return sorted("no note of " + name for name in loaded_libraries() - noted_libraries(path))


CHECKS = [
	("needs libc only", stranger_libraries, ["-Wl,--no-as-needed", "-lm"]),
	("position-independent", lacks_position_independence, ["-no-pie"]),
	("read-only relocations", lacks_relro, ["-Wl,-z,lazy"]),
	("notes of loaded libraries", unnoted_libraries, []),
	("no executable stack", has_executable_stack, ["-Wl,-z,execstack"]),
]


def bad_program(flags):
	"""A program built with what the check must not find good; None without a compiler."""
	compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
	if compiler is None:
		return None
	path = os.path.abspath("lint-binary.tmp")
	done = subprocess.run([compiler, "-x", "c", "-", *flags, "-o", path],
		input="int main(void) { return 0; }\n", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
		check=False)
	return path if done.returncode == 0 else None


def main():
	if shutil.which("readelf") is None:
		print("readelf is missing\n0 passed, 0 failed, 1 skipped")
		return 77
	if "There is no dynamic section" in readelf("-d", os.environ["PCOUNT"]):
		print("a static program\n0 passed, 0 failed, 1 skipped")
		return 77
	if os.environ.get("PCOUNT_HARDENING") == "no" or os.environ.get("PCOUNT_SANITIZERS"):
		print("this build has sanitizers, or was asked to do without hardening\n"
			"0 passed, 0 failed, 1 skipped")
		return 77
	passed = failed = skipped = 0
	linked = os.environ.get("PCOUNT_LINKED") == "yes"
	for what, check, flags in CHECKS:
		if linked and check is stranger_libraries or check is unnoted_libraries and not loaded_libraries():
			skipped += 1
			print(f"SKIP {what}: optional libraries are linked, or there are none")
			continue
		bad = bad_program(flags)
		if bad is None:
			skipped += 1
			print(f"SKIP {what}: no compiler for the counter-example")
			continue
		complaints = check(os.environ["PCOUNT"])
		if not check(bad):
			complaints.append("the check finds nothing wrong in a program built with " + " ".join(flags))
		os.unlink(bad)
		passed += not complaints
		failed += bool(complaints)
		print("\n     ".join([("FAIL " if complaints else "ok   ") + what, *complaints]))
	print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
	return 1 if failed else 0


if __name__ == "__main__":
	sys.exit(main())
