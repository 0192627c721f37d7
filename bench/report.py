# SPDX-License-Identifier: BSD-2-Clause
"""The results of bench/run as a table of bars, as Markdown and as plots."""
import shutil
import subprocess

from benchlib import BASE, CSV_READERS, REAL, SCRIPTS, show_size

LIMIT = "limit mmap"
TASKS = [
	"-l UTF-8",
	"default UTF-8",
	"-lwm UTF-8",
	"-m UTF-8",
	"-w UTF-8",
	"-L UTF-8",
	"-lwmcL UTF-8",
	"default C",
]

# CPU time of reading a text, by -l, over that of counting it, with one worker: at least this.
COSTS = {"-l": 1.00, "default": 0.80, "-m": 0.85, "-lwm": 0.72, "-L": 0.65, "-lwmcL": 0.45}

# What is asked of pcount: name, group, measure, bar. The measures are below.
BARS = [
	("-l", "ascii -l UTF-8", "limit", 0.90),
	("-l", "mixed -l UTF-8", "limit", 0.90),
	("-l", "random -l UTF-8", "limit", 0.90),
	("default, C locale", "ascii default C", "limit", 0.85),
	("default, C locale", "mixed default C", "limit", 0.85),
	("default, C locale", "random default C", "limit", 0.85),
	("default, UTF-8", "ascii default UTF-8", "limit", 0.85),
	("default, UTF-8", "mixed default UTF-8", "limit", 0.60),
	("-lwm, UTF-8", "ascii -lwm UTF-8", "limit", 0.85),
	("-lwm, UTF-8", "mixed -lwm UTF-8", "limit", 0.60),
	("-m, UTF-8", "ascii -m UTF-8", "limit", 0.90),
	("-m, UTF-8", "mixed -m UTF-8", "limit", 0.75),
	("-w, UTF-8", "ascii -w UTF-8", "limit", 0.85),
	("-w, UTF-8", "mixed -w UTF-8", "limit", 0.70),
	("-L, UTF-8", "ascii -L UTF-8", "limit", 0.50),
	("-L, UTF-8", "mixed -L UTF-8", "limit", 0.40),
	("-lwmcL, UTF-8", "ascii -lwmcL UTF-8", "limit", 0.40),
	("-lwmcL, UTF-8", "mixed -lwmcL UTF-8", "limit", 0.25),
	("default, UTF-8", "random default UTF-8", "limit", 0.15),
	("default, UTF-8, GB/s", "random default UTF-8", "gb_per_s", 5.0),
	("cat F \\| pcount -lwmcL over cat F \\| wc -l", "pipe ascii", "wc -l", 1.00),
	("cat F \\| pcount -lwmcL over the pipe probe", "pipe ascii", "limit pipe", 0.95),
	("cat F \\| pcount -lwmcL over cat F \\| wc -l", "pipe mixed", "wc -l", 1.00),
	("cat F \\| pcount -lwmcL over the pipe probe", "pipe mixed", "limit pipe", 0.95),
	("splice F \\| pcount -l over the read probe", "spliced ascii", "limit read", 0.90),
	("splice F \\| pcount -l over the read probe", "spliced mixed", "limit read", 0.90),
	("splice F \\| pcount -lwmcL over one worker", "spliced ascii", "speed:pcount -lwmcL:by pcount -j1 -lwmcL", 1.50),
	("splice F \\| pcount -lwmcL over one worker", "spliced mixed", "speed:pcount -lwmcL:by pcount -j1 -lwmcL", 1.50),
	("splice F \\| pcount -c over splice to /dev/null", "spliced ascii", "speed:pcount -c:limit splice", 0.90),
	("--tee -l, CPU time over that of pv -l", "tee ascii", "cpu:by pv -l", 0.20),
	("--tee -l, CPU time over that of tee >(wc -l)", "tee ascii", "cpu:by tee >(wc -l)", 0.33),
	("--tee -lwmcL over cat", "tee cat ascii", "by cat | cat | cat", 0.90),
	("--tee -lwmcL over cat", "tee cat mixed", "by cat | cat | cat", 0.90),
	("--profile, time over that of -lwmL", "profile ascii", "time:by pcount -lwmL", 3.00),
	("--profile, time over that of -lwmL", "profile mixed", "time:by pcount -lwmL", 3.00),
	("--records=csv", "records csv", "limit", 0.80),
	("--records=csv", "records csv-quoted", "limit", 0.80),
	("--records=lines, time over that of -l", "records csv", "time:lines:by pcount -l", 1.10),
	("--records=nul, time over that of -l", "records csv", "time:nul:by pcount -l", 1.10),
	("--borders=16, time over that of -l", "records csv", "time:borders:by pcount -l", 1.05),
	("--borders=16 --records=csv, time over that of --records=csv", "records csv", "time:borders of records:by pcount --records=csv", 1.05),
	("--borders=16 --records=csv, time over that of --records=csv", "records csv-quoted", "time:borders of records:by pcount --records=csv", 1.05),
	("-lwm --records=csv, time over that of -lwm", "records csv", "time:-lwm and csv:by pcount -lwm", 1.30),
	("-lwm --records=csv, time over that of -lwm", "records csv-quoted", "time:-lwm and csv:by pcount -lwm", 1.30),
	("50,000 files -l, time over the probe's", "files -l", "time:limit files", 1.40),
	("50,000 files -l -j1, time over wc's", "files -l", "time:pcount -j1:wc", 1.00),
	("50,000 files, time over the probe's", "files default", "time:limit files", 1.40),
	("50,000 files -j1, time over wc's", "files default", "time:pcount -j1:wc", 1.00),
	("empty file, time over wc's", "empty UTF-8", "time:wc", 1.10),
	("empty file, time over wc's", "empty C", "time:wc", 1.10),
	("cold file, -lwm, over the best reader", "cold", "best", 0.95),
	("cold file, -lwm --no-cache, over the best reader", "cold", "best:--no-cache", 0.95),
	("cold file, -lwm --no-cache, time over that without", "cold", "time:--no-cache:by pcount -lwm", 1.05),
	("many small files, -r -l, over find \\| wc", "many 1000000", "by find | wc", 1.00),
	("many small files, -r -l, over rg -c", "many 1000000", "by rg -c", 1.00),
	("many small files, -r -l, over fd -x wc", "many 100000", "by fd -x wc", 1.00),
	("one zstd frame, CPU time over that of zstd -dc", "compressed zstd single", "cpu:by zstd -dc >/dev/null", 0.90),
	("one zstd frame, time over zstd -dc \\| wc -l", "compressed zstd single", "time:by zstd -dc | wc -l", 0.70),
	("many zstd frames, over one worker", "compressed zstd frames", "by pcount -j1", 1.85),
	("many zstd frames, over pzstd -dc \\| wc -l", "compressed zstd frames", "by pzstd -dc | wc -l", 1.50),
	("gzip, over pigz -dc \\| wc -l", "compressed gzip", "by pigz -dc | wc -l", 2.00),
	("gzip, over igzip -dc \\| wc -l", "compressed gzip", "by igzip -dc | wc -l", 1.00),
	("gzip, over rapidgzip -dc \\| wc -l", "compressed gzip", "by rapidgzip -dc | wc -l", 1.00),
	("BGZF, over one worker", "compressed bgzf", "by pcount -j1", 1.80),
	("xz in blocks, over xz -T2 -dc", "compressed xz", "by xz -T2 -dc >/dev/null", 1.00),
	("bzip2, over one worker", "compressed bzip2", "by pcount -j1", 1.80),
	("bzip2, over lbzip2 -dc \\| wc -l", "compressed bzip2", "by lbzip2 -dc | wc -l", 1.00),
	("lz4, over lz4 -dc", "compressed lz4", "by lz4 -dc >/dev/null", 1.00),
	("50,000 files with --text, time over that without", "files --text", "time:by pcount without --text", 1.30),
	("processes over threads, -l", "ascii -l UTF-8", "engines", 0.95),
	("processes over threads, -lwm", "mixed -lwm UTF-8", "engines", 0.95),
	("processes over threads, -L", "mixed -L UTF-8", "engines", 0.95),
	("processes over threads, -lwmcL", "ascii -lwmcL UTF-8", "engines", 0.95),
] + [
	("%s of %s: CPU time of -l over its own" % (which, kind), "cost " + kind, "cost:" + which, bar)
	for kind in REAL + ["mixed"]
	for which, bar in COSTS.items()
	if which != "-l"
]


