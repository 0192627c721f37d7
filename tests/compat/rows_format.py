# SPDX-License-Identifier: BSD-2-Clause
"""Rules 3, 9, 10, 11: which columns, how wide, names and their quoting, totals."""

from harness import Dir, Fifo, File, Link, Match, Name, Row, SocketFile, Sparse

ROWS = []


def R(*args, **more):
	ROWS.append(Row(*args, **more))


TEXT = b"ab cde\n\tf\n"     # 2 lines, 3 words, 10 bytes, widest line 9
FILES = {"f": TEXT}
UNI = "\u00e4\u00f6 \u3000x\n".encode()  # 1 line, 2 words, 6 characters, 10 bytes, 6 columns

# --- 3. Which counts

R("R3.1", "no option: lines, words, bytes", ["f"], b" 2  3 10 f\n", files=FILES)
R("R3.1", "--total is no count option", ["--total=never", "f"], b" 2  3 10 f\n", files=FILES)
NAMES = "lwmcL"
VALUES = {"l": 1, "w": 2, "m": 6, "c": 10, "L": 6}
for mask in range(1, 32):
	flags = "".join(flag for bit, flag in enumerate(NAMES) if mask >> bit & 1)
	width = 1 if len(flags) == 1 else 2
	out = " ".join("%*d" % (width, VALUES[flag]) for flag in flags) + " f\n"
	R("R3.2" if "c" not in flags or "m" not in flags else "R3.2 R3.3", "-" + flags, ["-" + flags, "f"],
		out, files={"f": UNI}, locale="C.UTF-8")
	if len(flags) > 1:
		R("R3.2", "in reverse, -" + flags[::-1], ["-" + flag for flag in reversed(flags)] + ["f"], out,
			files={"f": UNI}, locale="C.UTF-8")
R("R3.3", "-c -m in C", ["-c", "-m", "f"], b"10 10 f\n", files=FILES)
R("R3.3", "-m -c on standard input", ["-m", "-c"], b"      6      10\n", stdin=UNI, locale="C.UTF-8")

# --- 9. Line format and width

R("R9.1", "right-justified, one space between", ["f", "g"],
	b"   2    3   10 f\n   0    1  990 g\n   2    4 1000 total\n",
	files={"f": TEXT, "g": b"x" * 990})
R("R9.1", "a count wider than its column", ["-L", "-w", "f"], b"1 24 f\n", files={"f": b"x\t\t\t"})
R("R9.1 R9.2", "one count: no padding at all", ["-c", "f"], b"100000 f\n", files={"f": b"x" * 100000})
R("R9.2", "a: --total=only is 1 wide", ["--total=only", "f", "g"], b"2 4 1000\n",
	files={"f": TEXT, "g": b"x" * 990})
R("R9.2", "a: --total=only with a directory", ["--total=only", "f", "d"], b"2 3 10\n",
	"wc: d: Is a directory\n", 1, files={"f": TEXT, "d": Dir()})
R("R9.2", "b: one pipe, one count", ["-l"], b"2\n", stdin=TEXT)
R("R9.2", "b: one operand, one count", ["-w", "f"], b"3 f\n", files=FILES)
R("R9.2", "b: one directory, one count", ["-l", "d"], b"0 d\n", "wc: d: Is a directory\n", 1,
	files={"d": Dir()})
R("R9.2", "b: one operand, one count, a total of the same", ["-l", "--total=always", "f"],
	b"2 f\n2 total\n", files={"f": TEXT})
R("R9.2", "d: digits of the sum, 9 + 1", ["a", "b"], b" 0  1  9 a\n 0  1  1 b\n 0  2 10 total\n",
	files={"a": b"x" * 9, "b": b"y"})
R("R9.2", "d: digits of the sum, 8 + 1", ["a", "b"], b"0 1 8 a\n0 1 1 b\n0 2 9 total\n",
	files={"a": b"x" * 8, "b": b"y"})
R("R9.2", "d: at least 1", ["a"], b"0 0 0 a\n", files={"a": b""})
R("R9.2", "d: two counts of one operand", ["-lw", "a"], b"   0    1 a\n", files={"a": b"x" * 1000})
R("R9.2", "d: 7 with a directory", ["a", "d"], b"      0       1       1 a\n"
	b"      0       0       0 d\n      0       1       1 total\n", "wc: d: Is a directory\n", 1,
	files={"a": b"x", "d": Dir()})
R("R9.2", "d: 7 with a FIFO", ["a", "p"], b"      0       1       1 a\n"
	b"      1       1       2 p\n      1       2       3 total\n",
	files={"a": b"x", "p": Fifo(b"y\n")})
