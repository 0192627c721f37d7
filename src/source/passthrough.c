/* SPDX-License-Identifier: BSD-2-Clause */
/* A stream goes on to somebody else while it is read. */
#include "base/base.h"
#include "base/fault.h"
#include "base/fd.h"
#include "source/passthrough.h"
#include "source/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Read at once for what is no pipe: in cache until it is written. */
enum { BLOCK = 256 << 10 };

static mode_t type_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 ? st.st_mode & S_IFMT : 0;
}

/*
 * A 0 of splice(2) is asked again by read(2), which must not happen on a terminal. On the other
 * side, what is written there makes room for a status line, and what is spliced could not.
 */
void passthrough_init(struct passthrough *p, int in, int out)
{
	mode_t from = type_of(in), to = type_of(out);

	*p = (struct passthrough){
		.in = in,
		.out = out,
		.tees = S_ISFIFO(from) && S_ISFIFO(to),
		.splices = (S_ISFIFO(from) || S_ISREG(from) || S_ISSOCK(from)) && !S_ISCHR(to),
	};
}

bool passthrough_is_loop(int in, int out)
{
	struct stat from, to;
	off_t at = lseek(in, 0, SEEK_CUR);

	if (at < 0 || fstat(in, &from) != 0 || fstat(out, &to) != 0 || from.st_dev != to.st_dev ||
	    from.st_ino != to.st_ino)
		return false;
	int flags = fcntl(out, F_GETFL);
	off_t target = flags >= 0 && (flags & O_APPEND) ? from.st_size : lseek(out, 0, SEEK_CUR);
	return at < target;
}

/* So much has come through at once that a pipe was full. */
static void grow(struct passthrough *p, size_t n)
{
	if (p->grown || n < PIPE_USUAL)
		return;
	p->grown = true;
	pipe_grow(p->in);
	pipe_grow(p->out);
}

/* Bytes that were read could not be written: as if they had not been read. */
static void put_back(struct passthrough *p, size_t unwritten)
{
	p->error = errno;
	(void)lseek(p->in, -(off_t)unwritten, SEEK_CUR);
}

static ssize_t copy(struct passthrough *p, void *bytes, size_t n)
{
	size_t held = pipe_capacity(p->out);

	ssize_t got = read_some(p->in, bytes, (size_t)min_u64(n, held > 0 ? held : BLOCK));
	if (got <= 0)
		return got;
	FAULT("pass");
	size_t written = write_most(p->out, bytes, (size_t)got);
	if (written < (size_t)got)
		put_back(p, (size_t)got - written);
	grow(p, written);
	return (ssize_t)written;
}

enum moved { MOVED, MOVED_CUT, MOVED_NOTHING };

/*
 * What tee(2) or splice(2) has come to. If it is 0, or an error that says no more than that the
 * call cannot be made here, `*works` becomes false: copying tells what is the matter.
 */
static enum moved judge(struct passthrough *p, ssize_t moved, bool *works)
{
	if (moved > 0)
		return MOVED;
	if (moved < 0 && errno == EPIPE) {
		p->error = EPIPE;
		return MOVED_CUT;
	}
	*works = false;
	return MOVED_NOTHING;
}

/* Reads what has been passed on by tee(2). */
static ssize_t catch_up(struct passthrough *p, void *bytes, size_t n)
{
	ssize_t got = read_some(p->in, bytes, (size_t)min_u64(min_u64(n, PIPE_BLOCK), p->ahead));

	if (got > 0)
		p->ahead -= (uint64_t)got;
	return got;
}

ssize_t passthrough_read(struct passthrough *p, void *bytes, size_t n)
{
	if (p->ahead > 0)
		return catch_up(p, bytes, n);
	if (p->error)
		return 0;
	if (!p->tees)
		return copy(p, bytes, n);
	FAULT("tee");
	ssize_t teed = pipe_tee(p->in, p->out);
	enum moved moved = judge(p, teed, &p->tees);
	if (moved != MOVED)
		return moved == MOVED_CUT ? 0 : copy(p, bytes, n);
	FAULT("teed");
	p->ahead = (uint64_t)teed;
	grow(p, (size_t)teed);
	return catch_up(p, bytes, n);
}

ssize_t passthrough_skip(struct passthrough *p, void *buffer, size_t n)
{
	if (p->ahead > 0)
		return catch_up(p, buffer, n);
	if (p->error)
		return 0;
	if (!p->splices)
		return copy(p, buffer, n);
	FAULT("splice");
	ssize_t spliced = pipe_splice(p->in, p->out);
	enum moved moved = judge(p, spliced, &p->splices);
	if (moved != MOVED)
		return moved == MOVED_CUT ? 0 : copy(p, buffer, n);
	grow(p, (size_t)spliced);
	return spliced;
}
