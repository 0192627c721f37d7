/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Starts commands and times them, for bench/run: a small process starts children faster and more
 * evenly than Python, and a child's peak memory is its own (a child starts with the peak of the
 * process that spawned it).
 *
 * Requests are lines on standard input:
 *   out FILE        where standard output goes (/dev/null)
 *   in FILE         what standard input is (/dev/null)
 *   env NAME=VALUE  one more in the environment
 *   arg WORD        one word of the command
 *   from WORD       one word of another command, which writes into the first one's stdin
 *   go              run it; forget all of the above
 * Each `go` is answered by a line: wall ns, CPU ns (user + system, writer included), peak KiB and
 * wait status of the command. No word may contain a line feed. Standard error stays as it is.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_WORDS 256

extern char **environ;

struct request {
	char *out, *in;
	char *command[MAX_WORDS], *writer[MAX_WORDS], *environment[MAX_WORDS];
	size_t command_words, writer_words, environment_words;
};

static void die(const char *what)
{
	fprintf(stderr, "stopwatch: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void push(char **words, size_t *count, char *word)
{
	if (*count + 1 >= MAX_WORDS) {
		errno = E2BIG;
		die(word);
	}
	words[(*count)++] = word;
}

static void request_clear(struct request *r)
{
	free(r->out);
	free(r->in);
	while (r->command_words > 0)
		free(r->command[--r->command_words]);
	while (r->writer_words > 0)
		free(r->writer[--r->writer_words]);
	while (r->environment_words > 0)
		free(r->environment[--r->environment_words]);
	memset(r, 0, sizeof(*r));
}

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t cpu(const struct rusage *u)
{
	return (int64_t)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000000000 +
	       (int64_t)(u->ru_utime.tv_usec + u->ru_stime.tv_usec) * 1000;
}

/* Starts `words` with the descriptors `in` and `out`; both have O_CLOEXEC. */
static pid_t start(char **words, char **environment, int in, int out)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	errno = posix_spawnp(&pid, words[0], &actions, NULL, words, environment);
	if (errno != 0)
		die(words[0]);
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

static void request_run(struct request *r)
{
	int in = open(r->in ? r->in : "/dev/null", O_RDONLY | O_CLOEXEC);
	int out =
		open(r->out ? r->out : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	struct rusage usage, writer_usage;
	pid_t pid, writer = 0;
	int status, ends[2];
	int64_t begin, end;

	if (in < 0 || out < 0)
		die("open");
	for (char **e = environ; *e; e++)
		push(r->environment, &r->environment_words, strdup(*e));
	memset(&writer_usage, 0, sizeof(writer_usage));
	if (r->writer_words > 0 && pipe2(ends, O_CLOEXEC) != 0)
		die("pipe");
	begin = now();
	if (r->writer_words > 0) {
		writer = start(r->writer, r->environment, in, ends[1]);
		pid = start(r->command, r->environment, ends[0], out);
		close(ends[0]);
		close(ends[1]);
	} else {
		pid = start(r->command, r->environment, in, out);
	}
	if (wait4(pid, &status, 0, &usage) != pid ||
	    (writer && wait4(writer, NULL, 0, &writer_usage) != writer))
		die("wait");
	end = now();
	close(in);
	close(out);
	printf("%lld %lld %ld %d\n", (long long)(end - begin),
	       (long long)(cpu(&usage) + cpu(&writer_usage)), usage.ru_maxrss, status);
	fflush(stdout);
}

int main(void)
{
	static struct request request;
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while ((n = getline(&line, &room, stdin)) > 0) {
		char *word = strchr(line, ' ');

		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		word = strdup(word ? word + 1 : "");
		if (!word)
			die("memory");
		if (strncmp(line, "out ", 4) == 0)
			request.out = word;
		else if (strncmp(line, "in ", 3) == 0)
			request.in = word;
		else if (strncmp(line, "env ", 4) == 0)
			push(request.environment, &request.environment_words, word);
		else if (strncmp(line, "from ", 5) == 0)
			push(request.writer, &request.writer_words, word);
		else if (strncmp(line, "arg ", 4) == 0)
			push(request.command, &request.command_words, word);
		else {
			free(word);
			if (strcmp(line, "go") != 0 || request.command_words == 0) {
				errno = EINVAL;
				die(line);
			}
			request_run(&request);
			request_clear(&request);
		}
	}
	free(line);
	return 0;
}
