// tries: letters that look like others
// verdict: refused characters
namespace lab {
int еxit = 0;
}  // namespace lab
