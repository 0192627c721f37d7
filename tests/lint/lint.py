#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""House rules that a program can check.

Usage: tests/lint/lint.py [FOLDER]   (default: the source folder, from automake's $srcdir)

Each rule is first shown a file that breaks it and one that does not, in a scratch folder: a rule
that cannot fail is a failure here. Then it looks at the real tree.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

LINES_MAX = 600
SPDX = "SPDX-License-Identifier: BSD-2-Clause"

# Where threads, processes and atomics are: two folders, and what is so small that it needs neither.
CONCURRENT_FILES = re.compile(r"^src/((engine|exec)/.*|base/(parallel\.[ch]|relaxed\.h|cpus\.c|fault\.c|main_thread\.c))$")
CONCURRENCY = re.compile(
	r"^\s*#\s*include\s*<(pthread|stdatomic|threads|semaphore|linux/futex|mpi|sched)\.h>"
	r"|\b(pthread_(create|mutex_\w+|cond_\w+|rwlock_\w+)|v?fork|clone3?|futex|MPI_\w+"
	r"|__atomic_\w+|__sync_\w+|atomic_\w+)\s*\(", re.MULTILINE)

# What writes to standard error; diag escapes what a terminal should not see, and the line of progress
# is put together character by character.
WRITES_TO_STDERR = re.compile(r"\b(write|write_all|dprintf|vdprintf|writev|sendfile)\s*\(\s*(STDERR_FILENO|2)\b"
	r"|\bstderr\b|\b(perror|psignal|psiginfo|v?warnx?|v?errx?|error|error_at_line)\s*\(|\bopterr\s*=\s*1\b")
STDERR_FILES = {"src/base/diag.c", "src/base/status_line.c", "src/report/watch.c", "src/cli/options.c"}

# Where the preprocessor may choose: see STYLE in HACKING.md.
CONDITIONAL_FILES = re.compile(
	r"^src/(base/.*|count/(simd_.*|(counter|recorder)\.c)|simd/.*|source/(zstd|gzip|xz|bzip2|lz4).*"
	r"|text/(simd_utf16\.h|utf16\.c)"
	r"|detect/filetype\.c)$")

# What only Linux has: in files that another system leaves out, or has a second one for.
LINUX_CALLS = re.compile(
	r"^\s*#\s*include\s*<(linux/\w+|sys/(inotify|prctl|syscall|sysmacros|vfs|eventfd|epoll|signalfd|sendfile))\.h>"
	r"|\b(syscall|prctl|tee|splice|vmsplice|ppoll|inotify_\w+|timer_create|sched_[gs]etaffinity|memfd_create|pipe2"
	r"|accept4|gettid|statx|getrandom|close_range|copy_file_range|preadv2|cachestat|mincore|strchrnul|mremap)\s*\("
	r"|\b(O_PATH|O_TMPFILE|O_DIRECT|SEEK_DATA|SEEK_HOLE|SOCK_SEQPACKET|MSG_CMSG_CLOEXEC|F_[GS]ETPIPE_SZ"
	r"|SIGEV_THREAD_ID|MFD_\w+|RWF_\w+|MAP_POPULATE|PTHREAD_MUTEX_ROBUST)\b", re.MULTILINE)

# Split so that this file does not name what it looks for.
STRANGE_PATHS = re.compile(
	r"/[w]ork/|/[t]mp/team|\.[l]ibrary\b|\.\./[s]hared\b|/[f]arm/|/[h]ome/\w|/[r]oot/")

# What is made: anywhere, or at the top of the tree (where the build folder may be, too).
SKIPPED_FOLDERS = {".git", ".deps", "__pycache__"}
SKIPPED_AT_TOP = {"autom4te.cache", "build-aux", "_build", "_inst", "build", "demo-text", "fuzz",
	"matrix", "debian"}  # a copy of packaging/debian, and what its build leaves there
GENERATED = {"configure", "configure~", "Makefile.in", "Makefile", "aclocal.m4", "config.h",
	"config.h.in", "config.h.in~", "config.log", "config.status", "stamp-h1"}
GENERATED_NAMES = re.compile(r"\.(o|a|log|trs|gcda|gcno|tmp)$|^\.dirstamp$")


# What makes a test depend on how fast or how busy a machine is; see tests/support/harness.py.
CLOCK = re.compile(r"\btime\.(?:sleep|monotonic|monotonic_ns|time|perf_counter|process_time)\b|\bfrom time import\b"
	r"|\btimeout=\d|\b(?:u|nano)?sleep\s*\(|\bclock_gettime\s*\(|(?:^|[;&|(]|\bdo|\bthen)[ \t]*sleep[ \t]+[\d.$]", re.MULTILINE)
CLOCK_ALLOWED = {
	"tests/support/program.py": "wait_for(), by which all tests wait, and its one generous limit",
	"tests/platform": "how long a start takes is measured, and judged by nobody",
	"tests/support/rows.py": "--slow shows which rows take long",
	"tests/support/locales.py": "a limit for localedef, as generous as that of program.py",
	"tests/compat/cases_limits.py": "ten million names may take an hour",
	"tests/soak/soak.py": "runs for as long as it is told, and is no part of make check",
	"tests/fuzz/differential": "--seconds, for long runs; make check counts cases",
	"tests/fault/faultfs.c": "a file system that is slow; whoever reads is to wait for it",
	"tests/lint/dist.test": "file times have whole seconds: two tarballs made in different ones are compared",
}


class Skip(Exception):
	"""The tool a rule needs is not there."""


class Tree:
	"""The files of the project as text, by path relative to its folder."""

	def __init__(self, folder):
		self.folder = pathlib.Path(folder).resolve()
		self.texts = {}
		for parent, folders, names in os.walk(self.folder):
			at_top = pathlib.Path(parent) == self.folder
			skipped = SKIPPED_FOLDERS | SKIPPED_AT_TOP if at_top else SKIPPED_FOLDERS
			folders[:] = [f for f in folders if f not in skipped
				and not (at_top and f.startswith(("pcount-", "test-")))
				and not os.path.exists(os.path.join(parent, f, "config.status"))]
			names = [n for n in names if not GENERATED_NAMES.search(n)
				and n != ".git"  # of a worktree
				and not (at_top and n in GENERATED)]
			for name in names:
				path = pathlib.Path(parent, name)
				try:
					text = path.read_text(encoding="utf-8")
				except (UnicodeDecodeError, OSError):
					continue  # not text
				self.texts[path.relative_to(self.folder).as_posix()] = text

	def sources(self, under=""):
		return {path: text for path, text in self.texts.items()
				if path.startswith(under) and path.endswith((".c", ".h"))}

	def scripts(self):
		return [path for path, text in self.texts.items()
				if re.match(r"#!\s*(/usr)?/bin/(env )?(ba|da)?sh\b", text)]


def strip_comments(text):
	"""C text with comments and strings blanked, lines kept."""
	def blank(match):
		return re.sub(r"[^\n]", " ", match.group(0))
	text = re.sub(r'/\*.*?\*/|//[^\n]*', blank, text, flags=re.DOTALL)
	return re.sub(r'"(\\.|[^"\\\n])*"', '""', text)


def line_of(text, offset):
	return text.count("\n", 0, offset) + 1


def folder_of(path):
	parts = path.split("/")
	return "main" if len(parts) == 2 else parts[1]


def layers(tree):
	"""{folder: number of its line in src/layers, from the top down}, {folder: those it does without}"""
	lines = [line.partition(" without ") for line in tree.texts.get("src/layers", "").splitlines()
			 if line.strip() and not line.startswith("#")]
	return ({folder: number for number, line in enumerate(lines) for folder in line[0].split()},
		{folder: set(line[2].split()) for line in lines for folder in line[0].split()})


def rule_include_direction(tree):
	"""includes run down the lines of src/layers"""
	rank, without = layers(tree)
	for path, text in tree.sources("src/").items():
		here = folder_of(path)
		if here not in rank:
			yield f"{path}: folder {here} is not in src/layers"
			continue
		for match in re.finditer(r'^\s*#\s*include\s*"([^"]+)"', text, re.MULTILINE):
			name = match.group(1)
			if name == "config.h" and path == "src/base/base.h":
				continue
			place = f"{path}:{line_of(text, match.start(1))}"
			there = name.split("/")[0]
			if "/" not in name:
				yield f'{place}: "{name}": name the folder too'
			elif there not in rank:
				yield f'{place}: "{name}": not a folder of src/'
			elif there != here and (rank[there] <= rank[here] or there in without[here]):
				yield f'{place}: {here} must not include "{name}"'
	used = {folder_of(path) for path in tree.sources("src/")}
	for folder in rank:
		if folder not in used:
			yield f"src/layers: {folder}: no such folder"


def rule_concurrency(tree):
	"""threads, processes, atomics, futexes and MPI only in engine/, exec/ and four files of base/"""
	for path, text in tree.sources("src/").items():
		if CONCURRENT_FILES.match(path):
			continue
		code = strip_comments(text)
		for match in CONCURRENCY.finditer(code):
			yield f"{path}:{line_of(code, match.start())}: {match.group(0).strip()}: only in engine/ and exec/"


def rule_messages_by_diag(tree):
	"""only diag writes to standard error, the line of progress beside it, and getopt"""
	for path, text in tree.sources("src/").items():
		code = strip_comments(text)
		for match in WRITES_TO_STDERR.finditer(code):
			if path not in STDERR_FILES or (path == "src/cli/options.c" and "opterr" not in match.group(0)):
				yield f"{path}:{line_of(code, match.start())}: {match.group(0).strip()}: only by base/diag.c"
		# It escapes nothing: for a report that has no text of others in it.
		if "diag_report(" in code and path != "src/report/stats.c" and not path.startswith("src/base/diag."):
			yield f"{path}: diag_report(): only by report/stats.c"


def rule_map(tree):
	"""main.c's map has a line for each module of each folder, in the order of src/layers"""
	lines = tree.texts.get("src/main.c", "").split("*/\n#include")[0].splitlines()
	folder, mapped = None, []
	for line in lines:
		if match := re.match(r" \*   (\w+)/ ", line):
			folder = match.group(1)
		elif folder and (match := re.match(r" \*     (\w+) ", line)):
			mapped.append((folder, match.group(1)))
	there = {(folder_of(path), pathlib.PurePosixPath(path).stem) for path in tree.sources("src/")
			 if folder_of(path) != "main"}
	for module in sorted(there - set(mapped)):
		yield "src/main.c: the map has no line for src/%s/%s" % module
	for module in sorted(set(mapped) - there):
		yield "src/main.c: the map has a line for src/%s/%s, which is not there" % module
	rank, _ = layers(tree)
	folders = [name for name in dict.fromkeys(name for name, _ in mapped) if name in rank]
	if folders != sorted(folders, key=rank.get):
		yield "src/main.c: the map is not in the order of src/layers: " + " ".join(folders)


def linux_files(tree):
	"""The files that are built only if LINUX_CALLS or SANDBOX."""
	found = set()
	for path, text in tree.texts.items():
		if path.endswith("/Makefile.inc"):
			for branch in re.findall(r"^if (?:LINUX_CALLS|SANDBOX)\n(.*?)^(?:else|endif)", text, re.MULTILINE | re.DOTALL):
				found.update(name.replace("%D%", path.rsplit("/", 1)[0]) for name in re.findall(r"%D%/\S+", branch))
	return found


def rule_linux_calls(tree):
	"""what only Linux has only in files that --enable-posix-only leaves out"""
	left_out = linux_files(tree)
	for path, text in tree.sources("src/").items():
		if path in left_out:
			continue
		code = strip_comments(text)
		for match in LINUX_CALLS.finditer(code):
			yield f"{path}:{line_of(code, match.start())}: {match.group(0).strip()}: in a file of its own; see HACKING.md"


def rule_licence_line(tree):
	"""every file of code says its licence in the first two lines"""
	for path, text in tree.texts.items():
		code = path.endswith((".c", ".h", ".py", ".sh", ".am", ".ac")) or text.startswith("#!")
		if code and SPDX not in "\n".join(text.split("\n", 2)[:2]):
			yield f"{path}: no line {SPDX}"


def rule_file_size(tree):
	"""C files of at most 600 lines"""
	for path, text in tree.sources().items():
		lines = text.count("\n")
		if lines > LINES_MAX:
			yield f"{path}: {lines} lines, more than {LINES_MAX}"


def rule_line_form(tree):
	"""C indented by tabs, nothing trailing"""
	for path, text in tree.sources().items():
		for number, line in enumerate(text.split("\n"), 1):
			if line != line.rstrip():
				yield f"{path}:{number}: trailing white space"
			if re.match(r" {4,}[^ *]", line) and not re.match(r" {8,}", line):
				yield f"{path}:{number}: indented by spaces"


def rule_conditionals(tree):
	"""#if only in base/, the files of one instruction set, counter.c, optional sources"""
	for path, text in tree.sources("src/").items():
		if CONDITIONAL_FILES.match(path):
			continue
		guard = "PCOUNT_" + re.sub(r"\W", "_", path[len("src/"):]).upper()
		code = strip_comments(text)
		for match in re.finditer(r"^\s*#\s*(if|ifdef|ifndef|elif)\b[ \t]*(.*)$", code, re.MULTILINE):
			if match.group(1) == "ifndef" and match.group(2).strip() == guard:
				continue
			yield f"{path}:{line_of(code, match.start(1))}: #{match.group(1)} {match.group(2)}".rstrip()


def rule_no_strange_paths(tree):
	"""nothing names a path outside the repository"""
	for path, text in tree.texts.items():
		for match in STRANGE_PATHS.finditer(text):
			yield f"{path}:{line_of(text, match.start())}: {match.group(0)}"


def rule_makefile_lists_all(tree):
	"""every file is named in Makefile.am or its folder's Makefile.inc, alone or by its folder"""
	makefile = tree.texts.get("Makefile.am", "")
	for path, text in tree.texts.items():
		if path.endswith("/Makefile.inc"):
			makefile += text.replace("%D%", path.rsplit("/", 1)[0])
	makefile = makefile.replace("\\\n", " ")
	named = {word for values in re.findall(r"^\w+\s*\+?=(.*)$", makefile, re.MULTILINE)
			 for word in values.split()}
	automatic = {"Makefile.am", "configure.ac", "COPYING", "NEWS"}
	automatic.update(re.findall(r"^include (\S+)$", makefile, re.MULTILINE))
	for path in tree.texts:
		if path in automatic or path in named or any(parent.as_posix() in named
								for parent in pathlib.PurePosixPath(path).parents):
			continue
		# A unit test's name stands there without its ending.
		if path.endswith(".c") and path[:-2] in named:
			continue
		yield f"{path}: not in Makefile.am"


def run_tool(command, folder):
	if shutil.which(command[0]) is None:
		raise Skip(f"{command[0]} is not installed")
	done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
						  text=True, check=False)
	if done.returncode != 0 or done.stdout.strip():
		yield from done.stdout.splitlines() or [f"{command[0]} ended with {done.returncode}"]


