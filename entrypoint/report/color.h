#ifndef REPORT_COLOR_H
#define REPORT_COLOR_H

/* What a terminal is told (ECMA-48 section 8.3.117); used only where the caller asks for colour. */
#define COLOR_BOLD "\033[1m"
#define COLOR_DIM "\033[2m"
#define COLOR_RED "\033[31m"
#define COLOR_GREEN "\033[32m"
#define COLOR_YELLOW "\033[33m"
#define COLOR_CYAN "\033[36m"
#define COLOR_RESET "\033[0m"

#endif
