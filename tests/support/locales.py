# SPDX-License-Identifier: BSD-2-Clause
"""Locales for the tests: compiled with localedef into the build directory, once, and checked.

	import locales
	loc = locales.get()          # builds what is missing, some seconds the first time
	loc.path                     # value for LOCPATH
	loc.available                # e.g. ["C", "C.UTF-8", "de_DE.ISO-8859-1", ...]
	loc.missing                  # {"ja_JP.SJIS": "localedef: ..."}: why each of the others is not there
	env.update(loc.env("ja_JP.SJIS"))

With LOCPATH set glibc looks nowhere else, so the system's C.UTF-8 is linked into the folder, too.
The folder is $PCOUNT_LOCALES if set, else ./test-locales in the build directory.

Run as a program it builds them and says what it has.
"""

import fcntl
import os
import shutil
import subprocess
import sys

# name -> (source, charmap, name of the charset as nl_langinfo gives it)
WANTED = {
	"C.UTF-8": ("C", "UTF-8", "UTF-8"),
	"en_US.UTF-8": ("en_US", "UTF-8", "UTF-8"),
	"ja_JP.UTF-8": ("ja_JP", "UTF-8", "UTF-8"),
	"de_DE.UTF-8": ("de_DE", "UTF-8", "UTF-8"),
	"de_DE.ISO-8859-1": ("de_DE", "ISO-8859-1", "ISO-8859-1"),
	"ru_RU.KOI8-R": ("ru_RU", "KOI8-R", "KOI8-R"),
	# The charset of the C locale, in one that is not C.
	"en_US.ANSI_X3.4-1968": ("en_US", "ANSI_X3.4-1968", "ANSI_X3.4-1968"),
	"ja_JP.EUC-JP": ("ja_JP", "EUC-JP", "EUC-JP"),
	"ja_JP.SJIS": ("ja_JP", "SHIFT_JIS", "SHIFT_JIS"),
	"zh_CN.GB18030": ("zh_CN", "GB18030", "GB18030"),
	"zh_TW.BIG5": ("zh_TW", "BIG5", "BIG5"),
	"zh_HK.BIG5-HKSCS": ("zh_HK", "BIG5-HKSCS", "BIG5-HKSCS"),
	"ko_KR.EUC-KR": ("ko_KR", "EUC-KR", "EUC-KR"),
}

UTF8 = ["C.UTF-8", "en_US.UTF-8", "ja_JP.UTF-8", "de_DE.UTF-8"]
SINGLE_BYTE = ["C", "de_DE.ISO-8859-1", "ru_RU.KOI8-R", "en_US.ANSI_X3.4-1968"]
LEGACY = ["ja_JP.EUC-JP", "ja_JP.SJIS", "zh_CN.GB18030", "zh_TW.BIG5", "zh_HK.BIG5-HKSCS",
	"ko_KR.EUC-KR"]


class Locales:
	def __init__(self, path, available, missing):
		self.path = path
		self.available = available
		self.missing = missing

	def env(self, name):
		"""Environment variables that select LC_CTYPE `name`; messages stay English."""
		return {"LOCPATH": self.path, "LC_CTYPE": name}

	def has(self, name):
		return name in self.available


def _build(path, name):
	source, charmap, _ = WANTED[name]
	target = os.path.join(path, name)
	if os.path.isdir(target):
		return None
	if name == "C.UTF-8":
		for system in ("/usr/lib/locale/C.utf8", "/usr/lib/locale/C.UTF-8"):
			if os.path.isdir(system):
				os.symlink(system, target)
				return None
		if not os.path.exists("/usr/share/i18n/locales/C"):
			source = "POSIX"
	localedef = shutil.which("localedef", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
	if localedef is None:
		return "no localedef"
	temporary = os.path.join(path, "tmp-" + name)
	shutil.rmtree(temporary, ignore_errors=True)
	# -c: go on after warnings; SJIS has 5C as yen sign in some eyes: --no-warnings=ascii.
	command = [localedef, "--no-warnings=ascii", "-c", "-i", source, "-f", charmap, temporary]
	try:
		done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
	except subprocess.TimeoutExpired:
		return "localedef does not end"
	if not os.path.exists(os.path.join(temporary, "LC_CTYPE")):
		text = done.stderr.decode("utf-8", "replace").strip().splitlines()
		return "localedef: " + (text[0] if text else "status %d" % done.returncode)
	os.rename(temporary, target)
	return None


_PROBE = r"""
import ctypes, locale, sys
name, text = sys.argv[1], bytes.fromhex(sys.argv[2])
locale.setlocale(locale.LC_CTYPE, name)
libc = ctypes.CDLL(None)
wide = ctypes.create_unicode_buffer(8)
n = libc.mbstowcs(wide, text, 8)
print(locale.nl_langinfo(locale.CODESET), n)
"""

# One character per charset, to see that its converter is installed as well as its locale.
_SAMPLE = {
	"UTF-8": "c3a9", "ISO-8859-1": "e9", "ANSI_X3.4-1968": "41", "KOI8-R": "c1", "EUC-JP": "a4a2", "SHIFT_JIS": "82a0",
	"GB18030": "b0a1", "BIG5": "a4a4", "BIG5-HKSCS": "a4a4", "EUC-KR": "b0a1",
}


def _check(path, name):
	"""None if the C library really has the locale and can decode in it, else the reason."""
	codeset = WANTED[name][2]
	env = dict(os.environ, LOCPATH=path)
	done = subprocess.run([sys.executable, "-c", _PROBE, name, _SAMPLE[codeset]], env=env,
		stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
	if done.stdout.decode().split() != [codeset, "1"]:
		return "no use: wanted %s, got %r" % (codeset, done.stdout.decode().strip())
	return None


_cached = None


def get(path=None):
	"""Build (once per build directory; safe when several tests start together) and describe."""
	global _cached
	if _cached is not None and path is None:
		return _cached
	where = os.path.abspath(path or os.environ.get("PCOUNT_LOCALES") or "test-locales")
	os.makedirs(where, exist_ok=True)
	with open(os.path.join(where, ".lock"), "w") as lock:
		fcntl.flock(lock, fcntl.LOCK_EX)
		missing = {}
		done = os.path.join(where, ".checked")
		names = sorted(WANTED)
		checked = {}
		if os.path.exists(done):
			with open(done) as file:
				checked = dict(line.rstrip("\n").split("\t", 1) for line in file)
		if sorted(checked) == names:  # else some are new
			missing = {name: why for name, why in checked.items() if why}
		else:
			from concurrent.futures import ThreadPoolExecutor

			def one(name):
				return _build(where, name) or _check(where, name)
			with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
				for name, why in zip(names, pool.map(one, names)):
					if why:
						missing[name] = why
			with open(done, "w") as file:
				for name in names:
					file.write("%s\t%s\n" % (name, missing.get(name, "")))
	available = ["C"] + [name for name in names if name not in missing]
	result = Locales(where, available, missing)
	if path is None:
		_cached = result
	return result


if __name__ == "__main__":
	found = get(sys.argv[1] if len(sys.argv) > 1 else None)
	print("LOCPATH=" + found.path)
	for locale_name in found.available:
		print(locale_name)
	for locale_name, reason in found.missing.items():
		print("%s: missing: %s" % (locale_name, reason))
