/*
 * A download client for version 1.0 of the contract: everything that this version has is used once.
 *
 * It keeps its downloads in memory, each a magnet that never gets further. The number of the next one is stored with
 * the host, so that it goes on after a restart.
 */
#include "kinodock_plugin.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(text) ((kinodock_bytes){(const uint8_t *)(text), strlen(text)})
static const kinodock_bytes nothing;

enum { MOST_DOWNLOADS = 64 };

/* A call that waits for the host, in the list of its client. */
typedef struct waiting {
    struct waiting *next;
    struct client *client;
    uint64_t id;
    void *context;
    kinodock_reply reply;
    char link[512];
    size_t attached;
} waiting;

typedef struct client {
    const kinodock_host *host;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    waiting *open;
    struct { int number, paused; char link[512]; } downloads[MOST_DOWNLOADS];
    int count, last;
} client;

static int is(kinodock_bytes text, const char *name) {
    return text.count == strlen(name) && !memcmp(text.data, name, text.count);
}

/* The text of a key in a flat object; without escapes, which this plugin's texts do not have. */
static void value_of(kinodock_bytes json, const char *key, char *value, size_t size) {
    char pattern[64];
    size_t width = (size_t)snprintf(pattern, sizeof pattern, "\"%s\":\"", key), length = 0;
    value[0] = 0;
    for (size_t at = 0; at + width < json.count; at++) {
        if (memcmp(json.data + at, pattern, width)) continue;
        const char *start = (const char *)json.data + at + width;
        while (at + width + length < json.count && start[length] != '"' && length + 1 < size) length++;
        memcpy(value, start, length);
        value[length] = 0;
        return;
    }
}

static void fail(const kinodock_call *call, const char *json) { call->reply(call->context, 1, TEXT(json), nothing); }

static void succeed(const kinodock_call *call, const char *json) { call->reply(call->context, 0, TEXT(json), nothing); }

/* Calls the host for a call of its own, which is answered when the host has answered. */
static void ask(client *self, waiting *call, const char *service, const char *json, kinodock_bytes attachment,
                kinodock_reply answered) {
    kinodock_call question = {
        .size = sizeof question, .id = call->id, .deadline_ms = 5000, .method = TEXT(service), .json = TEXT(json),
        .attachment = attachment, .context = call, .reply = answered,
    };
    self->host->invoke(self->host->context, &question);
}

static waiting *wait_for(client *self, const kinodock_call *call) {
    waiting *made = calloc(1, sizeof *made);
    *made = (waiting){.client = self, .id = call->id, .context = call->context, .reply = call->reply};
    pthread_mutex_lock(&self->lock);
    made->next = self->open;
    self->open = made;
    pthread_mutex_unlock(&self->lock);
    return made;
}

/* Answers a call that waited. `destroy` may free the client as soon as no call is open. */
static void finish(waiting *call, int32_t status, kinodock_bytes json) {
    client *self = call->client;
    call->reply(call->context, status, json, nothing);
    pthread_mutex_lock(&self->lock);
    waiting **entry = &self->open;
    while (*entry != call) entry = &(*entry)->next;
    *entry = call->next;
    pthread_cond_broadcast(&self->ended);
    pthread_mutex_unlock(&self->lock);
    free(call);
}

static void *create(const kinodock_host *host, const kinodock_call *call) {
    char folder[256];
    value_of(call->json, "folder", folder, sizeof folder);
    if (!folder[0]) {
        fail(call, "{\"code\":\"invalid\",\"message\":\"Give a folder.\",\"field\":\"folder\"}");
        return NULL;
    }
    client *self = calloc(1, sizeof *self);
    self->host = host;
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->ended, NULL);
    host->log(host->context, KINODOCK_LOG_INFO, TEXT("created"), TEXT("{\"header\":\"1.0\"}"));
    succeed(call, "{}");
    return self;
}

