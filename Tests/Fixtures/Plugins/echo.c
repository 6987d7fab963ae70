/*
 * A download client in plain C that downloads nothing: what it does with a call depends on the download's id.
 *
 *   hang        never replies           block       sleeps inside of invoke until something is cancelled
 *   stuck       never leaves invoke
 *   twice       replies twice           late        replies only after it is cancelled
 *   secret      fails with its password stdout      prints to stdout, then answers
 *   host        asks the host for the value "greeting" and answers with it as the name
 *   bad-host    sends the host JSON that is none, and answers with the host's words as the name
 *   garbage     replies with something that is not JSON
 *   endless     replies with a size that no message has, and a text that says how long it is
 *   again       asks the host over and over inside of its replies, and answers with how often that went
 *   unsized     calls the host with a struct that has no size, which nobody can answer
 *   flood       has more calls of the host open than it may, and answers with the code of the last one
 *   last-words  replies while it is being destroyed and once more after that
 *   none        answers that there is no such download
 *   crash       ends its process
 *   print       prints three lines, then answers
 *   others      answers with an item of that id
 */
#define _GNU_SOURCE
#include "kinodock_plugin.h"
#include "json.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#define BYTES(text) ((kinodock_bytes){(const uint8_t *)(text), strlen(text)})
static const kinodock_bytes nothing;

#ifndef ID
#define ID "c-echo"
#endif
#ifndef FLAGS
#define FLAGS 0
#endif

/* A call that is answered later, in a list of its instance. */
typedef struct pending {
    struct pending *next;
    uint64_t id;
    void *context;
    kinodock_reply reply;
    int answers_late;
} pending;

typedef struct {
    const kinodock_host *host;
    pthread_mutex_t lock;
    pending *calls;
    atomic_int unblocked;
    kinodock_call last_words;
} client;

static void *create(const kinodock_host *host, const kinodock_call *call) {
    client *self = calloc(1, sizeof *self);
    self->host = host;
    pthread_mutex_init(&self->lock, NULL);
    host->log(host->context, KINODOCK_LOG_INFO, BYTES("created"), BYTES("{\"language\":\"c\"}"));
    call->reply(call->context, 0, BYTES("{}"), nothing);
    return self;
}

static void keep(client *self, const kinodock_call *call, int answers_late) {
    pending *entry = malloc(sizeof *entry);
    *entry = (pending){NULL, call->id, call->context, call->reply, answers_late};
    pthread_mutex_lock(&self->lock);
    entry->next = self->calls;
    self->calls = entry;
    pthread_mutex_unlock(&self->lock);
}

static void answer_item(const char *id, const char *name, void *context, kinodock_reply reply) {
    char json[1024];
    snprintf(json, sizeof json,
             "{\"item\":{\"id\":\"%s\",\"name\":\"%s\",\"state\":\"downloading\",\"size\":1000,\"remaining\":400,"
             "\"is_complete\":false,\"download_speed\":10,\"upload_speed\":0,\"can_move_files\":false,"
             "\"can_be_removed\":false}}",
             id, name);
    reply(context, 0, BYTES(json), nothing);
}

/* The host's answer to the call below: hands it on as the name of an item. */
static void host_answered(void *context, int32_t status, kinodock_bytes json, kinodock_bytes attachment) {
    pending *asked = context;
    char name[256] = "";
    if (status == 0)
        snprintf(name, sizeof name, "%.*s", (int)attachment.count, (const char *)attachment.data);
    else
        json_text((const char *)json.data, json.count, "code", name, sizeof name);
    answer_item("host", name, asked->context, asked->reply);
    free(asked);
}

static void ask_host(client *self, const kinodock_call *call, const char *json) {
    pending *asked = malloc(sizeof *asked);
    *asked = (pending){NULL, call->id, call->context, call->reply, 0};
    kinodock_call question = {
        .size = sizeof question, .id = call->id, .method = BYTES("kv.get"), .json = BYTES(json),
        .context = asked, .reply = host_answered,
    };
    self->host->invoke(self->host->context, &question);
}

