#include "settings.h"

#include "file_name.h"
#include "json.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *const event_kinds[] = {
    "grabbed",       "downloaded",           "imported", "upgraded",       "download_failed",
    "import_failed", "manual_action_needed", "deleted",  "health_changed",
};

/* A copy of a text setting, or of `fallback` when it is absent; an empty one counts as absent. */
static char *copy(const json *object, const char *key, const char *fallback, failure *failure) {
    const json *value = json_member(object, key);
    if (!value || value->kind == JSON_NULL || (value->kind == JSON_TEXT && !value->count)) {
        if (fallback) return strdup(fallback);
        fail_with(failure, "invalid", key, "%s is missing; give it a value.", key);
        return NULL;
    }
    if (value->kind != JSON_TEXT || memchr(value->bytes, 0, value->count)) {
        fail_with(failure, "invalid", key, "%s must be a text.", key);
        return NULL;
    }
    return strndup(value->bytes, value->count);
}

static bool read_mode(settings *self, const json *object, failure *failure) {
    const json *value = json_member(object, "readers");
    if (!value || value->kind == JSON_NULL || json_is(value, "group"))
        self->mode = S_IRUSR | S_IWUSR | S_IRGRP;
    else if (json_is(value, "owner"))
        self->mode = S_IRUSR | S_IWUSR;
    else if (json_is(value, "everyone"))
        self->mode = S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;
    else
        fail_with(failure, "invalid", "readers", "Who may read the files is one of owner, group and everyone.");
    return !failure->code;
}

static bool read_least_free(settings *self, const json *object, failure *failure) {
    const json *value = json_member(object, "leastFree");
    double megabytes = json_number(value, value && value->kind != JSON_NULL ? -1 : 100);
    if (!(megabytes >= 0 && megabytes <= 1e6)) {
        fail_with(failure, "invalid", "leastFree", "The space to leave free is a number of MiB from 0 to 1000000.");
        return false;
    }
    self->least_free = (unsigned long long)(megabytes * 1024 * 1024);
    return true;
}

static bool read_events(settings *self, const json *object, failure *failure) {
    const json *list = json_member(object, "events");
    self->events = (1u << EVENT_KIND_COUNT) - 1;
    /* None chosen means all: a notifier that is told of nothing is of no use. */
    if (!list || list->kind == JSON_NULL || (list->kind == JSON_LIST && !list->first)) return true;
    self->events = 0;
    if (list->kind != JSON_LIST) {
        fail_with(failure, "invalid", "events", "The events must be a list.");
        return false;
    }
    for (const json *event = list->first; event; event = event->next)
        for (unsigned i = 0; i < EVENT_KIND_COUNT; i++)
            if (json_is(event, event_kinds[i])) self->events |= 1u << i;
    if (!self->events) fail_with(failure, "invalid", "events", "This plugin knows none of these events; choose others.");
    return self->events != 0;
}

static bool read_all(settings *self, const json *object, failure *failure) {
    if (!object || object->kind != JSON_OBJECT) {
        fail_with(failure, "invalid", NULL, "The settings are not a JSON object.");
        return false;
    }
    if (!(self->folder = copy(object, "path", NULL, failure))) return false;
    if (self->folder[0] != '/') {
        fail_with(failure, "invalid", "path", "The folder must be given as a full path that begins with a slash.");
        return false;
    }
    if (!(self->pattern = copy(object, "fileName", FILE_NAME_DEFAULT, failure))) return false;
    return file_name_check(self->pattern, failure) && read_mode(self, object, failure)
           && read_least_free(self, object, failure) && read_events(self, object, failure);
}

bool settings_read(settings *self, kinodock_bytes json, failure *failure) {
    *self = (settings){0};
    json_document *document = json_read((const char *)json.data, json.count, NULL, NULL);
    bool is_right = read_all(self, document ? json_root(document) : NULL, failure);
    json_free(document);
    if (is_right) return true;
    if (!failure->code) fail_with(failure, "internal", NULL, "There is not enough memory; try again later.");
    settings_free(self);
    return false;
}

void settings_free(settings *self) {
    free(self->folder);
    free(self->pattern);
    *self = (settings){0};
}
