/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file system whose files misbehave: FOLDER's files, seen below MOUNTPOINT/RULES/, where RULES is
 * a list of words with commas between:
 *
 *   keep         the page cache is kept from one open to the next
 *   direct       no page cache, no mappings
 *   error=E@N+M  reads that touch the M bytes at N fail with errno E
 *   once         ... the first time only
 *   size=N       what stat() says
 *   short=N      a read brings N bytes at most (with direct; else that would be the end of the
 * file) slow=MS      reads take so many milliseconds shrink=N     once anything at N or behind it
 * has been read the file ends at N exit=N       a read that touches N ends the file system
 *
 * It speaks the kernel's protocol itself (linux/fuse.h), so it needs no library; it needs the right
 * to mount. It serves until it is killed or the mount is gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
	NODES_MAX = 4096,
	THREADS = 8,
	READ_MAX = 1 << 20,
	REQUEST_MAX = READ_MAX + (64 << 10),
};

/* The root is node 1, which has no name; below it are folders of rules, and in those the files. */
struct node {
	uint64_t parent;
	char name[256];
	int fd; /* of the file in FOLDER; -1: a folder */
	bool keep, direct, once, failed, shrunk;
	int error;
	uint64_t error_at, error_end, size, shrink_at, exit_at;
	unsigned short_max, slow_ms;
};

static struct node nodes[NODES_MAX];
static uint64_t n_nodes = 2;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *folder;
static int device;

static void parse_rules(struct node *n, const char *rules)
{
	char copy[256], *rest = copy;

	n->error_at = n->size = n->shrink_at = n->exit_at = UINT64_MAX;
	n->short_max = READ_MAX;
	snprintf(copy, sizeof copy, "%s", rules);
	for (char *word; (word = strsep(&rest, ","));) {
		unsigned long long a = 0, b = 0;
		int error;
		n->keep |= strcmp(word, "keep") == 0;
		n->direct |= strcmp(word, "direct") == 0;
		n->once |= strcmp(word, "once") == 0;
		if (sscanf(word, "error=%d@%llu+%llu", &error, &a, &b) == 3) {
			n->error = error;
			n->error_at = a;
			n->error_end = a + b;
		} else if (sscanf(word, "size=%llu", &a) == 1) {
			n->size = a;
		} else if (sscanf(word, "short=%llu", &a) == 1) {
			n->short_max = (unsigned)a;
		} else if (sscanf(word, "slow=%llu", &a) == 1) {
			n->slow_ms = (unsigned)a;
		} else if (sscanf(word, "shrink=%llu", &a) == 1) {
			n->shrink_at = a;
		} else if (sscanf(word, "exit=%llu", &a) == 1) {
			n->exit_at = a;
		}
	}
}

/* The node of that name, made if it is new; 0: there is none. */
static uint64_t node_of(uint64_t parent, const char *name)
{
	char path[4096];

	for (uint64_t i = 2; i < n_nodes; i++)
		if (nodes[i].parent == parent && strcmp(nodes[i].name, name) == 0)
			return i;
	if (n_nodes == NODES_MAX || strlen(name) >= sizeof nodes[0].name)
		return 0;
	struct node *n = &nodes[n_nodes];
	*n = (struct node){.parent = parent, .fd = -1};
	snprintf(n->name, sizeof n->name, "%s", name);
	if (parent != FUSE_ROOT_ID) {
		snprintf(path, sizeof path, "%s/%s", folder, name);
		n->fd = open(path, O_RDONLY | O_CLOEXEC);
		if (n->fd < 0)
			return 0;
		parse_rules(n, nodes[parent].name);
	}
	return n_nodes++;
}

static struct fuse_attr attr_of(uint64_t id)
{
	const struct node *n = &nodes[id];
	struct fuse_attr a = {.ino = id, .nlink = 1, .mode = S_IFDIR | 0755, .blksize = 4096};
	struct stat st;

	if (id != FUSE_ROOT_ID && n->fd >= 0 && fstat(n->fd, &st) == 0) {
		a.mode = S_IFREG | 0644;
		a.size = n->shrunk               ? n->shrink_at
		         : n->size != UINT64_MAX ? n->size
		                                 : (uint64_t)st.st_size;
		a.blocks = (a.size + 511) / 512;
	}
	return a;
}

static void reply(uint64_t unique, int error, const void *bytes, size_t size)
{
	struct fuse_out_header head = {
		.len = (uint32_t)(sizeof head + size), .error = -error, .unique = unique};
	struct iovec iov[2] = {{&head, sizeof head}, {(void *)(uintptr_t)bytes, size}};

	/* A request that has been interrupted meanwhile is gone: ENOENT. */
	if (writev(device, iov, 2) < 0 && errno != ENOENT)
		_exit(errno == ENODEV ? 0 : 2);
}

