/* Sees the calls that end the process without a signal. */
#define _GNU_SOURCE
#include "internal.h"
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Runs on the thread that has called `exit`. When that was the server's own code, the end is as orderly as one without a
 * word can be: somebody has written why.
 */
static void witness_exit(int code, void *unused) {
    kinodock_witness_file *file = kinodock_witness_own_file();
    (void)unused;
    if (!file || __atomic_load_n(&file->ended, __ATOMIC_ACQUIRE)) return;
    if ((kinodock_witness_here & 0xFFFF) != 0 || kinodock_witness_walk(NULL) != 0) {
        kinodock_witness_record_end(0, code, 0, true, NULL);
    } else {
        __atomic_store_n(&file->ended, 1, __ATOMIC_RELEASE);
    }
}

void kinodock_witness_handle_exits(void) {
    static uint32_t is_registered;
    if (!__atomic_exchange_n(&is_registered, 1, __ATOMIC_ACQ_REL)) on_exit(witness_exit, NULL);
}

/*
 * The two functions that end a process at once, without what was registered for its end. A library that calls them gets
 * these ones, because the loader looks into the program first.
 */
__attribute__((noreturn)) static void end_at_once(int code) {
    witness_exit(code, NULL);
    for (;;) syscall(SYS_exit_group, code);
}

__attribute__((visibility("default"))) void _exit(int code) {
    end_at_once(code);
}

__attribute__((visibility("default"))) void _Exit(int code) {
    end_at_once(code);
}
