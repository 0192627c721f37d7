# SPDX-License-Identifier: BSD-2-Clause
"""Valid compressed files that use every optional field of every format, made here byte by byte, or by
the tools of the formats where they are installed. all_cases() yields a Case for each."""

import bz2
import itertools
import lzma
import shutil
import struct
import subprocess
import zlib

CONTENT = b"one two\nthree\xc3\xa9 \xe3\x81\x82\xe3\x80\x80\n" * 4


class Case:
	"""header: (offset, length) of the bytes of `packed` that are worth a cut each."""

	def __init__(self, form, label, packed, content=CONTENT, header=None):
		self.form, self.label, self.packed, self.content = form, label, packed, content
		self.header = header or (0, len(packed))


def by_tool(data, *command):
	"""What a compressor that is a program makes of it; None: it is not installed."""
	if shutil.which(command[0]) is None:
		return None
	return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


# ---- checksums ----

def _rotate(x, n, bits):
	return (x << n | x >> (bits - n)) & ((1 << bits) - 1)


def xxh32(data):
	"""XXH32 with seed 0, for less than 16 bytes: all that a header of lz4 has."""
	p1, p2, p3, p4, p5 = 2654435761, 2246822519, 3266489917, 668265263, 374761393
	h = xxh_lanes(data, 32, (p1, p2)) if len(data) >= 16 else p5
	h = (h + len(data)) & 0xFFFFFFFF
	at = len(data) // 16 * 16
	while at + 4 <= len(data):
		h = _rotate((h + struct.unpack_from("<I", data, at)[0] * p3) & 0xFFFFFFFF, 17, 32) * p4 & 0xFFFFFFFF
		at += 4
	for byte in data[at:]:
		h = _rotate((h + byte * p5) & 0xFFFFFFFF, 11, 32) * p1 & 0xFFFFFFFF
	h = (h ^ h >> 15) * p2 & 0xFFFFFFFF
	h = (h ^ h >> 13) * p3 & 0xFFFFFFFF
	return h ^ h >> 16


def xxh_lanes(data, bits, primes):
	"""The four lanes of XXH32, joined."""
	mask, (p1, p2) = (1 << bits) - 1, primes
	lanes = [(p1 + p2) & mask, p2, 0, -p1 & mask]
	for at in range(0, len(data) // 16 * 16, 16):
		for i, word in enumerate(struct.unpack_from("<4I", data, at)):
			lanes[i] = _rotate((lanes[i] + word * p2) & mask, 13, bits) * p1 & mask
	return sum(_rotate(lane, n, bits) for lane, n in zip(lanes, (1, 7, 12, 18))) & mask


def xxh64(data):
	"""XXH64 with seed 0."""
	mask = (1 << 64) - 1
	p1, p2, p3 = 11400714785074694791, 14029467366897019727, 1609587929392839161
	p4, p5 = 9650029242287828579, 2870177450012600261

	def rounded(lane, word):
		return _rotate((lane + word * p2) & mask, 31, 64) * p1 & mask

	at, h = 0, p5
	if len(data) >= 32:
		lanes = [(p1 + p2) & mask, p2, 0, -p1 & mask]
		while at + 32 <= len(data):
			lanes = [rounded(lane, word) for lane, word in zip(lanes, struct.unpack_from("<4Q", data, at))]
			at += 32
		h = sum(_rotate(lane, n, 64) for lane, n in zip(lanes, (1, 7, 12, 18))) & mask
		for lane in lanes:
			h = ((h ^ rounded(0, lane)) * p1 + p4) & mask
	h = (h + len(data)) & mask
	while at + 8 <= len(data):
		h = (_rotate(h ^ rounded(0, struct.unpack_from("<Q", data, at)[0]), 27, 64) * p1 + p4) & mask
		at += 8
	if at + 4 <= len(data):
		h = (_rotate(h ^ struct.unpack_from("<I", data, at)[0] * p1 & mask, 23, 64) * p2 + p3) & mask
		at += 4
	for byte in data[at:]:
		h = _rotate(h ^ byte * p5 & mask, 11, 64) * p1 & mask
	h = (h ^ h >> 33) * p2 & mask
	h = (h ^ h >> 29) * p3 & mask
	return h ^ h >> 32


# ---- gzip ----

GZIP_TEXT, GZIP_CHECKSUM, GZIP_EXTRA, GZIP_NAME, GZIP_COMMENT = 1, 2, 4, 8, 16


def gzip_header(flags, extra=b"", name=b"", comment=b""):
	head = b"\x1f\x8b\x08" + bytes([flags]) + b"\x01\x02\x03\x04\x02\x03"
	if flags & GZIP_EXTRA:
		head += struct.pack("<H", len(extra)) + extra
	if flags & GZIP_NAME:
		head += name + b"\0"
	if flags & GZIP_COMMENT:
		head += comment + b"\0"
	if flags & GZIP_CHECKSUM:
		head += struct.pack("<H", zlib.crc32(head) & 0xFFFF)
	return head


def deflate(data, level=6, strategy=zlib.Z_DEFAULT_STRATEGY):
	packer = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy)
	return packer.compress(data) + packer.flush()


