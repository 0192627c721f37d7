/* SPDX-License-Identifier: BSD-2-Clause */
/* Names looked up by way of their folder give what they give from the root. */
#include "unit.h"

#include "base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static char home[] = "folderXXXXXX";

static void put(const char *name, const char *text)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s", home, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	verify(fd >= 0);
	verify(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void set_up(void)
{
	char path[256];
	verify(mkdtemp(home));
	snprintf(path, sizeof path, "%s/a", home);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/b", home);
	mkdir(path, 0700);
	put("a/one", "1");
	put("a/two", "22");
	put("b/one", "333");
}

static void tear_down(void)
{
	char command[64];
	snprintf(command, sizeof command, "rm -rf %s", home);
	verify(system(command) == 0);
}

/* Size of the file, or -errno; by both ways, which must agree. */
static long ask(struct folder *f, const char *path, uint64_t now)
{
	struct stat by_folder, plain;
	int status = folder_stat(f, path, &by_folder, now), error = errno;
	assert_int_equal(status, stat(path, &plain));
	if (status == 0)
		assert_true(by_folder.st_ino == plain.st_ino && by_folder.st_size == plain.st_size);
	else
		assert_int_equal(error, errno);

	int fd = folder_open(f, path, 0, now);
	if (fd < 0) {
		error = errno;
		fd = open(path, O_RDONLY);
		assert_int_equal(fd, -1);
		assert_int_equal(error, errno);
		return -error;
	}
	assert_int_equal(fstat(fd, &by_folder), 0);
	assert_true(by_folder.st_ino == plain.st_ino);
	close(fd);
	return (long)plain.st_size;
}

static long ask_in(struct folder *f, const char *name, uint64_t now)
{
	char path[8192];
	snprintf(path, sizeof path, "%s/%s", home, name);
	return ask(f, path, now);
}

static void same_as_from_the_root(void **state UNUSED)
{
	struct folder f = {0};
	char name[5000];

	for (int round = 0; round < 3; round++) {
		assert_int_equal(ask_in(&f, "a/one", 1), 1);
		assert_int_equal(ask_in(&f, "a/two", 1), 2);
		assert_true(f.open);
		assert_int_equal(ask_in(&f, "a/three", 1), -ENOENT);
		assert_int_equal(ask_in(&f, "a/two", 1), 2);
		assert_int_equal(ask_in(&f, "b/one", 1), 3);
		assert_int_equal(ask_in(&f, "b/../a/one", 1), 1);
		assert_int_equal(ask_in(&f, "a//one", 1), 1);
		assert_int_equal(ask_in(&f, "none/x", 1), -ENOENT);
		assert_int_equal(ask_in(&f, "none/y", 1), -ENOENT);
		assert_int_equal(ask_in(&f, "a/one/x", 1), -ENOTDIR);
		assert_int_equal(ask_in(&f, "a/one/y", 1), -ENOTDIR);
		assert_int_equal(ask_in(&f, "a/one/", 1), -ENOTDIR);
		ask(&f, "", 1);
		/* Not the root itself: qemu-user takes its own folder for that, or not, call by
		 * call. */
		ask(&f, "./", 1);
		ask(&f, "/etc", 1);
		ask(&f, "Makefile", 1);
	}
	/* Names and paths that are too long, in folders that are not. */
	memset(name, 'x', sizeof name);
	memcpy(name, "a/", 2);
	name[2 + 256] = '\0';
	assert_int_equal(ask_in(&f, name, 1), -ENAMETOOLONG);
	assert_int_equal(ask_in(&f, name, 1), -ENAMETOOLONG);
	for (size_t i = 0; i + 2 < sizeof name; i += 2)
		memcpy(name + i, "./", 2);
	memcpy(name + 4500, "a/one", 6);
	assert_int_equal(ask_in(&f, name, 1), -ENAMETOOLONG);
	assert_int_equal(ask_in(&f, name, 1), -ENAMETOOLONG);
	folder_close(&f);
	folder_close(&f);
}

/* A folder that another has taken the place of is believed for 10 ms at most. */
static void looked_up_again(void **state UNUSED)
{
	struct folder f = {0};
	char a[256], b[256], c[256];

	snprintf(a, sizeof a, "%s/a", home);
	snprintf(b, sizeof b, "%s/b", home);
	snprintf(c, sizeof c, "%s/c", home);
	ask_in(&f, "a/one", 1000);
	ask_in(&f, "a/one", 1000);
	assert_true(f.open);
	assert_int_equal(rename(a, c), 0);
	assert_int_equal(rename(b, a), 0);
	assert_int_equal(ask_in(&f, "a/one", 1000 + 10000001), 3);
	assert_int_equal(rename(a, b), 0);
	assert_int_equal(rename(c, a), 0);
	folder_close(&f);
}

/* The last descriptors are for files. */
static void few_descriptors(void **state UNUSED)
{
	struct rlimit old, few;
	struct folder f = {0};

	int next = dup(0);
	close(next);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	few = old;
	few.rlim_cur = (rlim_t)next + 1;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(ask_in(&f, "a/one", 1), 1);
		assert_false(f.open);
	}
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(ask_in(&f, "a/one", 1), 1);
	assert_true(f.open);
	folder_close(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_as_from_the_root),
		cmocka_unit_test(looked_up_again),
		cmocka_unit_test(few_descriptors),
	};
	set_up();
	int status = unit_run(tests);
	tear_down();
	return status;
}