# What the limits are, where bars are measured against something else: name, group, which, over which.
FLOORS = [
	("two decoders of libzstd at once, speed over one", "compressed zstd frames", "limit decode twice", "limit decode", False),
	("libzstd alone, time over zstd -dc \\| wc -l", "compressed zstd single", "limit decode", "by zstd -dc | wc -l", True),
	("50,000 files: sizes asked before, time over the probe's", "files -l", "limit files, sizes asked", "limit files", True),
]


def by_key(results):
	return {g["key"]: g for g in results["groups"]}


def ratio(group, name, reference):
	"""Speed of `name` over `reference`, and its deviation; None if either was not run."""
	pair = group["ratios"].get(name, {}).get(reference)
	return (pair["median"], pair["mad"]) if pair else None


def measure(group, how):
	"""One figure of BARS from its group: (value, deviation, True if small is good), or None."""
	if how == "gb_per_s":
		c = group["contenders"]["pcount"]
		return c["gb_per_s"], c["gb_per_s_mad"], False
	if how == "engines":
		pair = ratio(group, "processes", "threads")
	elif how == "limit":
		pair = ratio(group, "pcount", LIMIT)
	elif how.startswith("best"):
		mine = how[len("best:") :] or "pcount"
		readers = [n for n in group["contenders"] if n.startswith("limit")]
		pair = ratio(
			group, mine, max(readers, key=lambda n: group["contenders"][n]["gb_per_s"])
		)
	elif how.startswith("cpu:"):
		mine, theirs = (group["contenders"].get(n) for n in ("pcount", how[len("cpu:") :]))
		return (mine["cpu_s"] / theirs["cpu_s"], 0.0, True) if theirs else None
	elif how.startswith("cost:"):
		base, mine = (group["contenders"]["pcount " + w] for w in ("-l", how[len("cost:") :]))
		return base["cpu_s"] / mine["cpu_s"], 0.0, False
	elif how.startswith("speed:"):
		pair = ratio(group, *how.split(":")[1:])
	elif how.startswith("time:"):
		words = how.split(":")
		pair = ratio(group, "pcount" if len(words) == 2 else words[1], words[-1])
		return (1 / pair[0], pair[1] / pair[0] ** 2, True) if pair else None
	else:
		pair = ratio(group, "pcount", how)
	return (pair[0], pair[1], False) if pair else None


