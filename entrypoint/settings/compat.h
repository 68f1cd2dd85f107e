#ifndef SETTINGS_COMPAT_H
#define SETTINGS_COMPAT_H

#include "settings/loading.h"

/*
 * Variables that people already have, and raw passthrough:
 *
 *   POSTFIX_<parameter>           first letter lower case or a digit: a main.cf
 *                                 parameter as it is; empty removes it
 *   POSTFIX_<PARAMETER>           the same in lower case, unless YAML or a
 *                                 lower-case variable says otherwise
 *   POSTFIXMASTER_<service>__<type>   a master.cf line
 *   OPENDKIM_<Key>, DOVECOT_<setting>  likewise
 *
 * A parameter that has a setting of ours becomes that setting, so that
 * certificates, DKIM and Dovecot follow, where neither YAML nor MAIL_ says
 * otherwise. Any of them may end in _FILE or __FILE, but for names that are
 * known as they stand (POSTFIX_TLS_CERT_FILE).
 */
void compat_apply(struct loading *loading);

#endif
