/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A libbz2 that has been taken over, for tests/fault/hostile.test: when it is asked to decompress
 * it tries to reach everything outside its process, and then says that the data is damaged.
 *
 * HOSTILE_MODE: any of the letters s (stores), d (descriptors), p (processes), m (messages), and k
 * (it kills itself in the end). HOSTILE_BYTE: what is stored. HOSTILE_WITNESS: a process to be
 * harmed. HOSTILE_FILE: a file.
 */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MAPS_MAX = 256, FDS = 64, DATA_ERROR = -4 };

struct stream; /* struct bz_stream: of no interest */

static struct range {
	unsigned char *begin, *end;
} maps[MAPS_MAX];
static int n_maps;
static pid_t parent;
static pid_t witness;
static const char *mode = "", *file = "";
static int byte = 0xFF;
static sigjmp_buf escape;

/* In each new process, before it can have been fenced: what could a store reach? */
static void on_fork(void)
{
	char line[512];
	FILE *list = fopen("/proc/self/maps", "re");

	n_maps = 0;
	parent = getppid();
	while (list && n_maps < MAPS_MAX && fgets(line, sizeof line, list)) {
		unsigned long begin, end;
		char rights[5];
		if (sscanf(line, "%lx-%lx %4s", &begin, &end, rights) == 3 && rights[1] == 'w' &&
		    rights[3] == 's')
			maps[n_maps++] =
				(struct range){(unsigned char *)begin, (unsigned char *)end};
	}
	if (list)
		fclose(list);
}

__attribute__((constructor)) static void start(void)
{
	const char *text;

	if ((text = getenv("HOSTILE_MODE")))
		mode = text;
	if ((text = getenv("HOSTILE_FILE")))
		file = text;
	if ((text = getenv("HOSTILE_BYTE")))
		byte = atoi(text);
	if ((text = getenv("HOSTILE_WITNESS")))
		witness = atoi(text);
	pthread_atfork(NULL, NULL, on_fork);
}

static void on_fault(int sig)
{
	(void)sig;
	siglongjmp(escape, 1);
}

/* Stores all over [begin, end), as far as it is there. */
static void stomp(unsigned char *begin, unsigned char *end)
{
	for (volatile unsigned char *page = begin; page < end; page += 4096)
		if (sigsetjmp(escape, 1) == 0)
			memset((unsigned char *)page, byte, 4096);
}

static void try_stores(void)
{
	for (int i = 0; i < n_maps; i++) {
		void *copy = mremap(maps[i].begin, 0, 4096, MREMAP_MAYMOVE);
		if (copy != MAP_FAILED)
			stomp(copy, (unsigned char *)copy + 4096);
		stomp(maps[i].begin, maps[i].end);
	}
}

static void try_descriptor(int fd)
{
	void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map != MAP_FAILED)
		stomp(map, (unsigned char *)map + 4096);
	map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	if (map != MAP_FAILED && mprotect(map, 4096, PROT_READ | PROT_WRITE) == 0)
		stomp(map, (unsigned char *)map + 4096);
	if (write(fd, "hostile\n", 8) == 8 || pwrite(fd, "hostile\n", 8, 0) == 8 ||
	    ftruncate(fd, 0) == 0)
		return;
}

static void try_descriptors(void)
{
	int fd = open(file, O_WRONLY | O_TRUNC | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	if (unlink(file) == 0 || truncate(file, 0) == 0)
		return;
	for (fd = 0; fd < FDS; fd++)
		try_descriptor(fd);
}

static void try_process(pid_t pid)
{
	static char bytes[4096];
	struct iovec from = {bytes, sizeof bytes};

	for (int i = 0; i < n_maps; i++) {
		struct iovec to = {maps[i].begin, sizeof bytes};
		(void)process_vm_writev(pid, &from, 1, &to, 1, 0);
	}
	if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) == 0)
		return;
	kill(pid, SIGKILL);
	syscall(SYS_tgkill, pid, pid, SIGKILL);
	syscall(SYS_tkill, pid, SIGKILL);
}

/* Whatever sockets there are. */
static void try_messages(void)
{
	static char bytes[70000];

	for (int fd = 0; fd < FDS; fd++) {
		for (size_t n = 0; n < sizeof bytes; n = n * 3 + 1) {
			memset(bytes, byte + (int)n, n);
			(void)send(fd, bytes, n, MSG_DONTWAIT | MSG_NOSIGNAL);
		}
	}
}

static int attack(void)
{
	struct sigaction act = {.sa_handler = on_fault}, old[2];

	sigaction(SIGSEGV, &act, &old[0]);
	sigaction(SIGBUS, &act, &old[1]);
	if (strchr(mode, 'p')) {
		try_process(parent);
		try_process(witness);
	}
	if (strchr(mode, 'd'))
		try_descriptors();
	if (strchr(mode, 'm'))
		try_messages();
	if (strchr(mode, 's'))
		try_stores();
	sigaction(SIGSEGV, &old[0], NULL);
	sigaction(SIGBUS, &old[1], NULL);
	if (strchr(mode, 'k'))
		kill(getpid(), SIGKILL);
	return DATA_ERROR;
}

int BZ2_bzDecompressInit(struct stream *s, int verbosity, int small);
int BZ2_bzDecompress(struct stream *s);
int BZ2_bzDecompressEnd(struct stream *s);
int BZ2_bzBuffToBuffCompress(char *dest, unsigned *dest_n, char *source, unsigned source_n,
                             int level, int verbosity, int work);

int BZ2_bzDecompressInit(struct stream *s, int verbosity, int small)
{
	(void)s;
	(void)verbosity;
	(void)small;
	return 0;
}

int BZ2_bzDecompress(struct stream *s)
{
	(void)s;
	return attack();
}

int BZ2_bzDecompressEnd(struct stream *s)
{
	(void)s;
	return 0;
}

/* To go on from inside a stream some bytes are compressed. */
int BZ2_bzBuffToBuffCompress(char *dest, unsigned *dest_n, char *source, unsigned source_n,
                             int level, int verbosity, int work)
{
	(void)dest;
	(void)dest_n;
	(void)source;
	(void)source_n;
	(void)level;
	(void)verbosity;
	(void)work;
	return attack();
}
