/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What this machine can do at most: the limits that pcount is measured against.
 *
 *   probe mmap FILE [THREADS [MIB]]   sum the bytes of FILE through mapped windows of MIB (16)
 *   probe pread FILE [THREADS [KIB]]  read FILE by pread, KIB (1024) at a time, look at nothing
 *   probe dontcache FILE [THREADS [KIB]]  the same with RWF_DONTCACHE, KIB (2048) at a time
 *   probe direct FILE [THREADS [KIB]] the same by O_DIRECT, KIB (4096) at a time
 *   probe pipe                        read standard input, its pipe enlarged to 1 MiB
 *   probe splice FILE                 write FILE to standard output, a pipe, by splice(2)
 *   probe drain                       move standard input, a pipe, to /dev/null by splice(2)
 *   probe files LIST [THREADS [1]]    open, read, close each file of LIST (names end with NUL);
 * with 1, ask for the sizes of all before, as wc has to for its columns probe hold FILE... keep the
 * files in the page cache until standard input ends probe resident FILE               print how
 * much of FILE is in the page cache, 0 to 1 probe evict FILE                  put FILE out of the
 * page cache
 *
 * The first three, drain and files print bytes and seconds. Threads (2 unless told) take windows
 * from one counter, in the order of the file.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define MAX_THREADS 256
#define MIB         ((size_t)1 << 20)
#define DONTCACHE   0x80 /* RWF_DONTCACHE, which headers may lack */

static struct {
	void *(*work)(void *);
	int fd;              /* of the file */
	size_t size, window; /* of the file and of one piece of it, in bytes */
	char **names;        /* of the many small files */
	size_t count;
	_Atomic size_t next;  /* piece or name that is to be taken */
	_Atomic uint64_t sum; /* so that no compiler leaves the work out */
	_Atomic size_t bytes;
} job;

static void die(const char *what)
{
	fprintf(stderr, "probe: %s: %s\n", what, strerror(errno));
	exit(1);
}

/*
 * The sum of the 64-bit words of [p, p + n): as cheap as a consumer that looks at every byte can
 * be.
 */
typedef uint64_t vec __attribute__((vector_size(64), aligned(64)));

static inline __attribute__((always_inline)) uint64_t sum_body(const unsigned char *p, size_t n)
{
	const vec *v = (const vec *)(const void *)p;
	vec a = {0}, b = {0}, c = {0}, d = {0};
	size_t i = 0;

	for (; i + 4 <= n / sizeof(vec); i += 4) {
		a += v[i];
		b += v[i + 1];
		c += v[i + 2];
		d += v[i + 3];
	}
	a += b + c + d;
	return a[0] + a[1] + a[2] + a[3] + a[4] + a[5] + a[6] + a[7];
}

static uint64_t sum_plain(const unsigned char *p, size_t n)
{
	return sum_body(p, n);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static uint64_t sum_avx2(const unsigned char *p, size_t n)
{
	return sum_body(p, n);
}

__attribute__((target("avx512f"))) static uint64_t sum_avx512(const unsigned char *p, size_t n)
{
	return sum_body(p, n);
}
#endif

static uint64_t sum(const unsigned char *p, size_t n)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx512f"))
		return sum_avx512(p, n);
	if (__builtin_cpu_supports("avx2"))
		return sum_avx2(p, n);
#endif
	return sum_plain(p, n);
}

/* Page-aligned: the kernel's copy to any other address is two to three times slower on a Zen 4. */
static unsigned char *new_buffer(size_t size)
{
	unsigned char *buffer = aligned_alloc(4096, (size + 4095) / 4096 * 4096);

	if (!buffer)
		die("memory");
	return buffer;
}

/* Takes the next piece of the file: its offset and length; 0 after the last. */
static size_t take(size_t *offset)
{
	*offset = atomic_fetch_add_explicit(&job.next, 1, memory_order_relaxed) * job.window;
	if (*offset >= job.size)
		return 0;
	return job.size - *offset < job.window ? job.size - *offset : job.window;
}

static void *work_mmap(void *unused)
{
	size_t offset, n;

	while ((n = take(&offset)) > 0) {
		unsigned char *p = mmap(NULL, n, PROT_READ, MAP_SHARED, job.fd, (off_t)offset);

		if (p == MAP_FAILED)
			die("mmap");
		atomic_fetch_add_explicit(&job.sum, sum(p, n), memory_order_relaxed);
		atomic_fetch_add_explicit(&job.bytes, n, memory_order_relaxed);
		munmap(p, n);
	}
	return unused;
}

