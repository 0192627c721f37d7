# SPDX-License-Identifier: BSD-2-Clause
"""Rules 13 and 14: standard input and offsets, errors and the exit status."""

import os

from harness import (BROKEN, CLOSED, FULL, MERGED, Dir, Fifo, File, Link, Match, Mode, Name, Pipe,
	Row, Socket, SocketFile)

ROWS = []


def R(*args, **more):
	ROWS.append(Row(*args, **more))


A = b"one\n"            # 1 1 4
B = b"two three\n"      # 1 2 10
FILES = {"a": A, "b": B}
BAD = "Bad file descriptor"

# --- 13. Standard input and offsets

R("R13.1", "no operands", ["-w"], b"2\n", stdin=B)
R("R13.1", "- twice: the second is empty", ["-", "-"],
	b"      1       2      10 -\n      0       0       0 -\n      1       2      10 total\n", stdin=B)
R("R13.1", "- twice, a file", ["-", "-"], b" 1  2 10 -\n 0  0  0 -\n 1  2 10 total\n", stdin=File(B),
	offset=10)
R("R13.1", "- among files", ["a", "-", "b"],
	b"      1       1       4 a\n      1       2      10 -\n      1       2      10 b\n"
	b"      3       5      24 total\n", stdin=B, files=FILES)
R("R13.1", "not touched when no name refers to it", ["a"], b"1 1 4 a\n", stdin=File(b"abc", at=1),
	offset=1, files=FILES)
R("R13.1", "a pipe is not touched", out=b"1 1 4 a\nrest\n", sh="echo rest | { wc a; cat; }", files=FILES)
R("R13.1", "closed and not needed", ["a"], b"1 1 4 a\n", stdin=CLOSED, files=FILES)
R("R13.1", "closed and not needed, several files", ["a", "b", "a"],
	b" 1  1  4 a\n 1  2 10 b\n 1  1  4 a\n 3  4 18 total\n", stdin=CLOSED, files=FILES)
for flag, value in (("l", 1), ("w", 1), ("m", 5), ("c", 5), ("L", 4)):
	R("R13.2", "-%s from the current offset" % flag, ["-" + flag], "%d\n" % value,
		stdin=File(b"one\ntwo\nfour\n", at=8), offset=13)
	R("R13.3", "-%s leaves the offset at the end" % flag, ["-" + flag],
		"%d\n" % {"l": 3, "w": 3, "m": 13, "c": 13, "L": 4}[flag], stdin=File(b"one\ntwo\nfour\n"), offset=13)
	R("R13.3", "-%s in UTF-8 leaves the offset at the end" % flag, ["-" + flag],
		"%d\n" % {"l": 1, "w": 1, "m": 3, "c": 5, "L": 2}[flag], stdin=File("\u00e9\u00e9\n".encode()), offset=5,
		locale="C.UTF-8")
	R("R13.2", "-%s from beyond the end" % flag, ["-" + flag], b"0\n", stdin=File(b"one\n", at=100))
R("R13.2", "after read in a shell", out=b"2\n", sh="(read x; wc -l) <f", files={"f": b"a\nb\nc\n"})
R("R13.2", "after dd", out=b"3\n", sh="(dd bs=1 skip=7 count=0 2>/dev/null; wc -c) <f",
	files={"f": b"0123456789"})
R("R13.3 X20.4", "300000 bytes, -l", ["-l"], b"150000\n", stdin=File(b"a\n" * 150000), offset=300000)
R("R13.3 X20.4", "300000 bytes, all", ["-lwmcL"], b"150000 150000 300000 300000      1\n",
	stdin=File(b"a\n" * 150000), offset=300000)
R("R13.3", "two programs on one descriptor", out=b"3\n0\n", sh="{ wc -l; wc -c; } <f",
	files={"f": b"a\nb\nc\n"})
R("R13.3", "as - operand", ["-l", "-"], b"2 -\n", stdin=File(b"a\nb\n"), offset=4)
R("R13.4", "/dev/stdin is a file opened anew", ["-c", "/dev/stdin"], b"10 /dev/stdin\n",
	stdin=File(b"0123456789", at=4), offset=4, needs=["/dev/stdin"])
R("R13.4", "/dev/stdin and then -", ["-c", "/dev/stdin", "-"], b"10 /dev/stdin\n 6 -\n16 total\n",
	stdin=File(b"0123456789", at=4), offset=10, needs=["/dev/stdin"])
