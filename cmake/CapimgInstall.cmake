# Install rules, CMake package, pkg-config file, Debian package

include(CMakePackageConfigHelpers)

install(TARGETS capimg_core capimg_schema capimg_image EXPORT capimgTargets
	ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})

# <capimg/X.h> is libimage/X.h, <capimg/core/X.h> is libimage/core/X.h
install(DIRECTORY libimage/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/capimg
	FILES_MATCHING PATTERN "*.h" PATTERN "include" EXCLUDE)
install(FILES ${CAPIMG_SCHEMA_HEADERS} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/capimg)
install(FILES schema/image.capnp DESTINATION ${CMAKE_INSTALL_DATADIR}/capimg)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/capimg)
install(EXPORT capimgTargets NAMESPACE capimg:: DESTINATION ${package_dir})
configure_package_config_file(cmake/capimgConfig.cmake.in capimgConfig.cmake
	INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(capimgConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(FILES
	"${PROJECT_BINARY_DIR}/capimgConfig.cmake"
	"${PROJECT_BINARY_DIR}/capimgConfigVersion.cmake"
	cmake/CapimgDependencies.cmake
	DESTINATION ${package_dir})

# relative to the .pc file, so that an installed tree may be moved, as CMake's package may
file(RELATIVE_PATH CAPIMG_PC_PREFIX "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
configure_file(cmake/capimg.pc.in capimg.pc @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/capimg.pc" DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
file(GLOB documents CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/docs/*.md")
install(FILES ${documents} DESTINATION ${CMAKE_INSTALL_DOCDIR})
file(GLOB pages CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/docs/man/*.1")
install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
file(GLOB schemas CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/docs/schemas/*.json")
install(FILES ${schemas} DESTINATION ${CMAKE_INSTALL_DATADIR}/capimg/schemas)

if(TARGET capimg)
	install(TARGETS capimg RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
if(TARGET capimg_completions)
	set(directory "${PROJECT_BINARY_DIR}/completions")
	install(FILES "${directory}/capimg.bash" RENAME capimg
		DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
	install(FILES "${directory}/capimg.zsh" RENAME _capimg
		DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
	install(FILES "${directory}/capimg.fish"
		DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME capimg)
set(CPACK_PACKAGE_VENDOR "the capimg developers")
set(CPACK_PACKAGE_CONTACT "the capimg developers")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_PACKAGE_FILE_NAME "capimg_${PROJECT_VERSION}")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS
	"libcapnp-dev, nlohmann-json3-dev, libzstd-dev, liblz4-dev, libsodium-dev, libelf-dev")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
include(CPack)
