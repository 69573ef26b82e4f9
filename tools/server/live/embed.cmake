# Writes OUTPUT, a C++ file that defines the functions of assets.hpp; FILES is a list of FUNCTION=FILE.
include(${CMAKE_CURRENT_LIST_DIR}/../../embed.cmake)

set(text "#include \"tools/server/live/assets.hpp\"\n\nnamespace lab::live::assets {\n")
string(REPLACE "," ";" files "${FILES}")
foreach(pair IN LISTS files)
  string(REGEX MATCH "^([a-z_]+)=(.*)$" matched "${pair}")
  set(function "${CMAKE_MATCH_1}")
  bytes_of("${CMAKE_MATCH_2}" bytes)
  string(APPEND text "\nstatic constexpr char ${function}_bytes[] = {${bytes}};\n"
    "std::string_view ${function}() { return {${function}_bytes, sizeof ${function}_bytes}; }\n")
endforeach()
string(APPEND text "\n}  // namespace lab::live::assets\n")
file(WRITE "${OUTPUT}" "${text}")
