# SPDX-License-Identifier: BSD-2-Clause
"""Rule 12: --files0-from."""

from harness import CLOSED, MERGED, Dir, Fifo, File, Name, Row, write_file

ROWS = []


def R(*args, **more):
	ROWS.append(Row(*args, **more))


A = b"one\n"            # 1 1 4
B = b"two three\n"      # 1 2 10
FILES = {"a": A, "b": B}
# What pcount adds to the message of wc.
HINT = "wc: list: names must end with NUL bytes, not newlines; tr '\\n' '\\0' converts a list\n"
TRY = "Try 'wc --help' for more information.\n"
PADDED = b" 1  1  4 a\n 1  2 10 b\n 2  3 14 total\n"
NARROW = b"1 1 4 a\n1 2 10 b\n2 3 14 total\n"

R("R12.1 R12.2", "a list", ["--files0-from=list"], PADDED, files=dict(FILES, list=b"a\0b\0"))
R("R12.1", "no last NUL", ["--files0-from=list"], PADDED, files=dict(FILES, list=b"a\0b"))
R("R12.1", "one name", ["--files0-from=list"], b"1 1 4 a\n", files=dict(FILES, list=b"a\0"))
R("R12.1", "LF is an ordinary byte", ["-l", "--files0-from=list"], b"1 'a'$'\\n'\n",
	files={"a\n": A, "list": b"a\n\0"})
R("R12.1", "LF at the end is part of the name", ["-l", "--files0-from=list"],
	err="wc: 'a'$'\\n': No such file or directory\n" + HINT, status=1, files=dict(FILES, list=b"a\n"))
R("R12.1", "from a pipe, no last NUL", ["--files0-from=-"], NARROW, stdin=b"a\0b", files=FILES)
R("R12.1 R12.3", "- is standard input, a pipe", ["--files0-from=-"], NARROW, stdin=b"a\0b\0", files=FILES)
R("R12.1 R12.2", "- is standard input, a file", ["--files0-from=-"], PADDED, stdin=File(b"a\0b\0"),
	files=FILES)
R("R12.1", "a file called - is not read", ["--files0-from=-"], b"1 1 4 a\n", stdin=b"a\0",
	files=dict(FILES, **{"-": b"b\0"}))
R("R12.1", "./- is", ["--files0-from=./-"], b" 1  2 10 b\n", stdin=b"a\0",
	files=dict(FILES, **{"-": b"b\0"}))
R("R12.1", "names longer than any path", ["-l", "--files0-from=list"], b"1 a\n1 total\n",
	"wc: " + "x" * 5000 + ": File name too long\n", 1,
	files={"a": A, "list": b"x" * 5000 + b"\0a\0"})
R("R12.1", "names longer than any path, from a pipe", ["-l", "--files0-from=-"], b"1 a\n1 total\n",
	"wc: " + "x" * 200000 + ": File name too long\n", 1, stdin=b"x" * 200000 + b"\0a\0", files={"a": A})

R("R12.2", "one name and one count: 1 wide", ["-c", "--files0-from=list"], b"10 b\n",
	files=dict(FILES, list=b"b\0"))
R("R12.2 R9.5", "two names and one count", ["-l", "--files0-from=list"], b" 1 b\n 1 a\n 2 total\n",
	files=dict(FILES, list=b"b\0a\0"))
R("R12.2", "7 wide with a directory among the names", ["-l", "--files0-from=list"],
	b"      1 a\n      0 d\n      1 total\n", "wc: d: Is a directory\n", 1,
	files=dict(FILES, d=Dir(), list=b"a\0d\0"))
R("R12.2", "a missing one is ignored", ["--files0-from=list"], b"1 1 4 a\n1 1 4 total\n",
	"wc: none: No such file or directory\n", 1, files=dict(FILES, list=b"none\0a\0"))
R("R12.2", "the list's own size does not matter", ["--files0-from=list"], b"1 1 4 a\n",
	files=dict(FILES, list=b"a\0"))