def rule_fuzzers_have_seeds(tree):
	"""every fuzzer has seeds"""
	for path in tree.texts:
		target = re.fullmatch(r"tests/fuzz/fuzz_(\w+)\.c", path)
		if target and f'"{target.group(1)}":' not in tree.texts.get("tests/fuzz/seeds", ""):
			yield f"{path}: tests/fuzz/seeds has none"


def rule_tests_without_clock(tree):
	"""tests wait for events, not for time to go by"""
	for path, text in tree.texts.items():
		if not path.startswith("tests/") or path.startswith("tests/lint/lint") or path.endswith(".md"):
			continue
		found = list(CLOCK.finditer(strip_comments(text) if path.endswith((".c", ".h")) else text))
		if path not in CLOCK_ALLOWED:
			for match in found:
				yield f"{path}:{line_of(text, match.start())}: {match.group(0).strip()}: hold the program, or wait_for() an event"
		elif not found:
			yield f"{path}: needs not stand in CLOCK_ALLOWED any more"


def rule_shell_scripts(tree):
	"""shell scripts are clean under shellcheck"""
	scripts = tree.scripts()
	if scripts:
		yield from run_tool(["shellcheck", "--", *scripts], tree.folder)


def rule_formatting(tree):
	"""C is formatted as clang-format 14 does it by .clang-format"""
	tool = next((name for name in ("clang-format-14", "clang-format") if shutil.which(name)), None)
	if tool is None or "version 14." not in subprocess.run(
			[tool, "--version"], stdout=subprocess.PIPE, text=True, check=False).stdout:
		raise Skip("clang-format 14 is not installed")
	files = sorted(tree.sources())
	if files:
		yield from run_tool([tool, "--dry-run", "-Werror", "--", *files], tree.folder)


