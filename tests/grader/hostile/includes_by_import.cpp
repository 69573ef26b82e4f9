// tries: to include once, with the other directive
// verdict: refused include
#import <fstream>
