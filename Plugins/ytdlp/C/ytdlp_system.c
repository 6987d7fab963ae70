#define _GNU_SOURCE
#include "ytdlp_system.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { closed = -1 };

/* Everything that is open between the two processes: `theirs` only until the program has it. */
typedef struct {
    int input;
    int output[2];
    int errors[2];
    int terminal;
    char terminal_path[128];
} ends;

static void close_if_open(int descriptor) {
    if (descriptor >= 0) close(descriptor);
}

/* A file without a name from which the program can read. */
static int memory_with(const void *bytes, size_t count) {
    int file = memfd_create("input", MFD_CLOEXEC);
    if (file < 0) return closed;
    const char *rest = bytes;
    while (count > 0) {
        ssize_t written = write(file, rest, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            close(file);
            return closed;
        }
        rest += written;
        count -= (size_t)written;
    }
    lseek(file, 0, SEEK_SET);
    return file;
}

/* A terminal whose other side nobody has opened yet; without one the program runs all the same. */
static int terminal_at(char *path, size_t size) {
    int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0) return closed;
    if (unlockpt(terminal) == 0 && ptsname_r(terminal, path, size) == 0) return terminal;
    close(terminal);
    return closed;
}

static int open_ends(const ytdlp_launch *launch, ends *it) {
    *it = (ends){.input = closed, .output = {closed, closed}, .errors = {closed, closed}, .terminal = closed};
    it->input = memory_with(launch->input, launch->input_size);
    if (it->input < 0 || pipe2(it->output, O_CLOEXEC) != 0 || pipe2(it->errors, O_CLOEXEC) != 0) return errno;
    it->terminal = terminal_at(it->terminal_path, sizeof it->terminal_path);
    return 0;
}

static void describe_files(const ytdlp_launch *launch, const ends *it, posix_spawn_file_actions_t *actions) {
    posix_spawn_file_actions_adddup2(actions, it->input, 0);
    posix_spawn_file_actions_adddup2(actions, it->output[1], 1);
    posix_spawn_file_actions_adddup2(actions, it->errors[1], 2);
    int used = 3;
    /* The first terminal that the leader of a session opens becomes its controlling one, while it has it open. */
    if (it->terminal >= 0) posix_spawn_file_actions_addopen(actions, used++, it->terminal_path, O_RDWR, 0);
    posix_spawn_file_actions_addclosefrom_np(actions, used);
    posix_spawn_file_actions_addchdir_np(actions, launch->folder);
}

static int start(const ytdlp_launch *launch, const ends *it, pid_t *id) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    sigemptyset(&none);
    sigfillset(&all);
    describe_files(launch, it, &actions);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int code = posix_spawn(id, launch->program, &actions, &attributes, launch->arguments, launch->environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

int ytdlp_spawn(const ytdlp_launch *launch, ytdlp_child *child) {
    ends it;
    int code = open_ends(launch, &it);
    if (code == 0) code = start(launch, &it, &child->id);
    close_if_open(it.input);
    close_if_open(it.output[1]);
    close_if_open(it.errors[1]);
    if (code != 0) {
        close_if_open(it.output[0]);
        close_if_open(it.errors[0]);
        close_if_open(it.terminal);
        return code;
    }
    child->output = it.output[0];
    child->errors = it.errors[0];
    child->terminal = it.terminal;
    return 0;
}

int ytdlp_has_ended(pid_t id) {
    siginfo_t found = {0};
    return waitid(P_PID, (id_t)id, &found, WEXITED | WNOHANG | WNOWAIT) != 0 || found.si_pid != 0;
}

int ytdlp_rename_new(const char *from, const char *to) {
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0 ? 0 : errno;
}