/* A chain of host calls, each made inside of the reply to the one before. */
typedef struct {
    client *self;
    void *context;
    kinodock_reply reply;
    int left, done;
} chain;

static void chain_answered(void *context, int32_t status, kinodock_bytes json, kinodock_bytes attachment) {
    chain *all = context;
    (void)json;
    (void)attachment;
    if (status == 0) all->done++;
    if (all->left-- > 0) {
        kinodock_call next = {
            .size = sizeof next, .id = (uint64_t)all->left, .method = BYTES("clock.now"), .json = BYTES("{}"),
            .context = all, .reply = chain_answered,
        };
        all->self->host->invoke(all->self->host->context, &next);
        return;
    }
    char name[32];
    snprintf(name, sizeof name, "%d", all->done);
    answer_item("again", name, all->context, all->reply);
    free(all);
}

static void ask_again(client *self, const kinodock_call *call) {
    chain *all = malloc(sizeof *all);
    *all = (chain){self, call->context, call->reply, 200, 0};
    chain_answered(all, 1, nothing, nothing);
}

static void nobody(void *context, int32_t status, kinodock_bytes json, kinodock_bytes attachment) {
    (void)context;
    (void)status;
    (void)json;
    (void)attachment;
}

/* Every host call but the last waits in http.send for as long as the test lets it. */
static void flood(client *self, const kinodock_call *call) {
    for (int number = 0; number < 1000; number++) {
        kinodock_call question = {
            .size = sizeof question, .id = 1000u + (unsigned)number, .method = BYTES("http.send"),
            .json = BYTES("{\"url\":\"http://wait/\"}"), .reply = nobody,
        };
        self->host->invoke(self->host->context, &question);
    }
    ask_host(self, call, "{\"key\":\"greeting\"}");
    for (int number = 0; number < 1000; number++) self->host->cancel(self->host->context, 1000u + (unsigned)number);
}

static void unsized(client *self, const kinodock_call *call) {
    kinodock_call question = {.method = BYTES("clock.now"), .json = BYTES("{}"), .reply = nobody};
    self->host->invoke(self->host->context, &question);
    self->host->log(self->host->context, KINODOCK_LOG_INFO, (kinodock_bytes){(const uint8_t *)"x", SIZE_MAX}, nothing);
    answer_item("unsized", "asked", call->context, call->reply);
}

static void item(client *self, const kinodock_call *call) {
    char id[128];
    if (!json_text((const char *)call->json.data, call->json.count, "id", id, sizeof id)) {
        call->reply(call->context, 1, BYTES("{\"code\":\"invalid\",\"message\":\"id is missing.\",\"field\":\"id\"}"),
                    nothing);
    } else if (!strcmp(id, "hang")) {
        keep(self, call, 0);
    } else if (!strcmp(id, "late")) {
        keep(self, call, 1);
    } else if (!strcmp(id, "block")) {
        self->host->log(self->host->context, KINODOCK_LOG_DEBUG, BYTES("blocked"), nothing);
        while (!atomic_load(&self->unblocked)) usleep(1000);
        answer_item(id, "unblocked", call->context, call->reply);
    } else if (!strcmp(id, "stuck")) {
        self->host->log(self->host->context, KINODOCK_LOG_DEBUG, BYTES("stuck"), nothing);
        for (;;) pause();
    } else if (!strcmp(id, "secret")) {
        call->reply(call->context, 1,
                    BYTES("{\"code\":\"unauthorized\",\"message\":\"The password hunter2 was refused.\"}"), nothing);
    } else if (!strcmp(id, "host")) {
        ask_host(self, call, "{\"key\":\"greeting\"}");
    } else if (!strcmp(id, "bad-host")) {
        ask_host(self, call, "{\"key\":");
    } else if (!strcmp(id, "crash")) {
        raise(SIGSEGV);
    } else if (!strcmp(id, "print")) {
        printf("one\ntwo\n");
        fflush(stdout);
        fprintf(stderr, "three");
        answer_item(id, "printed", call->context, call->reply);
    } else if (!strcmp(id, "garbage")) {
        call->reply(call->context, 0, BYTES("{\"item\":"), nothing);
    } else if (!strcmp(id, "endless")) {
        call->reply(call->context, 0, (kinodock_bytes){(const uint8_t *)"{}", SIZE_MAX - 7}, nothing);
    } else if (!strcmp(id, "again")) {
        ask_again(self, call);
    } else if (!strcmp(id, "unsized")) {
        unsized(self, call);
    } else if (!strcmp(id, "flood")) {
        flood(self, call);
    } else if (!strcmp(id, "last-words")) {
        self->last_words = *call;
        keep(self, call, 0);
    } else if (!strcmp(id, "none")) {
        call->reply(call->context, 0, BYTES("{}"), nothing);
    } else {
        if (!strcmp(id, "stdout")) dprintf(STDOUT_FILENO, "a plugin prints\n");
        answer_item(id, "An item", call->context, call->reply);
        if (!strcmp(id, "twice")) answer_item(id, "Again", call->context, call->reply);
    }
}