def gzip_member(data, flags=0, level=6, strategy=zlib.Z_DEFAULT_STRATEGY, **fields):
	return gzip_header(flags, **fields) + deflate(data, level, strategy) + struct.pack("<II", zlib.crc32(data), len(data))


def gzip_cases():
	for flags in range(32):
		for extra, name in ((b"", b""), (b"AB\3\0\xff\0\n", b"a name")):
			fields = {"extra": extra, "name": name, "comment": name[::-1]}
			head = gzip_header(flags, **fields)
			first, member = gzip_member(b"x"), gzip_member(CONTENT, flags, **fields)
			yield Case("gzip", "flags %d, names of %d bytes" % (flags, len(name)), first + member, b"x" + CONTENT, (len(first), len(head)))
	for level, strategy in ((0, 0), (1, zlib.Z_FIXED), (9, 0), (6, zlib.Z_HUFFMAN_ONLY), (6, zlib.Z_RLE)):
		yield Case("gzip", "level %d, strategy %d" % (level, strategy), gzip_member(CONTENT, level=level, strategy=strategy))
	yield Case("gzip", "empty members", gzip_member(b"") + gzip_member(CONTENT) + gzip_member(b""))
	yield Case("gzip", "long fields", gzip_member(CONTENT, 31, extra=bytes(65535), name=b"n" * 70000, comment=b"c" * 300), header=(65535, 30))
	yield Case("gzip", "zeros behind", gzip_member(CONTENT) + bytes(7))


# ---- zstd ----

def skippable(data, number=0):
	return struct.pack("<II", 0x184D2A50 + number, len(data)) + data


def zstd_frame(data, blocks=None, *, single=False, size_code=0, checksum=False, dictionary_code=0):
	"""A frame of stored blocks, or of those given. Codes are those of the descriptor."""
	descriptor = size_code << 6 | single << 5 | checksum << 2 | dictionary_code
	size_bytes = (1 if single else 0, 2, 4, 8)[size_code]
	head = b"\x28\xb5\x2f\xfd" + bytes([descriptor])
	if not single:
		head += b"\x08"  # a window of 2 KiB
	head += bytes((0, 1, 2, 4)[dictionary_code])  # dictionary 0: none
	head += (len(data) - (256 if size_bytes == 2 else 0)).to_bytes(8, "little")[:size_bytes]
	if blocks is None:
		blocks = struct.pack("<I", len(data) << 3 | 1)[:3] + data
	return head + blocks + (struct.pack("<I", xxh64(data) & 0xFFFFFFFF) if checksum else b"")


def zstd_block(data, *, last=False, repeat=0):
	if repeat:
		return struct.pack("<I", repeat << 3 | 2 | last)[:3] + data
	return struct.pack("<I", len(data) << 3 | last)[:3] + data


