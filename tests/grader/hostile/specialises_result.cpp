// tries: results that always have a value
// verdict: refused library
template <>
inline bool tl::expected<lab::CleanupReport, lab::Error>::has_value() const noexcept { return true; }
