/* Tests of the whole plugin, called as the server calls it: from many threads, with cancels, and ended in between. */
#include "test.h"

#include "json.h"
#include "kinodock_plugin.h"

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const kinodock_plugin *kinodock_plugin_v1(void);

enum { THREADS = 6, CALLS = 40 };

/* What came back for one call. */
typedef struct answer {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int replies, status;
    char json[2048];
} answer;

/* Calls of all threads together, for a count of replies. */
typedef struct storm {
    const kinodock_plugin *plugin;
    void *instance;
    atomic_int replies, done, cancelled;
} storm;

static kinodock_bytes bytes(const char *string) {
    return (kinodock_bytes){(const uint8_t *)string, strlen(string)};
}

static void take(void *context, int32_t status, kinodock_bytes json, kinodock_bytes attachment) {
    (void)attachment;
    answer *self = context;
    pthread_mutex_lock(&self->lock);
    self->replies++;
    self->status = status;
    snprintf(self->json, sizeof self->json, "%.*s", (int)json.count, (const char *)json.data);
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->lock);
}

static kinodock_call call_of(const char *method, const char *json, uint64_t id, void *context, kinodock_reply reply) {
    return (kinodock_call){.size = sizeof(kinodock_call), .id = id, .method = bytes(method), .json = bytes(json),
                           .context = context, .reply = reply};
}

static void await(answer *self) {
    pthread_mutex_lock(&self->lock);
    while (!self->replies) pthread_cond_wait(&self->changed, &self->lock);
    pthread_mutex_unlock(&self->lock);
}

static answer ask(const kinodock_plugin *plugin, void *instance, const char *method, const char *json) {
    answer self = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    kinodock_call call = call_of(method, json, 1, &self, take);
    plugin->invoke(instance, &call);
    await(&self);
    return self;
}

static void *create(const kinodock_plugin *plugin, const char *settings, answer *answer) {
    kinodock_host host = {.size = sizeof host, .major = 1};
    kinodock_call call = call_of("create", settings, 1, answer, take);
    void *instance = plugin->create(&host, &call);
    await(answer);
    return instance;
}

static void destroy(const kinodock_plugin *plugin, void *instance) {
    answer answer = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    kinodock_call call = call_of("destroy", "{}", 1, &answer, take);
    plugin->destroy(instance, &call);
    await(&answer);
    check(answer.replies == 1 && answer.status == 0, "the instance ends");
}

static void count_reply(void *context, int32_t status, kinodock_bytes json, kinodock_bytes attachment) {
    (void)attachment;
    storm *self = context;
    atomic_fetch_add(&self->replies, 1);
    if (status == 0) atomic_fetch_add(&self->done, 1);
    if (status != 0 && memmem(json.data, json.count, "\"cancelled\"", 11)) atomic_fetch_add(&self->cancelled, 1);
}

typedef struct sender {
    storm *storm;
    int number;
} sender;

static void *send_many(void *context) {
    const sender *self = context;
    for (int i = 0; i < CALLS; i++) {
        char event[256];
        uint64_t id = (uint64_t)(self->number * CALLS + i + 10);
        snprintf(event, sizeof event, "{\"id\":\"%llu\",\"kind\":\"test\",\"time\":\"t\",\"title\":\"x\",\"message\":\"\","
                 "\"details\":{}}", (unsigned long long)id);
        kinodock_call call = call_of("notifier.notify", event, id, self->storm, count_reply);
        self->storm->plugin->invoke(self->storm->instance, &call);
        /* What the host's memory held is gone when the function has returned. */
        memset(event, 'x', sizeof event);
        if (i % 3 == 0) self->storm->plugin->cancel(self->storm->instance, id);
    }
    return NULL;
}

/* Sends from many threads at once and ends the instance while calls wait. */
static void send_storm(const kinodock_plugin *plugin, void *instance) {
    storm storm = {.plugin = plugin, .instance = instance};
    pthread_t threads[THREADS];
    sender senders[THREADS];
    for (int i = 0; i < THREADS; i++) {
        senders[i] = (sender){&storm, i};
        pthread_create(&threads[i], NULL, send_many, &senders[i]);
    }
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    destroy(plugin, instance);
    check(storm.replies == THREADS * CALLS, "each call is answered once before the instance has ended");
    check(storm.done + storm.cancelled == storm.replies, "a call is done or cancelled");
}

/* Removes the files of a folder, and the folder. Returns how many there were. */
static int clear(const char *path) {
    DIR *folder = opendir(path);
    int count = 0, hidden = 0;
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        hidden += entry->d_name[0] == '.';
        unlinkat(dirfd(folder), entry->d_name, 0);
        count++;
    }
    if (folder) closedir(folder);
    rmdir(path);
    check(!hidden, "no temporary file is left");
    return count;
}

void test_plugin(void) {
    const kinodock_plugin *plugin = kinodock_plugin_v1();
    char folder[] = "/tmp/file-drop-test-XXXXXX", settings[128];
    bool has_folder = mkdtemp(folder) != NULL;
    check(has_folder, "a folder for the test");
    if (!has_folder) return;
    snprintf(settings, sizeof settings, "{\"path\":\"%s\",\"leastFree\":0}", folder);
    answer created = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    void *instance = create(plugin, settings, &created);
    answer refused = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    void *none = create(plugin, "{}", &refused);
    check(!none && refused.replies == 1 && strstr(refused.json, "\"field\":\"path\""), "settings without a folder");
    check(instance && created.status == 0, "an instance");
    if (!instance) return;

    check(ask(plugin, instance, "provider.test", "{}").status == 0, "a test");
    check(strstr(ask(plugin, instance, "notifier.supportedEvents", "{}").json, "\"imported\"") != NULL, "the events");
    check(strstr(ask(plugin, instance, "download.add", "{}").json, "\"unsupported\"") != NULL, "no such method");
    check(strstr(ask(plugin, instance, "notifier.notify", "{\"id\":").json, "\"invalid\"") != NULL, "no event");
    check(strstr(ask(plugin, instance, "notifier.notify", "{\"id\":\"1\"}").json, "\"kind\"") != NULL, "an event without kind");
    plugin->cancel(instance, 12345);
    send_storm(plugin, instance);
    check(clear(folder) > 0, "files were written");
    json_document *manifest = json_read(plugin->manifest, strlen(plugin->manifest), NULL, NULL);
    check(manifest && json_is(json_member(json_root(manifest), "id"), "file-drop"), "the manifest can be read");
    json_free(manifest);
}