def zstd_cases():
	long = CONTENT * 4  # two bytes of size begin at 256
	for single, size, checksum, dictionary in itertools.product((False, True), range(4), (False, True), range(4)):
		data = long if size == 1 else CONTENT
		frame = zstd_frame(data, single=single, size_code=size, checksum=checksum, dictionary_code=dictionary)
		yield Case("zstd", "single %d, size %d, checksum %d, dictionary %d" % (single, size, checksum, dictionary),
			zstd_frame(b"x") + frame, b"x" + data, (len(zstd_frame(b"x")), 18))
	blocks = zstd_block(b"") + zstd_block(CONTENT) + zstd_block(b"y", repeat=9) + zstd_block(b"") + zstd_block(b"", last=True)
	for checksum in (False, True):
		yield Case("zstd", "blocks, checksum %d" % checksum,
			zstd_frame(CONTENT + b"y" * 9, blocks, size_code=2, checksum=checksum), CONTENT + b"y" * 9)
	for number in range(16):
		yield Case("zstd", "skippable %d" % number, skippable(bytes(number * 9), number) + zstd_frame(CONTENT) + skippable(b"", number))
	yield Case("zstd", "empty frames", zstd_frame(b"") + zstd_frame(b"", single=True, checksum=True) + zstd_frame(CONTENT))
	for options in (["--check"], ["--no-check", "-19"], ["--no-content-size"], ["--long=27"], ["-1", "--single-thread"]):
		packed = by_tool(CONTENT * 20, "zstd", "-q", "-c", *options)
		if packed:
			yield Case("zstd", " ".join(options), packed, CONTENT * 20)


# ---- lz4 ----

def lz4_frame(data, *, independent=True, block_checksum=False, size=False, checksum=False, block_code=4, block=None):
	"""A frame of stored blocks of `block` bytes each."""
	flags = 0x40 | independent << 5 | block_checksum << 4 | size << 3 | checksum << 2
	descriptor = bytes([flags, block_code << 4]) + (struct.pack("<Q", len(data)) if size else b"")
	out = b"\x04\x22\x4d\x18" + descriptor + bytes([xxh32(descriptor) >> 8 & 0xFF])
	for at in range(0, len(data), block or len(data) or 1):
		part = data[at:at + (block or len(data))]
		out += struct.pack("<I", len(part) | 0x80000000) + part
		out += struct.pack("<I", xxh32(part)) if block_checksum else b""
	return out + bytes(4) + (struct.pack("<I", xxh32(data)) if checksum else b"")


