# Libraries of the hosted side: for the build, and for programs that use the installed package
# (capimgConfig.cmake includes this same file)
#
# Cap'n Proto through pkg-config too: the CMake package that Debian 12 ships needs C enabled and
# OpenSSL, neither of which is used here.

include(CMakeFindDependencyMacro)

find_dependency(Threads)
find_dependency(nlohmann_json)
find_dependency(PkgConfig)

foreach(library capnp libzstd liblz4 libsodium libelf)
	pkg_check_modules(capimg_${library} REQUIRED QUIET IMPORTED_TARGET GLOBAL ${library})
endforeach()
