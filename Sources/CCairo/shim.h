// Cairo with its SVG surface, and Pango for text.
#include <cairo.h>
#include <cairo-svg.h>
#include <pango/pangocairo.h>
