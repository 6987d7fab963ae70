#include "drop.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Numbers for temporary names, so that no two threads of this process share one. */
static atomic_uint_fast64_t last_number;

/* Says what an error of the system means here. */
static void explain(failure *failure, int code, const char *what, const char *folder) {
    char words[128];
    const char *reason = strerror_r(code, words, sizeof words);
    if (code == ENOENT)
        fail_with(failure, "unreachable", "path", "There is no folder %s; create it, mount it, or choose another.", folder);
    else if (code == ENOTDIR)
        fail_with(failure, "invalid", "path", "%s is not a folder; choose one.", folder);
    else if (code == EACCES || code == EPERM || code == EROFS)
        fail_with(failure, "forbidden", "path", "%s in %s is not allowed (%s); let the server's user write there.", what,
                  folder, reason);
    else if (code == ENOSPC || code == EDQUOT)
        fail_with(failure, "remote_failure", "path", "There is no space left in %s; make room there.", folder);
    else
        fail_with(failure, "remote_failure", "path", "%s in %s failed (%s); look at its disk.", what, folder, reason);
}

static int open_folder(const settings *settings, failure *failure) {
    int folder = open(settings->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) explain(failure, errno, "Opening", settings->folder);
    return folder;
}

static bool has_space(const settings *settings, int folder, size_t more, failure *failure) {
    struct statvfs status;
    if (fstatvfs(folder, &status) != 0) {
        explain(failure, errno, "Looking at the space", settings->folder);
        return false;
    }
    unsigned long long free = (unsigned long long)status.f_bavail * status.f_frsize;
    if (free >= settings->least_free && free - settings->least_free >= more) return true;
    fail_with(failure, "remote_failure", "leastFree",
              "Only %llu MiB are free in %s, but %llu have to stay free; make room there or allow less.", free >> 20,
              settings->folder, settings->least_free >> 20);
    return false;
}

static bool write_all(int file, const char *bytes, size_t count, const atomic_bool *is_cancelled) {
    while (count) {
        if (atomic_load(is_cancelled)) {
            errno = ECANCELED;
            return false;
        }
        ssize_t step = write(file, bytes, count < 1 << 16 ? count : 1 << 16);
        if (step < 0 && errno == EINTR) continue;
        if (step < 0) return false;
        bytes += step;
        count -= (size_t)step;
    }
    return true;
}

/* Writes the bytes under a new temporary name. Returns false with errno set, and leaves no file then. */
static bool write_temporary(int folder, const char *name, mode_t mode, const char *bytes, size_t count,
                            const atomic_bool *is_cancelled) {
    int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) return false;
    /* The process has a umask of its own, which a plugin leaves alone; this asks for the mode in spite of it. */
    bool is_written = fchmod(file, mode) == 0 && write_all(file, bytes, count, is_cancelled) && fsync(file) == 0;
    int code = errno;
    /* Some file systems tell of a write that failed when the file is closed. */
    if (close(file) != 0 && is_written) is_written = false, code = errno;
    if (is_written) return true;
    unlinkat(folder, name, 0);
    errno = code;
    return false;
}

static void temporary_name(char *name, size_t size) {
    unsigned long long number = atomic_fetch_add(&last_number, 1) + 1;
    snprintf(name, size, ".file-drop-%ld-%llu.tmp", (long)getpid(), number);
}

static bool drop_into(int folder, const settings *settings, const char *name, const char *bytes, size_t count,
                      const atomic_bool *is_cancelled, failure *failure) {
    char temporary[64];
    if (!has_space(settings, folder, count, failure)) return false;
    temporary_name(temporary, sizeof temporary);
    bool is_done = write_temporary(folder, temporary, settings->mode, bytes, count, is_cancelled);
    if (is_done && renameat(folder, temporary, folder, name) != 0) {
        int code = errno;
        unlinkat(folder, temporary, 0);
        errno = code;
        is_done = false;
    }
    if (!is_done && errno == ECANCELED)
        fail_with(failure, "cancelled", NULL, "The server gave up before the file was written.");
    else if (!is_done)
        explain(failure, errno, "Writing", settings->folder);
    else
        /* The name too should survive a loss of power; a file system that cannot promise it is no reason to fail. */
        (void)fsync(folder);
    return is_done;
}

bool drop_file(const settings *settings, const char *name, const char *bytes, size_t count,
               const atomic_bool *is_cancelled, failure *failure) {
    int folder = open_folder(settings, failure);
    if (folder < 0) return false;
    bool is_done = drop_into(folder, settings, name, bytes, count, is_cancelled, failure);
    close(folder);
    return is_done;
}

void drop_test(const settings *settings, const atomic_bool *is_cancelled, drop_report *report) {
    *report = (drop_report){0};
    int folder = open_folder(settings, &report->folder);
    if (folder < 0) return;
    char temporary[64];
    temporary_name(temporary, sizeof temporary);
    /* Rights say little about a folder on the network, so something is written for real. */
    if (write_temporary(folder, temporary, settings->mode, "{}\n", 3, is_cancelled))
        unlinkat(folder, temporary, 0);
    else
        explain(&report->writing, errno, "Writing", settings->folder);
    has_space(settings, folder, 0, &report->space);
    close(folder);
}
