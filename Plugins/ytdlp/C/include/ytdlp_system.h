/* What the C library has only with _GNU_SOURCE, which Swift does not set for C modules. */
#ifndef YTDLP_SYSTEM_H
#define YTDLP_SYSTEM_H

#include <stddef.h>
#include <sys/types.h>

/* How a program is started. Both lists end with NULL. */
typedef struct {
    const char *program;
    char *const *arguments;
    char *const *environment;
    const char *folder;
    /* What it reads from its standard input. */
    const void *input;
    size_t input_size;
} ytdlp_launch;

/* A program that was started, as the leader of a session and process group of its own. */
typedef struct {
    pid_t id;
    /* Readable: what it writes to its standard output and its standard error. */
    int output;
    int errors;
    /* The other side of its controlling terminal; -1 where the system has no terminals. */
    int terminal;
} ytdlp_child;

/* Starts a program. Returns 0, or the errno of what failed; nothing is left open then.
 *
 * Its controlling terminal is one that only the caller holds open. When the caller ends, however that happens, the kernel
 * hangs that terminal up: the leader gets SIGHUP, and when it ends everything in its group does. */
int ytdlp_spawn(const ytdlp_launch *launch, ytdlp_child *child);

/* Whether a child has ended; it stays to be waited for. */
int ytdlp_has_ended(pid_t id);

/* Renames, unless there is something under the new name. Returns 0, or the errno. */
int ytdlp_rename_new(const char *from, const char *to);

#endif
