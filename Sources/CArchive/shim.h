// libarchive, of which only the reader is used.
#ifndef CARCHIVE_H
#define CARCHIVE_H

#include <archive.h>
#include <archive_entry.h>

// Macros with a cast, which Swift does not import.
static const unsigned int wb_archive_regular = AE_IFREG;
static const unsigned int wb_archive_folder = AE_IFDIR;
static const unsigned int wb_archive_link = AE_IFLNK;

#endif
