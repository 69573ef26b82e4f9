// Names for clang's thread safety attributes (clang.llvm.org/docs/ThreadSafetyAnalysis.html); nothing for
// other compilers. Annotate every guarded field; write the lock order in prose beside it as well.
#pragma once

#if defined(__clang__)
#define LAB_ATTRIBUTE(x) __attribute__((x))
#else
#define LAB_ATTRIBUTE(x)
#endif

#define LAB_CAPABILITY(name) LAB_ATTRIBUTE(capability(name))
#define LAB_SCOPED_CAPABILITY LAB_ATTRIBUTE(scoped_lockable)
#define LAB_GUARDED_BY(x) LAB_ATTRIBUTE(guarded_by(x))
#define LAB_REQUIRES(...) LAB_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define LAB_REQUIRES_SHARED(...) LAB_ATTRIBUTE(requires_shared_capability(__VA_ARGS__))
#define LAB_ACQUIRE(...) LAB_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define LAB_ACQUIRE_SHARED(...) LAB_ATTRIBUTE(acquire_shared_capability(__VA_ARGS__))
#define LAB_RELEASE(...) LAB_ATTRIBUTE(release_capability(__VA_ARGS__))
#define LAB_RELEASE_SHARED(...) LAB_ATTRIBUTE(release_shared_capability(__VA_ARGS__))
#define LAB_RELEASE_ANY(...) LAB_ATTRIBUTE(release_generic_capability(__VA_ARGS__))
#define LAB_ASSERT_CAPABILITY(x) LAB_ATTRIBUTE(assert_capability(x))
#define LAB_EXCLUDES(...) LAB_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define LAB_NO_THREAD_SAFETY_ANALYSIS LAB_ATTRIBUTE(no_thread_safety_analysis)
