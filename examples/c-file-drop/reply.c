#include "reply.h"

#include "json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const kinodock_bytes nothing;

static kinodock_bytes bytes(const char *text, size_t count) {
    return (kinodock_bytes){(const uint8_t *)text, count};
}

void fail_with(failure *self, const char *code, const char *field, const char *format, ...) {
    va_list values;
    self->code = code;
    self->field = field;
    va_start(values, format);
    vsnprintf(self->message, sizeof self->message, format, values);
    va_end(values);
    /* Paths may hold any bytes, and the limit may have cut a letter. */
    json_repair(self->message);
}

void reply_empty(const kinodock_call *call) { call->reply(call->context, 0, bytes("{}", 2), nothing); }

static void reply_out_of_memory(const kinodock_call *call) {
    static const char answer[] = "{\"code\":\"internal\",\"message\":\"There is not enough memory; try again later.\"}";
    call->reply(call->context, 1, bytes(answer, sizeof answer - 1), nothing);
}

void reply_text(const kinodock_call *call, text *json) {
    if (json->failed)
        reply_out_of_memory(call);
    else
        call->reply(call->context, 0, bytes(json->bytes, json->count), nothing);
    text_free(json);
}

void reply_failure(const kinodock_call *call, const failure *failure) {
    text json = {0};
    text_add_string(&json, "{\"code\":");
    json_write_text(&json, failure->code, strlen(failure->code));
    text_add_string(&json, ",\"message\":");
    json_write_text(&json, failure->message, strlen(failure->message));
    if (failure->field) {
        text_add_string(&json, ",\"field\":");
        json_write_text(&json, failure->field, strlen(failure->field));
    }
    text_add_string(&json, "}");
    if (json.failed)
        reply_out_of_memory(call);
    else
        call->reply(call->context, 1, bytes(json.bytes, json.count), nothing);
    text_free(&json);
}
