/* Sees the signals with which a process crashes, and passes them on to whoever handled them before. */
#define _GNU_SOURCE
#include "internal.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

_Thread_local uint32_t kinodock_witness_is_ready;

static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS };
enum { SIGNAL_COUNT = sizeof signals / sizeof *signals };
static struct sigaction previous[SIGNAL_COUNT];
static uint32_t is_handling;

/* For the frame of the signal, the walk, and what handles the signal afterwards; untouched pages cost nothing. */
enum { STACK_SIZE = 64 << 10, GUARD_SIZE = 64 << 10 };
static pthread_key_t stack_key;

/* Whether the instruction at fault runs again when the handler returns, and so brings the signal back. */
static bool comes_back(int signal, const siginfo_t *info) {
    return info->si_code > 0 && (signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE);
}

/*
 * Lets the signal find what was there before, as if nobody had been in between. One that another process has sent ends
 * the process: what was there before may be a handler that writes down a crash and relies on its coming back.
 */
static void pass_on(int signal, siginfo_t *info, bool is_foreign) {
    const struct sigaction default_action = { .sa_handler = SIG_DFL };
    for (int index = 0; index < SIGNAL_COUNT; index++) {
        if (signals[index] == signal) sigaction(signal, is_foreign ? &default_action : &previous[index], NULL);
    }
    if (comes_back(signal, info)) return;
    /* Delivered when the handler returns: until then the signal is held back. */
    if (syscall(SYS_rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), signal, info) != 0) raise(signal);
}

static void handle(int signal, siginfo_t *info, void *context) {
    int error = errno;
    kinodock_witness_end_walk();
    /* Who sends a signal to the server hits any thread, also one that is inside of a plugin. */
    bool is_sent = info->si_code == SI_USER || info->si_code == SI_QUEUE || info->si_code == SI_TKILL;
    int sender = is_sent && info->si_pid != getpid() ? info->si_pid : 0;
    kinodock_witness_record_end(signal, info->si_code, sender, sender == 0, context);
    pass_on(signal, info, sender != 0);
    errno = error;
}

static void free_stack(void *stack) {
    stack_t none = { .ss_flags = SS_DISABLE };
    if (sigaltstack(&none, NULL) == 0) munmap(stack, GUARD_SIZE + STACK_SIZE);
}

void kinodock_witness_make_ready(void) {
    if (!__atomic_load_n(&is_handling, __ATOMIC_ACQUIRE)) return;
    kinodock_witness_is_ready = 1;
    stack_t stack;
    if (sigaltstack(NULL, &stack) != 0 || !(stack.ss_flags & SS_DISABLE)) return;
    char *memory = mmap(NULL, GUARD_SIZE + STACK_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return;
    stack = (stack_t){ .ss_sp = memory + GUARD_SIZE, .ss_size = STACK_SIZE };
    /* Without the key nothing would free the stack when the thread ends. */
    if (mprotect(memory + GUARD_SIZE, STACK_SIZE, PROT_READ | PROT_WRITE) != 0
        || pthread_setspecific(stack_key, memory) != 0) {
        munmap(memory, GUARD_SIZE + STACK_SIZE);
        return;
    }
    sigaltstack(&stack, NULL);
}

void kinodock_witness_handle_signals(void) {
    if (__atomic_load_n(&is_handling, __ATOMIC_ACQUIRE)) return;
    if (pthread_key_create(&stack_key, free_stack) != 0) return;
    struct sigaction action = { .sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK };
    sigemptyset(&action.sa_mask);
    for (int index = 0; index < SIGNAL_COUNT; index++) {
        sigaction(signals[index], NULL, &previous[index]);
        /* One that is to be ignored ends no process. */
        if (previous[index].sa_handler != SIG_IGN) sigaction(signals[index], &action, NULL);
    }
    __atomic_store_n(&is_handling, 1, __ATOMIC_RELEASE);
    kinodock_witness_thread();
}