# The biggest list that is read whole, 10 MiB, and one byte more: names of 4000 bytes that all mean "a".
LIMIT = 10 * 1024 * 1024


NAME = b"./" * 1990 + b"a"
COUNT = LIMIT // (len(NAME) + 1) + 1


def big_list(size):
	"""COUNT names, all of them "a" written at length, in `size` bytes with their NULs."""
	def prepare(where):
		data = (NAME + b"\0") * (COUNT - 2)
		left = size - len(data)
		first = left // 2
		for length in (first, left - first):
			data += b"." + b"/" * (length - 3) + b"a\0"
		assert len(data) == size
		write_file(where + "/list", data)
	return prepare


R("R12.2", "a list of 10 MiB is read whole", [], b"%5d %5d %5d total\n" % (COUNT, COUNT, 4 * COUNT),
	sh="wc --files0-from=list | tail -n 1", files=FILES, prepare=big_list(LIMIT))
R("R12.3", "a longer list is not", [], b"1 1 4 \n",
	sh="wc --files0-from=list | head -n 1 | cut -c 1-6", files=FILES, prepare=big_list(LIMIT + 1))

R("R12.3", "a pipe: 1 wide even for a directory", ["-l", "--files0-from=-"],
	b"1 a\n0 d\n1 total\n", "wc: d: Is a directory\n", 1, stdin=b"a\0d\0", files=dict(FILES, d=Dir()))
R("R12.3", "a FIFO by name", ["--files0-from=list"], NARROW, files=dict(FILES, list=Fifo(b"a\0b\0")))
R("R12.3 R12.7", "/dev/null", ["--files0-from=/dev/null"])
R("R12.3", "many names in a pipe", ["-l", "--total=only", "--files0-from=-"], b"5000\n", stdin=b"a\0" * 5000,
	files=FILES)
R("R12.3", "/dev/stdin, a pipe", ["--files0-from=/dev/stdin"], NARROW, stdin=b"a\0b\0", files=FILES)

for operand, shown in (("a", "'a'"), ("-", "'-'"), ("", "''"), ("x y", "'x y'")):
	R("R12.4", "extra operand %r" % operand, ["--files0-from=list", operand, "other"],
		err="wc: extra operand %s\nfile operands cannot be combined with --files0-from\n" % shown + TRY,
		status=1, files=dict(FILES, list=b"a\0"), stdin=File(b"xyz"), offset=0)
R("R12.4", "even if the list is not there", ["--files0-from=none", "a"],
	err="wc: extra operand 'a'\nfile operands cannot be combined with --files0-from\n" + TRY, status=1,
	files=FILES)
R("R12.4", "operand first", ["a", "--files0-from=none"],
	err="wc: extra operand 'a'\nfile operands cannot be combined with --files0-from\n" + TRY, status=1,
	files=FILES)
R("R12.4", "nothing is read from a list on standard input", ["--files0-from=-", "a"],
	err="wc: extra operand 'a'\nfile operands cannot be combined with --files0-from\n" + TRY, status=1,
	files=FILES, stdin=File(b"a\0"), offset=0)

R("R12.5", "not there", ["--files0-from=none"],
	err="wc: cannot open 'none' for reading: No such file or directory\n", status=1)
R("R12.5", "the empty name", ["--files0-from="],
	err="wc: cannot open '' for reading: No such file or directory\n", status=1)
R("R12.5", "no total either", ["--files0-from=none", "--total=always"],
	err="wc: cannot open 'none' for reading: No such file or directory\n", status=1)
R("R12.5", "not a directory", ["--files0-from=a/x"],
	err="wc: cannot open 'a/x' for reading: Not a directory\n", status=1, files=FILES)

R("R12.6", "a directory", ["--files0-from=."], err="wc: .: read error: Is a directory\n", status=1)
R("R12.6 R10.2", "a directory that needs quotes", ["--files0-from=x y"],
	err="wc: 'x y': read error: Is a directory\n", status=1, files={"x y": Dir()})
R("R12.6 R11.2", "a directory, with the total", ["--files0-from=.", "--total=always"], b"0 0 0 total\n",
	"wc: .: read error: Is a directory\n", 1)
