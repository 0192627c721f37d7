/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A preload library that refuses one call of the C library: the REFUSE_NTH-th call of REFUSE_CALL
 * in each process fails with errno REFUSE_ERRNO; the 0th: each of them. With REFUSE_COUNTS it only
 * counts: at exit the numbers of calls of the first process are written to that file.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* clang-format off */
#define CALLS(X) \
	X(mmap) X(malloc) X(calloc) X(realloc) X(open) X(openat) X(read) X(pread) X(fstat) X(stat) \
	X(fstatat) X(opendir) X(fdopendir) X(readdir) X(preadv2) X(lseek) X(close) X(write) X(fork) \
	X(pthread_create) X(pthread_mutexattr_setrobust) X(fcntl) X(sched_getaffinity) X(sigaction) \
	X(sendmsg) X(inotify_init1) X(inotify_add_watch) X(recvmsg) X(send) X(recv) X(waitpid) X(socketpair) \
	X(prctl) X(poll) X(tee) X(splice) X(pipe2) X(mincore) X(posix_fadvise)
/* clang-format on */

enum call {
#define X(name) CALL_##name,
	CALLS(X)
#undef X
		CALLS_N
};

static const char *const names[] = {
#define X(name) #name,
	CALLS(X)
#undef X
};

static _Atomic long seen[CALLS_N];
static int refused_call = -1, refused_errno = ENOMEM;
static long refused_nth;
static pid_t counting; /* 0: nobody */

__attribute__((constructor)) static void start(void)
{
	const char *call = getenv("REFUSE_CALL"), *nth = getenv("REFUSE_NTH"),
		   *err = getenv("REFUSE_ERRNO");

	for (int i = 0; call && i < CALLS_N; i++)
		if (strcmp(call, names[i]) == 0)
			refused_call = i;
	refused_nth = nth ? atol(nth) : 0;
	refused_errno = err ? atoi(err) : ENOMEM;
	if (getenv("REFUSE_COUNTS"))
		counting = getpid();
	for (int i = 0; i < CALLS_N; i++)
		seen[i] = 0; /* what came before main() is the loader's */
}

__attribute__((destructor)) static void finish(void)
{
	if (counting != getpid())
		return;
	char text[1024] = "";
	for (int i = 0; i < CALLS_N; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "%s %ld\n", names[i],
		         (long)seen[i]);
	int fd = (int)syscall(SYS_openat, AT_FDCWD, getenv("REFUSE_COUNTS"),
	                      O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (syscall(SYS_write, fd, text, strlen(text)) < 0)
		abort();
}

/* Counts the call; is it the one to be refused? */
static bool refused(enum call call)
{
	long n = atomic_fetch_add(&seen[call], 1) + 1;

	if ((int)call != refused_call || (refused_nth != 0 && n != refused_nth))
		return false;
	errno = refused_errno;
	return true;
}

#define REAL(type, name, ...) ((type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name))

/* Allocation must work before dlsym() does: the C library's own names need no looking up. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);

void *malloc(size_t size)
{
	return refused(CALL_malloc) ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return refused(CALL_calloc) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	return refused(CALL_realloc) ? NULL : __libc_realloc(p, size);
}

void *mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset)
{
	if (refused(CALL_mmap))
		return MAP_FAILED;
	return (void *)syscall(SYS_mmap, at, size, prot, flags, fd, offset);
}

int open(const char *path, int flags, ...)
{
	va_list ap;

	va_start(ap, flags);
	int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, int) : 0;
	va_end(ap);
	return refused(CALL_open) ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int openat(int from, const char *path, int flags, ...)
{
	va_list ap;

	va_start(ap, flags);
	int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, int) : 0;
	va_end(ap);
	return refused(CALL_openat) ? -1 : (int)syscall(SYS_openat, from, path, flags, mode);
}

int fstatat(int from, const char *path, struct stat *st, int flags)
{
	if (refused(CALL_fstatat))
		return -1;
	return REAL(int, fstatat, int, const char *, struct stat *, int)(from, path, st, flags);
}

DIR *opendir(const char *path)
{
	return refused(CALL_opendir) ? NULL : REAL(DIR *, opendir, const char *)(path);
}

DIR *fdopendir(int fd)
{
	return refused(CALL_fdopendir) ? NULL : REAL(DIR *, fdopendir, int)(fd);
}

struct dirent *readdir(DIR *dir)
{
	return refused(CALL_readdir) ? NULL : REAL(struct dirent *, readdir, DIR *)(dir);
}

ssize_t preadv2(int fd, const struct iovec *iov, int n, off_t offset, int flags)
{
	if (refused(CALL_preadv2))
		return -1;
	return REAL(ssize_t, preadv2, int, const struct iovec *, int, off_t, int)(fd, iov, n,
	                                                                          offset, flags);
}

ssize_t read(int fd, void *buffer, size_t n)
{
	return refused(CALL_read) ? -1 : syscall(SYS_read, fd, buffer, n);
}

ssize_t pread(int fd, void *buffer, size_t n, off_t offset)
{
	return refused(CALL_pread) ? -1 : syscall(SYS_pread64, fd, buffer, n, offset);
}

ssize_t write(int fd, const void *buffer, size_t n)
{
	return refused(CALL_write) ? -1 : syscall(SYS_write, fd, buffer, n);
}

off_t lseek(int fd, off_t offset, int whence)
{
	return refused(CALL_lseek) ? -1 : syscall(SYS_lseek, fd, offset, whence);
}

int close(int fd)
{
	int result = (int)syscall(SYS_close, fd);

	return refused(CALL_close) ? -1 : result; /* Linux has closed it all the same */
}

