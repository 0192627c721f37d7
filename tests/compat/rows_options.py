# SPDX-License-Identifier: BSD-2-Clause
"""Rules 1 (what can be seen without timing), 2 and 16: the command line and the environment."""

import re

from harness import CLOSED, FULL, MERGED, Dir, File, Match, Row

ROWS = []


def R(*args, **more):
	ROWS.append(Row(*args, **more))


TRY = "Try 'wc --help' for more information.\n"
AB = {"a": b"a b\n", "b": b"one two three\nfour\n"}

# --- 1. Overall order

R("R1.1", "a bad option after operands stops all", ["a", "--nonsense"], err="wc: unrecognized option "
	"'--nonsense'\n" + TRY, status=1, files=AB)
R("R1.1", "the last --total governs the first file", ["a", "b", "--total=never"],
	b" 1  2  4 a\n 2  4 19 b\n", files=AB)
R("R1.2 R9.2", "the width comes from all files before the first is opened", ["a", "b"],
	b" 1  2  4 a\n 2  4 19 b\n 3  6 23 total\n", files=AB)
R("R1.4", "lines and messages in the order of work", ["a", "none", "b", "d", "a"],
	b"      1       2       4 a\nwc: none: No such file or directory\n      2       4      19 b\n"
	b"      0       0       0 d\nwc: d: Is a directory\n      1       2       4 a\n"
	b"      4       8      27 total\n", status=1, files=dict(AB, d=Dir()), stderr=MERGED)
R("R1.5 R14.1", "total last, then the status", ["a", "none"],
	b"1 2 4 a\n1 2 4 total\n", "wc: none: No such file or directory\n", 1, files=AB)
R("R1.5", "total after messages", ["a", "none"],
	b"1 2 4 a\nwc: none: No such file or directory\n1 2 4 total\n", status=1, files=AB,
	stderr=MERGED)

# --- 2. Command line

TEXT = b"ab cde\n\tf\n"     # 2 lines, 3 words, 10 bytes, widest line 9
FILES = {"f": TEXT}
for flag, long, count in (("l", "lines", 2), ("w", "words", 3), ("m", "chars", 10),
		("c", "bytes", 10), ("L", "max-line-length", 9)):
	R("R2.1", "-" + flag, ["-" + flag, "f"], "%d f\n" % count, files=FILES)
	R("R2.2", "--" + long, ["--" + long, "f"], "%d f\n" % count, files=FILES)
	for end in sorted({1, 2, len(long) - 1}):
		R("R2.2", "abbreviated --" + long[:end], ["--" + long[:end], "f"], "%d f\n" % count,
			files=FILES)
R("R2.1", "cluster -lwc", ["-lwc", "f"], b" 2  3 10 f\n", files=FILES)
R("R2.1", "cluster -cwl: same output", ["-cwl", "f"], b" 2  3 10 f\n", files=FILES)
R("R2.1", "cluster of all, repeated", ["-LmcwlLLll", "f"], b" 2  3 10 10  9 f\n", files=FILES)
R("R2.1", "separate and repeated", ["-w", "-l", "-w", "f"], b" 2  3 f\n", files=FILES)
for flag, other in (("-a", "a"), ("-L5", "5"), ("-n", "n"), ("-l3", "3"), ("-lx", "x"), ("-C", "C")):
	R("R2.1 R2.4", "no such option " + flag, [flag, "f"], err="wc: invalid option -- '%s'\n" % other
		+ TRY, status=1, files=FILES)

R("R2.2", "--t=n is --total=never", ["--t=n", "f", "f"], b" 2  3 10 f\n 2  3 10 f\n", files=FILES)
R("R2.2", "--to o is --total=only", ["--to", "o", "f", "f"], b"4 6 20\n", files=FILES)
R("R2.2 R12.2", "--f=list", ["--f=list"], b" 2  3 10 f\n", files=dict(FILES, list=b"f"))
R("R2.2 R2.10", "--d", ["--d", "-w", "f"], b"3 f\n", Match(rb"(wc: [^\n]*\n)*"), files=FILES)
R("R2.2 R2.8", "--h", ["--h"], Match(rb"Usage: wc .*"))
R("R2.2 R2.8", "--v", ["--v"], Match(rb"[^\n]*pcount[^\n]*[0-9].*"))

