# SPDX-License-Identifier: BSD-2-Clause
"""Rules 16.1, 16.5 to 16.7: which locale the environment names, and which is in force."""

import os

from harness import Match, Row

ROWS = []


def R(*args, **more):
	ROWS.append(Row(*args, **more))


OTHERS = ["LC_NUMERIC", "LC_TIME", "LC_COLLATE", "LC_MONETARY", "LC_MESSAGES", "LC_PAPER", "LC_NAME", "LC_ADDRESS",
	"LC_TELEPHONE", "LC_MEASUREMENT", "LC_IDENTIFICATION"]
NOWHERE = "xx_YY.UTF-8"
UTF8 = {"LC_CTYPE": "C.UTF-8"}
TEXT = "\u00e4\u3000x\n".encode()    # C.UTF-8: 2 words, 4 characters, 4 columns; C: 1, 7 and 1
FILES = {"f": TEXT}


def counted(rules, label, utf8, env, **more):
	R(rules, label, ["-wmL", "f"], "2 4 4 f\n" if utf8 else "1 7 1 f\n", files=FILES, env=env, locale="C.UTF-8",
		matrix=False, **more)


for name in OTHERS:
	counted("R16.5", "%s is not installed: all is C" % name, False, {name: NOWHERE})
for label, utf8, env in (
		("LANG is not installed, and LC_CTYPE is not all", False, {"LANG": NOWHERE}),
		("LANG is not installed, and all but one category is named", False,
			dict.fromkeys(OTHERS[1:], "C.UTF-8") | {"LANG": NOWHERE}),
		("LANG is not installed, and no category is left to it", True,
			dict.fromkeys(OTHERS, "C.UTF-8") | {"LANG": NOWHERE}),
		("LC_ALL is above it all", True, {"LC_ALL": "C.UTF-8", "LANG": NOWHERE, "LC_TIME": NOWHERE}),
		("LC_ALL is empty", False, {"LC_ALL": "", "LC_TIME": NOWHERE}),
		("a category is empty", True, {"LC_TIME": "", "LC_NUMERIC": ""}),
		("a category is empty, and LANG is not installed", False, {"LC_TIME": "", "LANG": NOWHERE}),
		("a category is C", True, {"LC_TIME": "C", "LANG": "C.UTF-8"}),
		("a category is POSIX", True, {"LC_TIME": "POSIX", "LANG": "C.UTF-8"}),
		("no category of ours", True, {"LC_NONSENSE": NOWHERE, "LC_": NOWHERE, "LANGUAGE": "xx"}),
		("a name that is none", False, {"LC_TIME": "../C.UTF-8"}),
		("a name that is too long", False, {"LC_TIME": "x" * 300}),
		("as ssh sends it", False, {"LC_CTYPE": None, "LANG": "C.UTF-8", "LC_TIME": NOWHERE,
			"LC_PAPER": NOWHERE, "LC_MEASUREMENT": NOWHERE})):
	counted("R16.5 R16.1", label, utf8, env)
R("R16.5", "other locales that are installed do no harm", ["-wmL", "f"], "2 4 4 f\n", files=FILES,
	env=UTF8 | {"LC_TIME": "de_DE.UTF-8", "LC_NUMERIC": "de_DE.UTF-8"}, locale="de_DE.UTF-8", matrix=False)
R("R16.5 X20.1", "with any engine", ["-wmL", "f"], "1 7 1 f\n", files=FILES, env=UTF8 | {"LC_TIME": NOWHERE})
R("R16.5", "the quotes are those of C, too", ["--total=x", "f"], b"",
	Match(rb"wc: invalid argument 'x' for '--total'\n.*"), 1, files=FILES, locale="C.UTF-8",
	env={"LC_TIME": NOWHERE}, matrix=False)
R("R16.5 R10.4", "names are quoted as in C", ["\u00e4 b"], b"",
	"wc: ''$'\\303\\244'' b': No such file or directory\n", 1, locale="C.UTF-8", env={"LC_TIME": NOWHERE},
	matrix=False)

# Texts: those of the C library are translated, by LC_MESSAGES; pcount has no others to offer.
HAS_GERMAN = os.path.exists("/usr/share/locale/de/LC_MESSAGES/libc.mo")
REASON = "Datei oder Verzeichnis nicht gefunden" if HAS_GERMAN else "No such file or directory"
GERMAN = {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": None}
R("R11.5 R16.6", "the label is English in any locale", ["-c", "f", "f"], b" 7 f\n 7 f\n14 total\n",
	files={"f": b"123456\n"}, locale="de_DE.UTF-8", env=GERMAN)
R("R16.6 R14.9", "reasons are the C library's", ["none"], b"", "wc: none: %s\n" % REASON, 1, locale="de_DE.UTF-8",
	env=GERMAN, matrix=False)
R("R16.6 R14.9", "messages of their own language beside another charset", ["none"], b"",
	"wc: none: %s\n" % REASON, 1, locale="de_DE.UTF-8",
	env={"LC_CTYPE": "C.UTF-8", "LC_MESSAGES": "de_DE.UTF-8", "LANGUAGE": None}, matrix=False)
for name, value in (("LC_TIME", NOWHERE), ("LC_CTYPE", NOWHERE), ("LANG", NOWHERE)):
	R("R16.6 R16.5", "English if %s is not installed" % name, ["none"], b"", "wc: none: No such file or directory\n",
		1, locale="de_DE.UTF-8", env={"LC_CTYPE": "de_DE.UTF-8", "LC_MESSAGES": "de_DE.UTF-8", name: value,
		"LANGUAGE": "de"}, matrix=False)
R("R16.6 R16.5", "English if LC_TIME is not installed and characters are those of C", ["none"], b"",
	"wc: none: No such file or directory\n", 1, locale="de_DE.UTF-8",
	env={"LC_CTYPE": "C", "LC_MESSAGES": "de_DE.UTF-8", "LC_TIME": NOWHERE}, matrix=False)
R("R16.6", "LANGUAGE alone makes no language", ["none"], b"", "wc: none: No such file or directory\n", 1,
	locale="C.UTF-8", env={"LC_MESSAGES": "C", "LANGUAGE": "de"}, matrix=False)

# The charset of C by its own name, in a locale that is not C.
NBSP = b"a\xa0b\n"
for name, words in (("C", 2), ("POSIX", 2), ("en_US.ANSI_X3.4-1968", 1)):
	R("R7.7 R16.7", "byte A0 in the locale %s" % name, ["-w"], "%d\n" % words, stdin=NBSP,
		locale="en_US.ANSI_X3.4-1968", env={"LC_CTYPE": name})
