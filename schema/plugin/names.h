/*
 * Names of the schema in Genode's dialect
 */

#ifndef CAPIMG__SCHEMA__PLUGIN__NAMES_H
#define CAPIMG__SCHEMA__PLUGIN__NAMES_H

#include <string>

namespace Capimg::Plugin
{

/* 'firstBlock' becomes 'first_block'; a word of C++ gets a '_' behind it */
std::string function_name(std::string const &schema_name);

/* 'RegionMap' and 'regionMap' become 'Region_map' */
std::string type_name(std::string const &schema_name);

/* 'ioMemory' becomes 'IO_MEMORY' */
std::string constant_name(std::string const &schema_name);

}

#endif /* CAPIMG__SCHEMA__PLUGIN__NAMES_H */
