// tries: the same with what the preprocessor itself prints
// verdict: refused directive
# 33 "/usr/include/c++/12/vector" 3
