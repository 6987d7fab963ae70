/* What the C library has and Swift's module of it leaves out. */
#include <malloc.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Variadic, which Swift cannot call. A descriptor that is readable when the process has ended; -1 on failure. */
static inline int kinodock_pidfd_open(pid_t process) {
    return (int)syscall(SYS_pidfd_open, process, 0);
}

/* Variadic. The calling process gets `signal` when the thread that has started it ends. */
static inline int kinodock_die_with_parent(int signal) {
    return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0);
}

/* `stdout` is a variable that Swift does not let anyone touch. What is printed is seen at the end of its line. */
static inline void kinodock_print_by_lines(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
}

/* Declared only with _GNU_SOURCE, which Swift does not set for C modules. */
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