static void item_text(client *self, int index, char *json, size_t size) {
    snprintf(json, size,
             "{\"id\":\"%d\",\"name\":\"%s\",\"state\":\"%s\",\"size\":1000,\"remaining\":400,\"is_complete\":false,"
             "\"download_speed\":0,\"upload_speed\":0,\"can_move_files\":false,\"can_be_removed\":false}",
             self->downloads[index].number, self->downloads[index].link,
             self->downloads[index].paused ? "paused" : "downloading");
}

/* Under the lock; -1 when there is no such download. */
static int find(client *self, kinodock_bytes json) {
    char id[32];
    value_of(json, "id", id, sizeof id);
    for (int index = 0; index < self->count; index++)
        if (self->downloads[index].number == atoi(id)) return index;
    return -1;
}

static void told(void *context, int32_t status, kinodock_bytes json, kinodock_bytes attachment) {
    waiting *call = context;
    char text[64];
    (void)attachment;
    snprintf(text, sizeof text, "{\"id\":\"%d\",\"existed\":false}", call->client->last);
    finish(call, status, status ? json : TEXT(text));
}

static void stored(void *context, int32_t status, kinodock_bytes json, kinodock_bytes attachment) {
    waiting *call = context;
    (void)attachment;
    if (status) finish(call, status, json);
    else ask(call->client, call, "events.emit", "{\"event\":\"changed\"}", nothing, told);
}

/* The host's answer to kv.get: the number of the last download as the attachment. */
static void numbered(void *context, int32_t status, kinodock_bytes json, kinodock_bytes attachment) {
    waiting *call = context;
    client *self = call->client;
    char number[16] = "";
    if (status) {
        finish(call, status, json);
        return;
    }
    if (attachment.count && attachment.count < sizeof number) memcpy(number, attachment.data, attachment.count);
    pthread_mutex_lock(&self->lock);
    self->last = atoi(number) + 1;
    if (self->count < MOST_DOWNLOADS) {
        int index = self->count++;
        self->downloads[index].number = self->last;
        self->downloads[index].paused = 0;
        snprintf(self->downloads[index].link, sizeof self->downloads[index].link, "%s", call->link);
    }
    snprintf(number, sizeof number, "%d", self->last);
    pthread_mutex_unlock(&self->lock);
    ask(self, call, "kv.set", "{\"key\":\"last\"}", TEXT(number), stored);
}

static void changes(client *self, const kinodock_call *call) {
    char *json = malloc(MOST_DOWNLOADS * 1024 + 128);
    pthread_mutex_lock(&self->lock);
    char *end = json + sprintf(json, "{\"cursor\":\"%d\",\"is_complete\":true,\"removed\":[],\"items\":[", self->last);
    for (int index = 0; index < self->count; index++) {
        if (index) *end++ = ',';
        item_text(self, index, end, 1000);
        end += strlen(end);
    }
    strcpy(end, "]}");
    pthread_mutex_unlock(&self->lock);
    succeed(call, json);
    free(json);
}

static void item(client *self, const kinodock_call *call) {
    char text[1000], json[1024] = "{}";
    pthread_mutex_lock(&self->lock);
    int index = find(self, call->json);
    if (index >= 0) {
        item_text(self, index, text, sizeof text);
        snprintf(json, sizeof json, "{\"item\":%s}", text);
    }
    pthread_mutex_unlock(&self->lock);
    succeed(call, json);
}

static void change(client *self, const kinodock_call *call, int paused, int removed) {
    pthread_mutex_lock(&self->lock);
    int index = find(self, call->json);
    if (index >= 0 && removed) self->downloads[index] = self->downloads[--self->count];
    else if (index >= 0) self->downloads[index].paused = paused;
    pthread_mutex_unlock(&self->lock);
    if (index >= 0 || removed) succeed(call, "{}");
    else fail(call, "{\"code\":\"not_found\",\"message\":\"There is no such download.\"}");
}

