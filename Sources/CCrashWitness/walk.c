/* Finds the plugin whose code comes first on the stack of the calling thread. */
#define _GNU_SOURCE
#include "internal.h"
#include <setjmp.h>
#include <signal.h>
#include <unwind.h>

/* More frames than the largest usual stack, 8 MiB, holds. */
enum { MOST_FRAMES = 1 << 19 };

struct walk {
    uint32_t found;
    uint32_t frames;
};

static _Thread_local volatile sig_atomic_t is_walking;
static _Thread_local sigjmp_buf walk_end;

void kinodock_witness_end_walk(void) {
    if (is_walking) siglongjmp(walk_end, 1);
}

static _Unwind_Reason_Code visit(struct _Unwind_Context *frame, void *data) {
    struct walk *walk = data;
    int is_before = 0;
    uintptr_t address = _Unwind_GetIPInfo(frame, &is_before);
    /* A return address may be that of the next function, after a call that never returns. */
    if (!is_before) address--;
    walk->found = kinodock_witness_slot_of(address);
    return walk->found != 0 || ++walk->frames >= MOST_FRAMES ? _URC_END_OF_STACK : _URC_NO_REASON;
}

static uintptr_t program_counter(const ucontext_t *context) {
#if defined(__x86_64__)
    return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    return (uintptr_t)context->uc_mcontext.pc;
#else
    return 0;
#endif
}

/* The return address after a call to where there is no code: the unwinder does not get past such a frame. */
static uintptr_t last_caller(const ucontext_t *context) {
#if defined(__x86_64__)
    return *(const uintptr_t *)context->uc_mcontext.gregs[REG_RSP] - 1;
#elif defined(__aarch64__)
    return (uintptr_t)context->uc_mcontext.regs[30] - 1;
#else
    return 0;
#endif
}

uint32_t kinodock_witness_walk(const ucontext_t *context) {
    /* Volatile: it is read after a jump. */
    volatile uint32_t found = context ? kinodock_witness_slot_of(program_counter(context)) : 0;
    if (found != 0) return found;

    /* What is read now may be nonsense. In the handler of one of these signals they are held back. */
    sigset_t faults, before;
    sigemptyset(&faults);
    sigaddset(&faults, SIGSEGV);
    sigaddset(&faults, SIGBUS);
    if (sigsetjmp(walk_end, 1) == 0) {
        is_walking = 1;
        pthread_sigmask(SIG_UNBLOCK, &faults, &before);
        struct walk walk = { 0, 0 };
        _Unwind_Backtrace(visit, &walk);
        found = walk.found;
        if (found == 0 && context) found = kinodock_witness_slot_of(last_caller(context));
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    is_walking = 0;
    return found;
}