def rule_manual(tree):
	"""the manual page is clean under mandoc -Tlint"""
	for path in tree.texts:
		if re.fullmatch(r"man/[^/]+\.[1-8]", path):
			for complaint in run_tool(["mandoc", "-Tlint", path], tree.folder):
				# Which other manuals this machine has is not the page's fault.
				if not re.search(r"outdated mandoc\.db|referenced manual not found", complaint):
					yield complaint


def rule_python_scripts(tree):
	"""Python compiles, and imports only the standard library and its own neighbours"""
	known = getattr(sys, "stdlib_module_names", None)
	if known is None:
		raise Skip("needs Python 3.10")
	own = {pathlib.PurePosixPath(path).stem for path in tree.texts if path.endswith(".py")}
	for path, text in tree.texts.items():
		if not path.endswith(".py") and not re.match(r"#!.*\bpython3?\b", text):
			continue
		try:
			compile(text, path, "exec", dont_inherit=True)
		except SyntaxError as error:
			yield f"{path}:{error.lineno}: {error.msg}"
		for match in re.finditer(r"^\s*(?:import|from) ([a-zA-Z_]\w*)(?:[.\w]*)(?: import |\s*$| as |,)", text,
								 re.MULTILINE):
			if match.group(1) not in known and match.group(1) not in own:
				yield f"{path}:{line_of(text, match.start(1))}: {match.group(1)}: not in the standard library"