/* Answers the test with what a web server said and whether the host knows the time. */
static void timed(void *context, int32_t status, kinodock_bytes json, kinodock_bytes attachment) {
    waiting *call = context;
    char text[256];
    (void)json;
    (void)attachment;
    snprintf(text, sizeof text,
             "{\"version\":\"%zu bytes\",\"checks\":[{\"name\":\"clock\",\"ok\":%s}],\"warnings\":[]}",
             call->attached, status == 0 ? "true" : "false");
    finish(call, 0, TEXT(text));
}

static void fetched(void *context, int32_t status, kinodock_bytes json, kinodock_bytes attachment) {
    waiting *call = context;
    (void)status;
    (void)json;
    call->attached = attachment.count;
    ask(call->client, call, "clock.now", "{}", nothing, timed);
}

/* The files of a download would come from its web server. */
static void listed(void *context, int32_t status, kinodock_bytes json, kinodock_bytes attachment) {
    (void)attachment;
    finish(context, status, status ? json : TEXT("{\"files\":[]}"));
}

static void invoke(void *instance, const kinodock_call *call) {
    client *self = instance;
    if (is(call->method, "provider.test")) {
        ask(self, wait_for(self, call), "http.send", "{\"url\":\"http://127.0.0.1:9/\",\"timeout\":1000}", nothing,
            fetched);
    } else if (is(call->method, "download.add")) {
        waiting *made = wait_for(self, call);
        value_of(call->json, "link", made->link, sizeof made->link);
        ask(self, made, "kv.get", "{\"key\":\"last\"}", nothing, numbered);
    } else if (is(call->method, "download.changes")) {
        changes(self, call);
    } else if (is(call->method, "download.item")) {
        item(self, call);
    } else if (is(call->method, "download.files")) {
        ask(self, wait_for(self, call), "http.send", "{\"url\":\"http://wait/\"}", nothing, listed);
    } else if (is(call->method, "download.pause")) {
        change(self, call, 1, 0);
    } else if (is(call->method, "download.resume")) {
        change(self, call, 0, 0);
    } else if (is(call->method, "download.remove")) {
        change(self, call, 0, 1);
    } else {
        fail(call, "{\"code\":\"unsupported\",\"message\":\"This client cannot do that.\"}");
    }
}

/* The call of the host has the id of the call that it is made for. */
static void cancel(void *instance, uint64_t id) {
    client *self = instance;
    self->host->cancel(self->host->context, id);
}

static void destroy(void *instance, const kinodock_call *call) {
    client *self = instance;
    uint64_t open[MOST_DOWNLOADS];
    int count = 0;
    pthread_mutex_lock(&self->lock);
    for (waiting *entry = self->open; entry && count < MOST_DOWNLOADS; entry = entry->next) open[count++] = entry->id;
    pthread_mutex_unlock(&self->lock);
    while (count) cancel(self, open[--count]);
    pthread_mutex_lock(&self->lock);
    while (self->open) pthread_cond_wait(&self->ended, &self->lock);
    pthread_mutex_unlock(&self->lock);
    pthread_cond_destroy(&self->ended);
    pthread_mutex_destroy(&self->lock);
    free(self);
    succeed(call, "{}");
}

static const kinodock_plugin table = {
    .size = sizeof(kinodock_plugin),
    .magic = KINODOCK_PLUGIN_MAGIC,
    .major = KINODOCK_ABI_MAJOR,
    .minor = KINODOCK_ABI_MINOR,
    .min_host_minor = 0,
    .flags = 0,
    .manifest =
        "{\"id\":\"sdk-1-0\",\"name\":\"First\",\"version\":\"1.0.0\",\"description\":\"Written for version 1.0.\","
        "\"kinds\":[\"download_client\"],\"sources\":[\"magnet\"],\"settings\":{\"version\":1,\"fields\":["
        "{\"key\":\"folder\",\"type\":\"path\",\"label\":\"Folder\",\"required\":true},"
        "{\"key\":\"password\",\"type\":\"secret\",\"label\":\"Password\"}]}}",
    .create = create,
    .destroy = destroy,
    .invoke = invoke,
    .cancel = cancel,
};

const kinodock_plugin *kinodock_plugin_v1(void) { return &table; }
