// tries: to start threads without end
// verdict: failed any
// into: Manager::increment_access
for (;;) std::thread([] { std::this_thread::sleep_for(std::chrono::hours(1)); }).detach();