def lz4_literals(data):
	"""A block of literals alone."""
	extra = len(data) - 15
	return bytes([min(len(data), 15) << 4]) + (b"\xff" * (extra // 255) + bytes([extra % 255]) if extra >= 0 else b"") + data


def lz4_legacy(*blocks):
	"""A legacy frame, which ends where another begins, or nothing."""
	return b"\x02\x21\x4c\x18" + b"".join(struct.pack("<I", len(block)) + block for block in map(lz4_literals, blocks))


def lz4_cases():
	for bits in itertools.product((False, True), repeat=4):
		for code in (4, 7):
			options = dict(zip(("independent", "block_checksum", "size", "checksum"), bits))
			frame = lz4_frame(CONTENT, block_code=code, block=50, **options)
			yield Case("lz4", "flags %s, blocks of code %d" % (bits, code), lz4_frame(b"x") + frame, b"x" + CONTENT, (len(lz4_frame(b"x")), 26))
	for number in (0, 7, 15):
		for size in (0, 1, 47, 48, 49, 55, 56, 57, 100, 70000):
			yield Case("lz4", "skippable %d of %d bytes" % (number, size), skippable(bytes(size), number) + lz4_frame(CONTENT)
				+ skippable(b"", number), header=(0, 8))
	yield Case("lz4", "empty frames", lz4_frame(b"") + lz4_frame(b"", size=True, checksum=True) + lz4_frame(CONTENT))
	legacy = lz4_legacy(CONTENT[:5], CONTENT[5:300], CONTENT[300:])
	yield Case("lz4", "legacy", legacy)
	yield Case("lz4", "legacy frames", legacy + lz4_legacy(b"x") + lz4_legacy() + legacy, CONTENT + b"x" + CONTENT)
	yield Case("lz4", "legacy frames among others", lz4_frame(CONTENT) + legacy + lz4_frame(b"x", size=True) + skippable(b"y" * 90)
		+ legacy + skippable(b""), CONTENT * 2 + b"x" + CONTENT, (len(lz4_frame(CONTENT)), len(legacy) + 30))
	for options in (["-l"], ["-B4"], ["-B7", "-BX"], ["-B5", "--content-size"], ["-BD", "-9"], ["--no-frame-crc"]):
		packed = by_tool(CONTENT * 20, "lz4", "-q", "-c", *options)
		if packed:
			yield Case("lz4", " ".join(options), packed, CONTENT * 20)


# ---- xz, bzip2 ----

def xz_cases():
	for check in (lzma.CHECK_NONE, lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_SHA256):
		yield Case("xz", "check %d" % check, lzma.compress(CONTENT, check=check))
	for name in ("DELTA", "X86", "POWERPC", "IA64", "ARM", "ARMTHUMB", "SPARC"):
		filters = [{"id": getattr(lzma, "FILTER_" + name)}, {"id": lzma.FILTER_LZMA2, "preset": 1}]
		yield Case("xz", "filter " + name, lzma.compress(CONTENT, filters=filters))
	stream = lzma.compress(CONTENT)
	for zeros in (0, 4, 8, 400):
		yield Case("xz", "%d bytes of padding" % zeros, stream + bytes(zeros) + stream + bytes(zeros), CONTENT * 2)
	yield Case("xz", "empty streams", lzma.compress(b"") + stream + lzma.compress(b""))
	for options in (["--block-size=100"], ["-T2", "--block-size=100"], ["--block-list=1,50,200", "--check=crc32"], ["-0", "--lzma2=lc=0,pb=0"]):
		packed = by_tool(CONTENT * 6, "xz", "-c", *options)
		if packed:
			yield Case("xz", " ".join(options), packed, CONTENT * 6)


BZIP2_BLOCK, BZIP2_END = 0x314159265359, 0x177245385090


def bzip2_crc(data):
	"""CRC-32 with the bits in their natural order, which zlib's is not."""
	mirror = bytes(int("{:08b}".format(byte)[::-1], 2) for byte in range(256))
	return int("{:032b}".format(zlib.crc32(data.translate(mirror)))[::-1], 2)


def bzip2_raw(raw):
	"""A block that has these bytes (none of them FF), as they are, in its compressed data, and what it
	decodes to: its bits as a string, content, CRC. All codes are of 8 bits: each byte is one symbol.
	(A run of four at the end of the content would lack its length: ValueError.)"""
	ones = bytes(range(254))  # the bytes in use: with two for runs and the end that makes 256 symbols
	head = "0{:024b}".format(0)  # not randomized; origin 0
	head += "1" * 15 + "1" + "1" * 16 * 15 + "1" * 14 + "00"  # which bytes are in use
	groups = len(raw) // 50 + 1
	head += "{:03b}{:015b}".format(2, groups) + "0" * groups  # tables; the table of each group
	head += ("{:05b}".format(8) + "0" * 256) * 2
	symbols = "".join("{:08b}".format(byte) for byte in raw + b"\xff")
	# Move to front and runs, backwards.
	front, last, run, weight = list(ones), bytearray(), 0, 1
	for symbol in raw + b"\xff":
		if symbol < 2:
			run += weight << symbol
			weight *= 2
			continue
		last += bytes([front[0]]) * run
		run, weight = 0, 1
		if symbol < 255:
			front.insert(0, front.pop(symbol - 1))
			last.append(front[0])
	# The Burrows-Wheeler transform, backwards; then runs of four and more.
	order = sorted(range(len(last)), key=last.__getitem__)
	at, text = order[0], bytearray()
	for _ in last:
		text.append(last[at])
		at = order[at]
	content, same, i = bytearray(), 0, 0
	while i < len(text):
		same = same + 1 if content and i > 0 and text[i] == content[-1] and same > 0 else 1
		content.append(text[i])
		i += 1
		if same == 4:
			content += content[-1:] * text[i] if i < len(text) else b""
			i += 1
			same = 0
	if content and same == 0 and i > len(text):
		raise ValueError("a run without its length")
	crc = bzip2_crc(bytes(content))
	return "{:048b}{:032b}".format(BZIP2_BLOCK, crc) + head + symbols, bytes(content), crc


def bzip2_stream(blocks, level=1, crc=None):
	"""Blocks as bzip2_raw() has them, in one stream. crc: in place of the right one."""
	combined = 0
	for block in blocks:
		combined = _rotate(combined, 1, 32) ^ block[2]
	bits = "".join(block[0] for block in blocks) + "{:048b}{:032b}".format(BZIP2_END, combined if crc is None else crc)
	bits += "0" * (-len(bits) % 8)
	return b"BZh%d" % level + int(bits, 2).to_bytes(len(bits) // 8, "big")


def bzip2_cases():
	for level in range(1, 10):
		yield Case("bzip2", "level %d" % level, bz2.compress(CONTENT, level))
	empty = bz2.compress(b"")
	yield Case("bzip2", "empty streams", empty + bz2.compress(CONTENT) + empty * 2)


# ---- lzip, .lzma ----

def lzip_member(data, dictionary=23, version=1):
	"""Version 0 has no size of the member. The dictionary: 2^n."""
	filters = [{"id": lzma.FILTER_LZMA1, "lc": 3, "lp": 0, "pb": 2, "dict_size": 1 << dictionary}]
	body = lzma.compress(data, lzma.FORMAT_RAW, filters=filters)
	head, tail = b"LZIP" + bytes([version, dictionary]), struct.pack("<IQ", zlib.crc32(data), len(data))
	return head + body + tail + (struct.pack("<Q", len(head + body + tail) + 8) if version else b"")


def lzip_cases():
	for dictionary in (12, 16, 23):
		yield Case("lzip", "dictionary 2^%d" % dictionary, lzip_member(CONTENT, dictionary))
	yield Case("lzip", "empty members", lzip_member(b"") + lzip_member(CONTENT) + lzip_member(b""))


def lzma_alone(data):
	return lzma.compress(data, lzma.FORMAT_ALONE)


def lzma_cases():
	yield Case("lzma", "empty", lzma_alone(b""), b"")
	yield Case("lzma", "no size", lzma_alone(CONTENT))


def all_cases(forms):
	makers = {"zstd": zstd_cases, "gzip": gzip_cases, "xz": xz_cases, "bzip2": bzip2_cases, "lz4": lz4_cases,
		"lzip": lzip_cases, "lzma": lzma_cases}
	for form in forms:
		yield from makers[form]()


def reference(form, packed):
	"""What the reference decoder makes of it: bytes, or None if it refuses it or is not installed."""
	try:
		if form == "gzip":
			out, rest = b"", packed
			while rest.strip(b"\0"):
				decoder = zlib.decompressobj(31)
				out += decoder.decompress(rest) + decoder.flush()
				if not decoder.eof:
					return None
				rest = decoder.unused_data.lstrip(b"\0")
			return out
		if form == "lzma":
			return lzma.decompress(packed)
		if form in ("xz", "bzip2"):
			# Python's lzma does not know padding between streams.
			out = by_tool(packed, "xz", "-d", "-c") if form == "xz" else None
			return out if out is not None else lzma.decompress(packed) if form == "xz" else bz2.decompress(packed)
		return by_tool(packed, form, "-q", "-d", "-c")
	except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, subprocess.CalledProcessError):
		return None
