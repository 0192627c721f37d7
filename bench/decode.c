/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What libzstd can do at most: nothing but ZSTD_decompressStream().
 *
 *   decode FILE [TIMES]    decode FILE, by so many threads (1) at once, each all of it
 *
 * Read 1 MiB and decoded 128 KiB at a time; what comes out is not looked at.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THREADS_MAX = 64, IN_SIZE = 1 << 20, OUT_SIZE = 128 << 10 };

/* As zstd.h has them; so no header is needed. */
struct in_buffer {
	const void *src;
	size_t size, pos;
};

struct out_buffer {
	void *dst;
	size_t size, pos;
};

static struct {
	void *(*create)(void);
	size_t (*decompress)(void *context, struct out_buffer *out, struct in_buffer *in);
	unsigned (*is_error)(size_t code);
	const char *file;
} job;

static void die(const char *what, const char *why)
{
	fprintf(stderr, "decode: %s: %s\n", what, why);
	exit(1);
}

static void *decode(void *bytes)
{
	void *context = job.create();
	char *from = malloc(IN_SIZE), *to = malloc(OUT_SIZE);
	int fd = open(job.file, O_RDONLY | O_CLOEXEC);
	size_t total = 0;
	ssize_t n;

	if (fd < 0 || !context || !from || !to)
		die(job.file, strerror(errno));
	while ((n = read(fd, from, IN_SIZE)) > 0) {
		struct in_buffer in = {from, (size_t)n, 0};
		struct out_buffer out;
		do {
			out = (struct out_buffer){to, OUT_SIZE, 0};
			if (job.is_error(job.decompress(context, &out, &in)))
				die(job.file, "cannot be decoded");
			total += out.pos;
		} while (in.pos < in.size || out.pos == out.size);
	}
	if (n < 0)
		die(job.file, strerror(errno));
	close(fd);
	free(from);
	free(to);
	*(size_t *)bytes = total;
	return NULL;
}

/* dlsym() gives a pointer to data, which C knows no way to turn into one to a function. */
static void load(void *library, const char *name, void *function)
{
	void *found = dlsym(library, name);

	if (!found)
		die(name, "not in the library");
	memcpy(function, &found, sizeof found);
}

int main(int argc, char **argv)
{
	unsigned long threads = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
	void *library = dlopen("libzstd.so.1", RTLD_NOW);
	pthread_t thread[THREADS_MAX];
	size_t bytes[THREADS_MAX], total = 0;

	if (argc < 2 || threads < 1 || threads > THREADS_MAX) {
		fprintf(stderr, "usage: decode FILE [TIMES]\n");
		return 2;
	}
	if (!library)
		die("libzstd.so.1", "cannot be loaded");
	load(library, "ZSTD_createDCtx", &job.create);
	load(library, "ZSTD_decompressStream", &job.decompress);
	load(library, "ZSTD_isError", &job.is_error);
	job.file = argv[1];
	for (unsigned long i = 1; i < threads; i++)
		if (pthread_create(&thread[i], NULL, decode, &bytes[i]) != 0)
			die("threads", "cannot be made");
	decode(&bytes[0]);
	for (unsigned long i = 1; i < threads; i++)
		pthread_join(thread[i], NULL);
	for (unsigned long i = 0; i < threads; i++)
		total += bytes[i];
	printf("%zu bytes\n", total);
	return 0;
}