def bars(results):
	groups, rows = by_key(results), []
	for task, key, how, bar in BARS:
		got = measure(groups[key], how) if key in groups else None
		if got:
			value, mad, small = got
			name = "pcount " + how[len("cost:") :] if how.startswith("cost:") else "pcount"
			rows.append(
				{
					"task": task,
					"group": key,
					"measured": value,
					"mad": mad,
					"bar": bar,
					"at": "most" if small else "least",
					"met": value <= bar if small else value >= bar,
					"gb_per_s": groups[key]["contenders"][name]["gb_per_s"],
				}
			)
	return rows


def floors(results):
	"""Rows of the table of FLOORS, of those that were run."""
	groups, rows = by_key(results), []
	for title, key, which, over, is_time in FLOORS:
		pair = ratio(groups[key], which, over) if key in groups else None
		if pair:
			value, mad = (1 / pair[0], pair[1] / pair[0] ** 2) if is_time else pair
			rows.append([title, figure(value, 3), figure(mad, 3)])
	return rows


def base_table(results):
	"""Each contender against the same one of another version; nothing where none was named."""
	rows = []
	for g in results["groups"]:
		for name, c in g["contenders"].items():
			old = g["contenders"].get(BASE + name)
			if old:
				speed, mad = ratio(g, name, BASE + name)
				cpu = c["cpu_s"] / old["cpu_s"] if old["cpu_s"] else None
				rows.append([g["key"], name, figure(speed, 3), figure(mad, 3), figure(cpu, 3)])
	if not rows:
		return ""
	head = ["task", "contender", "speed over the base's", "±", "CPU time over the base's"]
	return "\n## Against %s\n\n" % results["machine"]["base"] + table(head, rows)