SPDX_C = f"/* {SPDX} */\n"
SPDX_SH = f"#!/bin/sh\n# {SPDX}\n"

LAYERS = "a\nb c\n"

# For each rule: a good tree, and trees that must each be found guilty.
PROOFS = {
	rule_include_direction: (
		{"src/layers": "# from the top\nmain\na\nb c\n", "src/main.c": '#include "a/a.h"\n',
		 "src/a/a.c": '#include "a/b.h"\n#include "c/c.h"\n', "src/b/b.c": "", "src/c/c.h": ""},
		[{"src/layers": LAYERS, "src/b/a.c": '#include "a/a.h"\n', "src/a/a.h": ""},
		 {"src/layers": LAYERS, "src/b/a.c": '# include "c/c.h"\n', "src/c/c.h": ""},
		 {"src/layers": LAYERS, "src/a/a.c": '#include "diag.h"\n'},
		 {"src/layers": LAYERS, "src/a/a.c": '#include "../b/b.h"\n'},
		 {"src/layers": LAYERS, "src/a/a.c": '#include "stray/b.h"\n'},
		 {"src/layers": "a without c\nb c\n", "src/a/a.c": '#include "c/c.h"\n', "src/c/c.h": "",
		  "src/b/b.h": ""},
		 {"src/layers": "a\nb\n", "src/a/a.c": ""},
		 {"src/layers": "a\n", "src/a/a.c": "", "src/stray/a.c": ""}]),
	rule_concurrency: (
		{"src/engine/a.c": "#include <pthread.h>\n", "src/run/b.c": "/* pthread_create() */\n",
		 "src/exec/a.c": "int f(void)\n{\n\treturn fork();\n}\n", "src/base/parallel.c": "#include <pthread.h>\n"},
		[{"src/run/a.c": "#include <pthread.h>\n"},
		 {"src/source/a.c": "#include <stdatomic.h>\n"},
		 {"src/scan/a.c": "#include <pthread.h>\n"},
		 {"src/base/a.c": "int f(void)\n{\n\treturn fork();\n}\n"},
		 {"src/count/a.c": "int x = __atomic_load_n(&y, __ATOMIC_RELAXED);\n"}]),
	rule_messages_by_diag: (
		{"src/base/diag.c": "int x = write_all(STDERR_FILENO, a, 1);\n", "src/run/a.c": "/* stderr */ diag_error(0, \"stderr\");\n",
		 "src/report/watch.c": "x = write(STDERR_FILENO, bytes, n);\n", "src/cli/options.c": "opterr = 1;\n",
		 "src/base/b.c": "if (fd > STDERR_FILENO) a(error);\n"},
		[{"src/run/a.c": "write(STDERR_FILENO, a, n);\n"}, {"src/cli/a.c": 'fprintf(stderr, "%s", name);\n'},
		 {"src/engine/a.c": 'dprintf(2, "x");\n'}, {"src/base/a.c": 'perror("x");\n'}, {"src/run/a.c": "opterr = 1;\n"},
		 {"src/cli/options.c": 'perror("x");\n'}, {"src/run/a.c": "diag_report(text);\n"}]),
	rule_map: (
		{"src/layers": "main\na\nb\n", "src/a/c.c": "", "src/a/c.h": "", "src/b/d.h": "",
		 "src/main.c": "/*\n *   a/  x\n *     c  y\n *   b/  x\n *     d  y\n */\n#include <a.h>\n"},
		[{"src/layers": "a\n", "src/a/c.c": "", "src/main.c": "/*\n *   a/  x\n */\n#include <a.h>\n"},
		 {"src/layers": "a\n", "src/a/c.c": "",
		  "src/main.c": "/*\n *   a/  x\n *     c  y\n *     d  y\n */\n#include <a.h>\n"},
		 {"src/layers": "b\na\n", "src/a/c.c": "", "src/b/d.h": "",
		  "src/main.c": "/*\n *   a/  x\n *     c  y\n *   b/  x\n *     d  y\n */\n#include <a.h>\n"}]),
	rule_linux_calls: (
		{"src/a/Makefile.inc": "if LINUX_CALLS\nx += \\\n\t%D%/b.c\nelse\nx += \\\n\t%D%/c.c\nendif\n",
		 "src/a/b.c": "#include <linux/futex.h>\n", "src/a/c.c": "/* tee() */ system_poll(a);\n"},
		[{"src/a/Makefile.inc": "x = %D%/b.c\nif LINUX_CALLS\nelse\nx += %D%/c.c\nendif\n", "src/a/c.c": "x = syscall(1);\n"},
		 {"src/a/b.c": "#include <sys/inotify.h>\n"}, {"src/a/b.c": "x = O_PATH;\n"}, {"src/a/b.h": "ppoll(x);\n"}]),
	rule_licence_line: (
		{"src/a.c": SPDX_C, "b": SPDX_SH, "c.txt": "text\n"},
		[{"src/a.c": "int x;\n"}, {"b": "#!/bin/sh\n"}, {"a.h": "\n\n" + SPDX_C}]),
	rule_file_size: (
		{"src/a.c": "\n" * LINES_MAX},
		[{"src/a.c": "\n" * (LINES_MAX + 1)}, {"tests/unit/a.h": "\n" * (LINES_MAX + 1)}]),
	rule_line_form: (
		{"src/a.c": "int f(void)\n{\n\treturn 0;\n}\n/*\n * a\n */\n"},
		[{"src/a.c": "int x; \n"}, {"src/a.c": "    int x;\n"}]),
	rule_conditionals: (
		{"src/run/a.h": "#ifndef PCOUNT_RUN_A_H\n#define PCOUNT_RUN_A_H\n#endif\n",
		 "src/count/simd_a.h": "#if X\n#endif\n", "src/base/b.h": "#ifdef X\n#endif\n"},
		[{"src/run/a.c": "#ifdef HAVE_X\n#endif\n"},
		 {"src/count/scalar.c": "# if HAVE_X\n#endif\n"},
		 {"src/run/a.h": "#ifndef OTHER_H\n#endif\n"}]),
	rule_no_strange_paths: (
		{"README.md": "see src/main.c and shared memory\n"},
		[{"README.md": "see /wo" + "rk/x\n"}, {"a.sh": "cat .." + "/shared/DESIGN\n"},
		 {"b.py": "# ." + "library\n"}]),
	rule_makefile_lists_all: (
		{"Makefile.am": "x = src/a.c \\\n\ttests/unit/t bench/data\ninclude src/b/Makefile.inc\n",
		 "src/b/Makefile.inc": "x += \\\n\t%D%/c.c\n", "src/b/c.c": "", "src/a.c": "",
		 "tests/unit/t.c": "", "bench/data/table": ""},
		[{"Makefile.am": "x = src/a.c\n", "src/b.c": ""},
		 {"Makefile.am": "# x = src/a.c\nbench:\n\tbench/a\n", "src/a.c": ""},
		 {"Makefile.am": ".PHONY: bench\n", "bench/a": ""},
		 {"Makefile.am": "x = tests/cli\n", "tests/cli.py": ""},
		 {"Makefile.am": "include src/b/Makefile.inc\n", "src/b/Makefile.inc": "x += %D%/c.c\n",
		  "src/b/d.c": ""}]),
	rule_fuzzers_have_seeds: (
		{"tests/fuzz/fuzz_a.c": "", "tests/fuzz/fuzz.h": "", "tests/fuzz/seeds": 'SEEDS = {"a": []}\n'},
		[{"tests/fuzz/fuzz_a.c": "", "tests/fuzz/seeds": 'SEEDS = {"b": []}\n'}]),
	rule_tests_without_clock: (
		{"tests/a.py": "wait_for(lambda: asleep(pid), \"it waits\")\n", "tests/b.c": "/* usleep() */\n", "bench/a.py": "time.sleep(1)\n",
		 "tests/lint/dist.test": "sleep 1\n"},
		[{"tests/a.test": "\ttime.sleep(0.1)\n"}, {"tests/a.test": "got = run(args, timeout=20)\n"}, {"tests/a.py": "end = time.monotonic() + 5\n"}, {"tests/a.c": "\tusleep(20000);\n"},
		 {"tests/a.sh": "sleep 1\n"}, {"tests/a.py": "sh='(sleep 0.2; wc a)'\n"}, {"tests/lint/dist.test": "echo\n"}]),
	rule_shell_scripts: (
		{"a": "#!/bin/sh\necho a\n"},
		[{"a": "#!/bin/sh\nrm $1/*\n"}]),
	rule_formatting: (
		{".clang-format": "BasedOnStyle: LLVM\nColumnLimit: 20\n", "a.c": "int x;\n"},
		[{".clang-format": "BasedOnStyle: LLVM\n", "a.c": "int  x;\n"},
		 {".clang-format": "BasedOnStyle: LLVM\nColumnLimit: 8\n", "a.c": "int f(int a, int b);\n"}]),
	rule_manual: (
		{"man/a.1": ".Dd January 1, 2025\n.Dt A 1\n.Os\n.Sh NAME\n.Nm a\n.Nd does it\n"},
		[{"man/a.1": ".Dd January 1, 2025\n.Dt A 1\n.Os\n.Sh NAME\n.Xy\n"}]),
	rule_python_scripts: (
		{"a.py": "import os\nfrom b import c\n", "b.py": "c = 1\n"},
		[{"a.py": "import numpy\n"}, {"a.py": "def f(:\n"}]),
}


