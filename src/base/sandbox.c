/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A seccomp filter: a list of what is allowed, since a list of what is not would be out of date
 * with the next kernel. What is not allowed fails rather than kills, for the C library has second
 * choices.
 */
#include "base/base.h"
#include "base/cachestat.h"
#include "base/sandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The processors on which this list is tested; configure takes sandbox_none.c for others. */
#if defined __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/* Without conditions on their arguments. */
static const unsigned short allowed[] = {
	/* the bytes of open files */
	SYS_read,
	SYS_pread64,
	SYS_readv,
	SYS_preadv,
	SYS_preadv2,
	SYS_lseek,
	SYS_close,
	SYS_fstat,
	SYS_newfstatat, /* what fstat() is in glibc 2.33 and later */
	SYS_fadvise64,
	SYS_mincore,
#ifdef SYS_cachestat
	SYS_cachestat,
#endif
	/* memory; mmap, mprotect and madvise are below */
	SYS_munmap,
	SYS_mremap,
	SYS_brk,
	/* waiting, waking, time */
	SYS_futex,
	SYS_ppoll, /* for the bytes of a stream that does not block */
	SYS_sched_yield,
	SYS_clock_gettime,
	SYS_gettimeofday,
	/* signals to be had, and the end */
	SYS_rt_sigaction,
	SYS_rt_sigprocmask,
	SYS_rt_sigreturn,
	SYS_restart_syscall,
	SYS_sigaltstack, /* sanitizers, when a thread or process ends */
	SYS_exit,
	SYS_exit_group,
	/* what the C library asks for by itself */
	SYS_getpid,
	SYS_gettid,
	SYS_getrandom,
};

/* Header, the list, four calls with one condition, three with more, and the end. */
enum { FILTER_MAX = 4 + 2 * sizeof allowed / sizeof allowed[0] + 4 * 5 + 5 + 8 + 6 + 1 };

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
/* Skips `n` instructions if A is not k. */
#define UNLESS(k, n) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)(k), 0, (n))
/* Skips `n` instructions if A has any of `bits`, or none of them. */
#define SKIP_IF_ANY(bits, n)     BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), (n), 0)
#define SKIP_UNLESS_ANY(bits, n) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), 0, (n))
#define RETURN(value)            BPF_STMT(BPF_RET | BPF_K, (value))
#define DENY                     RETURN(SECCOMP_RET_ERRNO | EPERM)
#define ALLOW                    RETURN(SECCOMP_RET_ALLOW)

struct program {
	struct sock_filter code[FILTER_MAX];
	unsigned short n;
};

static void add(struct program *p, struct sock_filter instruction)
{
	verify(p->n < FILTER_MAX);
	p->code[p->n++] = instruction;
}

/* Arguments are inspected by their lower half: the kernel ignores the rest of these. */

/*
 * What is mapped has no PROT_EXEC, and no PROT_WRITE if others can see what is written: neither a
 * file nor the memory of another process is changed by a store.
 */
static void add_mmap(struct program *p)
{
	/* MAP_SHARED_VALIDATE has that bit, too. */
	add(p, (struct sock_filter)UNLESS(SYS_mmap, 7));
	add(p, (struct sock_filter)LOAD(args[2]));
	add(p, (struct sock_filter)SKIP_IF_ANY(PROT_EXEC, 3));
	add(p, (struct sock_filter)SKIP_UNLESS_ANY(PROT_WRITE, 3));
	add(p, (struct sock_filter)LOAD(args[3]));
	add(p, (struct sock_filter)SKIP_UNLESS_ANY(MAP_SHARED, 1));
	add(p, (struct sock_filter)DENY);
	add(p, (struct sock_filter)ALLOW);
}

/*
 * Nothing becomes code, nor writable: that would be a way around add_mmap(). Only threads' stacks
 * and their part of the heap are made so, and there are no threads.
 */
static void add_mprotect(struct program *p)
{
	add(p, (struct sock_filter)UNLESS(SYS_mprotect, 4));
	add(p, (struct sock_filter)LOAD(args[2]));
	add(p, (struct sock_filter)SKIP_UNLESS_ANY(PROT_EXEC | PROT_WRITE, 1));
	add(p, (struct sock_filter)DENY);
	add(p, (struct sock_filter)ALLOW);
}

/* No advice that does something to files, or to pages that others have: MADV_REMOVE, HWPOISON. */
static void add_madvise(struct program *p)
{
	add(p, (struct sock_filter)UNLESS(SYS_madvise, 5));
	add(p, (struct sock_filter)LOAD(args[2]));
	add(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MADV_REMOVE, 1, 0));
	add(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, MADV_HWPOISON, 0, 1));
	add(p, (struct sock_filter)DENY);
	add(p, (struct sock_filter)ALLOW);
}

/* System call `nr` only with `value` as its first argument: a process, or a descriptor. */
static void add_only_with(struct program *p, unsigned nr, int value)
{
	add(p, (struct sock_filter)UNLESS(nr, 4));
	add(p, (struct sock_filter)LOAD(args[0]));
	add(p, (struct sock_filter)UNLESS(value, 1));
	add(p, (struct sock_filter)ALLOW);
	add(p, (struct sock_filter)DENY);
}

static void build(struct program *p, int socket)
{
	*p = (struct program){0};
	add(p, (struct sock_filter)LOAD(arch));
	add(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
	add(p, (struct sock_filter)RETURN(SECCOMP_RET_KILL_PROCESS));
	add(p, (struct sock_filter)LOAD(nr));
	for (size_t i = 0; i < ARRAY_LEN(allowed); i++) {
		add(p, (struct sock_filter)UNLESS(allowed[i], 1));
		add(p, (struct sock_filter)ALLOW);
	}
	/* Each of these ends the program if it is the one, for then A holds something else. */
	add_mmap(p);
	add_mprotect(p);
	add_madvise(p);
	add_only_with(p, SYS_tgkill, getpid());
	add_only_with(p, SYS_kill, getpid());
	add_only_with(p, SYS_sendto, socket);
	add_only_with(p, SYS_recvmsg, socket);
	add(p, (struct sock_filter)DENY);
}

bool sandbox_available(void)
{
	unsigned action = SECCOMP_RET_ERRNO;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

int sandbox_enter(int socket)
{
	struct program p;

	build(&p, socket);
	struct sock_fprog filter = {.len = p.n, .filter = p.code};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}
