#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| parlance_fuzz::log_replay::run(data));
