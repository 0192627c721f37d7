/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages with a descriptor in them: unix(7), SCM_RIGHTS. */
#include "base/base.h"
#include "base/fd.h"
#include "exec/fdpass.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

int fdpass_pair(int socket[2])
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, socket) != 0)
		return -1;
	/* A closed standard input must stay so: who counts it would wait for a message. */
	socket[0] = fd_above_stdio(socket[0]);
	socket[1] = fd_above_stdio(socket[1]);
	if (socket[0] >= 0 && socket[1] >= 0)
		return 0;
	int saved = errno;
	close(socket[0] >= 0 ? socket[0] : socket[1]);
	errno = saved;
	return -1;
}

int fdpass_send(int socket, void *bytes, size_t n, int fd)
{
	union control control;
	struct iovec iov = {.iov_base = bytes, .iov_len = n};
	struct msghdr message = {.msg_iov = &iov,
	                         .msg_iovlen = 1,
	                         .msg_control = &control,
	                         .msg_controllen = sizeof control};

	memset(&control, 0, sizeof control);
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(header), &fd, sizeof fd);
	return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -1 : 0;
}

ssize_t fdpass_receive(int socket, void *bytes, size_t size, int *fd)
{
	union control control;
	struct iovec iov = {.iov_base = bytes, .iov_len = size};
	struct msghdr message = {.msg_iov = &iov,
	                         .msg_iovlen = 1,
	                         .msg_control = &control,
	                         .msg_controllen = sizeof control};
	ssize_t n;

	*fd = -1;
	do
		n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	struct cmsghdr *header = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(header), sizeof *fd);
	return n;
}
