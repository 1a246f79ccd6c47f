// libheif's decoder.
#ifndef CHEIF_H
#define CHEIF_H

#include <libheif/heif.h>

#endif
