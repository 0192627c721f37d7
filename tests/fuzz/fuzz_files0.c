/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzer of name lists: read at once or as they come, a list is its bytes split at NUL, the last
 * NUL being optional.
 */
#include "cli/namelist.h"
#include "fuzz.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int FUZZ_TARGET(const uint8_t *data, size_t n);

/* The names must come in order; true if the list has ended as it should. */
static void check_names(struct namelist *list, const char *text, size_t n)
{
	const char *name;
	size_t at = 0;

	while (at < n) {
		size_t length = strnlen(text + at, n - at);
		fuzz_check(namelist_next(list, true, &name) == SUPPLY_ONE);
		fuzz_check(strlen(name) == length && memcmp(name, text + at, length) == 0);
		at += length + 1;
	}
	fuzz_check(namelist_next(list, true, &name) == SUPPLY_NONE);
	fuzz_check(namelist_error(list) == 0);
}

static size_t names_in(const char *text, size_t n)
{
	size_t names = 0;

	for (size_t at = 0; at < n; names++)
		at += strnlen(text + at, n - at) + 1;
	return names;
}

/* The list of descriptor `fd`, which it closes. */
static struct namelist *open_list(int fd)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	struct namelist *list = namelist_open(path);
	close(fd);
	fuzz_check(list);
	return list;
}

static int file_of(const char *text, size_t n)
{
	int fd = memfd_create("list", 0);

	fuzz_check(fd >= 0);
	fuzz_check(pwrite(fd, text, n, 0) == (ssize_t)n);
	return fd;
}

int FUZZ_TARGET(const uint8_t *data, size_t n)
{
	enum { PIPE_ROOM = 60000 };
	const char *text = (const char *)data;
	int end[2];

	if (n > PIPE_ROOM)
		return 0;
	struct namelist *list = open_list(file_of(text, n));
	fuzz_check(namelist_is_small(list));
	fuzz_check(namelist_read_all(list) == 0);
	fuzz_check(namelist_count(list) == names_in(text, n));
	check_names(list, text, n);
	namelist_rewind(list);
	check_names(list, text, n);
	namelist_close(list);

	list = open_list(file_of(text, n));
	check_names(list, text, n);
	namelist_close(list);

	fuzz_check(pipe(end) == 0);
	fuzz_check(write(end[1], text, n) == (ssize_t)n);
	list = open_list(end[0]);
	close(end[1]);
	fuzz_check(!namelist_is_small(list));
	check_names(list, text, n);
	namelist_close(list);
	return 0;
}
