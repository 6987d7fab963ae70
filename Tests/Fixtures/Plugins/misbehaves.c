/*
 * Notifiers that load well and then do one thing wrong each, for the dry run of `kinodock check`; the Makefile picks it.
 */
#include "kinodock_plugin.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BYTES(text) ((kinodock_bytes){(const uint8_t *)(text), strlen(text)})
static const kinodock_bytes nothing;

static void reply(const kinodock_call *call, int32_t status, const char *json) {
    call->reply(call->context, status, BYTES(json), nothing);
}

static int is(const kinodock_call *call, const char *method) {
    return call->method.count == strlen(method) && !memcmp(call->method.data, method, call->method.count);
}

#if defined(WRONG_leaks_threads)
static void *sleep_for_ever(void *unused) {
    for (;;) pause();
    return unused;
}
#endif

static void *create(const kinodock_host *host, const kinodock_call *call) {
#if defined(WRONG_create_hangs)
    for (;;) pause();
#elif defined(WRONG_create_refuses)
    reply(call, 1, "{\"code\":\"invalid\",\"message\":\"The moon is not full.\"}");
    return NULL;
#elif defined(WRONG_leaks_threads)
    pthread_t thread;
    pthread_create(&thread, NULL, sleep_for_ever, NULL);
#elif defined(WRONG_leaks_descriptors)
    if (open("/dev/null", O_RDONLY) < 0) abort();
#elif defined(WRONG_leaves_children)
    if (fork() == 0) {
        sleep(30);
        _exit(0);
    }
#endif
    reply(call, 0, "{}");
    return (void *)host;
}

static void destroy(void *instance, const kinodock_call *call) {
    (void)instance;
    (void)call;
#if !defined(WRONG_destroy_hangs)
    reply(call, 0, "{}");
#endif
}

static void invoke(void *instance, const kinodock_call *call) {
    (void)instance;
    if (is(call, "provider.test")) {
#if defined(WRONG_unreadable)
        reply(call, 0, "{\"checks\":7}");
#elif defined(WRONG_hangs)
        (void)call;
#elif defined(WRONG_no_message)
        reply(call, 1, "{\"code\":\"unreachable\",\"message\":\"\"}");
#elif defined(WRONG_unknown_code)
        reply(call, 1, "{\"code\":\"no_idea\",\"message\":\"It is so.\"}");
#elif defined(WRONG_internal)
        reply(call, 1, "{\"code\":\"internal\",\"message\":\"It is so.\"}");
#elif defined(WRONG_prints)
        printf("here I am\n");
        reply(call, 0, "{\"checks\":[],\"warnings\":[]}");
#else
        reply(call, 0, "{\"checks\":[],\"warnings\":[]}");
#endif
    } else if (is(call, "notifier.supportedEvents")) {
#if defined(WRONG_unsupported)
        reply(call, 1, "{\"code\":\"unsupported\",\"message\":\"There is no such method.\"}");
#else
        reply(call, 0, "{\"events\":[\"test\"]}");
#endif
    } else if (is(call, "notifier.notify")) {
#if defined(WRONG_crashes)
        abort();
#endif
        reply(call, 0, "{}");
    } else {
#if defined(WRONG_answers_anything)
        reply(call, 0, "{}");
#else
        reply(call, 1, "{\"code\":\"unsupported\",\"message\":\"There is no such method.\"}");
#endif
    }
}

static void cancel(void *instance, uint64_t id) {
    (void)instance;
    (void)id;
}

#if defined(WRONG_prints_at_load)
__attribute__((constructor)) static void greet(void) { fprintf(stderr, "hello\n"); }
#endif
#if defined(WRONG_missing_symbol)
void no_library_gives_this(void);
void nor_this(void);
__attribute__((used)) static void call_both(void) {
    no_library_gives_this();
    nor_this();
}
#endif

KINODOCK_EXPORT_PLUGIN("{\"id\":\"" NAME "\",\"name\":\"Wrong\",\"version\":\"1.0.0\",\"description\":\"\",\"kinds\":"
                       "[\"notifier\"],\"settings\":{\"version\":1,\"fields\":[]}}",
                       0, 0, .create = create, .destroy = destroy, .invoke = invoke, .cancel = cancel);