static void do_read(uint64_t unique, struct node *n, const struct fuse_read_in *in, char *buffer)
{
	uint64_t begin = in->offset, end = in->offset + in->size;
	size_t size = in->size;

	if (n->slow_ms)
		usleep(n->slow_ms * 1000);
	pthread_mutex_lock(&lock);
	bool fails = begin < n->error_end && end > n->error_at && !(n->once && n->failed);
	n->failed |= fails;
	uint64_t last = n->shrunk ? n->shrink_at : UINT64_MAX;
	n->shrunk |= end > n->shrink_at;
	pthread_mutex_unlock(&lock);
	if (n->exit_at >= begin && n->exit_at < end)
		_exit(0);
	if (n->direct && size > n->short_max)
		size = n->short_max;
	if (begin >= last)
		size = 0;
	else if (size > last - begin)
		size = (size_t)(last - begin);
	if (fails) {
		reply(unique, n->error, NULL, 0);
		return;
	}
	ssize_t got = pread(n->fd, buffer, size, (off_t)begin);
	reply(unique, got < 0 ? errno : 0, buffer, got < 0 ? 0 : (size_t)got);
}

static void do_lookup(uint64_t unique, uint64_t parent, const char *name)
{
	pthread_mutex_lock(&lock);
	uint64_t id = nodes[parent].fd < 0 ? node_of(parent, name) : 0;
	struct fuse_entry_out entry = {.nodeid = id, .attr = attr_of(id)};
	pthread_mutex_unlock(&lock);
	reply(unique, id ? 0 : ENOENT, &entry, id ? sizeof entry : 0);
}

static void do_init(uint64_t unique, const struct fuse_init_in *in)
{
	struct fuse_init_out out = {
		.major = FUSE_KERNEL_VERSION,
		.minor = 31,
		.max_readahead = in->max_readahead,
		.flags = in->flags & (FUSE_ASYNC_READ | FUSE_MAX_PAGES),
		.max_write = 4096,
		.max_background = 16,
		.congestion_threshold = 16,
		.max_pages = 256,
		.time_gran = 1,
	};

	reply(unique, 0, &out, sizeof out);
}

static void serve(const struct fuse_in_header *in, const void *body, char *buffer)
{
	struct node *n = &nodes[in->nodeid < NODES_MAX ? in->nodeid : 0];
	struct fuse_attr_out attr = {0};
	struct fuse_open_out opened = {0};

	switch (in->opcode) {
	case FUSE_INIT:
		do_init(in->unique, body);
		break;
	case FUSE_LOOKUP:
		do_lookup(in->unique, in->nodeid, body);
		break;
	case FUSE_GETATTR:
		attr.attr = attr_of(in->nodeid);
		reply(in->unique, 0, &attr, sizeof attr);
		break;
	case FUSE_OPEN:
		opened.open_flags =
			(n->keep ? FOPEN_KEEP_CACHE : 0u) | (n->direct ? FOPEN_DIRECT_IO : 0u);
		reply(in->unique, 0, &opened, sizeof opened);
		break;
	case FUSE_READ:
		do_read(in->unique, n, body, buffer);
		break;
	case FUSE_RELEASE:
		reply(in->unique, 0, NULL, 0);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break; /* have no answer */
	case FUSE_DESTROY:
		_exit(0);
	default:
		reply(in->unique, ENOSYS, NULL, 0);
	}
}

static void *loop(void *arg)
{
	char *request = malloc(REQUEST_MAX), *buffer = malloc(READ_MAX);

	(void)arg;
	while (request && buffer) {
		ssize_t n = read(device, request, REQUEST_MAX);
		if (n < 0 && (errno == EINTR || errno == EAGAIN || errno == ENOENT))
			continue;
		if (n < (ssize_t)sizeof(struct fuse_in_header))
			_exit(errno == ENODEV ? 0 : 2);
		serve((const void *)request, request + sizeof(struct fuse_in_header), buffer);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	char options[128];
	pthread_t thread;

	if (argc != 3) {
		fprintf(stderr, "usage: faultfs FOLDER MOUNTPOINT\n");
		return 1;
	}
	folder = argv[1];
	nodes[FUSE_ROOT_ID].fd = -1;
	device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=%u,group_id=%u", device,
	         getuid(), getgid());
	if (device < 0 ||
	    mount("faultfs", argv[2], "fuse.faultfs", MS_NOSUID | MS_NODEV, options) != 0) {
		perror(device < 0 ? "/dev/fuse" : "mount");
		return 77;
	}
	puts("mounted");
	fflush(stdout);
	for (int i = 1; i < THREADS; i++)
		if (pthread_create(&thread, NULL, loop, NULL) != 0)
			return 1;
	loop(NULL);
	return 1;
}