def floor_table(results):
	rows = floors(results)
	if not rows:
		return ""
	head = ["what nobody gets below or above here", "measured", "±"]
	return "\nFor comparison, without pcount:\n\n" + table(head, rows)


def table(head, rows):
	lines = [
		"| " + " | ".join(head) + " |",
		"|" + "|".join("---" if i == 0 else "---:" for i in range(len(head))) + "|",
	]
	return "\n".join(lines + ["| " + " | ".join(r) + " |" for r in rows]) + "\n"


def figure(value, digits=2):
	return "-" if value is None else "%.*f" % (digits, value)


def bar_table(results):
	return table(
		["task", "text", "measured", "±", "bar", ""],
		[
			[
				r["task"],
				r["group"].split()[0],
				figure(r["measured"], 3),
				figure(r["mad"], 3),
				"%s %.2f" % ("≤" if r["at"] == "most" else "≥", r["bar"]),
				"ok" if r["met"] else "**short**",
			]
			for r in results["bars"]
		],
	)


def rate(group, name):
	c = group["contenders"].get(name)
	return figure(c["gb_per_s"], 1 if c["gb_per_s"] >= 1 else 2) if c else "-"


def cost(group, name):
	"""CPU seconds for a gigabyte."""
	c = group["contenders"].get(name)
	return c["cpu_s"] / c["bytes"] * 1e9 if c and c["bytes"] else None


def times(group, name, reference):
	pair = ratio(group, name, reference)
	return figure(pair[0], 2 if pair[0] < 10 else 0) if pair else "-"


def deep_groups(results):
	return [g for g in results["groups"] if "text" in g and "serial" in g["contenders"]]


def speed_table(results):
	names = ["limit mmap", "limit pread", "pcount", "serial", "threads", "processes", "wc"]
	rows = []
	for g in deep_groups(results):
		cpu, theirs = cost(g, "pcount"), cost(g, "wc")
		rows.append(
			[g["key"]]
			+ [rate(g, n) for n in names]
			+ [
				times(g, "pcount", LIMIT),
				times(g, "pcount", "wc"),
				figure(theirs / cpu, 1 if theirs / cpu < 10 else 0) if cpu and theirs else "-",
				figure(g["contenders"]["pcount"]["peak_kib"] / 1024, 0),
			]
		)
	return table(["task"] + names + ["of limit", "x wc", "wc CPU / pcount CPU", "peak MiB"], rows)


def kernel_table(results):
	names = ["kernel " + k for k in results["machine"]["kernels"]]
	return table(
		["task"] + [n.split()[1] for n in names],
		[[g["key"]] + [rate(g, n) for n in names] for g in deep_groups(results)],
	)


def text_table(results):
	rows = []
	for g in results["groups"]:
		if "text" in g and "counts" in g and "serial" not in g["contenders"]:
			rows.append(
				[
					g["key"],
					rate(g, LIMIT),
					rate(g, "pcount"),
					rate(g, "wc"),
					times(g, "pcount", LIMIT),
					times(g, "pcount", "wc"),
				]
			)
	return table(["task", "limit", "pcount", "wc", "of limit", "x wc"], rows)


