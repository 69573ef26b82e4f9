// tries: to switch the optimisation off
// verdict: refused pragma
#pragma clang optimize off
