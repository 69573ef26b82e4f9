// tries: an attribute in yet another spelling
// verdict: refused reserved_name
namespace lab {
__declspec(noinline) void own() {}
}  // namespace lab
