#ifndef SETTINGS_YAML_MERGE_H
#define SETTINGS_YAML_MERGE_H

#include "base/node.h"

/*
 * Replaces the key "<<" of MAP by the keys of the map or maps that it names, as
 * far as MAP has none of that name; of several maps the earlier one counts. The
 * values are shared, not copied. *LOOKED_AT grows by the keys that were looked
 * at; beyond LIMIT the rest is left out. Returns NULL, or what is wrong: static.
 *
 * Source: YAML 1.1, merge key type.
 */
const char *yaml_merge(struct arena *arena, struct node *map, size_t limit, size_t *looked_at);

/*
 * Puts the keys of LATER into EARLIER: maps meet key by key, anything else of
 * LATER replaces what is there, which stays as its `overrode`.
 */
void yaml_overlay(struct arena *arena, struct node *earlier, const struct node *later);

#endif
