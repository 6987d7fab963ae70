/*
 * One thread that does the calls of one instance, one after the other, so that the thread of the host that brings a call
 * goes on at once. A folder on a network that hangs then holds up this instance and no other.
 */
#ifndef FILE_DROP_WORKER_H
#define FILE_DROP_WORKER_H

#include "kinodock_plugin.h"

#include <stdatomic.h>
#include <stdbool.h>

typedef struct worker worker;

/* Does one call: replies to it exactly once. Runs on the worker's thread, which holds no lock then. */
typedef void (*work)(void *context, const kinodock_call *call, const atomic_bool *is_cancelled);

/* Starts the thread; NULL when there is no memory or no thread for it. */
worker *worker_start(work work, void *context);

/* Copies the call and returns. Replies itself when it cannot be taken: too many wait, or memory ran out. */
void worker_add(worker *self, const kinodock_call *call);

/*
 * A call that waits is answered with `cancelled`; the one that is being done sees it in `is_cancelled`. An id that is
 * not known, because it has been answered, is ignored.
 */
void worker_cancel(worker *self, uint64_t id);

/* Cancels every call, waits for their replies and for the thread, and frees the worker. */
void worker_stop(worker *self);

#endif
