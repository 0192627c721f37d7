# SPDX-License-Identifier: BSD-2-Clause
"""What --profile says of a text, worked out in Python, slowly.

	page(b"...", "name", oracle)    # the page, as it is printed; oracle: see oracle.py
	facts(b"...", oracle)           # what --json has under "profile"

It shares nothing with the program. Percentiles are exact here; `rounded` makes of them what the
program says, whose histogram is exact below 64 and keeps the first six bits above.
"""

import collections
import math
import string

KINDS = ("letters", "space", "punctuation", "digits", "control", "non_ascii")


def kind_of(byte):
	char = chr(byte)
	if byte > 127:
		return "non_ascii"
	for name, members in (("letters", string.ascii_letters), ("space", string.whitespace),
			("digits", string.digits), ("punctuation", string.punctuation)):
		if char in members:
			return name
	return "control"


def lengths_of(data):
	"""(length, offset) of each line."""
	found, at = [], 0
	for part in data.split(b"\n"):
		end = at + len(part)
		ended = end < len(data)
		if ended or part:
			found.append((len(part) - (ended and part.endswith(b"\r")), at))
		at = end + 1
	return found


def class_of(length):
	"""The least and the greatest length of its class."""
	width = 1 << max(0, length.bit_length() - 6)
	return length - length % width, length - length % width + width - 1


def percentile(lengths, percent):
	exact = lengths[max(0, math.ceil(len(lengths) * percent / 100) - 1)]
	return min(class_of(exact)[1], lengths[-1])


def first_error(data, oracle):
	"""(number of errors, offset of the first or None)."""
	at, errors, first = 0, 0, None
	while at < len(data):
		char, size = oracle.decode(data, at)
		if char is None:
			errors += 1
			first = at if first is None else first
		at += size
	return errors, first


def facts(data, oracle):
	lines = lengths_of(data)
	lengths = sorted(length for length, _ in lines)
	counts = collections.Counter(data)
	crlf = data.count(b"\r\n")
	errors, first = first_error(data, oracle)
	kinds = dict.fromkeys(KINDS, 0)
	for byte, number in counts.items():
		kinds[kind_of(byte)] += number
	found = {"lines": len(lines), "unended_lines": int(data[-1:] not in (b"", b"\n")),
		"blank_lines": lengths.count(0),
		"line_endings": {"lf": counts[10] - crlf, "crlf": crlf, "cr": counts[13] - crlf},
		"nuls": counts[0], "errors": errors, "byte_kinds": kinds,
		"byte_counts": [counts[byte] for byte in range(256)],
		"entropy": sum(n / len(data) * math.log2(len(data) / n) for n in counts.values())}
	if first is not None:
		found["first_error"] = first
	if lines:
		found["line_length"] = {"min": lengths[0], "median": percentile(lengths, 50), "p90": percentile(lengths, 90),
			"p99": percentile(lengths, 99), "max": lengths[-1], "mean": sum(lengths) / len(lengths)}
		number = max(range(len(lines)), key=lambda i: (lines[i][0], -i))
		found["longest_line"] = {"number": number + 1, "offset": lines[number][1]}
		rows = collections.Counter(map(class_of, lengths))
		found["line_lengths"] = [[*row, rows[row]] for row in sorted(rows)]
	return found


def same(got, want):
	"""Are these facts the same, real numbers to a millionth?"""
	if isinstance(want, dict):
		return isinstance(got, dict) and got.keys() == want.keys() and all(same(got[key], want[key]) for key in want)
	if isinstance(want, float):
		return abs(got - want) <= 1e-6
	return got == want


def percent(part, whole, width=0):
	number = 100 * part / whole
	return ("<0.1%" if part and number < 0.05 else "%.1f%%" % number).rjust(width)


def histogram(lengths):
	"""Rows 0, 1, 2-3, 4-7 ..."""
	rows = [length.bit_length() for length in lengths]
	counts = collections.Counter(rows)
	highest = max(counts.values())

	def label(row):
		least, most = (1 << row) >> 1, (1 << row) - 1
		return str(least) if least >= most else "%d-%d" % (least, most)

	table = [(label(row), counts[row]) for row in range(min(rows), max(rows) + 1)]
	wide, digits = len(table[-1][0]), len(str(highest))
	return ["    %s  %s %s%s" % (name.rjust(wide), str(n).rjust(digits), percent(n, len(lengths), 6),
		"  " + "#" * -(-40 * n // highest) if n else "") for name, n in table]


def page(data, name, oracle, encoding="UTF-8"):
	counts = oracle(data)
	f = facts(data, oracle)

	def many(n, word):
		return "%d %s%s" % (n, word, "" if n == 1 else "s")

	out = [name, "counts         " + ", ".join((many(counts.lines, "newline"), many(counts.words, "word"),
		many(counts.chars, "character"), many(counts.bytes, "byte")))]
	ends = f["line_endings"]
	kinds = ["%s %d" % (label, ends[key]) for key, label in (("lf", "LF"), ("crlf", "CR LF"), ("cr", "CR alone")) if ends[key]]
	out.append("line endings   " + (", ".join(kinds) or "none") + (": mixed" if len(kinds) > 1 else ""))
	if f["lines"]:
		length, longest = f["line_length"], f["longest_line"]
		out += ["last line      " + ("has no newline at its end" if f["unended_lines"] else "ends in a newline"),
			"blank lines    %d" % f["blank_lines"],
			"line length    min %d, median %d, p90 %d, p99 %d, max %d, mean %.1f bytes" % tuple(length.values()),
			"longest line   number %d, from byte %d on" % (longest["number"], longest["offset"])]
	out[1:] = ["  " + line for line in out[1:]]
	if f["lines"]:
		out += histogram([n for n, _ in lengths_of(data)])
	if data:
		errors = "no errors" if not f["errors"] else many(f["errors"], "error") + ", the first at byte %d" % f["first_error"]
		out += ["  encoding       " + (encoding + ": " if encoding else "") + errors, "  NUL bytes      %d" % f["nuls"], "  bytes          " + ", ".join(
			"%s %s" % (kind.replace("_ascii", "-ASCII"), percent(n, len(data))) for kind, n in f["byte_kinds"].items() if n),
			"  entropy        %.2f bits a byte" % f["entropy"]]
	return "\n".join(out) + "\n"
