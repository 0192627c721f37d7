/* SPDX-License-Identifier: BSD-2-Clause */
/* Headers of zstd frames, and the borders between frames. */
#include "base/base.h"
#include "source/decoder.h"
#include "source/zstd_frame.h"
#include "unit.h"

#include <string.h>
#include <unistd.h>

/* An unlinked file of these bytes. */
static int make_file(const void *bytes, size_t n)
{
	char name[] = "zstd-frame-test-XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	unlink(name);
	assert_int_equal(pwrite(fd, bytes, n, 0), n);
	return fd;
}

static void test_kinds(void **state UNUSED)
{
	assert_int_equal(zstd_kind((const unsigned char *)"\x28\xb5\x2f\xfd"), ZSTD_KIND_FRAME);
	for (unsigned i = 0; i < 16; i++) {
		unsigned char bytes[4] = {(unsigned char)(0x50 + i), 0x2a, 0x4d, 0x18};
		assert_int_equal(zstd_kind(bytes), ZSTD_KIND_SKIPPABLE);
	}
	for (unsigned i = 0x22; i <= 0x27; i++) {
		unsigned char bytes[4] = {(unsigned char)i, 0xb5, 0x2f, 0xfd};
		assert_int_equal(zstd_kind(bytes), ZSTD_KIND_LEGACY);
	}
	assert_int_equal(zstd_kind((const unsigned char *)"\xfd\x2f\xb5\x1e"), ZSTD_KIND_LEGACY);
	assert_int_equal(zstd_kind((const unsigned char *)"\x29\xb5\x2f\xfd"), ZSTD_KIND_UNKNOWN);
	assert_int_equal(zstd_kind((const unsigned char *)"text"), ZSTD_KIND_UNKNOWN);
}

static struct zstd_frame read_frame(const char *after_signature, size_t n)
{
	unsigned char bytes[ZSTD_HEADER_MAX] = {0x28, 0xb5, 0x2f, 0xfd};

	memcpy(bytes + 4, after_signature, n);
	assert_int_equal(zstd_header_size(bytes), 4 + n);
	return zstd_frame_read(bytes);
}

static void test_headers(void **state UNUSED)
{
	/* Window of 1 KiB and seven eighths; a checksum. */
	struct zstd_frame f = read_frame("\x04\x07", 2);
	assert_int_equal(f.memory, 1024 + 7 * 128);
	assert_true(f.checksum);
	assert_int_equal(f.dictionary, 0);
	/* The largest window there is. */
	f = read_frame("\x00\xff", 2);
	assert_int_equal(f.memory, (UINT64_C(1) << 41) + 7 * (UINT64_C(1) << 38));
	/* Single segments: content of 1, 2, 4 and 8 bytes is the window. */
	assert_int_equal(read_frame("\x20\x7f", 2).memory, 0x7f);
	assert_int_equal(read_frame("\x60\x01\x02", 3).memory, 0x0201 + 256);
	assert_int_equal(read_frame("\xa0\x01\x02\x03\x04", 5).memory, 0x04030201);
	assert_int_equal(read_frame("\xe0\x01\x02\x03\x04\x05\x06\x07\x08", 9).memory,
	                 UINT64_C(0x0807060504030201));
	/* Dictionary IDs of 1, 2 and 4 bytes, behind the window. */
	assert_int_equal(read_frame("\x01\x00\x05", 3).dictionary, 5);
	assert_int_equal(read_frame("\x02\x00\x05\x06", 4).dictionary, 0x0605);
	assert_int_equal(read_frame("\xc3\x00\x05\x06\x07\x08 content", 14).dictionary, 0x08070605);
	/* A content size beside a window does not matter. */
	assert_int_equal(read_frame("\xc3\x00\x05\x06\x07\x08 content", 14).memory, 1024);
}

static void test_blocks(void **state UNUSED)
{
	struct zstd_block b = zstd_block_read((const unsigned char *)"\x19\x00\x00");
	assert_true(b.last && !b.invalid);
	assert_int_equal(b.content, 3);
	b = zstd_block_read((const unsigned char *)"\xfa\xff\xff");
	assert_true(!b.last && !b.invalid);
	assert_int_equal(b.content, 1); /* one byte that is repeated */
	b = zstd_block_read((const unsigned char *)"\x04\x00\x10");
	assert_int_equal(b.content, 0x20000);
	assert_true(zstd_block_read((const unsigned char *)"\x06\x00\x00").invalid);
	assert_true(zstd_block_read((const unsigned char *)"\x05\x00\x00").invalid);
	assert_false(zstd_block_read((const unsigned char *)"\x01\x00\x00").invalid);
}

