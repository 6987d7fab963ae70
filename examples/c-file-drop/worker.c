#include "worker.h"

#include "reply.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* More calls than this do not wait; the server asks again later. */
enum { LONGEST_QUEUE = 256 };

/* A copy of a call: the host's is gone when the function that brought it has returned. */
typedef struct job {
    struct job *next;
    atomic_bool is_cancelled;
    kinodock_call call;
    uint8_t bytes[]; /* the method, then the JSON */
} job;

struct worker {
    work work;
    void *context;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows; never held while the host is called */
    pthread_cond_t changed;
    job *first, *last, *current;
    size_t waiting;
    bool is_stopping;
};

static const failure cancelled = {.code = "cancelled", .message = "The server gave up before the call was done."};

static job *copy(const kinodock_call *call) {
    job *self = malloc(sizeof(job) + call->method.count + call->json.count);
    if (!self) return NULL;
    *self = (job){.call = *call};
    self->call.attachment = (kinodock_bytes){0};
    if (call->method.count) memcpy(self->bytes, call->method.data, call->method.count);
    if (call->json.count) memcpy(self->bytes + call->method.count, call->json.data, call->json.count);
    self->call.method.data = self->bytes;
    self->call.json.data = self->bytes + call->method.count;
    return self;
}

/* Takes the first job off the queue; waits for one. NULL when it is time to stop. */
static job *take(worker *self) {
    pthread_mutex_lock(&self->lock);
    while (!self->first && !self->is_stopping) pthread_cond_wait(&self->changed, &self->lock);
    job *taken = self->first;
    if (taken) {
        self->first = taken->next;
        if (!self->first) self->last = NULL;
        self->waiting--;
    }
    self->current = taken;
    pthread_mutex_unlock(&self->lock);
    return taken;
}

static void *run(void *pointer) {
    worker *self = pointer;
    for (job *current; (current = take(self));) {
        if (atomic_load(&current->is_cancelled))
            reply_failure(&current->call, &cancelled);
        else
            self->work(self->context, &current->call, &current->is_cancelled);
        /* From here on `cancel` must not find the job, because its memory goes. */
        pthread_mutex_lock(&self->lock);
        self->current = NULL;
        pthread_mutex_unlock(&self->lock);
        free(current);
    }
    return NULL;
}

/* The process is the server's: its signals must not arrive on a thread of a plugin. */
static int start_thread(worker *self) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int code = pthread_create(&self->thread, NULL, run, self);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code;
}

worker *worker_start(work work, void *context) {
    worker *self = calloc(1, sizeof *self);
    if (!self) return NULL;
    self->work = work;
    self->context = context;
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->changed, NULL);
    if (start_thread(self) == 0) return self;
    pthread_cond_destroy(&self->changed);
    pthread_mutex_destroy(&self->lock);
    free(self);
    return NULL;
}

void worker_add(worker *self, const kinodock_call *call) {
    static const failure full = {.code = "rate_limited", .message = "256 calls wait already; the folder may hang."};
    static const failure no_memory = {.code = "internal", .message = "There is not enough memory; try again later."};
    job *added = copy(call);
    if (!added) {
        reply_failure(call, &no_memory);
        return;
    }
    pthread_mutex_lock(&self->lock);
    bool is_taken = self->waiting < LONGEST_QUEUE;
    if (is_taken) {
        *(self->last ? &self->last->next : &self->first) = added;
        self->last = added;
        self->waiting++;
        pthread_cond_signal(&self->changed);
    }
    pthread_mutex_unlock(&self->lock);
    if (is_taken) return;
    free(added);
    reply_failure(call, &full);
}

/* Takes the job of that id out of the queue. The lock is held. */
static job *take_out(worker *self, uint64_t id) {
    for (job *previous = NULL, *found = self->first; found; previous = found, found = found->next) {
        if (found->call.id != id) continue;
        *(previous ? &previous->next : &self->first) = found->next;
        if (self->last == found) self->last = previous;
        self->waiting--;
        return found;
    }
    return NULL;
}

void worker_cancel(worker *self, uint64_t id) {
    pthread_mutex_lock(&self->lock);
    if (self->current && self->current->call.id == id) atomic_store(&self->current->is_cancelled, true);
    job *found = take_out(self, id);
    pthread_mutex_unlock(&self->lock);
    if (!found) return;
    reply_failure(&found->call, &cancelled);
    free(found);
}

void worker_stop(worker *self) {
    pthread_mutex_lock(&self->lock);
    self->is_stopping = true;
    if (self->current) atomic_store(&self->current->is_cancelled, true);
    for (job *waiting = self->first; waiting; waiting = waiting->next) atomic_store(&waiting->is_cancelled, true);
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->lock);
    pthread_join(self->thread, NULL);
    pthread_cond_destroy(&self->changed);
    pthread_mutex_destroy(&self->lock);
    free(self);
}
