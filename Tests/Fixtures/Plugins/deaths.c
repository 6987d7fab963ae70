/*
 * A notifier that ends the process that it runs in, each time in the way that its setting `way` names. With
 * ON_LOAD defined it does so before it has been loaded, but not in the process in which a file is tried first.
 *
 * Built with -O2 and without frame pointers, as most libraries are.
 */
#define _GNU_SOURCE
#include "kinodock_plugin.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef ID
#define ID "deaths"
#endif

static const kinodock_bytes nothing;
#define BYTES(text) ((kinodock_bytes){ (const uint8_t *)(text), strlen(text) })

typedef struct {
    const kinodock_host *host;
    char way[64];
} notifier;

/* Out of sight of the compiler, which would otherwise know better. */
static volatile int *volatile nowhere;
static void (*volatile no_function)(void);

static __attribute__((noinline)) void segfault(void) {
    *nowhere = 1;
}

static __attribute__((noinline)) long overflow(volatile long depth) {
    volatile char room[512];
    room[depth & 511] = (char)depth;
    if (depth < 0) return depth;
    return overflow(depth + 1) + room[(depth + 1) & 511];
}

/* Writes over the stack of its caller and itself: where it returns to, there is nothing. */
static __attribute__((noinline)) void smash(void) {
    volatile char room[8];
    volatile char *volatile here = room;
    for (int place = 0; place < 128; place++) here[place] = 0x41;
}

static void *in_thread(void *argument) {
    notifier *self = argument;
    const char *way = self->way;
    if (!strcmp(way, "thread-abort")) abort();
    if (!strcmp(way, "thread-segfault")) segfault();
    if (!strcmp(way, "thread-exit")) exit(5);
    if (!strcmp(way, "bare-thread-overflow")) overflow(0);
    if (!strcmp(way, "thread-overflow")) {
        self->host->log(self->host->context, KINODOCK_LOG_INFO, BYTES("I am about to overflow."), nothing);
        overflow(0);
    }
    return NULL;
}

/* Children die in each way; the server must neither die nor note it. */
static void children(void) {
    for (int way = 0; way < 3; way++) {
        pid_t child = fork();
        if (child == 0) {
            if (way == 0) segfault();
            if (way == 1) exit(7);
            _exit(8);
        }
        int status;
        waitpid(child, &status, 0);
    }
}

static void die(notifier *self) {
    const char *way = self->way;
    if (!strcmp(way, "segfault")) segfault();
    if (!strcmp(way, "abort")) abort();
    if (!strcmp(way, "trap")) __builtin_trap();
    if (!strcmp(way, "no-function")) no_function();
    if (!strcmp(way, "smash")) smash();
    if (!strcmp(way, "overflow")) overflow(0);
    if (!strcmp(way, "exit")) exit(3);
    if (!strcmp(way, "_exit")) _exit(4);
    if (!strcmp(way, "kill")) kill(getpid(), SIGKILL);
    if (!strcmp(way, "system-call")) syscall(SYS_exit_group, 6);
    if (!strcmp(way, "unseen")) {
        signal(SIGSEGV, SIG_DFL);
        segfault();
    }
    if (!strcmp(way, "block")) for (;;) pause();
    if (!strcmp(way, "children")) children();
    if (strstr(way, "thread")) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, in_thread, self) == 0) pthread_detach(thread);
    }
}

static void *create(const kinodock_host *host, const kinodock_call *call) {
    notifier *self = calloc(1, sizeof *self);
    self->host = host;
    /* The settings are {"way":"..."}. */
    const char *text = memmem(call->json.data, call->json.count, "\"way\":\"", 7);
    if (text) sscanf(text + 7, "%63[^\"]", self->way);
    call->reply(call->context, 0, BYTES("{}"), nothing);
    return self;
}

static void destroy(void *instance, const kinodock_call *call) {
    (void)instance; /* its thread may still look at it */
    call->reply(call->context, 0, BYTES("{}"), nothing);
}

static void invoke(void *instance, const kinodock_call *call) {
    die(instance);
    call->reply(call->context, 0, BYTES("{\"version\":\"1\",\"checks\":[],\"warnings\":[]}"), nothing);
}

static void cancel(void *instance, uint64_t id) {
    (void)instance;
    (void)id;
}

#ifdef ON_LOAD
static void *while_loading(void *unused) {
    (void)unused;
    abort();
}

static __attribute__((constructor)) void load(void) {
    if (strcmp(program_invocation_short_name, "kinodock")) return;
    if (ON_LOAD == 1) segfault();
    pthread_t thread;
    if (ON_LOAD == 2 && pthread_create(&thread, NULL, while_loading, NULL) == 0) pthread_join(thread, NULL);
}
#endif

__attribute__((visibility("default"))) const kinodock_plugin *kinodock_plugin_v1(void) {
    static const kinodock_plugin table = {
        .size = sizeof(kinodock_plugin), .magic = KINODOCK_PLUGIN_MAGIC,
        .major = KINODOCK_ABI_MAJOR, .minor = KINODOCK_ABI_MINOR,
        .manifest = "{\"id\":\"" ID "\",\"name\":\"Deaths\",\"version\":\"1.0.0\",\"description\":\"Ends the process\","
                    "\"kinds\":[\"notifier\"],\"settings\":{\"version\":1,\"fields\":[{\"key\":\"way\",\"type\":\"text\","
                    "\"label\":\"Way\"}]}}",
        .create = create, .destroy = destroy, .invoke = invoke, .cancel = cancel,
    };
    return &table;
}
