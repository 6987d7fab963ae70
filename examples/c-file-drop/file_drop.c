/*
 * A notifier that writes each event as a JSON file into a folder, where other programs pick it up.
 *
 * This file is what the server sees; json.c, settings.c, file_name.c and drop.c do the work, worker.c has the thread.
 */
#include "drop.h"
#include "file_name.h"
#include "json.h"
#include "kinodock_plugin.h"
#include "reply.h"
#include "settings.h"
#include "worker.h"

#include <stdlib.h>
#include <string.h>

/* A configured instance. */
typedef struct instance {
    settings settings; /* never changed after `create` */
    worker *worker;
} instance;

/* The largest event in bytes. */
enum { LARGEST_EVENT = 1 << 20 };

static bool is_method(const kinodock_call *call, const char *name) {
    return call->method.count == strlen(name) && !memcmp(call->method.data, name, call->method.count);
}

/* Methods */

static void add_check(text *json, const char *name, const failure *failure, bool is_first) {
    text_add_string(json, is_first ? "{\"name\":\"" : ",{\"name\":\"");
    text_add_string(json, name);
    text_add_string(json, failure->code ? "\",\"ok\":false" : "\",\"ok\":true}");
    if (!failure->code) return;
    if (failure->field) {
        text_add_string(json, ",\"field\":");
        json_write_text(json, failure->field, strlen(failure->field));
    }
    text_add_string(json, ",\"message\":");
    json_write_text(json, failure->message, strlen(failure->message));
    text_add_string(json, "}");
}

static void test(const instance *self, const kinodock_call *call, const atomic_bool *is_cancelled) {
    drop_report report;
    text json = {0};
    drop_test(&self->settings, is_cancelled, &report);
    text_add_string(&json, "{\"checks\":[");
    add_check(&json, "folder", &report.folder, true);
    if (!report.folder.code) {
        add_check(&json, "writable", &report.writing, false);
        add_check(&json, "space", &report.space, false);
    }
    text_add_string(&json, "],\"warnings\":[");
    if (file_name_repeats(self->settings.pattern))
        text_add_string(&json, "{\"code\":\"overwrites\",\"field\":\"fileName\",\"message\":\"Without {id} in its name a file "
                               "takes the place of an earlier one; add it to keep every event.\"}");
    text_add_string(&json, "],\"save_path\":");
    json_write_text(&json, self->settings.folder, strlen(self->settings.folder));
    text_add_string(&json, "}");
    reply_text(call, &json);
}

static void supported_events(const instance *self, const kinodock_call *call) {
    text json = {0};
    text_add_string(&json, "{\"events\":[");
    for (unsigned i = 0, count = 0; i < EVENT_KIND_COUNT; i++) {
        if (!(self->settings.events & 1u << i)) continue;
        text_add_string(&json, count++ ? ",\"" : "\"");
        text_add_string(&json, event_kinds[i]);
        text_add_string(&json, "\"");
    }
    /* One that is sent on request always makes sense. */
    text_add_string(&json, ",\"test\"]}");
    reply_text(call, &json);
}

/* An event without what its file is named after is a defect of whoever sent it. */
static const char *missing_member(const json *event) {
    static const char *const needed[] = {"id", "kind", "time", "title"};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        const json *value = json_member(event, needed[i]);
        if (!value || value->kind != JSON_TEXT) return needed[i];
    }
    return NULL;
}

static void write_event(const instance *self, const json *event, const atomic_bool *is_cancelled, failure *failure) {
    text name = {0}, content = {0};
    file_name_add(&name, self->settings.pattern, event);
    json_write(&content, event, 2);
    text_add(&content, "\n", 1);
    if (name.failed || content.failed)
        fail_with(failure, "internal", NULL, "There is not enough memory; try again later.");
    else
        drop_file(&self->settings, name.bytes, content.bytes, content.count, is_cancelled, failure);
    text_free(&name);
    text_free(&content);
}

