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

int fdpass_request(int socket, uint64_t seq)
{
	return send(socket, &seq, sizeof seq, MSG_NOSIGNAL) == (ssize_t)sizeof seq ? 0 : -1;
}

int fdpass_receive(int socket)
{
	int error = 0, fd = -1;
	union control control;
	struct iovec iov = {.iov_base = &error, .iov_len = sizeof error};
	struct msghdr message = {.msg_iov = &iov,
	                         .msg_iovlen = 1,
	                         .msg_control = &control,
	                         .msg_controllen = sizeof control};
	ssize_t n;

	do
		n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n >= 0 && n != (ssize_t)sizeof error)
		errno = EPIPE; /* the coordinator is gone */
	if (n != (ssize_t)sizeof error)
		return -1;
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(header), sizeof fd);
	if (fd < 0)
		errno = error ? error : EBADF;
	return fd;
}

bool fdpass_requested(int socket, uint64_t *seq)
{
	return recv(socket, seq, sizeof *seq, MSG_DONTWAIT) == (ssize_t)sizeof *seq;
}

void fdpass_send(int socket, int fd, int error)
{
	union control control;
	struct iovec iov = {.iov_base = &error, .iov_len = sizeof error};
	struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};

	if (fd >= 0) {
		memset(&control, 0, sizeof control);
		message.msg_control = &control;
		message.msg_controllen = sizeof control;
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(header), &fd, sizeof fd);
	}
	/*
	 * A worker that does not listen is dead, or does not need it. One that does would wait for
	 * ever.
	 */
	if (sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && fd >= 0)
		fdpass_send(socket, -1, EMFILE); /* too many are under way: it leaves the file to
		                                      us */
}