R("R13.4", "/dev/stdin, a pipe", ["-c", "/dev/stdin"], b"5 /dev/stdin\n", stdin=b"01234", needs=["/dev/stdin"])
R("R13.4", "/dev/stdin, a pipe, and then -", ["-c", "/dev/stdin", "-"],
	b"      5 /dev/stdin\n      0 -\n      5 total\n", stdin=b"01234", needs=["/dev/stdin"])
R("R13.4", "- and then /dev/stdin, a pipe", ["-c", "-", "/dev/stdin"],
	b"      5 -\n      0 /dev/stdin\n      5 total\n", stdin=b"01234", needs=["/dev/stdin"])
R("R13.4", "/dev/fd/0", ["-l", "/dev/fd/0"], b"1 /dev/fd/0\n", stdin=A, needs=["/dev/stdin"])
R("R13.4", "a process substitution", out=b"3\n", sh="wc -l <(printf 'a\\nb\\nc\\n') | cut -d' ' -f1")

NOTHING = "wc: 'standard input': %s\nwc: -: %s\n" % (BAD, BAD)
R("R13.5", "closed", [], b"0 0 0\n", NOTHING, 1, stdin=CLOSED)
R("R13.5", "closed, one count", ["-l"], b"0\n", NOTHING, 1, stdin=CLOSED)
R("R13.5", "closed, -c", ["-c"], b"0\n", NOTHING, 1, stdin=CLOSED)
R("R13.5", "closed, -m in UTF-8", ["-m"], b"0\n", NOTHING, 1, stdin=CLOSED, locale="C.UTF-8")
R("R13.5", "closed, as -", ["-"], b"0 0 0 -\n", "wc: -: %s\nwc: -: %s\n" % (BAD, BAD), 1, stdin=CLOSED)
R("R13.5", "closed, between files", ["a", "-", "b"],
	b" 1  1  4 a\n 0  0  0 -\n 1  2 10 b\n 2  3 14 total\n", "wc: -: %s\nwc: -: %s\n" % (BAD, BAD), 1,
	stdin=CLOSED, files=FILES)
R("R13.5 R1.4", "closed, order of messages", ["a", "-", "b"],
	b" 1  1  4 a\n 0  0  0 -\nwc: -: Bad file descriptor\n 1  2 10 b\n 2  3 14 total\n"
	b"wc: -: Bad file descriptor\n", status=1, stdin=CLOSED, files=FILES, stderr=MERGED)
R("R13.5", "closed, and workers are sent descriptors", ["-z", "a", "-"],
	b"      1       1       4 a\n      0       0       0 -\n      1       1       4 total\n",
	"wc: -: %s\nwc: -: %s\n" % (BAD, BAD), 1, stdin=CLOSED, files=FILES)
R("R13.5", "closed, twice", ["-", "-"], b"0 0 0 -\n0 0 0 -\n0 0 0 total\n", "wc: -: %s\n" % BAD * 3, 1,
	stdin=CLOSED)
R("R13.5 R11.4", "closed, total=only", ["--total=only"], b"0 0 0\n", NOTHING, 1, stdin=CLOSED)
R("R13.5", "write-only", out=b"      0       0       0\n", err="wc: 'standard input': %s\n" % BAD,
	status=1, sh="wc 0>/dev/null")

R("R13.8", "a pipe of one-byte writes", ["-lwmcL"], b"      2       3      10      12       4\n",
	stdin=Pipe(pieces=[bytes([c]) for c in "ab \u00e9\nxy\u00e9z\n".encode()], wait=0.002), locale="C.UTF-8")
R("R13.8", "a socket", ["-lwc"], b"      1       2      10\n", stdin=Socket(B))
R("R13.8", "a socket, -c", ["-c"], b"10\n", stdin=Socket(B))
R("R13.8", "a FIFO", ["-lwc"], b"      1       2      10\n", stdin=Name("p"), files={"p": Fifo(B)})
R("R13.8", "a FIFO by name", ["-lwc", "p"], b"      1       2      10 p\n", files={"p": Fifo(B)})
R("R13.8", "/dev/null", ["-lwc"], b"      0       0       0\n", stdin=Name("/dev/null"))
R("R13.8", "a megabyte through a pipe", ["-lwc"], b"  20000   40000 1000000\n",
	stdin=Pipe((b"x" * 24 + b" " + b"y" * 24 + b"\n") * 20000))

# --- 14. Errors and status

R("R14.1", "goes on after any error", ["none", "a", "d", "b", "a/x", "a"],
	b"      1       1       4 a\n      0       0       0 d\n      1       2      10 b\n"
	b"      1       1       4 a\n      3       4      18 total\n",
	"wc: none: No such file or directory\nwc: d: Is a directory\nwc: a/x: Not a directory\n", 1,
	files=dict(FILES, d=Dir()))
