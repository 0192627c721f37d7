/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of NUL-terminated names, as --files0-from takes them: read at once or as they come. */
#include "base/base.h"
#include "cli/namelist.h"

#include "base/fd.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	SMALL_MAX = 10 << 20,  /* GNU wc's limit */
	ROOM_FIRST = 64 << 10, /* what a pipe holds */
	ROOM_MAX = 16 << 20,   /* of a list that is not small; no file has a name as long as this */
};

/*
 *      data |  taken  |   next name ...   |            | 1 |
 *           0       start     scanned    end         room
 */
struct namelist {
	int fd; /* -1: closed */
	bool small;
	bool whole; /* everything is read */
	bool ended; /* nothing is to be read any more */
	int error;  /* errno of why it ended; 0: end of file */
	char *data; /* [room + 1], so that a last name can be ended */
	size_t room;
	size_t start;   /* of the next name */
	size_t scanned; /* no NUL between start and here */
	size_t end;     /* of what is read */
};

/*
 * The largest list that is read at once: GNU wc has it no larger than half of the memory that is
 * free.
 */
static uint64_t small_max(void)
{
	long pages = sysconf(_SC_AVPHYS_PAGES), page = sysconf(_SC_PAGESIZE);

	return pages < 0 || page < 0 ? SMALL_MAX
	                             : min_u64(SMALL_MAX, (uint64_t)pages * (uint64_t)page / 2);
}

struct namelist *namelist_open(const char *path)
{
	struct namelist *list = calloc(1, sizeof(*list));
	if (!list)
		return NULL;
	list->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open_above_stdio(path, 0);
	if (list->fd < 0) {
		int saved = errno;
		free(list);
		errno = saved;
		return NULL;
	}
	struct stat st;
	list->small = fstat(list->fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size >= 0 &&
	              (uint64_t)st.st_size <= small_max();
	return list;
}

bool namelist_is_small(const struct namelist *list)
{
	return list->small;
}

/* Makes room for more at the end: by moving what is left to the front, else by growing. */
static int make_room(struct namelist *list)
{
	if (list->start > 0) {
		memmove(list->data, list->data + list->start, list->end - list->start);
		list->scanned -= list->start;
		list->end -= list->start;
		list->start = 0;
	}
	if (list->end < list->room)
		return 0;
	if (list->room >= ROOM_MAX && !list->small) {
		errno = ENAMETOOLONG;
		return -1;
	}
	size_t room = list->room > 0 ? 2 * list->room : ROOM_FIRST;
	char *data = realloc(list->data, room + 1);
	if (!data)
		return -1;
	list->data = data;
	list->room = room;
	return 0;
}

/* Reads once; records the end or a failure. */
static void read_more(struct namelist *list)
{
	ssize_t n = -1;
	if (make_room(list) == 0)
		n = read_some(list->fd, list->data + list->end, list->room - list->end);
	if (n < 0)
		list->error = errno;
	else
		list->end += (size_t)n;
	list->ended = n <= 0;
}

int namelist_read_all(struct namelist *list)
{
	while (!list->ended)
		read_more(list);
	list->whole = true;
	int fd = list->fd;
	list->fd = -1;
	if (close(fd) != 0 && !list->error)
		list->error = errno;
	errno = list->error;
	return list->error ? -1 : 0;
}

uint64_t namelist_count(const struct namelist *list)
{
	uint64_t count = 0;
	for (size_t i = 0; i < list->end; i++)
		count += list->data[i] == '\0';
	return count + (list->end > 0 && list->data[list->end - 1] != '\0');
}

static bool would_block(const struct namelist *list)
{
	return poll(&(struct pollfd){.fd = list->fd, .events = POLLIN}, 1, 0) == 0;
}

/* Hands out data[start..end_of_name), which a NUL follows. */
static enum supply take(struct namelist *list, size_t end_of_name, size_t next, const char **name)
{
	list->data[end_of_name] = '\0';
	*name = list->data + list->start;
	list->start = list->scanned = next;
	return SUPPLY_ONE;
}

enum supply namelist_next(struct namelist *list, bool may_block, const char **name)
{
	for (;;) {
		size_t unseen = list->end - list->scanned;
		char *nul = unseen > 0 ? memchr(list->data + list->scanned, '\0', unseen) : NULL;
		if (nul) {
			size_t at = (size_t)(nul - list->data);
			return take(list, at, at + 1, name);
		}
		list->scanned = list->end;
		if (list->ended && (list->error || list->start == list->end))
			return SUPPLY_NONE;
		if (list->ended)
			return take(list, list->end, list->end, name);
		if (!may_block && would_block(list))
			return SUPPLY_WAIT;
		read_more(list);
	}
}

int namelist_error(const struct namelist *list)
{
	return list->error;
}

void namelist_rewind(struct namelist *list)
{
	list->start = list->scanned = 0;
}

void namelist_close(struct namelist *list)
{
	if (!list)
		return;
	int saved = errno;
	if (list->fd > STDIN_FILENO)
		close(list->fd);
	free(list->data);
	free(list);
	errno = saved;
}