static void *work_pread(void *unused)
{
	unsigned char *buffer = new_buffer(job.window);
	size_t offset, n;

	while ((n = take(&offset)) > 0)
		for (size_t done = 0; done < n;) {
			ssize_t got = pread(job.fd, buffer, n - done, (off_t)(offset + done));

			if (got <= 0)
				die("pread");
			done += (size_t)got;
			atomic_fetch_add_explicit(&job.bytes, (size_t)got, memory_order_relaxed);
		}
	free(buffer);
	return unused;
}

static void *work_dontcache(void *unused)
{
	struct iovec iov = {.iov_base = new_buffer(job.window)};
	size_t offset;

	while ((iov.iov_len = take(&offset)) > 0) {
		ssize_t got = preadv2(job.fd, &iov, 1, (off_t)offset, DONTCACHE);

		if (got <= 0)
			die("preadv2");
		atomic_fetch_add_explicit(&job.bytes, (size_t)got, memory_order_relaxed);
	}
	free(iov.iov_base);
	return unused;
}

/* Whole windows: what the file lacks of the last one is not read. */
static void *work_direct(void *unused)
{
	unsigned char *buffer = new_buffer(job.window);
	size_t offset;

	while (take(&offset) > 0) {
		ssize_t got = pread(job.fd, buffer, job.window, (off_t)offset);

		if (got <= 0)
			die("pread");
		atomic_fetch_add_explicit(&job.bytes, (size_t)got, memory_order_relaxed);
	}
	free(buffer);
	return unused;
}

static void *work_sizes(void *unused)
{
	struct stat st;
	size_t i;

	while ((i = atomic_fetch_add_explicit(&job.next, 1, memory_order_relaxed)) < job.count)
		if (stat(job.names[i], &st) != 0)
			die(job.names[i]);
	return unused;
}

static void *work_files(void *unused)
{
	unsigned char *buffer = new_buffer(MIB);
	size_t i, bytes = 0;
	ssize_t got;

	while ((i = atomic_fetch_add_explicit(&job.next, 1, memory_order_relaxed)) < job.count) {
		int fd = open(job.names[i], O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			die(job.names[i]);
		while ((got = read(fd, buffer, MIB)) > 0) {
			bytes += (size_t)got;
			if ((size_t)got < MIB)
				break;
		}
		close(fd);
	}
	atomic_fetch_add_explicit(&job.bytes, bytes, memory_order_relaxed);
	free(buffer);
	return unused;
}

static void read_pipe(void)
{
	unsigned char *buffer = new_buffer(MIB);
	ssize_t got;

	fcntl(0, F_SETPIPE_SZ, (int)MIB);
	while ((got = read(0, buffer, MIB)) > 0)
		job.bytes += (size_t)got;
	free(buffer);
}

/* Everything from one to the other, one of which is a pipe. */
static void move(int in, int out)
{
	ssize_t moved;

	fcntl(in, F_SETPIPE_SZ, (int)MIB);
	fcntl(out, F_SETPIPE_SZ, (int)MIB);
	while ((moved = splice(in, NULL, out, NULL, 64 * MIB, SPLICE_F_MOVE)) > 0)
		job.bytes += (size_t)moved;
	if (moved < 0)
		die("splice");
}

static void drain_pipe(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null < 0)
		die("/dev/null");
	move(0, null);
}

static void open_file(const char *name)
{
	struct stat st;

	job.fd = open(name, O_RDONLY | O_CLOEXEC);
	if (job.fd < 0 || fstat(job.fd, &st) != 0)
		die(name);
	job.size = (size_t)st.st_size;
}

static void *map_file(const char *name)
{
	void *p;

	open_file(name);
	p = mmap(NULL, job.size ? job.size : 1, PROT_READ, MAP_SHARED, job.fd, 0);
	if (p == MAP_FAILED)
		die(name);
	return p;
}

/* The names in the file `list`, one after each other in memory. */
static void open_list(const char *list)
{
	char *p, *end;

	open_file(list);
	p = malloc(job.size + 1);
	if (!p || read(job.fd, p, job.size) != (ssize_t)job.size)
		die(list);
	end = p + job.size;
	job.names = calloc(job.size / 2 + 1, sizeof(*job.names));
	if (!job.names)
		die("memory");
	for (; p < end; p += strlen(p) + 1)
		job.names[job.count++] = p;
}

