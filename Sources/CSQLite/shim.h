#include <sqlite3.h>

/* What Swift cannot import: a macro that casts, and functions with a variable number of arguments. */

/* The destructor that makes SQLite copy a bound value before the call returns. */
static inline sqlite3_destructor_type kinodock_sqlite_transient(void) {
    return SQLITE_TRANSIENT;
}

/* Turns the allocation statistics off, which take a process-wide lock on each allocation.
   Has an effect only before the first connection of the process. */
static inline int kinodock_sqlite_without_statistics(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* Refuses what can damage the file from inside SQL, and text in double quotes, which hides misspelt names. */
static inline int kinodock_sqlite_harden(sqlite3 *connection) {
    int code = sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
    if (code == SQLITE_OK) code = sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DML, 0, (int *)0);
    if (code == SQLITE_OK) code = sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)0);
    return code;
}
