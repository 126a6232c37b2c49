#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| parlance_fuzz::search_queries::run(data));