R("R2.3", "--total WHEN as two words", ["--total", "only", "f"], b"2 3 10\n", files=FILES)
R("R2.3", "--files0-from F as two words", ["--files0-from", "list"], b" 2  3 10 f\n",
	files=dict(FILES, list=b"f"))
R("R2.3", "argument missing: --total", ["f", "--total"],
	err="wc: option '--total' requires an argument\n" + TRY, status=1, files=FILES)
R("R2.3", "argument missing: abbreviated --tot", ["--tot"],
	err="wc: option '--total' requires an argument\n" + TRY, status=1)
R("R2.3", "argument missing: --files0-from", ["--files0-from"],
	err="wc: option '--files0-from' requires an argument\n" + TRY, status=1)
for long in ("bytes", "chars", "lines", "words", "max-line-length", "debug", "help", "version"):
	R("R2.3", "argument unwanted: --%s=x" % long, ["--%s=x" % long, "f"],
		err="wc: option '--%s' doesn't allow an argument\n" % long + TRY, status=1, files=FILES)
R("R2.3", "argument unwanted: abbreviated and empty", ["--l=", "f"],
	err="wc: option '--lines' doesn't allow an argument\n" + TRY, status=1, files=FILES)

R("R2.4", "unknown long option with argument", ["--foo=bar"],
	err="wc: unrecognized option '--foo=bar'\n" + TRY, status=1)
R("R2.4", "unknown long option", ["--foo"], err="wc: unrecognized option '--foo'\n" + TRY, status=1)
R("R2.4", "too long for an abbreviation", ["--linesx"],
	err="wc: unrecognized option '--linesx'\n" + TRY, status=1)
R("R2.4", "case matters", ["--Lines"], err="wc: unrecognized option '--Lines'\n" + TRY, status=1)
R("R2.4", "the empty name is ambiguous: GNU's options come first, in its order", ["--=x"],
	err=Match(rb"wc: option '--=x' is ambiguous; possibilities: '--bytes' '--chars' '--lines' "
		rb"'--words' '--debug' '--files0-from' '--max-line-length' '--total' '--help' '--version'"
		rb"( '--[a-z0-9-]+')*\nTry 'wc --help' for more information\.\n"), status=1)
R("R2.4", "no standard output at all", ["-l", "f", "-q", "f"],
	err="wc: invalid option -- 'q'\n" + TRY, status=1, files=FILES)

R("R2.5", "options after operands", ["f", "-l"], b"2 f\n", files=FILES)
R("R2.5 R16.2", "POSIXLY_CORRECT: not after operands", ["f", "-l"],
	b" 2  3 10 f\n 2  3 10 total\n", "wc: -l: No such file or directory\n", 1,
	files=FILES, env={"POSIXLY_CORRECT": "1"})
R("R2.5 R16.2", "POSIXLY_CORRECT empty: the same", ["f", "-l"],
	b" 2  3 10 f\n 2  3 10 total\n", "wc: -l: No such file or directory\n", 1,
	files=FILES, env={"POSIXLY_CORRECT": ""})
R("R2.5 R16.2", "POSIXLY_CORRECT: still before operands", ["-l", "f"], b"2 f\n", files=FILES,
	env={"POSIXLY_CORRECT": "1"})
R("R2.5", "-- ends options", ["--", "-l"], b" 2  3 10 -l\n", files={"-l": TEXT})
R("R2.5", "-- after an operand", ["f", "--", "-w"],
	b" 2  3 10 f\n 2  3 10 -w\n 4  6 20 total\n", files={"f": TEXT, "-w": TEXT})
R("R2.5 R13.1", "- is an operand", ["-", "-l"], b"1 -\n", stdin=b"x\n")

WORST = "wc: %s argument '%s' for '--total'\nValid arguments are:\n  - 'auto'\n  - 'always'\n" \
	"  - 'only'\n  - 'never'\n" + TRY
