// tries: the same by another name
// verdict: refused library
namespace lab {
using Own = Result<CleanupReport>;
}  // namespace lab
template <>
inline bool lab::Own::has_value() const noexcept { return true; }