int fstat(int fd, struct stat *st)
{
	return refused(CALL_fstat) ? -1 : REAL(int, fstat, int, struct stat *)(fd, st);
}

int stat(const char *path, struct stat *st)
{
	return refused(CALL_stat) ? -1 : REAL(int, stat, const char *, struct stat *)(path, st);
}

int fcntl(int fd, int command, ...)
{
	va_list ap;

	va_start(ap, command);
	void *arg = va_arg(ap, void *);
	va_end(ap);
	return refused(CALL_fcntl) ? -1 : REAL(int, fcntl, int, int, ...)(fd, command, arg);
}

pid_t fork(void)
{
	return refused(CALL_fork) ? -1 : REAL(pid_t, fork, void)();
}

int pthread_create(pthread_t *id, const pthread_attr_t *attr, void *(*fn)(void *), void *arg)
{
	if (refused(CALL_pthread_create))
		return EAGAIN;
	return REAL(int, pthread_create, pthread_t *, const pthread_attr_t *, void *(*)(void *),
	            void *)(id, attr, fn, arg);
}

int pthread_mutexattr_setrobust(pthread_mutexattr_t *attr, int robust)
{
	if (refused(CALL_pthread_mutexattr_setrobust))
		return refused_errno;
	return REAL(int, pthread_mutexattr_setrobust, pthread_mutexattr_t *, int)(attr, robust);
}

int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set)
{
	if (refused(CALL_sched_getaffinity))
		return -1;
	return REAL(int, sched_getaffinity, pid_t, size_t, cpu_set_t *)(pid, size, set);
}

int sigaction(int sig, const struct sigaction *act, struct sigaction *old)
{
	if (refused(CALL_sigaction))
		return -1;
	return REAL(int, sigaction, int, const struct sigaction *, struct sigaction *)(sig, act,
	                                                                               old);
}

int inotify_init1(int flags)
{
	return refused(CALL_inotify_init1) ? -1 : (int)syscall(SYS_inotify_init1, flags);
}

int inotify_add_watch(int fd, const char *path, uint32_t mask)
{
	return refused(CALL_inotify_add_watch)
	               ? -1
	               : (int)syscall(SYS_inotify_add_watch, fd, path, mask);
}

ssize_t sendmsg(int socket, const struct msghdr *message, int flags)
{
	if (refused(CALL_sendmsg))
		return -1;
	return REAL(ssize_t, sendmsg, int, const struct msghdr *, int)(socket, message, flags);
}

ssize_t recvmsg(int socket, struct msghdr *message, int flags)
{
	if (refused(CALL_recvmsg))
		return -1;
	return REAL(ssize_t, recvmsg, int, struct msghdr *, int)(socket, message, flags);
}

ssize_t send(int socket, const void *bytes, size_t n, int flags)
{
	if (refused(CALL_send))
		return -1;
	return REAL(ssize_t, send, int, const void *, size_t, int)(socket, bytes, n, flags);
}

ssize_t recv(int socket, void *bytes, size_t n, int flags)
{
	if (refused(CALL_recv))
		return -1;
	return REAL(ssize_t, recv, int, void *, size_t, int)(socket, bytes, n, flags);
}

pid_t waitpid(pid_t pid, int *status, int options)
{
	if (refused(CALL_waitpid))
		return -1;
	return REAL(pid_t, waitpid, pid_t, int *, int)(pid, status, options);
}

int socketpair(int domain, int type, int protocol, int pair[2])
{
	if (refused(CALL_socketpair))
		return -1;
	return REAL(int, socketpair, int, int, int, int *)(domain, type, protocol, pair);
}

int prctl(int option, ...)
{
	unsigned long arg[4];
	va_list ap;

	va_start(ap, option);
	for (int i = 0; i < 4; i++)
		arg[i] = va_arg(ap, unsigned long);
	va_end(ap);
	return refused(CALL_prctl)
	               ? -1
	               : (int)syscall(SYS_prctl, option, arg[0], arg[1], arg[2], arg[3]);
}

int mincore(void *at, size_t n, unsigned char *in)
{
	return refused(CALL_mincore) ? -1 : (int)syscall(SYS_mincore, at, n, in);
}

int posix_fadvise(int fd, off_t offset, off_t n, int advice)
{
	if (refused(CALL_posix_fadvise))
		return refused_errno;
	return REAL(int, posix_fadvise, int, off_t, off_t, int)(fd, offset, n, advice);
}

int poll(struct pollfd *fds, nfds_t n, int timeout)
{
	return refused(CALL_poll) ? -1
	                          : REAL(int, poll, struct pollfd *, nfds_t, int)(fds, n, timeout);
}

/* With REFUSE_ERRNO=0 it moves nothing, and says so. */
ssize_t tee(int in, int out, size_t n, unsigned flags)
{
	if (refused(CALL_tee))
		return refused_errno ? -1 : 0;
	return syscall(SYS_tee, in, out, n, flags);
}

ssize_t splice(int in, off64_t *in_at, int out, off64_t *out_at, size_t n, unsigned flags)
{
	if (refused(CALL_splice))
		return refused_errno ? -1 : 0;
	return syscall(SYS_splice, in, in_at, out, out_at, n, flags);
}

int pipe2(int fd[2], int flags)
{
	return refused(CALL_pipe2) ? -1 : REAL(int, pipe2, int *, int)(fd, flags);
}
