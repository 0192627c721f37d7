/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The processes of a process group, by /proc. readdir(3) and sscanf(3) are not async-signal-safe,
 * so both are done by hand.
 */
#include "base/base.h"
#include "base/group.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	DEPTH_MAX = 32, /* generations that are followed */
	DIGITS_MAX = 10,
};

struct process {
	pid_t parent, group;
	bool ended; /* a zombie */
};

/* The number at *text, which moves to what follows it; -1: there is none. */
static pid_t number(const char **text)
{
	long n = 0;

	while (**text == ' ')
		(*text)++;
	if (**text < '0' || **text > '9')
		return -1;
	for (; **text >= '0' && **text <= '9' && n < 1L << 30; (*text)++)
		n = n * 10 + (**text - '0');
	return (pid_t)n;
}

static void stat_path(char path[32], pid_t pid)
{
	char digits[DIGITS_MAX];
	size_t n = 0, at = 6;

	memcpy(path, "/proc/", at);
	do
		digits[n++] = (char)('0' + pid % 10);
	while ((pid /= 10) > 0 && n < sizeof digits);
	while (n > 0)
		path[at++] = digits[--n];
	memcpy(path + at, "/stat", sizeof "/stat");
}

/*
 * Reads "PID (NAME) STATE PARENT GROUP ...", where the name may have anything in it. 0, or -1:
 * /proc does not tell.
 */
static int process_read(pid_t pid, struct process *process)
{
	char path[32], text[512];

	stat_path(path, pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	const char *at = strrchr(text, ')');
	if (!at || at[1] != ' ' || !at[2])
		return -1;
	process->ended = at[2] == 'Z' || at[2] == 'X';
	at += 3;
	process->parent = number(&at);
	process->group = number(&at);
	return process->parent >= 0 && process->group >= 0 ? 0 : -1;
}

/* Is `older` a parent, or parent's parent and so on, of `younger`? */
static bool is_ancestor(pid_t older, pid_t younger)
{
	struct process p;

	for (int i = 0; i < DEPTH_MAX && younger > 1 && process_read(younger, &p) == 0; i++) {
		if (p.parent == older)
			return true;
		younger = p.parent;
	}
	return false;
}

static bool is_other(pid_t pid, pid_t self, pid_t group)
{
	struct process p;

	return pid != self && process_read(pid, &p) == 0 && p.group == group && !p.ended &&
	       !is_ancestor(pid, self) && !is_ancestor(self, pid);
}

/* Searches some entries of /proc. */
static bool any_other(const char *entries, size_t n, pid_t self, pid_t group)
{
	for (size_t at = 0; at < n;) {
		const struct dirent64 *entry = (const void *)(entries + at);
		const char *name = entry->d_name;
		pid_t pid = number(&name);
		if (pid > 0 && *name == '\0' && is_other(pid, self, group))
			return true;
		at += entry->d_reclen;
	}
	return false;
}

bool group_is_shared(void)
{
	char entries[4096] __attribute__((aligned(__alignof__(struct dirent64))));
	pid_t self = getpid(), group = getpgrp();
	int saved = errno, fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct process p;
	bool shared = false;
	long n;

	if (fd < 0 || process_read(self, &p) != 0) {
		shared = self != group;
	} else {
		while (!shared && (n = syscall(SYS_getdents64, fd, entries, sizeof entries)) > 0)
			shared = any_other(entries, (size_t)n, self, group);
	}
	if (fd >= 0)
		close(fd);
	errno = saved;
	return shared;
}