static void notify(const instance *self, const kinodock_call *call, const atomic_bool *is_cancelled) {
    failure failure = {0};
    const char *fault = "it is larger than 1 MiB";
    json_document *document =
        call->json.count <= LARGEST_EVENT ? json_read((const char *)call->json.data, call->json.count, &fault, NULL) : NULL;
    if (!document) {
        fail_with(&failure, "invalid", NULL, "The event cannot be read: %s.", fault);
    } else {
        const char *missing = missing_member(json_root(document));
        if (missing)
            fail_with(&failure, "invalid", missing, "The event has no text %s.", missing);
        else
            write_event(self, json_root(document), is_cancelled, &failure);
    }
    json_free(document);
    if (failure.code)
        reply_failure(call, &failure);
    else
        reply_empty(call);
}

static void do_call(void *context, const kinodock_call *call, const atomic_bool *is_cancelled) {
    const instance *self = context;
    if (is_method(call, "notifier.notify"))
        notify(self, call, is_cancelled);
    else
        test(self, call, is_cancelled);
}

/* What the server calls */

static void invoke(void *pointer, const kinodock_call *call) {
    static const failure unsupported = {.code = "unsupported", .message = "This plugin has no such method."};
    const instance *self = pointer;
    if (is_method(call, "notifier.supportedEvents"))
        supported_events(self, call);
    else if (is_method(call, "notifier.notify") || is_method(call, "provider.test"))
        worker_add(self->worker, call);
    else
        reply_failure(call, &unsupported);
}

static void cancel(void *pointer, uint64_t id) { worker_cancel(((instance *)pointer)->worker, id); }

static void destroy(void *pointer, const kinodock_call *call) {
    instance *self = pointer;
    worker_stop(self->worker);
    settings_free(&self->settings);
    free(self);
    reply_empty(call);
}

/* The log and the services of the host are of no use to this plugin, so it does not keep `host`. */
static void *create(const kinodock_host *host, const kinodock_call *call) {
    (void)host;
    failure failure = {0};
    instance *self = calloc(1, sizeof *self);
    if (self && settings_read(&self->settings, call->json, &failure)) {
        self->worker = worker_start(do_call, self);
        if (self->worker) {
            reply_empty(call);
            return self;
        }
        settings_free(&self->settings);
    }
    if (!failure.code) fail_with(&failure, "internal", NULL, "There is no memory or no thread left; try again later.");
    reply_failure(call, &failure);
    free(self);
    return NULL;
}

KINODOCK_EXPORT_PLUGIN(
    KINODOCK_JSON({
        "id": "file-drop",
        "name": "File drop",
        "version": "1.0.0",
        "description": "Writes each event as a JSON file into a folder, where other programs pick it up.",
        "kinds": ["notifier"],
        "settings": {"version": 1, "fields": [
            {"key": "path", "type": "path", "label": "Folder", "required": true, "placeholder": "/srv/events",
             "help": "A folder that exists and that the server may write to. A file appears there when it is complete."},
            {"key": "fileName", "type": "text", "label": "File name", "default": "{time}-{kind}-{id}.json", "max": 200,
             "help": "{time}, {kind}, {id} and {title} stand for what the event says. A file of the same name is replaced."},
            {"key": "events", "type": "multiselect", "label": "Events", "help": "None chosen means all.", "options": [
                {"value": "grabbed", "label": "A release was handed to a download client"},
                {"value": "downloaded", "label": "A download is complete"},
                {"value": "imported", "label": "Files came into the library"},
                {"value": "upgraded", "label": "Files were replaced by better ones"},
                {"value": "download_failed", "label": "A download failed"},
                {"value": "import_failed", "label": "An import failed"},
                {"value": "manual_action_needed", "label": "A person has to decide something"},
                {"value": "deleted", "label": "Something was removed from the library"},
                {"value": "health_changed", "label": "A backend stopped working, or works again"}]},
            {"key": "readers", "type": "select", "label": "Who may read the files", "default": "group", "advanced": true,
             "options": [{"value": "owner", "label": "The server's user alone"},
                         {"value": "group", "label": "The server's group too"},
                         {"value": "everyone", "label": "Everyone on the machine"}]},
            {"key": "leastFree", "type": "number", "label": "Space to leave free", "unit": "MiB", "min": 0, "max": 1000000,
             "default": 100, "advanced": true, "help": "Nothing is written when less than this would stay free."}
        ]}
    }),
    0, KINODOCK_PLUGIN_INVOKE_RETURNS, .create = create, .destroy = destroy, .invoke = invoke, .cancel = cancel);