def complaints_of_files(rule, files):
	with tempfile.TemporaryDirectory() as folder:
		for name, text in files.items():
			path = pathlib.Path(folder, name)
			path.parent.mkdir(parents=True, exist_ok=True)
			path.write_text(text, encoding="utf-8")
		return list(rule(Tree(folder)))


def prove(rule):
	"""Complaints about the rule itself: it must find what is wrong and nothing else."""
	good, bads = PROOFS[rule]
	for complaint in complaints_of_files(rule, good):
		yield f"{rule.__name__} complains of good code: {complaint}"
	for bad in bads:
		if not complaints_of_files(rule, bad):
			yield f"{rule.__name__} sees nothing wrong in {bad}"


def main():
	folder = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("srcdir") or \
		pathlib.Path(__file__).resolve().parents[2]
	tree = Tree(folder)
	passed = failed = skipped = 0
	for rule in PROOFS:
		duty = rule.__doc__.strip()
		try:
			complaints = list(prove(rule)) + list(rule(tree))
		except Skip as reason:
			print(f"SKIP {duty}: {reason}")
			skipped += 1
			continue
		print(("FAIL " if complaints else "ok   ") + duty)
		for complaint in complaints:
			print("     " + complaint)
		failed += bool(complaints)
		passed += not complaints
	if not tree.sources("src/"):
		print("FAIL no sources found in", tree.folder)
		failed += 1
	print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
	return 1 if failed else 0


if __name__ == "__main__":
	sys.exit(main())
