#ifndef APPLY_RESOLVER_H
#define APPLY_RESOLVER_H

#include <stdbool.h>

/*
 * Whether the files by which Postfix finds names (plan_system_files) differ from
 * what they were when this was last asked: then its processes must be told. FIRST: they
 * start now, and read them anyway. 0, or -1 after saying what failed.
 */
int resolver_sync(bool first, bool *changed);

#endif
