/* Writes down how the process ended. */
#define _GNU_SOURCE
#include "internal.h"
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

_Thread_local uint32_t kinodock_witness_here;

static kinodock_witness_file *witness_file;
static uint32_t is_taken;

void kinodock_witness_start(kinodock_witness_file *file) {
    __atomic_store_n(&witness_file, file, __ATOMIC_RELEASE);
    /* The first walk has the loader bind what a walk needs, which no signal handler may do. */
    kinodock_witness_walk(NULL);
    kinodock_witness_handle_exits();
    kinodock_witness_handle_signals();
}

kinodock_witness_file *kinodock_witness_own_file(void) {
    kinodock_witness_file *file = __atomic_load_n(&witness_file, __ATOMIC_ACQUIRE);
    /* A child that a plugin has forked has the mapping too. */
    return file && file->process == getpid() ? file : NULL;
}

/* Names the plugin `slot` + 1, or none. */
static void blame(kinodock_witness_file *file, uint32_t number) {
    kinodock_witness_record *record = &file->record;
    uint32_t here = kinodock_witness_here;
    if (number == 0 || number > KINODOCK_WITNESS_SLOTS) return;
    const kinodock_witness_slot *slot = &file->slots[number - 1];
    record->phase = (here & 0xFFFF) == number ? here >> 16 : KINODOCK_WITNESS_BACKGROUND;
    memcpy(record->hash, slot->hash, sizeof record->hash);
    memcpy(record->id, slot->id, sizeof record->id);
}

void kinodock_witness_record_end(int signal, int code, int sender, bool may_blame, const ucontext_t *context) {
    kinodock_witness_file *file = kinodock_witness_own_file();
    if (!file) return;
    kinodock_witness_record *record = &file->record;
    if (__atomic_exchange_n(&is_taken, 1, __ATOMIC_ACQ_REL)) {
        /* Another thread writes; this one must not end the process before it has. 200 ms are far more than it needs. */
        for (int round = 0; round < 200; round++) {
            if (__atomic_load_n(&record->state, __ATOMIC_ACQUIRE) == KINODOCK_WITNESS_COMPLETE) return;
            poll(NULL, 0, 1);
        }
        return;
    }
    struct timespec now = { 0, 0 };
    clock_gettime(CLOCK_REALTIME, &now);
    record->signal = signal;
    record->code = code;
    record->sender = sender;
    record->time = now.tv_sec;
    record->phase = 0;
    record->ending = __atomic_load_n(&file->ended, __ATOMIC_RELAXED);
    record->id[0] = record->hash[0] = 0;
    if (may_blame) {
        /* First what the thread has noted of itself, for the case that the walk ends the process. */
        blame(file, kinodock_witness_here & 0xFFFF);
        __atomic_store_n(&record->state, KINODOCK_WITNESS_WRITING, __ATOMIC_RELEASE);
        blame(file, kinodock_witness_walk(context));
    }
    __atomic_store_n(&record->state, KINODOCK_WITNESS_COMPLETE, __ATOMIC_RELEASE);
}
