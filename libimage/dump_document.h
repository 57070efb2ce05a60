/*
 * image.json of a dump, written
 */

#ifndef CAPIMG__DUMP_DOCUMENT_H
#define CAPIMG__DUMP_DOCUMENT_H

#include <vector>

#include "dump_format.h"
#include "image.h"
#include "sink.h"

namespace Capimg
{

/* 'holes' are those of each of the image's ranges */
void write_dump_document(Sink &, Image const &,
						 std::vector<std::vector<Dump_format::Hole>> const &holes);

}

#endif /* CAPIMG__DUMP_DOCUMENT_H */
