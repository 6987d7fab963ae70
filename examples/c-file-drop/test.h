/* What the tests share. */
#ifndef FILE_DROP_TEST_H
#define FILE_DROP_TEST_H

#include <stdbool.h>

/* Counts a check and prints one that failed. */
void check(bool is_right, const char *what);

void test_json(void);
void test_plugin(void);

#endif