static void invoke(void *instance, const kinodock_call *call) {
    const char *method = (const char *)call->method.data;
    if (call->method.count == 13 && !memcmp(method, "download.item", 13))
        item(instance, call);
    else if (call->method.count == 12 && !memcmp(method, "download.add", 12)) {
        char json[64];
        snprintf(json, sizeof json, "{\"id\":\"%zu\",\"existed\":false}", call->attachment.count);
        call->reply(call->context, 0, BYTES(json), call->attachment);
    } else
        call->reply(call->context, 1, BYTES("{\"code\":\"unsupported\",\"message\":\"This client cannot do that.\"}"),
                    nothing);
}

static void cancel(void *instance, uint64_t id) {
    client *self = instance;
    atomic_store(&self->unblocked, 1);
    pending *found = NULL;
    pthread_mutex_lock(&self->lock);
    for (pending **entry = &self->calls; *entry; entry = &(*entry)->next) {
        if ((*entry)->id != id || !(*entry)->answers_late) continue;
        found = *entry;
        *entry = found->next;
        break;
    }
    pthread_mutex_unlock(&self->lock);
    if (!found) return;
    answer_item("late", "Too late", found->context, found->reply);
    free(found);
}

static void destroy(void *instance, const kinodock_call *call) {
    client *self = instance;
    while (self->calls) {
        pending *next = self->calls->next;
        self->calls->reply(self->calls->context, 1, BYTES("{\"code\":\"cancelled\",\"message\":\"Ended.\"}"), nothing);
        free(self->calls);
        self->calls = next;
    }
    kinodock_call last_words = self->last_words;
    const kinodock_host *host = self->host;
    pthread_mutex_destroy(&self->lock);
    free(self);
    call->reply(call->context, 0, BYTES("{}"), nothing);
    if (!last_words.reply) return;
    /* Against the contract: a reply too many, and calls of the host, when the instance has ended. */
    answer_item("last-words", "Still here", last_words.context, last_words.reply);
    for (int number = 0; number < 100; number++) {
        kinodock_call question = {
            .size = sizeof question, .id = 1, .method = BYTES("clock.now"), .json = BYTES("{}"), .reply = nobody,
        };
        host->invoke(host->context, &question);
        host->cancel(host->context, 1);
        host->log(host->context, KINODOCK_LOG_INFO, BYTES("still here"), nothing);
    }
}

static const kinodock_plugin table = {
    .size = sizeof(kinodock_plugin),
    .magic = KINODOCK_PLUGIN_MAGIC,
    .major = KINODOCK_ABI_MAJOR,
    .minor = KINODOCK_ABI_MINOR,
    .flags = FLAGS,
    .manifest =
        "{\"id\":\"" ID "\",\"name\":\"C echo\",\"version\":\"1.0.0\",\"description\":\"A download client in C.\","
        "\"kinds\":[\"download_client\"],\"sources\":[\"magnet\"],\"settings\":{\"version\":1,\"fields\":["
        "{\"key\":\"password\",\"type\":\"secret\",\"label\":\"Password\"}]}}",
    .create = create,
    .destroy = destroy,
    .invoke = invoke,
    .cancel = cancel,
};

const kinodock_plugin *kinodock_plugin_v1(void) { return &table; }
