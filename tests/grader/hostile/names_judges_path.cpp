// tries: the same by their path
// verdict: refused name
namespace lab {
namespace explorer { void stop(); }
void hidden() { lab::explorer::stop(); }
}  // namespace lab