static void run_threads(unsigned threads)
{
	pthread_t ids[MAX_THREADS];

	for (unsigned i = 1; i < threads; i++)
		if (pthread_create(&ids[i], NULL, job.work, NULL) != 0)
			die("thread");
	job.work(NULL);
	for (unsigned i = 1; i < threads; i++)
		pthread_join(ids[i], NULL);
}

/*
 * Reads the files in and locks them in memory till stdin ends. They are put out first: pages that
 * one sequential reader brought lie in large folios, those that other patterns brought need not,
 * and map three times slower.
 */
static void hold(char **names, int count)
{
	for (int i = 0; i < count; i++) {
		job.next = 0;
		job.window = MIB;
		open_file(names[i]);
		posix_fadvise(job.fd, 0, 0, POSIX_FADV_DONTNEED);
		work_pread(NULL);
		close(job.fd);
		if (mlock(map_file(names[i]), job.size) != 0)
			fprintf(stderr, "probe: cannot lock %s in memory: %s\n", names[i],
			        strerror(errno));
		close(job.fd);
	}
	puts("held");
	fflush(stdout);
	while (read(0, &job.window, 1) > 0)
		;
}

static void print_resident(const char *name)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), pages, resident = 0;
	void *p = map_file(name);
	unsigned char *map = malloc(pages = (job.size + page - 1) / page + 1);

	if (!map || mincore(p, job.size, map) != 0)
		die(name);
	for (size_t i = 0; i + 1 < pages; i++)
		resident += map[i] & 1;
	printf("%.3f\n", pages > 1 ? (double)resident / (double)(pages - 1) : 1.0);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	unsigned threads =
		argc > 3 && strcmp(what, "hold") != 0 ? (unsigned)strtoul(argv[3], NULL, 10) : 2;
	size_t unit = argc > 4 ? strtoul(argv[4], NULL, 10) : 0;
	double start = now();

	if (threads < 1 || threads > MAX_THREADS ||
	    (argc < 3 && strcmp(what, "pipe") != 0 && strcmp(what, "drain") != 0)) {
		fprintf(stderr, "usage: probe mmap|pread|dontcache|direct FILE [THREADS [UNIT]] | "
		                "pipe | drain | files LIST "
		                "[THREADS [1]] | hold|resident|evict|splice FILE\n");
		return 2;
	}
	if (strcmp(what, "mmap") == 0) {
		job.work = work_mmap;
		open_file(argv[2]);
		job.window = unit ? unit * MIB : 16 * MIB;
		run_threads(threads);
	} else if (strcmp(what, "pread") == 0) {
		job.work = work_pread;
		open_file(argv[2]);
		job.window = unit ? unit << 10 : MIB;
		run_threads(threads);
	} else if (strcmp(what, "dontcache") == 0 || strcmp(what, "direct") == 0) {
		bool direct = strcmp(what, "direct") == 0;

		job.work = direct ? work_direct : work_dontcache;
		open_file(argv[2]);
		if (direct && fcntl(job.fd, F_SETFL, O_DIRECT) != 0)
			die("O_DIRECT");
		job.window = unit ? unit << 10 : direct ? 4 * MIB : 2 * MIB;
		run_threads(threads);
	} else if (strcmp(what, "files") == 0) {
		open_list(argv[2]);
		if (unit) {
			job.work = work_sizes;
			run_threads(threads);
			job.next = 0;
		}
		job.work = work_files;
		run_threads(threads);
	} else if (strcmp(what, "pipe") == 0) {
		read_pipe();
	} else if (strcmp(what, "drain") == 0) {
		drain_pipe();
	} else if (strcmp(what, "splice") == 0) {
		open_file(argv[2]);
		move(job.fd, 1);
		return 0;
	} else if (strcmp(what, "hold") == 0) {
		hold(argv + 2, argc - 2);
		return 0;
	} else if (strcmp(what, "resident") == 0) {
		print_resident(argv[2]);
		return 0;
	} else if (strcmp(what, "evict") == 0) {
		open_file(argv[2]);
		return posix_fadvise(job.fd, 0, 0, POSIX_FADV_DONTNEED) != 0;
	} else {
		return 2;
	}
	printf("%zu bytes in %.6f s\n", job.bytes, now() - start);
	return 0;
}
