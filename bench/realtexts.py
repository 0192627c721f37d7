# SPDX-License-Identifier: BSD-2-Clause
"""Texts that nobody here has made up: from Debian packages, fetched by name, never stored here.

The packages are kept beside the texts. Where apt-get or dpkg-deb is missing, or no archive can be
reached, there are no such texts: real_text() is None.
"""
import gzip
import os
import re
import shutil
import subprocess

LANGUAGES = ["cs", "de", "el", "es", "fr", "it", "ja", "nl", "pl", "pt-br", "ro", "ru", "uk", "zh"]
DICTIONARY = "usr/share/dictd/gcide.dict.dz"

# What each text is made of.
PACKAGES = {
	"man-pages": ["manpages-" + language for language in LANGUAGES],
	"typographic": ["dict-gcide"],
	"man-zh": ["manpages-zh"],
	"man-ja": ["manpages-ja"],
}
REAL = list(PACKAGES)


def unpack(package, folder):
	"""The package's files under `folder`, fetched if they are not there; None: cannot be had."""
	tree = os.path.join(folder, package)
	if os.path.isdir(tree):
		return tree
	if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
		return None
	scratch = tree + ".part"
	shutil.rmtree(scratch, ignore_errors=True)
	os.makedirs(scratch)
	done = subprocess.run(["apt-get", "download", package], cwd=scratch, capture_output=True)
	found = [name for name in os.listdir(scratch) if name.endswith(".deb")]
	if done.returncode != 0 or len(found) != 1:
		shutil.rmtree(scratch)
		return None
	archive = os.path.join(scratch, found[0])
	subprocess.run(["dpkg-deb", "-x", archive, os.path.join(scratch, "tree")], check=True)
	os.rename(os.path.join(scratch, "tree"), tree)
	shutil.rmtree(scratch)
	return tree


def man_pages(trees):
	"""The pages of all packages by name, so that with several languages each page changes it."""
	pages = []
	for tree in trees:
		for folder, _, names in os.walk(os.path.join(tree, "usr/share/man")):
			paths = [os.path.join(folder, name) for name in names if name.endswith(".gz")]
			pages += [(os.path.basename(p), p) for p in paths if not os.path.islink(p)]
	for _, path in sorted(pages):
		with gzip.open(path) as f:
			yield f.read()


def typographic(tree):
	"""The dictionary with the quotes and dashes that a typesetter would take."""
	with gzip.open(os.path.join(tree, DICTIONARY)) as f:
		text = f.read().decode("utf-8", "replace")
	text = re.sub('"([^"]*)"', "\u201c\\1\u201d", text)
	return text.replace("'", "\u2019").replace("--", "\u2014").encode()


def real_text(kind, folder):
	"""All that there is of `kind`; None: it cannot be had here."""
	os.makedirs(folder, exist_ok=True)
	trees = [unpack(package, folder) for package in PACKAGES[kind]]
	if None in trees:
		return None
	return typographic(trees[0]) if kind == "typographic" else b"".join(man_pages(trees))
