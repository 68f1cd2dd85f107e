#ifndef SETTINGS_DOLLAR_H
#define SETTINGS_DOLLAR_H

#include <stdbool.h>

#include "settings/interpolate.h"
#include "settings/loading.h"

/*
 * What a message may say of the $ in a value. A password with a $ in it looks like a
 * variable, so that the "name" of what is not set is the password's end: of a value that
 * may be a secret only the place is told, unless it is one ${NAME} and nothing more.
 */

/*
 * Whether a message may name WANTED, for which TEXT asks. SHOWN is the variable or the
 * key that TEXT is the value of. What is not known to be no secret is taken for one.
 */
bool dollar_may_name(struct arena *arena, const char *shown, const char *text, const char *wanted);

/* "MAIL_X holds $NAME, which is not set", or the same without the name. In the arena. */
const char *
dollar_unset(struct arena *arena, const char *shown, const char *text, const char *wanted);

/* Adds the finding compose-interpolation for ERROR at ORIGIN. */
void dollar_refuse(struct loading *loading, const struct origin *origin, const char *shown,
	const char *text, const struct interpolation_error *error);

#endif