R("R9.2", "d: 7 with a device", ["a", "/dev/null"], b"      0       1       1 a\n"
	b"      0       0       0 /dev/null\n      0       1       1 total\n", files={"a": b"x"})
R("R9.2", "d: 7 with a socket", ["a", "s"], b"      0       1       1 a\n"
	b"      0       1       1 total\n", "wc: s: No such device or address\n", 1,
	files={"a": b"x", "s": SocketFile()})
R("R9.2", "d: more than 7 with a directory and a big file", ["-c", "d", "big"],
	b"        0 d\n100000000 big\n100000000 total\n", "wc: d: Is a directory\n", 1,
	files={"d": Dir(), "big": Sparse(100000000)})
R("R9.2", "d: 7 only if it exists", ["a", "none"], b"0 1 1 a\n0 1 1 total\n",
	"wc: none: No such file or directory\n", 1, files={"a": b"x"})
R("R9.2", "d: duplicates count each time", ["a", "a", "a"],
	b" 0  1  4 a\n 0  1  4 a\n 0  1  4 a\n 0  3 12 total\n", files={"a": b"xxxx"})
R("R9.3", "size counts even if bytes are not printed", ["-lw", "a", "b"],
	b"   0    1 a\n   1    1 b\n   1    2 total\n", files={"a": b"x" * 998, "b": b"y\n"})
R("R9.3", "and for -L", ["-L", "a", "b"], b" 9 a\n 1 b\n 9 total\n",
	files={"a": b"x" * 9, "b": b"y\n"})
R("R9.3 R4.2", "a /proc file has size 0", ["/proc/version"], Match(rb"1 \d+ \d+ /proc/version\n"),
	needs=["/proc"])
R("R9.3", "the offset of standard input is ignored", [], b"    0     1     5\n",
	stdin=File(b"x" * 10000, at=9995), offset=10000)
R("R9.3", "all of the size for an offset beyond the end", [], b" 0  0  0\n",
	stdin=File(b"x" * 10, at=50))
R("R9.4", "standard input, regular", [], b" 2  3 10\n", stdin=File(TEXT))
R("R9.4", "standard input, a pipe", [], b"      2       3      10\n", stdin=TEXT)
R("R9.4", "standard input as -, regular, with a file", ["-", "f"],
	b" 2  3 10 -\n 2  3 10 f\n 4  6 20 total\n", stdin=File(TEXT), files=FILES)
R("R9.4", "standard input as -, a pipe, with a file", ["-", "f"],
	b"      2       3      10 -\n      2       3      10 f\n      4       6      20 total\n",
	stdin=TEXT, files=FILES)
R("R9.4", "standard input counts twice if named twice", ["-c", "-", "-"],
	b" 6 -\n 0 -\n 6 total\n", stdin=File(b"abcdef"), offset=6)
R("R9.5", "one count, two operands", ["-l", "a", "b"], b"  1 a\n  0 b\n  1 total\n",
	files={"a": b"\n", "b": b"x" * 99})
R("R9.5", "symbolic links are followed", ["-l", "l", "l"], b"  0 l\n  0 l\n  0 total\n",
	files={"b": b"x" * 99, "l": Link("b")})
R("R9.5", "a link to nothing is not there", ["-l", "l", "a"], b"1 a\n1 total\n",
	"wc: l: No such file or directory\n", 1, files={"a": b"\n", "l": Link("none")})
R("R9.7", "standard input without operands has no name and no blank", ["-l"], b"1\n", stdin=b"\n")
R("R9.7", "- is printed", ["-l", "-"], b"1 -\n", stdin=b"\n")

# --- 10. Names

for name in ("tab\there", "esc\x1b[31m", "bl ank", "it's", "dollar$", "back\\slash", "#x", "~x",
		"quote\"s", "star*", "cr\rx", "\u00e9", "{", "a:b"):
	R("R10.1", "raw on standard output: %r" % name, ["-l", name], "1 " + name + "\n",
		files={name: b"\n"})
R("R10.1", "raw on standard output: invalid UTF-8", ["-l", b"a\xff\xfe"], b"1 a\xff\xfe\n",
	files={b"a\xff\xfe": b"\n"}, locale="C.UTF-8")
R("R10.1", "raw on standard output: a leading dash", ["-l", "--", "-x"], b"1 -x\n", files={"-x": b"\n"})
R("R10.1", "QUOTING_STYLE does not matter", ["-l", "a b"], b"1 a b\n", files={"a b": b"\n"},
	env={"QUOTING_STYLE": "c"})
