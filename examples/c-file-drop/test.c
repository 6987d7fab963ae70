/*
 * Tests of the parts of the plugin; `make test` runs them with the compiler's checks of memory and of undefined
 * behaviour. How the plugin behaves in a server is the subject of Tests/EndToEnd/test_examples.py.
 */
#include "test.h"

#include "drop.h"
#include "file_name.h"
#include "settings.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int failures, checks;

void check(bool is_right, const char *what) {
    checks++;
    if (is_right) return;
    failures++;
    printf("failed: %s\n", what);
}

/* File names */

static void names(const char *pattern, const char *event, const char *expected) {
    json_document *document = json_read(event, strlen(event), NULL, NULL);
    text name = {0};
    file_name_add(&name, pattern, document ? json_root(document) : NULL);
    check(name.bytes && !strcmp(name.bytes, expected), expected);
    text_free(&name);
    json_free(document);
}

static void refuses_name(const char *pattern) {
    failure failure = {0};
    check(!file_name_check(pattern, &failure) && !strcmp(failure.field, "fileName"), pattern);
}

static void test_file_names(void) {
    const char event[] = "{\"id\":\"a/../b\",\"kind\":\"imported\",\"time\":\"2026-01-02T03:04:05Z\",\"title\":\"Caf\\u00e9\\n\\u0000\"}";
    names(FILE_NAME_DEFAULT, event, "2026-01-02T03-04-05Z-imported-a-..-b.json");
    names("{title}", event, "Caf\xC3\xA9--");
    names("latest.json", event, "latest.json");
    names("{id}", "{\"id\":\"..\"}", "_.");
    names(".hidden", "{}", "_hidden");
    names("{id}", "{}", "event");
    names("{id}", "{\"id\":7}", "event");

    char long_event[2000] = "{\"id\":\"";
    for (int i = 0; i < 300; i++) strcat(long_event, "\xC3\xA9");
    strcat(long_event, "\"}");
    json_document *document = json_read(long_event, strlen(long_event), NULL, NULL);
    text name = {0}, written = {0};
    file_name_add(&name, "x{id}.json", json_root(document));
    check(name.count <= 200 && !strcmp(name.bytes + name.count - 5, ".json"), "a long name keeps its suffix");
    json_write_text(&written, name.bytes, name.count);
    json_document *again = json_read(written.bytes, written.count, NULL, NULL);
    check(again != NULL, "a long name is cut between letters");
    json_free(again);
    json_free(document);
    text_free(&name);
    text_free(&written);

    failure failure = {0};
    check(file_name_check(FILE_NAME_DEFAULT, &failure) && !file_name_repeats(FILE_NAME_DEFAULT), "the default name");
    check(file_name_check("{kind}.json", &failure) && file_name_repeats("{kind}.json"), "a name that repeats");
    refuses_name("a/b");
    refuses_name("{nothing}");
    refuses_name("{id");
    refuses_name("id}");
    refuses_name("{}");
}

/* Settings */

static void refuses_settings(const char *json, const char *field) {
    failure failure = {0};
    settings settings;
    bool is_read = settings_read(&settings, (kinodock_bytes){(const uint8_t *)json, strlen(json)}, &failure);
    check(!is_read && !strcmp(failure.code, "invalid") && failure.message[0], json);
    check(field ? failure.field && !strcmp(failure.field, field) : !failure.field, "the field at fault is named");
    if (is_read) settings_free(&settings);
}

static bool read_settings(settings *settings, const char *json) {
    failure failure = {0};
    return settings_read(settings, (kinodock_bytes){(const uint8_t *)json, strlen(json)}, &failure);
}