def others_table(results):
	names = ["wc", "newest wc", "busybox wc", "uutils wc", "ripgrep -c ''"]
	groups = [g for g in deep_groups(results) if any(n in g["contenders"] for n in names[1:])]
	names = [n for n in names if any(n in g["contenders"] for g in groups)]
	return table(
		["task", "pcount"] + names,
		[[g["key"], rate(g, "pcount")] + [rate(g, n) for n in names] for g in groups],
	)


def odd_tables(results):
	"""Costs, pipes, many files, nothing, cold files: each contender of each group."""
	parts = []
	for g in results["groups"]:
		if g["key"].split()[0] not in ("cost", "pipe", "spliced", "tee", "files", "empty", "cold", "many"):
			continue
		rows = []
		for name, c in g["contenders"].items():
			rows.append(
				[
					name,
					"%.2f ± %.2f" % (c["wall_s"] * 1e3, c["wall_mad_s"] * 1e3),
					"%.2f" % (c["cpu_s"] * 1e3),
					figure(c["gb_per_s"]) if g["bytes"] else "-",
					figure(c["peak_kib"] / 1024, 1),
				]
			)
		parts.append(
			"### %s\n\n%s"
			% (g["key"], table([name_of(g), "wall ms", "CPU ms", "GB/s", "peak MiB"], rows))
		)
	return "\n".join(parts)


def name_of(group):
	return "%d rounds" % max(c["rounds"] for c in group["contenders"].values())


def markdown(results, stem, plotted=True):
	m = results["machine"]
	machine = table(
		["", ""],
		[
			[k, str(m[k])]
			for k in (
				"cpu",
				"cores",
				"memory_gib",
				"kernel",
				"compiler",
				"libc",
				"wc",
				*CSV_READERS,
				"pcount",
				"commit",
				"base",
				"date",
			)
			if k in m
		],
	)

	def plot(title, name):
		return "![%s](%s-%s.svg)\n" % (title, stem, name) if plotted else ""

	problems = (
		"".join("- %s\n" % p for p in results["problems"]) or "None: every count was equal.\n"
	)
	remarks = "".join("- %s\n" % p for p in results["remarks"]) or "None.\n"
	return """<!-- Written by bench/run; do not edit. -->
# pcount on %s

%s
Large texts (ascii, mixed, random) are %s, all others %s; %d rounds, %d seconds in all. Figures are
medians of rounds, ± their median absolute deviation. Ratios are taken between runs of the same
round. wc and other slow programs count a text of %s; their GB/s compare.
How to read this: [README](../README.md).

## Asked and reached

%s
%s
## GB/s from the page cache

%s
%s
## GB/s by kernel

Forced by PCOUNT_KERNEL, default engine; scalar on the shorter text.

%s
## GB/s by text

%s
%s
## Other programs, GB/s

%s
%s
## What counting costs beside reading, pipes, many files, empty and cold files

%s
## Problems

%s
## Remarks

%s""" % (
		m["cpu"],
		machine,
		show_size(m["large"]),
		show_size(m["small"]),
		m["rounds"],
		m["took_s"],
		show_size(m["slow"]),
		bar_table(results) + floor_table(results) + base_table(results),
		plot("speed over the limit", "ratio"),
		speed_table(results),
		plot("throughput", "speed"),
		kernel_table(results),
		text_table(results),
		plot("scripts", "scripts"),
		others_table(results),
		"".join("- %s\n" % rival for rival in m.get("rivals", [])),
		odd_tables(results),
		problems,
		remarks,
	)


GNUPLOT = """
set style data histograms
set style histogram clustered gap 1
set style fill solid 0.9 noborder
set boxwidth 0.9 relative
set grid ytics lc rgb "#dddddd"
set border 3 lc rgb "#888888"
set tics nomirror out
set key outside top center horizontal
set xtics rotate by 40 right
set bmargin 8
set lmargin 9
set datafile missing "-"
"""
COLOURS = {"wc": "#b8b8b8", "pcount": "#1b6ca8", "limit": "#e8a33d", "second": "#7fb069"}