for word, how in (("foo", "invalid"), ("a", "ambiguous"), ("", "ambiguous"), ("Auto", "invalid"),
		("onlyx", "invalid"), ("x y", "invalid")):
	R("R2.6", "--total=%s is %s" % (word, how), ["--total=" + word, "f"], err=WORST % (how, word),
		status=1, files=FILES)
for word, out in (("auto", b" 2  3 10 f\n"), ("au", b" 2  3 10 f\n"),
		("always", b" 2  3 10 f\n 2  3 10 total\n"), ("al", b" 2  3 10 f\n 2  3 10 total\n"),
		("only", b"2 3 10\n"), ("o", b"2 3 10\n"), ("never", b" 2  3 10 f\n"), ("n", b" 2  3 10 f\n")):
	R("R2.6", "--total=" + word, ["--total=" + word, "f"], out, files=FILES)
R("R2.6", "in UTF-8 with curved quotes", ["--total=foo"],
	err=re.sub("'([a-z-]+)'", "\u2018\\1\u2019", WORST % ("invalid", "foo")).replace(
		"Try \u2018wc --help\u2019", "Try 'wc --help'"), status=1, locale="C.UTF-8")
R("R2.6", "in Latin 1 with straight quotes", ["--total=foo"], err=WORST % ("invalid", "foo"), status=1,
	locale="de_DE.ISO-8859-1")
R("R2.6", "in SJIS with straight quotes", ["--total=foo"], err=WORST % ("invalid", "foo"), status=1,
	locale="ja_JP.SJIS")
R("R2.6", "unprintable bytes are escaped", ["--total=a\n\x01\x7f'\\"],
	err=WORST % ("invalid", "a\\n\\001\\177\\'\\\\"), status=1)
R("R2.6", "bytes above 7F in C are escaped", ["--total=\u00e9"],
	err=WORST % ("invalid", "\\303\\251"), status=1)
R("R2.6", "checked when met: before --help", ["--total=x", "--help"], err=WORST % ("invalid", "x"),
	status=1)
R("R2.6 R2.8", "checked when met: after --help", ["--help", "--total=x"], Match(rb"Usage: wc .*"))

R("R2.7", "the last --total wins", ["--total=only", "--total=never", "--total=always", "f"],
	b" 2  3 10 f\n 2  3 10 total\n", files=FILES)
R("R2.7", "the last --files0-from wins", ["--files0-from=none", "--files0-from=list"],
	b" 2  3 10 f\n", files=dict(FILES, list=b"f"))

R("R2.8", "--help", ["--help"], Match(rb"Usage: wc .*--files0-from=F.*--total=WHEN.*\n"))
R("R2.8", "--help as met, before an error", ["--help", "--foo"], Match(rb"Usage: wc .*"))
R("R2.8", "an error before --help", ["--foo", "--help"],
	err="wc: unrecognized option '--foo'\n" + TRY, status=1)
R("R2.8", "--version before a missing file", ["none", "--version"], Match(rb"[^\n]*pcount.*"))
for option in ("--help", "--version"):
	R("R2.8", option + " into a full device", [option],
		err=Match(rb"wc: write error(: No space left on device)?\n"), status=1, stdout=FULL,
		needs=["/dev/full"])
	R("R2.8", option + " into a closed descriptor", [option],
		err=Match(rb"wc: write error(: Bad file descriptor)?\n"), status=1, stdout=CLOSED)
R("R2.8 R16.3", "--help has no escapes on a dumb terminal", ["--help"], Match(rb"[^\x1b]*"),
	env={"TERM": "dumb"})
R("R2.9", "--version names the program and its version first", ["--version"],
	Match(rb"[^\n]*\bpcount\b[^\n]* [0-9]+(\.[0-9]+)*[^\n]*\n.*"))