for name, shown, locale in (
		(b"n\nl", b"'n'$'\\n''l'", "C"),
		(b"\nl", b"''$'\\n''l'", "C"),
		(b"l\n", b"'l'$'\\n'", "C"),
		(b"\n", b"''$'\\n'", "C"),
		(b"\n\n", b"''$'\\n\\n'", "C"),
		(b"a\n\tb", b"'a'$'\\n\\t''b'", "C"),
		(b"it's\n", b"'it'\\''s'$'\\n'", "C"),
		(b"a:b\nc", b"'a:b'$'\\n''c'", "C"),
		("\u00e9\n".encode(), b"''$'\\303\\251\\n'", "C"),
		("\u00e9\n".encode(), "'\u00e9'$'\\n'".encode(), "C.UTF-8"),
		(b"\xff\n", b"''$'\\377\\n'", "C.UTF-8"),
		(b"\x83\x5c\n", b"'\x83\x5c'$'\\n'", "ja_JP.SJIS")):
	R("R10.1 R10.3", "quoted on standard output for its LF: %r in %s" % (name, locale), ["-l", name],
		b"1 " + shown + b"\n", files={name: b"\n"}, locale=locale)

# name, how it is quoted in `wc: NAME: No such file`, locale
QUOTED = [
	# Nothing special: bare.
	(b"plain", b"plain", "C"), (b"a%b", b"a%b", "C"), (b"a+b", b"a+b", "C"), (b"a,b", b"a,b", "C"),
	(b"a-b", b"a-b", "C"), (b"./x.y", b"./x.y", "C"), (b"a@b", b"a@b", "C"), (b"a]b", b"a]b", "C"),
	(b"]", b"]", "C"), (b"a_b", b"a_b", "C"), (b"a#b", b"a#b", "C"), (b"a~b", b"a~b", "C"),
	(b"a#", b"a#", "C"), (b"a{b", b"a{b", "C"), (b"a}", b"a}", "C"), (b"{}", b"{}", "C"),
	(b"{a", b"{a", "C"), (b"AZ09", b"AZ09", "C"),
	# Special only where they stand.
	(b"#a", b"'#a'", "C"), (b"~a", b"'~a'", "C"), (b"#", b"'#'", "C"), (b"~", b"'~'", "C"),
	(b"{", b"'{'", "C"), (b"}", b"'}'", "C"),
	# A colon is special in this form of message.
	(b"a:b", b"'a:b'", "C"), (b":", b"':'", "C"),
	# Unprintable.
	(b"a\x01b", b"'a'$'\\001''b'", "C"), (b"a\x7f", b"'a'$'\\177'", "C"),
	(b"\x01", b"''$'\\001'", "C"), (b"a\x1b[m", b"'a'$'\\033''[m'", "C"),
	(b"\a\b\t\n\v\f\r", b"''$'\\a\\b\\t\\n\\v\\f\\r'", "C"), (b"a\tb\tc", b"'a'$'\\t''b'$'\\t''c'", "C"),
	(b"a\x01" b"1", b"'a'$'\\001''1'", "C"),
	(b"\x80", b"''$'\\200'", "C"), (b"a\xffb", b"'a'$'\\377''b'", "C"),
	("\u00e9".encode(), b"''$'\\303\\251'", "C"), ("caf\u00e9s".encode(), b"'caf'$'\\303\\251''s'", "C"),
	# Apostrophes.
	(b"it's", b'"it\'s"', "C"), (b"'", b'"\'"', "C"), (b"it's:x", b'"it\'s:x"', "C"),
	(b"it's a", b'"it\'s a"', "C"), (b"it's%+,-./@]_", b'"it\'s%+,-./@]_"', "C"),
	(b"#it's", b'"#it\'s"', "C"), (b"~'", b'"~\'"', "C"),
	(b"it's\tx", b"'it'\\''s'$'\\t''x'", "C"), (b"it's$", b"'it'\\''s$'", "C"),
	(b"it's*", b"'it'\\''s*'", "C"), (b"it's\"", b"'it'\\''s\"'", "C"), (b"'\\", b"''\\''\\'", "C"),
	(b"a'b'c!", b"'a'\\''b'\\''c!'", "C"),
	# UTF-8: printable characters are as letters.
	("\u00e9".encode(), "\u00e9".encode(), "C.UTF-8"),
	("\u65e5\u672c".encode(), "\u65e5\u672c".encode(), "C.UTF-8"),
	("it's \u00e9".encode(), '"it\'s \u00e9"'.encode(), "C.UTF-8"),
	("\u00e9 ".encode(), "'\u00e9 '".encode(), "C.UTF-8"),
	(b"a\xe3\x81", b"'a'$'\\343\\201'", "C.UTF-8"),
	(b"\xe3\x81z", b"''$'\\343\\201''z'", "C.UTF-8"),
	(b"a\xffb", b"'a'$'\\377''b'", "C.UTF-8"),
	("a\u0085".encode(), b"'a'$'\\302\\205'", "C.UTF-8"),
	("\u2028b".encode(), b"''$'\\342\\200\\250''b'", "C.UTF-8"),
	("it's\u0085".encode(), b"'it'\\''s'$'\\302\\205'", "C.UTF-8"),
	# Other charsets.
	(b"\xe9", b"\xe9", "de_DE.ISO-8859-1"), (b"\x85", b"''$'\\205'", "de_DE.ISO-8859-1"),
	(b"\xc1", b"\xc1", "ru_RU.KOI8-R"),
	(b"\x82\xa0", b"\x82\xa0", "ja_JP.SJIS"),
	(b"\x83\x5c", b"'\x83\x5c'", "ja_JP.SJIS"),          # trail byte backslash
	(b"\x83\x5b", b"'\x83\x5b'", "ja_JP.SJIS"),          # trail byte [
	(b"\x83\x5e", b"'\x83\x5e'", "ja_JP.SJIS"),          # trail byte ^
	(b"\x83\x60", b"'\x83\x60'", "ja_JP.SJIS"),          # trail byte `
	(b"\x83\x7c", b"'\x83\x7c'", "ja_JP.SJIS"),          # trail byte |
	(b"\x83\x7b", b"\x83\x7b", "ja_JP.SJIS"),            # trail byte {
	(b"\xb1", b"\xb1", "ja_JP.SJIS"),                    # half-width kana
	(b"\xa5\x5c", b"'\xa5\x5c'", "zh_TW.BIG5"),
	(b"\xa4\xa4", b"\xa4\xa4", "zh_TW.BIG5"),
	(b"\xa4\xa2", b"\xa4\xa2", "ja_JP.EUC-JP"),
]
QUOTED += [(b"a" + bytes([c]) + b"b", b"'a" + bytes([c]) + b"b'", "C")
	for c in b" !\"$&()*;<=>?[\\^`|"]
