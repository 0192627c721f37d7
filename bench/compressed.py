# SPDX-License-Identifier: BSD-2-Clause
"""Groups for compressed files, against the tools of their formats, and for --text."""
import os
import shutil
import subprocess

from benchlib import MIB, say

SIZE_MAX = 128 * MIB  # of the text: xz needs seconds for it

# Group: how it is made from a text, and what it is measured against; {} is the file.
FORMATS = {
	"zstd single": ("zstd -q -3 -c {}", ["zstd -dc {} >/dev/null", "zstd -dc {} | wc -l"]),
	"zstd frames": ("pzstd -q -3 -p 4 -c {}", ["pzstd -q -dc {} | wc -l"]),
	"gzip": ("pigz -6 -c {}", ["pigz -dc {} | wc -l", "igzip -dc {} | wc -l", "rapidgzip -q -dc {} | wc -l"]),
	"bgzf": ("bgzip -c {}", ["pigz -dc {} | wc -l"]),
	"xz": ("xz -1 -T2 --block-size=8MiB -c {}", ["xz -T2 -dc {} >/dev/null"]),
	"bzip2": ("bzip2 -9 -c {}", ["lbzip2 -dc {} | wc -l", "pbzip2 -dc {} | wc -l"]),
	"lz4": ("lz4 -q -1 -c {}", ["lz4 -q -dc {} >/dev/null"]),
}
ONE_WORKER = ("zstd frames", "bgzf", "xz", "bzip2")  # is it worth while to have two?


def bare(command):
	"""As tables call it."""
	return "by " + command.replace(" {}", "").replace(" -q", "")


def packed(b, name, how, text):
	"""The compressed file, made once; None: its tool is missing."""
	path = "%s.%s" % (text, name.replace(" ", "-"))
	if shutil.which(how.split()[0]) is None:
		say("no %s: %s is left out" % (how.split()[0], name))
		return None
	if not os.path.exists(path) or os.path.getmtime(path) < os.path.getmtime(text):
		with open(path + ".part", "wb") as out:
			subprocess.run([word.replace("{}", text) for word in how.split()], stdout=out, check=True)
		os.rename(path + ".part", path)
	return path


def decoding(b, make, path, size):
	"""What libzstd does at most: decoding and nothing else, once, and twice at the same time."""
	probe = b.helpers.path("decode")
	if subprocess.run([probe, path], capture_output=True, check=False).returncode != 0:
		return []
	limits = [make("limit decode", [probe, path], size)]
	if b.cpus > 1:
		limits.append(make("limit decode twice", [probe, path, "2"], 2 * size))
	return limits


def bench_format(b, make, name, how, rivals):
	key = "compressed " + name
	if not b.wanted(key):
		return
	size = min(b.size("mixed"), SIZE_MAX)
	text = b.corpus.text("mixed", size)
	path = packed(b, name, how, text)
	if path is None:
		return
	env = {"LC_ALL": b.utf8}
	mine = lambda title, *more: make(  # noqa: E731
		title, [b.pcount, "-z", *more, path], size, env, check=True
	)
	contenders = [mine("pcount")]
	if name in ONE_WORKER:
		contenders.append(mine("by pcount -j1", "-j1"))
	for rival in rivals:
		if shutil.which(rival.split()[0]):
			contenders.append(make(bare(rival), ["sh", "-c", rival.replace("{}", path)], size, env))
	if name.startswith("zstd"):
		contenders += decoding(b, make, path, size)
	b.hold.keep(path)
	# The counts are those of the text itself.
	plain = b.watch.run([b.pcount, text], env=env).out.split()[:3]
	if b.watch.run(contenders[0].argv, env=env).out.split()[:3] != plain:
		b.problem(key + ": other counts than those of the text")
	b.measure(key, contenders, min(b.options.runs, 5), {"bytes": size, "packed": os.path.getsize(path)})


def bench_text_only(b, make, total_bytes):
	key = "files --text"
	if not b.wanted(key) and not b.wanted("compressed"):
		return
	names = b.corpus.tree()
	env, words = {"LC_ALL": b.utf8}, ["--files0-from=" + names]
	size = total_bytes(names)
	b.hold.drop()
	contenders = [
		make("pcount", [b.pcount, "--text"] + words, size, env, check=True),
		make("by pcount without --text", [b.pcount] + words, size, env, check=True),
	]
	for c in contenders:
		b.watch.run(c.argv, env=c.env)
	b.measure(key, contenders, b.options.runs, {"bytes": size})


def bench_compressed(b, make, total_bytes):
	for name, (how, rivals) in FORMATS.items():
		bench_format(b, make, name, how, rivals)
	bench_text_only(b, make, total_bytes)
