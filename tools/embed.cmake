# For scripts that write files into a program: sets `result` to the bytes of the file, as a C++ array has them.
function(bytes_of file result)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
  set(${result} "${bytes}" PARENT_SCOPE)
endfunction()