R("R14.1", "0 when all is well", ["a", "b"], b" 1  1  4 a\n 1  2 10 b\n 2  3 14 total\n", files=FILES)
R("R14.2", "ENOENT", ["none"], err="wc: none: No such file or directory\n", status=1)
R("R14.2", "ENOTDIR", ["a/"], err="wc: a/: Not a directory\n", status=1, files=FILES)
R("R14.2", "ELOOP", ["l"], err="wc: l: Too many levels of symbolic links\n", status=1,
	files={"l": Link("l")})
R("R14.2", "ENAMETOOLONG", ["n" * 300], err="wc: " + "n" * 300 + ": File name too long\n", status=1)
R("R14.2", "ENXIO", ["s"], err="wc: s: No such device or address\n", status=1, files={"s": SocketFile()})
R("R14.2", "EACCES", ["f"], err="wc: f: Permission denied\n", status=1, files={"f": Mode(A, 0)},
	needs=["modes"])
R("R14.2 R9.2", "EACCES: the size counts for the width", ["f", "a"], b"   1    1    4 a\n   1    1    4 total\n",
	"wc: f: Permission denied\n", 1, files={"f": Mode(b"x" * 1000, 0), "a": A}, needs=["modes"])
R("R14.2", "EACCES for the folder", ["d/f"], err="wc: d/f: Permission denied\n", status=1,
	files={"d": Mode(Dir(), 0)}, needs=["modes"])
for flags in ("-c", "-l", "-m", "-w", "-L"):
	R("R14.3", "a directory with " + flags, [flags, "d"], b"0 d\n", "wc: d: Is a directory\n", 1,
		files={"d": Dir()})
R("R14.3", "a directory", ["d"], b"      0       0       0 d\n", "wc: d: Is a directory\n", 1,
	files={"d": Dir()})
R("R14.3 R1.4", "the line first, then the message", ["d"],
	b"      0       0       0 d\nwc: d: Is a directory\n", status=1, files={"d": Dir()}, stderr=MERGED)
R("R14.3", "a directory on standard input", ["-l"], b"0\n", "wc: 'standard input': Is a directory\n", 1,
	stdin=Name("."))
R("R14.3", "a directory on standard input, -c", ["-c"], b"0\n", "wc: 'standard input': Is a directory\n", 1,
	stdin=Name("."))
R("R14.3", "a directory on standard input, order", ["-c"],
	b"0\nwc: 'standard input': Is a directory\n", status=1, stdin=Name("."), stderr=MERGED)
R("R14.3", "a read error in a regular file", ["-l", "/proc/self/mem"], b"0 /proc/self/mem\n",
	"wc: /proc/self/mem: Input/output error\n", 1, needs=["/proc"])

SPACE = "wc: write error: No space left on device\n"
R("R14.4", "a full device", ["a"], err=SPACE, status=1, stdout=FULL, files=FILES, needs=["/dev/full"])
R("R14.4", "a full device: only once, and no more is done", ["a", "none", "b"], err=SPACE, status=1,
	stdout=FULL, files=FILES, needs=["/dev/full"])
R("R14.4", "messages before stay", ["none", "a", "none2"],
	err="wc: none: No such file or directory\n" + SPACE, status=1, stdout=FULL, files=FILES,
	needs=["/dev/full"])
R("R14.4", "the total line alone", ["--total=only", "a", "none"],
	err="wc: none: No such file or directory\n" + SPACE, status=1, stdout=FULL, files=FILES,
	needs=["/dev/full"])
R("R14.4", "closed", ["a"], err="wc: write error: %s\n" % BAD, status=1, stdout=CLOSED, files=FILES)
R("R14.4", "a line cannot be written: a directory is not even complained of", ["d"], err=SPACE, status=1,
	stdout=FULL, files={"d": Dir()}, needs=["/dev/full"])
R("R14.4", "a later FIFO is not opened", ["a", "p"], err=SPACE, status=1, stdout=FULL,
	prepare=lambda where: os.mkfifo(where + "/p"), files=FILES, needs=["/dev/full"])
R("R14.4", "no output, no error: missing", ["none"], err="wc: none: No such file or directory\n", status=1,
	stdout=CLOSED)
R("R14.4", "no output, no error: full and missing", ["none"], err="wc: none: No such file or directory\n",
	status=1, stdout=FULL, needs=["/dev/full"])
