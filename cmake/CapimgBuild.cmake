# Settings that all targets share

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE AND PROJECT_IS_TOP_LEVEL)
	set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

find_program(CAPIMG_CCACHE ccache)
mark_as_advanced(CAPIMG_CCACHE)
if(CAPIMG_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
	set(CMAKE_CXX_COMPILER_LAUNCHER "${CAPIMG_CCACHE}")
endif()

# The system's Python: one from the user's environment may lack the Debian packages
find_program(CAPIMG_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(CAPIMG_PYTHON python3)
mark_as_advanced(CAPIMG_PYTHON)

# Sources by pattern, so that adding a file needs no change here
# capimg_sources(OUT PATTERN... [EXCLUDE REGEX])
function(capimg_sources out)
	cmake_parse_arguments(arg "" "EXCLUDE" "" ${ARGN})
	set(all)
	foreach(pattern IN LISTS arg_UNPARSED_ARGUMENTS)
		file(GLOB found CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${pattern}")
		list(APPEND all ${found})
	endforeach()
	if(arg_EXCLUDE)
		list(FILTER all EXCLUDE REGEX "${arg_EXCLUDE}")
	endif()
	set(${out} "${all}" PARENT_SCOPE)
endfunction()

# ccache knows precompiled headers only if it is configured for them
set(precompile ON)
if(CMAKE_CXX_COMPILER_LAUNCHER)
	set(precompile OFF)
endif()
option(CAPIMG_PRECOMPILE "Parse large headers once" ${precompile})

# capimg_warnings(TARGET [CORE]): what the code of the project is compiled with
function(capimg_warnings target)
	set(flags -Wall -Wextra)
	if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
		list(APPEND flags -Wduplicated-cond -Wlogical-op)
		if("CORE" IN_LIST ARGN)
			list(APPEND flags -Weffc++ -Wconversion)
		endif()
		# known to be wrong about std::string (GCC 12), which goes unsaid as it is a system's header,
		# unless that is precompiled
		if(CAPIMG_PRECOMPILE)
			list(APPEND flags -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
		endif()
	endif()
	if(CAPIMG_WERROR)
		list(APPEND flags -Werror)
	endif()
	target_compile_options(${target} PRIVATE ${flags})
endfunction()

# capimg_precompile(TARGET HEADER...): parse common headers once, which halves the time of a build
function(capimg_precompile target)
	if(CAPIMG_PRECOMPILE)
		target_precompile_headers(${target} PRIVATE
			<nlohmann/json.hpp> <capnp/message.h> <algorithm> <functional> <map> <string> <vector>
			${ARGN})
	endif()
endfunction()

# capimg_prefer_static(MODULE...): take the archive that is installed beside a shared library
#
# Nearly all of the program's start is the dynamic linker, which looks up thousands of C++ symbols.
# For this build alone: the installed CMake package names the same modules, and finds them anew.
function(capimg_prefer_static)
	foreach(module IN LISTS ARGN)
		set(libraries)
		get_target_property(shared PkgConfig::capimg_${module} INTERFACE_LINK_LIBRARIES)
		foreach(library IN LISTS shared)
			string(REGEX REPLACE "\\.so$" ".a" archive "${library}")
			if(EXISTS "${archive}")
				set(library "${archive}")
			endif()
			list(APPEND libraries "${library}")
		endforeach()
		set_target_properties(PkgConfig::capimg_${module} PROPERTIES
			INTERFACE_LINK_LIBRARIES "${libraries}")
	endforeach()
endfunction()