R("R12.6", "a directory on standard input", ["--files0-from=-"],
	err="wc: -: read error: Is a directory\n", status=1, stdin=Name("."))
R("R12.6", "a closed standard input", ["--files0-from=-"],
	err="wc: -: read error: Bad file descriptor\n", status=1, stdin=CLOSED)
R("R12.6", "a regular file that cannot be read", ["--files0-from=/proc/self/mem"],
	err="wc: cannot read file names from '/proc/self/mem'\n", status=1, needs=["/proc"])

R("R12.7", "an empty regular file", ["--files0-from=list"], files={"list": b""})
R("R12.7", "an empty pipe", ["--files0-from=-"], stdin=b"")
R("R12.7", "standard input is not read", ["--files0-from=list"], files={"list": b""}, stdin=File(b"abc\n"),
	offset=0)
R("R12.7 R11.4", "total=only", ["--files0-from=list", "--total=only"], b"0 0 0\n", files={"list": b""})
R("R12.7 R11.2", "total=always", ["--files0-from=list", "--total=always"], b"0 0 0 total\n",
	files={"list": b""})
R("R12.7", "total=always and one count", ["-l", "--files0-from=list", "--total=always"], b"0 total\n",
	files={"list": b""})

R("R12.8", "an empty name in the middle", ["--files0-from=list"], PADDED,
	"wc: list:2: invalid zero-length file name\n", 1, files=dict(FILES, list=b"a\0\0b\0"))
R("R12.8", "several", ["--files0-from=list"], b"1 1 4 a\n1 1 4 total\n",
	"wc: list:1: invalid zero-length file name\nwc: list:3: invalid zero-length file name\n"
	"wc: list:4: invalid zero-length file name\n", 1, files=dict(FILES, list=b"\0a\0\0\0"))
R("R12.8", "only one", ["--files0-from=list"], b"", "wc: list:1: invalid zero-length file name\n", 1,
	files=dict(FILES, list=b"\0"))
R("R12.8 R11.1", "two make a total", ["--files0-from=list"], b"0 0 0 total\n",
	"wc: list:1: invalid zero-length file name\nwc: list:2: invalid zero-length file name\n", 1,
	files=dict(FILES, list=b"\0\0"))
R("R12.8", "from a pipe", ["--files0-from=-"], NARROW,
	"wc: -:2: invalid zero-length file name\n", 1, stdin=b"a\0\0b\0", files=FILES)
R("R12.8 R10.2", "the list's name is quoted if need be", ["--files0-from=li st"], b"1 1 4 a\n1 1 4 total\n",
	"wc: 'li st':1: invalid zero-length file name\n", 1, files=dict(FILES, **{"li st": b"\0a\0"}))
R("R12.8 R1.4", "in order with the lines", ["--files0-from=list"],
	b" 1  1  4 a\nwc: list:2: invalid zero-length file name\n 1  2 10 b\n 2  3 14 total\n", status=1,
	files=dict(FILES, list=b"a\0\0b\0"), stderr=MERGED)
R("R12.8", "the number of the record, not of the line", ["--files0-from=list"],
	b" 1  1  4 a\n 1  2 10 b\n 2  3 14 total\n", "wc: list:3: invalid zero-length file name\n", 1,
	files=dict(FILES, list=b"a\0b\0\0"))

R("R12.9", "- in a list reads standard input", ["-l", "--files0-from=list"], b"2 -\n", stdin=File(b"x\ny\n"),
	files={"list": b"-\0"}, offset=4)
R("R12.9", "- in a list beside others", ["-l", "--files0-from=list"], b"      2 -\n      1 a\n      3 total\n",
	stdin=b"x\ny\n", files=dict(FILES, list=b"-\0a\0"))
R("R12.9", "- in a list from standard input", ["--files0-from=-"], b"1 1 4 a\n1 1 4 total\n",
	"wc: when reading file names from standard input, no file name of '-' allowed\n", 1, stdin=b"a\0-\0",
	files=FILES)
