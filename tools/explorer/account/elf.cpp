#include "tools/explorer/account/elf.hpp"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>

namespace lab::explorer {
namespace {

// Every offset in the file is somebody else's number, so each is held against the file's size before it is used.
template <class Header>
bool read_at(std::string_view bytes, std::uint64_t offset, Header& header) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(Header)) return false;
  std::memcpy(&header, bytes.data() + offset, sizeof(Header));
  return true;
}

std::string_view part(std::string_view bytes, std::uint64_t offset, std::uint64_t size) {
  if (offset > bytes.size()) return {};
  return bytes.substr(offset, size);
}

std::uint64_t padded(std::uint32_t size) { return (std::uint64_t{size} + 3) & ~std::uint64_t{3}; }

std::string find_build_id(std::string_view notes) {
  Elf64_Nhdr note{};
  for (std::uint64_t at = 0; read_at(notes, at, note);) {
    const std::string_view name = part(notes, at + sizeof(note), note.n_namesz);
    const std::uint64_t description = at + sizeof(note) + padded(note.n_namesz);
    if (note.n_type == NT_GNU_BUILD_ID && name == std::string_view("GNU\0", 4)) {
      std::string digits;
      for (const char byte : part(notes, description, note.n_descsz))
        digits += fmt::format("{:02x}", static_cast<unsigned char>(byte));
      return digits;
    }
    at = description + padded(note.n_descsz);
  }
  return {};
}

std::uint64_t hash_of(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3u;
  return hash;
}

}  // namespace

tl::expected<Elf, std::string> read_elf(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return tl::unexpected(fmt::format("can't read {}: {}", path, std::strerror(errno)));
  // In one piece: character by character, a program of 16 MB takes three quarters of a second without optimisation.
  std::string contents(static_cast<std::size_t>(std::max<std::streamoff>(file.tellg(), 0)), '\0');
  file.seekg(0);
  file.read(contents.data(), static_cast<std::streamsize>(contents.size()));
  const std::string_view bytes = contents;

  Elf64_Ehdr header{};
  if (!read_at(bytes, 0, header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB) {
    return tl::unexpected(fmt::format("{} is not a 64-bit program for Linux", path));
  }
  Elf elf;
  elf.fixed_addresses = header.e_type == ET_EXEC;
  elf.content_hash = hash_of(bytes);
  Elf64_Phdr segment{};
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    if (header.e_phoff > bytes.size() || !read_at(bytes, header.e_phoff + i * sizeof(segment), segment)) break;
    if (segment.p_type == PT_LOAD) {
      const bool first = elf.end == 0;
      elf.begin = first ? segment.p_vaddr : std::min(elf.begin, segment.p_vaddr);
      elf.end = std::max(elf.end, segment.p_vaddr + segment.p_memsz);
    } else if (segment.p_type == PT_NOTE && elf.build_id.empty()) {
      elf.build_id = find_build_id(part(bytes, segment.p_offset, segment.p_filesz));
    }
  }
  return elf;
}

}  // namespace lab::explorer
