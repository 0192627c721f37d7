/* SPDX-License-Identifier: BSD-2-Clause */
/* What a process in the sandbox can and cannot do. */
#include "unit.h"

#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int file; /* open for reading and writing, with something in it */
static int pair[2];
static void *shared; /* memory with others */

/* Each is 0 if the system did as it was told. */
static int try_open(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC) < 0;
}

static int try_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) < 0;
}

static int try_network(void)
{
	return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) < 0;
}

static int try_fork(void)
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	return pid < 0;
}

static int try_exec(void)
{
	char *const arguments[] = {(char[]){"true"}, NULL};
	return execv("/bin/true", arguments);
}

static int try_write(void)
{
	return write(file, "x", 1) != 1;
}

static int try_truncate(void)
{
	return ftruncate(file, 0);
}

static int try_unlink(void)
{
	return unlink("/tmp/no such file") != 0 && errno == EPERM;
}

static int try_kill_parent(void)
{
	return kill(getppid(), 0);
}

static int try_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
	       MAP_FAILED;
}

static int try_make_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED || mprotect(p, 4096, PROT_READ | PROT_EXEC);
}

static int try_ptrace(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0;
}

static int try_send_elsewhere(void)
{
	return send(pair[0], "x", 1, MSG_NOSIGNAL) != 1;
}

static int try_read(void)
{
	char c;
	return pread(file, &c, 1, 0) != 1 || c != 's';
}

static int try_memory(void)
{
	size_t n = 64 << 20;
	char *p = malloc(n);
	if (!p)
		return 1;
	memset(p, 1, n);
	p = realloc(p, 2 * n);
	free(p);
	return 0;
}

static int try_map(void)
{
	return mmap(NULL, 1, PROT_READ, MAP_SHARED, file, 0) == MAP_FAILED;
}

static int try_stat(void)
{
	struct stat st;
	return fstat(file, &st);
}

static int try_send(void)
{
	return send(pair[1], "x", 1, MSG_NOSIGNAL) != 1;
}

/* All of these can be undone by nobody: they change the file, or would let others see. */
static int try_map_for_writing(void)
{
	return mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) == MAP_FAILED;
}

static int try_map_memory_for_others(void)
{
	return mmap(NULL, 1, PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}

static int try_make_writable(void)
{
	void *p = mmap(NULL, 1, PROT_READ, MAP_SHARED, file, 0);
	return p == MAP_FAILED || mprotect(p, 1, PROT_READ | PROT_WRITE);
}

static int try_remove_pages(void)
{
	return madvise(shared, 4096, MADV_REMOVE);
}

static int try_not_to_die_with_the_parent(void)
{
	return prctl(PR_SET_PDEATHSIG, 0);
}

static int try_write_at(void)
{
	return pwrite(file, "s", 1, 0) != 1;
}

static int try_own_memory(void)
{
	char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return 1;
	*p = 1;
	return madvise(p, 4096, MADV_DONTNEED) != 0 || *p != 0 || munmap(p, 4096) != 0;
}

/* How `attempt` ends in a process of its own: 0 done, 1 refused, else what killed it. */
static int outcome(int (*attempt)(void), bool inside)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		if (inside && sandbox_enter(pair[1]) != 0)
			_exit(77);
		_exit(attempt() == 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void forbidden(void **state UNUSED)
{
	static int (*const attempts[])(void) = {
		try_open,
		try_socket,
		try_network,
		try_fork,
		try_exec,
		try_write,
		try_truncate,
		try_kill_parent,
		try_code,
		try_make_code,
		try_ptrace,
		try_send_elsewhere,
		try_map_for_writing,
		try_map_memory_for_others,
		try_make_writable,
		try_remove_pages,
		try_not_to_die_with_the_parent,
		try_write_at,
	};

	for (size_t i = 0; i < ARRAY_LEN(attempts); i++) {
		/* What cannot be done outside either (there is no network, ...) shows nothing. */
		if (outcome(attempts[i], false) != 0)
			printf("attempt %zu is refused everywhere\n", i);
		assert_int_equal(outcome(attempts[i], true), 1);
	}
	assert_int_equal(outcome(try_unlink, true), 1);
}

static void allowed(void **state UNUSED)
{
	static int (*const attempts[])(void) = {try_read, try_memory, try_map,
	                                        try_stat, try_send,   try_own_memory};

	for (size_t i = 0; i < ARRAY_LEN(attempts); i++)
		assert_int_equal(outcome(attempts[i], true), 0);
}

static int setup(void **state UNUSED)
{
	char name[] = "/tmp/test_sandbox.XXXXXX";

	file = mkstemp(name);
	if (file < 0 || unlink(name) != 0 || write(file, "some bytes", 10) != 10)
		return -1;
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return -1;
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(forbidden, setup),
		cmocka_unit_test_setup(allowed, setup),
	};

	if (!sandbox_available()) {
		printf("no seccomp here\n0 passed, 0 failed, 2 skipped\n");
		return 77;
	}
	return unit_run(tests);
}