/* Frame with checksum of 16 bytes, skippable of 10, frame of two blocks of 18. */
static const char three[] = "\x28\xb5\x2f\xfd\x04\x00\x19\x00\x00"
			    "abcCCCC"
			    "\x53\x2a\x4d\x18\x02\x00\x00\x00"
			    "ss"
			    "\x28\xb5\x2f\xfd\x00\x00\x10\x00\x00"
			    "ab\x21\x00\x00"
			    "abcd";
enum { FIRST = 16, SECOND = 26, ALL = 44 };

static void test_borders(void **state UNUSED)
{
	int fd = make_file(three, ALL);

	assert_int_equal(decoder_border(FORMAT_ZSTD, fd, 0, 1, ALL), FIRST);
	assert_int_equal(decoder_border(FORMAT_ZSTD, fd, 0, FIRST, ALL), FIRST);
	assert_int_equal(decoder_border(FORMAT_ZSTD, fd, 0, FIRST + 1, ALL), SECOND);
	assert_int_equal(decoder_border(FORMAT_ZSTD, fd, FIRST, 1, ALL), SECOND);
	assert_int_equal(decoder_border(FORMAT_ZSTD, fd, SECOND, 1, ALL), ALL);
	assert_int_equal(decoder_border(FORMAT_ZSTD, fd, 0, 1000, ALL), ALL);
	/* Not from between borders, and not beyond the end. */
	assert_int_equal(decoder_border(FORMAT_ZSTD, fd, 1, 1, ALL), DECODER_NO_BORDER);
	for (uint64_t size = SECOND + 1; size < ALL; size++) {
		assert_int_equal(decoder_border(FORMAT_ZSTD, fd, SECOND, 1, size),
		                 DECODER_NO_BORDER);
		assert_int_equal(decoder_border(FORMAT_ZSTD, fd, 0, SECOND + 1, size),
		                 DECODER_NO_BORDER);
		assert_int_equal(decoder_border(FORMAT_ZSTD, fd, 0, 1, size), FIRST);
	}
	close(fd);
	/* The file is shorter than it was said to be. */
	fd = make_file(three, ALL - 6);
	assert_int_equal(decoder_border(FORMAT_ZSTD, fd, SECOND, 1, ALL), DECODER_NO_BORDER);
	close(fd);
}

static void test_detect(void **state UNUSED)
{
	const unsigned char *frame = (const unsigned char *)three, *skippable = frame + FIRST;

	assert_int_equal(decoder_detect(frame, ALL), FORMAT_ZSTD);
	for (size_t n = 0; n < ALL; n++)
		assert_int_equal(decoder_detect(frame, n), n < 4 ? FORMAT_PLAIN : FORMAT_ZSTD);
	assert_int_equal(decoder_detect(skippable, ALL - FIRST), FORMAT_ZSTD);
	/* What follows a skippable frame tells; if nothing is seen of it, zstd is the likelier. */
	assert_int_equal(decoder_detect((const unsigned char *)"\x50\x2a\x4d\x18\x01\x00\x00\x00s"
	                                                       "\x04\x22\x4d\x18\x40\x40",
	                                15),
	                 FORMAT_LZ4);
	assert_int_equal(decoder_detect(skippable, 9), FORMAT_ZSTD);
	assert_int_equal(decoder_detect((const unsigned char *)"\x1f\x8b\x08\x00", 4), FORMAT_GZIP);
	assert_int_equal(decoder_detect((const unsigned char *)"\x1f\x8b\x07\x00", 4),
	                 FORMAT_PLAIN);
	assert_int_equal(decoder_detect((const unsigned char *)"\xfd"
	                                                       "7zXZ\0",
	                                6),
	                 FORMAT_XZ);
	assert_int_equal(decoder_detect((const unsigned char *)"BZh91AY&SY", 10), FORMAT_BZIP2);
	assert_int_equal(decoder_detect((const unsigned char *)"BZh9 is a text", 14), FORMAT_PLAIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),  cmocka_unit_test(test_headers),
		cmocka_unit_test(test_blocks), cmocka_unit_test(test_borders),
		cmocka_unit_test(test_detect),
	};

	return unit_run(tests);
}
