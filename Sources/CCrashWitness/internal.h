/* What the files of the crash witness share. */
#ifndef KINODOCK_CRASH_WITNESS_INTERNAL_H
#define KINODOCK_CRASH_WITNESS_INTERNAL_H

#include "crash_witness.h"
#include <stdbool.h>
#include <ucontext.h>

/* The slot + 1 whose code an address lies in; 0 for no plugin's. */
uint32_t kinodock_witness_slot_of(uintptr_t address);

/*
 * The slot + 1 of the plugin whose code comes first on the stack; 0 for none. `context` is that of the signal; without
 * one the stack is that of the caller.
 */
uint32_t kinodock_witness_walk(const ucontext_t *context);

/* Leaves the walk that this thread is in the middle of; returns when it is in none. */
void kinodock_witness_end_walk(void);

/* Writes the record, unless one was written. `signal` 0 stands for an exit. Async-signal-safe. */
void kinodock_witness_record_end(int signal, int code, int sender, bool may_blame, const ucontext_t *context);

/* The file, when this process is the one that it belongs to and not a child of it. */
kinodock_witness_file *kinodock_witness_own_file(void);

void kinodock_witness_handle_signals(void);
void kinodock_witness_handle_exits(void);

#endif