R("R14.4", "a non-blocking output that is full is waited for (GNU wc fails)", [], b" 4 a\n10 b\n14 total\n",
	sh="strace -qq -o log -e trace=write -e inject=write:error=EAGAIN:when=1 \"$PCOUNT\" -c a b; "
	"grep -q EAGAIN log || echo not injected", files=FILES, needs=["strace"], matrix=False,
	env={"ASAN_OPTIONS": "detect_leaks=0"})
R("R14.4", "no output, no error: no names", ["--files0-from=/dev/null"], stdout=CLOSED)
R("R14.4", "no output, no error: no names, full", ["--files0-from=/dev/null"], stdout=FULL,
	needs=["/dev/full"])
R("R14.5", "SIGPIPE kills", ["a", "b"], status=-13, stdout=BROKEN, files=FILES)
R("R14.5", "SIGPIPE kills silently, as a shell sees it", out=b"141\n",
	sh="true <p & exec 3>p; wait; wc a >&3; echo $?", files=FILES, prepare=lambda where: os.mkfifo(where + "/p"))
R("R14.5", "SIGPIPE ignored", ["a", "b"], err="wc: write error: Broken pipe\n", status=1, stdout=BROKEN,
	sigpipe="ignored", files=FILES)
R("R14.6", "full standard error", ["a", "none"], b"1 1 4 a\n1 1 4 total\n", status=1, stderr=FULL,
	files=FILES, needs=["/dev/full"])
R("R14.6", "full standard error, nothing to say", ["a"], b"1 1 4 a\n", stderr=FULL, files=FILES,
	needs=["/dev/full"])
R("R14.6", "full standard error and --debug", ["--debug", "-l", "a"], b"1 a\n", status=1, stderr=FULL,
	files=FILES, needs=["/dev/full"])
R("R14.6", "closed standard error, nothing to say", ["a"], b"1 1 4 a\n", stderr=CLOSED, files=FILES)
R("R14.6", "closed standard error", ["none"], b"", status=1, stderr=CLOSED, files=FILES)
R("R14.7", "no word about bad text", ["-lwmL"], b"      1       3       5       4\n", stdin=b"a \xff b\xe3\n",
	locale="C.UTF-8")

# Closed descriptors in every combination, with a file, with none to be found, with standard input.
for closed in range(8):
	no_in, no_out, no_err = bool(closed & 1), bool(closed & 2), bool(closed & 4)
	how = dict(stdin=CLOSED if no_in else B, stdout=CLOSED if no_out else None,
		stderr=CLOSED if no_err else None, files=FILES)
	text = "closed: " + (" ".join(str(fd) for fd in range(3) if closed >> fd & 1) or "none")
	# What a message is to be if there is somebody to tell it.
	broken = "" if no_err else "wc: write error: %s\n" % BAD
	R("R14.4 R14.6 R13.1", text + "; a file", ["a"], b"" if no_out else b"1 1 4 a\n",
		broken if no_out else "", 1 if no_out else 0, **how)
	R("R14.4 R14.6 R14.2", text + "; a missing file", ["none"], b"",
		"" if no_err else "wc: none: No such file or directory\n", 1, **how)
	if no_out:
		R("R13.5 R14.4", text + "; standard input", ["-c"], b"", broken, 1, **how)
	elif no_in:
		R("R13.5 R14.6", text + "; standard input", ["-c"], b"0\n", "" if no_err else NOTHING, 1, **how)
	else:
		R("R13.1 R14.6", text + "; standard input", ["-c"], b"10\n", b"", 0, **how)
	R("R14.4 R14.6", text + "; two files and -", ["-c", "a", "-", "b"],
		b"" if no_out else b" 4 a\n 0 -\n10 b\n14 total\n" if no_in
		else b"      4 a\n     10 -\n     10 b\n     24 total\n",
		broken if no_out else "" if no_err or not no_in else "wc: -: %s\n" % BAD * 2,
		1 if no_out or no_in else 0, **how)

# Translations of strerror.
GERMAN = "/usr/share/locale/de/LC_MESSAGES/libc.mo"
R("R14.9 R16.3", "LC_MESSAGES chooses the language of strerror", ["none"],
	err=Match("wc: none: (?:Datei oder Verzeichnis nicht gefunden)\n") if os.path.exists(GERMAN)
	else "wc: none: No such file or directory\n", status=1,
	env={"LC_ALL": "de_DE.UTF-8"}, locale="de_DE.UTF-8")
R("R14.9", "LC_CTYPE alone does not", ["none"], err="wc: none: No such file or directory\n", status=1,
	locale="de_DE.UTF-8")