for name, shown, locale in QUOTED:
	rules = "R10.2 R10.3"
	if shown == b"'a'$'\\343\\201'" or b"\\302\\205" in shown or b"\\342" in shown:
		rules += " R10.4"
	R(rules, "message for %r in %s" % (name, locale), ["--", name],
		err=b"wc: " + shown + b": No such file or directory\n", status=1, locale=locale)

for name, shown in ((b"plain", b"'plain'"), (b"a b", b"'a b'"), (b"it's", b'"it\'s"'), (b"", b"''"),
		(b"a:b", b"'a:b'"), (b"-", b"'-'"), (b"\n", b"''$'\\n'"), (b"{", b"'{'"),
		(b"it's\t", b"'it'\\''s'$'\\t'")):
	R("R10.2 R12.4", "always quoted as extra operand: %r" % name, ["--files0-from=f", "--", name],
		err=b"wc: extra operand " + shown + b"\nfile operands cannot be combined with --files0-from\n"
		b"Try 'wc --help' for more information.\n", status=1, files=FILES)
	R("R10.2 R12.5", "always quoted in cannot open: %r" % name, [b"--files0-from=" + (b"none/" + name)],
		err=b"wc: cannot open " + {b"it's": b'"none/it\'s"', b"\n": b"'none/'$'\\n'",
			b"it's\t": b"'none/it'\\''s'$'\\t'"}.get(name, b"'none/" + name + b"'")
		+ b" for reading: No such file or directory\n", status=1)
R("R10.5", "standard input is called so", [], b"      0       0       0\n",
	"wc: 'standard input': Is a directory\n", 1, stdin=Name("."))
R("R10.5", "standard input as - is called -", ["-"], b"      0       0       0 -\n",
	"wc: -: Is a directory\n", 1, stdin=Name("."))
for name in ("/usr/bin/wc", "a b", "x:y", "\u00e9", "pcount", "", "./it's", "lt-wc", ".libs/lt-wc"):
	R("R10.6", "argv[0] is %r" % name, ["none"], err=name + ": none: No such file or directory\n",
		status=1, argv0=name)
	R("R10.6 R2.4", "argv[0] is %r in a usage error" % name, ["--foo"],
		err=name + ": unrecognized option '--foo'\nTry '" + name + " --help' for more information.\n",
		status=1, argv0=name)