R("R12.9", "- in a list from standard input, a file", ["--files0-from=-"], b"1 1 4 a\n1 1 4 total\n",
	"wc: when reading file names from standard input, no file name of '-' allowed\n", 1,
	stdin=File(b"-\0a\0"), files=FILES)
R("R12.9", "./- in a list from standard input is a file", ["--files0-from=-"], b"1 1 4 ./-\n",
	stdin=b"./-\0", files={"-": A})
R("R12.9", "/dev/stdin as list may name -", ["-l", "--files0-from=/dev/stdin"], b"0 -\n1 a\n1 total\n",
	stdin=b"-\0a\0", files=FILES)

R("R12.10", "the empty operand", [""], b"", "wc: invalid zero-length file name\n", 1)
R("R12.10", "the empty operand among others", ["a", "", "b"], PADDED,
	"wc: invalid zero-length file name\n", 1, files=FILES)

R("R12.11", "from the offset of standard input", ["--files0-from=-"], b" 1  2 10 b\n",
	stdin=File(b"a\0b\0", at=2), files=FILES)
R("R12.11", "from an offset within a name", ["--files0-from=-"], b" 1  2 10 b\n",
	stdin=File(b"aaab\0", at=3), files=FILES)
R("R12.11", "from the end", ["--files0-from=-"], b"", stdin=File(b"a\0b\0", at=4), files=FILES)

GONE = "wc: %s: No such file or directory\n"
R("R12.12", "/dev/stdin, of which the list came", ["--files0-from=-"], b"1 1 4 a\n1 1 4 total\n",
	GONE % "/dev/stdin", 1, stdin=File(b"a\0/dev/stdin\0"), files=FILES, needs=["/dev/stdin"])
R("R12.12", "/dev/stdin first, and the name under which the file is opened then", ["--files0-from=-"],
	b"1 1 4 a\n1 1 4 total\n", GONE % "/dev/stdin" + GONE % "/dev/fd/0", 1,
	stdin=File(b"/dev/stdin\0a\0/dev/fd/0\0"), files=FILES, needs=["/dev/stdin"])
R("R12.12", "/dev/stdin is still there if the list is another file", ["--files0-from=list"],
	b" 1  1  4 a\n 1  2 10 /dev/stdin\n 2  3 14 total\n", stdin=File(B), files=dict(FILES, list=b"a\0/dev/stdin\0"),
	needs=["/dev/stdin"])
R("R12.12", "/dev/fd/3, which the list was", [], b"1 1 4 a\n1 1 4 total\n", GONE % "/dev/fd/3", 1,
	sh="wc --files0-from=list 3<&-", files=dict(FILES, list=b"a\0/dev/fd/3\0"), needs=["/proc"])
R("R12.12 R9.4", "a refused - has no size", ["--files0-from=-"], b"2 2 6 f\n2 2 6 total\n",
	"wc: when reading file names from standard input, no file name of '-' allowed\n", 1,
	stdin=File(b"f\0-\0"), files={"f": b"ab c\n\n"})
R("R12.12 R9.4", "a refused - has no size, however long the list", ["-l", "--files0-from=-"],
	b"1 a\n1 total\n", "wc: when reading file names from standard input, no file name of '-' allowed\n" * 500, 1,
	stdin=File(b"a\0" + b"-\0" * 500), files=FILES)
R("R12.12", "/dev/stdin has no size either", ["--files0-from=-"], b"1 2 5 f\n1 2 5 total\n", GONE % "/dev/stdin", 1,
	stdin=File(b"f\0/dev/stdin\0"), files={"f": b"ab c\n"}, needs=["/dev/stdin"])
R("R12.12", "four descriptors are enough", [], PADDED, sh="ulimit -n 4; exec wc --files0-from=list",
	files=dict(FILES, list=b"a\0b\0"), matrix=False)
R("R12.12", "the list's offset is at its end", [], PADDED + b"0\n",
	sh="{ wc --files0-from=-; /bin/wc -c; } <list", files=dict(FILES, list=b"a\0b\0"))
