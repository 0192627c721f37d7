# SPDX-License-Identifier: BSD-2-Clause
"""The group of a million small files below a folder, by -r, and of a tenth of them: is memory flat, and
who else is as fast?"""
import os
import shutil
import tempfile

TENTH = 10
FLAT = 1.05  # peak memory of ten times as many files over that of a tenth


def make_tree(root, count):
	"""`count` files of a few dozen bytes, a thousand in each folder. Returns their bytes."""
	total = 0
	for i in range(count):
		folder = os.path.join(root, "%02d" % (i // 100000), "%04d" % (i // 1000))
		if i % 1000 == 0:
			os.makedirs(folder)
		data = b"file %d\nhas two lines\n" % i * (1 + i % 3)
		fd = os.open(os.path.join(folder, "f%07d.txt" % i), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
		os.write(fd, data)
		os.close(fd)
		total += len(data)
	return total


def contenders_of(b, contender, root, size, small):
	env = {"LC_ALL": b.utf8, "D": root}
	shell = lambda name, script: contender(name, ["sh", "-c", script], size, env, rounds=b.options.few)  # noqa: E731
	found = [
		contender("pcount", [b.pcount, "-r", "-l", root], size, env, check=True),
		contender("pcount -j1", [b.pcount, "-r", "-l", "-j1", root], size, env, check=True),
		contender("processes", [b.pcount, "-r", "-l", "--engine=processes", root], size, env, check=True),
		contender("pcount --no-cache", [b.pcount, "-r", "-l", "--no-cache", root], size, env, check=True),
		shell("by find | wc", 'find "$D" -type f -print0 | wc -l --files0-from=-'),
	]
	if shutil.which("rg"):
		found.append(shell("by rg -c", "rg -uuu -c '' \"$D\""))
	fd = shutil.which("fdfind") or shutil.which("fd")
	if fd and small:  # a process for each file: ten minutes for a million
		found.append(shell("by fd -x wc", 'exec %s -u -t f . "$D" -x wc -l' % fd))
		found[-1].rounds = 1
	return found


def measure(b, contender, root, count, small):
	size = make_tree(root, count)
	contenders = contenders_of(b, contender, root, size, small)
	b.watch.run(contenders[0].argv, env=contenders[0].env)
	b.measure("many %d" % count, contenders, b.options.few, {"bytes": size, "files": count})
	shutil.rmtree(root)
	return b.groups[-1]["contenders"]


def bench_many(b, contender):
	count = b.options.files
	if not b.wanted("many"):
		return
	b.hold.drop()
	place = b.options.files_dir
	root = tempfile.mkdtemp(prefix="pcount-bench-many-", dir=place)
	try:
		few = measure(b, contender, os.path.join(root, "few"), count // TENTH, True)
		many = measure(b, contender, os.path.join(root, "many"), count, False)
	finally:
		shutil.rmtree(root)
	for name in ("pcount", "pcount -j1", "processes"):
		ratio = many[name]["peak_kib"] / few[name]["peak_kib"]
		b.remarks.append(
			"%s -r: peak memory for %d files is %.3f times that for %d" % (name, count, ratio, count // TENTH)
		)
		if ratio > FLAT:
			b.problem("%s: memory grows with the number of files, %.2f times" % (name, ratio))
