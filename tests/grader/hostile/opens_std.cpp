// tries: to add to namespace std
// verdict: refused library
namespace std {
inline void own() {}
}  // namespace std
