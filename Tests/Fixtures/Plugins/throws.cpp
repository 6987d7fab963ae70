// A plugin in C++ that breaks a rule of the contract: an exception leaves its function "provider.test". The id is
// "fault-throws".
#include "kinodock_plugin.h"

#include <cstring>
#include <stdexcept>

static kinodock_bytes text(const char *value) { return {reinterpret_cast<const uint8_t *>(value), std::strlen(value)}; }

static void succeed(const kinodock_call *call) { call->reply(call->context, 0, text("{}"), kinodock_bytes{}); }

static void *create(const kinodock_host *, const kinodock_call *call) {
    static int instance;
    succeed(call);
    return &instance;
}

static void destroy(void *, const kinodock_call *call) { succeed(call); }

static void invoke(void *, const kinodock_call *call) {
    if (call->method.count == 13 && !std::memcmp(call->method.data, "provider.test", 13))
        throw std::runtime_error("nobody catches this");
    call->reply(call->context, 1, text("{\"code\":\"unsupported\",\"message\":\"It cannot.\"}"), kinodock_bytes{});
}

static void cancel(void *, uint64_t) {}

extern "C" const kinodock_plugin *kinodock_plugin_v1() {
    static kinodock_plugin table{};
    table.size = sizeof table;
    table.magic = KINODOCK_PLUGIN_MAGIC;
    table.major = KINODOCK_ABI_MAJOR;
    table.minor = KINODOCK_ABI_MINOR;
    table.manifest =
        "{\"id\":\"fault-throws\",\"name\":\"Fault\",\"version\":\"1.0.0\",\"description\":\"Throws.\","
        "\"kinds\":[\"download_client\"],\"sources\":[\"magnet\"],\"settings\":{\"version\":1,\"fields\":["
        "{\"key\":\"password\",\"type\":\"secret\",\"label\":\"Password\"}]}}";
    table.create = create;
    table.destroy = destroy;
    table.invoke = invoke;
    table.cancel = cancel;
    return &table;
}
