#ifndef REPORT_PLACE_H
#define REPORT_PLACE_H

#include <stdbool.h>

#include "base/origin.h"
#include "report/report.h"

/*
 * Where a consumer of reports is to show a finding: a file, as a relative path
 * with '/', and a place in it. A variable of the environment stands in no file;
 * then it is the first line of the file that the settings come from, and where
 * there is none the file is PLACE_NOWHERE, which exists nowhere.
 */
#define PLACE_NOWHERE "environment"

struct shown_place {
	const char *file;
	int line; /* from 1 */
	int column; /* from 1; 0: not known */
	bool nowhere;
};

void place_find(
	const struct report_place *place, const struct origin *origin, struct shown_place *shown);

#endif
