#
# Sources that need Genode's headers, compiled against a tree of Genode with Genode's own warnings, to
# notice early what does not compile. They are linked and run by Genode's build system only.
#
#   cmake -DGENODE_DIR=/path/to/genode
#
# 'make lint' does not look at them: clang-tidy 14 cannot read the headers of Genode 26.02.
# Core's part (src/core) is not among them: it needs headers that are generated for the kernel.
#

set(GENODE_DIR "" CACHE PATH "Tree of Genode 26.02 that the sources for it are compiled against")

if(NOT GENODE_DIR)
	message(STATUS "Sources for Genode are not compiled: GENODE_DIR is not set")
	return()
endif()
if(NOT EXISTS "${GENODE_DIR}/repos/base/include/base/component.h")
	message(FATAL_ERROR "GENODE_DIR: there is no tree of Genode at ${GENODE_DIR}")
endif()
if(NOT CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64" OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
	message(STATUS "Sources for Genode are not compiled: this needs g++ for x86_64")
	return()
endif()

execute_process(COMMAND "${CMAKE_CXX_COMPILER}" -print-file-name=include
	OUTPUT_VARIABLE compiler_include OUTPUT_STRIP_TRAILING_WHITESPACE)

capimg_sources(genode_sources
	src/lib/capimg_host/*.cc
	src/lib/capimg_host/spec/x86_64/*.cc
	src/lib/capimg_foc/*.cc
	src/lib/capimg_ed25519/*.cc
	src/capimg_checkpoint/*.cc
	src/capimg_restore/*.cc
	src/server/*/*.cc
	src/test/*/*.cc)

# as Genode's build system has it (base/mk/global.mk)
add_library(capimg_genode OBJECT ${genode_sources})
set_target_properties(capimg_genode PROPERTIES CXX_STANDARD 20 CXX_EXTENSIONS ON
	EXPORT_COMPILE_COMMANDS OFF)
target_compile_options(capimg_genode PRIVATE
	-nostdinc -ffreestanding -fno-strict-aliasing -mcmodel=large -march=x86-64-v2
	-Wall -Wextra -Weffc++ -Wsuggest-override -Wconversion -Wno-error=implicit-fallthrough -Werror)
# not among the include directories: CMake leaves out there what the compiler would look at by itself
target_compile_options(capimg_genode PRIVATE "SHELL:-idirafter ${compiler_include}")
set(repos "${GENODE_DIR}/repos")
find_path(sodium_include sodium/crypto_sign_ed25519.h REQUIRED)
target_include_directories(capimg_genode PRIVATE
	"${PROJECT_SOURCE_DIR}"
	"${CMAKE_CURRENT_SOURCE_DIR}/include"
	"${CMAKE_CURRENT_SOURCE_DIR}/src/lib/capimg_ed25519/shim"
	"${repos}/base/include/spec/x86"
	"${repos}/base/include/spec/x86_64"
	"${repos}/os/include/spec/x86_64"
	"${repos}/base/include/spec/64bit"
	"${repos}/base-foc/include"
	"${repos}/base/include"
	"${repos}/os/include"
	"${sodium_include}/sodium")
message(STATUS "Sources for Genode are compiled against ${GENODE_DIR}")