static void test_settings(void) {
    refuses_settings("", NULL);
    refuses_settings("[]", NULL);
    refuses_settings("{}", "path");
    refuses_settings("{\"path\":\"\"}", "path");
    refuses_settings("{\"path\":7}", "path");
    refuses_settings("{\"path\":\"relative\"}", "path");
    refuses_settings("{\"path\":\"/a\\u0000b\"}", "path");
    refuses_settings("{\"path\":\"/a\",\"fileName\":\"a/b\"}", "fileName");
    refuses_settings("{\"path\":\"/a\",\"readers\":\"nobody\"}", "readers");
    refuses_settings("{\"path\":\"/a\",\"leastFree\":\"much\"}", "leastFree");
    refuses_settings("{\"path\":\"/a\",\"leastFree\":-1}", "leastFree");
    refuses_settings("{\"path\":\"/a\",\"events\":\"grabbed\"}", "events");
    refuses_settings("{\"path\":\"/a\",\"events\":[\"unheard\"]}", "events");

    settings settings;
    check(read_settings(&settings, "{\"path\":\"/a\"}"), "a folder is enough");
    check(!strcmp(settings.pattern, FILE_NAME_DEFAULT) && settings.mode == 0640 && settings.events == 511
              && settings.least_free == 100ull << 20, "what is absent has its default");
    settings_free(&settings);
    check(read_settings(&settings, "{\"path\":\"/a\",\"events\":[\"imported\",\"unheard\"],\"leastFree\":0.5,"
                                   "\"readers\":\"everyone\",\"later\":{}}"), "all settings, and an unknown one");
    check(settings.events == 4 && settings.least_free == 512 << 10 && settings.mode == 0644, "what is given is taken");
    settings_free(&settings);
}

/* Files */

/* The files in a folder, hidden ones too. */
static int count_files(const char *path) {
    DIR *folder = opendir(path);
    int count = -2;
    while (folder && readdir(folder)) count++;
    if (folder) closedir(folder);
    return count;
}

static bool holds(const char *path, const char *content) {
    char found[64] = "";
    FILE *file = fopen(path, "r");
    if (!file) return false;
    size_t count = fread(found, 1, sizeof found - 1, file);
    fclose(file);
    return count == strlen(content) && !memcmp(found, content, count);
}

static void test_files(void) {
    char folder[] = "/tmp/file-drop-test-XXXXXX", path[64];
    bool has_folder = mkdtemp(folder) != NULL;
    check(has_folder, "a folder for the test");
    if (!has_folder) return;
    snprintf(path, sizeof path, "%s/a.json", folder);
    settings settings = {.folder = folder, .mode = 0604};
    atomic_bool is_cancelled = false;
    failure failure = {0};
    drop_report report;
    struct stat status;
    mode_t umask_before = umask(077);

    check(drop_file(&settings, "a.json", "one\n", 4, &is_cancelled, &failure) && holds(path, "one\n"), "a file");
    check(stat(path, &status) == 0 && (status.st_mode & 0777) == 0604, "its rights are those of the settings");
    umask(umask_before);
    check(drop_file(&settings, "a.json", "two\n", 4, &is_cancelled, &failure) && holds(path, "two\n"), "takes its place");
    drop_test(&settings, &is_cancelled, &report);
    check(!report.folder.code && !report.writing.code && !report.space.code, "the folder passes the test");
    check(count_files(folder) == 1, "nothing else is left");

    atomic_store(&is_cancelled, true);
    check(!drop_file(&settings, "b.json", "b", 1, &is_cancelled, &failure) && !strcmp(failure.code, "cancelled"), "cancelled");
    atomic_store(&is_cancelled, false);
    settings.least_free = 1ull << 62;
    check(!drop_file(&settings, "b.json", "b", 1, &is_cancelled, &failure) && !strcmp(failure.field, "leastFree"), "no space");
    drop_test(&settings, &is_cancelled, &report);
    check(!report.folder.code && !report.writing.code && report.space.code, "the test sees that there is no space");
    settings.least_free = 0;
    check(!drop_file(&settings, "no/where", "b", 1, &is_cancelled, &failure) && !strcmp(failure.field, "path"), "no folder");
    check(count_files(folder) == 1, "a failure leaves nothing behind");

    settings.folder = path;
    drop_test(&settings, &is_cancelled, &report);
    check(report.folder.code && !strcmp(report.folder.code, "invalid"), "a file is no folder");
    unlink(path);
    drop_test(&settings, &is_cancelled, &report);
    check(report.folder.code && !strcmp(report.folder.code, "unreachable"), "a folder that is not there");
    rmdir(folder);
}

int main(void) {
    test_json();
    test_file_names();
    test_settings();
    test_files();
    test_plugin();
    printf("%d checks, %d failed\n", checks, failures);
    return failures != 0;
}
