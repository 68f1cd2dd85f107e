#ifndef TEMPLATE_UNTAKEN_H
#define TEMPLATE_UNTAKEN_H

#include <stddef.h>

#include "base/arena.h"
#include "template/lookup.h"
#include "template/mistake.h"
#include "template/partial.h"

/*
 * Names in the tags [FROM, TO) of INCLUDE, a section that FRAME's data does not
 * take, that nothing defines: a typing error that would be told only once the
 * section is taken, when somebody sets what it asks for. Each is a warning
 * (template-untaken-name), and no mistake: what is rendered now is right.
 *
 * It tells nothing that could be a false alarm. Within a section for null or for
 * an empty list other names may be known, so these are passed over, and so are
 * partials; names in capitals are variables, which may be set elsewhere. The
 * caller asks only where the data is no item of a list, for the next item may
 * have other names, and where the section itself adds no names.
 */
void untaken_check(struct mistakes *mistakes, const struct include *include, size_t from, size_t to,
	const struct frame *frame);

#endif