for options, out in ((["-l"], b"2 f\n"), (["-lc"], b" 2 10 f\n"), (["-lm"], b" 2 10 f\n"),
		(["-w"], b"3 f\n"), ([], b" 2  3 10 f\n"), (["-L"], b"9 f\n")):
	R("R2.10", "--debug with %s: standard output as ever" % (options or "default"),
		["--debug"] + options + ["f"], out, Match(rb"(wc: [^\n]+\n){0,3}"), files=FILES)
R("R2.10", "--debug -l says once which code counts", ["--debug", "-l", "f", "f", "f"],
	b" 2 f\n 2 f\n 2 f\n 6 total\n", Match(rb"(wc: [^\n]+\n){1,3}"), files=FILES)
R("R2.10 R16.3", "--debug obeys GLIBC_TUNABLES", ["--debug", "-l", "f"], b"2 f\n",
	Match(rb"(?!.*using avx)(?!.*kernel[^\n]*avx)(wc: [^\n]+\n)+"), files=FILES,
	env={"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX2", "PCOUNT_KERNEL": None})
R("R16.3 R2.10", "GLIBC_TUNABLES changes no count", ["-lwmcL", "f"], b" 2  3 10 10  9 f\n", files=FILES,
	env={"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX2", "PCOUNT_KERNEL": None})

# --- 16. Environment

UML = "\u00e4\u00f6\u3000\u00fc\n".encode()      # 5 characters, 10 bytes
UMLS = {"f": UML}
for label, env, out in (
		("LC_ALL", {"LC_ALL": "C.UTF-8", "LC_CTYPE": "C", "LANG": "C"}, 5),
		("LC_ALL over LC_CTYPE", {"LC_ALL": "C", "LC_CTYPE": "C.UTF-8"}, 10),
		("LC_CTYPE over LANG", {"LC_ALL": None, "LC_CTYPE": "C.UTF-8", "LANG": "C"}, 5),
		("LC_CTYPE over LANG, other way", {"LC_CTYPE": "C", "LANG": "C.UTF-8"}, 10),
		("LANG alone", {"LC_CTYPE": None, "LANG": "C.UTF-8"}, 5),
		("empty LC_ALL is no LC_ALL", {"LC_ALL": "", "LC_CTYPE": "C.UTF-8"}, 5),
		("empty LC_CTYPE is no LC_CTYPE", {"LC_ALL": "", "LC_CTYPE": "", "LANG": "C.UTF-8"}, 5),
		("nothing set is C", {"LC_CTYPE": None}, 10),
		("POSIX is C", {"LC_ALL": "POSIX"}, 10),
		("an unknown locale is C", {"LC_ALL": "xx_YY.UTF-8"}, 10),
		("an unknown LC_CTYPE is C", {"LC_CTYPE": "xx_YY.UTF-8"}, 10)):
	R("R16.1", label, ["-m", "f"], "%d f\n" % out, files=UMLS, env=env)
R("R16.1", "another category that is unknown does not matter to LC_CTYPE alone", ["-m", "f"], b"5 f\n",
	files=UMLS, env={"LC_CTYPE": "C.UTF-8", "LC_COLLATE": "C"})
R("R16.2 R7.3", "POSIXLY_CORRECT: no-break space is no space", ["-w"], b"1\n",
	stdin="a\u00a0b\n".encode(), locale="C.UTF-8", env={"POSIXLY_CORRECT": ""})
R("R16.2", "POSIXLY_CORRECT: the format stays", [], b"      1       2       4\n", stdin=b"a b\n",
	env={"POSIXLY_CORRECT": "1"})
R("R16.2 R9.2", "POSIXLY_CORRECT: the width stays", [], b"1 2 4\n", stdin=File(b"a b\n"),
	env={"POSIXLY_CORRECT": "1"})
R("R16.3", "TERM does not matter to counts", ["f"], b" 1  2 10 f\n", files=UMLS, locale="C.UTF-8",
	env={"TERM": "xterm"})
R("R16.4", "LC_NUMERIC groups nothing", ["-c", "f"], b"12345678 f\n",
	prepare=lambda where: open(where + "/f", "wb").truncate(12345678),
	env={"LC_ALL": "de_DE.UTF-8", "LC_CTYPE": None}, locale="de_DE.UTF-8")
