// tries: the same with a directive on two lines
// verdict: refused directive
#li\
ne 7