# --- 11. Totals

R("R11.1", "one name: none", ["f"], b" 2  3 10 f\n", files=FILES)
R("R11.1", "two names", ["f", "f"], b" 2  3 10 f\n 2  3 10 f\n 4  6 20 total\n", files=FILES)
R("R11.1", "two missing names", ["none", "none"], b"0 0 0 total\n",
	"wc: none: No such file or directory\n" * 2, 1)
R("R11.1", "an empty name counts", ["", "f"], b" 2  3 10 f\n 2  3 10 total\n",
	"wc: invalid zero-length file name\n", 1, files=FILES)
R("R11.1 R9.2", "two empty names", ["", ""], b"0 0 0 total\n",
	"wc: invalid zero-length file name\n" * 2, 1)
R("R11.2", "always, on standard input", ["--total=always"],
	b"      0       0       0\n      0       0       0 total\n")
R("R11.2", "always, one file", ["--total=always", "f"], b" 2  3 10 f\n 2  3 10 total\n", files=FILES)
R("R11.2", "always, one missing file", ["--total=always", "none"], b"0 0 0 total\n",
	"wc: none: No such file or directory\n", 1)
R("R11.2 R12.7", "always, no file", ["--total=always", "--files0-from=/dev/null"], b"0 0 0 total\n")
R("R11.3", "never", ["--total=never", "f", "f"], b" 2  3 10 f\n 2  3 10 f\n", files=FILES)
R("R11.4", "only", ["--total=only", "f", "f"], b"4 6 20\n", files=FILES)
R("R11.4", "only, standard input", ["--total=only"], b"2 3 10\n", stdin=TEXT)
R("R11.4", "only, with messages", ["--total=only", "f", "none", "f"], b"4 6 20\n",
	"wc: none: No such file or directory\n", 1, files=FILES)
R("R11.4", "only, nothing found", ["--total=only", "none"], b"0 0 0\n",
	"wc: none: No such file or directory\n", 1)
R("R11.4", "only, no names", ["--total=only", "--files0-from=/dev/null"], b"0 0 0\n")
R("R11.4", "only, one count", ["--total=only", "-l", "f"], b"2\n", files=FILES)
R("R11.4 R8.7", "only, -L", ["--total=only", "-L", "f", "g"], b"9\n", files=dict(FILES, g=b"abc\n"))
R("R11.5", "the label is total in any locale here", ["-l", "f", "f"], b" 2 f\n 2 f\n 4 total\n",
	files=FILES, locale="de_DE.UTF-8", env={"LC_ALL": "de_DE.UTF-8"})

# Sums beyond 64 bits: three files of 2^63 - 1 bytes each, which tmpfs can pretend to have.
HUGE = (1 << 63) - 1


def R_huge(rules, label, options, out, err=b"", status=0):
	script = 'f=$(mktemp /dev/shm/pcount-XXXXXX) && trap \'rm -f "$f"\' EXIT && ' \
		'truncate -s %d "$f" || exit 99; wc %s "$f" "$f" "$f" | sed "s,$f,F,"; exit ${PIPESTATUS[0]}' \
		% (HUGE, options)
	R(rules, label, out=out, err=err, status=status, sh=script, needs=["/dev/shm"])


R_huge("R9.6 R11.3", "the width saturates at 20; no total, no overflow", "-c --total=never",
	b" 9223372036854775807 F\n" * 3)
R_huge("R11.6", "the total of bytes overflows", "-c", b" 9223372036854775807 F\n" * 3 +
	b"18446744073709551615 total\n", "wc: total bytes: Value too large for defined data type\n", 1)
R_huge("R11.6 R11.4", "the only total overflows", "-c --total=only", b"18446744073709551615\n",
	"wc: total bytes: Value too large for defined data type\n", 1)
R_huge("R11.6", "characters overflow, too, in a single-byte locale", "-m",
	b" 9223372036854775807 F\n" * 3 + b"18446744073709551615 total\n",
	"wc: total characters: Value too large for defined data type\n"
	"wc: total bytes: Value too large for defined data type\n", 1)
R_huge("R11.6", "both in their order", "-cm",
	b" 9223372036854775807  9223372036854775807 F\n" * 3 +
	b"18446744073709551615 18446744073709551615 total\n",
	"wc: total characters: Value too large for defined data type\n"
	"wc: total bytes: Value too large for defined data type\n", 1)
