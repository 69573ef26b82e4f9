// tries: to give its lines another file's name
// verdict: refused directive
#line 1 "tests/claims/get.cpp"