def speed_plot(results):
	groups, rows = by_key(results), []
	for kind in ("ascii", "mixed"):
		for task in TASKS:
			g = groups.get("%s %s" % (kind, task))
			if g and "wc" in g["contenders"]:
				rows.append(
					'"%s" %s'
					% (
						g["key"],
						" ".join(
							figure(g["contenders"][n]["gb_per_s"], 3)
							for n in ("wc", "pcount", LIMIT)
						),
					)
				)
	if not rows:
		return None
	return """$data << EOD
%s
EOD
set title "GB/s from the page cache, %d cores"
set ylabel "GB/s (log)"
set logscale y
set yrange [0.02:100]
plot $data using 2:xtic(1) title "wc" lc rgb "%s", '' using 3 title "pcount" lc rgb "%s", \\
     '' using 4 title "limit (mapped and summed)" lc rgb "%s"
""" % (
		"\n".join(rows),
		results["machine"]["cores"],
		COLOURS["wc"],
		COLOURS["pcount"],
		COLOURS["limit"],
	)


def ratio_plot(results):
	rows = [
		'"%s" %.3f %.3f' % (r["group"], r["measured"], r["bar"])
		for r in results["bars"]
		if r["at"] == "least"
		and r["task"].find("GB/s") < 0
		and r["group"].split()[0] not in ("pipe", "spliced", "tee", "cold", "many")
		and "over" not in r["task"]
	]
	if not rows:
		return None
	return """$data << EOD
%s
EOD
set title "pcount's speed over the limit of the machine, and the bar"
set ylabel "pcount / limit"
set yrange [0:1.2]
plot $data using 2:xtic(1) title "measured" lc rgb "%s", \\
     '' using 0:3:(0.4) with xerrorbars notitle lc rgb "#c0392b" lw 2 pt 0, \\
     NaN with lines title "bar" lc rgb "#c0392b" lw 2
""" % (
		"\n".join(rows),
		COLOURS["pcount"],
	)


def scripts_plot(results):
	groups, rows = by_key(results), []
	for script in SCRIPTS:
		pair = [groups.get("%s %s UTF-8" % (script, w)) for w in ("-lwm", "-L")]
		if all(pair):
			values = [g["contenders"][n]["gb_per_s"] for g in pair for n in ("pcount", "wc")] + [
				pair[0]["contenders"][LIMIT]["gb_per_s"]
			]
			rows.append('"%s" %s' % (script, " ".join(figure(v, 3) for v in values)))
	if not rows:
		return None
	return """$data << EOD
%s
EOD
set title "One script at a time: GB/s from the page cache, %d cores"
set ylabel "GB/s (log)"
set logscale y
set yrange [0.02:100]
plot $data using 3:xtic(1) title "wc -lwm" lc rgb "#d0d0d0", \\
     '' using 5 title "wc -L" lc rgb "#a0a0a0", \\
     '' using 2 title "pcount -lwm" lc rgb "%s", \\
     '' using 4 title "pcount -L" lc rgb "%s", \\
     '' using 6 title "limit" lc rgb "%s"
""" % (
		"\n".join(rows),
		results["machine"]["cores"],
		COLOURS["pcount"],
		COLOURS["second"],
		COLOURS["limit"],
	)


def plots(results, stem):
	"""Writes STEM-speed, -ratio and -scripts, each as SVG and PNG, if gnuplot is here."""
	if not shutil.which("gnuplot"):
		print("no gnuplot: no plots")
		return
	for name, make in (("speed", speed_plot), ("ratio", ratio_plot), ("scripts", scripts_plot)):
		script = make(results)
		if not script:
			continue
		for kind, terminal in (
			("svg", 'svg size 1200,560 dynamic background rgb "white" font "sans,13"'),
			("png", 'pngcairo size 1200,560 font "sans,11"'),
		):
			text = "set terminal %s\nset output '%s-%s.%s'\n%s%s" % (
				terminal,
				stem,
				name,
				kind,
				GNUPLOT,
				script,
			)
			subprocess.run(["gnuplot"], input=text, text=True, check=True)
